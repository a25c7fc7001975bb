"""The step table: what is done to a document, in which order, by which workers, in parts of what size."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Step:
    """One row: `after` names the steps whose parts must all have ended before this one is laid out."""

    name: str
    queue: str
    after: tuple[str, ...]
    rank: int  # within a lane: the lower, the earlier
    pages_per_part: int  # so that a part lasts at most about five seconds, and a new upload seldom waits that long
    handler: str  # dotted path of the function that executes a part


STEPS: Final = (
    Step("read", "reading", (), 0, 32, "apps.pipeline.steps.read.execute"),
    Step("children", "reading", ("read",), 3, 25, "apps.pipeline.steps.children.execute"),
    Step("ocr", "reading", ("read",), 1, 1, "apps.pipeline.steps.ocr.execute"),
    Step("tables", "reading", ("ocr",), 2, 4, "apps.pipeline.steps.tables.execute"),
    # Not before reading and recognition: being searchable comes first (35 pages a second so, 44 in this order).
    Step("layout", "reading", ("tables",), 2, 64, "apps.pipeline.steps.layout.execute"),
    Step("bundle", "reading", ("layout",), 4, 1_000, "apps.pipeline.steps.bundle.execute"),
    Step("embed", "encoder", ("layout",), 1, 64, "apps.pipeline.encoder.embed.execute"),
    Step("type", "encoder", ("embed",), 0, 1_000_000, "apps.pipeline.encoder.type.execute"),
    # Nobody waits for it: after all other work of its lane.
    Step("entities", "encoder", ("layout",), 5, 4, "apps.pipeline.encoder.entities.execute"),
    Step("fields", "reading", ("type",), 3, 1_000_000, "apps.pipeline.steps.fields.execute"),
)
BY_NAME: Final = {step.name: step for step in STEPS}
QUEUES: Final = tuple(dict.fromkeys(step.queue for step in STEPS))

INTERACTIVE: Final = 0
BULK: Final = 2
RANKS_PER_LANE: Final = 10


def priority(step: Step, lane: int) -> int:
    """Return a part's priority: lanes first, then the step's rank; lower is sooner."""
    return lane * RANKS_PER_LANE + step.rank


def parts(step: Step, *, first: int, last: int) -> list[dict[str, int]]:
    """Cut a range of pages into the inputs of a step's parts."""
    size = step.pages_per_part
    return [{"first": start, "last": min(start + size - 1, last)} for start in range(first, last + 1, size)]
