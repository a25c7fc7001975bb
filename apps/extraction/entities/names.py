"""How an organisation is told again, however it is written."""

import unicodedata
from typing import Final

from apps.extraction.engine.fields.normalise.organisations import is_legal_form

LONGEST_NAME: Final = 250
_SHORTEST_KEY: Final = 2


def alias_key(written: str) -> str:
    """Return a name's letters and digits without accents, case and legal form; "" for what is too short to be one.

    `ACME Widgets & Parts, Inc.` and `Acme Widgets and Parts` have the same.
    """
    words = written.replace("&", " and ").split()
    core = [word for word in words if not is_legal_form(word)]
    key = _bare(" ".join(core)) or _bare(written)
    return key[:LONGEST_NAME] if len(key) >= _SHORTEST_KEY else ""


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in folded if character.isalnum())
