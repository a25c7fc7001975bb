"""The list by values, approving many, exports from asking to the file, schemas, organisations, examples."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import Role, User
from apps.documents.models import Document
from apps.extraction.fields.selectors.schemas import schema_of
from apps.extraction.models import FieldValue, Organisation, OrganisationAlias
from apps.pipeline.exports.writing import export_next
from apps.pipeline.models import Export, ExportItem
from apps.review.models import Accounting

Values = Callable[[str], FieldValue]


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("accounting=to_check", True),
        ("accounting=approved", False),
        ("missing=due_date", True),
        ("missing=invoice_number", False),
        ("field=seller_name&says=harrow", True),
        ("field=seller_name&says=nobody", False),
        ("field=grand_total&at_least=9000&at_most=9500", True),
        ("field=grand_total&at_least=9500", False),
        ("field=issue_date&at_least=2026-10-01&at_most=2026-10-31", True),
        ("field=issue_date&at_least=2026-11-01", False),
        ("field=issue_date&at_least=2026-02-31", True),
        ("field=issue_date&at_least=drop", True),
        ("warned=on", False),
    ],
)
def test_the_list_by_values(owner: Client, filled: Document, query: str, is_found: bool) -> None:
    page = owner.get(f"/documents/?{query}").content.decode()
    assert (f"row-{filled.pk}" in page) is is_found


def test_the_list_tells_sender_date_and_total(owner: Client, filled: Document) -> None:
    page = owner.get("/documents/").content.decode()
    for words in ("Harrow &amp; Pike Industrial Supply, Inc.", "7 Oct 2026", "9,447.40 USD"):
        assert words in page


def test_approve_many(owner: Client, filled: Document, upload: Callable[..., Document]) -> None:
    ids = [str(filled.pk), str(upload("other.txt").pk)]
    owner.post("/documents/bulk/", {"ids": ids, "action": "approve"})
    assert Accounting.objects.filter(state="APPROVED").count() == 2
    assert "Approved" in owner.get(f"/documents/?accounting=approved&type={filled.type_label}").content.decode()


def test_an_export_of_a_filtered_list(owner: Client, filled: Document, upload: Callable[..., Document]) -> None:
    upload("other.txt")
    owner.post("/documents/bulk/", {"ids": [str(filled.pk)], "action": "approve"})
    assert owner.post("/exports/new/?type=invoice", {"format": "csv"})["Location"] == "/exports/"
    export = Export.objects.get()
    assert (export.document_count, export.filters, export.format) == (1, {"type": "invoice"}, "CSV")
    waiting = owner.get("/exports/").content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert owner.get(f"/exports/{export.pk}/file/")["Location"] == "/exports/"
    while export_next():
        pass
    done = owner.get("/exports/").content.decode()
    assert 'hx-trigger="every 2s"' not in done
    answer = owner.get(f"/exports/{export.pk}/file/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "108834" in text
    assert "attachment" in answer["Content-Disposition"]
    assert filled.title in owner.get(f"/exports/{export.pk}/").content.decode()
    assert ExportItem.objects.get().document_id == filled.pk
    assert Accounting.objects.get(document=filled).state == "EXPORTED"


def test_nothing_to_export(owner: Client, filled: Document) -> None:
    owner.post("/exports/new/?type=letter", {"format": "csv"})
    assert not Export.objects.exists()


def test_edit_a_schema(owner: Client, filled: Document) -> None:
    data = {"version": "0", "label-invoice_number": "Invoice no.", "new-label": "Ship via", "new-kind": "text"}
    owner.post("/schemas/invoice/save/", data)
    schema = schema_of(workspace_id=filled.workspace_id, document_type="invoice")
    labels = {each.key: each.label for each in schema.fields}
    assert (schema.version, labels["invoice_number"], labels["ship_via"]) == (1, "Invoice no.", "Ship via")
    owner.post(
        "/schemas/invoice/save/", {"version": "0", "new-label": "Late", "new-kind": "text"}
    )  # somebody was faster
    owner.post("/schemas/invoice/save/", {"version": "1", "label-ship_via": "Ship via", "remove-ship_via": "on"})
    schema = schema_of(workspace_id=filled.workspace_id, document_type="invoice")
    assert schema.version == 2
    assert "ship_via" not in {each.key for each in schema.fields}
    earlier = owner.get("/schemas/invoice/?version=1").content.decode()
    assert "Ship via" in earlier
    assert "Save as a new version" not in earlier
    assert owner.get("/schemas/nonsense/").status_code == 404


def test_read_again_with_a_schema(owner: Client, filled: Document) -> None:
    page = owner.post("/schemas/invoice/read-again/", follow=True).content.decode()
    assert "The fields of 1 document are being read again" in page


def test_an_organisations_page(owner: Client, filled: Document, value: Values) -> None:
    organisation = value("seller_name").organisation
    assert organisation
    assert organisation.name in owner.get("/organisations/?q=harrow").content.decode().replace("&amp;", "&")
    assert "Nobody of that name" in owner.get("/organisations/?q=zzz").content.decode()
    page = owner.get(f"/organisations/{organisation.pk}/").content.decode()
    assert "9,447.40 USD" in page
    assert "seller in 1" in page
    assert filled.title in page


def test_rename_and_merge_organisations(owner: Client, filled: Document, value: Values) -> None:
    seller, buyer = value("seller_name").organisation, value("buyer_name").organisation
    assert seller
    assert buyer
    owner.post(f"/organisations/{seller.pk}/rename/", {"name": "Harrow"})
    owner.post(f"/organisations/{seller.pk}/rename/", {"name": buyer.name})  # taken
    seller.refresh_from_db()
    assert seller.name == "Harrow"
    assert "Tallgrass" in owner.get(f"/organisations/{seller.pk}/?with=tallgrass").content.decode()
    owner.post(f"/organisations/{seller.pk}/merge/", {"other": str(buyer.pk)})
    assert value("buyer_name").organisation == seller
    assert owner.get(f"/organisations/{buyer.pk}/")["Location"] == f"/organisations/{seller.pk}/"
    owner.post(f"/organisations/{seller.pk}/merge/", {"other": "nonsense"})
    assert owner.post(f"/organisations/{seller.pk}/merge/", {"other": str(filled.pk)}).status_code == 404


def test_many_organisations_page_by_page(owner: Client, filled: Document) -> None:
    for number in range(60):
        made = Organisation.objects.create(workspace_id=filled.workspace_id, name=f"Company {number:02}")
        OrganisationAlias.objects.create(
            workspace_id=filled.workspace_id, organisation=made, text=made.name, key=f"company{number}"
        )
    first = owner.get("/organisations/?q=company")
    assert "Company 49" in first.content.decode()
    assert "Company 50" not in first.content.decode()
    second = owner.get(f"/organisations/{first.context['next_url']}").content.decode()
    assert "Company 50" in second
    assert "Company 49" not in second


def test_a_field_by_example(owner: Client, filled: Document, value: Values) -> None:
    data = {"label": "Ship via", "kind": "text", "raw": "Midland Freight"}
    where = owner.post(f"/documents/{filled.pk}/values/new-field/", data)["Location"]
    assert where == "/fields/invoice/ship_via/"
    assert value("ship_via").value == "Midland Freight"
    page = owner.get(where).content.decode()
    assert "Nothing to answer" in page
    assert "1 of 1 document decided" in page


def test_yes_and_no_to_proposals(owner: Client, filled: Document, value: Values) -> None:
    page = owner.get("/fields/invoice/buyer_name/").content.decode()
    assert "snippet-mark" in page
    answer = owner.post("/fields/invoice/buyer_name/decide/", {"value": str(value("buyer_name").pk), "answer": "yes"},
                        headers={"HX-Request": "true"})  # fmt: skip
    assert "Nothing to answer" in answer.content.decode()
    assert value("buyer_name").state == "ACCEPTED"
    owner.post("/fields/invoice/seller_name/decide/", {"value": str(value("seller_name").pk), "answer": "no"})
    assert not FieldValue.objects.filter(document=filled, key="seller_name", is_effective=True).exists()
    assert owner.get("/fields/invoice/nonsense/").status_code == 404


def test_strangers_see_no_figures(
    sign_in: Callable[[User], Client], charlie: User, owner: Client, filled: Document, value: Values
) -> None:
    owner.post("/exports/new/", {"format": "csv"})
    client, export = sign_in(charlie), Export.objects.get()
    organisation = value("seller_name").organisation
    assert organisation
    for path in (f"/exports/{export.pk}/", f"/exports/{export.pk}/file/", f"/organisations/{organisation.pk}/"):
        assert client.get(path).status_code == 404
    assert "Harrow" not in client.get("/organisations/").content.decode()
    assert client.post(f"/organisations/{organisation.pk}/rename/", {"name": "Mine"}).status_code == 404
    organisation.refresh_from_db()
    assert organisation.name.startswith("Harrow")


def test_viewers_ask_for_no_export(as_role: Callable[[Role], Client], filled: Document) -> None:
    viewer = as_role(Role.VIEWER)
    assert "What went out before" not in viewer.get("/documents/").content.decode()
    assert viewer.post("/exports/new/", {"format": "csv"}).status_code == 403
    assert not Export.objects.exists()
