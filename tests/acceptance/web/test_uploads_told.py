"""What a page says of a file at once: that it is our own copy, that only one was taken."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.acceptance.web.conftest import OpenPage, Served, look

OWN = {
    "vi": "Tệp này là bản sao chứng thực số {number} đã cấp tại đây (còn hiệu lực), không phải bản chính.",
    "en": "This file is the certified copy {number} issued here (in force), and no original.",
}
ONE = {"vi": "Ở đây mỗi lần chỉ nhận một tệp", "en": "One file at a time here"}
DROP = """() => {
  const files = new DataTransfer();
  for (const name of ["a.png", "b.png"]) files.items.add(new File([name], name));
  const drop = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
  document.querySelector("[data-drop]").dispatchEvent(drop);
  return [...document.querySelector("input[type=file]").files].map((file) => file.name);
}"""
both = pytest.mark.parametrize(("size", "lang"), [("phone", "vi"), ("desktop", "en")])


@both
def test_a_copy_of_ours_is_told_in_the_list_of_uploads(
    open_page: OpenPage, served: Served, size: str, lang: str
) -> None:
    page = open_page(size, lang=lang, login="officer")
    page.goto(f"{served.url}/documents")
    scan = io.BytesIO()
    Image.new("L", (900, 1200), 99).save(scan, "PNG", dpi=(150, 150))
    page.locator("#upload input[type=file]").set_input_files(
        [
            {"name": "bản sao.pdf", "mimeType": "application/pdf", "buffer": served.pdf},
            {"name": "giấy.png", "mimeType": "image/png", "buffer": scan.getvalue()},
        ]
    )
    copy, scan_line = (
        page.locator("[data-uploads] li").nth(0),
        page.locator("[data-uploads] li").nth(1),
    )
    certificate = served.certificate
    number = f"{certificate.number}/{certificate.year}"
    expect(copy.locator("small")).to_contain_text(OWN[lang].format(number=number))
    original = copy.locator("small a")
    expect(original).to_have_attribute("href", f"/documents/{certificate.document_id}")
    expect(scan_line.locator("a")).to_have_count(1)
    look(page, f"own-copy-{size}-{lang}")


def dropped_two(page: Page, at: str, lang: str) -> None:
    page.goto(at)
    expect(page.get_by_text(ONE[lang])).to_be_hidden()
    assert page.evaluate(DROP) == ["a.png"]
    expect(page.locator("[data-drop] > span")).to_have_text("a.png")
    expect(page.get_by_text(ONE[lang])).to_be_visible()


@both
def test_of_two_files_dropped_where_one_is_taken_the_first_is(
    open_page: OpenPage, served: Served, size: str, lang: str
) -> None:
    page = open_page(size, lang=lang, login="agent")
    dropped_two(page, f"{served.url}/receipts", lang)
    look(page, f"dropped-{size}-{lang}")
    chosen = {"name": "c.png", "mimeType": "image/png", "buffer": b"c"}
    page.locator("input[type=file]").set_input_files([chosen])
    expect(page.locator("[data-drop] > span")).to_have_text("c.png")
    expect(page.get_by_text(ONE[lang])).to_be_hidden()
    dropped_two(page, f"{served.url}/verify", lang)
