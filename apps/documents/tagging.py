"""Tags: putting them on documents and taking them off, and keeping what people said of each."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core import outbox
from apps.core.clock import now
from apps.core.errors import NotFoundError, UserError
from apps.documents.models import Document, Tag, TagDecision
from apps.documents.record import record

LONGEST_NAME: Final = 60


class UnknownTagError(UserError):
    """The workspace has no such tag."""

    code = "unknown_tag"


def tags_named(*, workspace_id: UUID, names: Iterable[str]) -> list[Tag]:
    """Return a workspace's tags with these names, made where missing."""
    wanted = {name.strip()[:LONGEST_NAME] for name in names if name.strip()}
    if not wanted:
        return []
    tags = Tag.objects.filter(workspace_id=workspace_id, name__in=wanted)
    missing = sorted(wanted - {tag.name for tag in tags})  # in order: of two who make the same ones one waits
    if missing:
        Tag.objects.bulk_create([Tag(workspace_id=workspace_id, name=name) for name in missing], ignore_conflicts=True)
    return list(tags.all() if missing else tags)


def tags_put(*, document: Document, names: Iterable[str], by: User | None) -> list[Tag]:
    """Put tags on a document beside those it has; returns the new ones. Who comes with tags has said so of each."""
    wanted = tags_named(workspace_id=document.workspace_id, names=names)
    if not wanted:
        return []
    there = set(_tags_of(document))
    added = [tag for tag in wanted if tag not in there]
    document.tags.add(*added)
    _say(document, wanted, by, is_wanted=True)
    return added


def tags_add(*, document: Document, names: Iterable[str], by: User | None) -> None:
    """Put tags on a document that was there before, with an event for each new one.

    The caller holds a transaction. Raises NotFoundError.
    """
    wanted = list(names)
    if not wanted:
        return
    _lock(document)
    added = tags_put(document=document, names=wanted, by=by)
    for tag in added:
        record("document.tag", document, by, {"tag": tag.name})
    if added:
        _tell([document])


@transaction.atomic
def documents_tag(*, documents: Sequence[Document], name: str, by: User) -> int:
    """Add one tag to documents; returns how many are still there."""
    there = _locked(documents)
    for document in there:
        for tag in tags_named(workspace_id=document.workspace_id, names=[name]):
            document.tags.add(tag)
            _say(document, [tag], by, is_wanted=True)
            record("document.tag", document, by, {"tag": tag.name})
    _tell(there)
    return len(there)


def tags_set(*, document: Document, names: Iterable[str], by: User) -> None:
    """Give a document exactly these tags: what is taken off was refused, and no other one is missing.

    The caller holds a transaction and records the change. Raises NotFoundError.
    """
    _lock(document)
    wanted = tags_named(workspace_id=document.workspace_id, names=names)
    dropped = [tag for tag in _tags_of(document) if tag not in wanted]
    document.tags.set(wanted)
    _say(document, wanted, by, is_wanted=True)
    _say(document, dropped, by, is_wanted=False)
    _confirm(document)
    _tell([document])


@transaction.atomic
def tags_decide(
    *,
    document: Document,
    by: User,
    accepted: Collection[str] = (),
    refused: Collection[str] = (),
    forgotten: Collection[str] = (),
    confirmed: bool = False,
) -> None:
    """Record a person's word on tags that the workspace has: they belong on the document, or they do not.

    `forgotten`: nobody has said anything of these any more. `confirmed`: it has all tags it shall have. Raises
    UnknownTagError, and NotFoundError where the document is gone.
    """
    _lock(document)
    tags = _known(document.workspace_id, {*accepted, *refused, *forgotten})
    yes, no = [tags[name] for name in accepted], [tags[name] for name in refused]
    document.tags.add(*yes)
    document.tags.remove(*no, *(tags[name] for name in forgotten))
    TagDecision.objects.filter(document=document, tag__in=[tags[name] for name in forgotten]).delete()
    _say(document, yes, by, is_wanted=True)
    _say(document, no, by, is_wanted=False)
    for tag in yes:
        record("document.tag", document, by, {"tag": tag.name})
    for tag in no:
        record("document.refuse_tag", document, by, {"tag": tag.name})
    for name in forgotten:
        record("document.forget_tag", document, by, {"tag": name})
    if confirmed:
        _confirm(document)
        record("document.confirm_tags", document, by, {})
    _tell([document])


def _lock(document: Document) -> None:
    if not _locked([document]):
        raise NotFoundError("There is no such document.")


def _locked(documents: Sequence[Document]) -> list[Document]:
    """Lock documents before anything that belongs to them, as everybody does; returns those that are still there.

    Of two who say opposite things at once one waits: the tags that a document has, and what was said, are of the last.
    """
    rows = Document.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[each.pk for each in documents])
    there = set(rows.order_by("pk").values_list("pk", flat=True))
    return [document for document in documents if document.pk in there]


def _tags_of(document: Document) -> list[Tag]:
    """Return the tags that a document has by now, whatever the caller has read of it before."""
    return list(Tag.objects.filter(documents=document))


def _known(workspace_id: UUID, names: set[str]) -> dict[str, Tag]:
    found = {tag.name: tag for tag in Tag.objects.filter(workspace_id=workspace_id, name__in=names)}
    if missing := sorted(names - set(found)):
        raise UnknownTagError(f"There is no tag “{missing[0]}” in this workspace.")
    return found


def _say(document: Document, tags: Iterable[Tag], by: User | None, *, is_wanted: bool) -> None:
    """Keep what a person said, in place of what was said before."""
    said = {
        "is_wanted": is_wanted,
        "decided_at": now(),
        "by_id": by.pk if by else None,
        "by_label": str(by) if by else "",
    }
    ordered = sorted(tags, key=lambda tag: tag.pk)  # of two who speak of the same ones one waits
    TagDecision.objects.bulk_create(
        [TagDecision(workspace_id=document.workspace_id, document=document, tag=tag, **said) for tag in ordered],
        update_conflicts=True,
        unique_fields=["document", "tag"],
        update_fields=list(said),
    )


def _confirm(document: Document) -> None:
    document.tags_confirmed_at = now()
    document.save(update_fields=["tags_confirmed_at"])


def _tell(documents: Sequence[Document]) -> None:
    """Tell who learns from it; once for all documents of a workspace."""
    for workspace_id in sorted({document.workspace_id for document in documents}):
        outbox.publish(kind="tags.decided", workspace_id=workspace_id, subject_id=workspace_id)
