"""The stages that models answer. No Django: a job process has them too."""

from typing import NamedTuple

from apps.pipeline.analyze.entities_stage import EntitiesStage
from apps.pipeline.analyze.typing_stage import TypingStage


class ModelStages(NamedTuple):
    """Who is asked for types and who for mentions of names."""

    typing: TypingStage
    entities: EntitiesStage
