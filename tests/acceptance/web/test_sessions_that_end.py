"""A session ends while somebody types or uploads: nothing is lost, and the page goes on after signing in."""

import hashlib
import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.acceptance.web.conftest import OpenPage, Served
from tests.fakes.house import sample_document
from workflow import login


def end_session(served: Served, who: str) -> None:
    """What happens by itself after ten hours, or when the person signs out in another tab."""
    with served.test.database.transaction() as tx:
        login.sign_out(f"token-of-{who}", tx=tx, clock=served.test.clock)


def signed_in_again(page: Page, served: Served, who: str, *, number: int) -> None:
    """Another session in the same browser, as the other tab's sign-in makes it."""
    token = f"{served.test.open_session(who, number=number)}"
    page.context.add_cookies([{"name": "hoso", "value": token, "url": served.url}])


def put_for_review(served: Served, number: int) -> str:
    document_id = f"bbbbbbb{number}-0000-5000-8000-000000033333"
    served.test.put(sample_document(document_id, file="phiên.pdf"))
    return f"{served.url}/documents/{document_id}"


def test_what_was_typed_outlives_the_session(open_page: OpenPage, served: Served) -> None:
    page = open_page("phone", login="officer")
    page.goto(put_for_review(served, 1))
    page.get_by_text("Từ chối…").click()
    reason = page.get_by_label("Lý do").last
    reason.fill("một lý do dài")
    end_session(served, "officer")
    told = page.get_by_role("alert").filter(has_text="Phiên làm việc đã kết thúc")
    expect(told).to_be_visible()
    expect(reason).to_have_value("một lý do dài")
    page.get_by_role("button", name="Từ chối").click()  # is not sent: nobody would take it
    expect(reason).to_have_value("một lý do dài")
    way_on = told.get_by_role("link", name="Đăng nhập ở thẻ khác")
    with page.expect_popup() as other_tab:
        way_on.click()
    expect(other_tab.value.get_by_role("heading", level=1)).to_have_text("Đăng nhập cán bộ")
    signed_in_again(page, served, "certifier", number=1)
    expect(told).to_contain_text("tài khoản của Nguyễn Văn Bình")  # what was typed is not theirs
    with served.test.database.transaction() as tx:
        login.sign_out("token-of-certifier-1", tx=tx, clock=served.test.clock)
    signed_in_again(page, served, "officer", number=2)
    expect(told).to_be_hidden(timeout=15_000)
    page.get_by_role("button", name="Từ chối").click()
    expect(page.locator(".page-head .badge")).to_have_text("Bị từ chối")
    expect(page.locator(".history")).to_contain_text("một lý do dài")


def test_a_page_that_holds_nothing_shows_nothing_to_whoever_comes_next(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page("desktop", login="auditor")
    page.goto(put_for_review(served, 2))
    page.wait_for_timeout(500)
    end_session(served, "auditor")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập cán bộ")


@pytest.mark.parametrize("cut", [False, True])
def test_files_that_were_not_sent_wait_for_the_next_session(
    open_page: OpenPage, served: Served, *, cut: bool
) -> None:
    page = open_page("desktop", login="operator")
    page.goto(f"{served.url}/documents")
    expect(page.locator("[data-live]")).to_have_text("Đang cập nhật trực tiếp")
    ended = False

    def bring(route: Route) -> None:
        nonlocal ended
        if not ended:  # as the first file is under way
            ended = True
            end_session(served, "operator")
        if cut and not page.get_by_role("alert").filter(has_text="Phiên").is_visible():
            route.abort("connectionreset")  # a server that reads no refused body to its end
        else:
            route.continue_()

    page.route("**/api/v1/documents", bring)
    names = [f"hàng đợi {number} {cut}.png" for number in range(4)]
    page.locator("#upload input[type=file]").set_input_files(
        [{"name": name, "mimeType": "image/png", "buffer": picture(name)} for name in names]
    )
    expect(page.get_by_role("alert").filter(has_text="Phiên làm việc")).to_be_visible()
    lines = page.locator("[data-uploads] li")
    expect(lines).to_have_count(4)
    expect(lines.filter(has_text="chờ tải lên")).to_have_count(4)
    page.unroute("**/api/v1/documents")
    signed_in_again(page, served, "operator", number=3 + cut)
    expect(lines.filter(has_text=re.compile("đã tiếp nhận"))).to_have_count(4, timeout=20_000)
    for name in names:
        expect(page.get_by_role("row").filter(has_text=name)).to_have_count(1)


def picture(name: str) -> bytes:
    """A scan of its own for every name."""
    shade = int.from_bytes(hashlib.sha256(name.encode()).digest()[:1], "big")
    out = io.BytesIO()
    Image.new("L", (900, 1200), shade).save(out, "PNG", dpi=(150, 150))
    return out.getvalue()
