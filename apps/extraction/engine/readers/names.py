"""Names and kinds of files inside files, which strangers wrote."""

import mimetypes
from pathlib import PurePosixPath

from apps.extraction.engine import containers
from apps.extraction.engine.text import clean

_NAME_CHARACTERS = 255
_OURS = {
    ".docx": containers.DOCX,
    ".xlsx": containers.XLSX,
    ".pptx": containers.PPTX,
    ".odt": containers.ODT,
    ".ods": containers.ODS,
    ".odp": containers.ODP,
    ".epub": containers.EPUB,
    ".msg": containers.MSG,
    ".md": "text/markdown",
    ".webp": "image/webp",
    ".mbox": "application/mbox",
    ".eml": "message/rfc822",
}
_KNOWN = mimetypes.MimeTypes(filenames=())  # without the system's own lists, which differ


def safe_name(name: str) -> str:
    """Return a file's name without any folder."""
    return clean(name).replace("\\", "/").rpartition("/")[2].replace("\n", " ").strip()[:_NAME_CHARACTERS]


def media_type_by_name(name: str) -> str:
    """Return what a name promises; reading the file decides."""
    extension = PurePosixPath(name.lower()).suffix
    return _OURS.get(extension) or _KNOWN.guess_type(f"x{extension}")[0] or "application/octet-stream"
