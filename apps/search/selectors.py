"""Reading the index."""

from uuid import UUID

from apps.search.models import Chunk


def passage_vectors(*, reading_id: UUID, model: str) -> list[list[float]]:
    """Return the vectors of a reading's passages in reading order."""
    chunks = Chunk.objects.filter(reading_id=reading_id, model=model).order_by("page_number", "start")
    return [vector.to_list() for vector in chunks.values_list("vector", flat=True)]
