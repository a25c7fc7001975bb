"""How static files are stored for browsers: under names that hold their hash, what modules import included."""

from typing import Any, ClassVar

from whitenoise.storage import CompressedManifestStaticFilesStorage

_ADDRESS = r'"(?P<url>\.{1,2}/[^"]+)"'


class HashedStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Hashes the addresses inside our modules too: after an upgrade no browser mixes old modules with new.

    Django's own switch for this takes comments and texts of other people's scripts for imports, and then fails.
    """

    patterns: ClassVar[Any] = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "app/js/*.js",
            (
                (rf"(?P<matched>\bfrom {_ADDRESS})", 'from "%(url)s"'),
                (rf"(?P<matched>\bimport {_ADDRESS})", 'import "%(url)s"'),
                (rf"(?P<matched>\bimport\({_ADDRESS}\))", 'import("%(url)s")'),
            ),
        ),
    )
