"""The fields of a fillable form, with what was filled in."""

from typing import Literal, TypeAlias

import pikepdf
from pikepdf import AcroFormField

from apps.extraction.engine.geometry import PageFrame
from apps.extraction.engine.readers.pdf.objects import box_of, entry, text_of
from apps.extraction.engine.text import clean
from apps.extraction.engine.types import FormField

Kind: TypeAlias = Literal["text", "checkbox", "radio", "choice", "signature"]
_MOST_CHARACTERS = 10_000
_OFF = "Off"


def field_of(form: pikepdf.AcroForm, widget: pikepdf.Object, number: int, frame: PageFrame) -> FormField | None:
    """Return the field a widget on page `number` shows; None for buttons, and for the unchosen ones of a group."""
    field = form.get_field_for_annotation(pikepdf.Annotation(widget))
    kind = _kind_of(field)
    if kind is None:
        return None
    state = text_of(widget.get("/AS")) or _OFF
    if kind == "radio" and text_of(field.value) not in {"", _OFF} and state == _OFF:
        return None
    name = clean(field.fully_qualified_name)[:_MOST_CHARACTERS]
    value = clean(_value_of(field, kind, state))[:_MOST_CHARACTERS].strip()
    return FormField(name=name, kind=kind, value=value, page=number, box=box_of(widget, frame))


def _kind_of(field: AcroFormField) -> Kind | None:
    if field.is_checkbox:
        return "checkbox"
    if field.is_radio_button:
        return "radio"
    if field.is_choice:
        return "choice"
    if field.is_text:
        return "text"
    return "signature" if field.field_type == "/Sig" else None


def _value_of(field: AcroFormField, kind: Kind, state: str) -> str:
    value = field.value
    if kind == "checkbox":
        chosen = state if state != _OFF else text_of(value) or _OFF
        return "false" if chosen == _OFF else "true"
    if kind == "radio":
        return "" if text_of(value) == _OFF else text_of(value)
    if kind == "choice":
        shown = _options_of(field)
        chosen_ones = list(value) if isinstance(value, pikepdf.Array) else [value]
        return "; ".join(shown.get(text_of(each), text_of(each)) for each in chosen_ones)
    if kind == "signature":
        return (text_of(value.get("/Name")) or "signed") if isinstance(value, pikepdf.Dictionary) else ""
    return text_of(value) or field.value_as_string


def _options_of(field: AcroFormField) -> dict[str, str]:
    """Return what a choice shows for each value it stores, where the two differ."""
    rows = entry(field.obj, "/Opt", pikepdf.Array) or ()
    pairs = [list(row) for row in rows if isinstance(row, pikepdf.Array) and len(row) == 2]
    return {text_of(stored): text_of(told) for stored, told in pairs}
