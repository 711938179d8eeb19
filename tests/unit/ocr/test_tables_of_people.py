"""Tables: a couple's values under two headings, a household's members in rows, labels over rows."""

from collections.abc import Callable, Sequence

import pytest

from domain.form import FormCode
from ocr.couple_table import couple_spans
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import certain, spec_of, values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]
_LEFT, _RIGHT = 500.0, 1000.0


def row(label: str, first: str, second: str) -> Row:
    return [(100.0, label), (_LEFT, first), (_RIGHT, second)]


OLD_MARRIAGE: list[Row] = [
    [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
    [(560.0, "Bên nam"), (1060.0, "Bên nữ")],
    row("Họ và tên", "TẠ KHẮC TỴ", "DƯƠNG THỊ ƯNG"),
    row("Ngày, tháng,", "26-03-1973", "20-06-1972"),
    "năm sinh",
    row("Dân tộc", "Kinh", "Bru - Vân Kiều"),
    row("Quốc tịch", "Việt Nam", "Việt Nam"),
    row("Nghề nghiệp", "Bộ đội", "Công nhân"),
    row("Nơi thường", "khu phố 3, phường Bửu", "thôn Trà Kiệu Tây, xã Duy"),
    row("trú/tạm trú", "Long, thành phố Biên Hòa,", "Sơn, huyện Duy Xuyên, tỉnh"),
    [(_LEFT, "tỉnh Đồng Nai"), (_RIGHT, "Quảng Nam")],
    row("Số giấy CMND", "358820671", "389566972"),
    "Nơi đăng ký: UBND xã Tân Dĩnh, huyện Lạng Giang, tỉnh Bắc Giang",
    "Ngày, tháng, năm đăng ký: 13/12/2006",
]


def test_a_couple_under_two_headings_with_labels_at_the_left(lines_of: LinesOf) -> None:
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of(OLD_MARRIAGE))
    husband = {name: value for name, value in found.items() if name.startswith("husband_")}
    assert husband == {
        "husband_full_name": "Tạ Khắc Tỵ",
        "husband_birth_date": "1973-03-26",
        "husband_ethnicity": "Kinh",
        "husband_nationality": "Việt Nam",
        "husband_residence": "khu phố 3, phường Bửu Long, thành phố Biên Hòa, tỉnh Đồng Nai",
        "husband_identity_paper": "358820671",
    }
    assert found["wife_full_name"] == "Dương Thị Ưng"
    assert found["wife_residence"] == (
        "thôn Trà Kiệu Tây, xã Duy Sơn, huyện Duy Xuyên, tỉnh Quảng Nam"
    )
    assert found["wife_identity_paper"] == "389566972"
    assert found["registration_date"] == "2006-12-13"


def test_a_row_read_as_one_line_is_cut_where_the_second_column_begins(lines_of: LinesOf) -> None:
    rows = list(OLD_MARRIAGE)
    rows[5] = row("Dân tộc", "Kinh", "Kinh")
    merged = [(100.0, "Họ và tên"), (_LEFT, f"{'TẠ KHẮC TỴ':41} DƯƠNG THỊ ƯNG")]
    rows[2] = merged
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows))
    assert found["husband_full_name"] == "Tạ Khắc Tỵ"
    assert found["wife_full_name"] == "Dương Thị Ưng"


def test_parents_under_two_headings(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        "Họ tên người được khai sinh: Tiêu Thanh Khải",
        [(100.0, "Dân tộc: Kinh"), (700.0, "Quốc tịch: Việt Nam")],
        row("Phần khai về cha, mẹ", "Người cha", "Người mẹ"),
        row("Họ và tên", "Tiêu Hữu Quý", "Âu Thị Nhung"),
        row("Năm sinh", "1958", "1960"),
        row("Dân tộc", "Kinh", "Thái"),
        row("Quốc tịch", "Việt Nam", "Việt Nam"),
        row("Chỗ ở hiện", "xã Đoan Hùng, huyện Sông", "xã Đoan Hùng, huyện Sông"),
        row("nay", "Lô, tỉnh Vĩnh Phú", "Lô, tỉnh Vĩnh Phú"),
        "Họ, tên người đứng khai: Trịnh Khắc Bảo",
        "Đăng ký ngày 20 tháng 09 năm 1994",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert found["ethnicity"] == "Kinh"
    assert (found["father_full_name"], found["mother_full_name"]) == (
        "Tiêu Hữu Quý",
        "Âu Thị Nhung",
    )
    assert (found["father_birth_date"], found["mother_birth_date"]) == ("1958", "1960")
    assert (found["father_ethnicity"], found["mother_ethnicity"]) == ("Kinh", "Thái")
    assert found["father_residence"] == "xã Đoan Hùng, huyện Sông Lô, tỉnh Vĩnh Phú"
    assert found["declarant_full_name"] == "Trịnh Khắc Bảo"
    assert found["registration_date"] == "1994-09-20"


def test_a_couple_with_labels_of_their_own_is_no_such_table(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
        [(200.0, "VỢ"), (_RIGHT, "CHỒNG")],
        [(100.0, "Họ và tên"), (300.0, "LÊ THỊ A"), (_RIGHT, "Họ và tên"), (1200.0, "TRẦN VĂN B")],
        [(100.0, "Dân tộc"), (300.0, "Kinh"), (_RIGHT, "Dân tộc"), (1200.0, "Tày")],
        [(100.0, "Quốc tịch"), (300.0, "Việt Nam"), (_RIGHT, "Quốc tịch"), (1200.0, "Lào")],
    ]
    lines = lines_of(rows)
    assert not couple_spans(spec_of(FormCode.MARRIAGE_CERTIFICATE), lines).spans
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines)
    assert (found["wife_ethnicity"], found["husband_ethnicity"]) == ("Kinh", "Tày")


_AT = (100.0, 170.0, 380.0, 600.0, 720.0, 940.0, 1400.0, 1520.0)


def member(*cells: str) -> Row:
    return list(zip(_AT, cells, strict=True))


HOUSEHOLD: list[Row] = [
    [(500.0, "SỔ HỘ KHẨU")],
    "Họ và tên chủ hộ: ĐỖ TRỌNG NHẬT",
    "Nơi thường trú: xã Mỹ Hạnh, huyện Cai Lậy, tỉnh Tiền Giang",
    member(
        "TT",
        "Họ và tên",
        "Ngày, tháng, năm",
        "Giới",
        "Quan hệ với",
        "Nguyên quán",
        "Dân",
        "Số CMND",
    ),
    member("", "", "sinh", "tính", "chủ hộ", "", "tộc", ""),
    member(
        "1",
        "Đỗ Trọng",
        "14/10/1959",
        "Nam",
        "Chủ hộ",
        "huyện Mang Yang, tỉnh Gia",
        "Kinh",
        "079855394",
    ),
    member("", "Nhật", "", "", "", "Lai", "", ""),
    [],
    member(
        "2", "Trịnh Thu Bưởi", "06/10/1957", "Nữ", "Vợ", "huyện Cư M'gar, tỉnh Đắk Lắk", "Tày", ""
    ),
    [(1300.0, "Ngày 01 tháng 12 năm 2005")],
    [(1300.0, "TRƯỞNG CÔNG AN QUẬN 1")],
]


def test_a_household_in_a_table_is_read_by_its_columns(lines_of: LinesOf) -> None:
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(HOUSEHOLD))
    assert found["residence"] == "xã Mỹ Hạnh, huyện Cai Lậy, tỉnh Tiền Giang"
    assert found["members"] == "Đỗ Trọng Nhật; Trịnh Thu Bưởi"
    first = {name: value for name, value in found.items() if name.startswith("members[1].")}
    assert first == {
        "members[1].full_name": "Đỗ Trọng Nhật",
        "members[1].birth_date": "1959-10-14",
        "members[1].sex": "male",
        "members[1].relationship": "Chủ hộ",
        "members[1].home_town": "huyện Mang Yang, tỉnh Gia Lai",
        "members[1].ethnicity": "Kinh",
        "members[1].personal_id": "079855394",
    }
    assert found["members[2].ethnicity"] == "Tày"
    assert "members[2].personal_id" not in found
    assert found["issue_date"] == "2005-12-01"


def test_two_columns_read_as_one_line_are_parted_by_the_white_between_them(
    lines_of: LinesOf,
) -> None:
    rows = list(HOUSEHOLD)
    rows[8] = [
        (100.0, "2"),
        (170.0, f"{'Trịnh Thu Bưởi':17} 06/10/1957"),
        (600.0, "Nữ"),
        (720.0, "Vợ"),
        (940.0, f"{'huyện Bình Chánh, tỉnh Long An':38}Tày"),
    ]
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert found["members[2].full_name"] == "Trịnh Thu Bưởi"
    assert found["members[2].birth_date"] == "1957-10-06"
    assert found["members[2].home_town"] == "huyện Bình Chánh, tỉnh Long An"
    assert found["members[2].ethnicity"] == "Tày"


def test_a_label_broken_within_its_cell_is_one_label(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        [(100.0, "Họ, chữ đệm, tên người mẹ"), (700.0, ": VŨ BÍCH HỒNG")],
        [(100.0, "Họ, chữ đệm, tên người: TRẦN VĂN AN")],
        "cha",
        [(100.0, "Họ, chữ đệm, tên người đi đăng"), (700.0, ": Y MOAN ÊBAN")],
        "ký khai sinh",
        [(100.0, "Giấy tờ tùy thân"), (700.0, ": Căn cước công dân số 046090024539")],
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert found["declarant_full_name"] == "Y Moan Êban"
    assert found["mother_full_name"] == "Vũ Bích Hồng"
    assert found["father_full_name"] == "Trần Văn An"


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (["một nghìn chín trăm năm mươi", "bảy"], "1957-10-22"),
        (["một nghìn chín trăm năm mươi", "Giới tính: Nam"], "1950-10-22"),
        (["hai ngàn", "không trăm mười", "lăm"], "2015-10-22"),
    ],
)
def test_a_date_in_words_goes_on_over_its_rows(
    lines_of: LinesOf, rows: list[str], wanted: str
) -> None:
    first, *others = rows
    lines = lines_of(
        [
            [(500.0, "TRÍCH LỤC KHAI SINH")],
            "Họ, chữ đệm, tên: NGUYỄN VĂN AN",
            f"Ngày, tháng, năm sinh: hai mươi hai, tháng mười, năm {first}",
            *others,
            "Nơi sinh: xã Sín Chéng, huyện Si Ma Cai, tỉnh Lào Cai",
        ]
    )
    assert values(FormCode.BIRTH_EXTRACT, lines)["birth_date"] == wanted


def test_a_sex_on_the_next_row_is_no_part_of_the_name(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        [(100.0, "Họ tên người được khai sinh:"), (600.0, "Tiêu Thanh Khải"), (1000.0, "Nam, nữ:")],
        [(180.0, "Nam")],
        "Nơi sinh: xã Sín Chéng, huyện Si Ma Cai, tỉnh Lào Cai",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert (found["full_name"], found["sex"]) == ("Tiêu Thanh Khải", "male")


def parents(*rows: Row) -> list[Row]:
    return [
        [(500.0, "GIẤY KHAI SINH")],
        row("Phần khai về cha, mẹ", "Người cha", "Người mẹ"),
        row("Họ và tên", "Tiêu Hữu Quý", "Âu Thị Nhung"),
        row("Năm sinh", "1958", "1960"),
        row("Dân tộc", "Kinh", "Thái"),
        *rows,
    ]


def test_the_values_of_a_couple_are_certain_where_both_readers_agree(lines_of: LinesOf) -> None:
    found = certain(FormCode.BIRTH_CERTIFICATE, lines_of(parents()))
    assert {"father_full_name", "mother_full_name", "mother_ethnicity"} <= found
    assert "husband_full_name" in certain(FormCode.MARRIAGE_CERTIFICATE, lines_of(OLD_MARRIAGE))


def test_a_cell_that_was_cut_is_promised_to_nobody(lines_of: LinesOf) -> None:
    shared = [
        (100.0, "Chỗ ở hiện nay"),
        (_LEFT, "Thôn 3, xã Mộ Đạo, thị xã Quế Võ, huyện Tiên Du, tỉnh Bắc Ninh"),
    ]
    lines = lines_of(parents(shared))
    assert not {name for name in certain(FormCode.BIRTH_CERTIFICATE, lines) if "residence" in name}


def test_where_nothing_parts_two_rows_neither_is_promised(lines_of: LinesOf) -> None:
    centred: list[Row] = [
        [(_LEFT, "Thôn 5, xã Yên Phụ,"), (_RIGHT, "Thôn 1, xã Mộ Đạo,")],
        row("Chỗ ở hiện nay", "huyện Yên Phong,", "huyện Quế Võ,"),
        [(_LEFT, "tỉnh Bắc Ninh"), (_RIGHT, "tỉnh Bắc Ninh")],
    ]
    found = certain(FormCode.BIRTH_CERTIFICATE, lines_of(parents(*centred)))
    assert not {name for name in found if "residence" in name or "ethnicity" in name}
    assert "mother_birth_date" in found


def test_labels_below_the_table_keep_their_values(lines_of: LinesOf) -> None:
    rows = parents([(100.0, "Nơi đăng ký khai sinh"), (_LEFT, "UBND xã Tân Dĩnh, tỉnh Bắc Giang")])
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert found["registration_place"] == "UBND xã Tân Dĩnh, tỉnh Bắc Giang"


def test_a_first_member_known_by_the_year_is_no_heading(lines_of: LinesOf) -> None:
    rows = list(HOUSEHOLD)
    rows[5:7] = [
        member("1", "Lưu Văn Cụ", "1940", "Nam", "Cha", "huyện Mang Yang, tỉnh Gia Lai", "Kinh", "")
    ]
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert found["members"] == "Lưu Văn Cụ; Trịnh Thu Bưởi"
    assert (found["members[1].birth_date"], found["members[1].sex"]) == ("1940", "male")


def test_members_left_over_make_the_list_uncertain(lines_of: LinesOf) -> None:
    rows = list(HOUSEHOLD)
    rows[7:7] = [
        [],
        member("9", "Lưu Văn Nam", "", "Nam", "Con", "tỉnh Gia Lai", "Kinh", ""),
        [],
        [],
    ]
    assert "members" not in certain(FormCode.HOUSEHOLD_BOOK, lines_of(rows))


def test_a_column_with_an_unknown_heading_does_not_run_into_the_one_before(
    lines_of: LinesOf,
) -> None:
    rows = [
        row if isinstance(row, str) or len(row) < 6 else [*row[:6], (1300.0, extra), *row[6:]]
        for row, extra in zip(
            HOUSEHOLD, ["", "", "", "Học vấn", "", "Đại học", "", "", "Lớp 7", "", ""], strict=True
        )
    ]
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert found["members[1].home_town"] == "huyện Mang Yang, tỉnh Gia Lai"
    assert found["members[1].ethnicity"] == "Kinh"


def test_a_label_below_the_table_ends_it(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ")],
        "7. Thông tin các thành viên khác trong hộ gia đình:",
        [(100.0, "TT"), (170.0, "Họ và tên"), (450.0, "Ngày sinh"), (700.0, "Giới tính"),
         (900.0, "Số định danh"), (1150.0, "Quan hệ")],
        [(100.0, "1"), (170.0, "Lưu Văn Nam"), (450.0, "07/05/2002"), (700.0, "Nam"),
         (900.0, "027202000002"), (1150.0, "Con")],
        "Xác nhận thông tin cư trú này có giá trị đến hết ngày 15/9/2022",
    ]  # fmt: skip
    found = values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))
    assert found["members"] == "Lưu Văn Nam"
    assert found["valid_until"] == "2022-09-15"
    assert "personal_id" not in found


def test_labels_with_values_beside_them_are_no_headings(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ")],
        [(100.0, "Họ và tên: LƯU ĐỨC HÒA"), (500.0, "Năm sinh: 1975"), (750.0, "Giới tính: Nam"),
         (1000.0, "Dân tộc: Kinh")],
        "Số định danh cá nhân: 027075000001",
    ]  # fmt: skip
    found = values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))
    assert found["full_name"] == "Lưu Đức Hòa"
    assert found["personal_id"] == "027075000001"


def test_numbers_below_their_labels_stay_with_their_column(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
        [(100.0, "Họ, chữ đệm, tên vợ: ĐOÀN THỊ LÀI"), (_RIGHT, "Họ, chữ đệm, tên chồng: PHẠM ĐÌNH TÙNG")],
        [(100.0, "Số định danh cá nhân:"), (_RIGHT, "Số định danh cá nhân:")],
        [(100.0, "027175000001"), (_RIGHT, "027072000002")],
    ]  # fmt: skip
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows))
    assert found["wife_personal_id"] == "027175000001"
    assert found["husband_personal_id"] == "027072000002"


def test_a_date_in_a_remark_is_no_date_of_issue(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI SINH")],
        "Họ, chữ đệm, tên: NGUYỄN VĂN AN",
        "Ghi chú: Đã cải chính theo Quyết định của UBND huyện Quế Võ",
        "ngày 04 tháng 7 năm 2019",
        [(950.0, "NGƯỜI KÝ TRÍCH LỤC")],
    ]
    assert "issue_date" not in values(FormCode.BIRTH_EXTRACT, lines_of(rows))


def test_who_asks_is_not_who_the_paper_is_about(lines_of: LinesOf) -> None:
    head: list[Row] = [[(400.0, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN")]]
    asked = [*head, "Người yêu cầu: Ông (bà): LÊ THỊ TƯ", "Họ, chữ đệm, tên: CAO THỊ LIỄU"]
    alone = [*head, "Ông/bà: Rah Lan H'Bé", "Ngày, tháng, năm sinh: 20/11/1984"]
    form = FormCode.MARITAL_STATUS_CONFIRMATION
    assert values(form, lines_of(asked))["full_name"] == "Cao Thị Liễu"
    assert values(form, lines_of(alone))["full_name"] == "Rah Lan H'Bé"


def test_the_number_of_the_next_row_is_no_part_of_a_value(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ")],
        "Họ, chữ đệm, tên: NGUYỄN VĂN AN",
        [(100.0, "11 Nguyên nhân chết"), (700.0, "Già yếu")],
        [(100.0, "12 Đã được đăng ký khai tử tại"), (700.0, "UBND xã Tân Dĩnh, tỉnh Bắc Giang")],
    ]
    assert values(FormCode.DEATH_EXTRACT, lines_of(rows))["death_cause"] == "Già yếu"


def test_a_seal_over_who_signs_does_not_hide_the_date(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ")],
        "Họ, chữ đệm và tên: LƯU ĐỨC HÒA",
        [(900.0, "Cầu Giấy, ngày 14 tháng 9 năm 2025")],
        [(900.0, "HÀ TRƯỞNG CÔNG AN PHƯỜNG")],
    ]
    found = values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))
    assert found["issue_date"] == "2025-09-14"


def test_a_couples_table_may_number_its_rows(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
        [(110.0, "STT"), (240.0, "Nội dung"), (600.0, "Vợ"), (1100.0, "Chồng")],
        [(130.0, "1"), (240.0, "Họ và tên"), (_LEFT, "THẠCH SA RANH"), (_RIGHT, "Y THÔNG")],
        [(130.0, "2"), (240.0, "Dân tộc"), (_LEFT, "Khmer"), (_RIGHT, "Ê Đê")],
        [(130.0, "3"), (240.0, "Quốc tịch"), (_LEFT, "Việt Nam"), (_RIGHT, "Việt Nam")],
        [(130.0, "4 Nơi cư trú"), (_LEFT, "Khu 5, xã Gio Mỹ"), (_RIGHT, "Tổ 3, xã Cư Êbur")],
        "Nơi đăng ký: UBND xã Gio Mỹ, tỉnh Quảng Trị",
    ]
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows))
    assert (found["wife_full_name"], found["husband_full_name"]) == ("Thạch Sa Ranh", "Y Thông")
    assert (found["wife_ethnicity"], found["husband_ethnicity"]) == ("Khmer", "Ê Đê")
    assert (found["wife_nationality"], found["husband_nationality"]) == ("Việt Nam", "Việt Nam")
    assert (found["wife_residence"], found["husband_residence"]) == (
        "Khu 5, xã Gio Mỹ",
        "Tổ 3, xã Cư Êbur",
    )
    assert found["registration_place"] == "UBND xã Gio Mỹ, tỉnh Quảng Trị"


PARENTS_OF_1999: list[Row] = [
    [(500.0, "GIẤY KHAI SINH")],
    "Họ và tên: Triệu Văn Chiến",
    [(100.0, "PHẦN GHI VỀ CHA, MẸ"), (560.0, "NGƯỜI MẸ"), (1060.0, "NGƯỜI CHA")],
    row("Họ và tên", "Lý Thị Bích Sen", "Triệu Văn Nghiệp"),
    row("Ngày, tháng, năm", "1977", "1966"),
    "sinh (hoặc tuổi)",
    row("Dân tộc", "Tày", "Tày"),
    row("Quốc tịch", "Việt Nam", "Việt Nam"),
    row("Nghề nghiệp", "Giáo viên", "Nông dân"),
    row("Nơi đăng ký thường", "Thôn Nà Kéo, xã Hoàng Văn Thụ,", "Thôn Bản Pảng, xã Tân Mỹ,"),
    row("trú", "huyện Văn Lãng, tỉnh Lạng Sơn", "huyện Văn Lãng, tỉnh Lạng Sơn"),
    "Họ và tên, nơi thường trú, số CMND của người đi khai sinh: Triệu Văn Nghiệp, thôn",
    "Nà Kéo, xã Hoàng Văn Thụ, huyện Văn Lãng, tỉnh Lạng Sơn, CMND 137222743",
    "Nơi đăng ký: Ủy ban nhân dân xã Hoàng Văn Thụ, huyện Văn Lãng, tỉnh Lạng Sơn",
]


def test_the_parents_of_a_birth_certificate_of_1999(lines_of: LinesOf) -> None:
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(PARENTS_OF_1999))
    assert (found["mother_birth_date"], found["father_birth_date"]) == ("1977", "1966")
    assert found["mother_ethnicity"] == "Tày"
    home = "huyện Văn Lãng, tỉnh Lạng Sơn"
    assert found["mother_residence"] == f"Thôn Nà Kéo, xã Hoàng Văn Thụ, {home}"
    assert found["father_residence"] == f"Thôn Bản Pảng, xã Tân Mỹ, {home}"
    assert found["declarant_full_name"] == "Triệu Văn Nghiệp", "where he lives stands behind"


def test_of_cells_of_two_columns_under_a_label_nothing_is_promised(lines_of: LinesOf) -> None:
    """Where the table is not known for one, its two cells are read as one value over rows."""
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        "Họ và tên: Triệu Văn Chiến",
        [(100.0, "Quê quán:"), (300.0, "Thôn Nà Kéo, xã Thụ,"), (550.0, "Thôn Nà Lài, xã Tân,")],
        [(300.0, "tỉnh Lạng Sơn"), (550.0, "tỉnh Lạng Sơn")],
    ]
    assert "home_town" not in certain(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
