"""Fields out of lines: anchors, spans, wrapping, columns, empty labels."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from domain.form import FormCode
from ocr.cells import labels_first
from ocr.extraction import extract
from ocr.form_library import FormSpec, library
from ocr.labels import find_labels
from ocr.text_line import TextLine
from ocr.values import is_whole

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]

HEAD: list[Row] = [
    [(100.0, "ỦY BAN NHÂN DÂN"), (900.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")],
    [(100.0, "XÃ NGHĨA TRUNG"), (950.0, "Độc lập - Tự do - Hạnh phúc")],
    [(100.0, "Số: 12/2020/TLKS-BS"), (900.0, "Nghĩa Trung, ngày 05 tháng 3 năm 2020")],
]
BIRTH: list[Row] = [
    *HEAD,
    [(500.0, "TRÍCH LỤC KHAI SINH")],
    [(560.0, "(BẢN SAO)")],
    "Họ, chữ đệm, tên: NGUYỄN VĂN AN ......",
    "Ngày, tháng, năm sinh: 05/3/1998",
    "ghi bằng chữ: Ngày mùng năm, tháng ba, năm một nghìn chín",
    "trăm chín mươi tám",
    [(100.0, "Giới tính: Nam"), (500.0, "Dân tộc: Kinh"), (900.0, "Quốc tịch: Việt Nam")],
    "Nơi sinh: Trạm y tế xã Nghĩa Trung, huyện Việt Yên,",
    "tỉnh Bắc Giang",
    "Quê quán: ..........",
    "Số định danh cá nhân: 024098001234",
    "Họ, chữ đệm, tên người mẹ: LÊ THỊ BÌNH",
    "Năm sinh: 1970   Dân tộc: Tày   Quốc tịch: Việt Nam",
    "Nơi cư trú: thôn 2, xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang",
    "Họ, chữ đệm, tên người cha: NGUYỄN VĂN CHÍNH",
    "Năm sinh: 1968   Dân tộc: Kinh   Quốc tịch: Việt Nam",
    "Nơi cư trú: thôn 3, xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang",
    "Đăng ký khai sinh tại: Ủy ban nhân dân xã Nghĩa Trung",
    "Số: 45   ngày 10 tháng 4 năm 1998",
    "Ghi chú: Đăng ký đúng hạn",
    [(900.0, "NGƯỜI KÝ TRÍCH LỤC")],
]


def spec_of(code: FormCode) -> FormSpec:
    spec = library().form(code)
    assert spec is not None
    return spec


def values(form: FormCode, lines: list[TextLine]) -> dict[str, str | None]:
    found = extract(spec_of(form), lines)
    return {name: field.value for name, field in found.fields.items()}


def test_every_field_of_a_birth_extract(lines_of: LinesOf) -> None:
    assert values(FormCode.BIRTH_EXTRACT, lines_of(BIRTH)) == {
        "issuing_agency": "ỦY BAN NHÂN DÂN XÃ NGHĨA TRUNG",
        "number": "12/2020/TLKS-BS",
        "issue_date": "2020-03-05",
        "full_name": "Nguyễn Văn An",
        "birth_date": "1998-03-05",
        "sex": "male",
        "ethnicity": "Kinh",
        "nationality": "Việt Nam",
        "birth_place": "Trạm y tế xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang",
        "personal_id": "024098001234",
        "mother_full_name": "Lê Thị Bình",
        "mother_birth_date": "1970",
        "mother_ethnicity": "Tày",
        "mother_nationality": "Việt Nam",
        "mother_residence": "thôn 2, xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang",
        "father_full_name": "Nguyễn Văn Chính",
        "father_birth_date": "1968",
        "father_ethnicity": "Kinh",
        "father_nationality": "Việt Nam",
        "father_residence": "thôn 3, xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang",
        "registration_place": "Ủy ban nhân dân xã Nghĩa Trung",
        "registration_number": "45",
        "registration_date": "1998-04-10",
    }


def test_a_printed_label_without_a_value_is_no_value(lines_of: LinesOf) -> None:
    assert "home_town" not in values(FormCode.BIRTH_EXTRACT, lines_of(BIRTH))


def test_dates_in_words_are_read_across_lines(lines_of: LinesOf) -> None:
    found = extract(spec_of(FormCode.BIRTH_EXTRACT), lines_of(BIRTH))
    assert found.spelled == {"birth_date": "1998-03-05"}


def test_values_are_certain_only_where_two_readers_agree(lines_of: LinesOf) -> None:
    spec = spec_of(FormCode.BIRTH_EXTRACT)
    assert extract(spec, lines_of(BIRTH)).fields["full_name"].certain
    assert not extract(spec, lines_of(BIRTH, agreed=False)).fields["full_name"].certain
    assert not extract(spec, lines_of(BIRTH, agreed=None)).fields["full_name"].certain


def test_a_value_has_its_own_box(lines_of: LinesOf) -> None:
    field = extract(spec_of(FormCode.BIRTH_EXTRACT), lines_of(BIRTH)).fields["ethnicity"]
    assert field.text == "Kinh"
    assert field.box is not None
    assert field.box.left == 500.0 + 12.0 * len("Dân tộc: ")
    assert field.box.right == 500.0 + 12.0 * len("Dân tộc: Kinh")
    assert field.page == 1


def test_labels_survive_reading_errors(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "TRICH LUC KHAI SINH",
        "Ho, chữ đệm, tện: NGUYỄN VĂN AN",
        "Ngay tháng, năm sinh : 05/3/1998",
        "Glới tính: Nữ",
        "Nơí sinh: xã Nghĩa Trung",
        "Họ, chữ đêm, tên ngưòi mę: LÊ THỊ BÌNH",
    ]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert found == {
        "full_name": "Nguyễn Văn An",
        "birth_date": "1998-03-05",
        "sex": "female",
        "birth_place": "xã Nghĩa Trung",
        "mother_full_name": "Lê Thị Bình",
    }


def test_a_name_like_a_label_end_is_a_name(lines_of: LinesOf) -> None:
    rows = ["TRÍCH LỤC KHAI SINH", "Họ, chữ đệm, tên: CHU KHÁNH", "Giới tính: Nam"]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert found == {"full_name": "Chu Khánh", "sex": "male"}


def test_wife_left_husband_right(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
        [(100.0, "Họ, chữ đệm, tên vợ:"), (800.0, "Họ, chữ đệm, tên chồng:")],
        [(100.0, "LÊ THỊ BÌNH"), (800.0, "NGUYỄN VĂN AN")],
        [
            (100.0, "Ngày, tháng, năm sinh: 01/02/1990"),
            (800.0, "Ngày, tháng, năm sinh: 03/04/1988"),
        ],
        [(100.0, "Dân tộc: Tày"), (800.0, "Dân tộc: Kinh")],
        [(100.0, "Quốc tịch: Việt Nam"), (800.0, "Quốc tịch: Lào")],
        [(100.0, "Nơi cư trú: thôn 2, xã Nghĩa Trung,"), (800.0, "Nơi cư trú: phường 5, quận 10,")],
        [(100.0, "huyện Việt Yên, tỉnh Bắc Giang"), (800.0, "thành phố Hồ Chí Minh")],
        "Nơi đăng ký kết hôn: Ủy ban nhân dân xã Nghĩa Trung",
        "Ngày, tháng, năm đăng ký: ngày 10 tháng 10 năm 2015",
    ]
    assert values(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows)) == {
        "wife_full_name": "Lê Thị Bình",
        "wife_birth_date": "1990-02-01",
        "wife_ethnicity": "Tày",
        "wife_nationality": "Việt Nam",
        "wife_residence": "thôn 2, xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang",
        "husband_full_name": "Nguyễn Văn An",
        "husband_birth_date": "1988-04-03",
        "husband_ethnicity": "Kinh",
        "husband_nationality": "Lào",
        "husband_residence": "phường 5, quận 10, thành phố Hồ Chí Minh",
        "registration_place": "Ủy ban nhân dân xã Nghĩa Trung",
        "registration_date": "2015-10-10",
    }


def test_time_and_date_of_death_share_one_sentence(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "TRÍCH LỤC KHAI TỬ",
        "Họ, chữ đệm, tên: NGUYỄN VĂN AN",
        "Đã chết vào lúc: 14 giờ 05 phút, ngày 02 tháng 3",
        "năm 2021 ghi bằng chữ: Ngày mùng hai tháng ba năm hai nghìn không trăm hai mươi mốt",
        "Nơi chết: tại nhà riêng",
        "Nguyên nhân chết: Bệnh già",
        "Đã được đăng ký khai tử tại: Ủy ban nhân dân xã Nghĩa Trung",
        "Số: 7 ngày 05 tháng 3 năm 2021",
    ]
    found = values(FormCode.DEATH_EXTRACT, lines_of(rows))
    assert found["death_time"] == "14:05"
    assert found["death_date"] == "2021-03-02"
    assert found["death_cause"] == "Bệnh già"
    assert found["registration_date"] == "2021-03-05"


def test_period_and_status_of_a_marital_confirmation(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
        "Xét đề nghị của ông NGUYỄN VĂN AN, xác nhận:",
        "Họ, chữ đệm, tên: NGUYỄN VĂN AN",
        "Giấy tờ tùy thân: Căn cước công dân số 024098001234 do Cục Cảnh sát",
        "QLHC về TTXH cấp ngày 20/11/2021",
        "Nơi cư trú: phường Bắc Từ Liêm, thành phố Hà Nội",
        "Trong thời gian cư trú tại: phường Bắc Từ Liêm, thành phố Hà Nội từ ngày 01 tháng 2",
        "năm 2018 đến ngày 03 tháng 4 năm 2024",
        "Tình trạng hôn nhân: Chưa đăng ký kết hôn với ai",
        "Giấy này được cấp để: làm thủ tục vay vốn",
        "Giấy này có giá trị sử dụng trong thời hạn 6 tháng, kể từ ngày cấp./.",
        "NGƯỜI KÝ GIẤY XÁC NHẬN",
    ]
    assert values(FormCode.MARITAL_STATUS_CONFIRMATION, lines_of(rows)) == {
        "full_name": "Nguyễn Văn An",
        "identity_paper": "Căn cước công dân số 024098001234 do Cục Cảnh sát QLHC về TTXH "
        "cấp ngày 20/11/2021",
        "residence": "phường Bắc Từ Liêm, thành phố Hà Nội",
        "period_from": "2018-02-01",
        "period_to": "2024-04-03",
        "marital_status": "Chưa đăng ký kết hôn với ai",
    }


def test_other_wordings_of_labels_and_labels_without_colon(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "TRÍCH LỤC KHAI SINH",
        "Họ tên: LÝ THỊ MAI",
        [(100.0, "Sinh ngày"), (500.0, "05/03/1998")],
        [(100.0, "Giới tính"), (500.0, "Nữ")],
        [(100.0, "Dân tộc"), (500.0, "Tày")],
        [(100.0, "Số CCCD"), (500.0, "024198001234")],
        "Họ tên người mẹ: NGUYỄN THỊ HOA",
        "Nơi thường trú: xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang",
    ]
    assert values(FormCode.BIRTH_EXTRACT, lines_of(rows)) == {
        "full_name": "Lý Thị Mai",
        "birth_date": "1998-03-05",
        "sex": "female",
        "ethnicity": "Tày",
        "personal_id": "024198001234",
        "mother_full_name": "Nguyễn Thị Hoa",
        "mother_residence": "xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang",
    }


def test_a_row_of_labels_has_its_values_below(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "TRÍCH LỤC KHAI SINH",
        [(100.0, "3. Giới tính:"), (500.0, "4. Dân tộc:"), (900.0, "5. Quốc tịch:")],
        [(100.0, "Nữ"), (510.0, "Tày"), (900.0, "Việt Nam")],
        "6. Quê quán: tỉnh Bắc Giang",
    ]
    assert values(FormCode.BIRTH_EXTRACT, lines_of(rows)) == {
        "sex": "female",
        "ethnicity": "Tày",
        "nationality": "Việt Nam",
        "home_town": "tỉnh Bắc Giang",
    }


def test_a_narrow_cell_goes_on_below_itself(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "TRÍCH LỤC KHAI SINH",
        [(100.0, "Ngày sinh: ngày 21 tháng 5"), (600.0, "Dân tộc: Dao"), (900.0, "Giới tính: Nam")],
        [(240.0, "năm 1980")],
        "Nơi sinh: tỉnh Bắc Giang",
    ]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert (found["birth_date"], found["ethnicity"]) == ("1980-05-21", "Dao")


def test_spouses_one_below_the_other(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(100.0, "TRÍCH LỤC KẾT HÔN"), (700.0, "Số: 1/2020/TLKH-BS")],
        "Họ, chữ đệm, tên vợ: LÊ THỊ BÌNH",
        "Dân tộc: Mường",
        "Họ, chữ đệm, tên chồng: NGUYỄN VĂN AN",
        "Dân tộc: Kinh",
    ]
    found = values(FormCode.MARRIAGE_EXTRACT, lines_of(rows))
    assert (found["wife_ethnicity"], found["husband_ethnicity"]) == ("Mường", "Kinh")


def test_members_of_a_household_book(lines_of: LinesOf) -> None:
    rows = ["SỔ HỘ KHẨU", "Số: 331540965", "Họ và tên chủ hộ: LÊ VĂN BA"]
    for name, paper in (("LÊ VĂN BA", "123456789"), ("HỒ THỊ TƯ", "")):
        rows += [f"Họ và tên: {name}", "Quan hệ với chủ hộ: Vợ", f"Số CMND: {paper}"]
    found = values(FormCode.HOUSEHOLD_BOOK, lines_of(rows))
    assert found["head_full_name"] == "Lê Văn Ba"
    assert found["members[1].personal_id"] == "123456789"
    assert found["members[2].full_name"] == "Hồ Thị Tư"
    assert "members[2].personal_id" not in found
    assert found["members"] == "Lê Văn Ba; Hồ Thị Tư"


def test_a_table_of_members(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ",
        "Họ, chữ đệm và tên: HỒ THỊ TƯ",
        "Thông tin các thành viên khác trong hộ gia đình:",
        [(100.0, "TT Họ, chữ đệm và tên"), (500.0, "Ngày sinh"), (900.0, "Quan hệ với chủ hộ")],
        [(100.0, "1"), (140.0, "Lê Văn"), (500.0, "01/02/2003"), (900.0, "Con")],
        [(140.0, "Nam")],
        [(100.0, "2 Hồ Văn Ba 04/05/2006 Nam 024206001234 Cháu")],
        [(800.0, "NGƯỜI KÝ")],
    ]
    found = values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))
    assert {name: value for name, value in found.items() if name.startswith("members[")} == {
        "members[1].full_name": "Lê Văn Nam",
        "members[1].birth_date": "2003-02-01",
        "members[1].relationship": "Con",
        "members[2].full_name": "Hồ Văn Ba",
        "members[2].birth_date": "2006-05-04",
        "members[2].sex": "male",
        "members[2].personal_id": "024206001234",
        "members[2].relationship": "Cháu",
    }


def test_a_label_centred_beside_its_value_comes_first(lines_of: LinesOf) -> None:
    upper, label, lower = lines_of(
        [
            [(500.0, "thôn 2, xã Nghĩa Trung,")],
            [(100.0, "Nơi sinh:")],
            [(500.0, "huyện Việt Yên, tỉnh Bắc Giang")],
        ]
    )
    low = replace(lower, place=lower.place - np.array([0.0, 44.0]))
    mid = replace(label, place=label.place - np.array([0.0, 22.0]))
    spec = spec_of(FormCode.BIRTH_EXTRACT)
    assert labels_first(spec, [upper, mid, low])[0].text == "Nơi sinh:"


def test_rows_of_one_pitch_stay_with_the_label_above_though_boxes_waver(lines_of: LinesOf) -> None:
    lines = lines_of(
        [
            [(100.0, "Nơi sinh:"), (500.0, "Trạm Y tế xã Năng Khả, huyện Na Hang, tỉnh")],
            [(500.0, "Tuyên Quang")],
            [(100.0, "Quê quán:"), (500.0, "xã Năng Khả, huyện Na Hang, tỉnh Tuyên")],
            [(500.0, "Quang")],
        ]
    )
    lines[2] = replace(lines[2], place=lines[2].place + np.array([0.0, 2.25]))
    assert list(labels_first(spec_of(FormCode.BIRTH_CERTIFICATE), lines)) == lines


def test_a_surname_is_no_label_and_two_fields_run_together_are_not_certain() -> None:
    for name in ("NGUYỄN VĂN SƠN", "NGUYỄN QUANG TÚ"):
        assert not find_labels(name, ["Nguyên quán"], ["Nguyên quán"])
    assert not find_labels("Nơi sinh xã Phương Định, tỉnh Nam Định …", ["Năm sinh"])
    assert find_labels("Dân tộc: Kinh Năm sinh … 1960", ["Năm sinh"])
    assert find_labels("Nguyên quan Xã Dị Nậu", ["Nguyên quán"], ["Nguyên quán"])
    assert not is_whole("full_name", "Võ Ngọc Yến Sinh Ngày")


def test_words_between_what_was_and_what_is_are_no_labels_in_an_address(lines_of: LinesOf) -> None:
    lines = lines_of(
        [
            *HEAD,
            [(500.0, "TRÍCH LỤC CẢI CHÍNH HỘ TỊCH")],
            "Họ, chữ đệm, tên: HỒ THỊ BÍCH ANH",
            "Nơi cư trú: số 255 đường Trường Chinh, phường Văn Hải, thành",
            "phố Phan Rang - Tháp Chàm, tỉnh Ninh Thuận",
            "Nội dung: Cải chính năm sinh từ 1987 thành 1986",
        ]
    )
    residence = values(FormCode.AMENDMENT_EXTRACT, lines)["residence"]
    assert residence == (
        "số 255 đường Trường Chinh, phường Văn Hải, thành phố Phan Rang - Tháp Chàm, "
        "tỉnh Ninh Thuận"
    )


def test_a_province_on_a_row_of_its_own_is_no_label(lines_of: LinesOf) -> None:
    cut = BIRTH.index("Đăng ký khai sinh tại: Ủy ban nhân dân xã Nghĩa Trung")
    wrapped: list[Row] = [
        "Đăng ký khai sinh tại: Ủy ban nhân dân xã Hải Hòa, huyện Hải Hậu, tỉnh",
        "Nam Định",
    ]
    found = values(FormCode.BIRTH_EXTRACT, lines_of([*BIRTH[:cut], *wrapped, *BIRTH[cut + 1 :]]))
    assert found["registration_place"] == (
        "Ủy ban nhân dân xã Hải Hòa, huyện Hải Hậu, tỉnh Nam Định"
    )


def test_a_lone_stroke_at_the_edge_of_a_row_is_of_the_value_only_if_confirmed(
    lines_of: LinesOf,
) -> None:
    rows = [
        "TRÍCH LỤC KHAI SINH",
        "Đăng ký khai sinh tại: Ủy ban nhân dân xã Phú Thọ, tỉnh Đồng -",
        "- Tháp",
        "Ghi chú:",
    ]
    for seen, place in ((False, "tỉnh Đồng Tháp"), (True, "tỉnh Đồng - - Tháp")):
        lines = [
            replace(line, agreed=tuple(seen or letter != "-" for letter in line.text))
            for line in lines_of(rows)
        ]
        field = extract(spec_of(FormCode.BIRTH_EXTRACT), lines).fields["registration_place"]
        assert field.value == f"Ủy ban nhân dân xã Phú Thọ, {place}"
    unasked = [replace(line, agreed=None) for line in lines]
    field = extract(spec_of(FormCode.BIRTH_EXTRACT), unasked).fields["registration_place"]
    assert field.value == "Ủy ban nhân dân xã Phú Thọ, tỉnh Đồng - - Tháp"
