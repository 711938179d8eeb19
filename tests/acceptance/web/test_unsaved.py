"""What an officer typed and has not saved survives every other button and link of the page."""

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.document import DocumentState
from tests.acceptance.web.conftest import OpenPage, Served, look
from tests.acceptance.web.test_pages_in_a_browser import for_review

TITLES = {"vi": "Còn sửa đổi chưa lưu", "en": "Corrections are not saved yet"}


def typed_into(page: Page, at: str) -> None:
    page.goto(at)
    row = page.locator("tr[data-field=full_name]")
    row.locator("summary").click()
    row.get_by_role("textbox").fill("Nguyễn Thị Gõ")
    row.locator("summary").click()  # folded again: it would not be seen


@pytest.mark.parametrize(("size", "lang"), [("phone", "vi"), ("desktop", "en")])
def test_other_buttons_and_links_wait_for_what_was_typed(
    open_page: OpenPage, served: Served, size: str, lang: str
) -> None:
    page = open_page(size, lang=lang, login="officer")
    at = for_review(served, size, 6)
    typed_into(page, at)
    box = page.locator("tr[data-field=full_name]").get_by_role("textbox")
    told = page.locator("[data-unsaved]")
    page.locator("details.decision.good summary").click()
    page.locator("details.decision.good textarea").fill("đúng sổ")
    presses = (
        "details.decision.good button",
        ".matched button",
        "a.language",
        ".crumb a",
        "form[action='/sign-out'] button",
    )
    for press in presses:
        page.locator(press).click()
        expect(told).to_contain_text(TITLES[lang])
        expect(box).to_have_value("Nguyễn Thị Gõ")
        expect(box).to_be_focused()
        assert page.url == at
        box.blur()
    look(page, f"unsaved-{size}-{lang}")
    expect(page.locator("details.decision.good textarea")).to_have_value("đúng sổ")
    told.locator("[data-undo]").click()
    expect(told).to_be_hidden()
    page.locator("details.decision.good button").click()
    expect(page.locator(".page-head .badge.state-verified")).to_be_visible()


def test_saving_is_not_held_back_and_the_enter_key_saves(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page("desktop", login="officer")
    at = for_review(served, "desktop", 7)
    typed_into(page, at)
    page.locator(".matched button").click()
    page.locator("tr[data-field=full_name]").get_by_role("textbox").press("Enter")
    expect(page).to_have_url(f"{at}?done=correct")
    page.goto(for_review(served, "desktop", 8))
    page.locator("details.decision.bad summary").click()
    page.locator("details.decision.bad button").click()  # the browser asks for the reason
    assert page.locator("details.decision.bad textarea:invalid").count() == 1
    page.locator("details.decision.bad textarea").fill("sai")
    page.locator("details.decision.bad button").click()
    expect(page.locator(".page-head .badge.state-rejected")).to_be_visible()


def test_without_javascript_the_house_refuses_and_keeps_it(
    chromium: Browser, served: Served
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    token = served.test.open_session("officer")
    context.add_cookies([{"name": "hoso", "value": token, "url": served.url}])
    page = context.new_page()
    at = for_review(served, "desktop", 9)
    for decision in ("good", "bad"):
        typed_into(page, at)
        page.locator(f"details.decision.{decision} summary").click()
        page.locator(f"details.decision.{decision} textarea").fill("một lý do")
        page.locator(f"details.decision.{decision} button").click()
        expect(page.get_by_role("alert")).to_contain_text(TITLES["vi"])
        box = page.locator("tr[data-field=full_name]").get_by_role("textbox")
        expect(box).to_have_value("Nguyễn Thị Gõ")
        expect(page.locator(f"details.decision.{decision} textarea")).to_have_value("một lý do")
        assert served.test.document(at.rpartition("/")[2]).state is DocumentState.REVIEW
    box.press("Enter")
    expect(page).to_have_url(f"{at}?done=correct")
    context.close()
