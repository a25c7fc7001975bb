"""Generated invoices: parties, numbers, lines and sums laid out and worded in many ways, with what they say."""

import random

from apps.extraction.engine.fields.ranking.training.invoice_facts import Facts, Generated, decimal, facts_of, wordings
from apps.extraction.engine.fields.ranking.training.invoice_heads import Heads
from apps.extraction.engine.fields.ranking.training.paper import FONTS, Paper


def invoice(rng: random.Random) -> Generated:
    """Return one invoice."""
    facts = facts_of(rng)
    paper = Paper(595.0, 842.0, font=rng.choice(FONTS[:3]), size=rng.uniform(8, 11))
    _Layout(paper, facts).run()
    net, tax = facts.sums
    facts.truth |= {"grand_total": decimal(net + tax), "net_total": decimal(net)}
    if facts.with_tax:
        facts.truth["tax_total"] = decimal(tax)
    return Generated(paper.reading(), facts.truth, facts.language)


class _Layout(Heads):
    """Lays an invoice out: every part in one of several ways."""

    def run(self) -> None:
        """Write all parts from the top."""
        y = self.heads(self.rng.uniform(40, 80))
        y = self._sentences(y)
        y = self._items(y + self.step)
        y = self._sums(y + self.step)
        y = self._closing(y + 2 * self.step)
        self._foot(max(y + self.step, 842 - self.rng.uniform(50, 110)))
        facts = self.facts
        if self.currency_shown:
            facts.truth["currency"] = facts.money.code

    def _sentences(self, y: float) -> float:
        if self.rng.random() < 0.4:
            y += self.step
            self.paper.write(self.margin, y, self.facts.say("greeting"))
        return y + self.step

    def _items(self, y: float) -> float:
        """Write the table of lines."""
        facts, rng = self.facts, self.rng
        heads = wordings()[facts.language][rng.choice(["columns", "columns_2"])]
        kept = sorted({2, 3, 7, *(place for place in (0, 1, 4, 5, 6) if rng.random() < 0.6)})
        widths = [0.5, 1.2, 3.4, 0.9, 0.9, 1.4, 0.9, 1.5]
        total = sum(widths[place] for place in kept)
        edges, at = {}, self.margin
        for place in kept:
            edges[place] = at
            at += widths[place] / total * (self.right - self.margin)
        ends = {
            place: (edges[kept[number + 1]] - 6 if number + 1 < len(kept) else self.right)
            for number, place in enumerate(kept)
        }
        for place in kept:
            self._cell(heads[place], edges[place], ends[place], y, numeric=place >= 3)
        y += 1.4 * self.step
        signed = rng.random() < 0.4
        for number, (name, quantity, price, rate) in enumerate(facts.lines, start=1):
            shown = facts.money.shown if signed else facts.money.plain
            cells = [
                str(number),
                f"{rng.choice('ABKX')}{rng.randint(100, 99999)}",
                name,
                str(quantity),
                "Stk",
                shown(price),
                f"{rate}%",
                shown(quantity * price),
            ]
            for place in kept:
                self._cell(cells[place], edges[place], ends[place], y, numeric=place >= 3)
            y += self.step
            if rng.random() < 0.15:
                self.paper.write(
                    edges[2], y, rng.choice(["GTIN: 4012345001235", "Size L, blue", "incl. accessories", "SN 88120-3"])
                )
                y += self.step
            self.currency_shown = self.currency_shown or (signed and bool(facts.money.sign))
        return y

    def _cell(self, text: str, left: float, right: float, y: float, *, numeric: bool) -> None:
        if numeric:
            self.paper.write(right, y, text, align="right")
        else:
            self.paper.write(left, y, text)

    def _sum_rows(self) -> list[tuple[str, str]]:
        facts, rng = self.facts, self.rng
        taxes = facts.taxes
        net, tax = facts.sums
        sign = rng.random() < 0.6
        shown = facts.money.shown if sign else facts.money.plain
        self.currency_shown = self.currency_shown or (sign and bool(facts.money.sign))
        rate = next(iter(taxes)) if len(taxes) == 1 else ""
        words = {"r": rate, "c": facts.money.code, "b": ""}
        rows = []
        if facts.extra:
            rows += [(facts.say("subtotal"), shown(net - facts.extra)), (facts.say("shipping"), shown(facts.extra))]
        rows.append((facts.say("net_total").format(**words), shown(net)))
        if facts.with_tax:
            if len(taxes) > 1:
                rows += [
                    (facts.say("tax_line").format(r=part, b=shown(base)), shown(value))
                    for part, (base, value) in taxes.items()
                ]
            if len(taxes) == 1 or rng.random() < 0.5:  # else nobody tells what the rates make together
                label = facts.say("tax_total").replace("{r}", str(rate)) if rate else _total_tax(facts)
                rows.append((label, shown(tax)))
        label = facts.say("grand_total").format(**words)
        self.currency_shown = self.currency_shown or facts.money.code in label
        rows.append((label, shown(net + tax)))
        if rng.random() < 0.15:
            paid = round((net + tax) * rng.uniform(0.1, 0.6))
            rows += [(facts.say("prepaid"), shown(-paid)), (facts.say("amount_due"), shown(net + tax - paid))]
        return rows

    def _tax_table(self, y: float) -> float:
        """Write net and tax by rate as a small table, at times; the sums stand below it."""
        facts, rng = self.facts, self.rng
        if not facts.with_tax or rng.random() > 0.2:
            return y
        heads = {"de": ["USt. Satz", "Nettobetrag", "Ust.-Betrag"], "fr": ["Taux", "Base HT", "Montant TVA"]}
        cells = [heads.get(facts.language, ["VAT rate", "Net amount", "VAT amount"])]
        cells += [
            [f"{rate}%", facts.money.plain(net), facts.money.plain(tax)] for rate, (net, tax) in facts.taxes.items()
        ]
        left = rng.choice([self.margin, self.right - 240])
        for row in cells:
            for place, cell in enumerate(row):
                self.paper.write(left + 80 * (place + 1), y, cell, align="right")
            y += self.step
        return y + self.step

    def _sums(self, y: float) -> float:
        y = self._tax_table(y)
        rows = self._sum_rows()
        rng = self.rng
        shape = rng.randrange(6)
        if shape == 0 and len(rows) <= 5:  # one row of a table
            width = (self.right - self.margin) / len(rows)
            for place, (label, value) in enumerate(rows):
                x = self.margin + (place + 1) * width - 6
                self.paper.write(x, y, label[:18].strip(), align="right")
                self.paper.write(x, y + 1.3 * self.step, value, align="right")
            return y + 3 * self.step
        labels = self.right - rng.uniform(120, 240)
        right_labels = rng.random() < 0.3
        values, at_right = self.right, True
        if shape == 1:  # all on the left
            labels, values, at_right, right_labels = (
                self.margin,
                self.margin + rng.uniform(150, 220),
                rng.random() < 0.5,
                False,
            )
        for label, value in rows:
            colon = ":" if shape in {1, 2} else ""
            self.paper.write(
                self.right - 90 if right_labels else labels, y, label + colon, align="right" if right_labels else "left"
            )
            self.paper.write(values, y, value, align="right" if at_right else "left")
            y += self.step * rng.choice([1.0, 1.0, 1.3])
        return y

    def _closing(self, y: float) -> float:
        facts, rng = self.facts, self.rng
        lines = [facts.say("terms")] if rng.random() < 0.4 else []
        if "due_date" not in facts.truth and rng.random() < 0.5:
            lines.append(facts.say("due_sentence").format(v=facts.day(facts.due)))
            facts.truth["due_date"] = facts.due.isoformat()
        if rng.random() < 0.5:
            lines.append(facts.say("greeting"))
        return self.write_lines(self.margin, y, lines)

    def _foot(self, y: float) -> None:
        """Write bank, tax and register data, in a row of columns or one under the other."""
        facts, rng = self.facts, self.rng
        seller = facts.seller
        cells = [f"{facts.say('bank')}: {rng.choice(['Hausbank', 'Sparbank', 'First Bank', 'Banque du Rhône'])}"]
        if rng.random() < 0.65:
            iban = seller.iban
            if rng.random() < 0.7:
                iban = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
            cells.append(f"{facts.say('iban')}{rng.choice([':', ''])} {iban}")
            facts.truth["iban"] = seller.iban
            if rng.random() < 0.7:
                cells.append(f"{facts.say('bic')}: {''.join(rng.choice('ABCDEFGHKLM') for _ in range(6))}M1")
        if "seller_vat_id" not in facts.truth and rng.random() < 0.7:
            cells.append(self.vat_line())
        if rng.random() < 0.5:
            cells.append(
                f"{facts.say('tax_number')}: {rng.randint(10, 999)}/{rng.randint(100, 999)}/{rng.randint(1000, 99999)}"
            )
        if rng.random() < 0.4:
            cells += [seller.name, ", ".join(seller.address)]
            facts.truth.setdefault("seller_name", seller.name)
        if rng.random() < 0.3:
            cells.append(facts.say("manager").format(v=seller.person))
        rng.shuffle(cells)
        columns = rng.choice([1, 1, 2, 3])
        width = (self.right - self.margin) / columns
        for place, cell in enumerate(cells):
            self.paper.write(
                self.margin + place % columns * width,
                y + place // columns * self.step,
                cell,
                size=self.paper.size * 0.8,
            )
        if rng.random() < 0.4:
            self.paper.write(self.right, y + 3 * self.step, facts.say("page"), align="right")


def _total_tax(facts: Facts) -> str:
    """Return a label of tax that names no rate."""
    plain = [label for label in wordings()[facts.language]["tax_total"] if "{" not in label]
    return facts.rng.choice(plain)
