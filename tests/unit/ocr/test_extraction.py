"""Fields out of lines: anchors, spans, wrapping, columns, empty labels."""

from collections.abc import Callable, Sequence

from domain.form import FormCode
from ocr.extraction import extract
from ocr.form_library import FormSpec, library
from ocr.text_line import TextLine

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
