"""The fields beside a document's page: looking, correcting, choosing, confirming, rejecting, with and without htmx."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import Role
from apps.documents.models import Document
from apps.documents.selectors import pages_of, words_of
from apps.extraction.models import Entity, FieldValue, ValueState
from apps.review.models import Accounting, Correction, DocumentWarning, ReviewTask, WarningKind

Values = Callable[[str], FieldValue]
HTMX = {"HX-Request": "true", "HX-Target": "values-panel"}


def post(client: Client, document: Document, name: str, data: dict[str, object], *, htmx: bool = True) -> str:
    headers = HTMX if htmx else {}
    answer = client.post(f"/documents/{document.pk}/{name}/", data, headers=headers)
    assert answer.status_code == (200 if htmx else 302)
    return answer.content.decode() if htmx else answer["Location"]


def word_indices(document: Document, *texts: str) -> list[int]:
    page = pages_of(document=document)[0]
    words = [row[4] for row in words_of(page_ids=[page.pk])[page.pk]]
    return [words.index(text) for text in texts]


def test_values_stand_beside_the_page(owner: Client, filled: Document) -> None:
    page = owner.get(f"/documents/{filled.pk}/").content.decode()
    assert "8,870.80 USD" in page
    assert "7 October 2026" in page
    assert "Sanitary butterfly valve, 2 in., 316L" in page
    assert page.count("data-box=") > 5
    assert "Due date" in page


def test_one_line_in_edit(owner: Client, filled: Document, value: Values) -> None:
    panel = owner.get(f"/documents/{filled.pk}/?edit=invoice_number", headers=HTMX).content.decode()
    assert panel.lstrip().startswith("<section")
    assert 'name="raw"' in panel
    assert "108834" in panel
    whole = owner.get(f"/documents/{filled.pk}/?edit=invoice_number").content.decode()
    assert whole.count('name="word"') > 50  # without script every word of the page can be ticked


def test_clicked_words_become_the_value(owner: Client, filled: Document, value: Values) -> None:
    indices = word_indices(filled, "11/21/2026")
    data = {"key": "due_date", "page": 1, "words": ",".join(map(str, indices)), "raw": "11/21/2026", "initial": ""}
    panel = post(owner, filled, "values/set", data)
    found = value("due_date")
    assert (found.value, found.words, found.method, found.state) == ("2026-11-21", indices, "HUMAN", "CORRECTED")
    assert found.box
    assert "21 November 2026" in panel
    assert f'data-show="value-{found.pk}"' in panel


def test_ticked_words_become_the_value(owner: Client, filled: Document, value: Values) -> None:
    """Without script the text that was there is sent along: the ticked words win."""
    indices = word_indices(filled, "Midland", "Freight")
    data = {"key": "buyer_name", "page": 1, "word": indices, "raw": "Old", "initial": "Old", "from": 1}
    where = post(owner, filled, "values/set", data, htmx=False)
    found = value("buyer_name")
    assert found.value == "Midland Freight"
    assert where == f"/documents/{filled.pk}/?page=1&show=value-{found.pk}"


@pytest.mark.parametrize(("typed", "stored"), [("1234.5", "1234.50"), ("1,234.50 EUR", "1234.50")])
def test_typed_amounts(owner: Client, filled: Document, value: Values, typed: str, stored: str) -> None:
    post(owner, filled, "values/set", {"key": "tax_total", "raw": typed, "currency": "eur"})
    found = value("tax_total")
    assert (f"{found.value_number:.2f}", found.currency, found.state) == (stored, "EUR", "CORRECTED")


def test_what_is_no_value_stays_in_the_form(owner: Client, filled: Document, value: Values) -> None:
    panel = post(owner, filled, "values/set", {"key": "issue_date", "raw": "nonsense"})
    assert 'value="nonsense"' in panel
    assert "errorlist" in panel
    where = post(owner, filled, "values/set", {"key": "issue_date", "raw": "nonsense"}, htmx=False)
    assert "edit=issue_date" in where
    assert "raw=nonsense" in where
    assert value("issue_date").value == "2026-10-07"
    assert not Correction.objects.filter(document=filled).exists()


def test_choose_an_alternative(owner: Client, filled: Document, value: Values) -> None:
    other, total = value("net_total"), value("grand_total")
    total.alternatives = [{"value": other.value, "raw_text": other.raw_text, "currency": "USD", "page": 1,
                           "box": other.box, "words": other.words, "confidence": 0.2, "method": "rule"}]  # fmt: skip
    total.save()
    assert "Take this instead" in owner.get(f"/documents/{filled.pk}/").content.decode()
    post(owner, filled, "values/choose", {"value": str(total.pk), "place": "0"})
    chosen = value("grand_total")
    assert (chosen.value, chosen.box, chosen.is_human) == (other.value, other.box, True)
    # The machine's own word is one click away as well.
    panel = owner.get(f"/documents/{filled.pk}/?edit=grand_total", headers=HTMX).content.decode()
    assert "9,447.40 USD" in panel
    missing = owner.post(f"/documents/{filled.pk}/values/choose/", {"value": str(total.pk), "place": "7"})
    assert missing.status_code == 404


def test_confirm_one_and_all(owner: Client, filled: Document, value: Values) -> None:
    panel = post(owner, filled, "values/confirm", {"value": str(value("invoice_number").pk)})
    assert value("invoice_number").state == ValueState.ACCEPTED
    assert "Confirmed by" in panel
    panel = post(owner, filled, "values/confirm-all", {})
    assert "to check</span>" not in panel
    assert not FieldValue.objects.filter(document=filled, is_effective=True, reading__isnull=False).exists()


def test_reject_and_take_it_back(owner: Client, filled: Document, value: Values) -> None:
    panel = post(owner, filled, "values/reject", {"key": "order_reference"})
    assert "Not in this document" in panel
    assert not FieldValue.objects.filter(document=filled, key="order_reference", is_effective=True).exists()
    post(owner, filled, "values/set", {"key": "order_reference", "raw": "PO 7"})
    assert value("order_reference").value == "PO 7"


def test_edit_the_lines(owner: Client, filled: Document, value: Values) -> None:
    page = owner.get(f"/documents/{filled.pk}/?edit=line_items").content.decode()
    assert 'name="description-0"' in page
    assert 'name="rows" value="8"' in page  # six, and two empty ones
    row = {"description": "Valve", "quantity": "2", "unit_price": "10.00", "amount": "20.00", "tax_rate": "19"}
    data = {f"{name}-0": text for name, text in row.items()} | {"description-1": "Gone", "remove-1": "on", "rows": "4"}
    post(owner, filled, "values/set", {"key": "line_items", **data}, htmx=False)
    assert value("line_items").value_table == [row]


def test_queue_from_one_document_to_the_next(owner: Client, filled: Document) -> None:
    task = ReviewTask.objects.get(document=filled, kind="FIELDS")
    listed = owner.get("/attention/").content.decode()
    assert f"?review={task.pk}" in listed
    page = owner.get(f"/documents/{filled.pk}/?review={task.pk}").content.decode()
    assert "Document 1 of 1 to check" in page
    where = owner.post(f"/documents/{filled.pk}/values/confirm-all/", {"review": str(task.pk)})["Location"]
    assert where == "/attention/"
    task.refresh_from_db()
    assert task.done_at


def test_approve_and_back(owner: Client, filled: Document) -> None:
    panel = post(owner, filled, "accounting", {"state": "approved"})
    assert "Approved" in panel
    assert Accounting.objects.get(document=filled).by_label == "alice@example.org"
    post(owner, filled, "accounting", {"state": "exported"}, htmx=False)
    assert Accounting.objects.get(document=filled).state == "APPROVED"
    post(owner, filled, "values/set", {"key": "order_reference", "raw": "PO 7"})
    assert Accounting.objects.get(document=filled).state == "TO_CHECK"


def test_warnings_until_they_are_dismissed(owner: Client, filled: Document, upload: Callable[..., Document]) -> None:
    warning = DocumentWarning.objects.create(
        workspace_id=filled.workspace_id,
        document=filled,
        kind=WarningKind.SAME_NUMBER,
        other=upload("other.txt", title="The other invoice"),
        message="Same seller and number 108834 as another one.",
    )
    page = owner.get(f"/documents/{filled.pk}/").content.decode()
    assert "The other invoice" in page
    owner.post(f"/documents/{filled.pk}/warnings/{warning.pk}/dismiss/", {"next": f"/documents/{filled.pk}/"})
    assert "The other invoice" not in owner.get(f"/documents/{filled.pk}/").content.decode()
    warning.refresh_from_db()
    assert warning.dismissed_by == "alice@example.org"


def test_what_is_named_on_the_page(owner: Client, filled: Document) -> None:
    assert filled.current_reading
    for _ in range(2):
        Entity.objects.create(
            workspace_id=filled.workspace_id, reading=filled.current_reading, kind="organization", text="Tallgrass",
            value="Tallgrass Valley", page_number=1, box=[0.1, 0.1, 0.2, 0.2], confidence=0.9,
        )  # fmt: skip
    page = owner.get(f"/documents/{filled.pk}/").content.decode()
    assert "Named on this page" in page
    assert 'class="mention-count"' in page
    assert page.count('data-kind="kind-organization"') == 2


def test_a_page_change_keeps_the_panel(owner: Client, filled: Document) -> None:
    part = owner.get(f"/documents/{filled.pk}/?page=1", headers={"HX-Request": "true", "HX-Target": "viewer"})
    assert "hx-preserve" in part.content.decode()
    assert "hx-preserve" not in owner.get(f"/documents/{filled.pk}/").content.decode()


def test_viewers_look_only(as_role: Callable[[Role], Client], filled: Document) -> None:
    page = as_role(Role.VIEWER).get(f"/documents/{filled.pk}/?edit=invoice_number").content.decode()
    assert "8,870.80 USD" in page
    for words in ("data-confirm-line", "data-edit-line", 'name="raw"', "Approve", "New field"):
        assert words not in page


def test_a_papers_entry(owner: Client, filled: Document) -> None:
    assert owner.get(f"/documents/{filled.pk}/paper.bib").status_code == 404
    filled.type_label = "scientific_paper"
    filled.save()
    post(owner, filled, "values/set", {"key": "title", "raw": "Counting & weighing"})
    post(owner, filled, "values/set", {"key": "authors", "raw": "Ada Lovelace"})
    assert "paper.bib" in owner.get(f"/documents/{filled.pk}/").content.decode()
    answer = owner.get(f"/documents/{filled.pk}/paper.bib")
    assert r"title = {{Counting \& weighing}}" in answer.content.decode()
    assert 'filename="invoice-of-the-workshop.bib"' in answer["Content-Disposition"]


def test_one_more_value_of_a_repeatable_field(owner: Client, filled: Document) -> None:
    filled.type_label = "contract"
    filled.save()
    for party in ("First Ltd", "Second Ltd"):
        post(owner, filled, "values/set", {"key": "party", "raw": party})
    panel = owner.get(f"/documents/{filled.pk}/?edit=party", headers=HTMX).content.decode()
    assert "One more" in panel
    parties = FieldValue.objects.filter(document=filled, key="party", is_effective=True)
    assert sorted(parties.values_list("value", flat=True)) == ["First Ltd", "Second Ltd"]
    panel = post(owner, filled, "values/reject", {"key": "party", "value": str(parties[0].pk)})
    assert "Another party" in panel
    assert parties.count() == 1


def test_the_timeline_tells_of_values(owner: Client, filled: Document) -> None:
    post(owner, filled, "values/set", {"key": "order_reference", "raw": "PO 7"})
    post(owner, filled, "values/reject", {"key": "buyer_name"})
    post(owner, filled, "accounting", {"state": "approved"})
    page = " ".join(owner.get(f"/documents/{filled.pk}/timeline/").content.decode().split())
    for words in ("Order reference : PO 7", "Buyer name : not in this document", "to “approved”"):
        assert words.replace(" :", ":") in page
    assert "8,870.80 USD" in owner.get(f"/documents/{filled.pk}/values/").content.decode()
