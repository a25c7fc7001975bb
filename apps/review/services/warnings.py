"""What is odd about a document's values beside those of others: found when it comes in and when a value changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.core import audit
from apps.core.clock import now
from apps.core.generations import bump_on_commit
from apps.core.prepared import Given, Prepared
from apps.documents.models import Document
from apps.extraction.engine.fields.embedded.comparing import DIFFERENCE
from apps.extraction.fields.selectors.filters import with_text
from apps.extraction.fields.selectors.values import EFFECTIVE, values_for_document
from apps.extraction.models import FieldValue, Method
from apps.review.models import DocumentWarning, WarningKind

NUMBER: Final = "invoice_number"
SELLERS: Final = ("seller_name", "merchant_name")
SELLER_IDS: Final = ("seller_vat_id", "iban")
IBAN: Final = "iban"
SUMS: Final = (("grand_total", "issue_date"), ("total", "date"))
FAILED: Final = "failed:"
LONGEST_MESSAGE: Final = 400
MOST_OTHERS: Final = 5
_TWINS: Final = (WarningKind.SAME_NUMBER, WarningKind.SAME_AMOUNT)
_THERE: Final = Prepared(
    lambda: DocumentWarning.objects.filter(
        Q(document_id=Given("document_id")) | Q(other_id=Given("document_id"), kind__in=_TWINS)
    )
)


@dataclass(frozen=True)
class _Oddity:
    document_id: UUID
    kind: WarningKind
    message: str
    key: str = ""
    other_id: UUID | None = None

    @property
    def name(self) -> tuple[UUID, str, str, UUID | None]:
        return (self.document_id, self.kind, self.key, self.other_id)


def warnings_refresh(*, document: Document, values: Sequence[FieldValue] | None = None) -> None:
    """Bring a document's warnings up to date with its values; dismissed ones stay dismissed.

    `values` are those that count, where they are not of the document's current reading yet. The caller holds a
    transaction: of two documents with the same number or sum, stored at the same time, one waits for the other, so
    that one of them is warned of.
    """
    found = values_for_document(document=document) if values is None else values
    by_key = {value.key: value for value in reversed(found)}
    _wait_for_twins(document, by_key)
    odd = [
        *_same_number(document, by_key),
        *_same_sum(document, by_key),
        *_changed_account(document, by_key),
        *_failed(document, found),
    ]
    _store(document, {oddity.name: oddity for oddity in odd})


def warning_dismiss(*, warning: DocumentWarning, by: User) -> None:
    """Note that a person has seen a warning and that it is all right."""
    if warning.dismissed_at is not None:
        return
    warning.dismissed_at, warning.dismissed_by = now(), str(by)
    warning.save(update_fields=["dismissed_at", "dismissed_by"])
    audit.record(
        action="document.dismiss_warning",
        object_kind="document",
        object_id=warning.document_id,
        workspace_id=warning.workspace_id,
        actor=by,
        data={"kind": warning.kind.lower(), "message": warning.message},
    )
    bump_on_commit(warning.workspace_id)


def _wait_for_twins(document: Document, values: dict[str, FieldValue]) -> None:
    """Lock the number and the sums of a document until the transaction ends, in an order that all keep to."""
    names = [f"{key} {values[key].value}" for key in (NUMBER, *(amount for amount, _ in SUMS)) if key in values]
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{document.workspace_id} {name}"])


def _others(document: Document, key: str) -> QuerySet[FieldValue]:
    """Return the values of a field that count in the workspace's other documents outside the trash.

    The file that a document is a part of, and its own parts, say the same: the XML inside an invoice is no second one.
    """
    own = [document.pk, document.parent_id] if document.parent_id else [document.pk]
    found = FieldValue.objects.filter(
        EFFECTIVE, workspace_id=document.workspace_id, key=key, document__deleted_at__isnull=True
    )
    return found.exclude(document_id__in=own).exclude(document__parent_id=document.pk)


def _pair(document: Document, other_id: UUID, kind: WarningKind, message: str) -> _Oddity:
    """Warn of two documents that look like one, at the later of them."""
    later, earlier = (document.pk, other_id) if other_id < document.pk else (other_id, document.pk)
    return _Oddity(later, kind, message, other_id=earlier)


def _same_number(document: Document, values: dict[str, FieldValue]) -> Iterable[_Oddity]:
    number = values.get(NUMBER)
    if number is None or not number.value:
        return
    same = with_text(_others(document, NUMBER), number.value).filter(document_id__in=_of_same_seller(document, values))
    for other in same.order_by("document_id").values_list("document_id", flat=True).distinct()[:MOST_OTHERS]:
        yield _pair(document, other, WarningKind.SAME_NUMBER, f"Same seller and number {number.value} as another one.")


def _of_same_seller(document: Document, values: dict[str, FieldValue]) -> QuerySet[FieldValue, UUID]:
    """Tell the documents whose seller is the same organisation, or has the same VAT id or account.

    A query inside another one: numbers such as "1" are those of too many documents to look at each.
    """
    same = Q(pk__in=())
    for key in SELLERS:
        if key in values and values[key].organisation_id:
            same |= Q(key=key, organisation_id=values[key].organisation_id)
    for key in SELLER_IDS:
        if key in values:
            same |= Q(key=key, value=values[key].value)
    found = FieldValue.objects.filter(EFFECTIVE, same, workspace_id=document.workspace_id)
    return found.order_by().values_list("document_id", flat=True)


def _same_sum(document: Document, values: dict[str, FieldValue]) -> Iterable[_Oddity]:
    for amount_key, day_key in SUMS:
        amount, day = values.get(amount_key), values.get(day_key)
        if amount is None or day is None or not amount.value_number or day.value_date is None:
            continue
        same = _others(document, amount_key).filter(value_number=amount.value_number)
        if amount.currency:
            same = same.filter(currency__in=("", amount.currency))
        on_day = _others(document, day_key).filter(value_date=day.value_date).values("document_id")
        for other in same.filter(document_id__in=on_day).order_by("document_id")[:MOST_OTHERS]:
            message = f"Same amount {amount.value} and date {day.value} as another one."
            yield _pair(document, other.document_id, WarningKind.SAME_AMOUNT, message)


def _changed_account(document: Document, values: dict[str, FieldValue]) -> Iterable[_Oddity]:
    iban, seller = values.get(IBAN), next((values[key] for key in SELLERS if key in values), None)
    if iban is None or seller is None or seller.organisation_id is None:
        return
    of_seller = _others(document, seller.key).filter(
        organisation_id=seller.organisation_id, document_id__lt=document.pk
    )
    known = list(
        _others(document, IBAN)
        .filter(document_id__in=of_seller.values("document_id"))
        .order_by("-document_id")
        .values_list("value", "document_id")[:200]
    )
    if known and iban.value not in {value for value, _ in known}:
        message = f"{seller.value} had the account {known[0][0]} before, and now {iban.value}."
        yield _Oddity(document.pk, WarningKind.CHANGED_IBAN, message, key=IBAN, other_id=known[0][1])


def _failed(document: Document, values: Sequence[FieldValue]) -> Iterable[_Oddity]:
    """Warn of checks that failed on values that no person has decided; what several values share is told once."""
    told: set[str] = set()
    for value in values:
        failed = [check for check in value.checks if check.startswith(FAILED) and check not in told]
        if value.is_human or not failed:
            continue
        differing = [check for check in failed if value.method == Method.EMBEDDED and DIFFERENCE.match(check)]
        others = [check for check in failed if check not in differing]
        told.update(others)
        for kind, checks in ((WarningKind.EMBEDDED_DIFFERS, differing), (WarningKind.FAILED_CHECK, others)):
            if checks:
                message = "; ".join(check.removeprefix(FAILED).strip() for check in checks)
                yield _Oddity(document.pk, kind, message, key=value.key)


def _store(document: Document, found: dict[tuple[UUID, str, str, UUID | None], _Oddity]) -> None:
    """Add what is new, and take away what is no longer so and was not dismissed."""
    for warning in _THERE.rows(document_id=document.pk):
        oddity = found.pop((warning.document_id, warning.kind, warning.key, warning.other_id), None)
        if oddity is None and warning.dismissed_at is None:
            warning.delete()
        elif oddity is not None and warning.message != oddity.message[:LONGEST_MESSAGE]:
            warning.message = oddity.message[:LONGEST_MESSAGE]
            warning.save(update_fields=["message"])
    DocumentWarning.objects.bulk_create(
        [
            DocumentWarning(
                workspace_id=document.workspace_id,
                document_id=oddity.document_id,
                kind=oddity.kind,
                key=oddity.key,
                other_id=oddity.other_id,
                message=oddity.message[:LONGEST_MESSAGE],
            )
            for oddity in found.values()
        ],
        ignore_conflicts=True,
    )
    bump_on_commit(document.workspace_id)
