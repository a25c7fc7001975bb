"""Horizontal rules of tables without upright lines: they end the head, part its rows and show what a head spans."""

from collections.abc import Sequence
from typing import NamedTuple

from apps.extraction.engine.edges import Edge

_SAME_RULE_PT = 2.0
_JOINT_PT = 1.0  # rules that are drawn cell by cell touch; those under two heads stand apart
_SHORTEST_PT = 10.0
_FULL = 0.8  # of a table's width


class Rule(NamedTuple):
    """The level lines at one height: their height and where each begins and ends, in points."""

    y: float
    parts: tuple[tuple[float, float], ...]

    def is_full(self, x0: float, x1: float) -> bool:
        """Whether it runs under (nearly) all of a width."""
        covered = sum(max(0.0, min(end, x1) - max(start, x0)) for start, end in self.parts)
        return covered >= _FULL * (x1 - x0)


def rules_of(edges: Sequence[Edge]) -> list[Rule]:
    """Return the level lines among edges, from the top, as rules."""
    level = [edge for edge in edges if edge.is_horizontal and edge.x1 - edge.x0 >= _SHORTEST_PT]
    heights: list[list[Edge]] = []
    for edge in sorted(level, key=lambda edge: edge.top):
        if heights and edge.top - heights[-1][0].top <= _SAME_RULE_PT:
            heights[-1].append(edge)
        else:
            heights.append([edge])
    return [Rule(group[0].top, _joined(group)) for group in heights]


def _joined(edges: list[Edge]) -> tuple[tuple[float, float], ...]:
    parts: list[tuple[float, float]] = []
    for edge in sorted(edges, key=lambda edge: edge.x0):
        if parts and edge.x0 - parts[-1][1] <= _JOINT_PT:
            parts[-1] = (parts[-1][0], max(parts[-1][1], edge.x1))
        else:
            parts.append((edge.x0, edge.x1))
    return tuple(parts)
