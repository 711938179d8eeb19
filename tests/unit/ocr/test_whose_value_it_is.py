"""Forms of address, headings and relationships that must not give one person what is another's."""

from collections.abc import Callable, Sequence

import pytest

from domain.form import FormCode
from ocr.columns import people_in_turn
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import certain, spec_of, values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]
BIRTH: Row = [(500.0, "TRÍCH LỤC KHAI SINH")]
BOOK: Row = [(500.0, "SỔ HỘ KHẨU")]
COUPLE: list[Row] = [
    [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
    [(250.0, "VỢ"), (1150.0, "CHỒNG")],
    [(100.0, "Họ và tên: LÊ THỊ TƯ"), (1000.0, "Họ và tên: TRẦN VĂN BA")],
    [(100.0, "Ngày sinh: 15/04/1963"), (1000.0, "Ngày sinh: 05/03/1960")],
    "Nơi đăng ký kết hôn: UBND xã A, huyện Việt Yên",
]


@pytest.mark.parametrize(
    "signed",
    [
        [[(1000.0, "CHỦ TỊCH")], [(1000.0, "Bà: LÊ THỊ SÁU")]],
        [[(1000.0, "CHỦ TỊCH")], [(1000.0, "Ông: LÊ VĂN SÁU")]],
        ["Người làm chứng", "Ông: LÊ VĂN SÁU"],
    ],
)
def test_who_signs_does_not_tell_the_sides_of_a_couple(
    lines_of: LinesOf, signed: list[Row]
) -> None:
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of([*COUPLE, *signed]))
    assert (found["wife_full_name"], found["wife_birth_date"]) == ("Lê Thị Tư", "1963-04-15")
    assert (found["husband_full_name"], found["husband_birth_date"]) == (
        "Trần Văn Ba",
        "1960-03-05",
    )


def test_who_asks_for_an_extract_is_nobody_on_it(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "Xét đề nghị của",
        "Bà: LÊ THỊ SÁU",
        BIRTH,
        "Họ, chữ đệm, tên: NGUYỄN VĂN AN",
        "Giới tính: Nam",
        "Dân tộc: Kinh",
    ]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert found == {"full_name": "Nguyễn Văn An", "sex": "male", "ethnicity": "Kinh"}


def test_of_two_people_addressed_the_one_asked_about_counts(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(400.0, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN")],
        "Theo đề nghị của",
        "Bà: LÊ THỊ SÁU",
        "xác nhận:",
        "Ông/bà: NGUYỄN VĂN AN",
        "Ngày, tháng, năm sinh: 05/03/1998",
    ]
    found = values(FormCode.MARITAL_STATUS_CONFIRMATION, lines_of(rows))
    assert found["full_name"] == "Nguyễn Văn An"
    del rows[3:5]
    assert "full_name" not in values(FormCode.MARITAL_STATUS_CONFIRMATION, lines_of(rows))


def test_a_relationship_alone_in_its_cell_heads_nobody(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        BOOK,
        [(100.0, "Họ và tên:"), (600.0, "TRẦN VĂN BA")],
        [(100.0, "Quan hệ với chủ hộ:"), (600.0, "Chủ hộ")],
        [(100.0, "Ngày, tháng, năm sinh:"), (600.0, "05/03/1960")],
        [(100.0, "Họ và tên:"), (600.0, "LÊ THỊ TƯ")],
        [(100.0, "Quan hệ với chủ hộ:"), (600.0, "Vợ")],
        [(100.0, "Ngày, tháng, năm sinh:"), (600.0, "15/04/1963")],
        [(900.0, "CHỦ HỘ")],
        [(900.0, "(ký, ghi rõ họ tên)")],
    ]
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert (found["members[1].relationship"], found["members[2].relationship"]) == ("Chủ hộ", "Vợ")
    assert found["members[1].birth_date"] == "1960-03-05"
    assert found["members[2].birth_date"] == "1963-04-15"
    assert "members[3].relationship" not in found


def test_a_mother_as_a_relationship_is_no_heading(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        BIRTH,
        "Họ, chữ đệm, tên: NGUYỄN VĂN AN",
        [(100.0, "Quan hệ:"), (500.0, "Người mẹ")],
        "Giới tính: Nam",
        "Dân tộc: Kinh",
    ]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert found["ethnicity"] == "Kinh"
    assert "mother_ethnicity" not in found


def test_a_name_below_other_words_is_not_of_the_heading_above(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        BIRTH,
        "Họ, chữ đệm, tên: NGUYỄN VĂN AN",
        "Người cha",
        "Không xác định",
        "Người yêu cầu đăng ký",
        "Họ, chữ đệm, tên: LÊ VĂN SÁU",
    ]
    assert "father_full_name" not in values(FormCode.BIRTH_EXTRACT, lines_of(rows))


PARENTS: list[Row] = [
    BIRTH,
    "Họ, chữ đệm, tên: NGUYỄN VĂN AN",
    [(250.0, "NGƯỜI MẸ"), (1150.0, "NGƯỜI CHA")],
    [(100.0, "Họ, chữ đệm, tên: TRẦN THỊ BA"), (900.0, "Họ, chữ đệm, tên: NGUYỄN VĂN BỐN")],
    [
        (
            100.0,
            "Nơi cư trú: số 12 đường Nguyễn Văn Cừ, phường Trần Phú, thành phố Bắc Giang, xã B",
        ),
        (1160.0, ""),
    ],
    [(100.0, "Dân tộc: Tày"), (900.0, "Dân tộc: Kinh")],
    "Nơi đăng ký khai sinh: UBND xã A",
]


def test_a_long_row_of_the_left_person_does_not_end_the_columns(lines_of: LinesOf) -> None:
    lines = people_in_turn(spec_of(FormCode.BIRTH_EXTRACT), lines_of(PARENTS))
    found = values(FormCode.BIRTH_EXTRACT, list(lines))
    assert (found["mother_ethnicity"], found["father_ethnicity"]) == ("Tày", "Kinh")
    assert found["father_full_name"] == "Nguyễn Văn Bốn"
    assert found["registration_place"] == "UBND xã A"


def test_numbered_labels_in_one_line_keep_their_numbers_to_themselves(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(400.0, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN")],
        "1. Họ, chữ đệm, tên: NGUYỄN VĂN AN 2. Ngày, tháng, năm sinh: 05/03/1998",
        "4. Giấy tờ tùy thân: CCCD số 024198003456 5. Nơi cư trú: xã A, huyện Việt Yên",
    ]
    lines = lines_of(rows)
    found = values(FormCode.MARITAL_STATUS_CONFIRMATION, lines)
    assert found["full_name"] == "Nguyễn Văn An"
    assert found["identity_paper"] == "CCCD số 024198003456"
    assert certain(FormCode.MARITAL_STATUS_CONFIRMATION, lines) >= {"full_name", "identity_paper"}


def test_a_house_number_over_two_rows_of_a_cell_stays(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ")],
        "Họ, chữ đệm, tên: NGUYỄN VĂN AN",
        [(100.0, "Nơi cư trú cuối cùng:"), (500.0, "12 Nguyễn")],
        [(500.0, "Trãi, phường Bến Thành, quận 1")],
    ]
    found = values(FormCode.DEATH_EXTRACT, lines_of(rows))
    assert found["residence"] == "12 Nguyễn Trãi, phường Bến Thành, quận 1"


def test_a_value_below_its_label_is_not_the_end_of_the_label(lines_of: LinesOf) -> None:
    rows: list[Row] = [BOOK, "Họ và tên: TRẦN VĂN BA", "Quan hệ với chủ hộ", "Chủ hộ"]
    assert values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))["members[1].relationship"] == "Chủ hộ"


@pytest.mark.parametrize(
    ("item", "name", "relation"),
    [
        ("- Con gái: LÊ THỊ BẢY, sinh ngày 05/03/1998, nữ", "Lê Thị Bảy", "Con gái"),
        ("- Vợ Lê Thị Bảy, sinh ngày 05/03/1998, nữ", "Lê Thị Bảy", "Vợ"),
        ("- Châu Thị Bảy - sinh ngày 05/03/1998 - nữ - vợ", "Châu Thị Bảy", "vợ"),
    ],
)
def test_a_relationship_before_a_name_is_no_part_of_it(
    lines_of: LinesOf, item: str, name: str, relation: str
) -> None:
    rows: list[Row] = [
        [(300.0, "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ")],
        "1. Họ, chữ đệm và tên: Tạ Minh Nhật",
        "15. Thông tin các thành viên khác trong hộ gia đình:",
        item,
    ]
    found = values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))
    assert found["members[1].full_name"] == name
    assert found["members[1].relationship"] == relation
    assert found["members[1].sex"] == "female"


def test_a_foreign_name_is_no_english_label(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
        [(100.0, "Họ, chữ đệm, tên vợ"), (1000.0, "Họ, chữ đệm, tên chồng")],
        [(100.0, "TRẦN THỊ BA"), (1000.0, "TOBY MATHER")],
    ]
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows))
    assert found["husband_full_name"] == "Toby Mather"


def test_labels_that_name_the_spouse_take_turns(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
        "Họ và tên chồng: BẾ VĂN SỸ",
        "Họ và tên vợ: TÔ THỊ TƯƠI",
        "Ngày, tháng, năm sinh chồng: 18/12/1979",
        "Ngày, tháng, năm sinh vợ: 29-11-1985",
        "Dân tộc chồng: Tày",
        "Dân tộc vợ: Kinh",
        "Số Giấy CMND/Hộ chiếu chồng: CMND số 605039349 do CA tỉnh Bình Thuận cấp ngày 19/03/2006",
        "Đăng ký tại: UBND xã Quỳnh Đôi, huyện Quỳnh Lưu, tỉnh Nghệ An",
    ]
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows))
    assert (found["husband_birth_date"], found["wife_birth_date"]) == ("1979-12-18", "1985-11-29")
    assert (found["husband_ethnicity"], found["wife_ethnicity"]) == ("Tày", "Kinh")
    assert found["husband_identity_paper"].startswith("CMND số 605039349")  # type: ignore[union-attr]


def test_numbered_headings_tell_whose_the_labels_are(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        [(500.0, "I. NGƯỜI ĐƯỢC KHAI SINH")],
        [(100.0, "Họ, chữ đệm, tên"), (700.0, "QUÁCH MINH CHÍNH")],
        [(100.0, "Dân tộc"), (700.0, "Kinh")],
        [(500.0, "II. NGƯỜI MẸ")],
        [(100.0, "Họ, chữ đệm, tên"), (700.0, "VŨ THU THÌN")],
        [(100.0, "Dân tộc"), (700.0, "Tày")],
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert (found["full_name"], found["ethnicity"]) == ("Quách Minh Chính", "Kinh")
    assert (found["mother_full_name"], found["mother_ethnicity"]) == ("Vũ Thu Thìn", "Tày")
    assert "declarant_full_name" not in found


def test_words_behind_the_issue_of_an_identity_paper_are_not_promised(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ")],
        "Giấy tờ tùy thân: CCCD số 060063000357 do Cục Cảnh sát cấp ngày 25/02/2021",
    ]
    assert "identity_paper" in certain(FormCode.DEATH_EXTRACT, lines_of(rows))
    rows += ["Người có tên nêu trên"]
    assert "identity_paper" not in certain(FormCode.DEATH_EXTRACT, lines_of(rows))


def test_cells_of_two_columns_in_one_value_are_not_promised(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        [(100.0, "Nơi sinh:"), (300.0, "Ấp Thạnh Lợi, xã Tân"), (900.0, "Ấp Thạnh Lợi, xã Tân")],
        [(300.0, "Hòa, tỉnh Đắk Lắk"), (900.0, "Hòa, tỉnh Đắk Lắk")],
    ]
    assert "birth_place" not in certain(FormCode.BIRTH_CERTIFICATE, lines_of(rows))


def test_the_units_above_the_agency_belong_to_its_name(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(100.0, "TỈNH CÀ MAU"), (700.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
        [(100.0, "HUYỆN CÁI NƯỚC"), (700.0, "Độc lập - Tự do - Hạnh phúc")],
        "UBND XÃ LƯƠNG THẾ TRÂN",
        "Số: 12/TLKH",
        [(400.0, "TRÍCH LỤC KẾT HÔN")],
        "Họ, chữ đệm, tên vợ: LÊ THỊ TƯ",
    ]
    found = values(FormCode.MARRIAGE_EXTRACT, lines_of(rows))
    assert found["issuing_agency"] == "TỈNH CÀ MAU HUYỆN CÁI NƯỚC UBND XÃ LƯƠNG THẾ TRÂN"


def test_an_address_in_capitals_above_a_table_is_no_corner(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        "Quê quán: XÃ ĐOAN HÙNG, HUYỆN SÔNG LÔ,",
        "TỈNH VĨNH PHÚ",
        [(500.0, "NGƯỜI CHA"), (1000.0, "NGƯỜI MẸ")],
        [(100.0, "Họ và tên"), (500.0, "QUÁCH KHẮC SƠN"), (1000.0, "DOÃN THU QUỲNH")],
        [(100.0, "Dân tộc"), (500.0, "Kinh"), (1000.0, "Kinh")],
        [(100.0, "Quốc tịch"), (500.0, "Việt Nam"), (1000.0, "Việt Nam")],
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert found["home_town"] == "XÃ ĐOAN HÙNG, HUYỆN SÔNG LÔ, TỈNH VĨNH PHÚ"


def test_of_labels_met_behind_their_part_of_the_form_nothing_is_promised(
    lines_of: LinesOf,
) -> None:
    """Two columns that nothing parts: the child's labels stand between those of the parents."""
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        [
            (100.0, "Họ, chữ đệm, tên: NGHIÊM THU LIỄU"),
            (1200.0, "Họ, chữ đệm, tên người mẹ: TRẦN LỘC"),
        ],
        [(100.0, "Giới tính: Nữ"), (1200.0, "Năm sinh: 1996")],
        [(100.0, "Ngày, tháng, năm sinh: 25/07/2016"), (1200.0, "Dân tộc: Kinh")],
        [(100.0, "Dân tộc: Kinh"), (1200.0, "Họ, chữ đệm, tên người cha: NGHIÊM QUÝ")],
        [(100.0, "Nơi sinh: Trạm xá xã A"), (1200.0, "Năm sinh: 1978")],
    ]
    sure = certain(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert sure <= {"full_name", "mother_full_name"}


@pytest.mark.parametrize(
    ("upper", "lower", "said"),
    [
        ("quốc tịch: Việt Nam; số định danh", "cá nhân: 030064450248;", "030064450248"),
        ("quốc tịch: Việt Nam; số", "định danh cá nhân: 030064450248;", "030064450248"),
    ],
)
def test_labels_of_prose_may_break_where_their_beginning_is_one_too(
    lines_of: LinesOf, upper: str, lower: str, said: str
) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ")],
        f"Họ, chữ đệm, tên: NINH VĂN TRÁNG; dân tộc: Kinh; {upper}",
        f"{lower} nơi cư trú cuối cùng: Tổ 3, xã Đại Đồng",
    ]
    found = values(FormCode.DEATH_EXTRACT, lines_of(rows))
    assert found["personal_id"] == said
    assert found["nationality"] == "Việt Nam"


def test_relationships_may_head_people_below_a_numbered_first_one(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        BOOK,
        "1. Chủ hộ",
        "Họ và tên: TỐNG NGỌC DŨNG",
        "Ngày sinh: 02-08-1958",
        "2. Quan hệ với chủ hộ: Vợ",
        "Họ và tên: LA NHƯ LÀNH",
        "Ngày sinh: 20-09-1957",
    ]
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert found["members[1].relationship"] == "Chủ hộ"
    assert found["members[2].relationship"] == "Vợ"
    assert found["members[2].full_name"] == "La Như Lành"


def test_of_people_of_a_household_side_by_side_nothing_is_promised(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        BOOK,
        [(100.0, "Họ và tên: TỐNG NGỌC DŨNG"), (1100.0, "Họ và tên: LA NHƯ LÀNH")],
        [(100.0, "Ngày sinh: 02-08-1958"), (1100.0, "Ngày sinh: 20-09-1957")],
        [(100.0, "Giới tính: Nam"), (1100.0, "Giới tính: Nữ")],
    ]
    sure = certain(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert not {name for name in sure if name.startswith("members")}


def test_a_speck_beside_a_label_is_no_value(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        "Họ, chữ đệm, tên người mẹ: TRẦN THỊ BÌNH",
        [(100.0, "Nơi cư trú:"), (320.0, "m")],
        [(180.0, "Tổ 4, phường Vỹ Dạ, thành phố Huế")],
        "Họ, chữ đệm, tên người cha: NGUYỄN VĂN CA",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert found["mother_residence"] == "Tổ 4, phường Vỹ Dạ, thành phố Huế"


def test_a_passports_validity_is_no_end_of_a_period(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN")],
        "Họ, chữ đệm, tên: NGUYỄN THỊ LAN",
        "Giấy tờ tùy thân: Hộ chiếu số B1234567 cấp ngày 12/03/2018 có giá trị đến ngày 12/03/2028",
        "Nơi cư trú: Tổ 4, phường Vỹ Dạ, thành phố Huế",
        "Trong thời gian cư trú tại phường Vỹ Dạ từ ngày 01/02/2010 đến ngày 05/06/2020",
        "Tình trạng hôn nhân: Chưa đăng ký kết hôn với ai",
    ]
    found = values(FormCode.MARITAL_STATUS_CONFIRMATION, lines_of(rows))
    assert (found["period_from"], found["period_to"]) == ("2010-02-01", "2020-06-05")
    assert str(found["identity_paper"]).endswith("có giá trị đến ngày 12/03/2028")
    short = values(FormCode.MARITAL_STATUS_CONFIRMATION, lines_of([*rows[:4], rows[5]]))
    assert "period_to" not in short
