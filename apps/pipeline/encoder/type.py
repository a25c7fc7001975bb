"""Step `type`: what a document is, from its words and the vectors that were stored for search."""

from collections.abc import Sequence

from apps.classification import services as classification
from apps.classification.services.labels import label_of_type
from apps.classification.services.predictions import SeenFeatures
from apps.classification.suggestions.services import suggestions_store
from apps.pipeline.encoder.arms import Cast, cast_of, voices_of
from apps.pipeline.encoder.seen import seen_of
from apps.pipeline.encoder.tags import WorkspaceTags, workspace_tags
from apps.pipeline.outcome import Lease, Outcome
from apps.review.acceptance.settling import TypeFound, types_settle


def execute(leases: Sequence[Lease]) -> list[Outcome]:
    """Type documents one after the other: a head costs next to nothing once the vectors are there."""
    casts = {workspace_id: cast_of(workspace_id) for workspace_id in {lease.workspace_id for lease in leases}}
    tags = {workspace_id: workspace_tags(workspace_id, cast.in_use.head.base) for workspace_id, cast in casts.items()}
    return [_outcome(lease, casts[lease.workspace_id], tags[lease.workspace_id]) for lease in leases]


def _outcome(lease: Lease, cast: Cast, tags: WorkspaceTags | None) -> Outcome:
    voices = voices_of(lease, cast)
    model, seen = voices[0].model, seen_of(lease.reading_id)
    found = [voice.model.predict(seen) for voice in voices]
    why = model.why(seen, found[0].label)
    # Of the head also where another model types: what people confirm is learned by it all the same.
    features = seen.features(cast.in_use.head.base)
    wanted = tags.propose([features])[0] if tags else ()

    def store() -> None:
        classification.prediction_store(
            workspace_id=lease.workspace_id,
            reading_id=lease.reading_id,
            document_id=lease.document_id,
            version=model.version,
            found=found[0],
            features=SeenFeatures(cast.in_use.made_by, features.packed(), why),
            place=voices[0].place,
            is_shown=voices[0].is_shown,
        )
        if not voices[0].is_shown:
            return
        if tags is not None:
            suggestions_store(workspace_id=lease.workspace_id, version=tags.version, found={lease.document_id: wanted})
        for slug in {found[0].label, *(label for label, _ in found[0].alternatives)} - cast.labels:
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
