"""`manage.py doctor` on real servers."""

import io

import pytest
from django.core.management import call_command
from django.test import override_settings


@pytest.mark.django_db
def test_everything_this_machine_has_is_well() -> None:
    output = io.StringIO()
    call_command("doctor", stdout=output)
    report = output.getvalue()
    for subject in ("Python", "database", "schema", "broker", "OCR languages", "encoder"):
        assert any(line.startswith(f" ok   {subject}") for line in report.splitlines()), report
    assert "0 problems" in report


@pytest.mark.django_db
def test_a_missing_language_is_a_problem_with_its_remedy() -> None:
    output = io.StringIO()
    with override_settings(OCR_LANGUAGES=["eng", "xxx"]), pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=output)
    assert ended.value.code == 1
    assert "no data for xxx (have: eng): set DOCINTEL_TESSDATA" in output.getvalue()
