"""The model process of a run of `analyze`, and the stages that ask it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from apps.pipeline.analyze.entities_stage import ModelEntities, NoEntities
from apps.pipeline.analyze.model_stages import ModelStages
from apps.pipeline.analyze.typing_stage import ModelTyping, NoTyping

if TYPE_CHECKING:
    from apps.classification.runtime.typing import TypeProcess


@dataclass(frozen=True)
class Models:
    """The stages that models answer, and the process behind them, if any of them is asked for."""

    stages: ModelStages
    process: "TypeProcess | None" = None

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.close()


def start_models(*, skip: Collection[str], threads: int) -> Models:
    """Return the stages for a run; their process has a thread for each job that may wait for it.

    It loads its models while the first files are read. Nothing of them is imported when both stages are skipped.
    """
    wants_type, wants_entities = "type" not in skip, "entities" not in skip
    if not (wants_type or wants_entities):
        return Models(ModelStages(NoTyping(), NoEntities()))
    from apps.classification.heads import DOCUMENT_TYPE, ENTITIES  # noqa: PLC0415  (110 ms with NumPy)
    from apps.classification.runtime.typing import TypeProcess  # noqa: PLC0415  (as above)

    entities = settings.ENTITIES_MODEL or str(ENTITIES)
    process = TypeProcess(
        DOCUMENT_TYPE,
        encoder=settings.ENCODER,
        entities=entities if wants_entities else None,
        type_model=settings.TYPE_MODEL,
        threads=threads,
        device=settings.DEVICE,
    )
    process.start()
    typing = ModelTyping(process) if wants_type else NoTyping()
    return Models(ModelStages(typing, ModelEntities(process) if wants_entities else NoEntities()), process)
