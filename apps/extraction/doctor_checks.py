"""What reading needs: data of the configured OCR languages, and the guards around the reading process."""

from collections.abc import Iterator

from django.conf import settings

from apps.core.doctor import Check, Finding, note, problem, well
from apps.extraction.engine.guard import GuardedReader


def reading() -> Iterator[Finding]:
    """Languages found and missing, and which guards this system allows."""
    with GuardedReader(ocr_languages=settings.OCR_LANGUAGES, tessdata=settings.TESSDATA or None) as reader:
        found = ", ".join(reader.languages)
        if reader.missing_languages:
            missing = ", ".join(reader.missing_languages)
            yield problem("OCR languages", f"no data for {missing} (have: {found or 'none'}): set DOCINTEL_TESSDATA")
        else:
            yield well("OCR languages", found)
        guards = reader.guards()
    for name, holds in guards.items():
        label = f"guard: {name.replace('_', ' ')}"
        yield well(label, "holds") if holds else note(label, "not available on this system")


CHECKS: list[Check] = [reading]
