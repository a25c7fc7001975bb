"""What a part of a document is known by, so that taking it in again makes no second one."""

import hashlib
from typing import Final

KEY_LENGTH: Final = 200


def part_key(name: str) -> str:
    """Return a key that fits its column; the paths inside an archive may be longer."""
    if len(name) <= KEY_LENGTH:
        return name
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()
    return f"{name[: KEY_LENGTH - len(digest) - 1]}#{digest}"
