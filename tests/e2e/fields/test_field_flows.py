"""Clicking words to correct, keys, the queue, lines, a field by example: in a real browser, with and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User
from apps.documents.models import Document
from apps.extraction.models import FieldValue

NewPage = Callable[..., Page]
Desk = dict[str, Document]
SOON = 20_000


def line(page: Page, label: str) -> Locator:
    return page.locator(".value-line").filter(has=page.get_by_text(label, exact=True))


def word(page: Page, text: str) -> Locator:
    return page.locator(f'.word-boxes rect[data-word="{text}"]').first


def value(document: Document, key: str) -> FieldValue:
    return FieldValue.objects.get(document=document, key=key, is_effective=True)


def test_click_words_to_correct(new_page: NewPage, alice: User, desk: Desk) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{desk['invoice'].pk}/")
    page.get_by_label("Correct Buyer").click()
    typed = page.get_by_role("textbox", name="Buyer")
    expect(typed).to_be_focused()
    word(page, "Freight").click()
    word(page, "Midland").click()
    expect(typed).to_have_value("Midland Freight")  # in the order of the page
    word(page, "Midland").click()
    expect(typed).to_have_value("Freight")
    typed.press("Enter")
    expect(line(page, "Buyer")).to_contain_text("corrected")
    expect(line(page, "Buyer").locator(".value-text")).to_have_text("Freight")
    expect(page.locator(".value-boxes rect.is-shown")).to_have_count(1)
    found = value(desk["invoice"], "buyer_name")
    assert (found.value, found.is_human, len(found.words), found.page_number) == ("Freight", True, 1, 1)


def test_drag_over_words(new_page: NewPage, alice: User, desk: Desk) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{desk['invoice'].pk}/")
    page.get_by_label("Correct Order reference").click()
    expect(page.locator("#value-raw")).to_be_focused()
    first, last = word(page, "Midland").bounding_box(), word(page, "Freight").bounding_box()
    assert first
    assert last
    page.mouse.move(first["x"] - 3, first["y"] - 3)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"] + 3, last["y"] + last["height"] + 3, steps=5)
    page.mouse.up()
    expect(page.locator("#value-raw")).to_have_value("Midland Freight")
    expect(page.locator(".lasso")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(line(page, "Order reference").locator(".value-text")).to_have_text("Midland Freight")


def test_what_is_no_date_is_told(new_page: NewPage, alice: User, desk: Desk) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{desk['invoice'].pk}/")
    page.get_by_label("Correct Invoice date").click()
    page.locator("#value-raw").fill("someday")
    page.locator("#value-raw").press("Enter")
    expect(page.locator(".value-edit .errorlist")).to_be_visible()
    expect(page.locator("#value-raw")).to_have_value("someday")
    page.keyboard.press("Escape")
    expect(line(page, "Invoice date").locator(".value-text")).to_have_text("7 October 2026")


def test_keys(new_page: NewPage, alice: User, desk: Desk) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{desk['invoice'].pk}/")
    page.locator("html.has-js").wait_for()
    page.keyboard.press("j")
    expect(line(page, "Invoice number").locator(".value-link")).to_be_focused()
    expect(page.locator(".value-boxes rect.is-shown")).to_have_count(1)
    page.keyboard.press("c")
    expect(line(page, "Invoice number")).to_contain_text("confirmed")
    expect(line(page, "Invoice date").locator(".value-link")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#value-raw")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#value-raw")).to_have_count(0)
    expect(line(page, "Invoice date").locator(".value-link")).to_be_focused()


def test_an_alternative_with_one_click(new_page: NewPage, alice: User, desk: Desk) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{desk['invoice'].pk}/")
    page.locator(".value-other").first.click()
    expect(line(page, "Total").locator(".value-text")).to_have_text("8,870.80 USD")
    page.get_by_label("Correct Total").click()
    page.get_by_role("button", name="9,447.40 USD").click()  # the machine's own word is not lost
    expect(line(page, "Total").locator(".value-text")).to_have_text("9,447.40 USD")


def test_a_value_on_another_page(new_page: NewPage, alice: User, desk: Desk) -> None:
    contract = desk["contract"]
    shown = FieldValue.objects.filter(document=contract, is_effective=True, page_number=1).first()
    assert shown
    page = new_page(alice)
    page.goto(f"/documents/{contract.pk}/?page=2")
    link = page.locator(f'[data-show="value-{shown.pk}"]')
    link.click()
    expect(page.locator("#viewer")).to_have_attribute("data-page", "1")
    expect(page.locator(".value-boxes rect.is-shown")).to_have_count(1)
    assert f"show=value-{shown.pk}" in page.url


def test_mentions_are_marked(new_page: NewPage, alice: User, desk: Desk) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{desk['invoice'].pk}/")
    page.locator(".mention").first.hover()
    expect(page.locator(".mention-boxes rect.is-hinted")).to_have_count(1)
    page.locator(".mention-kind").last.click()
    expect(page.locator(".mention-boxes rect.is-shown")).to_have_count(1)


def test_one_document_after_another(new_page: NewPage, alice: User, desk: Desk) -> None:
    page = new_page(alice)
    page.goto("/attention/")
    page.get_by_role("link", name="Check one after another").click()
    expect(page.locator(".review-words strong")).to_have_text("Document 1 of 2 to check")
    first = page.locator("h1").inner_text()
    page.wait_for_load_state()  # keys work once the page's scripts have run
    page.keyboard.press("a")
    expect(page.locator(".review-words strong")).to_have_text("Document 1 of 1 to check", timeout=SOON)
    assert page.locator("h1").inner_text() != first
    page.locator(".review-bar").get_by_role("button", name="Confirm all and go on").click()
    expect(page).to_have_url("/attention/", timeout=SOON)


def test_approve_and_dismiss(new_page: NewPage, alice: User, desk: Desk) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{desk['invoice'].pk}/")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".accounting")).to_contain_text("Approved")
    page.locator(".doc-warning").get_by_role("button", name="Dismiss").click()
    expect(page.locator(".doc-warning")).to_have_count(0)


def test_lines(new_page: NewPage, alice: User, desk: Desk) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{desk['invoice'].pk}/")
    page.locator(".lines-edit").click()
    page.get_by_label("Quantity, line 1").fill("9")
    page.get_by_label("Remove line 2").check()
    page.get_by_label("Description, line 7").fill("Freight")
    page.get_by_role("button", name="Save lines").click()
    expect(page.locator(".lines-table tbody tr")).to_have_count(6)
    expect(page.locator(".lines-table")).to_contain_text("Freight")


def test_a_field_by_example(new_page: NewPage, alice: User, desk: Desk) -> None:
    page = new_page(alice)
    page.goto(f"/documents/{desk['invoice'].pk}/")
    page.get_by_role("link", name="New field").click()
    expect(page.locator(".new-field")).to_be_visible()
    word(page, "Midland").click()
    word(page, "Freight").click()
    page.get_by_label("What is it called?").fill("Ship via")
    page.get_by_role("button", name="Make the field").click()
    expect(page.locator("h1")).to_have_text("Ship via")
    assert value(desk["invoice"], "ship_via").value == "Midland Freight"


def test_yes_and_no_by_keys(new_page: NewPage, alice: User, desk: Desk) -> None:
    page = new_page(alice)
    page.goto("/fields/contract/party/")
    page.locator("html.has-js").wait_for()
    proposals = page.locator(".proposal")
    count = proposals.count()
    assert count > 1
    page.keyboard.press("y")
    expect(proposals).to_have_count(count - 1)
    page.keyboard.press("n")
    expect(proposals).to_have_count(count - 2)


@pytest.mark.parametrize("key", ["buyer_name"])
def test_without_script(
    browser: Browser, live_server: LiveServer, new_page: NewPage, alice: User, desk: Desk, key: str
) -> None:
    kept = new_page(alice).context.storage_state()
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url, storage_state=kept)
    page = context.new_page()
    page.goto(f"/documents/{desk['invoice'].pk}/")
    line(page, "Buyer").locator(".value-link").click()
    expect(page.locator(".value-boxes rect.is-shown")).to_have_count(1)
    page.get_by_label("Correct Buyer").click()
    page.get_by_text("Tick its words on page 1").click()
    page.locator(".word-checks-list label").filter(has_text="Midland").get_by_role("checkbox").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(line(page, "Buyer").locator(".value-text")).to_have_text("Midland")
    page.get_by_label("Confirm Invoice number").click()
    expect(line(page, "Invoice number")).to_contain_text("confirmed")
    page.get_by_role("button", name="Confirm all").click()
    expect(page.locator(".values-count")).to_have_count(0)
    assert value(desk["invoice"], key).words
    context.close()
