"""The design system's tags."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone

from apps.web.looks import file_look
from apps.web.templatetags.ui import initials


def render(tag: str, **context: object) -> str:
    return Template("{% load ui %}" + tag).render(Context(context))


@pytest.mark.parametrize(
    ("status", "words", "tone"),
    [
        ("queued", "Queued", 'class="pill"'),
        ("PROCESSING", "Processing", "pill-info"),
        ("succeeded", "Done", "pill-ok"),
        ("partial", "Partly read", "pill-warn"),
        ("failed", "Failed", "pill-bad"),
        ("brand_new", "brand_new", 'class="pill"'),
    ],
)
def test_status_says_itself_in_words_icon_and_tone(status: str, words: str, tone: str) -> None:
    html = render("{% status_badge status %}", status=status)
    assert words in html
    assert tone in html
    assert "<use href=" in html


@pytest.mark.parametrize(
    ("value", "words", "level"),
    [
        (0.973, "97 %", "is-high"),
        (0.62, "62 %", "is-medium"),
        (0.12, "12 %", "is-low"),
        (0.999, "99 %", "is-high"),
        (0.001, "1 %", "is-low"),
        (1.0, "100 %", "is-high"),
        (0.0, "0 %", "is-low"),
    ],
)
def test_confidence_never_overstates(value: float, words: str, level: str) -> None:
    html = render("{% confidence value %}", value=value)
    assert words in html
    assert level in html


def test_confidence_that_was_not_measured_shows_no_number() -> None:
    html = render("{% confidence value %}", value=None)
    assert "not measured" in html
    assert "%" not in html


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Alice Archer", "AA"), ("bob", "b"), ("charlie.day@example.org", "cd"), ("", "?"), ("@", "?")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/pdf", "pdf"),
        ("image/tiff", "image"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "word"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "sheet"),
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "slides"),
        ("text/html", "html"),
        ("text/csv", "sheet"),
        ("text/plain", "text"),
        ("message/rfc822", "mail"),
        ("application/zip", "archive"),
        ("application/x-unheard-of", "unknown"),
        ("", "unknown"),
    ],
)
def test_kind_of_file(media_type: str, kind: str) -> None:
    assert file_look(media_type) == kind


def test_relative_time() -> None:
    moment = timezone.now() - timedelta(minutes=3)
    html = render("{% relative_time moment %}", moment=moment)
    assert "3\xa0minutes ago" in html
    assert f'datetime="{moment.isoformat()}"' in html
    assert render("{% relative_time moment %}", moment=None).strip() == "never"
    assert "just now" in render("{% relative_time moment %}", moment=datetime.now(UTC))


def test_type_badge_reads_like_words() -> None:
    assert "Court document" in render("{% type_badge slug %}", slug="court_document")
    assert "Not typed yet" in render("{% type_badge slug %}", slug=None)
    assert "Delivery note" in render("{% type_badge 'dn' 'Delivery note' %}")


class Example(forms.Form):
    name = forms.CharField(help_text="As on the door.")
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)
    agreed = forms.BooleanField()
    tags = forms.MultipleChoiceField(choices=[("x", "X"), ("y", "Y")], widget=forms.CheckboxSelectMultiple)


def test_field_ties_label_help_and_errors_to_the_input() -> None:
    html = render("{% field form.name %}", form=Example({}))
    assert '<label class="form-label" for="id_name">' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_field_fits_the_widget() -> None:
    assert "(optional)" in render("{% field form.kind %}", form=Example())
    assert 'class="form-select"' in render("{% field form.kind %}", form=Example())
    assert 'class="form-check-input"' in render("{% field form.agreed %}", form=Example())
    choices = render("{% field form.tags %}", form=Example())
    assert "<legend>Tags</legend>" in choices
    assert choices.count('class="form-check-input"') == 2


def test_icon_is_hidden_unless_named() -> None:
    assert 'aria-hidden="true"' in render("{% icon 'lock' %}")
    assert 'role="img" aria-label="Private &amp; safe"' in render(
        "{% icon 'lock' label=words %}", words="Private & safe"
    )
