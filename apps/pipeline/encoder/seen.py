"""Features of readings for their type: taken from where they were stored, else made of pages and passages."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np

from apps.classification.engine.document_text import READ_PAGES
from apps.classification.engine.features import DocumentFeatures
from apps.classification.engine.head import TypeHead
from apps.classification.selectors import features_of
from apps.classification.services.predictions import features_store
from apps.extraction.selectors import page_blocks
from apps.pipeline.encoder.models import encoder
from apps.pipeline.typed_text import typed_text
from apps.search.selectors import passages_of


def features_now(reading_id: UUID, base: TypeHead) -> DocumentFeatures:
    """Make the features of a reading from its stored pages and the vectors of its passages."""
    passages = passages_of(reading_id=reading_id, model=encoder().model, last_page=READ_PAGES)
    vectors = [passage.vector for passage in passages]
    document = typed_text(page_blocks(reading_id=reading_id, first=1, last=READ_PAGES))
    return DocumentFeatures.of(base, np.asarray(vectors, dtype=np.float32), document.text)


def features_for(reading_ids: Sequence[UUID], base: TypeHead, *, made_by: str) -> list[DocumentFeatures]:
    """Return the features of readings in their order; those that others made, or nobody, are made and kept."""
    stored = features_of(reading_ids=reading_ids, made_by=made_by)
    found = {pk: DocumentFeatures.unpacked(data) for pk, data in stored.items()}
    made = {pk: features_now(pk, base) for pk in reading_ids if pk not in found}
    if made:
        features_store(made_by=made_by, data={pk: features.packed() for pk, features in made.items()})
    found |= made
    return [found[pk] for pk in reading_ids]
