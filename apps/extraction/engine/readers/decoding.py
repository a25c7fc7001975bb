"""From bytes to text where nothing, or nothing trustworthy, names the encoding."""

from apps.extraction.engine.identify import HEAD_BYTES, unicode_encoding

# One-byte encodings in use for European documents; a free choice among all encodings misreads short texts.
_CANDIDATES = ["cp1252", "iso8859_15", "cp1250", "cp1251", "cp1253", "cp1254", "koi8_r", "mac_roman"]
# Letters enough for statistics, and too few for any: chosen with caution, not measured.
_SAMPLE_BYTES = 262_144
_ENOUGH_BYTES = 256


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of bytes: by byte order mark, as declared, as UTF-8, or by statistics over the letters."""
    encoding = unicode_encoding(data[:HEAD_BYTES])
    if encoding:
        return data.decode(encoding, "replace")
    for name in (declared, "utf-8"):
        if name:
            try:
                return data.decode(name)
            except (LookupError, UnicodeDecodeError, ValueError):
                continue
    return data.decode(_guess(data[:_SAMPLE_BYTES]), "replace")


def _guess(sample: bytes) -> str:
    """Return the likeliest one-byte encoding; too few letters say nothing, and then the most common one is taken."""
    if len(sample) < _ENOUGH_BYTES:
        return "cp1252"
    from charset_normalizer import from_bytes  # noqa: PLC0415  (11 ms, and rarely needed)

    best = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    return best.encoding if best else "cp1252"
