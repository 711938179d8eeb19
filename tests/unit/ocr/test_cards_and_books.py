"""Cards' issuers, labels told again in English, persons under ``CHỦ HỘ``: what other offices print."""

from collections.abc import Callable, Sequence

import pytest

from domain.form import FormCode
from ocr.classification import classify_texts
from ocr.extraction import extract
from ocr.portrait import parted_at_portrait
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import certain, spec_of, values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]


@pytest.mark.parametrize(
    ("rows", "issuer"),
    [
        (
            [
                "Ngày, tháng, năm / Date, month, year: 17/05/2022",
                [(300.0, "CỤC TRƯỞNG CỤC CẢNH SÁT")],
                [(240.0, "QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI")],
                [(250.0, "DIRECTOR GENERAL OF THE POLICE DEPARTMENT FOR")],
                [(260.0, "BỘ CÔNG AN")],  # of the seal
            ],
            "CỤC CẢNH SÁT QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI",
        ),
        (
            ["Ngày 26 tháng 08 năm 2009", "GIÁM ĐỐC", "CÔNG AN TỈNH LAI CHÂU"],
            "CÔNG AN TỈNH LAI CHÂU",
        ),
        (["Ngày 12 tháng 05 năm 2008", "GIÁM ĐỐC CA TỈNH BẮC GIANG"], "CA TỈNH BẮC GIANG"),
        (
            [[(500.0, "KT. GIÁM ĐỐC CA")], [(540.0, "TP HẢI PHÒNG")], [(510.0, "PHÓ GIÁM ĐỐC")]],
            "CA TP HẢI PHÒNG",
        ),
        ([[(500.0, "GIÁM ĐỐC CÔNG AN")], [(60.0, "TỈNH LAI CHÂU")]], None),  # not below it
        (["GIÁM ĐỐC CA"], None),
        (
            [
                "Ngày, tháng, năm: 25/9/2018",
                "CỤC TRƯỞNG CỤC CẢNH SÁT",
                "ĐKQL CƯ TRÚ VÀ DLQG VỀ DÂN CƯ",
            ],
            "CỤC CẢNH SÁT ĐKQL CƯ TRÚ VÀ DLQG VỀ DÂN CƯ",
        ),
        (
            ["Ngày, tháng, năm cấp / Date of issue: 12/08/2025", [(700.0, "BỘ CÔNG AN")]],
            "BỘ CÔNG AN",
        ),
        (["Nơi thường trú: Bộ Công an, phường Yết Kiêu"], None),
    ],
)
def test_the_back_of_a_card_names_who_issued_it(
    lines_of: LinesOf, rows: list[Row], issuer: str | None
) -> None:
    assert values(FormCode.IDENTITY_CARD, lines_of(rows)).get("issuing_agency") == issuer


def test_the_back_of_an_old_card_alone_is_a_card(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(60.0, "Dân tộc: Cống"), (500.0, "Tôn giáo: Không")],
        [(60.0, "NGÓN TRỎ TRÁI"), (520.0, "DẤU VẾT RIÊNG VÀ DỊ HÌNH")],
        [(320.0, "Nốt ruồi cách 2cm trên sau cánh mũi phải")],
        [(490.0, "Ngày 26 tháng 08 năm 2009")],
        [(595.0, "GIÁM ĐỐC")],
        [(60.0, "NGÓN TRỎ PHẢI"), (506.0, "CÔNG AN TỈNH LAI CHÂU")],
    ]
    lines = lines_of(rows)
    assert classify_texts([line.text for line in lines])[0] is FormCode.IDENTITY_CARD
    found = values(FormCode.IDENTITY_CARD, lines)
    assert (found["ethnicity"], found["issue_date"]) == ("Cống", "2009-08-26")


def test_a_label_told_again_in_english_below_is_one(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(300.0, "Nơi thường trú / Place of residence: Tổ 7, Bình An,")],
        [(58.0, "Có giá trị đến:")],
        [(55.0, "Date of expiry: 15/04/2029"), (500.0, "Châu Thành, Kiên Giang")],
    ]
    assert values(FormCode.IDENTITY_CARD, lines_of(rows))["valid_until"] == "2029-04-15"


def test_a_blank_label_takes_nothing_from_the_same_label_below(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "Họ, chữ đệm, tên người mẹ: TRẦN THỊ BÌNH",
        "Năm sinh:",
        "Họ, chữ đệm, tên người cha: NGUYỄN VĂN CA",
        "Năm sinh: 1988",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert "mother_birth_date" not in found
    assert found["father_birth_date"] == "1988"


def test_under_chu_ho_stands_the_head_of_the_household(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(524.0, "CHỦ HỘ")],
        "Họ và tên: ĐỒNG THỊ NHẠN",
        "Ngày, tháng, năm sinh: 31/08/1957",
        "Chuyển đến ngày: 12/4/1999",
        "Nơi thường trú trước khi chuyển đến: Xã Quỳnh Hội",
    ]
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert found["head_full_name"] == found["members[1].full_name"] == "Đồng Thị Nhạn"
    assert found["members[1].relationship"] == "CHỦ HỘ"


def test_the_number_of_who_declares_is_his_paper(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "Họ và tên: TRIỆU THỊ NGHỈ",
        "Họ và tên người đứng khai: Triệu Tiến Quỵ",
        "Số CMND: 095012738 do Công an tỉnh Bắc Kạn cấp",
        "Nơi đăng ký: UBND xã Vũ Muộn, huyện Bạch Thông, tỉnh Bắc Kạn",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert found["identity_paper"] == "095012738 do Công an tỉnh Bắc Kạn cấp"
    assert "personal_id" not in found


def test_no_time_is_read_out_of_a_year_and_the_words_below(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "Đã chết vào lúc: ngày 02 tháng 10 năm 2009 Ghi bằng chữ: Mùng hai tháng mười năm",
        "hai ngàn không trăm lẻ chín",
    ]
    found = values(FormCode.DEATH_EXTRACT, lines_of(rows))
    assert found == {"death_date": "2009-10-02"}


def test_a_label_glued_to_its_value_ends_where_a_capital_begins(lines_of: LinesOf) -> None:
    rows: list[Row] = ["Đăng ký khai sinh tạiỦy ban nhân dân xã Phước Nam, huyện Ninh Phước"]
    lines = lines_of(rows)
    found = values(FormCode.BIRTH_EXTRACT, lines)
    assert found["registration_place"] == "Ủy ban nhân dân xã Phước Nam, huyện Ninh Phước"
    cut = lines_of(["Đăng ký khai sinh tại: ban nhân dân xã Phước Nam, huyện Ninh Phước"])
    assert "registration_place" not in certain(FormCode.BIRTH_EXTRACT, cut)


def test_a_heading_of_which_one_letter_was_read_is_the_others(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(704.0, "v"), (1190.0, "Chồng")],
        [(170.0, "Họ, chữ đệm, tên"), (520.0, "PHAN THỊ MỸ HẨU"), (970.0, "LƯƠNG CÔNG CHUẨN")],
        [(170.0, "Ngày, tháng, năm sinh"), (520.0, "03/04/1999"), (970.0, "10/10/1996")],
        [(170.0, "Dân tộc"), (520.0, "Kinh"), (970.0, "Tày")],
        [(170.0, "Quốc tịch"), (520.0, "Việt Nam"), (970.0, "Việt Nam")],
    ]
    found = values(FormCode.MARRIAGE_EXTRACT, lines_of(rows))
    assert (found["wife_full_name"], found["husband_full_name"]) == (
        "Phan Thị Mỹ Hẩu",
        "Lương Công Chuẩn",
    )
    assert (found["wife_ethnicity"], found["husband_ethnicity"]) == ("Kinh", "Tày")


def test_the_date_above_t_m_is_that_of_issue(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        "Họ và tên: QUÁCH NGỠI",
        "Ngày đăng ký: 02/05/1984",
        [(1130.0, "Vĩnh Hải, ngày 12 tháng 6 năm 1989")],
        [(1250.0, "T.M. ỦY BAN NHÂN DÂN XÃ")],
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert (found["registration_date"], found["issue_date"]) == ("1984-05-02", "1989-06-12")


@pytest.mark.parametrize(
    "heading",
    [
        [(100.0, "CÁN BỘ ĐĂNG KÝ"), (700.0, "CHỦ HỘ")],  # who signs
        [(100.0, "Quan hệ với chủ hộ:"), (600.0, "Chủ hộ")],  # of the person above
        [(100.0, "chủ hộ")],  # the end of a remark
    ],
)
def test_what_only_looks_like_a_heading_makes_no_head(lines_of: LinesOf, heading: Row) -> None:
    rows: list[Row] = [
        "Họ và tên: NGUYỄN VĂN ANH",
        "Ngày, tháng, năm sinh: 12/03/1970",
        heading,
        "Họ và tên: TRẦN THỊ BÌNH",
        "Chuyển đến ngày: 12/4/1999",
    ]
    assert "head_full_name" not in values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))


def test_a_members_entry_is_no_date_of_issue(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "CHỦ HỘ")],
        "Họ và tên: ĐỒNG THỊ NHẠN",
        "Chuyển đến ngày: 12/4/1999",
        [(700.0, "Ngày 18 tháng 9 năm 2014")],
        [(700.0, "TRƯỞNG CÔNG AN")],
    ]
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert found["head_full_name"] == "Đồng Thị Nhạn"
    assert "issue_date" not in found


@pytest.mark.parametrize("letter", ["Ý", "Y", "B", "á"])
def test_a_letter_that_may_be_a_name_is_kept(lines_of: LinesOf, letter: str) -> None:
    rows: list[Row] = [
        "Họ, chữ đệm, tên: NGUYỄN THỊ NHƯ",
        [(400.0, letter)],
        "Giới tính: Nữ",
    ]
    name = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))["full_name"]
    assert name == f"Nguyễn Thị Như {letter.upper()}"


@pytest.mark.parametrize("title", ["PHIẾU THU NHẬN THÔNG TIN CĂN CƯỚC", "DANH BẢN", "TỜ TRÌNH"])
def test_papers_with_finger_prints_are_no_cards(lines_of: LinesOf, title: str) -> None:
    rows: list[Row] = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        title,
        "Họ và tên: TRẦN VĂN BA",
        [(60.0, "NGÓN TRỎ TRÁI"), (520.0, "DẤU VẾT RIÊNG VÀ DỊ HÌNH")],
        [(60.0, "NGÓN TRỎ PHẢI")],
    ]
    form, _ = classify_texts([line.text for line in lines_of(rows)])
    assert form is FormCode.OTHER


def test_who_attests_a_copy_did_not_issue_the_card(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(60.0, "NGÓN TRỎ TRÁI"), (520.0, "DẤU VẾT RIÊNG VÀ DỊ HÌNH")],
        [(506.0, "CÔNG AN TỈNH LAI CHÂU")],
        [(300.0, "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH")],
        [(300.0, "Ngày 20 tháng 06 năm 2022")],
        [(300.0, "TM. ỦY BAN NHÂN DÂN")],
    ]
    assert "issue_date" not in values(FormCode.IDENTITY_CARD, lines_of(rows))


@pytest.mark.parametrize(
    ("rows", "sure"),
    [
        (["CỤC TRƯỞNG CỤC CẢNH SÁT", "QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI"], True),
        (["CỤC TRƯỞNG CỤC CẢNH SÁT", "QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ"], False),
        (["CÔNG AN TỈNH BÀ RỊA", "- VŨNG TÀU"], False),
        (["CÔNG AN TỈNH QUẢNG NAM", "- ĐÀ NẴNG"], False),
        (["CÔNG AN TỈNH HÀ NAM"], False),  # or Hà Nam Ninh, its end lost
        ([[(506.0, "CÔNG AN TỈNH KON")], [(60.0, "Ngón trỏ")], [(520.0, "TUM")]], False),
        ([[(506.0, "CÔNG AN TỈNH NINH BÌNH")], [(520.0, "HẢI")]], False),
        ([[(506.0, "CÔNG AN TỈNH LAI CHÂU")], [(60.0, "NGÓN TRỎ PHẢI")]], True),  # not below it
        (["CÔNG AN TINH HÀ TỈNH"], False),
        (["GIÁM ĐỐC", "CÔNG AN TP ĐÀ NẴNG"], True),
        (["GIÁM ĐỐC CÔNG AN TỈNH LAI CHÂU"], True),
    ],
)
def test_an_issuer_is_promised_only_whole(lines_of: LinesOf, rows: list[Row], sure: bool) -> None:  # noqa: FBT001
    assert ("issuing_agency" in certain(FormCode.IDENTITY_CARD, lines_of(rows))) is sure


@pytest.mark.parametrize(
    "words",
    ["sống độc thân", "tại phường Tân Hạn", "tại huyện Lý Nhân"],
)
def test_a_period_ends_behind_words_that_only_sound_like_validity(
    lines_of: LinesOf, words: str
) -> None:
    rows: list[Row] = [
        "Họ, chữ đệm, tên: NGUYỄN THỊ LAN",
        f"Trong thời gian cư trú từ ngày 01/02/2010 {words} đến ngày 05/06/2020",
        "Tình trạng hôn nhân: Chưa đăng ký kết hôn với ai",
    ]
    found = values(FormCode.MARITAL_STATUS_CONFIRMATION, lines_of(rows))
    assert (found["period_from"], found["period_to"]) == ("2010-02-01", "2020-06-05")


def test_a_vietnamese_label_keeps_the_value_beside_it(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(58.0, "Ngày sinh:"), (400.0, "15/04/1989")],
        [(58.0, "Date of birth:")],
    ]
    assert values(FormCode.IDENTITY_CARD, lines_of(rows))["birth_date"] == "1989-04-15"


def test_the_childs_own_number_at_the_foot_is_not_the_declarants_paper(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "Họ và tên: TRIỆU THỊ NGHỈ",
        "Họ và tên người đứng khai: Triệu Tiến Quỵ",
        "Ngày đăng ký: 22/03/2019",
        "Số định danh cá nhân: 027219001234",
    ]
    assert "identity_paper" not in values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))


def test_a_card_without_an_end_says_so(lines_of: LinesOf) -> None:
    lines = lines_of(["Ngày, tháng, năm hết hạn / Date of expiry: Không thời hạn"])
    until = extract(spec_of(FormCode.IDENTITY_CARD), lines).fields["valid_until"]
    assert (until.text, until.value, until.certain) == ("Không thời hạn", None, False)
    beside = lines_of(["Có giá trị đến: Không thời hạn Nghi Lộc, Nghệ An"])
    parted = parted_at_portrait(spec_of(FormCode.IDENTITY_CARD), beside)
    assert extract(spec_of(FormCode.IDENTITY_CARD), parted).fields["valid_until"].text == until.text
    assert parted[1].text == "Nghi Lộc, Nghệ An"


def test_a_period_that_goes_on_is_told(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "Họ, chữ đệm, tên: NGUYỄN THỊ LAN",
        "Trong thời gian cư trú tại xã Nghĩa Trung từ ngày 01/02/2010 đến nay",
        "Tình trạng hôn nhân: Chưa đăng ký kết hôn với ai",
    ]
    found = extract(spec_of(FormCode.MARITAL_STATUS_CONFIRMATION), lines_of(rows)).fields
    assert found["period_from"].value == "2010-02-01"
    assert (found["period_to"].text, found["period_to"].value) == ("đến nay", None)
