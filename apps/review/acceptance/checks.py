"""The spot checks of documents: those that are there, and bringing them up to what is said now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from apps.review.acceptance.items import TYPE, Item, Place
from apps.review.models import SpotCheck, SpotCheckKind

Check = tuple[Place, UUID, SpotCheckKind]  # which certificate's, and what it was drawn from


@dataclass(frozen=True)
class KnownChecks:
    """The checks of some documents: those that people have made, and those that wait for them."""

    judged: set[Check] = field(default_factory=set)
    waiting: dict[tuple[Place, SpotCheckKind], SpotCheck] = field(default_factory=dict)
    sampled: set[tuple[UUID, str]] = field(default_factory=set)  # documents' fields that wait as a sample

    def has_sample(self, item: Item) -> bool:
        """Tell whether an item's field was drawn, whatever its score, and nobody has looked at all of it yet."""
        return (item.document_id, item.subject.key) in self.sampled


def known_checks(*, document_ids: Iterable[UUID], of_types: bool) -> KnownChecks:
    """Return the checks of documents' types, or those of their values."""
    rows = SpotCheck.objects.filter(document_id__in=list(document_ids)).select_related("certificate").order_by("id")
    known = KnownChecks()
    for row in rows.filter(certificate__key=TYPE) if of_types else rows.exclude(certificate__key=TYPE):
        if row.document_id is None:
            continue
        place, kind = (row.document_id, row.certificate.key, row.position), SpotCheckKind(row.kind)
        if row.judged_at is None:
            known.waiting[(place, kind)] = row
            if kind == SpotCheckKind.SAMPLE:
                known.sampled.add(place[:2])
        else:
            known.judged.add((place, row.certificate_id, kind))
    return known


def checks_write(*, workspace_id: UUID, known: KnownChecks, wanted: Mapping[Check, Item]) -> None:
    """Write down what was drawn. What nobody has looked at yet follows what is said now, or goes with it."""
    waiting = dict(known.waiting)
    changed: list[SpotCheck] = []
    new: list[SpotCheck] = []
    for (place, certificate_id, kind), item in wanted.items():
        if (place, certificate_id, kind) in known.judged or item.score is None:
            continue
        row = waiting.pop((place, kind), None)
        (changed if row else new).append(_said_of(item, certificate_id, kind, row, workspace_id))
    SpotCheck.objects.filter(pk__in=[row.pk for row in waiting.values()], judged_at__isnull=True).delete()
    SpotCheck.objects.bulk_update(changed, ["certificate", "score", "producer"])
    SpotCheck.objects.bulk_create(new, ignore_conflicts=True)


def value_checks_forget(*, document_id: UUID) -> None:
    """Forget the checks of a document's values that wait for a person: what they are about is read anew."""
    waiting = SpotCheck.objects.filter(document_id=document_id, judged_at__isnull=True)
    waiting.exclude(certificate__key=TYPE).delete()


def _said_of(
    item: Item, certificate_id: UUID, kind: SpotCheckKind, row: SpotCheck | None, workspace_id: UUID
) -> SpotCheck:
    check = row or SpotCheck(
        workspace_id=workspace_id,
        document_id=item.document_id,
        drawn_with=item.document_id,
        position=item.position,
        kind=kind,
    )
    check.certificate_id, check.score, check.producer = certificate_id, item.score or 0.0, item.producer
    return check
