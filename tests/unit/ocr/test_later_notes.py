"""What registrars note on a paper after it was made: told, never passed over."""

from collections.abc import Callable
from datetime import date
from typing import cast

import pytest

from domain.form import FormCode
from domain.record import CheckOutcome, Record
from ocr.documents import read_document
from ocr.engine import ReadingEngine
from ocr.later_notes import LATER_NOTE, later_note
from ocr.text_line import TextLine
from tests.unit.ocr.test_documents import BIRTH, Engine, pages

LinesOf = Callable[..., list[TextLine]]
CERTIFICATE = [row.replace("TRÍCH LỤC KHAI SINH", "GIẤY KHAI SINH") for row in BIRTH]
TABLE = [
    "PHẦN GHI CHÚ NHỮNG THÔNG TIN THAY ĐỔI SAU NÀY",
    "Ngày, tháng,",
    "Nội dung ghi chú",
    "Họ tên, chữ ký và đóng",
    "năm",
    "dấu",
]
CORRECTED = "Ngày 05/03/2024: Cải chính ngày, tháng, năm sinh thành 06/06/1990"


def read(lines_of: LinesOf, *rows: list[str]) -> tuple[Record, ...]:
    engine = cast("ReadingEngine", Engine(lines_of, *rows))
    return read_document("f", "s", iter(pages(len(rows))), engine, date(2026, 11, 22))


def failed(record: Record) -> bool:
    return (LATER_NOTE, CheckOutcome.FAIL) in {(one.code, one.outcome) for one in record.checks}


def test_a_correction_on_the_back_takes_the_promise_of_what_it_names(lines_of: LinesOf) -> None:
    (plain,) = read(lines_of, CERTIFICATE, TABLE)
    assert plain.fields["birth_date"].certain
    assert not failed(plain)
    (noted,) = read(lines_of, CERTIFICATE, [*TABLE, CORRECTED])
    assert noted.pages == (1, 2)
    assert failed(noted)
    assert not noted.fields["birth_date"].certain
    assert noted.fields["birth_date"].value == "1998-03-05"
    assert noted.fields["full_name"].certain


@pytest.mark.parametrize(
    "heading",
    [
        "PHẦN GHI CHÚ NHỮNG THÔNG TIN THAY ĐỔI SAU NÀY",
        "Ghi chú những thông tin thay đổi sau này:",
        "GHI CHÚ NHỮNG THÔNG TIN THAY DỐI SAU NẢY",
    ],
)
def test_notes_behind_an_empty_page_belong_to_their_paper(lines_of: LinesOf, heading: str) -> None:
    (record,) = read(lines_of, CERTIFICATE, [], [heading, CORRECTED])
    assert record.pages == (1, 2, 3)
    assert failed(record)


def test_writing_that_says_nothing_legible_puts_every_entry_in_doubt(lines_of: LinesOf) -> None:
    (record,) = read(lines_of, CERTIFICATE, [*TABLE, "Xvn ghlô qur"])
    assert failed(record)
    assert not record.fields["birth_date"].certain
    assert not record.fields["full_name"].certain


@pytest.mark.parametrize(
    "note",
    [
        "Ghi chú: Đã cải chính ngày sinh thành 06/06/1990, QĐ số 12/QĐ-UBND ngày 05/03/2024",
        "Đã được cải chính năm sinh theo Quyết định số 12/QĐ-UBND",
        "Ghi chú: Bổ sung quê quán ngày 12/6/2011 theo QĐ số 15",
        "Ghi chú : Đã ly hôn theo Quyết định số 16/2020/QĐST-HNGĐ ngày 15/12/2020 của",
        "Ghi chú: Con nuôi theo Quyết định số 04/2017/QĐ-UBND",
    ],
)
def test_notes_below_the_entries(lines_of: LinesOf, note: str) -> None:
    check = later_note(FormCode.BIRTH_CERTIFICATE, lines_of([*CERTIFICATE, note]))
    assert check is not None
    assert note in str(check.facts["noted"])


@pytest.mark.parametrize(
    "note",
    [
        "Ghi chú:",
        "Ghi chú: Không",
        "Ghi chú: Đăng ký lại ngày 18/09/2012",
        "Ghi chú : Đăng ký quá hạn",
        "Ghi chú: Sao từ sổ lưu tại Sở Tư pháp",
        "Mục đích sử dụng: Bổ sung hồ sơ vay vốn ngân hàng",
        "LÝ HỒNG THƠM",
    ],
)
def test_what_is_no_change(lines_of: LinesOf, note: str) -> None:
    assert later_note(FormCode.BIRTH_EXTRACT, lines_of([*BIRTH, note])) is None


def test_a_note_that_spreads_over_rows(lines_of: LinesOf) -> None:
    rows = [*BIRTH, "Ghi chú:", "Theo Quyết định số 28/6/2017 của UBND huyện", "cải chính năm sinh"]
    assert later_note(FormCode.BIRTH_EXTRACT, lines_of(rows)) is not None


def test_a_divorce_ends_the_marriage_and_makes_no_entry_wrong(lines_of: LinesOf) -> None:
    rows = ["GIẤY CHỨNG NHẬN KẾT HÔN", "Ghi chú: Đã ly hôn theo Bản án số 64/2019/HNGĐ-ST"]
    check = later_note(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows))
    assert check is not None
    assert check.facts["fields"] == []


def test_papers_about_a_change_are_no_notes_of_one(lines_of: LinesOf) -> None:
    rows = ["TRÍCH LỤC CẢI CHÍNH HỘ TỊCH", "Đã đăng ký cải chính hộ tịch tại: UBND huyện Mang Thít"]
    assert later_note(FormCode.AMENDMENT_EXTRACT, lines_of(rows)) is None


def test_copies_handed_out_change_nothing(lines_of: LinesOf) -> None:
    copy = ["14/9/2024", "Đã ấp trch lục bản sao số 12, cho", "người yêu cầu là cha đẻ"]
    (plain,) = read(lines_of, CERTIFICATE, [*TABLE, *copy])
    assert not failed(plain)
    for more in (
        CORRECTED,
        "Xvn ghlô qur vnb xiut mnop qrst uvwx yzab cdef ghij klmn opqr stuv wxyz",
    ):
        (noted,) = read(lines_of, CERTIFICATE, [*TABLE, *copy, more])
        assert failed(noted)
