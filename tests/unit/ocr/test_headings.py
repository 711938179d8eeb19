"""Headings of the parts of a form: whose the labels below are, and where the values above end."""

from collections.abc import Callable, Sequence

import pytest

from domain.form import FormCode
from domain.text import fold
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import certain, values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]


@pytest.mark.parametrize(
    "head", ["THÔNG TIN VỀ VIỆC CHẾT", "II. THÔNG TIN VỀ VIỆC CHẾT", "Thông tin về việc chết:"]
)
def test_a_value_ends_above_the_heading_of_the_next_part(lines_of: LinesOf, head: str) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ")],
        "Giấy tờ tùy thân: CCCD số 060063000357 do Cục Cảnh sát cấp ngày 25/02/2021",
        "Nơi cư trú cuối cùng: Tổ 3, xã Đại Đồng, huyện Tứ Kỳ",
        "tỉnh Hải Dương",
        head,
    ]
    found = values(FormCode.DEATH_EXTRACT, lines_of(rows))
    assert found["residence"] == "Tổ 3, xã Đại Đồng, huyện Tứ Kỳ, tỉnh Hải Dương"
    assert "identity_paper" in certain(FormCode.DEATH_EXTRACT, lines_of([*rows[:2], head]))


@pytest.mark.parametrize(
    ("begun", "rest", "whole"),
    [
        ("XÃ TAM HIỆP, HUYỆN CHÂU THÀNH,", "TỈNH TIỀN GIANG", "Xã Tam Hiệp, huyện Châu Thành"),
        ("Ấp 3, TP.", "Hồ Chí Minh", "Hồ Chí Minh"),
        ("Ấp 3, xã Tam Hiệp, huyện Châu Thành, tỉnh", "KIÊN GIANG", "Kiên Giang"),
    ],
)
def test_a_value_goes_on_in_capitals_where_it_has_them_or_below_an_unfinished_row(
    lines_of: LinesOf, begun: str, rest: str, whole: str
) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ")],
        f"Nơi cư trú cuối cùng: {begun}",
        rest,
        "Nguyên nhân chết: Ung thư gan",
    ]
    said = values(FormCode.DEATH_EXTRACT, lines_of(rows))["residence"]
    assert said is not None
    assert fold(whole) in fold(said)
    assert fold(rest) in fold(said)


def test_registration_may_stand_before_the_person(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI SINH")],
        [(500.0, "ĐĂNG KÝ KHAI SINH")],
        "Đăng ký khai sinh tại: UBND xã Cẩm Lạc, huyện Cẩm Xuyên, tỉnh Hà Tĩnh",
        "Số đăng ký: 5/1993",
        [(500.0, "NGƯỜI ĐƯỢC KHAI SINH")],
        "Họ, chữ đệm, tên: Bùi Thị Ưng",
        "Dân tộc: Mường",
        [(500.0, "NGƯỜI MẸ")],
        "Họ, chữ đệm, tên: Đinh Thị Nhỉn",
        "Dân tộc: Kinh",
    ]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert found["registration_number"] == "5/1993"
    assert (found["full_name"], found["ethnicity"]) == ("Bùi Thị Ưng", "Mường")
    assert (found["mother_full_name"], found["mother_ethnicity"]) == ("Đinh Thị Nhỉn", "Kinh")


def test_couples_in_prose_are_told_apart_by_what_their_sentences_begin_with(
    lines_of: LinesOf,
) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KẾT HÔN")],
        "Người chồng: Họ, chữ đệm, tên: LÝ KHẮC TRÁNG; ngày, tháng, năm sinh: 18/12/1983; dân",
        "tộc: Kinh; quốc tịch: Việt Nam; nơi cư trú: Thôn 2, xã Quỳnh Đôi, tỉnh Nghệ An.",
        "Người vợ: Họ, chữ đệm, tên: TÒNG THỊ ỎM; ngày, tháng, năm sinh: 24/06/1996; dân tộc: Thái;",
        "quốc tịch: Việt Nam; nơi cư trú: Đội 4, xã Cái Nước, tỉnh Cà Mau.",
        "Đã đăng ký kết hôn tại: UBND xã Cái Nước, tỉnh Cà Mau",
    ]
    found = values(FormCode.MARRIAGE_EXTRACT, lines_of(rows))
    assert (found["husband_full_name"], found["husband_ethnicity"]) == ("Lý Khắc Tráng", "Kinh")
    assert (found["wife_full_name"], found["wife_ethnicity"]) == ("Tòng Thị Ỏm", "Thái")
    assert found["husband_residence"] == "Thôn 2, xã Quỳnh Đôi, tỉnh Nghệ An"
    assert found["wife_residence"] == "Đội 4, xã Cái Nước, tỉnh Cà Mau"


def test_the_agency_may_stand_at_the_right_of_the_state(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(100.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), (1200.0, "UBND HUYỆN GIO LINH")],
        [(200.0, "Độc lập - Tự do - Hạnh phúc"), (1220.0, "UBND XÃ GIO MỸ")],
        [(1230.0, "Số: 80/TLKS-BS")],
        [(500.0, "TRÍCH LỤC KHAI SINH")],
        "Họ, chữ đệm, tên: Bùi Thị Ưng",
    ]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert found["issuing_agency"] == "UBND HUYỆN GIO LINH UBND XÃ GIO MỸ"
    assert found["number"] == "80/TLKS-BS"


def test_the_label_of_a_persons_name_may_be_a_heading(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
        "I/ HỌ TÊN CHỒNG",
        "Họ và tên: LƯƠNG GIA HẬU",
        "Sinh ngày 09 tháng 10 năm 1966",
        "II/ HỌ TÊN VỢ",
        "Họ và tên: PHẠM HỒNG THẤM",
        "Sinh ngày 30 tháng 10 năm 1971",
    ]
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows))
    assert found["husband_full_name"] == "Lương Gia Hậu"
    assert found["husband_birth_date"] == "1966-10-09"
    assert found["wife_full_name"] == "Phạm Hồng Thấm"
    assert found["wife_birth_date"] == "1971-10-30"


def test_an_unknown_label_in_a_row_like_the_labels_own_ends_its_value(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN")],
        [(100.0, "Họ, chữ đệm, tên"), (600.0, "GIÁP GIÁP")],
        [(100.0, "Tình trạng hôn nhân"), (600.0, "Hiện tại đang có vợ là bà Ông Mỹ Lành")],
        [(100.0, "Mục đích"), (600.0, "Chuyển nhượng quyền sử dụng đất")],
    ]
    found = values(FormCode.MARITAL_STATUS_CONFIRMATION, lines_of(rows))
    assert found["marital_status"] == "Hiện tại đang có vợ là bà Ông Mỹ Lành"


def test_who_declares_a_birth_is_not_the_child(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI SINH")],
        "Đăng ký khai sinh tại: UBND xã Gio Mỹ, tỉnh Quảng Trị",
        "Người đi khai sinh: LÊ VĂN ĐI",
        "Số định danh cá nhân: 030064450248",
        "Họ, chữ đệm, tên: LÊ VĂN CON",
        "Giới tính: Nam",
        "Số định danh cá nhân: 030216450111",
    ]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert found["full_name"] == "Lê Văn Con"
    assert found["personal_id"] == "030216450111"
    assert "mother_personal_id" not in found


@pytest.mark.parametrize(
    ("rows", "whole"),
    [
        (["Nguyên nhân chết: 1. Suy tim độ IV", "2. Viêm phổi nặng"], "Viêm phổi nặng"),
        (["Nơi chết: Bệnh viện Thái Bình", "12. Đường Lý Bôn, tỉnh Thái Bình"], "Lý Bôn"),
        (["Giấy tờ tùy thân: CCCD số 0300644502", "CỤC CẢNH SÁT QLHC cấp"], "CỤC CẢNH SÁT"),
        (["Giấy tờ tùy thân: Giấy CMND số: 141234567 cấp ngày 01/02/2001"], "141234567"),
    ],
)
def test_rows_in_capitals_or_numbered_go_on_where_they_head_nothing(
    lines_of: LinesOf, rows: list[str], whole: str
) -> None:
    found = values(FormCode.DEATH_EXTRACT, lines_of([[(500.0, "TRÍCH LỤC KHAI TỬ")], *rows]))
    assert any(whole in (value or "") for value in found.values())


def test_names_in_narrow_cells_go_on_below(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        [(100.0, "Họ, chữ đệm, tên: NGUYỄN THỊ HOÀNG"), (900.0, "Giới tính: Nữ")],
        "PHƯƠNG THẢO",
        "Dân tộc: Kinh",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert found["full_name"] == "Nguyễn Thị Hoàng Phương Thảo"


def test_headings_beside_one_another_are_not_below(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KẾT HÔN")],
        [
            (100.0, "Bên vợ: Họ, chữ đệm, tên: LÊ THỊ TƯ"),
            (1000.0, "Bên chồng: Họ, chữ đệm, tên: TRẦN VĂN BA"),
        ],
        [(100.0, "Năm sinh: 1990"), (1000.0, "Năm sinh: 1985")],
    ]
    found = values(FormCode.MARRIAGE_EXTRACT, lines_of(rows))
    assert (found["wife_birth_date"], found["husband_birth_date"]) == ("1990", "1985")


@pytest.mark.parametrize("name", ["PHAN THỊ BÍCH NGỌC", "NGUYỄN THỊ BÍCH NGỌC"])
def test_a_name_in_capitals_below_its_label_is_no_heading(lines_of: LinesOf, name: str) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ")],
        "Họ, chữ đệm, tên",
        name,
        "Nơi cư trú cuối cùng: Tổ 3, phường Phú Tài",
        "PHAN THIẾT, BÌNH THUẬN",
        "Dân tộc: Kinh",
    ]
    found = values(FormCode.DEATH_EXTRACT, lines_of(rows))
    assert (found["full_name"] or "").upper() == name
    assert "PHAN THIẾT" in (found["residence"] or "")
