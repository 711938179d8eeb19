"""Papers of other years and offices: couples the other way round, fathers first, notes, blanks, books."""

from collections.abc import Callable, Sequence

import pytest

from domain.form import FormCode
from domain.record import CheckOutcome
from ocr.card import CardSources, one_person
from ocr.closing import is_place_and_date
from ocr.columns import pages_in_order
from ocr.extraction import title_end
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import certain, spec_of, values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]
_RIGHT = 1000.0
_SIGNED: list[Row] = [
    [(900.0, "Mộ Đạo, ngày 12 tháng 4 năm 2021")],
    [(950.0, "NGƯỜI KÝ TRÍCH LỤC")],
]


def couple(left: str, right: str, heads: Row | None = None) -> list[Row]:
    return [
        [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
        *([heads] if heads else []),
        [(100.0, f"{left}: PHẠM ĐÌNH TÙNG"), (_RIGHT, f"{right}: ĐOÀN THỊ LÀI")],
        [(100.0, "Ngày sinh: 07/5/1972"), (_RIGHT, "Ngày sinh: 05/7/1975")],
        [(100.0, "Dân tộc: Kinh"), (_RIGHT, "Dân tộc: Mường")],
    ]


@pytest.mark.parametrize(
    ("left", "right", "heads"),
    [
        ("Họ, chữ đệm, tên chồng", "Họ, chữ đệm, tên vợ", None),
        ("Họ và tên", "Họ và tên", [(300.0, "CHỒNG"), (1200.0, "VỢ")]),
        ("Họ và tên", "Họ và tên", [(300.0, "BÊN NAM"), (1200.0, "BÊN NỮ")]),
    ],
)
def test_the_husband_may_stand_at_the_left(
    lines_of: LinesOf, left: str, right: str, heads: Row | None
) -> None:
    lines = lines_of(couple(left, right, heads))
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines)
    assert found["husband_full_name"] == "Phạm Đình Tùng"
    assert found["husband_birth_date"] == "1972-05-07"
    assert found["wife_full_name"] == "Đoàn Thị Lài"
    assert found["wife_ethnicity"] == "Mường"
    assert "wife_birth_date" in certain(FormCode.MARRIAGE_CERTIFICATE, lines)


@pytest.mark.parametrize("heads", [None, [(1200.0, "VỢ")]])
def test_of_a_couple_whose_sides_nothing_tells_nothing_is_promised(
    lines_of: LinesOf, heads: Row | None
) -> None:
    rows = couple("Họ và tên", "Họ và tên", heads)
    signed: Row = [(200.0, "CHỒNG"), (_RIGHT, "VỢ")]
    lines = lines_of([*rows, signed])
    assert values(FormCode.MARRIAGE_CERTIFICATE, lines)["wife_birth_date"] == "1972-05-07"
    assert certain(FormCode.MARRIAGE_CERTIFICATE, lines) == set()


def test_a_couple_may_stand_one_below_the_other_each_under_a_heading(
    lines_of: LinesOf,
) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
        [(600.0, "CHỒNG")],
        [(100.0, "Họ và tên: TRẦN VĂN BA"), (900.0, "Dân tộc: Kinh")],
        [(600.0, "VỢ")],
        [(100.0, "Họ và tên: LÊ THỊ TƯ"), (900.0, "Dân tộc: Tày")],
    ]
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows))
    assert found["husband_full_name"] == "Trần Văn Ba"
    assert found["husband_ethnicity"] == "Kinh"
    assert found["wife_full_name"] == "Lê Thị Tư"
    assert found["wife_ethnicity"] == "Tày"


@pytest.mark.parametrize("heads", [(None, "VỢ"), ("CHỒNG", None)])
def test_of_a_couple_one_below_the_other_with_one_heading_nothing_is_promised(
    lines_of: LinesOf, heads: tuple[str | None, str | None]
) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
        *([[(600.0, heads[0])]] if heads[0] else []),
        [(100.0, "Họ và tên: TRẦN VĂN BA"), (900.0, "Dân tộc: Kinh")],
        *([[(600.0, heads[1])]] if heads[1] else []),
        [(100.0, "Họ và tên: LÊ THỊ TƯ"), (900.0, "Dân tộc: Tày")],
    ]
    assert certain(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows)) == set()


def test_the_father_may_stand_before_the_mother(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        "Họ và tên: TRẦN VĂN AN",
        "Họ và tên cha: TRẦN VĂN BA",
        [(100.0, "Dân tộc: Kinh"), (600.0, "Năm sinh: 1960")],
        "Họ và tên mẹ: LÊ THỊ TƯ",
        [(100.0, "Dân tộc: Tày"), (600.0, "Năm sinh: 1963")],
        "Nơi đăng ký khai sinh: UBND xã Ea Tul",
        "Người đi khai sinh: TRẦN VĂN BA",
        "Quan hệ với người được khai sinh: cha",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert (found["father_full_name"], found["father_birth_date"]) == ("Trần Văn Ba", "1960")
    assert (found["mother_full_name"], found["mother_birth_date"]) == ("Lê Thị Tư", "1963")
    assert found["mother_ethnicity"] == "Tày"
    assert found["declarant_full_name"] == "Trần Văn Ba"


def test_a_blank_year_is_not_the_one_below_with_a_label_of_its_own(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI SINH")],
        "Họ, chữ đệm, tên: HOÀNG THỊ MAI",
        "Họ, chữ đệm, tên người mẹ: NGUYỄN THỊ LÀNH",
        "Năm sinh:",
        "Họ, chữ đệm, tên người cha: HOÀNG VĂN BÍNH",
        "Năm sinh: 1969",
    ]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert "mother_birth_date" not in found
    assert found["father_birth_date"] == "1969"


def test_a_blank_date_of_registration_is_not_the_date_of_issue(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI SINH")],
        "Họ, chữ đệm, tên: HOÀNG THỊ MAI",
        "Đăng ký khai sinh tại: Ủy ban nhân dân xã Mộ Đạo",
        [(100.0, "Số:"), (700.0, "ngày")],
        *_SIGNED,
    ]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert "registration_date" not in found
    assert found["issue_date"] == "2021-04-12"


@pytest.mark.parametrize(
    "note",
    [
        "Mẫu CT07 ban hành kèm theo Thông tư số 53/2025/TT-BCA ngày 01 tháng 7 năm 2025",
        "Phụ lục 4 - Thông tư số 04/2020/TT-BTP ngày 28 tháng 5 năm 2020",
    ],
)
def test_the_note_that_names_the_decree_has_no_number_and_no_date_of_issue(
    lines_of: LinesOf, note: str
) -> None:
    rows: list[Row] = [
        [(600.0, note)],
        [(100.0, "CÔNG AN XÃ YÊN THẾ"), (900.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
        [(150.0, "Số: 118/XN")],
        [(500.0, "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ")],
        "Họ, chữ đệm và tên: LƯU ĐỨC HÒA",
        *_SIGNED,
    ]
    found = values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))
    assert found["number"] == "118/XN"
    assert found["issuing_agency"] == "CÔNG AN XÃ YÊN THẾ"
    assert found["issue_date"] == "2021-04-12"


def test_a_date_in_the_remarks_is_no_date_of_issue(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KẾT HÔN")],
        "Họ, chữ đệm, tên vợ: NGỌ THỊ THÚY",
        "Ghi chú: Đã ly hôn theo Quyết định ngày 04 tháng 7 năm 2019 của",
        "Tòa án huyện Hiệp Hòa, có hiệu lực từ ngày 04 tháng 7 năm 2019.",
        [(900.0, "Quận 3, ngày 15 tháng 8 năm 2022")],
        [(950.0, "NGƯỜI KÝ TRÍCH LỤC")],
        [(950.0, "SAO Y BẢN CHÍNH")],
        [(900.0, "Mộ Đạo, ngày 20 tháng 9 năm 2023")],
    ]
    assert values(FormCode.MARRIAGE_EXTRACT, lines_of(rows))["issue_date"] == "2022-08-15"


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("Hà Nội, ngày 05 tháng 3 năm 1998", True),
        ("Quận 3, ngày … tháng … năm …", True),
        ("TP. Hồ Chí Minh, ngày 5 tháng 10 năm 2020", True),
        ("Yên Thế, ngày", True),
        ("Tân Lập ngày 12 tháng 4 năm 2021", True),
        ("Sinh ngày 12 tháng 4 năm 2021", False),
        ("Đăng ký ngày 12 tháng 4 năm 2021", False),
        ("Số 12, ngày 12 tháng 4 năm 2021", False),
        ("Có giá trị đến hết ngày 15 tháng 9 năm 2022", False),
        ("Ngày 16 tháng 8 năm 2013", False),
    ],
)
def test_place_and_date_of_issue_are_known_from_other_dates(text: str, closes: bool) -> None:  # noqa: FBT001
    assert is_place_and_date(text) is closes


def marital(lines_of: LinesOf, *status: str) -> dict[str, str | None]:
    rows: list[Row] = [
        [(300.0, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN")],
        "Họ, chữ đệm, tên: CAO THỊ LIỄU",
        *status,
        "Giấy này có giá trị sử dụng trong thời hạn 6 tháng, kể từ ngày cấp.",
        *_SIGNED,
    ]
    return values(FormCode.MARITAL_STATUS_CONFIRMATION, lines_of(rows))


def test_a_validity_from_the_day_of_issue_is_no_period(lines_of: LinesOf) -> None:
    found = marital(lines_of, "Tình trạng hôn nhân: chưa đăng ký kết hôn với ai")
    assert not {"period_from", "period_to"} & set(found)


def test_the_one_period_within_a_marital_status_is_told_beside_it(lines_of: LinesOf) -> None:
    found = marital(
        lines_of,
        "Tình trạng hôn nhân: Trong thời gian cư trú tại xã Mộ Đạo, từ ngày 07 tháng 7 năm 2018",
        "đến ngày 01/12/2020, chưa đăng ký kết hôn với ai",
    )
    assert (found["period_from"], found["period_to"]) == ("2018-07-07", "2020-12-01")
    assert (found["marital_status"] or "").endswith("chưa đăng ký kết hôn với ai")


def test_several_periods_within_a_marital_status_are_a_history(lines_of: LinesOf) -> None:
    found = marital(
        lines_of,
        "Tình trạng hôn nhân: Từ ngày 07 tháng 7 năm 2018 đến ngày 01 tháng 12 năm 2020",
        "chưa đăng ký kết hôn với ai; từ ngày 02/12/2020 đến ngày 09/9/2022 có vợ",
    )
    assert not {"period_from", "period_to"} & set(found)
    assert (found["marital_status"] or "").endswith("có vợ")


def test_a_name_run_together_with_figures_or_a_label_is_never_certain(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        "Họ và tên: TRẦN VĂN AN NĂM 1960",
        "Nơi sinh: Trạm xá. Trường lớp: không",
        "Quê quán: xã Ea Tul, tỉnh Đắk Lắk",
    ]
    lines = lines_of(rows)
    found = values(FormCode.BIRTH_CERTIFICATE, lines)
    assert {"full_name", "birth_place", "home_town"} <= set(found)
    assert certain(FormCode.BIRTH_CERTIFICATE, lines) == {"home_town"}


def test_the_registration_of_an_amendment(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC")],
        [(400.0, "THAY ĐỔI HỘ TỊCH (BẢN SAO)")],
        "Họ, chữ đệm, tên: CẤN VĂN LONG",
        "Đã đăng ký thay đổi hộ tịch: họ, chữ đệm, tên của người con",
        "trong Sổ đăng ký khai sinh số 32 ngày 05/3/2002 của UBND xã Đại Đồng",
        "Nơi đăng ký: Ủy ban nhân dân xã Đại Đồng, thành phố Hà Nội",
        "Số: 2/2025, ngày đăng ký: 30/10/2025",
        *_SIGNED,
    ]
    lines = lines_of(rows)
    assert title_end(spec_of(FormCode.AMENDMENT_EXTRACT), lines) == 2
    found = values(FormCode.AMENDMENT_EXTRACT, lines)
    assert found["full_name"] == "Cấn Văn Long"
    place = "Ủy ban nhân dân xã Đại Đồng, thành phố Hà Nội"
    assert found["registration_place"] == place
    assert (found["registration_number"], found["registration_date"]) == ("2/2025", "2025-10-30")


def test_the_number_of_an_old_certificate_stands_below_its_title(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        [(500.0, "Số: 87"), (800.0, "Quyển số: 01/2009")],
        "Họ và tên: TRẦN VĂN AN",
        "Đăng ký ngày 21 tháng 7 năm 1986",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert found["number"] == "87"
    assert found["registration_date"] == "1986-07-21"


def test_an_old_identity_card_of_nine_digits(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG MINH NHÂN DÂN")],
        [(600.0, "SỐ 121345678")],
        "Họ tên: NGUYỄN THỊ MÙI",
        "Sinh ngày: 15-10-1979",
        "Nguyên quán: Xã Ninh Sơn, Việt Yên, Bắc Giang",
        "Nơi ĐKHK thường trú: Thôn Nội Ninh",
        [(100.0, "Dân tộc: Kinh"), (700.0, "Tôn giáo: Không")],
        [(700.0, "Ngày 18 tháng 06 năm 2008")],
        [(700.0, "GIÁM ĐỐC CA TỈNH BẮC GIANG")],
    ]
    assert values(FormCode.IDENTITY_CARD, lines_of(rows)) == {
        "personal_id": "121345678",
        "full_name": "Nguyễn Thị Mùi",
        "birth_date": "1979-10-15",
        "home_town": "Xã Ninh Sơn, Việt Yên, Bắc Giang",
        "residence": "Thôn Nội Ninh",
        "ethnicity": "Kinh",
        "issue_date": "2008-06-18",
        "issuing_agency": "CA TỈNH BẮC GIANG",
    }


def test_cards_of_two_people_on_one_page_are_known(lines_of: LinesOf) -> None:
    def outcome(*numbers: str) -> CheckOutcome | None:
        found = one_person(lines_of([f"Số/No: {number}" for number in numbers]), CardSources())
        return None if found is None else found.outcome

    assert outcome("027090001111", "027193002222") is CheckOutcome.FAIL
    assert outcome("027219001111", "027219001112") is CheckOutcome.FAIL  # twins
    assert outcome("121345678", "230654321") is CheckOutcome.FAIL
    assert outcome("027090001111", "027090001111") is CheckOutcome.PASS
    assert outcome("121345678") is CheckOutcome.PASS
    assert outcome("1") is None


_TABLE = "Thông tin các thành viên khác trong hộ gia đình:"


def members(lines_of: LinesOf, rows: list[Row]) -> dict[str, str | None]:
    heading: list[Row] = [[(500.0, "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ")]]
    found = values(FormCode.RESIDENCE_CONFIRMATION, lines_of([*heading, *rows]))
    return {name: value for name, value in found.items() if name.startswith("members[")}


def test_members_known_by_their_year_alone_have_rows_of_their_own(lines_of: LinesOf) -> None:
    def row(name: str, born: str, sex: str, number: str, kin: str) -> Row:
        return [(150.0, name), (500.0, born), (700.0, sex), (800.0, number), (1100.0, kin)]

    found = members(
        lines_of,
        [
            _TABLE,
            row("Giàng Thị Dín", "1964", "Nữ", "", "Vợ"),
            row("Vàng Seo Chứ", "05/5/1986", "Nam", "010086003456", "Con"),
            row("Giàng Seo Sử", "1939", "Nam", "", "Bố vợ"),
            [(700.0, "Bản Liền, ngày 25 tháng 11 năm 2025")],
        ],
    )
    names = [found[f"members[{number}].full_name"] for number in (1, 2, 3)]
    assert names == ["Giàng Thị Dín", "Vàng Seo Chứ", "Giàng Seo Sử"]
    assert (found["members[1].birth_date"], found["members[3].birth_date"]) == ("1964", "1939")
    assert "members[4].full_name" not in found
    assert found["members[3].relationship"] == "Bố vợ"


def test_where_the_paper_says_none_there_are_no_members(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        f"15. {_TABLE} Không",
        "16. Nội dung xác nhận khác: Đăng ký tạm trú từ ngày 10/9/2021",
    ]
    assert members(lines_of, rows) == {}


def book_page(name: str, kin: str = "") -> list[str]:
    return [
        *([f"QUAN HỆ VỚI CHỦ HỘ: {kin}"] if kin else ["CHỦ HỘ"]),
        f"Họ và tên: {name}",
        "Ngày, tháng, năm sinh: 12/4/1965",
        "Dân tộc: Kinh",
    ]


def test_a_relationship_above_the_name_is_of_the_person_below(lines_of: LinesOf) -> None:
    rows = ["SỔ HỘ KHẨU", *book_page("VĂN THÀNH"), *book_page("THỊ LOAN", "Vợ")]
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert found["members[2].full_name"] == "Thị Loan"
    assert found["members[2].relationship"] == "Vợ"
    assert str(found["members[1].relationship"]).upper() == "CHỦ HỘ"


def test_the_pages_of_an_open_book_are_read_one_after_the_other(lines_of: LinesOf) -> None:
    left, right = book_page("VĂN THÀNH", "Con"), book_page("THỊ LOAN", "Vợ")
    rows: list[Row] = [[(100.0, one), (900.0, other)] for one, other in zip(left, right)]  # noqa: B905
    form = spec_of(FormCode.HOUSEHOLD_BOOK)
    assert [line.text for line in pages_in_order(form, lines_of(rows))] == [*left, *right]
    single: list[Row] = [[(100.0, one), (900.0, "Giới tính: Nam")] for one in left]
    lines = lines_of(single)
    assert pages_in_order(form, lines) == tuple(lines)


def test_the_cover_of_a_household_book_has_its_date_above_the_signature(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "SỔ HỘ KHẨU")],
        "Họ và tên chủ hộ: NGUYỄN VĂN THÀNH",
        "Nơi thường trú: Thôn Kép, xã Việt Tiến",
        [(800.0, "Ngày 16 tháng 8 năm 2013")],
        [(700.0, "TRƯỞNG CÔNG AN HUYỆN VIỆT YÊN")],
    ]
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert found["residence"] == "Thôn Kép, xã Việt Tiến"
    assert found["issue_date"] == "2013-08-16"


def test_what_the_declarant_has_is_not_of_a_father_who_is_not_printed(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        "Họ và tên: TRẦN VĂN AN",
        "Họ và tên mẹ: LÊ THỊ TƯ",
        [(100.0, "Năm sinh: 1985"), (600.0, "Dân tộc: Tày")],
        "Họ và tên người đi khai sinh: LÊ VĂN ÔNG",
        "Ngày, tháng, năm sinh: 02/3/1955",
        "Số định danh cá nhân: 024055001234",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert not [name for name in found if name.startswith("father_")]


def test_an_office_within_a_value_does_not_end_it(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ")],
        "Họ, chữ đệm, tên: NGÔ THỊ SỬU",
        "Giấy tờ tùy thân: Căn cước công dân số 024190001234 do",
        "Cục trưởng Cục Cảnh sát quản lý hành chính cấp ngày 12/3/2019",
        *_SIGNED,
    ]
    found = values(FormCode.DEATH_EXTRACT, lines_of(rows))
    assert (found["identity_paper"] or "").endswith("cấp ngày 12/3/2019")
    assert found["issue_date"] == "2021-04-12"


def test_the_number_of_the_book_is_not_the_number_of_the_paper(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        "Số: ......... Quyển số: 01/2009",
        "Họ và tên: TRẦN VĂN AN",
    ]
    assert "number" not in values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))


@pytest.mark.parametrize("label", ["Nơi đăng ký HKTT", "Nơi đăng ký cư trú"])
def test_where_a_household_is_registered_is_no_place_of_registration(
    lines_of: LinesOf, label: str
) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KẾT HÔN")],
        "Họ, chữ đệm, tên vợ: LÊ THỊ TƯ",
        f"{label}: Xã Tân Lập, huyện Yên Thế, tỉnh Bắc Giang",
        "Họ, chữ đệm, tên chồng: TRẦN VĂN BA",
        "Nơi đăng ký: Ủy ban nhân dân xã Tân Lập",
    ]
    found = values(FormCode.MARRIAGE_EXTRACT, lines_of(rows))
    assert found["wife_residence"] == "Xã Tân Lập, huyện Yên Thế, tỉnh Bắc Giang"
    assert found["registration_place"] == "Ủy ban nhân dân xã Tân Lập"


@pytest.mark.parametrize("more", ["", " (nếu có)", " của công dân", ": gồm 2 người"])
def test_the_table_of_members_may_be_announced_otherwise(lines_of: LinesOf, more: str) -> None:
    rows: list[Row] = [
        f"Danh sách thành viên trong hộ{more}:",
        [(150.0, "Lê An"), (500.0, "05/5/1986"), (700.0, "Nam"), (800.0, "010086003456")],
    ]
    assert members(lines_of, rows)["members[1].full_name"] == "Lê An"


@pytest.mark.parametrize("date", [("05/3/", "1964"), ("05 tháng 3", "năm 1964")])
def test_the_year_of_a_date_in_two_rows_is_no_year_alone(
    lines_of: LinesOf, date: tuple[str, str]
) -> None:
    rows: list[Row] = [
        _TABLE,
        [(150.0, "Giàng Thị Dín"), (500.0, date[0]), (800.0, "010164003456")],
        [(500.0, date[1])],
    ]
    found = members(lines_of, rows)
    assert "members[1].birth_date" not in found
    assert "members[2].personal_id" not in found


def test_what_looks_like_a_year_of_birth_makes_no_certain_member(lines_of: LinesOf) -> None:
    heading: list[Row] = [[(500.0, "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ")], _TABLE]
    old: Row = [(150.0, "Giàng Thị Dín"), (500.0, "1964"), (700.0, "Nữ"), (1100.0, "Vợ")]
    assert certain(FormCode.RESIDENCE_CONFIRMATION, lines_of([*heading, old])) == set()


def test_a_relationship_below_the_birthday_is_of_the_same_person(lines_of: LinesOf) -> None:
    def person(name: str, kin: str) -> list[str]:
        return [
            f"Họ và tên: {name}",
            "Ngày, tháng, năm sinh: 12/4/1965",
            f"Quan hệ với chủ hộ: {kin}",
        ]

    rows = ["SỔ HỘ KHẨU", *person("VĂN THÀNH", "Chủ hộ"), *person("THỊ LOAN", "Vợ")]
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert found["members[1].relationship"] == "Chủ hộ"
    assert found["members[2].relationship"] == "Vợ"


@pytest.mark.parametrize(
    "place",
    ["Từ Sơn", "Sơ Pai", "Tu Mơ Rông", "Thành phố Phan Rang - Tháp Chàm", "TP Cần Thơ"],
)
def test_places_named_like_other_words_are_places_of_issue(lines_of: LinesOf, place: str) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI SINH")],
        "Họ, chữ đệm, tên: HOÀNG THỊ MAI",
        [(900.0, f"{place}, ngày 12 tháng 3 năm 2021")],
        [(950.0, "NGƯỜI KÝ TRÍCH LỤC")],
    ]
    assert values(FormCode.BIRTH_EXTRACT, lines_of(rows))["issue_date"] == "2021-03-12"
