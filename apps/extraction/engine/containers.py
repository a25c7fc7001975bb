"""Which format a zip or an OLE file is, told by the files inside it."""

import re
import struct
import zipfile
from pathlib import Path
from typing import Final

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
DOCX: Final = f"{_OFFICE}wordprocessingml.document"
XLSX: Final = f"{_OFFICE}spreadsheetml.sheet"
XLSB: Final = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
PPTX: Final = f"{_OFFICE}presentationml.presentation"
ODT: Final = "application/vnd.oasis.opendocument.text"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
ODP: Final = "application/vnd.oasis.opendocument.presentation"
EPUB: Final = "application/epub+zip"
ZIP: Final = "application/zip"
DOC: Final = "application/msword"
XLS: Final = "application/vnd.ms-excel"
PPT: Final = "application/vnd.ms-powerpoint"
MSG: Final = "application/vnd.ms-outlook"
PROTECTED: Final = "application/encrypted"  # as libmagic calls a locked office file; none is registered
OLE: Final = "application/x-ole-storage"

# Excel 2 to 4 wrote the stream of records by itself, which begins with one of these.
BARE_SHEETS: Final = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
MOST_DIRECTORY_BYTES: Final = 32 << 20  # of a zip file: some 500,000 members

_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_SIGNATURES = frozenset({b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"})
# In this order, because a document may hold others; the names of streams ignore case.
_OLE_STREAMS = (
    ("encryptedpackage", PROTECTED),
    ("__properties_version1.0", MSG),
    ("worddocument", DOC),
    ("powerpoint document", PPT),
    ("workbook", XLS),
    ("book", XLS),
)
_MAIN_PARTS = (
    (re.compile(rb"wordprocessingml\.(?:document|template)\.main|ms-word\.(?:document|template)\.macro"), DOCX),
    (re.compile(rb"ms-excel\.sheet\.binary\.macroEnabled\.main"), XLSB),
    (re.compile(rb"spreadsheetml\.(?:sheet|template)\.main|ms-excel\.(?:sheet|template|addin)\.macro"), XLSX),
    (
        re.compile(
            rb"presentationml\.(?:presentation|template|slideshow)\.main|ms-powerpoint\.(?:presentation|slideshow|templ)"
        ),
        PPTX,
    ),
)
_NAMED_PARTS = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": XLSX,
    "xl/workbook.bin": XLSB,
    "ppt/presentation.xml": PPTX,
}
_NAMED_KINDS = {
    EPUB: EPUB,
    **{f"{kind}{form}": kind for kind in (ODT, ODS, ODP) for form in ("", "-template")},
    f"{ODT}-master": ODT,
}
_TYPES_BYTES = 1 << 20
_END_BYTES = 22 + 65_535 + 76  # the last record, its longest comment, and the two records of a large file before it


def kind_of(path: Path, head: bytes) -> str | None:
    """Return the media type of a file that holds files; None for any other."""
    if head.startswith(_OLE_SIGNATURE):
        return _ole_kind(path)
    if head[:4] in _ZIP_SIGNATURES:
        return _zip_kind(path)
    return None


def _ole_kind(path: Path) -> str:
    import olefile  # noqa: PLC0415  (few files need it)

    try:
        with olefile.OleFileIO(str(path)) as storage:
            names = {str(entry[0]).lower() for entry in storage.listdir(streams=True, storages=True)}
    except Exception:  # noqa: BLE001  (a damaged file may make the parser raise anything)
        return OLE
    return next((kind for name, kind in _OLE_STREAMS if name in names), OLE)


def _zip_kind(path: Path) -> str:
    if directory_bytes(path) > MOST_DIRECTORY_BYTES:
        return ZIP
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                kind = _NAMED_KINDS.get(_beginning(archive, "mimetype").decode("latin-1").strip())
                if kind is not None:
                    return kind
            if "[Content_Types].xml" in names:
                types = _beginning(archive, "[Content_Types].xml")
                found = next((kind for pattern, kind in _MAIN_PARTS if pattern.search(types)), None)
                return found or next((kind for name, kind in _NAMED_PARTS.items() if name in names), ZIP)
    except Exception:  # noqa: BLE001  (whatever is wrong with the archive, its reader says it)
        return ZIP
    return ZIP


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as handle:
        return handle.read(_TYPES_BYTES)


def directory_bytes(path: Path) -> int:
    """Return the size of a zip file's table of contents as its end says; 0 where there is no end."""
    with path.open("rb") as handle:
        size = handle.seek(0, 2)
        handle.seek(max(0, size - _END_BYTES))
        end = handle.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or at + 16 > len(end):
        return 0
    (found,) = struct.unpack_from("<L", end, at + 12)
    large = end.rfind(b"PK\x06\x06", 0, at)
    if found == 0xFFFFFFFF and 0 <= large <= at - 48:
        (found,) = struct.unpack_from("<Q", end, large + 40)
    return int(found)
