"""Several labels before one colon, several values behind it."""

from collections.abc import Callable, Sequence

import pytest

from domain.form import FormCode
from ocr.text_line import TextLine
from tests.unit.ocr.conftest import values

LinesOf = Callable[..., list[TextLine]]
Row = str | Sequence[tuple[float, str]]

HEAD: list[Row] = [
    [(500.0, "GIẤY KHAI SINH")],
    "Họ, chữ đệm, tên: NGUYỄN VĂN AN",
    "Ngày, tháng, năm sinh: 12/03/2019",
]


@pytest.mark.parametrize(
    "rows",
    [
        ["Giới tính; Dân tộc; Quốc tịch: Nam; Tày; Việt Nam"],
        ["Giới tính; Dân tộc; Quốc tịch:", [(160.0, "Nam; Tày; Việt Nam")]],
        ["Giới tính - Dân tộc - Quốc tịch: Nam - Tày - Việt Nam"],
        ["Giới tính, dân tộc, quốc tịch: Nam, Tày, Việt Nam"],
        ["Giới tính / Dân tộc / Quốc tịch: Nam / Tày / Việt Nam"],
    ],
)
def test_each_label_has_its_value(lines_of: LinesOf, rows: list[Row]) -> None:
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of([*HEAD, *rows]))
    told = (found.get("sex"), found.get("ethnicity"), found.get("nationality"))
    assert told == ("male", "Tày", "Việt Nam")


def test_values_fewer_than_labels_are_nobodys(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "Dân tộc - Quốc tịch: Việt Nam",
        "Nơi sinh: Trạm y tế xã Mỹ Lộc",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of([*HEAD, *rows]))
    assert found.keys() == {"full_name", "birth_date", "birth_place"}


def test_labels_of_the_parents(lines_of: LinesOf) -> None:
    rows: list[Row] = [
        "Họ, chữ đệm, tên người mẹ: TRẦN THỊ BÌNH",
        "Năm sinh, dân tộc, quốc tịch: 1990, Dao, Việt Nam",
        "Họ, chữ đệm, tên người cha: NGUYỄN VĂN CA",
        "Năm sinh: 1988  Dân tộc - Quốc tịch: Kinh - Hàn Quốc",
    ]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of([*HEAD, *rows]))
    assert (found["mother_birth_date"], found["mother_ethnicity"]) == ("1990", "Dao")
    assert (found["father_birth_date"], found["father_ethnicity"]) == ("1988", "Kinh")
    assert (found["mother_nationality"], found["father_nationality"]) == ("Việt Nam", "Hàn Quốc")
