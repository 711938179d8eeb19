"""English beside and below Vietnamese labels is no part of any value; English-looking values stay."""

from collections.abc import Callable

import pytest

from domain.form import FormCode
from ocr.extraction import extract
from ocr.form_library import library
from ocr.text_line import TextLine
from ocr.translations import without_english
from tests.unit.ocr.conftest import Row, values

LinesOf = Callable[..., list[TextLine]]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Quốc tịch (Nationality): Việt Nam", "Quốc tịch : Việt Nam"),
        ("Quốc tịch / Nationality: Việt Nam", "Quốc tịch: Việt Nam"),
        ("Số định danh cá nhân / Personal ID No.: 044", "Số định danh cá nhân: 044"),
        ("Họ, chữ đệm, tên người mẹ / Mother's full name: AN", "Họ, chữ đệm, tên người mẹ: AN"),
        ("Date of birth", ""),
        ("Nationality", ""),
        ("Nơi cư trú (Residence)", "Nơi cư trú "),
        ("Quốc tịch / Nationality", "Quốc tịch"),
        # what only looks like it
        (
            "Giấy tờ tùy thân: Hộ chiếu (Passport) số 518",
            "Giấy tờ tùy thân: Hộ chiếu (Passport) số 518",
        ),
        ("Nguyên nhân chết: Suy hô hấp (Birth)", "Nguyên nhân chết: Suy hô hấp (Birth)"),
        ("Nơi cư trú: Tòa nhà Sunrise (S), Quận 5", "Nơi cư trú: Tòa nhà Sunrise (S), Quận 5"),
        ("Full", "Full"),
        ("Park Jae Woo", "Park Jae Woo"),
        ("Nơi cư trú: xã Đông Sơn (Hà Nội)", "Nơi cư trú: xã Đông Sơn (Hà Nội)"),
        ("Nơi cư trú: Grace Place, London", "Nơi cư trú: Grace Place, London"),
        ("Họ và tên: PAGE / GRACE", "Họ và tên: PAGE / GRACE"),
        ("Số: 12/2024/TLKS-BS", "Số: 12/2024/TLKS-BS"),
    ],
)
def test_english_labels_are_taken_out(lines_of: LinesOf, text: str, left: str) -> None:
    (bare,) = without_english(lines_of([text]))
    assert " ".join(bare.text.split()) == " ".join(left.split())
    assert len(bare.sure) == len(bare.positions) == len(bare.text)


def test_a_bilingual_extract(lines_of: LinesOf) -> None:
    rows = [
        [(500.0, "TRÍCH LỤC KHAI SINH")],
        "Họ, chữ đệm, tên (Full name): ÂU DUY ĐOÀN",
        "Ngày, tháng, năm sinh (Date of birth): 14/11/2021",
        "Giới tính (Sex): Nam Dân tộc (Ethnic group): Kinh Quốc tịch (Nationality): Việt Nam",
        "Nơi sinh: xã Sín Chéng, huyện Si Ma Cai, tỉnh Lào Cai",
        "Place of birth",
        "Họ, chữ đệm, tên người mẹ: TIÊU KIM THẢO",
        "Full name of mother",
    ]
    form = library().form(FormCode.BIRTH_EXTRACT)
    assert form is not None
    found = extract(form, lines_of(rows)).fields
    assert {name: field.value for name, field in found.items()} == {
        "full_name": "Âu Duy Đoàn",
        "birth_date": "2021-11-14",
        "sex": "male",
        "ethnicity": "Kinh",
        "nationality": "Việt Nam",
        "birth_place": "xã Sín Chéng, huyện Si Ma Cai, tỉnh Lào Cai",
        "mother_full_name": "Tiêu Kim Thảo",
    }
    box = found["nationality"].box
    assert box is not None
    assert box.corners[0][0] > 900


def test_a_line_beside_its_label_is_a_value(lines_of: LinesOf) -> None:
    lines = lines_of([[(100.0, "Nơi cư trú cuối cùng:"), (500.0, "Home Residence")]])
    assert [line.text for line in without_english(lines)] == [line.text for line in lines]


def test_a_mission_is_named_in_vietnamese_only(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(100, "ĐẠI SỨ QUÁN VIỆT NAM"), (800, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
        [(100, "TẠI HÀN QUỐC"), (800, "Độc lập - Tự do - Hạnh phúc")],
        [(100, "Embassy of Viet Nam in Korea")],
        "TRÍCH LỤC KHAI SINH",
        "Họ, chữ đệm, tên: LÊ AN",
    ]
    told = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert told["issuing_agency"] == "ĐẠI SỨ QUÁN VIỆT NAM TẠI HÀN QUỐC"
