"""The types that people add to a workspace by a name and a sentence: adding, changing, retiring."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.classification.engine.labels import slug_of_own
from apps.classification.models import Label, RefitCause
from apps.classification.selectors import BUILT_IN, labels_in
from apps.classification.services.refits import refit_request
from apps.core import audit
from apps.core.errors import ConflictError, UserError
from apps.core.generations import bump_on_commit

MOST_LABELS: Final = 200
_LONGEST_NAME: Final = 60
_LONGEST_DESCRIPTION: Final = 300


class InvalidLabelError(UserError):
    """A type has no usable name or description."""

    code = "invalid_label"


class LabelExistsError(ConflictError):
    """A type is there already."""

    code = "label_exists"


@dataclass(frozen=True)
class LabelDraft:
    """A type as somebody wants it."""

    name: str
    description: str


@transaction.atomic
def label_create(*, workspace_id: UUID, draft: LabelDraft, by: User) -> Label:
    """Add a type. Documents are recognised as one by its sentence from now on, those that nobody confirmed too.

    Raises InvalidLabelError or LabelExistsError.
    """
    draft = _checked(draft)
    slug = slug_of_own(draft.name)
    if slug in BUILT_IN:
        raise LabelExistsError(f"“{draft.name}” is built in.")
    if labels_in(workspace_id=workspace_id).count() >= MOST_LABELS:
        raise LabelExistsError(f"A workspace has at most {MOST_LABELS} types of its own.")
    try:
        with transaction.atomic():
            label = Label.objects.create(
                workspace_id=workspace_id, slug=slug, name=draft.name, description=draft.description
            )
    except IntegrityError as error:
        raise LabelExistsError(f"This workspace has a type “{slug}” already, perhaps a retired one.") from error
    _record("label.create", label, by)
    _look_again(workspace_id, by)
    return label


def label_of_type(*, workspace_id: UUID, slug: str) -> None:
    """Have a label for a type that came by its fields alone, so that it can be learned; its name is its sentence."""
    if slug not in BUILT_IN:
        title = slug.replace("_", " ").replace("-", " ").capitalize()
        Label.objects.get_or_create(
            workspace_id=workspace_id, slug=slug, defaults={"name": title, "description": title}
        )


@transaction.atomic
def label_edit(*, label: Label, draft: LabelDraft, by: User) -> Label:
    """Change a type's name and sentence; its slug, which documents and programs know it by, stays."""
    draft = _checked(draft)
    label.name, label.description = draft.name, draft.description
    label.save(update_fields=["name", "description"])
    _record("label.edit", label, by)
    _look_again(label.workspace_id, by)
    return label


@transaction.atomic
def label_retire(*, label: Label, by: User, retired: bool = True) -> Label:
    """Propose a type no longer, or again; documents keep it, and its examples are not learned from meanwhile."""
    label.is_retired = retired
    label.save(update_fields=["is_retired"])
    _record("label.retire" if retired else "label.restore", label, by)
    _look_again(label.workspace_id, by)
    return label


def _look_again(workspace_id: UUID, by: User) -> None:
    """Have documents that nobody confirmed typed with the types there are now; not where a configured model types."""
    if not settings.TYPE_MODEL:
        refit_request(workspace_id=workspace_id, cause=RefitCause.TYPES, by=by)


def _checked(draft: LabelDraft) -> LabelDraft:
    name, description = " ".join(draft.name.split()), " ".join(draft.description.split())
    if not slug_of_own(name) or len(name) > _LONGEST_NAME:
        raise InvalidLabelError(f"A type needs a name of letters or digits, of at most {_LONGEST_NAME} characters.")
    if not description or len(description) > _LONGEST_DESCRIPTION:
        raise InvalidLabelError(
            f"Say in one sentence, of at most {_LONGEST_DESCRIPTION} characters, what such a document is."
        )
    return LabelDraft(name, description)


def _record(action: str, label: Label, by: User) -> None:
    bump_on_commit(label.workspace_id)
    audit.record(
        action=action,
        object_kind="label",
        object_id=label.pk,
        workspace_id=label.workspace_id,
        actor=by,
        data={"slug": label.slug, "name": label.name, "description": label.description},
    )
