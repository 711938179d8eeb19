"""A session ends while somebody types or uploads: nothing is lost, and the page goes on after signing in."""

import hashlib
import io
import re
from dataclasses import replace

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from api.web import stream
from domain.actor import Role
from tests.acceptance.web.conftest import OpenPage, Served
from tests.fakes.house import sample_document
from workflow import login, review

ENDED = "Phiên làm việc đã kết thúc"


def end_session(served: Served, who: str, *, number: int = 0) -> None:
    """What happens by itself after ten hours, or when the person signs out in another tab."""
    token = f"token-of-{who}-{number}" if number else f"token-of-{who}"
    with served.test.database.transaction() as tx:
        login.sign_out(token, tx=tx, clock=served.test.clock)


def signed_in_again(page: Page, served: Served, who: str, *, number: int) -> None:
    """Another session in the same browser, as the other tab's sign-in makes it."""
    token = f"{served.test.open_session(who, number=number)}"
    page.context.add_cookies([{"name": "hoso", "value": token, "url": served.url}])


def put_for_review(served: Served, number: int) -> str:
    document_id = f"bbbbbb{number:02}-0000-5000-8000-000000033333"
    served.test.put(sample_document(document_id, file="phiên.pdf"))
    return f"{served.url}/documents/{document_id}"


def reject_elsewhere(served: Served, at: str) -> None:
    """A colleague decides about the document at ``at``."""
    token = served.test.open_session("certifier", number=900 + int(at.rsplit("/", 1)[1][6:8]))
    with served.test.database.transaction() as tx:
        actor = login.resume(token, tx=tx, clock=served.test.clock).actor
        officer = replace(actor, roles=frozenset({Role.OFFICER}))
        document_id = at.rsplit("/", 1)[1]
        review.reject(officer, document_id, reason="khác", tx=tx, clock=served.test.clock)


def short_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ten minutes of a stream become two seconds; the browser waits two more before the next."""
    monkeypatch.setattr(stream, "_POLLS_AT_MOST", 2)


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


@pytest.mark.parametrize("holds", [False, True])
def test_a_session_that_ended_while_the_line_was_down(
    open_page: OpenPage, served: Served, monkeypatch: pytest.MonkeyPatch, *, holds: bool
) -> None:
    """The line's ``signed-out`` never came: what comes is a refused line."""
    short_lines(monkeypatch)
    page = open_page("desktop")
    signed_in_again(page, served, "officer", number=10 + holds)
    with page.expect_event("requestfinished", lambda asked: "/events/stream" in asked.url):
        page.goto(put_for_review(served, 3))
        if holds:
            page.get_by_text("Từ chối…").click()
            page.get_by_label("Lý do").last.fill("một lý do dài")
    end_session(served, "officer", number=10 + holds)
    if not holds:
        expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập cán bộ")
        return
    expect(page.get_by_role("alert").filter(has_text=ENDED)).to_be_visible()
    page.get_by_role("button", name="Từ chối").click()  # is not sent
    expect(page.get_by_label("Lý do").last).to_have_value("một lý do dài")


def test_a_page_that_holds_nothing_becomes_the_next_persons(
    open_page: OpenPage, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else has signed in before the line was back."""
    short_lines(monkeypatch)
    page = open_page("desktop")
    signed_in_again(page, served, "officer", number=12)
    with page.expect_event("requestfinished", lambda asked: "/events/stream" in asked.url):
        page.goto(put_for_review(served, 3))
    before = page.locator("[data-session]").get_attribute("data-session")
    assert before is not None
    signed_in_again(page, served, "certifier", number=12)
    expect(page.locator("[data-session]")).not_to_have_attribute("data-session", before)
    expect(page.locator("[data-session]")).to_be_hidden()


@pytest.mark.parametrize("what", ["reason", "correction"])
@pytest.mark.parametrize("then", ["ended", "changed"])
def test_what_was_typed_is_held_in_a_folded_form(
    open_page: OpenPage, served: Served, what: str, then: str
) -> None:
    page = open_page("desktop")
    number = 20 + 2 * (what == "reason") + (then == "ended")
    signed_in_again(page, served, "officer", number=number)
    at = put_for_review(served, number)
    page.goto(at)
    row = page.locator("tr[data-field=birth_date]")
    form = row if what == "correction" else page.locator("details.bad")
    form.locator("summary").click()
    box = form.locator("input:not([type=hidden]), textarea")
    box.fill("03/05/1998")
    form.locator("summary").click()
    expect(box).to_be_hidden()
    if then == "ended":
        end_session(served, "officer", number=number)
        told = page.get_by_role("alert").filter(has_text=ENDED)
    else:
        reject_elsewhere(served, at)
        told = page.get_by_role("status").filter(has_text="Hồ sơ vừa thay đổi")
    expect(told).to_be_visible()
    expect(box).to_have_value("03/05/1998")


def test_an_unfolded_form_in_which_nothing_was_typed_holds_nothing(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page("desktop")
    signed_in_again(page, served, "officer", number=30)
    page.goto(put_for_review(served, 5))
    page.get_by_text("Từ chối…").click()
    page.locator("tr[data-field=birth_date] summary").click()
    page.wait_for_timeout(500)
    end_session(served, "officer", number=30)
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập cán bộ")


def test_what_came_back_with_a_refusal_is_held(open_page: OpenPage, served: Served) -> None:
    """It stands in the page as its boxes' first text, and nowhere else."""
    page = open_page("desktop")
    signed_in_again(page, served, "officer", number=31)
    at = put_for_review(served, 6)
    page.goto(at)
    page.get_by_text("Chấp nhận…").click()
    page.get_by_label("Lý do").first.fill("một lý do dài")
    reject_elsewhere(served, at)
    expect(page.get_by_role("status").filter(has_text="Hồ sơ vừa thay đổi")).to_be_visible()
    page.get_by_role("button", name="Chấp nhận").click()
    kept = page.get_by_role("alert").get_by_text("một lý do dài")  # the document takes it no more
    expect(kept).to_be_visible()
    page.wait_for_timeout(500)
    end_session(served, "officer", number=31)
    expect(page.get_by_role("alert").filter(has_text=ENDED)).to_be_visible()
    expect(kept).to_be_visible()


@pytest.mark.parametrize("turnover", [False, True])
def test_a_change_while_another_person_was_signed_in_is_told_afterwards(
    open_page: OpenPage, served: Served, monkeypatch: pytest.MonkeyPatch, *, turnover: bool
) -> None:
    page = open_page("desktop")
    signed_in_again(page, served, "officer", number=40 + turnover)
    at = put_for_review(served, 7 + turnover)
    page.goto(at)
    page.get_by_text("Từ chối…").click()
    page.get_by_label("Lý do").last.fill("một lý do dài")
    page.wait_for_timeout(500)
    end_session(served, "officer", number=40 + turnover)
    told = page.get_by_role("alert").filter(has_text=ENDED)
    expect(told).to_be_visible()
    if (
        turnover
    ):  # the same line goes from one session to the next, with the number of the last it told
        short_lines(monkeypatch)
    signed_in_again(page, served, "certifier", number=40 + turnover)
    expect(told).to_contain_text("tài khoản của Nguyễn Văn Bình", timeout=15_000)
    reject_elsewhere(served, at)
    page.wait_for_timeout(1500)  # the line tells of it, to the other person
    if not turnover:
        end_session(served, "certifier", number=40)
    signed_in_again(page, served, "officer", number=42 + turnover)
    expect(told).to_be_hidden(timeout=15_000)
    expect(page.get_by_role("status").filter(has_text="Hồ sơ vừa thay đổi")).to_be_visible()
    expect(page.get_by_label("Lý do").last).to_have_value("một lý do dài")


def test_the_list_shows_afterwards_what_it_could_not_fetch(
    open_page: OpenPage, served: Served
) -> None:
    page = open_page("desktop")
    signed_in_again(page, served, "operator", number=50)
    at = put_for_review(served, 9)
    page.goto(f"{served.url}/documents")
    page.locator("#upload input[type=file]").set_input_files(
        {"name": "giữ trang.png", "mimeType": "image/png", "buffer": picture("giữ trang.png")}
    )
    expect(page.locator("[data-uploads] li")).to_contain_text("đã tiếp nhận")
    page.wait_for_timeout(2500)  # its own row has been fetched

    def fetched_too_late(route: Route) -> None:
        end_session(served, "operator", number=50)
        route.continue_()

    page.route("**/documents/rows*", fetched_too_late, times=1)
    reject_elsewhere(served, at)
    expect(page.get_by_role("alert").filter(has_text=ENDED)).to_be_visible()
    signed_in_again(page, served, "operator", number=51)
    expect(page.get_by_role("alert").filter(has_text=ENDED)).to_be_hidden(timeout=15_000)
    row = page.get_by_role("row").filter(has=page.locator(f"a[href*='{at.rsplit('/', 1)[1]}']"))
    expect(row).to_contain_text("Bị từ chối")
