"""Names of parties as one form: legal forms as they are registered, `&` as `and`, definitions and marks taken off."""

from typing import Final

# What a legal form is written as in one form; keys are bare: lower case, without points.
LEGAL_FORMS: Final = {
    "inc": "Inc.", "incorporated": "Inc.", "corp": "Corp.", "corporation": "Corporation", "company": "Company",
    "co": "Co.", "ltd": "Ltd.", "limited": "Ltd.", "llc": "LLC", "lllp": "LLLP", "llp": "LLP", "lp": "LP", "plc": "PLC",
    "pllc": "PLLC", "na": "N.A.", "nv": "N.V.", "bv": "B.V.", "sa": "SA", "sas": "SAS",
    "sasu": "SASU", "sarl": "SARL", "sàrl": "Sàrl", "eurl": "EURL", "sci": "SCI", "snc": "SNC", "gmbh": "GmbH",
    "mbh": "mbH", "ag": "AG", "kg": "KG", "kgaa": "KGaA", "ohg": "OHG", "gbr": "GbR", "ug": "UG", "se": "SE",
    "ev": "e.V.", "eg": "eG", "spa": "S.p.A.", "srl": "S.r.l.", "sl": "S.L.", "ab": "AB", "as": "AS", "asa": "ASA",
    "aps": "ApS", "oy": "Oy", "oyj": "Oyj", "pty": "Pty.", "pte": "Pte.", "kk": "K.K.", "sca": "SCA", "scs": "SCS",
}  # fmt: skip
_MARKS: Final = ",;:()[]\"'\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"
_LOWER_FORMS: Final = frozenset({"plc", "mbh", "ev", "eg", "gmbh", "kg", "ag", "sarl"})
# Words that companies, banks, schools and public bodies have in their names and people have not.
BODY_WORDS: Final = frozenset(
    {
        "bank",
        "bancorp",
        "bankshares",
        "bancshares",
        "holdings",
        "holding",
        "group",
        "partners",
        "partnership",
        "trust",
        "fund",
        "university",
        "college",
        "foundation",
        "association",
        "associates",
        "institute",
        "society",
        "hospital",
        "center",
        "centre",
        "technologies",
        "technology",
        "systems",
        "solutions",
        "services",
        "industries",
        "enterprises",
        "international",
        "global",
        "laboratories",
        "pharmaceuticals",
        "therapeutics",
        "capital",
        "management",
        "ventures",
        "securities",
        "insurance",
        "energy",
        "networks",
        "software",
        "media",
        "entertainment",
        "studios",
        "stiftung",
        "verein",
        "hochschule",
        "universität",
        "université",
        "banque",
        "société",
        "gesellschaft",
        "genossenschaft",
        "stadt",
        "gemeinde",
        "commune",
        "ville",
        "ministry",
        "department",
        "authority",
        "council",
        "agency",
        "city",
        "county",
        "state",
    }
)


def bare_word(word: str) -> str:
    """Return a word in lower case without points and marks on its edges."""
    return word.strip(_MARKS).replace(".", "").lower()


def is_legal_form(word: str) -> bool:
    """Whether a word is a legal form such as `Inc.`, `L.L.C.` or `GmbH`."""
    bare = bare_word(word)
    return bare in LEGAL_FORMS and (word.strip("(")[:1].isupper() or bare in _LOWER_FORMS)


def organisation_name(written: str) -> str:
    """Return a name in one form: `ACME Widgets & Parts, Incorporated` becomes `ACME Widgets and Parts Inc.`."""
    words = written.strip(f" -*_\u2013\u2014{_MARKS}").split()
    kept = [LEGAL_FORMS[bare_word(word)] if is_legal_form(word) else _plain(word) for word in words]
    kept = [word for word in kept if word]
    return " ".join(kept)


def _plain(word: str) -> str:
    if word == "&":
        return "and"
    return word.strip(_MARKS.replace("(", "").replace(")", ""))
