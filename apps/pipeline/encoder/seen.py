"""Features of readings for their type: taken from where they were stored, else made of pages and passages."""

from collections.abc import Sequence
from uuid import UUID

from apps.classification.engine.document_text import READ_CHARACTERS, READ_PAGES, DocumentText, PageText
from apps.classification.engine.evidence import READ_CHUNKS
from apps.classification.engine.features import DocumentFeatures
from apps.classification.engine.head import TypeHead
from apps.classification.selectors import features_of
from apps.classification.services.predictions import features_store
from apps.core.prepared import Given, Prepared
from apps.documents.blocks import unpack
from apps.documents.models import Page
from apps.extraction.engine.layout.whole import between_edges
from apps.pipeline.encoder.models import encoder
from apps.pipeline.encoder.typist import Seen
from apps.search.selectors import passages_of

_PAGES = Prepared(
    lambda: (
        Page.objects.filter(reading_id=Given("reading_id"), number__range=(1, READ_PAGES))
        .select_related("content")
        .only("text", "content__blocks")
        .order_by("number")
    )
)


def seen_of(reading_id: UUID) -> Seen:
    """Return what a reading is typed from: no more passages and pages are read than say something."""
    return Seen(
        reading_id=reading_id,
        passages=passages_of(reading_id=reading_id, model=encoder().model, last_page=READ_PAGES, most=READ_CHUNKS),
        text=leading_text(reading_id),
    )


def leading_text(reading_id: UUID) -> str:
    """Return `typed_text(...).text` of a reading's pages: of blocks only the headers and footers, where it begins."""
    needed, length = [], 0
    for page in _PAGES.rows(reading_id=reading_id):
        needed.append(page)
        length += len(page.text) if length else len(page.text.lstrip())
        if length >= READ_CHARACTERS:
            break
    return DocumentText.of(PageText(body="", whole=between_edges(page.text, _edges(page))) for page in needed).text


def _edges(page: Page) -> list[tuple[str, str]]:
    """Return the kinds and texts of a page's blocks; of one that was not laid out there are none."""
    content = getattr(page, "content", None)
    blocks = unpack(bytes(content.blocks)) if content and content.blocks else []
    return [(block["kind"], block["text"]) for block in blocks]


def features_for(reading_ids: Sequence[UUID], base: TypeHead, *, made_by: str) -> list[DocumentFeatures]:
    """Return the features of readings in their order; those that others made, or nobody, are made and kept."""
    stored = features_of(reading_ids=reading_ids, made_by=made_by)
    found = {pk: DocumentFeatures.unpacked(data) for pk, data in stored.items()}
    made = {pk: seen_of(pk).features(base) for pk in reading_ids if pk not in found}
    if made:
        features_store(made_by=made_by, data={pk: features.packed() for pk, features in made.items()})
    found |= made
    return [found[pk] for pk in reading_ids]
