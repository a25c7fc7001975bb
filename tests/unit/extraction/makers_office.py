"""Office files made for tests: packages of parts, OLE files, and the smallest DOC and PPT inside of them."""

import struct
import zipfile
import zlib
from pathlib import Path

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SHOW = "http://schemas.openxmlformats.org/presentationml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
_SECTOR = 512
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def package(path: Path, members: dict[str, str | bytes]) -> Path:
    """Write a zip file; texts are XML without a declaration."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def relations(rows: dict[str, tuple[str, str]]) -> str:
    """Return a part of relations: id to the last word of the type and the target."""
    inside = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>' for name, (kind, target) in rows.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{inside}</Relationships>'


def types(kind: str) -> str:
    """Return the list of content types, which names the main part alone."""
    content = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'<Types xmlns="{content}"><Override PartName="/main.xml" ContentType="{_MAIN.format(kind)}"/></Types>'


def docx(path: Path, body: str, parts: dict[str, tuple[str, str | bytes]] | None = None) -> Path:
    """Write a DOCX; `parts` are the kind of relation and the content of each part beside the body, by name."""
    rows = {f"r{number}": (kind, name) for number, (name, (kind, _)) in enumerate((parts or {}).items())}
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": types("wordprocessingml.document"),
        "_rels/.rels": relations({"m": ("officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": relations(rows),
        "word/document.xml": word("document", f"<w:body>{body}</w:body>"),
    }
    members.update({f"word/{name}": content for name, (_, content) in (parts or {}).items()})
    return package(path, members)


def word(root: str, inside: str) -> str:
    """Return a part of word processing."""
    names = (
        f'xmlns:w="{WORD}" xmlns:r="{OFFICE}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    )
    return f"<w:{root} {names}>{inside}</w:{root}>"


def paragraph(text: str, properties: str = "") -> str:
    """Return a paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def pptx(path: Path, slides: list[str], parts: dict[str, tuple[str, str | bytes]] | None = None) -> Path:
    """Write a PPTX of shape trees; `parts` belong to the first slide: kind of relation and content, by name."""
    listed = "".join(f'<p:sldId id="{256 + at}" r:id="s{at}"/>' for at in range(len(slides)))
    rows = {f"r{number}": (kind, name) for number, (name, (kind, _)) in enumerate((parts or {}).items())}
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": types("presentationml.presentation"),
        "_rels/.rels": relations({"m": ("officeDocument", "ppt/presentation.xml")}),
        "ppt/presentation.xml": show("presentation", f"<p:sldIdLst>{listed}</p:sldIdLst>"),
        "ppt/_rels/presentation.xml.rels": relations(
            {f"s{at}": ("slide", f"slides/s{at}.xml") for at in range(len(slides))}
        ),
        "ppt/slides/_rels/s0.xml.rels": relations(rows),
    }
    for at, tree in enumerate(slides):
        members[f"ppt/slides/s{at}.xml"] = show("sld", f"<p:cSld><p:spTree>{tree}</p:spTree></p:cSld>")
    members.update({f"ppt/slides/{name}": content for name, (_, content) in (parts or {}).items()})
    return package(path, members)


def show(root: str, inside: str) -> str:
    """Return a part of a presentation."""
    return f'<p:{root} xmlns:p="{SHOW}" xmlns:a="{DRAWING}" xmlns:r="{OFFICE}">{inside}</p:{root}>'


def shape(texts: list[str], place: str = "", properties: str = "") -> str:
    """Return a shape of a slide with paragraphs; `place` is its placeholder."""
    lines = "".join(f"<a:p>{properties}<a:r><a:t>{text}</a:t></a:r></a:p>" for text in texts)
    return f"<p:sp><p:nvSpPr><p:nvPr>{place}</p:nvPr></p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"


def odf(path: Path, kind: str, body: str, members: dict[str, str | bytes] | None = None) -> Path:
    """Write an OpenDocument: `text` or `presentation`, its content and further members."""
    return package(
        path,
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": open_document("document-content", f"<office:body>{body}</office:body>"),
            **(members or {}),
        },
    )


def open_document(root: str, inside: str) -> str:
    """Return a part of an OpenDocument."""
    spaces = ("office", "text", "table", "draw", "style", "presentation", "meta", "manifest", "xlink")
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in spaces)
    names += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f"<office:{root} {names}>{inside}</office:{root}>"


def ole(streams: dict[str, bytes]) -> bytes:
    """Return an OLE file of up to three streams, which are padded so that none is a short one."""
    padded = {
        name: data + b"\0" * (max(4_096, -(-len(data) // _SECTOR) * _SECTOR) - len(data))
        for name, data in streams.items()
    }
    chains: list[int] = [_TABLE, _END]
    starts = []
    for data in padded.values():
        count = len(data) // _SECTOR
        starts.append(len(chains))
        chains.extend([*range(len(chains) + 1, len(chains) + count), _END])
    chains.extend([_FREE] * (_SECTOR // 4 - len(chains)))
    entries = [_entry("Root Entry", 5, 1 if streams else _FREE, _END, 0)]
    for at, (name, data) in enumerate(padded.items()):
        following = at + 2 if at + 1 < len(padded) else _FREE
        entries.append(_entry(name, 2, _FREE, starts[at], len(data), following))
    entries.extend([b"\0" * 128] * (4 - len(entries)))
    header = struct.pack(
        "<8s16sHHHHH6sLLLLLLLLLL",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        62,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        1,
        1,
        0,
        4_096,
        _END,
        0,
        _END,
        0,
        0,
    )
    header += struct.pack("<108L", *[_FREE] * 108)
    return b"".join([header, struct.pack(f"<{len(chains)}L", *chains), *entries, *padded.values()])


def _entry(name: str, kind: int, child: int, start: int, size: int, following: int = _FREE) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBLLL36sLQ", raw, len(raw), kind, 1, _FREE, following, child, b"", start, size)


def doc(
    text: str,
    *,
    notes: str = "",
    note_at: int | None = None,
    styles: dict[int, int] | None = None,
    modifiers: dict[int, bytes] | None = None,
    flags: int = 0x0200,
    summary: bytes | None = None,
) -> bytes:
    """Return a DOC. `styles` names the built-in style of the paragraph that ends at a position, `modifiers` its more.

    It has one list, whose levels are numbered 1., 1.a), ...
    """
    whole = text + notes
    main = bytearray(1_536)
    main[1_536:] = whole.encode("utf-16-le")
    table = bytearray()
    struct.pack_into("<HH6xH", main, 0, 0xA5EC, 0xC1, flags)
    struct.pack_into("<2L", main, 76, len(text), len(notes))

    def region(index: int, data: bytes) -> None:
        struct.pack_into("<LL", main, 154 + 8 * index, len(table), len(data))
        table.extend(data)

    region(33, b"\2" + struct.pack("<LLLHLH", 16, 0, len(whole), 0, 1_536, 0))
    if note_at is not None:
        region(2, struct.pack("<LLH", note_at, len(text), 0))
    levels = b"".join(_level(level) for level in range(9))
    region(73, struct.pack("<Hll18sBB", 1, 7, 0, b"", 0, 0))
    table.extend(levels)
    region(74, struct.pack("<Ll8sBBBBL", 1, 7, b"", 0, 0, 0, 0, 0))
    numbers = sorted(set((styles or {}).values()))
    sheet = b"".join(struct.pack("<HHH", 4, number, 0xFFF0) for number in numbers)
    region(1, struct.pack("<H4s", 4, b"") + sheet)
    ends = sorted(styles or {})
    page = bytearray(_SECTOR)
    places = [1_536 + 2 * end for end in ends]
    struct.pack_into(f"<{len(places) + 1}L", page, 0, *places, (places[-1] if places else 0) + 2)
    for at, end in enumerate(ends):
        where = 300 + 16 * at
        page[4 * (len(ends) + 1) + 13 * at] = where // 2
        more = (modifiers or {}).get(end, b"")
        entry = struct.pack("<BH", (len(more) + 4) // 2, numbers.index((styles or {})[end])) + more
        page[where : where + len(entry)] = entry
    page[-1] = len(ends)
    main[1_024:1_536] = page
    region(13, struct.pack("<LLL", 1_536, 1_536 + 2 * len(whole), 2))
    properties = {} if summary is None else {"\x05SummaryInformation": summary}
    return ole({"WordDocument": bytes(main), "1Table": bytes(table), **properties})


def _level(level: int) -> bytes:
    pattern = [0, ord(".")] if not level else [0, ord("."), level, ord(")")]
    head = struct.pack("<lB19s4B", 1, 4 if level else 0, b"", 0, 0, 0, 0)
    return head + struct.pack(f"<H{len(pattern)}H", len(pattern), *pattern)


def _record(kind: int, inside: bytes, *, version: int = 0xF, instance: int = 0) -> bytes:
    return struct.pack("<HHL", version | instance << 4, kind, len(inside)) + inside


def ppt(texts: list[str], objects: tuple[bytes, ...] = ()) -> bytes:
    """Return a PPT with a slide for each text, which stands in a box of its own, and packed objects."""
    slides = b""
    for text in texts:
        words = _record(3_999, struct.pack("<L", 4), version=0) + _record(4_000, text.encode("utf-16-le"), version=0)
        shape = _record(0xF00A, struct.pack("<LL", 1_026, 0xA00), version=2, instance=202)
        anchor = _record(0xF010, struct.pack("<4h", 100, 100, 600, 200), version=0)
        box = _record(0xF004, shape + anchor + _record(0xF00D, words))
        slides += _record(1_006, _record(1_036, _record(0xF002, _record(0xF003, box))))
    packed = (len(data).to_bytes(4, "little") + zlib.compress(data) for data in objects)
    inside = b"".join(_record(0x1011, data, version=0, instance=1) for data in packed)
    return ole({"PowerPoint Document": _record(1_000, slides) + inside, "Current User": b"\0\0\xf6\x0f" + b"\0" * 24})
