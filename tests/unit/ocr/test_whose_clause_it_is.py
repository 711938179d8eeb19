"""Where running text, tables and labels speak of somebody else, or say less than they seem to."""

from collections.abc import Callable, Sequence

import pytest

from domain.form import FormCode
from ocr.classification import classify_texts
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import certain, values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]
MARITAL = [[(300.0, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN")]]
RESIDENCE = [[(300.0, "GIẤY XÁC NHẬN CƯ TRÚ")]]


@pytest.mark.parametrize(
    "rows",
    [
        [
            "Theo đề nghị của ông/bà LÊ AN về việc kết hôn với bà Lê Thị Hoa, dân tộc Tày, quốc tịch Lào"
        ],
        [
            "UBND xã xác nhận chị LÃ THỊ MỸ KHUYÊN, sinh ngày 16/09/1999, hiện có",
            "chồng là anh NGUYỄN VĂN BÌNH, dân tộc Mường, quốc tịch Lào, thường trú tại xã",
        ],
        [
            "Họ, chữ đệm và tên: LÃ THỊ MỸ KHUYÊN",
            "Nội dung xác nhận khác: Có anh ruột là LÃ VĂN BA, dân tộc Mường, quốc tịch Mỹ",
        ],
        ["Họ, chữ đệm và tên: LÃ THỊ MỸ KHUYÊN", "Dân tộc của mẹ: Mường"],
    ],
)
def test_what_is_told_of_others_is_not_the_subjects(lines_of: LinesOf, rows: list[Row]) -> None:
    for form, head in (
        (FormCode.MARITAL_STATUS_CONFIRMATION, MARITAL),
        (FormCode.RESIDENCE_CONFIRMATION, RESIDENCE),
    ):
        found = values(form, lines_of([*head, *rows]))
        assert not {"ethnicity", "nationality", "sex"} & found.keys()


def test_who_is_confirmed_comes_before_who_confirms(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        *RESIDENCE,
        "Ông NGUYỄN VĂN CÔNG",
        "Xác nhận chị LÃ THỊ MỸ KHUYÊN, sinh ngày 16/09/1999, dân tộc Kinh",
    ]
    found = values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))
    assert (found["full_name"], found["birth_date"]) == ("Lã Thị Mỹ Khuyên", "1999-09-16")


def test_a_row_of_a_value_is_no_clause(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "GIẤY KHAI SINH")],
        "Nơi sinh: Trạm y tế Trường phổ thông",
        "dân tộc Nội trú huyện Na Hang, tỉnh Tuyên Quang",
        "Dân tộc: Dao",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of(rows))
    assert found["ethnicity"] == "Dao"
    assert str(found["birth_place"]).endswith("tỉnh Tuyên Quang")


def test_a_cause_of_death_may_tell_where(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ")],
        "Nguyên nhân chết: Bị tai nạn giao thông, chết tại nhà",
        "Nơi chết: Xã Đà Vị, huyện Na Hang",
    ]
    found = values(FormCode.DEATH_EXTRACT, lines_of(rows))
    assert found["death_cause"] == "Bị tai nạn giao thông, chết tại nhà"
    assert found["death_place"] == "Xã Đà Vị, huyện Na Hang"


def test_a_label_that_several_begin_with_waits_for_its_part(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI SINH")],
        "Họ và tên: BÀN TUẤN KIỆT",
        "Sinh ngày, tháng, năm: 03/04/2005",
        "Dân tộc: Dao",
        "Đăng ký khai sinh tại: UBND xã Đà Vị",
        [(100.0, "Số: 62/2005"), (700.0, "ngày, tháng, năm: 10/04/2005")],
    ]
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert (found["birth_date"], found["ethnicity"]) == ("2005-04-03", "Dao")
    assert (found["registration_number"], found["registration_date"]) == ("62/2005", "2005-04-10")


def test_a_date_alone_is_no_number(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ")],
        "Đăng ký khai tử tại: UBND xã Đà Vị",
        "Số, ngày đăng ký: 05 tháng 6 năm 2015",
    ]
    found = values(FormCode.DEATH_EXTRACT, lines_of(rows))
    assert found["registration_date"] == "2015-06-05"
    assert "registration_number" not in found


@pytest.mark.parametrize("label", ["Chỗ ở hiện nay", "Hiện cư trú tại"])
def test_where_somebody_lives_now_is_not_where_they_are_registered(
    lines_of: LinesOf, label: str
) -> None:
    rows: list[Row] = [
        *RESIDENCE,
        "Họ, chữ đệm và tên: LÃ THỊ MỸ KHUYÊN",
        f"{label}: Số 5, phố Hàng Bài, thành phố Hà Nội",
        "Nơi thường trú: Thôn 3, xã Tân Lập, tỉnh Hòa Bình",
    ]
    found = values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows))
    assert found["residence"] == "Thôn 3, xã Tân Lập, tỉnh Hòa Bình"
    found = values(FormCode.RESIDENCE_CONFIRMATION, lines_of(rows[:-1]))
    assert found["residence"] == "Số 5, phố Hàng Bài, thành phố Hà Nội"


@pytest.mark.parametrize("surname", ["CHÂU", "CHU", "MÃ"])
def test_surnames_like_ends_of_labels(lines_of: LinesOf, surname: str) -> None:
    rows: list[Row] = [[(500.0, "CĂN CƯỚC CÔNG DÂN")], f"Họ và tên {surname} THỊ LAN"]
    found = values(FormCode.IDENTITY_CARD, lines_of(rows))
    assert found == {"full_name": f"{surname.title()} Thị Lan"}


@pytest.mark.parametrize(
    ("title", "below"),
    [
        ("ĐƠN", "Xin xác nhận tình trạng hôn nhân"),
        ("GIẤY CAM ĐOAN", "Tình trạng hôn nhân"),
        ("GIẤY CHỨNG NHẬN", "Ly hôn"),
        ("GIẤY XÁC NHẬN", "Nhân thân"),
        ("GIẤY ĐỀ NGHỊ", "Xác nhận thông tin về cư trú"),
        ("GIẤY CHỨNG NHẬN LY HÔN", ""),
        ("SỔ TẠM TRÚ", "Họ và tên gọi khác (nếu có):"),
    ],
)
def test_papers_titled_alike_are_other_papers(title: str, below: str) -> None:
    rows = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", title, below, "Họ và tên: LÊ AN", "Dân tộc: Kinh"]
    rows += ["Lý do xóa đăng ký tạm trú:", "Chuyển đến ngày: 05/06/2015"]
    assert classify_texts(rows)[0] is FormCode.OTHER


WITNESSES: list[Row] = [
    [(600.0, "GIẤY CHỨNG NHẬN KẾT HÔN")],
    [(100.0, "Họ, chữ đệm, tên vợ: Lê Thị Hoa"), (900.0, "Họ, chữ đệm, tên chồng: Trần Văn Bình")],
    [(100.0, "Dân tộc: Kinh"), (900.0, "Dân tộc: Kinh")],
    "",
    [(400.0, "Họ và tên"), (700.0, "Năm sinh"), (900.0, "Dân tộc"), (1100.0, "Nơi cư trú")],
    "",
    [(150.0, "Bên nam"), (400.0, "ĐỖ VĂN LÀNH"), (700.0, "1960"), (900.0, "Tày"), (1100.0, "xã A")],
    "",
    [(150.0, "Bên nữ"), (400.0, "VÕ THỊ THƠM"), (700.0, "1965"), (900.0, "Thái"), (1100.0, "xã B")],
]


def test_a_table_of_witnesses_does_not_name_the_couple(lines_of: LinesOf) -> None:
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of(WITNESSES))
    assert (found["wife_full_name"], found["husband_full_name"]) == ("Lê Thị Hoa", "Trần Văn Bình")


def test_the_row_below_the_last_person_is_not_his(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(600.0, "TRÍCH LỤC KHAI SINH")],
        [(400.0, "Họ, chữ đệm, tên"), (700.0, "Năm sinh"), (900.0, "Dân tộc")],
        "",
        [(150.0, "Mẹ"), (400.0, "THÂN THỊ VỸ"), (700.0, "1964"), (900.0, "Kinh")],
        "",
        [(150.0, "Cha"), (400.0, "ĐINH TIẾN NGHIỆP"), (700.0, "1965"), (900.0, "Kinh")],
        [(400.0, "LÊ VĂN")],
        [(150.0, "Người khai"), (700.0, "1940"), (900.0, "Kinh")],
        [(400.0, "HÙNG")],
    ]
    lines = lines_of(rows)
    assert "father_full_name" not in certain(FormCode.BIRTH_EXTRACT, lines)
    assert values(FormCode.BIRTH_EXTRACT, lines)["mother_full_name"] == "Thân Thị Vỹ"


def test_the_end_of_a_label_below_a_value_is_none_of_it(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(500.0, "TRÍCH LỤC KHAI TỬ")],
        [(100.0, "Nơi cư trú:"), (600.0, "Xã Đà Vị, huyện Na Hang,")],
        [(100.0, "cuối cùng"), (600.0, "tỉnh Tuyên Quang")],
    ]
    found = values(FormCode.DEATH_EXTRACT, lines_of(rows))
    assert found["residence"] == "Xã Đà Vị, huyện Na Hang, tỉnh Tuyên Quang"
