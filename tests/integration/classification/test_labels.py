"""Types that people add: adding, changing, retiring, and how documents come to them by a sentence alone."""

import numpy as np
import pytest

from apps.accounts.models import User, Workspace
from apps.classification.engine.labels import slug_of_own
from apps.classification.models import Label, Refit, RefitCause
from apps.classification.services import LabelDraft, label_create, label_edit, label_retire
from apps.classification.services.labels import InvalidLabelError, LabelExistsError
from apps.core.models import AuditEvent
from apps.documents.models import Document, Source
from apps.pipeline.encoder.heads import shipped_head, workspace_model
from apps.pipeline.encoder.tasks import work_encoder
from apps.pipeline.services.ingest import ingest_upload
from apps.pipeline.tasks import work_reading
from apps.review.selectors import known_types
from apps.review.services import UnknownTypeError, type_correct
from tests.library import shelve

pytestmark = pytest.mark.django_db
RECIPE = LabelDraft(
    "Cooking recipe", "A cooking recipe: ingredients with quantities, steps of preparation, oven, serves four."
)
RECIPE_TEXT = b"""Cooking recipe: barley soup with leeks

Serves four. Ingredients: 200 g barley, two leeks, one carrot, a litre of vegetable stock, salt, butter.

Preparation: soak the barley over night. Melt the butter in a large pot, add the sliced leeks and the diced carrot and
fry them gently for five minutes. Add barley and stock, bring to the boil, and simmer for forty minutes. Season with
salt and serve hot with bread from the oven.
"""


def read(workspace: Workspace, content: bytes, name: str = "soup.txt") -> Document:
    """Take a text all the way through."""
    ingest_upload(workspace_id=workspace.pk, chunks=[content], file_name=name, source=Source.API)
    while work_reading() or work_encoder():
        pass
    return Document.objects.get(file_name=name, workspace=workspace)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Delivery note", "delivery_note"),
        ("  Prüfbericht (TÜV) ", "pruefbericht_tuev"),
        ("§ 5", "5"),
        ("Følgeseddel nº 3", "folgeseddel_no_3"),
        ("納品書", "type_7c896931"),
        ("…", ""),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert slug_of_own(name) == slug


def test_adding_changing_and_retiring(workspace: Workspace, alice: User) -> None:
    label = label_create(workspace_id=workspace.pk, draft=LabelDraft(" Delivery  note", "Goods handed over."), by=alice)
    assert (label.slug, label.name) == ("delivery_note", "Delivery note")
    assert "delivery_note" in known_types(workspace_id=workspace.pk)
    label_edit(label=label, draft=LabelDraft("Packing slip", "What a parcel holds."), by=alice)
    label.refresh_from_db()
    assert (label.slug, label.name, label.description) == ("delivery_note", "Packing slip", "What a parcel holds.")
    document = shelve(workspace, "text")
    type_correct(document=document, label="delivery_note", by=alice)
    label_retire(label=label, by=alice)
    assert "delivery_note" not in known_types(workspace_id=workspace.pk)  # though a document is one
    with pytest.raises(UnknownTypeError):
        type_correct(document=document, label="delivery_note", by=alice)
    label_retire(label=label, by=alice, retired=False)
    assert "delivery_note" in known_types(workspace_id=workspace.pk)
    actions = AuditEvent.objects.filter(object_kind="label").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["label.create", "label.edit", "label.retire", "label.restore"]


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (LabelDraft("", "A sentence."), InvalidLabelError),
        (LabelDraft("…", "A sentence."), InvalidLabelError),
        (LabelDraft("x" * 61, "A sentence."), InvalidLabelError),
        (LabelDraft("Delivery note", "  "), InvalidLabelError),
        (LabelDraft("Delivery note", "x" * 301), InvalidLabelError),
        (LabelDraft("Invoice", "A sentence."), LabelExistsError),
        (LabelDraft("other", "A sentence."), LabelExistsError),
        (LabelDraft("Cooking-recipe", "A sentence."), LabelExistsError),
    ],
)
def test_what_is_refused(workspace: Workspace, alice: User, draft: LabelDraft, error: type[Exception]) -> None:
    label_create(workspace_id=workspace.pk, draft=RECIPE, by=alice)
    with pytest.raises(error):
        label_create(workspace_id=workspace.pk, draft=draft, by=alice)
    assert list(Label.objects.values_list("slug", flat=True)) == ["cooking_recipe"]


def test_a_new_type_works_at_once_by_its_sentence(workspace: Workspace, alice: User, charlie: User) -> None:
    label_create(workspace_id=workspace.pk, draft=RECIPE, by=alice)
    soup = read(workspace, RECIPE_TEXT)
    assert (soup.type_label, soup.type_confidence, soup.type_source) == ("cooking_recipe", None, "MODEL")
    elsewhere = Workspace.objects.get(memberships__user=charlie)
    assert read(elsewhere, RECIPE_TEXT).type_label != "cooking_recipe"


def test_a_new_type_finds_its_documents_that_nobody_confirmed(workspace: Workspace, alice: User) -> None:
    soup = read(workspace, RECIPE_TEXT)
    assert soup.type_label != "cooking_recipe"
    label_create(workspace_id=workspace.pk, draft=RECIPE, by=alice)
    work_encoder()
    soup.refresh_from_db()
    assert (soup.type_label, soup.type_source) == ("cooking_recipe", "MODEL")
    receipt = Refit.objects.get(workspace_id=workspace.pk)
    assert (receipt.cause, receipt.changed_count) == (RefitCause.TYPES, 1)


def test_heads_of_workspaces_follow_their_types(workspace: Workspace, alice: User) -> None:
    plain = workspace_model(workspace.pk).head.base
    assert workspace_model(workspace.pk).head.base is plain is shipped_head()
    label = label_create(workspace_id=workspace.pk, draft=RECIPE, by=alice)
    knows = workspace_model(workspace.pk).head.base
    assert [each.slug for each in knows.config.labels][-1] == "cooking_recipe"
    assert len(knows.config.labels) == len(plain.config.labels) + 1
    label_retire(label=label, by=alice)
    assert workspace_model(workspace.pk).head.base.config.labels == plain.config.labels


def test_a_type_more_leaves_the_scores_of_the_others(workspace: Workspace, alice: User) -> None:
    vectors = np.eye(2, 384, dtype=np.float32)
    text = "Invoice number 12, total 30 EUR, due in ten days"
    before = shipped_head().scores(vectors, text)
    label_create(workspace_id=workspace.pk, draft=RECIPE, by=alice)
    after = workspace_model(workspace.pk).head.base.scores(vectors, text)
    np.testing.assert_allclose(after.logits[:-1], before.logits, rtol=1e-6)
