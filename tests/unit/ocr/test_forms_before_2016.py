"""Forms as offices filled them in: heads with colons, two fields under a label, inner pages of books."""

from collections.abc import Callable, Sequence

import pytest

from domain.form import FormCode
from ocr.classification import classify_texts
from ocr.columns import pages_in_order
from ocr.couple_table import couple_heads
from ocr.extraction import extract
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import certain, spec_of, values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]


def test_a_head_whose_units_were_filled_in_behind_colons(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(100.0, "UBND xã: Thượng Nông"), (700.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
        [(100.0, "Huyện: Na Hang"), (700.0, "Độc lập - Tự do - Hạnh phúc")],
        [(100.0, "Tỉnh: Tuyên Quang")],
        [(500.0, "GIẤY KHAI SINH")],
        "Họ và tên: BÀN TUẤN KIỆT",
    ]
    found = extract(spec_of(FormCode.BIRTH_CERTIFICATE), lines_of(rows)).fields
    agency = found["issuing_agency"]
    assert agency.text == "UBND xã: Thượng Nông Huyện: Na Hang Tỉnh: Tuyên Quang"
    assert agency.value == "UBND xã Thượng Nông Huyện Na Hang Tỉnh Tuyên Quang"


@pytest.mark.parametrize(
    ("label", "said", "number"),
    [
        ("Số, ngày đăng ký:", "Số 36/2023, ngày 20/7/2023", "36/2023"),
        ("11 Số, ngày đăng ký", "Số 29 ngày 20/7/2023", "29"),
        ("Số, ngày đăng ký", "403/2012, ngày 20/7/2023", "403/2012"),
    ],
)
def test_number_and_date_under_one_label(
    lines_of: LinesOf, label: str, said: str, number: str
) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ")],
        [(100.0, "Họ, chữ đệm, tên"), (700.0, "HOÀNG NGỌC QUYÊN")],
        [(100.0, "Đăng ký khai tử tại"), (700.0, "UBND xã Phước Thuận, tỉnh Ninh Thuận")],
        [(100.0, label), (700.0, said)],
    ]
    found = values(FormCode.DEATH_EXTRACT, lines_of(rows))
    assert found["registration_place"] == "UBND xã Phước Thuận, tỉnh Ninh Thuận"
    assert (found["registration_number"], found["registration_date"]) == (number, "2023-07-20")


def test_a_heading_that_says_what_the_label_below_it_says(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KẾT HÔN")],
        "III. Đăng ký kết hôn:",
        "- Nơi đăng ký: UBND xã Ngọc Lũ, tỉnh Hà Nam.",
    ]
    found = values(FormCode.MARRIAGE_EXTRACT, lines_of(rows))
    assert found["registration_place"] == "UBND xã Ngọc Lũ, tỉnh Hà Nam"


def test_a_heading_of_a_couple_read_with_the_corner_of_its_table(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
        [(100.0, "THÔNG TINVỢ"), (900.0, "CHỒNG")],
        [(100.0, "Họ, chữ đệm, tên"), (500.0, "VÀNG THỊ DỢ"), (900.0, "TẨN LÁO TẢ")],
        [(100.0, "Dân tộc"), (500.0, "Mông"), (900.0, "Dao")],
        [(100.0, "Quốc tịch"), (500.0, "Việt Nam"), (900.0, "Việt Nam")],
    ]
    form = spec_of(FormCode.MARRIAGE_CERTIFICATE)
    assert [(left.role, right.role) for left, right in couple_heads(lines_of(rows), form)] == [
        ("wife", "husband")
    ]


def test_two_names_read_as_one_word_are_cut_where_the_second_column_begins(
    lines_of: LinesOf,
) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        [(500.0, "NGƯỜI MẸ"), (740.0, "NGƯỜI CHA")],
        [(100.0, "Họ, chữ đệm, tên"), (500.0, "NGUYỄN THỊ THÙY QUYÊNCÙ XUÂN KHƯƠNG")],
        [(100.0, "Năm sinh"), (500.0, "1999"), (752.0, "1996")],
        [(100.0, "Dân tộc"), (500.0, "Mường"), (752.0, "Kinh")],
        [(100.0, "Quốc tịch"), (500.0, "Việt Nam"), (752.0, "Việt Nam")],
    ]
    lines = lines_of(rows)
    found = values(FormCode.BIRTH_CERTIFICATE, lines)
    assert found["mother_full_name"] == "Nguyễn Thị Thùy Quyên"
    assert found["father_full_name"] == "Cù Xuân Khương"
    assert not {"mother_full_name", "father_full_name"} & certain(FormCode.BIRTH_CERTIFICATE, lines)


MEMBER: list[Row] = [
    "Họ và tên: HOÀNG THỊ THU HƯƠNG",
    "Họ và tên gọi khác (nếu có):",
    "Ngày, tháng, năm sinh: 05/02/1965",
    "Quan hệ với chủ hộ: Vợ",
    "Chuyển đến ngày: 22/11/1988",
    "Nơi thường trú trước khi chuyển đến: xã Long Điền B",
]


def test_a_page_of_members_is_known_without_a_title(lines_of: LinesOf) -> None:
    rows = ["Tờ số 3 - trang 6", *MEMBER, [(500.0, "Ngày 17 tháng 6 năm 2013")], "TRƯỞNG CÔNG AN"]
    lines = lines_of(rows)
    assert classify_texts([line.text for line in lines])[0] is FormCode.HOUSEHOLD_BOOK
    found = values(FormCode.HOUSEHOLD_BOOK, lines)
    assert found["members[1].full_name"] == "Hoàng Thị Thu Hương"
    # the page's number is not the book's, nor the day of an entry the day of issue
    assert not {"household_number", "issue_date"} & found.keys()


def test_a_number_in_groups_of_three_is_one_number(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "SỔ HỘ KHẨU")],
        "Số: 350 208 914",
        "Họ và tên chủ hộ: CÙ QUANG TUẤN",
    ]
    assert values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))["household_number"] == "350208914"


def test_until_when_a_confirmation_counts(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(300.0, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN")],
        "Họ, chữ đệm, tên: TRỊNH VIẾT QUYỀN",
        "Tình trạng hôn nhân: Chưa đăng ký kết hôn với ai",
        "Giấy này có giá trị đến ngày 20/02/2026, được sử dụng để: đăng ký kết hôn",
    ]
    found = values(FormCode.MARITAL_STATUS_CONFIRMATION, lines_of(rows))
    assert found["valid_until"] == "2026-02-20"
    assert found["marital_status"] == "Chưa đăng ký kết hôn với ai"


def test_a_name_in_small_letters_before_a_birthday(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(300.0, "GIẤY XÁC NHẬN CƯ TRÚ")],
        "Chị Lã Thị Mỹ Khuyên, sinh ngày 16/09/1999, giới tính nữ, dân tộc Kinh.",
    ]
    assert (
        values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))["full_name"] == "Lã Thị Mỹ Khuyên"
    )
    rows[1] = "Chị Lã Thị Mỹ Khuyên, là người của xã, dân tộc Kinh."
    assert "full_name" not in values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))


def test_both_sides_of_a_card_on_one_page(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(100.0, "CĂN CƯỚC CÔNG DÂN"), (900.0, "Đặc điểm nhận dạng: Nốt ruồi")],
        [(100.0, "Số: 030188034679"), (900.0, "Ngày, tháng, năm: 25/9/2018")],
        [(100.0, "Họ và tên:"), (900.0, "Ngón trỏ trái")],
        [(100.0, "CHỬ DIỆU NỞ"), (900.0, "VÀ DLQG VỀ DÂN CƯ")],
        [(100.0, "Quê quán: Quảng Nghiệp, Hải Dương"), (900.0, "7/ CÔNG")],
    ]
    form = spec_of(FormCode.IDENTITY_CARD)
    found = values(FormCode.IDENTITY_CARD, list(pages_in_order(form, lines_of(rows))))
    assert (found["full_name"], found["home_town"]) == ("Chử Diệu Nở", "Quảng Nghiệp, Hải Dương")
