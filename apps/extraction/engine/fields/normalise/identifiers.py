"""Account, tax and company numbers and telephone numbers: their compact form, and whether their check digits hold."""

import re
from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from stdnum import bic as bics
from stdnum import iban as ibans
from stdnum import lei as leis
from stdnum.ch import uid as swiss
from stdnum.eu import vat as european
from stdnum.gb import vat as british
from stdnum.no import mva as norwegian

Kind: TypeAlias = Literal["iban", "bic", "vat_id", "lei", "phone"]

_SEPARATORS: Final = re.compile(r"[^0-9A-Z]+")
_IBAN_SHAPE: Final = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_VAT_SHAPE: Final = re.compile(r"(?:[A-Z]{2}|CHE)[0-9A-Z+*]{2,13}")
_LEI_SHAPE: Final = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_EU_PREFIXES: Final = frozenset(state.upper() for state in european.MEMBER_STATES) | {"EL", "XI"}
# What recognition confuses, both ways. A corrected number counts only where its check digits then hold.
_AS_DIGITS: Final = str.maketrans("OQDILZSGB", "000112568")
_AS_LETTERS: Final = str.maketrans("01258", "OIZSB")


class Identifier(NamedTuple):
    """A number in its compact form. `is_valid`: its check digits, where the kind has some, and its form are right."""

    kind: Kind
    value: str
    is_valid: bool


def iban(text: str) -> Identifier | None:
    """Return the account number that a text is, None where it has not the form of one.

    Letters and digits that recognition confuses are put right where the check digits (ISO 7064, mod 97-10) prove it.
    """
    return _proven("iban", _compact(text), _IBAN_SHAPE, _is_iban, fixed=2)


def vat_id(text: str) -> Identifier | None:
    """Return the VAT id that a text is: with its country's letters (EU, Northern Ireland, GB, CH) or NO's `MVA`."""
    return _proven("vat_id", _without_tail(_compact(text)), _VAT_SHAPE, _is_vat_id, fixed=2)


def lei(text: str) -> Identifier | None:
    """Return the legal entity identifier (ISO 17442) that a text is."""
    value = _compact(text)
    return Identifier("lei", value, leis.is_valid(value)) if _LEI_SHAPE.fullmatch(value) else None


def bic(text: str) -> Identifier | None:
    """Return the bank identifier (ISO 9362) that a text is; it has no check digits, so only its form is judged."""
    value = _compact(text)
    return Identifier("bic", value, is_valid=True) if bics.is_valid(value) else None


def phones(text: str, region: str) -> Iterator[tuple[int, int, Identifier]]:
    """Give the telephone numbers in a text: begin, end, and the number as E.164 writes it.

    Numbers without their country's code are those of `region`, a country's two letters.
    """
    import phonenumbers  # noqa: PLC0415  (170 ms and 30 MB of plans, and few documents are searched for numbers)

    for match in phonenumbers.PhoneNumberMatcher(text, region):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        yield match.start, match.end, Identifier("phone", number, is_valid=True)


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", text.upper())


def _proven(
    kind: Kind, value: str, shape: re.Pattern[str], is_valid: Callable[[str], bool], *, fixed: int
) -> Identifier | None:
    """Return the first reading of a number whose check digits hold, else the number as it stands, if it has the form.

    `fixed` leading characters are letters in every number of the kind.
    """
    for reading in _readings(value, fixed):
        if shape.fullmatch(reading) and is_valid(reading):
            return Identifier(kind, reading, is_valid=True)
    return Identifier(kind, value, is_valid=False) if _has_form(kind, value, shape) else None


def _readings(value: str, fixed: int) -> Iterator[str]:
    """Give a number as it stands, then with letters in its head and digits behind, a bank's four letters kept."""
    yield value
    head = value[:fixed].translate(_AS_LETTERS)
    yield head + value[fixed:].translate(_AS_DIGITS)
    bank = fixed + 2
    yield (
        head
        + value[fixed:bank].translate(_AS_DIGITS)
        + value[bank : bank + 4].translate(_AS_LETTERS)
        + value[bank + 4 :].translate(_AS_DIGITS)
    )


def _has_form(kind: Kind, value: str, shape: re.Pattern[str]) -> bool:
    """Whether a number that proves nothing is still one of its kind: words of capitals have the form of a VAT id."""
    if not shape.fullmatch(value):
        return False
    if kind == "iban":
        return True
    known = value[:2] in _EU_PREFIXES or value.startswith(("GB", "CHE", "NO"))
    digits = sum(character.isdigit() for character in value)
    return known and digits >= 7 and len(value) - digits <= 5


def _without_tail(value: str) -> str:
    """Take off what Switzerland writes behind a number in its languages."""
    return re.sub(r"(?<=[0-9])(?:MWST|TVA|IVA|TPV)$", "", value) if value.startswith("CHE") else value


def _is_iban(value: str) -> bool:
    return bool(ibans.is_valid(value, check_country=False))


def _is_vat_id(value: str) -> bool:
    if value.startswith("CHE"):
        return bool(swiss.is_valid(value))
    if value.startswith("GB"):
        return bool(british.is_valid(value))
    if value.startswith("NO"):
        return bool(norwegian.is_valid(value))
    return value[:2] in _EU_PREFIXES and bool(european.is_valid(value))
