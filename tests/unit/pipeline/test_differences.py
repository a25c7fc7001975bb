"""What became of values from one reading to the next, and agreement with people."""

import pytest

from apps.pipeline.reruns.differences import Agreement, Kind, Told, agreement, differences


def told(*pairs: tuple[str, str]) -> list[Told]:
    return [Told(key, value, value) for key, value in pairs]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([("total", "1")], [("total", "1")], [("total", Kind.SAME, "1", "1")]),
        ([("total", "1")], [("total", "2")], [("total", Kind.CHANGED, "1", "2")]),
        ([], [("total", "2")], [("total", Kind.GAINED, None, "2")]),
        ([("total", "1")], [], [("total", Kind.LOST, "1", None)]),
        (
            [("party", "A"), ("party", "B")],
            [("party", "B"), ("party", "C"), ("party", "D")],
            [
                ("party", Kind.SAME, "B", "B"),
                ("party", Kind.CHANGED, "A", "C"),
                ("party", Kind.GAINED, None, "D"),
            ],
        ),
        ([("a", "1"), ("a", "1")], [("a", "1")], [("a", Kind.SAME, "1", "1"), ("a", Kind.LOST, "1", None)]),
    ],
)
def test_differences(
    before: list[tuple[str, str]], after: list[tuple[str, str]], expected: list[tuple[object, ...]]
) -> None:
    assert [tuple(each) for each in differences(told(*before), told(*after))] == expected


def test_agreement_with_what_people_decided() -> None:
    decided = {"total": frozenset({"2"}), "due_date": frozenset[str](), "party": frozenset({"A", "B"})}
    before = told(("total", "1"), ("due_date", "today"), ("party", "A"), ("party", "B"), ("party", "C"))
    after = told(("total", "2"), ("party", "A"))
    assert agreement(before, after, decided) == Agreement(decided=3, before=1, after=2)
