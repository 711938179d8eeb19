"""Sign in, upload, review, certify, verify: on a phone and on a desktop."""

import io
import re
from dataclasses import replace

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from domain.document import DocumentState
from domain.event import Event, EventName
from tests.acceptance.web.conftest import OFFICE, OpenPage, Served, look, sign_in
from tests.fakes.house import PASSWORD, as_accepted, sample_document, sample_record
from workflow.on_file import looked_up

both_sizes = pytest.mark.parametrize("size", ["phone", "desktop"])


def scan(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (900, 1200), shade).save(out, "PNG", dpi=(150, 150))
    return out.getvalue()


@both_sizes
def test_signing_in(open_page: OpenPage, served: Served, size: str) -> None:
    page = open_page(size)
    page.goto(f"{served.url}/documents?state=review")
    assert "/sign-in?to=" in page.url
    look(page, f"sign-in-{size}")
    sign_in(page, served, "operator", "guess")
    expect(page.get_by_role("alert")).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng.")
    look(page, f"sign-in-refused-{size}")
    sign_in(page, served, "operator")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hồ sơ")
    assert page.context.cookies()[-1]["httpOnly"]
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Documents")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff sign-in")


@both_sizes
def test_uploading_and_following(open_page: OpenPage, served: Served, size: str) -> None:
    page = open_page(size, login="operator")
    page.goto(f"{served.url}/documents")
    expect(page.locator("[data-live]")).to_have_text("Đang cập nhật trực tiếp")
    page.get_by_label("Tên lô (không bắt buộc)").fill(f"lô {size}")
    page.get_by_label("Số hóa theo lô").check()
    shade = 250 if size == "phone" else 240
    page.locator("#upload input[type=file]").set_input_files(
        [
            {"name": f"một-{size}.png", "mimeType": "image/png", "buffer": scan(shade)},
            {"name": "hỏng.png", "mimeType": "image/png", "buffer": scan(shade)[:200]},
        ]
    )
    lines = page.locator("[data-uploads] li")
    expect(lines.nth(0)).to_contain_text("đã tiếp nhận")
    expect(lines.nth(1)).to_contain_text("Tệp bị hỏng")
    row = page.get_by_role("row").filter(has_text=f"một-{size}.png")
    expect(row).to_contain_text("Đã tiếp nhận")
    look(page, f"uploaded-{size}")
    _read_in_the_background(served, f"lô {size}")
    expect(row).to_contain_text("Đã đọc")  # live, without a reload
    expect(row).to_contain_text("Trích lục khai sinh")


def _read_in_the_background(served: Served, batch: str) -> None:
    test = served.test
    with test.database.transaction() as tx:
        (document,) = tx.documents.page(within="vn", batch=batch).documents
        read = replace(
            document,
            state=DocumentState.READ,
            record=sample_record(),
            pages=(1, 2),
            sha256="ab" * 32,
        )
        assert tx.documents.move(document, changed=read)
        tx.events.add(
            Event(
                name=EventName.DOCUMENT_READ,
                actor_id="system",
                agency_id=document.agency_id,
                document_id=document.id,
                at=test.clock.now(),
            )
        )


def for_review(served: Served, size: str, number: int) -> str:
    document_id = f"aaaaaaa{number}-0000-5000-8000-0000000{'11111' if size == 'phone' else '22222'}"
    document = sample_document(document_id, file=f"xem xét {size}.pdf")
    with served.test.database.transaction() as tx:
        # else accepting it would tell of other data, and of the same paper in other tests
        compared = as_accepted(document, tx.population)
        compared = as_accepted(looked_up(compared, tx), tx.population)
    served.test.put(compared)
    return f"{served.url}/documents/{document_id}"


@both_sizes
def test_reviewing(open_page: OpenPage, served: Served, size: str) -> None:
    page = open_page(size, login="officer")
    at = for_review(served, size, 1)
    page.goto(at)
    expect(page.get_by_role("heading", level=1)).to_have_text("Trích lục khai sinh")
    row = page.locator("tr[data-field=birth_date]")
    box = page.locator("polygon[data-field=birth_date]")
    row.focus()
    expect(box).to_have_class(re.compile("lit"))
    box.focus()
    expect(row).to_have_class(re.compile("lit"))
    expect(page.locator("polygon.lit")).to_have_count(1)
    look(page, f"review-{size}")
    _turn_and_zoom(page)
    row.get_by_text("Sửa").click()
    row.get_by_role("textbox").fill("03/05/1998")
    home_town = page.locator("tr[data-field=home_town]")
    home_town.get_by_text("Sửa").click()
    home_town.get_by_role("textbox").fill("")
    look(page, f"correcting-{size}")
    page.get_by_role("button", name="Lưu sửa đổi và đối chiếu lại").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã lưu sửa đổi")
    expect(page.locator("tr[data-field=birth_date]")).to_contain_text("cán bộ đã nhập")
    expect(home_town).to_contain_text("cán bộ xác nhận trên giấy không có")
    expect(page.get_by_text("cán bộ đã nhập")).to_have_count(1)
    look(page, f"corrected-{size}")
    page.goto(for_review(served, size, 2))
    page.get_by_text("Chấp nhận…").click()
    page.get_by_label("Lý do").first.fill("Đã đối chiếu sổ gốc.")
    page.get_by_role("button", name="Chấp nhận").click()
    expect(page.locator(".page-head .badge")).to_have_text("Đã xác minh")
    expect(page.locator(".history")).to_contain_text("“Đã đối chiếu sổ gốc.”")


def _turn_and_zoom(page: Page) -> None:
    page.get_by_role("button", name="Trang sau").click()
    expect(page.locator("[data-page-name]")).to_have_text("Trang 2 trên 2")
    expect(page.locator(".sheet[data-page='2'] img")).to_be_visible()
    page.locator("tr[data-field=full_name] th").click()  # leads back to the page it stands on
    expect(page.locator("[data-page-name]")).to_have_text("Trang 1 trên 2")
    narrow = page.locator(".sheet:visible").bounding_box()
    page.get_by_role("button", name="Phóng to").click()
    wide = page.locator(".sheet:visible").bounding_box()
    assert narrow is not None
    assert wide is not None
    assert wide["width"] > narrow["width"] * 1.3


@both_sizes
def test_a_change_is_announced_but_typing_is_never_thrown_away(
    open_page: OpenPage, served: Served, size: str
) -> None:
    at = for_review(served, size, 3)
    first, second = open_page(size, login="officer"), open_page(size, login="officer")
    first.goto(at)
    first.get_by_text("Từ chối…").click()
    first.get_by_label("Lý do").last.fill("đang viết dở")
    second.goto(at)
    second.get_by_text("Chấp nhận…").click()
    second.get_by_label("Lý do").first.fill("đủ căn cứ")
    second.get_by_role("button", name="Chấp nhận").click()
    expect(first.get_by_text("Hồ sơ vừa thay đổi.")).to_be_visible()
    expect(first.get_by_label("Lý do").last).to_have_value("đang viết dở")
    if size == "desktop":
        return
    first.get_by_role("link", name="Tải lại trang").click()
    expect(first.locator(".page-head .badge")).to_have_text("Đã xác minh")


@pytest.mark.parametrize(("size", "lang"), [("phone", "vi"), ("desktop", "en")])
def test_verifying(open_page: OpenPage, served: Served, size: str, lang: str) -> None:
    page = open_page(size, lang=lang)
    page.goto(served.url)
    look(page, f"verify-{size}-{lang}")
    genuine = {"vi": "Bản sao thật, còn hiệu lực", "en": "Genuine and in force"}[lang]
    forged = {"vi": "Không phải bản sao hợp lệ", "en": "Not a genuine copy"}[lang]
    submit = {"vi": "Kiểm tra", "en": "Verify"}[lang]
    file = page.locator("input[type=file]")
    file.set_input_files({"name": "c.pdf", "mimeType": "application/pdf", "buffer": served.pdf})
    expect(page.locator("[data-drop] span")).to_have_text("c.pdf")
    page.get_by_role("button", name=submit).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(genuine, timeout=40_000)
    look(page, f"genuine-{size}-{lang}")
    page.goto(f"{served.url}/verify")
    changed = served.pdf.replace(b"/Type", b"/Tipe", 1)
    file = page.locator("input[type=file]")
    file.set_input_files({"name": "c.pdf", "mimeType": "application/pdf", "buffer": changed})
    page.get_by_role("button", name=submit).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(forged, timeout=40_000)
    look(page, f"forged-{size}-{lang}")
    known = {"vi": "Sổ chứng thực có bản sao mang mã này", "en": "The register holds a copy"}[lang]
    page.goto(f"{served.url}/verify")
    page.locator("[name=code]").fill(f"{served.url}/v/{served.certificate.code.lower()}")
    page.get_by_role("button", name=submit).last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(known, timeout=40_000)
    assert page.url == f"{served.url}/v/{served.certificate.code}"
    look(page, f"known-code-{size}-{lang}")
    file = page.locator("input[type=file]")
    file.set_input_files({"name": "c.pdf", "mimeType": "application/pdf", "buffer": served.pdf})
    page.get_by_role("button", name=submit).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(genuine, timeout=40_000)
    if lang == "en":
        return
    page.goto(f"{served.url}/v/0000-0000-0000-0000-0")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Không có bản sao nào mang mã này")
    look(page, f"unknown-code-{size}")


def test_collecting_and_signing_in_by_plain_http(chromium: Browser, served: Served) -> None:
    """In an office's network browsers send no Sec-Fetch-Site: only the origin tells that it is our form."""
    house = f"http://{OFFICE}:{served.url.rpartition(':')[2]}"
    page = chromium.new_page()
    page.goto(f"{house}/v/{served.certificate.code}/copy")
    page.locator("[name=proof]").fill("024198003456")
    with page.expect_download(timeout=10_000) as download:
        page.get_by_role("button", name="Tải bản sao (PDF)").click()
    assert download.value.path().read_bytes() == served.pdf
    page.goto(f"{house}/sign-in")
    page.fill("[name=login]", "officer")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page).to_have_url(f"{house}/documents")
    page.close()


def test_the_keyboard_alone_is_enough(open_page: OpenPage, served: Served) -> None:
    page = open_page("desktop", login="officer")
    page.goto(for_review(served, "desktop", 4))
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Đến nội dung chính")
    page.keyboard.press("Enter")
    for _ in range(
        40
    ):  # the other papers of the file are links before it, and of these there are many
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "polygon":
            break
    assert page.evaluate("document.activeElement.tagName") == "polygon"
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Họ")
