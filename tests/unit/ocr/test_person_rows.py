"""Tables with one row a person: whose it is at the left, what its cells say above their columns."""

from collections.abc import Callable, Sequence

from domain.form import FormCode
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import certain, values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]

HEADINGS: list[Row] = [
    [(300.0, "Cha,"), (700.0, "Năm"), (800.0, "Dân"), (900.0, "Quốc")],
    [(300.0, "mẹ"), (400.0, "Họ, chữ đệm, tên"), (700.0, "sinh"), (800.0, "tộc"), (900.0, "tịch"),
     (1100.0, "Nơi cư trú")],
]  # fmt: skip
PARENTS: list[Row] = [
    [(600.0, "TRÍCH LỤC KHAI SINH")],
    "Họ, chữ đệm, tên: ĐINH QUỐC ĐẠT",
    "Quê quán: phường Máy Tơ, quận Ngô Quyền, thành phố Hải Phòng",
    *HEADINGS,
    "",
    [(300.0, "Mẹ"), (400.0, "THÂN THỊ VỸ"), (700.0, "1964"), (800.0, "Kinh"),
     (900.0, "Việt Nam"), (1100.0, "Đội 9, phường Máy Tơ,")],
    [(1100.0, "thành phố Hải Phòng")],
    "",
    [(300.0, "Cha ĐINH TIẾN"), (700.0, "1965   Kinh"), (900.0, "Việt Nam"), (1100.0, "Đội 9,")],
    [(400.0, "NGHIỆP"), (1100.0, "thành phố Hải Phòng")],
    "",
    [(300.0, "Đăng ký khai sinh tại: UBND phường Máy Tơ, quận Ngô Quyền")],
]  # fmt: skip


def test_parents_in_rows(lines_of: LinesOf) -> None:
    found = values(FormCode.BIRTH_EXTRACT, lines_of(PARENTS))
    assert found == {
        "full_name": "Đinh Quốc Đạt",
        "home_town": "phường Máy Tơ, quận Ngô Quyền, thành phố Hải Phòng",
        "mother_full_name": "Thân Thị Vỹ",
        "mother_birth_date": "1964",
        "mother_ethnicity": "Kinh",
        "mother_nationality": "Việt Nam",
        "mother_residence": "Đội 9, phường Máy Tơ, thành phố Hải Phòng",
        "father_full_name": "Đinh Tiến Nghiệp",
        "father_birth_date": "1965",
        "father_ethnicity": "Kinh",
        "father_nationality": "Việt Nam",
        "father_residence": "Đội 9, thành phố Hải Phòng",
        "registration_place": "UBND phường Máy Tơ, quận Ngô Quyền",
    }


def test_rows_that_nothing_parts_are_not_promised(lines_of: LinesOf) -> None:
    close = [row for row in PARENTS if row]
    promised = certain(FormCode.BIRTH_EXTRACT, lines_of(close))
    assert not {name for name in promised if name.startswith(("mother_", "father_"))}


def test_the_beginning_of_a_row_may_break_over_two(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(600.0, "TRÍCH LỤC KHAI SINH")],
        [(450.0, "Họ, chữ đệm, tên"), (700.0, "Giới tính"), (850.0, "Dân tộc"), (1000.0, "Quốc tịch")],
        "",
        [(150.0, "Người được"), (450.0, "VŨ DUY NHẪN"), (700.0, "Nam"), (850.0, "Kinh"),
         (1000.0, "Việt Nam")],
        [(150.0, "khai sinh")],
        "",
        [(150.0, "Người mẹ"), (450.0, "NINH HỒNG THIỆP"), (700.0, "Nữ"), (850.0, "Tày"),
         (1000.0, "Việt Nam")],
        "Ngày sinh ghi bằng chữ: Ngày hai mươi, tháng hai, năm một ngàn chín trăm chín mươi chín",
    ]  # fmt: skip
    found = values(FormCode.BIRTH_EXTRACT, lines_of(rows))
    assert (found["full_name"], found["sex"], found["ethnicity"]) == ("Vũ Duy Nhẫn", "male", "Kinh")
    assert (found["mother_full_name"], found["mother_ethnicity"]) == ("Ninh Hồng Thiệp", "Tày")


def test_a_couple_in_rows_whose_beginnings_were_read_small(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        [(600.0, "CHỨNG NHẬN KẾT HÔN")],
        [(400.0, "Họ và tên"), (700.0, "Sinh ngày"), (900.0, "Dân tộc"), (1100.0, "Giấy CMND")],
        "",
        [(150.0, "CHỒNG"), (400.0, "Lê Minh Tới"), (700.0, "08-08-1971"), (900.0, "Kinh"),
         (1100.0, "609725912")],
        "",
        [(150.0, "vợ"), (400.0, "Trần Thị Nhã"), (700.0, "13/04/1975"), (900.0, "Kinh"),
         (1100.0, "407048336")],
        "",
        "Đăng ký tại: Ủy ban nhân dân xã Quỳnh Đôi",
    ]  # fmt: skip
    found = values(FormCode.MARRIAGE_CERTIFICATE, lines_of(rows))
    assert (found["wife_full_name"], found["husband_full_name"]) == ("Trần Thị Nhã", "Lê Minh Tới")
    assert (found["wife_birth_date"], found["husband_birth_date"]) == ("1975-04-13", "1971-08-08")
    assert found["registration_place"] == "Ủy ban nhân dân xã Quỳnh Đôi"
