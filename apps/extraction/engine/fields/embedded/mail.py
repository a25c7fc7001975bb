"""What a mail's headers say: who sent it, and on which day."""

from datetime import datetime
from typing import Any, Final

from apps.extraction.engine.containers import MSG
from apps.extraction.engine.fields.embedded.values import embedded
from apps.extraction.engine.fields.types import FieldReading
from apps.extraction.engine.identify import MAIL

MEDIA_TYPES: Final = frozenset({MAIL, MSG})
PRODUCER: Final = "mail-headers-1"


def values_of(media_type: str, metadata: dict[str, Any]) -> list[FieldReading]:
    """Return `sender` and `document_date`, as far as the headers name them; none for other kinds of files."""
    if media_type not in MEDIA_TYPES:
        return []
    sender, moment = str(metadata.get("author") or "").strip(), str(metadata.get("created_at") or "")
    values = [embedded("sender", sender, "text", sender, producer=PRODUCER)] if sender else []
    try:
        day = datetime.fromisoformat(moment).date().isoformat()
    except ValueError:
        return values
    return [*values, embedded("document_date", day, "date", moment, producer=PRODUCER)]
