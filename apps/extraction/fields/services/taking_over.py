"""What of a reading goes along when another one takes over its pages."""

from apps.core.ids import new_id
from apps.documents.models import Reading
from apps.extraction.models import BundleProposal, Entity, FieldValue, Table


def found_take_over(*, before: Reading, after: Reading) -> None:
    """Hand on tables, mentions and the proposal for a bundle; values are copied, so that the old reading keeps its own.

    The copies count until the new reading's own take their place: a document is never without.
    """
    Table.objects.filter(reading=before).update(reading=after)
    Entity.objects.filter(reading=before).update(reading=after)
    bundle_take_over(before=before, after=after)
    copies = []
    for value in FieldValue.objects.filter(reading=before):
        value.pk, value.reading = new_id(), after
        value._state.adding = True  # noqa: SLF001  (Django's documented way to copy a row)
        copies.append(value)
    FieldValue.objects.bulk_create(copies)


def bundle_take_over(*, before: Reading, after: Reading) -> None:
    """Hand on the proposal for a bundle."""
    BundleProposal.objects.filter(reading=before).update(reading=after)
