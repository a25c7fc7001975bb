"""What machines say, as things that can be drawn, checked and accepted."""

from dataclasses import dataclass
from uuid import UUID

TYPE = ""  # the key of what is said of the type itself
TAKEN_BACK = "acceptance"  # the subject of a correction that takes an acceptance back; of a field with its key behind
Place = tuple[UUID, str, int]  # document, field ("" for the type), place among a field's values


@dataclass(frozen=True)
class Subject:
    """What a certificate is about: a type as a model tells it (key ""), or a field of documents of a type."""

    document_type: str
    key: str = TYPE


@dataclass(frozen=True)
class Item:
    """One thing that a machine said of a document: its type, or one of its values."""

    document_id: UUID
    subject: Subject
    score: float | None
    producer: str
    is_clean: bool  # no flag, warning, failed check, missing support or experiment stands against it
    position: int = 0

    @property
    def place(self) -> Place:
        """Where a check of it belongs, whatever the value is now."""
        return (self.document_id, self.subject.key, self.position)

    @property
    def is_eligible(self) -> bool:
        """Whether it is one of those that a certificate speaks of: what cannot be accepted is not sampled either."""
        return self.score is not None and self.is_clean and bool(self.subject.document_type)
