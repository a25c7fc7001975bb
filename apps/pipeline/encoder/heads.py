"""The head that types a workspace's documents: the one that ships with docintel and the types people added."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple
from uuid import UUID

from apps.classification.engine.artifact import HeadLabel
from apps.classification.engine.head import TypeHead
from apps.classification.heads import DOCUMENT_TYPE
from apps.classification.models import Label
from apps.classification.selectors import labels_in
from apps.pipeline.encoder.models import encoder

MOST_KEPT: Final = 32  # workspaces whose heads stay in memory


class _Kept(NamedTuple):
    """A workspace's head, and what it was made of."""

    made_of: tuple[tuple[str, ...], ...]
    head: TypeHead


_heads: OrderedDict[UUID, _Kept] = OrderedDict()
_making = threading.Lock()


@cache
def shipped_head() -> TypeHead:
    """Give the head that ships with docintel, loaded once, its hash checked."""
    return TypeHead.load(DOCUMENT_TYPE)


def workspace_head(workspace_id: UUID) -> TypeHead:
    """Give the head of a workspace as it is now; made anew when its types changed."""
    labels = list(labels_in(workspace_id=workspace_id).order_by("id"))
    made_of = tuple((label.slug, label.name, label.description) for label in labels)
    with _making:
        kept = _heads.get(workspace_id)
        if kept is None or kept.made_of != made_of:
            kept = _heads[workspace_id] = _Kept(made_of, _knowing(labels))
        _heads.move_to_end(workspace_id)
        while len(_heads) > MOST_KEPT:
            _heads.popitem(last=False)
    return kept.head


def _knowing(labels: Sequence[Label]) -> TypeHead:
    """Return the shipped head with types that people added, each by its name and sentence."""
    known = {label.slug for label in shipped_head().config.labels}
    new = [label for label in labels if label.slug not in known]
    if not new:
        return shipped_head()
    vectors = encoder().encode([f"{label.name}: {label.description}" for label in new])
    return shipped_head().with_labels([HeadLabel(label.slug, (label.name,), learned=False) for label in new], vectors)
