"""Step `type`: what a document is, from its words and the vectors that were stored for search."""

from collections.abc import Sequence

from apps.classification import services as classification
from apps.classification.engine.document_text import READ_PAGES
from apps.classification.engine.features import DocumentFeatures
from apps.classification.services.labels import label_of_type
from apps.classification.services.predictions import SeenFeatures
from apps.extraction.selectors import page_blocks
from apps.pipeline.encoder.arms import voices_of
from apps.pipeline.encoder.heads import workspace_model
from apps.pipeline.encoder.models import encoder
from apps.pipeline.encoder.typist import Seen
from apps.pipeline.outcome import Lease, Outcome
from apps.pipeline.typed_text import typed_text
from apps.review.acceptance.settling import TypeFound, types_settle
from apps.search.selectors import passages_of


def execute(leases: Sequence[Lease]) -> list[Outcome]:
    """Type documents one after the other: a head costs next to nothing once the vectors are there."""
    return [_outcome(lease) for lease in leases]


def _outcome(lease: Lease) -> Outcome:
    voices = voices_of(lease)
    model, head = voices[0].model, workspace_model(lease.workspace_id)
    seen = Seen(
        passages=passages_of(reading_id=lease.reading_id, model=encoder().model, last_page=READ_PAGES),
        document=typed_text(page_blocks(reading_id=lease.reading_id, first=1, last=READ_PAGES)),
    )
    found = [voice.model.predict(seen) for voice in voices]
    why = model.why(seen, found[0].label)
    # Of the head also where another model types: what people confirm is learned by it all the same.
    features = DocumentFeatures.of(head.head.base, seen.vectors, seen.document.text)

    def store() -> None:
        classification.prediction_store(
            workspace_id=lease.workspace_id,
            reading_id=lease.reading_id,
            document_id=lease.document_id,
            version=model.version,
            found=found[0],
            features=SeenFeatures(head.made_by, features.packed(), why),
            place=voices[0].place,
            is_shown=voices[0].is_shown,
        )
        if not voices[0].is_shown:
            return
        for slug in (found[0].label, *(label for label, _ in found[0].alternatives)):
            label_of_type(workspace_id=lease.workspace_id, slug=slug)
        types_settle(
            workspace_id=lease.workspace_id,
            found=[
                TypeFound(
                    document_id=lease.document_id,
                    label=found[0].label,
                    probability=found[0].confidence,
                    flags=found[0].flags,
                    producer=model.producer,
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
