"""Storing mentions; finding, naming and merging the organisations behind them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core import audit
from apps.core.errors import ConflictError, UserError
from apps.core.generations import bump_on_commit
from apps.documents.models import Reading
from apps.extraction.engine.entities.types import EntityReading
from apps.extraction.entities.names import LONGEST_NAME, alias_key
from apps.extraction.models import Entity, FieldValue, Organisation, OrganisationAlias

ORGANISATION: Final = "organization"
LONGEST_KIND: Final = 20


class EmptyNameError(UserError):
    """A name without a letter or digit names nothing."""

    code = "empty_name"
    message = "Give a name with at least two letters or digits."


class SameOrganisationError(ConflictError):
    """Two organisations of a merge are one already."""

    code = "same_organisation"
    message = "These are the same organisation already."


def organisations_named(*, workspace_id: UUID, names: Iterable[str]) -> dict[str, UUID]:
    """Return the organisations of names by name, made where a name is new; names that say nothing are left out.

    The caller holds a transaction. Of two who bring the same new name one waits for the other.
    """
    keys = {name: alias_key(name) for name in names}
    wanted = {key: name for name, key in keys.items() if key}
    known = _known(workspace_id, wanted)
    new = {key: wanted[key] for key in sorted(wanted) if key not in known}  # in order: nobody waits in a circle
    if new:
        _make(workspace_id, new)
        known = _known(workspace_id, wanted)
    return {name: known[key] for name, key in keys.items() if key in known}


def _known(workspace_id: UUID, keys: Iterable[str]) -> dict[str, UUID]:
    aliases = OrganisationAlias.objects.filter(workspace_id=workspace_id, key__in=list(keys))
    return dict(aliases.values_list("key", "organisation_id"))


def _make(workspace_id: UUID, names: Mapping[str, str]) -> None:
    made = {key: Organisation(workspace_id=workspace_id, name=name[:LONGEST_NAME]) for key, name in names.items()}
    Organisation.objects.bulk_create(made.values())
    OrganisationAlias.objects.bulk_create(
        [
            OrganisationAlias(workspace_id=workspace_id, organisation=made[key], text=name[:LONGEST_NAME], key=key)
            for key, name in names.items()
        ],
        ignore_conflicts=True,
    )
    ids = [organisation.pk for organisation in made.values()]  # somebody else's name of the same key came first
    Organisation.objects.filter(pk__in=ids, aliases__isnull=True).delete()


def entities_store(*, reading: Reading, first: int, last: int, rows: Sequence[EntityReading]) -> None:
    """Store the mentions of a range of pages in place of those that were there. The caller holds a transaction."""
    Entity.objects.filter(reading=reading, page_number__gte=first, page_number__lte=last).delete()
    names = {row.value for row in rows if row.kind == ORGANISATION}
    organisations = organisations_named(workspace_id=reading.workspace_id, names=names)
    Entity.objects.bulk_create(
        Entity(
            workspace_id=reading.workspace_id,
            reading=reading,
            kind=row.kind[:LONGEST_KIND],
            text=row.text.replace("\x00", ""),
            value=row.value.replace("\x00", ""),
            page_number=row.page,
            box=list(row.box) if row.box else None,
            confidence=row.confidence,
            organisation_id=organisations.get(row.value) if row.kind == ORGANISATION else None,
        )
        for row in rows
    )


@transaction.atomic
def organisation_rename(*, organisation: Organisation, name: str, by: User) -> Organisation:
    """Give an organisation another name; it is still found by the old one. Raises EmptyNameError or ConflictError."""
    name = " ".join(name.split())[:LONGEST_NAME]
    key = alias_key(name)
    if not key:
        raise EmptyNameError
    alias, _ = OrganisationAlias.objects.get_or_create(
        workspace_id=organisation.workspace_id,
        key=key,
        defaults={"organisation": organisation, "text": name},
    )
    if alias.organisation_id != organisation.pk:
        raise ConflictError("Another organisation has this name. Merge the two.", code="name_taken")
    before, organisation.name = organisation.name, name
    organisation.save(update_fields=["name"])
    _record("organisation.rename", organisation, by, {"before": before, "after": name})
    return organisation


@transaction.atomic
def organisation_merge(*, organisation: Organisation, into: Organisation, by: User) -> Organisation:
    """Make one organisation of two: all ways to write the first, and all that names it, belong to the second.

    Remembered: later documents that name the first find the second. Raises SameOrganisationError.
    """
    if organisation.pk == into.pk or organisation.workspace_id != into.workspace_id:
        raise SameOrganisationError
    both = Organisation.objects.select_for_update().filter(pk__in=[organisation.pk, into.pk]).order_by("pk")
    if any(each.merged_into_id for each in both):
        raise SameOrganisationError
    OrganisationAlias.objects.filter(organisation=organisation).update(organisation=into)
    Entity.objects.filter(organisation=organisation).update(organisation=into)
    FieldValue.objects.filter(organisation=organisation).update(organisation=into)
    Organisation.objects.filter(merged_into=organisation).update(merged_into=into)
    organisation.merged_into = into
    organisation.save(update_fields=["merged_into"])
    _record("organisation.merge", organisation, by, {"name": organisation.name, "into": str(into.pk)})
    return into


def _record(action: str, organisation: Organisation, by: User, data: dict[str, Any]) -> None:
    bump_on_commit(organisation.workspace_id)
    audit.record(
        action=action,
        object_kind="organisation",
        object_id=organisation.pk,
        workspace_id=organisation.workspace_id,
        actor=by,
        data=data,
    )
