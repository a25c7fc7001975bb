"""What stands above the lines of a generated invoice, in several arrangements."""

from datetime import timedelta

from apps.extraction.engine.fields.ranking.training.invoice_facts import Facts, number_like, wordings
from apps.extraction.engine.fields.ranking.training.paper import Paper
from apps.extraction.engine.fields.ranking.training.people import party


class Heads:
    """Lays out what stands above the lines: parties, title, numbers and dates, each in one of several ways."""

    def __init__(self, paper: Paper, facts: Facts) -> None:
        self.paper = paper
        self.facts = facts
        self.rng = facts.rng
        self.step = paper.size * self.rng.uniform(1.2, 1.6)
        self.margin = self.rng.uniform(35, 70)
        self.right = paper.width - self.rng.uniform(35, 70)
        self.vat_shown = self.iban_shown = self.currency_shown = False

    def heads(self, y: float) -> float:
        """Write seller, buyer, title and numbers, in one of six arrangements; return where the page goes on."""
        middle = self.paper.width * self.rng.uniform(0.5, 0.62)
        arrangements = (self._left, self._window, self._side_by_side, self._letterhead, self._sender_only)
        place = self.rng.randrange(len(arrangements) + 1)
        if place == len(arrangements):  # parties as forms, one under the other, as programs show e-invoices
            return self._forms(self._meta(self.margin, self._title(self.margin, y)) + self.step)
        return arrangements[place](y, middle)

    def _left(self, y: float, middle: float) -> float:
        """Seller left, numbers right, buyer under the seller."""
        left = self._seller(self.margin, y)
        right = self._meta(middle, self._title(middle, y))
        return max(self._buyer(self.margin, max(left + 2 * self.step, 130)), right)

    def _window(self, y: float, middle: float) -> float:
        """Buyer left in the window of the envelope, seller right, numbers under both."""
        right = self._seller(middle, y)
        left = self._buyer(self.margin, self._sender(max(110.0, y + 3 * self.step)))
        return self._meta(self.margin, self._title(self.margin, max(left, right) + 2 * self.step))

    def _side_by_side(self, y: float, middle: float) -> float:
        """Title and numbers first, then both parties beside each other."""
        rng = self.rng
        below = self._title(self.margin if rng.random() < 0.5 else middle, y)
        top = self._meta(self.margin, below + self.step) + 2 * self.step
        swapped = rng.random() < 0.25
        left = self._seller(middle if swapped else self.margin, top, labelled=True)
        return max(left, self._buyer(self.margin if swapped else middle, top, labelled=True))

    def _letterhead(self, y: float, middle: float) -> float:
        """Seller as a centred head."""
        y = self._centred_seller(y)
        left = self._buyer(self.margin, y + 2 * self.step)
        return max(left, self._meta(middle, self._title(middle, y + 2 * self.step)))

    def _sender_only(self, y: float, middle: float) -> float:
        """Seller in the sender's line and at the foot only."""
        rng = self.rng
        window = self._sender(max(100.0, y))
        left = self._meta(self.margin, self._title(self.margin, y if rng.random() < 0.3 else window + 5 * self.step))
        return max(left, self._buyer(rng.choice([self.margin, middle]), window))

    def _seller(self, x: float, y: float, *, labelled: bool = False) -> float:
        facts, rng = self.facts, self.rng
        facts.truth["seller_name"] = facts.seller.name
        if labelled and rng.random() < 0.8:
            if rng.random() < 0.25:
                self.paper.write(x, y, f"{facts.say('seller')}: {facts.seller.name}")
                return self._contact(x, self.write_lines(x, y + self.step, facts.seller.address))
            self.paper.write(x, y, facts.say("seller") + rng.choice(["", ":"]))
            y += self.step
        if rng.random() < 0.5:
            self.paper.write(x, y, facts.seller.name, size=self.paper.size * rng.uniform(1.1, 1.9))
            y += 0.5 * self.step
        else:
            self.paper.write(x, y, facts.seller.name)
        country = [facts.seller.country] if rng.random() < 0.4 else []
        return self._contact(x, self.write_lines(x, y + self.step, [*facts.seller.address, *country]))

    def _forms(self, y: float) -> float:
        """Write both parties under their headings, line by line or as labels with values."""
        facts, rng = self.facts, self.rng
        facts.truth |= {"seller_name": facts.seller.name, "buyer_name": facts.buyer.name}
        labels = wordings()[facts.language]["form"]
        values = self.margin + rng.uniform(90, 200)
        labelled, numbered = rng.random() < 0.5, rng.random() < 0.5
        for key, who in (("seller", facts.seller), ("buyer", facts.buyer)):
            self.paper.write(self.margin, y, facts.say(key) + rng.choice(["", ":"]))
            y += self.step
            number = str(rng.randint(100_000, 10**12))
            if not labelled:
                above = [facts.say("id_line").format(v=number)] if numbered else []
                y = self.write_lines(self.margin, y, [*above, who.name, *who.address])
            else:
                rows = [(labels[0], number)] if numbered else []
                rows += [(labels[1], who.name), (labels[2], who.street[-1]), ("", who.town)]
                if key == "seller" and rng.random() < 0.7:
                    rows.append((labels[3], who.vat_id))
                    facts.truth["seller_vat_id"] = who.vat_id
                for label, value in rows:
                    self.paper.write(self.margin, y, f"{label}:" if label else "")
                    self.paper.write(values, y, value)
                    y += self.step
            y += self.step * rng.choice([0.2, 1.0])
        return y

    def _contact(self, x: float, y: float) -> float:
        facts, rng = self.facts, self.rng
        extra = []
        if rng.random() < 0.5:
            extra.append(f"{facts.say('phone')}{rng.choice([':', '', ' :'])} {facts.seller.phone}")
        if rng.random() < 0.4:
            extra.append(
                rng.choice(
                    [
                        f"info@{facts.seller.domain}",
                        f"www.{facts.seller.domain}",
                        f"Email: office@{facts.seller.domain}",
                    ]
                )
            )
        if rng.random() < 0.3:
            extra.append(self.vat_line())
        return self.write_lines(x, y, extra)

    def vat_line(self) -> str:
        """Return the seller's VAT id with its label."""
        facts = self.facts
        facts.truth["seller_vat_id"] = facts.seller.vat_id
        value = facts.seller.vat_id
        if self.rng.random() < 0.15:
            value = f"{value[:2]} {value[2:5]} {value[5:8]} {value[8:]}".strip()
        return f"{facts.say('vat_id')}{self.rng.choice([':', '', ' :'])} {value}"

    def _centred_seller(self, y: float) -> float:
        facts = self.facts
        facts.truth["seller_name"] = facts.seller.name
        centre = self.paper.width / 2
        self.paper.write(centre, y, facts.seller.name, align="centre", size=self.paper.size * 1.5)
        y += 1.4 * self.step
        joined = ", ".join(facts.seller.address)
        for line in [joined] if self.rng.random() < 0.6 else facts.seller.address:
            self.paper.write(centre, y, line, align="centre")
            y += self.step
        return y

    def _sender(self, y: float) -> float:
        """Write the sender in one small line above the buyer, often."""
        facts = self.facts
        if self.rng.random() < 0.7 or "seller_name" not in facts.truth:
            mark = self.rng.choice([" | ", " · ", ", ", " - ", " • "])
            self.paper.write(
                self.margin, y, mark.join([facts.seller.name, *facts.seller.address]), size=self.paper.size * 0.75
            )
            facts.truth["seller_name"] = facts.seller.name
            return y + 1.5 * self.step
        return y

    def _buyer(self, x: float, y: float, *, labelled: bool = False) -> float:
        facts, rng = self.facts, self.rng
        facts.truth["buyer_name"] = facts.buyer.name
        if labelled or rng.random() < 0.35:
            label = facts.say("buyer")
            if rng.random() < 0.2:
                self.paper.write(x, y, f"{label}: {facts.buyer.name}")
                return self.write_lines(x, y + self.step, facts.buyer.address)
            self.paper.write(x, y, label + rng.choice(["", ":"]))
            y += self.step
        lines = [facts.buyer.name, *facts.buyer.address]
        if rng.random() < 0.35 and facts.buyer.person != facts.buyer.name:
            lines.insert(rng.choice([0, 1, 1]), facts.say("person").format(v=facts.buyer.person))
        if rng.random() < 0.4:
            lines.append(facts.buyer.country)
        if rng.random() < 0.15:
            lines.append(f"{facts.say('buyer_vat_id')}: {facts.buyer.vat_id}")
        if rng.random() < 0.12:
            lines.insert(0, facts.say("addressee"))
        elif rng.random() < 0.08:
            lines.insert(0, facts.say("id_line").format(v=rng.randint(1_000, 10**12)))
        if rng.random() < 0.25:  # an empty line before the street or the town, as on forms
            lines.insert(rng.randint(1, len(lines) - 1), "")
        below = self.write_lines(x, y, lines)
        return self._other_party(x, y, below)

    def _other_party(self, x: float, y: float, below: float) -> float:
        """Write, at times, where the goods go: beside the buyer or under it."""
        facts, rng = self.facts, self.rng
        if rng.random() > 0.22:
            return below
        other = facts.buyer if rng.random() < 0.4 else party(rng, facts.language)
        beside = rng.random() < 0.5 and x + 320 < self.paper.width
        place, top = (x + 150, y - self.step) if beside else (x, below + self.step)
        self.paper.write(place, top, facts.say("ship") + rng.choice(["", ":"]))
        return max(below, self.write_lines(place, top + self.step, [other.name, *other.address]))

    def write_lines(self, x: float, y: float, lines: list[str]) -> float:
        """Write lines one under the other and return where the next one would stand."""
        for line in lines:
            self.paper.write(x, y, line)
            y += self.step
        return y

    def _title(self, x: float, y: float) -> float:
        if self.rng.random() < 0.85:
            size = self.paper.size * self.rng.uniform(1.0, 2.0)
            self.paper.write(x, y, self.facts.say("credit_title" if self.facts.original else "title"), size=size)
            return y + self.step + size * 0.6
        return y

    def _meta_rows(self) -> list[tuple[str, str]]:
        """Return labels and values of the document's numbers and dates, what is asked for among them."""
        facts, rng = self.facts, self.rng
        label = facts.say("credit_number" if facts.original else "invoice_number")
        rows = [(label, facts.number), (facts.say("issue_date"), facts.day(facts.issued))]
        if facts.original:
            rows.append((facts.say("original_invoice"), facts.original))
            if rng.random() < 0.4:
                rows.insert(0, rows.pop())
        elif rng.random() < 0.3:
            rows.reverse()
        facts.truth |= {"invoice_number": facts.number, "issue_date": facts.issued.isoformat()}
        more = []
        if rng.random() < 0.55:
            more.append((facts.say("due_date"), facts.day(facts.due)))
            facts.truth["due_date"] = facts.due.isoformat()
        if rng.random() < 0.45:
            more.append((facts.say("order_reference"), facts.order))
            facts.truth["order_reference"] = facts.order
        before = facts.issued - timedelta(days=rng.randint(1, 40))
        number = number_like(rng, facts.issued, "K C L V Q Z D")
        for key, value, share in (
            ("customer_number", number[:9], 0.45),
            ("delivery_date", facts.day(before), 0.3),
            ("order_date", facts.day(before), 0.15),
            ("other_number", number, 0.3),
            ("tax_number", f"{rng.randint(10, 999)}/{rng.randint(100, 999)}/{rng.randint(1000, 99999)}", 0.12),
            ("currency", facts.money.code, 0.12),
        ):
            if rng.random() < share:
                more.append((facts.say(key).format(c=facts.money.code), value))
                self.currency_shown = self.currency_shown or key == "currency"
        rng.shuffle(more)
        return [*rows, *more]

    def _meta(self, x: float, y: float) -> float:
        rng = self.rng
        facts = self.facts
        if not facts.original and rng.random() < 0.13:  # a sentence
            facts.truth |= {"invoice_number": facts.number, "issue_date": facts.issued.isoformat()}
            between = {"de": "vom", "fr": "du", "en": "dated"}[facts.language]
            self.paper.write(x, y, f"{facts.say('invoice_number')} {facts.number} {between} {facts.day(facts.issued)}")
            return y + self.step
        rows = self._meta_rows()
        shape = rng.randrange(4)
        if shape == 0:  # a table with a head
            return self._meta_table(rows, y)
        if shape == 1 and x < 300:  # label above its value
            for label, value in rows:
                self.paper.write(x, y, label)
                self.paper.write(x, y + self.step, value)
                y += 2.6 * self.step
            return y
        colon = rng.choice([":", "", ":", " :"])
        values = self.right if rng.random() < 0.35 else x + rng.uniform(85, 125)
        glued = rng.random() < 0.35
        for label, value in rows:
            if glued:
                self.paper.write(x, y, f"{label}{colon or ':'} {value}")
            else:
                self.paper.write(x, y, label + colon)
                self.paper.write(values, y, value, align="right" if values == self.right else "left")
            y += self.step * rng.choice([1.0, 1.0, 1.25])
        return y

    def _meta_table(self, rows: list[tuple[str, str]], y: float) -> float:
        """Write labels in a row with the values under them, four a row."""
        for start in range(0, len(rows), 4):
            part = rows[start : start + 4]
            width = (self.right - self.margin) / len(part)
            for place, (label, value) in enumerate(part):
                self.paper.write(self.margin + place * width, y, label)
                self.paper.write(self.margin + place * width, y + 1.2 * self.step, value)
            y += 3 * self.step
        return y
