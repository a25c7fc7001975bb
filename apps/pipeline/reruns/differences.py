"""What differs between two readings' values, and how often each agrees with what people said."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What became of a value."""

    SAME = "same"
    CHANGED = "changed"
    GAINED = "gained"
    LOST = "lost"


class Told(NamedTuple):
    """A value as it is compared, and as people see it."""

    key: str
    value: str
    shown: str


class Difference(NamedTuple):
    """A value before and after; None where there was none."""

    key: str
    kind: Kind
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Agreement:
    """Of so many fields that people decided, on how many each reading says the same."""

    decided: int
    before: int
    after: int


def differences(before: Iterable[Told], after: Iterable[Told]) -> list[Difference]:
    """Return what became of every value, by key: equal ones are matched, then the others in their order."""
    was, became = _by_key(before), _by_key(after)
    found: list[Difference] = []
    for key in sorted({*was, *became}):
        found += _of_key(key, was.get(key, []), became.get(key, []))
    return found


def _of_key(key: str, was: Sequence[Told], became: Sequence[Told]) -> list[Difference]:
    common = Counter(each.value for each in was) & Counter(each.value for each in became)
    same, lost = _taken(was, common)
    _, gained = _taken(became, common)
    found = [Difference(key, Kind.SAME, each.shown, each.shown) for each in same]
    paired = min(len(lost), len(gained))
    found += [
        Difference(key, Kind.CHANGED, one.shown, other.shown)
        for one, other in zip(lost[:paired], gained[:paired], strict=True)
    ]
    found += [Difference(key, Kind.LOST, each.shown, None) for each in lost[paired:]]
    found += [Difference(key, Kind.GAINED, None, each.shown) for each in gained[paired:]]
    return found


def _taken(values: Sequence[Told], common: Counter[str]) -> tuple[list[Told], list[Told]]:
    """Part values into those that are common, each as often as it is, and the rest."""
    left, same, rest = Counter(common), [], []
    for each in values:
        if left[each.value]:
            left[each.value] -= 1
            same.append(each)
        else:
            rest.append(each)
    return same, rest


def agreement(before: Iterable[Told], after: Iterable[Told], decided: Mapping[str, frozenset[str]]) -> Agreement:
    """Compare both with what people decided: the values of each key, none where they said that there is none."""
    was, became = _by_key(before), _by_key(after)

    def agrees(found: Mapping[str, Sequence[Told]], key: str) -> bool:
        said, wanted = {each.value for each in found.get(key, ())}, decided[key]
        return wanted <= said if wanted else not said

    return Agreement(
        len(decided), sum(agrees(was, key) for key in decided), sum(agrees(became, key) for key in decided)
    )


def _by_key(values: Iterable[Told]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = defaultdict(list)
    for each in values:
        found[each.key].append(each)
    return found
