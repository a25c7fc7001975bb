"""Step `type`: what a document is, from its words and the vectors that were stored for search."""

from collections.abc import Sequence

import numpy as np

from apps.classification import services as classification
from apps.classification.engine.document_text import READ_PAGES
from apps.classification.engine.features import DocumentFeatures
from apps.classification.services.predictions import SeenFeatures
from apps.extraction.selectors import page_blocks
from apps.pipeline.encoder.arms import voices_of
from apps.pipeline.encoder.heads import base_name
from apps.pipeline.encoder.models import encoder
from apps.pipeline.encoder.why import explained
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.typed_text import typed_text
from apps.review.acceptance.settling import TypeFound, types_settle
from apps.search.selectors import passages_of


def execute(leases: Sequence[Lease]) -> list[Outcome]:
    """Type documents one after the other: a head costs next to nothing once the vectors are there."""
    return [_outcome(lease) for lease in leases]


def _outcome(lease: Lease) -> Outcome:
    voices = voices_of(lease)
    model = voices[0].model
    passages = passages_of(reading_id=lease.reading_id, model=encoder().model, last_page=READ_PAGES)
    vectors = np.asarray([passage.vector for passage in passages], dtype=np.float32)
    document = typed_text(page_blocks(reading_id=lease.reading_id, first=1, last=READ_PAGES))
    found = [voice.model.head.predict(vectors, document.text) for voice in voices]
    why = explained(model.head, passages, document.text, found[0].label)
    seen = DocumentFeatures.of(model.head.base, vectors, document.text)

    def store() -> None:
        classification.prediction_store(
            workspace_id=lease.workspace_id,
            reading_id=lease.reading_id,
            document_id=lease.document_id,
            version=model.version,
            found=found[0],
            features=SeenFeatures(model.made_by, seen.packed(), why),
            place=voices[0].place,
            is_shown=voices[0].is_shown,
        )
        if not voices[0].is_shown:
            return
        types_settle(
            workspace_id=lease.workspace_id,
            found=[
                TypeFound(
                    document_id=lease.document_id,
                    label=found[0].label,
                    probability=found[0].confidence,
                    flags=found[0].flags,
                    producer=base_name(model.head.base),
                )
            ],
        )
        for voice, said in zip(voices[1:], found[1:], strict=True):
            if voice.place is not None:
                classification.shadow_store(
                    workspace_id=lease.workspace_id,
                    reading_id=lease.reading_id,
                    version=voice.model.version,
                    found=said,
                    place=voice.place,
                )

    return Outcome(store=store)
