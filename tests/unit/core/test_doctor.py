"""The report goes on when a check fails, and every app's checks are found."""

from collections.abc import Iterator

from apps.core.doctor import Finding, State, discover, examine, note, well


def fine() -> Iterator[Finding]:
    yield well("fine", "as it should be")


def broken_part() -> Iterator[Finding]:
    yield note("half", "way")
    raise OSError("no such disk")


def test_a_failing_check_is_a_problem_and_stops_no_other() -> None:
    findings = list(examine([("broken_part", broken_part), ("fine", fine)]))
    assert [(finding.subject, finding.state) for finding in findings] == [
        ("half", State.NOTE),
        ("broken part", State.PROBLEM),
        ("fine", State.WELL),
    ]
    assert "no such disk" in findings[1].detail


def test_checks_of_all_apps_are_found() -> None:
    names = {name for name, _ in discover()}
    assert {"python", "database", "broker", "processes", "reading", "encoder_files"} <= names
