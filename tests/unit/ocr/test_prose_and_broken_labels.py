"""Labels over rows and within sentences, people side by side, heads and cards read in one line."""

from collections.abc import Callable, Sequence

import pytest

from domain.form import FormCode
from ocr.columns import people_in_turn
from ocr.portrait import parted_at_portrait
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import certain, spec_of, values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]
TITLE: Row = [(500.0, "TRÍCH LỤC KHAI SINH")]


def test_rows_with_numbers_whose_labels_break_in_narrow_cells(lines_of: LinesOf) -> None:
    found = values(
        FormCode.BIRTH_EXTRACT,
        lines_of(
            [
                TITLE,
                [(100.0, "1 Họ, chữ đệm,"), (500.0, "TỪ THỊ TRINH")],
                [(124.0, "tên:")],
                [(100.0, "2 Ngày, tháng, 22/05/1984")],
                [(124.0, "năm sinh")],
                [(100.0, "3 Giới tính"), (500.0, "Nữ")],
                [(100.0, "4 Nơi sinh:"), (500.0, "Bệnh viện Đa khoa tỉnh Vĩnh Long")],
                [(100.0, "5 Họ, chữ đệm,"), (500.0, "LÝ MỸ THOA")],
                [(124.0, "tên người mẹ:")],
            ]
        ),
    )
    assert found["full_name"] == "Từ Thị Trinh"
    assert found["birth_date"] == "1984-05-22"
    assert found["sex"] == "female"
    assert found["birth_place"] == "Bệnh viện Đa khoa tỉnh Vĩnh Long"
    assert found["mother_full_name"] == "Lý Mỹ Thoa"


def test_a_house_number_is_no_number_of_a_row(lines_of: LinesOf) -> None:
    rows: list[Row] = [TITLE, "Nơi sinh:", "12 Nguyễn Trãi, phường 2, thành phố Sóc Trăng"]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert found["birth_place"] == "12 Nguyễn Trãi, phường 2, thành phố Sóc Trăng"


def test_a_value_behind_the_second_row_of_its_label(lines_of: LinesOf) -> None:
    found = values(
        FormCode.MARRIAGE_CERTIFICATE,
        lines_of(
            [
                [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
                [(100.0, "Họ và tên chồng: NGUYỄN TIẾN PHONG"), (700.0, "Họ và tên vợ: LA MỸ HOA")],
                [(100.0, "Dân tộc: Kinh"), (700.0, "Dân tộc: Kinh")],
                [
                    (100.0, "Số Giấy CMND/Hộ chiếu/Giấy tờ"),
                    (700.0, "Số Giấy CMND/Hộ chiếu/Giấy tờ"),
                ],
                [(100.0, "hợp lệ thay thế: CMND số"), (700.0, "hợp lệ thay thế: CMND số")],
                [(100.0, "305293928 cấp ngày 27/07/1998"), (700.0, "927393054 cấp 13/2/2002")],
                "Đăng ký tại: Ủy ban nhân dân phường Cái Khế, quận Ninh Kiều",
                "Ngày, tháng, năm đăng ký: 12/06/2006",
            ]
        ),
    )
    assert found["husband_identity_paper"] == "CMND số 305293928 cấp ngày 27/07/1998"
    assert found["wife_identity_paper"] == "CMND số 927393054 cấp 13/2/2002"
    assert found["registration_place"] == "Ủy ban nhân dân phường Cái Khế, quận Ninh Kiều"


def test_a_label_broken_beside_a_name_over_two_rows(lines_of: LinesOf) -> None:
    found = values(
        FormCode.BIRTH_CERTIFICATE,
        lines_of(
            [
                [(500.0, "GIẤY KHAI SINH")],
                "Họ và tên: TRẦN MỸ YẾN",
                "Nơi đăng ký: Ủy ban nhân dân xã Thanh Xuân",
                [
                    (100.0, "Họ và tên người đi khai sinh: TRẦN"),
                    (900.0, "Quan hệ với người được khai"),
                ],
                [(100.0, "CÔNG ĐẠT"), (900.0, "sinh: Cha")],
            ]
        ),
    )
    assert found["declarant_full_name"] == "Trần Công Đạt"


def test_a_couple_told_in_sentences(lines_of: LinesOf) -> None:
    lines = lines_of(
        [
            [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
            "Bà: TỪ THỊ KIM OANH; sinh ngày: 09-06-1998; dân tộc: Kinh; quốc tịch: Việt",
            "Nam; nơi cư trú: Bản Tả Chải, xã Long Hòa, huyện Cần Giuộc, tỉnh Long An; giấy",
            "tờ tùy thân: CCCD số 080198448438 cấp ngày 16/05/2016.",
            "Ông: LIN KUO HAO; sinh ngày: 7/9/1981; quốc tịch: Đài Loan; nơi cư",
            "trú: 116 Jhongshan Road, Taichung.",
            "Nơi đăng ký kết hôn: UBND xã Long Hòa, huyện Cần Giuộc, tỉnh Long An",
        ]
    )
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines)
    assert found["wife_full_name"] == "Từ Thị Kim Oanh"
    assert found["wife_birth_date"] == "1998-06-09"
    assert found["wife_nationality"] == "Việt Nam"
    assert found["wife_residence"] == "Bản Tả Chải, xã Long Hòa, huyện Cần Giuộc, tỉnh Long An"
    assert found["wife_identity_paper"] == "CCCD số 080198448438 cấp ngày 16/05/2016"
    assert found["husband_full_name"] == "Lin Kuo Hao"
    assert found["husband_birth_date"] == "1981-09-07"
    assert found["husband_nationality"] == "Đài Loan"
    assert found["husband_residence"] == "116 Jhongshan Road, Taichung"


def test_a_birth_told_in_sentences(lines_of: LinesOf) -> None:
    found = values(
        FormCode.BIRTH_EXTRACT,
        lines_of(
            [
                TITLE,
                "Trích lục về việc khai sinh của: Ông CHU THẾ HÒA; sinh ngày: 04/11/1991; giới tính:",
                "Nam; dân tộc: Kinh; quê quán: xã Lũng Cú, huyện Đồng Văn, tỉnh Hà Giang.",
                "Mẹ là bà: NGHIÊM DIỆU LÝ; sinh năm: 1954; dân tộc: Kinh",
                "Cha là ông: CHU VĂN LUÂN; sinh năm: 1967; dân tộc: Tày",
            ]
        ),
    )
    assert found["full_name"] == "Chu Thế Hòa"
    assert found["sex"] == "male"
    assert found["home_town"] == "xã Lũng Cú, huyện Đồng Văn, tỉnh Hà Giang"
    assert (found["mother_full_name"], found["mother_birth_date"]) == ("Nghiêm Diệu Lý", "1954")
    assert (found["father_full_name"], found["father_birth_date"]) == ("Chu Văn Luân", "1967")
    assert (found["mother_ethnicity"], found["father_ethnicity"]) == ("Kinh", "Tày")


def test_a_surname_like_a_form_of_address_stays(lines_of: LinesOf) -> None:
    rows: list[Row] = [TITLE, "Họ, chữ đệm, tên: Ông Hữu Thuận", "Họ, chữ đệm, tên mẹ: ÔNG LAN"]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert found["full_name"] == "Ông Hữu Thuận"
    assert found["mother_full_name"] == "Ông Lan"


SIDE_BY_SIDE: list[Row] = [
    TITLE,
    "Họ, chữ đệm, tên: Vàng Thị Say",
    [(250.0, "NGƯỜI MẸ"), (900.0, "NGƯỜI CHA")],
    [(100.0, "Họ, chữ đệm, tên: Sùng Thị Dở"), (700.0, "Họ, chữ đệm, tên: Vàng A Dính")],
    [(100.0, "Năm sinh: 1965"), (700.0, "Năm sinh: 1958")],
    [(100.0, "Dân tộc: Mông"), (700.0, "Dân tộc: Dao")],
    [(100.0, "Nơi cư trú: Thị trấn Quất Lâm,"), (700.0, "Nơi cư trú: Xóm 7, thị trấn")],
    [(100.0, "huyện Giao Thủy"), (700.0, "Quất Lâm, huyện Giao Thủy")],
    "Đã đăng ký khai sinh tại: UBND thị trấn Quất Lâm, huyện Giao Thủy, tỉnh Nam Định",
    [(100.0, "Số: 169/1998"), (640.0, "Ngày, tháng, năm đăng ký: 15/04/1998")],
]


def test_parents_side_by_side_with_labels_of_their_own(lines_of: LinesOf) -> None:
    lines = people_in_turn(spec_of(FormCode.BIRTH_EXTRACT), lines_of(SIDE_BY_SIDE))
    found = values(FormCode.BIRTH_EXTRACT, list(lines))
    assert found["full_name"] == "Vàng Thị Say"
    mother = {name: value for name, value in found.items() if name.startswith("mother_")}
    father = {name: value for name, value in found.items() if name.startswith("father_")}
    assert mother == {
        "mother_full_name": "Sùng Thị Dở",
        "mother_birth_date": "1965",
        "mother_ethnicity": "Mông",
        "mother_residence": "Thị trấn Quất Lâm, huyện Giao Thủy",
    }
    assert father == {
        "father_full_name": "Vàng A Dính",
        "father_birth_date": "1958",
        "father_ethnicity": "Dao",
        "father_residence": "Xóm 7, thị trấn Quất Lâm, huyện Giao Thủy",
    }
    assert found["registration_date"] == "1998-04-15"


def test_the_last_word_of_a_date_is_no_heading_of_the_mother(lines_of: LinesOf) -> None:
    found = values(
        FormCode.BIRTH_CERTIFICATE,
        lines_of(
            [
                [(500.0, "GIẤY KHAI SINH")],
                "Họ và tên: TRẦN MỸ YẾN",
                "Ngày, tháng, năm sinh: 23/03/2013",
                "Bằng chữ: Ngày hai mươi ba, tháng ba, năm hai ngàn không trăm mười",
                "ba",
                "Dân tộc: Kinh",
            ]
        ),
    )
    assert found["ethnicity"] == "Kinh"
    assert "mother_ethnicity" not in found


def test_labels_between_two_people(lines_of: LinesOf) -> None:
    found = values(
        FormCode.MARRIAGE_EXTRACT,
        lines_of(
            [
                [(500.0, "TRÍCH LỤC KẾT HÔN")],
                [(250.0, "VỢ"), (1100.0, "CHỒNG")],
                [(100.0, "GIÁP GẤM"), (600.0, "Họ, chữ đệm, tên CẦM BÁ XIÊNG")],
                [(100.0, "17/9/2000"), (600.0, "Ngày, tháng, năm 11/05/1998")],
                [(660.0, "sinh")],
                [(100.0, "Kinh"), (640.0, "Dân tộc"), (850.0, "Thái")],
                [(100.0, "Việt Nam"), (640.0, "Quốc tịch"), (850.0, "Việt Nam")],
                [(100.0, "Thôn Đông, phường Thủ"), (640.0, "Nơi cư trú"), (850.0, "Ấp Bình Phú,")],
                [(100.0, "Dầu Một"), (850.0, "Di Linh")],
                "Nơi đăng ký kết hôn: UBND phường Thủ Dầu Một",
            ]
        ),
    )
    assert (found["wife_full_name"], found["husband_full_name"]) == ("Giáp Gấm", "Cầm Bá Xiêng")
    assert (found["wife_birth_date"], found["husband_birth_date"]) == ("2000-09-17", "1998-05-11")
    assert (found["wife_ethnicity"], found["husband_ethnicity"]) == ("Kinh", "Thái")
    assert found["wife_residence"] == "Thôn Đông, phường Thủ Dầu Một"
    assert found["husband_residence"] == "Ấp Bình Phú, Di Linh"
    assert found["registration_place"] == "UBND phường Thủ Dầu Một"


def test_the_heading_of_a_tables_corner_is_no_value(lines_of: LinesOf) -> None:
    found = values(
        FormCode.BIRTH_CERTIFICATE,
        lines_of(
            [
                [(500.0, "GIẤY KHAI SINH")],
                "Quê quán: phường Cái Khế, quận Ninh Kiều, thành phố Cần Thơ",
                [(150.0, "PHẦN")],
                [(150.0, "KHAI VỀ"), (500.0, "NGƯỜI CHA"), (1000.0, "NGƯỜI MẸ")],
                [(150.0, "CHA, MẸ")],
                [(100.0, "Họ và tên"), (500.0, "QUÁCH KHẮC SƠN"), (1000.0, "DOÃN THU QUỲNH")],
                [(100.0, "Dân tộc"), (500.0, "Kinh"), (1000.0, "Kinh")],
                [(100.0, "Quốc tịchViệt Nam"), (1000.0, "Việt Nam")],
                "Nơi đăng ký: Ủy ban nhân dân phường Cái Khế",
            ]
        ),
    )
    assert found["home_town"] == "phường Cái Khế, quận Ninh Kiều, thành phố Cần Thơ"
    assert found["father_nationality"] == "Việt Nam"
    assert found["mother_nationality"] == "Việt Nam"


def test_the_agency_ends_before_the_motto_read_with_it(lines_of: LinesOf) -> None:
    lines = lines_of(
        [
            "ỦY BAN NHÂN DÂN PHƯỜNG CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            [(180.0, "VIỆT YÊN"), (560.0, "Độc lập - Tự do - Hạnh phúc")],
            [(150.0, "Số: 291/TLKS"), (560.0, "Việt Yên, ngày 12 tháng 03 năm 2026")],
            [(300.0, "TRÍCH LỤC KHAI SINH")],
            "Họ, chữ đệm, tên: Vàng Thị Say",
        ]
    )
    found = values(FormCode.BIRTH_EXTRACT, lines)
    assert found["issuing_agency"] == "ỦY BAN NHÂN DÂN PHƯỜNG VIỆT YÊN"


def test_the_residence_beside_the_expiry_of_a_card(lines_of: LinesOf) -> None:
    lines = lines_of(
        [
            [(400.0, "CĂN CƯỚC CÔNG DÂN")],
            [(360.0, "Số / No.: 001067973873")],
            [(360.0, "Nơi thường trú / Place of residence: Tổ 12, Thanh Xuân,")],
            [(0.0, "Có giá trị đến: 18/12/2027 Sóc Sơn, Thành phố Hà Nội")],
        ]
    )
    found = values(
        FormCode.IDENTITY_CARD, list(parted_at_portrait(spec_of(FormCode.IDENTITY_CARD), lines))
    )
    assert found["residence"] == "Tổ 12, Thanh Xuân, Sóc Sơn, Thành phố Hà Nội"
    assert found["valid_until"] == "2027-12-18"


def test_a_number_with_one_figure_a_box(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(300.0, "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ")],
        "1. Họ, chữ đệm và tên: Đoàn Xuân Sơn",
        "4. Số định danh cá nhân: (0/9/2/0/84/2/4/2/3/4/1)",
    ]
    assert values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))["personal_id"] == "092084242341"


def test_the_date_of_a_decree_is_not_the_day_of_registration(lines_of: LinesOf) -> None:
    found = values(
        FormCode.AMENDMENT_EXTRACT,
        lines_of(
            [
                [(400.0, "TRÍCH LỤC THAY ĐỔI HỘ TỊCH")],
                "Họ, chữ đệm, tên: GIÁP THỊ HÀ",
                "Đã đăng ký khai sinh tại: UBND xã Kim Bôi, huyện Kim Bôi, tỉnh Hòa Bình",
                [(100.0, "Số: 103/2002"), (700.0, "Ngày, tháng, năm đăng ký: 31/12/2002")],
                "Căn cứ: Quyết định số 240/QĐ-UBND ngày 10/03/2026 của phường Sa Pa",
            ]
        ),
    )
    assert found["registration_date"] == "2002-12-31"


def test_a_dot_of_a_leader_between_two_words_is_never_certain(lines_of: LinesOf) -> None:
    rows: list[Row] = [TITLE, "Nơi sinh: Trạm Y tế phường Quang.Trung, TP.Vinh, tỉnh Nghệ An"]
    assert "birth_place" not in certain(FormCode.BIRTH_EXTRACT, lines_of(rows))
    rows = [TITLE, "Nơi sinh: Trạm Y tế phường Quang Trung, TP.Vinh, tỉnh Nghệ An"]
    assert "birth_place" in certain(FormCode.BIRTH_EXTRACT, lines_of(rows))


def test_a_name_told_twice_with_other_marks_is_not_promised(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(300.0, "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ")],
        "1. Họ, chữ đệm và tên: Lê Bá Kỷ",
        "12. Họ, chữ đệm và tên chủ hộ: Lệ Bá Kỷ",
    ]
    promised = certain(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))
    assert not promised & {"full_name", "head_full_name"}
    rows[2] = "12. Họ, chữ đệm và tên chủ hộ: Lê Bá Thọ"
    promised = certain(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))
    assert promised >= {"full_name", "head_full_name"}


def test_labels_of_forms_without_colons(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        "Họ và tên mẹ Hoàng Thị Hạnh",
        "Nơi thường trú Xóm Mới, xã Bình Nghi, huyện Tây Sơn, tỉnh Bình Định",
        "Nơi đăng ký Ủy ban nhân dân xã Bình Nghi, huyện Tây Sơn, tỉnh Bình Định",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert found["mother_residence"] == "Xóm Mới, xã Bình Nghi, huyện Tây Sơn, tỉnh Bình Định"
    assert found["registration_place"].startswith("Ủy ban nhân dân xã Bình Nghi")  # type: ignore[union-attr]


@pytest.mark.parametrize("word", ["Declaran", "Declarant"])
def test_english_behind_a_label_may_be_misread(lines_of: LinesOf, word: str) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        f"Họ và tên người đi khai sinh / {word}: PHẠM THỊ YẾN",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert found["declarant_full_name"] == "Phạm Thị Yến"


def test_a_household_whose_first_person_is_headed(lines_of: LinesOf) -> None:
    found = values(
        FormCode.HOUSEHOLD_BOOK,
        lines_of(
            [
                [(500.0, "SỔ HỘ KHẨU")],
                "Họ và tên chủ hộ: TRẦN HỮU HUY",
                [(500.0, "CHỦ HỘ")],
                "Họ và tên: TRẦN HỮU HUY",
                "Ngày, tháng, năm sinh: 03/03/1985",
                [(500.0, "Quan hệ với chủ hộ: Vợ")],
                "Họ và tên: TỐNG THỊ BÍCH TÂM",
                "Ngày, tháng, năm sinh: 01/12/1988",
            ]
        ),
    )
    assert found["members[1].relationship"] == "CHỦ HỘ"
    assert found["members[2].relationship"] == "Vợ"
    assert found["members[2].full_name"] == "Tống Thị Bích Tâm"


def test_a_certificate_of_death_of_before_2016(lines_of: LinesOf) -> None:
    found = values(
        FormCode.DEATH_EXTRACT,
        lines_of(
            [
                [(500.0, "GIẤY CHỨNG TỬ")],
                "Họ và tên: THẠCH THỊ SA RANH",
                "Đã chết vào lúc 21 giờ 58 ngày 10 tháng 7 năm 2010",
                "Nguyên nhân chết: Xuất huyết não",
                "Giấy báo tử/giấy tờ thay thế Giấy báo tử số: 57 do Bệnh viện Sản cấp",
                "Nơi đăng ký: UBND phường Cái Khế, quận Ninh Kiều, thành phố Cần Thơ",
                "Ngày, tháng, năm đăng ký: ngày 21 tháng 7 năm 2010",
            ]
        ),
    )
    assert found["death_cause"] == "Xuất huyết não"
    assert (found["death_date"], found["death_time"]) == ("2010-07-10", "21:58")
    assert found["registration_date"] == "2010-07-21"


TOLD: list[Row] = [
    [(300.0, "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ")],
    "1. Họ, chữ đệm và tên: Tạ Minh Nhật",
    "15. Thông tin các thành viên khác trong hộ gia đình:",
    "- Cao Diễm, sinh ngày 04/06/1976, Nữ, số định danh 034176797646, quan hệ với",
    "chủ hộ: Vợ;",
    "- Tạ Minh Nghĩa, sinh năm 1997, Nam, số định danh 034097123296,",
    "quan hệ với chủ hộ: Con;",
    "- và những người khác, theo sổ",
]


def test_members_told_in_sentences(lines_of: LinesOf) -> None:
    lines = lines_of(TOLD)
    found = values(FormCode.RESIDENCE_CONFIRMATION, lines)
    members = {name: value for name, value in found.items() if name.startswith("members[")}
    assert members == {
        "members[1].full_name": "Cao Diễm",
        "members[1].birth_date": "1976-06-04",
        "members[1].sex": "female",
        "members[1].personal_id": "034176797646",
        "members[1].relationship": "Vợ",
        "members[2].full_name": "Tạ Minh Nghĩa",
        "members[2].birth_date": "1997",
        "members[2].sex": "male",
        "members[2].personal_id": "034097123296",
        "members[2].relationship": "Con",
    }


def test_a_list_of_members_with_an_item_left_is_not_promised_whole(lines_of: LinesOf) -> None:
    assert "members" in certain(FormCode.RESIDENCE_CONFIRMATION, lines_of(TOLD[:-1]))
    assert "members" not in certain(FormCode.RESIDENCE_CONFIRMATION, lines_of(TOLD))


def test_members_of_a_book_told_in_sentences(lines_of: LinesOf) -> None:
    found = values(
        FormCode.HOUSEHOLD_BOOK,
        lines_of(
            [
                [(500.0, "SỔ HỘ KHẨU")],
                "Họ và tên chủ hộ: Trần Mỹ Khuyên",
                "Những người cùng trong hộ:",
                "1. Nguyễn Quang Nam (Chồng), nam, sinh ngày 11/09/1981; nguyên quán: phường",
                "Đằng Giang, quận Ngô Quyền",
                "2. Phùng Thị Huyền (Con), nữ, sinh ngày 26/03/1998; nguyên quán: phường Đằng Giang",
            ]
        ),
    )
    assert found["head_full_name"] == "Trần Mỹ Khuyên"
    assert found["members[1].full_name"] == "Nguyễn Quang Nam"
    assert found["members[1].relationship"] == "Chồng"
    assert found["members[1].home_town"] == "phường Đằng Giang, quận Ngô Quyền"
    assert found["members[2].sex"] == "female"
    assert found["members"] == "Nguyễn Quang Nam; Phùng Thị Huyền"
