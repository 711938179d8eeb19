"""Dates that forms with gaps, leaders or narrow columns take apart."""

from collections.abc import Callable, Sequence

import pytest

from domain.form import FormCode
from ocr.extraction import extract
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import spec_of, values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]
_HEAD: list[Row] = ["TRÍCH LỤC KẾT HÔN", "Họ, chữ đệm, tên vợ: NGUYỄN THỊ AN"]


@pytest.mark.parametrize(
    "row",
    [
        [(100.0, "Số: 16"), (400.0, "ngày 11"), (700.0, "tháng 01"), (1000.0, "năm 2019")],
        [
            (100.0, "Số: 16"),
            (400.0, "ngày … 11 …"),
            (700.0, "… tháng …01"),
            (1000.0, "năm 20 19 …"),
        ],
        [(100.0, "Số: 16"), (400.0, "ngày 11"), (700.0, "tháng 01 năm 2019")],
    ],
)
def test_day_month_and_year_apart_on_one_row(lines_of: LinesOf, row: Row) -> None:
    found = values(FormCode.MARRIAGE_EXTRACT, lines_of([*_HEAD, "Đăng ký tại: UBND xã Ba", row]))
    assert found["registration_date"] == "2019-01-11"
    assert found["registration_number"] == "16"


def test_what_follows_a_whole_date_is_no_part_of_it(lines_of: LinesOf) -> None:
    row: Row = [
        (100.0, "Số: 16"),
        (400.0, "ngày 11/01/2019"),
        (700.0, "tháng 02"),
        (1000.0, "năm 2020"),
    ]
    found = values(FormCode.MARRIAGE_EXTRACT, lines_of([*_HEAD, "Đăng ký tại: UBND xã Ba", row]))
    assert found["registration_date"] == "2019-01-11"


@pytest.mark.parametrize(
    "row",
    [
        [(500.0, "Ngày …"), (620.0, "19"), (700.0, "… tháng …"), (850.0, "02 năm 2014")],
        [(500.0, "Ngày _19"), (620.0, "_tháng _"), (750.0, "02"), (850.0, "_ năm 2014")],
        [(500.0, "Ba Vì, ngày …19 … tháng … 02 năm 20 14")],
    ],
)
def test_a_date_above_the_signature_filled_in_between_leaders(lines_of: LinesOf, row: Row) -> None:
    rows: list[Row] = ["SỔ HỘ KHẨU", "Họ và tên chủ hộ: LÊ AN", "Nơi thường trú: xã Ba, huyện Vì",
                       row, [(600.0, "TRƯỞNG CÔNG AN HUYỆN")]]  # fmt: skip
    assert values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))["issue_date"] == "2014-02-19"


def test_words_that_go_on_at_the_left_are_the_dates(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "GIẤY KHAI SINH",
        "Họ, chữ đệm, tên: HỒ THỊ HIỀN",
        [(100.0, "Ngày, tháng, năm sinh: 20/05/2023"),
         (900.0, "ghi bằng chữ: ngày hai mươi tháng năm năm hai ngàn")],
        "không trăm hai mươi ba",
        "Giới tính: Nữ",
    ]  # fmt: skip
    spec = spec_of(FormCode.BIRTH_CERTIFICATE)
    assert extract(spec, lines_of(rows)).spelled == {"birth_date": "2023-05-20"}
    rows[3] = "năm sinh của mẹ 1990"
    assert extract(spec, lines_of(rows)).spelled == {"birth_date": "2000-05-20"}


def test_a_reason_below_the_head_of_household_is_no_part_of_the_name(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "GIẤY XÁC NHẬN CƯ TRÚ",
        "Ông (bà): QUÁCH THỊ THÚY",
        "Họ tên chủ hộ: Khuất Duy Mạnh",
        "Lý do: Làm hồ sơ nhập học",
        [(500.0, "Ngày _28"), (620.0, "_tháng _"), (750.0, "11"), (850.0, "_ năm 2005")],
        [(600.0, "TRƯỞNG CÔNG AN XÃ")],
    ]
    found = values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))
    assert found["head_full_name"] == "Khuất Duy Mạnh"
    assert found["issue_date"] == "2005-11-28"
