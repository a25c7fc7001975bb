"""A schema's form: the fields in their order, and what one button of it does to them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.http import QueryDict

from apps.extraction.fields.selectors.schemas import Field, SchemaView
from apps.extraction.fields.services.schemas import FieldDraft, draft_of, key_of_label
from apps.web.fields.editing import text_in

LONGEST_LABEL: Final = 120
LONGEST_DESCRIPTION: Final = 500
MOST_WORDS: Final = 10
_MOVES: Final = {"up": -1, "down": 1}


def drafts_in(data: QueryDict, schema: SchemaView) -> list[FieldDraft]:
    """Return the fields as the form has them: renamed, required or not, those of one's own ticked away left out."""
    drafts = []
    for each in schema.fields:
        if f"label-{each.key}" not in data:  # added by somebody else meanwhile
            drafts.append(draft_of(each))
            continue
        if each.is_user_made and f"remove-{each.key}" in data:
            continue
        drafts.append(_edited(data, each))
    return drafts


def _edited(data: QueryDict, known: Field) -> FieldDraft:
    draft = replace(
        draft_of(known),
        label=text_in(data, f"label-{known.key}")[:LONGEST_LABEL],
        is_required=f"required-{known.key}" in data,
    )
    if not known.is_user_made:
        return draft
    return replace(draft, rule=_with_words(draft, text_in(data, f"words-{known.key}")))


def _with_words(draft: FieldDraft, typed: str) -> dict[str, object]:
    """Return the rule of a field with the words that stand before its value."""
    words = [each.strip() for each in typed.split(",") if each.strip()][:MOST_WORDS]
    rest = {name: value for name, value in draft.rule.items() if name != "labels"}
    return {**rest, "labels": words} if words else rest


def moved(drafts: Sequence[FieldDraft], command: str) -> list[FieldDraft]:
    """Move one field by a place: the command is `up` or `down`, a colon, and its key; others change nothing."""
    direction, _, key = command.partition(":")
    found = list(drafts)
    place = next((index for index, draft in enumerate(found) if draft.key == key), None)
    if place is None or direction not in _MOVES:
        return found
    other = place + _MOVES[direction]
    if 0 <= other < len(found):
        found[place], found[other] = found[other], found[place]
    return found


def added_in(data: QueryDict) -> FieldDraft | None:
    """Return the field that the form adds, if its name was given."""
    label = text_in(data, "new-label")[:LONGEST_LABEL]
    if not label:
        return None
    draft = FieldDraft(
        key=key_of_label(label),
        value_type=text_in(data, "new-kind"),
        label=label,
        description=text_in(data, "new-description")[:LONGEST_DESCRIPTION],
        is_required="new-required" in data,
        is_repeatable="new-repeatable" in data,
    )
    return replace(draft, rule=_with_words(draft, text_in(data, "new-words")))
