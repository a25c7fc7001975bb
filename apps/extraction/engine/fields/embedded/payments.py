"""Payment codes: what a Swiss QR-bill, an EPC code (GiroCode) or a Czech or Slovak payment code asks to be paid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import msgspec

from apps.extraction.engine.fields.embedded.values import decimal_of, decimal_text, embedded
from apps.extraction.engine.fields.normalise import identifiers
from apps.extraction.engine.fields.types import Code, FieldReading, ValueType

PRODUCER: Final = "payment-code-1"
_LARGEST: Final = Decimal("999999999.99")  # of both standards


@dataclass(frozen=True, kw_only=True)
class Payment:
    """An order to pay; empty where the code leaves it open."""

    account: str
    payee: str = ""
    amount: str = ""
    currency: str = ""
    reference: str = ""


def values_of(codes: Sequence[Code]) -> list[FieldReading]:
    """Return the values of the first payment code; those of further ones that differ are its alternatives."""
    values: dict[str, FieldReading] = {}
    for code in codes:
        payment = payment_of(code.content)
        for value in _values(payment, code) if payment else ():
            first = values.setdefault(value.key, value)
            if first.value != value.value:
                values[value.key] = msgspec.structs.replace(first, alternatives=[*first.alternatives, value])
    return list(values.values())


def payment_of(content: str) -> Payment | None:
    """Return what a code's content asks to be paid, None for codes of other kinds and for senseless ones."""
    lines = [line.strip() for line in content.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    if lines[0] == "SPC":
        return _swiss(lines)
    if lines[0] == "BCD":
        return _epc(lines)
    return _spayd(content) if content.startswith("SPD*") else None


def _swiss(lines: list[str]) -> Payment | None:
    """Swiss Implementation Guidelines QR-bill 2.x: one element a line, in a fixed order.

    Three of header, the account, seven each of creditor and ultimate creditor, amount and currency, seven of the
    debtor, kind of reference, reference, message.
    """
    if len(lines) < 30 or not lines[1].startswith("02"):
        return None
    return Payment(
        account=lines[3], payee=lines[5], amount=lines[18], currency=lines[19], reference=lines[28] or lines[29]
    )


def _epc(lines: list[str]) -> Payment | None:
    """EPC069-12: service tag, version, character set, identification, BIC, name, IBAN, amount, purpose, references."""
    if len(lines) < 7 or lines[3] != "SCT":
        return None
    lines = [*lines, *[""] * 12]
    currency, amount = lines[7][:3].upper(), lines[7][3:]
    return Payment(
        account=lines[6],
        payee=lines[5],
        amount=amount,
        currency=currency if amount else "",
        reference=lines[9] or lines[10],
    )


def _spayd(content: str) -> Payment:
    """Short Payment Descriptor: `KEY:value` between asterisks; the account is IBAN+BIC."""
    parts = dict(part.split(":", 1) for part in content.split("*") if ":" in part)
    return Payment(
        account=parts.get("ACC", "").partition("+")[0],
        payee=parts.get("RN", ""),
        amount=parts.get("AM", ""),
        currency=parts.get("CC", "").upper(),
        reference=parts.get("X-VS", "") or parts.get("RF", "") or parts.get("MSG", ""),
    )


def _values(payment: Payment, code: Code) -> Iterator[FieldReading]:
    """Give the values with the code as their place."""
    account, amount = identifiers.iban(payment.account), decimal_of(payment.amount)
    currency = payment.currency if len(payment.currency) == 3 and payment.currency.isalpha() else ""
    stated: list[tuple[str, str, ValueType, str]] = [
        ("iban", account.value if account else "", "identifier", payment.account),
        ("currency", currency, "text", currency),
        ("payee_name", payment.payee, "text", payment.payee),
        ("payment_reference", payment.reference, "identifier", payment.reference),
    ]
    if amount is not None and 0 < amount <= _LARGEST:
        stated.append(("amount_due", decimal_text(amount, places=2), "amount", payment.amount))
    for key, value, kind, raw in stated:
        if value:
            reading = embedded(key, value, kind, raw, producer=PRODUCER, currency=currency if kind == "amount" else "")
            yield msgspec.structs.replace(reading, page=code.page, box=code.box)
