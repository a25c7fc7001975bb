"""Generated receipts: shops, items and payments in many ways, with what they say."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from apps.extraction.engine.fields.ranking.training.invoice_facts import Generated, decimal, number_like, wordings
from apps.extraction.engine.fields.ranking.training.paper import FONTS, Paper
from apps.extraction.engine.fields.ranking.training.people import Money, Party, money, party

_DATES = {
    "en": ["%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d %b %Y", "%d-%b-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d-%m-%y", "%d/%m/%Y"],
    "de": ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"],
    "fr": ["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y"],
}

_FORMS = frozenset({"LTD", "LIMITED", "INC", "LLC", "PLC", "BHD", "GMBH", "AG", "KG", "SARL", "SAS", "SA", "S/B", "UG"})


@dataclass
class _Slip:
    """A receipt while it is written."""

    rng: random.Random
    language: str
    paper: Paper
    shop: Party
    money: Money
    issued: date
    y: float
    step: float
    margin: float
    upper: bool
    truth: dict[str, str] = field(default_factory=dict)
    is_signed: bool = False

    def say(self, key: str) -> str:
        """Return a wording of something, in capitals where the receipt is."""
        text = self.rng.choice(wordings()[self.language][key])
        return text.upper() if self.upper else text

    def line(self, text: str, *, centred: bool = False) -> None:
        """Write a line and go down."""
        x = self.paper.width / 2 if centred else self.margin
        self.paper.write(x, self.y, text, align="centre" if centred else "left")
        self.y += self.step

    def pair(self, label: str, value: str, *, at: float | None = None) -> None:
        """Write a label on the left and its value on the right."""
        self.paper.write(self.margin if at is None else at, self.y, label)
        self.paper.write(self.paper.width - self.margin, self.y, value, align="right")
        self.y += self.step

    def amount(self, cents: int) -> str:
        """Return an amount as the receipt writes it."""
        return self.money.shown(cents) if self.is_signed else self.money.plain(cents)


def receipt(rng: random.Random) -> Generated:
    """Return one receipt."""
    language = rng.choice(["en", "en", "en", "de", "fr"])
    width = rng.uniform(200, 320)
    size = width / rng.uniform(26, 36)
    paper = Paper(width, width * rng.uniform(1.8, 3.0), font=rng.choice(FONTS), size=size)
    slip = _Slip(
        rng=rng,
        language=language,
        paper=paper,
        shop=party(rng, language),
        money=money(rng, language),
        issued=date(2012, 1, 1) + timedelta(days=rng.randint(0, 5_500)),
        y=size * rng.uniform(1.5, 4),
        step=size * rng.uniform(1.15, 1.6),
        margin=width * rng.uniform(0.03, 0.1),
        upper=rng.random() < 0.4,
        is_signed=rng.random() < 0.4,
    )
    _head(slip)
    _meta(slip)
    total = _items(slip)
    _sums(slip, total)
    _foot(slip)
    if slip.is_signed and slip.money.sign:
        slip.truth["currency"] = slip.money.code
    return Generated(paper.reading(), slip.truth, language)


def _head(slip: _Slip) -> None:
    rng, shop = slip.rng, slip.shop
    centred = rng.random() < 0.8
    name = shop.name.upper() if slip.upper else shop.name
    if rng.random() < 0.2:
        slip.line(
            rng.choice([shop.name.split()[0] + "!", "Welcome to", "*** COPY ***", shop.person, "tan woon yann"]),
            centred=centred,
        )
    if rng.random() < 0.2:
        slip.line(slip.say("r_title"), centred=centred)
    slip.truth["merchant_name"] = name
    if rng.random() < 0.15:  # a brand before the legal name, which a legal form tells
        name = (
            name
            if name.split()[-1].rstrip(".").upper() in _FORMS
            else f"{name} {rng.choice(['SDN BHD', 'Ltd', 'GmbH', 'S/B'])}"
        )
        slip.truth["merchant_name"] = name
        brand = party(rng, slip.language).name.split()
        slip.line(" ".join(word for word in brand[:2] if word.rstrip(".").upper() not in _FORMS), centred=centred)
    parts = name.split()
    if len(parts) > 3 and rng.random() < 0.2:
        slip.line(" ".join(parts[:2]), centred=centred)
        slip.line(" ".join(parts[2:]), centred=centred)
    else:
        glued = rng.random() < 0.15
        slip.line(
            f"{name} ({rng.randint(100_000, 999_999)}-{rng.choice('HKTUXW')})" if glued else name, centred=centred
        )
    if rng.random() < 0.35:
        register = f"{rng.randint(100_000, 1_999_999)}-{rng.choice('HKTUXW')}"
        slip.line(rng.choice([f"({register})", f"Co. Reg. No: {register}", f"({register})"]), centred=centred)
    if rng.random() < 0.12:
        slip.line(f"GST ID: {rng.randint(10**11, 10**12)}", centred=centred)
    _address(slip, centred=centred)
    for key, share in (("phone", 0.6), ("phone", 0.15), ("tax_number", 0.3)):
        if rng.random() < share:
            value = shop.phone if key == "phone" else f"{rng.randint(10**8, 10**12)}"
            slip.line(f"{slip.say(key)}{rng.choice([': ', ' ', ' : '])}{value}", centred=centred)
    if rng.random() < 0.3:
        slip.line(rng.choice([f"www.{shop.domain}", f"info@{shop.domain}"]), centred=centred)
    slip.y += slip.step * rng.choice([0, 0.5, 1])


def _address(slip: _Slip, *, centred: bool) -> None:
    """Write the address in one to five lines, commas as they come."""
    rng = slip.rng
    parts = [*slip.shop.street, slip.shop.town]
    if rng.random() < 0.4:
        parts.insert(
            len(parts) - 1,
            rng.choice(
                ["Taman Setia", "Bandar Maju", "Seksyen 9", "Kawasan Perindustrian", "Old Town", "Bahnhofsviertel"]
            ),
        )
    if rng.random() < 0.4:
        parts.append(rng.choice([*wordings()[slip.language]["r_regions"], slip.shop.country]))
        if rng.random() < 0.2:
            parts.append(slip.shop.country)
    if slip.upper:
        parts = [part.upper() for part in parts]
    comma = rng.choice([",", ",", ""])
    lines: list[str] = []
    for place, part in enumerate(parts):
        text = part + (comma if place + 1 < len(parts) else rng.choice(["", "", "."]))
        if lines and len(lines[-1]) + len(text) < 30 and rng.random() < 0.35:
            lines[-1] += f" {text}"
        else:
            lines.append(text)
    if rng.random() < 0.06:
        slip.line("ADDRESS:", centred=centred)
    for line in lines:
        slip.line(line, centred=centred)
    slip.truth["merchant_address"] = " ".join(lines)


def _meta(slip: _Slip) -> None:
    rng = slip.rng
    if rng.random() < 0.55:
        slip.line(slip.say("r_title"), centred=rng.random() < 0.8)
    form = rng.choice(_DATES[slip.language])
    shown = slip.issued.strftime(form)
    shown = shown.upper() if slip.upper else shown
    time = f"{rng.randint(7, 22):02d}:{rng.randint(0, 59):02d}" + rng.choice(["", ":12", " PM", ":40"])
    label = slip.say("r_date")
    number = number_like(rng, slip.issued, "CS INV OR B R")
    slip.truth["date"] = slip.issued.isoformat()
    pairs = [
        (label, shown) if rng.random() < 0.4 else (label, f"{shown} {time}"),
        (slip.say("r_number"), number),
        (slip.say("r_cashier"), rng.choice(["ANNA", "01", "POS-3", "ADMIN", "12"])),
    ]
    if rng.random() < 0.3:
        pairs.append((slip.say("customer_number"), rng.choice(["CASH", "300-C0001", slip.shop.person])))
    if rng.random() < 0.3:
        pairs.append(_other_date(slip, form))
    rng.shuffle(pairs)
    shape = rng.randrange(3)
    for key, value in pairs:
        mark = rng.choice([":", " :", ""])
        if shape == 0:
            slip.pair(f"{key}{mark}", value)
        elif shape == 1:
            slip.line(f"{key}{mark} {value}".strip())
        else:
            slip.paper.write(slip.margin, slip.y, f"{key}")
            slip.paper.write(slip.margin + slip.paper.width * 0.3, slip.y, f"{mark.strip()} {value}".strip())
            slip.y += slip.step


def _other_date(slip: _Slip, form: str) -> tuple[str, str]:
    """Return a date that is not the receipt's, with its label."""
    other = slip.issued + timedelta(days=slip.rng.choice([-400, -30, -3, -1, 1, 7, 30, 365]))
    return slip.say("r_other_date"), other.strftime(form)


def _items(slip: _Slip) -> int:
    rng = slip.rng
    count = rng.choice([1, 1, 2, 3, 4, 6, 9])
    if rng.random() < 0.6:
        slip.pair(
            rng.choice(["Item", "Description", "Qty Item", "ITEM"]),
            rng.choice(["Amount", "Price", "Amt", "RM", "EUR", "Total"]),
        )
    total = 0
    for _ in range(count):
        quantity, price = rng.choice([1, 1, 1, 2, 3, 10]), rng.randint(50, 9_000)
        name = slip.say("r_items")
        total += quantity * price
        shape = rng.randrange(3)
        if shape == 0:
            slip.pair(name, slip.amount(quantity * price))
        elif shape == 1:
            slip.line(name)
            slip.pair(
                f"{quantity} x {slip.money.plain(price)}",
                slip.money.plain(quantity * price) + rng.choice(["", " SR", " T", " A"]),
            )
        else:
            slip.pair(f"{quantity} {name} {slip.money.plain(price)}", slip.amount(quantity * price))
        if rng.random() < 0.2:
            slip.line(f"{rng.randint(10**8, 10**13)}")
    return total


def _sums(slip: _Slip, items: int) -> None:
    rng = slip.rng
    rate = {"en": 6, "de": 19, "fr": 20}[slip.language]
    at = slip.margin + (slip.paper.width * rng.uniform(0.15, 0.4) if rng.random() < 0.3 else 0)
    mark = rng.choice(["", ":", " :"])

    def row(key: str, cents: int) -> None:
        slip.pair(slip.say(key) + mark, slip.amount(cents), at=at)

    if rng.random() < 0.35:
        slip.pair(slip.say("r_quantity") + mark, str(rng.randint(1, 12)), at=at)
    total = items
    if rng.random() < 0.15:
        less = round(items * 0.1)
        row("r_discount", -less)
        total -= less
    total, tax = _taxed(slip, row, total, rate)
    last = "r_total"
    if tax and rng.random() < 0.15:  # sums of two rates before the one that counts
        row("r_total", total)
        free = rng.choice([-1, 1, 1]) * rng.randint(100, max(200, total // 3))
        row("r_zero_rated", free)
        total, last = total + free, "r_last_total"
    if slip.language == "en" and rng.random() < 0.3:
        exact, total = total, 5 * round(total / 5)
        row("r_total", exact)
        slip.pair(slip.say("r_rounding") + mark, slip.money.plain(total - exact), at=at)
    row(last, total)
    if rng.random() < 0.6:
        paid = total if rng.random() < 0.4 else -(-total // 1000) * 1000
        row("r_cash", paid)
        if paid != total or rng.random() < 0.5:
            row("r_change", paid - total)
    slip.truth["total"] = decimal(total)
    if tax and rng.random() < 0.7:
        _summary(slip, rate, total, tax)
    written = {word[4] for word in slip.paper.words}
    if tax and not written.isdisjoint({slip.money.plain(tax), slip.money.shown(tax)}):
        slip.truth["tax_total"] = decimal(tax)


def _taxed(slip: _Slip, row: Callable[[str, int], None], total: int, rate: int) -> tuple[int, int]:
    """Write what tax comes on top or is contained, if any; return the total with it and the tax."""
    rng = slip.rng
    if rng.random() < 0.6:
        if rng.random() < 0.6:  # on top
            tax = round(total * rate / 100)
            row("r_subtotal", total)
            row("r_tax", tax)
            return total + tax, tax
        tax = round(total * rate / (100 + rate))
        if rng.random() < 0.5:
            row("r_subtotal", total - tax)
            row("r_tax", tax)
        return total, tax
    if rng.random() < 0.3:
        row("r_subtotal", total)
    return total, 0


def _summary(slip: _Slip, rate: int, total: int, tax: int) -> None:
    """Write what tax is in the total, as a row of a table."""
    slip.y += slip.step * 0.5
    slip.line(slip.say("r_summary"))
    cells = [
        f"{slip.rng.choice(['SR', 'S', 'A', ''])} {rate}%".strip(),
        slip.money.plain(total - tax),
        slip.money.plain(tax),
    ]
    width = (slip.paper.width - 2 * slip.margin) / len(cells)
    for place, cell in enumerate(cells):
        slip.paper.write(slip.margin + (place + 1) * width, slip.y, cell, align="right")
    slip.y += slip.step


def _foot(slip: _Slip) -> None:
    rng = slip.rng
    slip.y += slip.step
    for _ in range(rng.choice([0, 1, 2])):
        slip.line(slip.say("r_thanks"), centred=rng.random() < 0.7)
    if rng.random() < 0.2:
        slip.line(" ".join(_other_date(slip, "%d/%m/%Y")))
    if rng.random() < 0.15:
        slip.line(f"{slip.issued.strftime('%d/%m/%Y')} {rng.randint(7, 22)}:{rng.randint(10, 59)}")
