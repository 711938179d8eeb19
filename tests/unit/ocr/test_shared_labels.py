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


@pytest.mark.parametrize(
    ("row", "told"),
    [
        # the last label has what is its own, the others nothing
        ("Dân tộc - Quốc tịch: Việt Nam", {"nationality": "Việt Nam"}),
        ("Dân tộc - Quốc tịch: ..... - Việt Nam", {"nationality": "Việt Nam"}),
        # a people has the sign in its name, a country is none
        ("Dân tộc - Quốc tịch: Bru - Vân Kiều", {}),
        ("Dân tộc - Quốc tịch: Bru - Vân Kiều - Việt Nam", {}),
        ("Dân tộc/ Quốc tịch: Ba Na/Rơ Ngao", {}),
        ("Dân tộc - Quốc tịch: Việt Nam - Hàn Quốc", {}),
        ("Dân tộc - Quốc tịch: Kinh-Việt Nam", {}),
        ("Quốc tịch - Dân tộc: Kinh - Việt Nam", {}),
        ("Dân tộc, Quốc tịch: Bru - Vân Kiều, Việt Nam",
         {"ethnicity": "Bru - Vân Kiều", "nationality": "Việt Nam"}),
        ("Dân tộc - Quốc tịch: Kinh - Lào", {"ethnicity": "Kinh", "nationality": "Lào"}),
    ],
)  # fmt: skip
def test_every_value_is_one_of_its_fields_or_nobodys(
    lines_of: LinesOf, row: str, told: dict[str, str]
) -> None:
    rows: list[Row] = [row, "Nơi sinh: Trạm y tế xã Mỹ Lộc"]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of([*HEAD, *rows]))
    rest = found.keys() - {"full_name", "birth_date", "birth_place", "home_town"}
    assert {name: found[name] for name in rest} == told


def test_the_last_of_shared_values_may_go_on_below(lines_of: LinesOf) -> None:
    rows: list[Row] = ["Dân tộc; Quốc tịch: Hoa; Trung", "Quốc", "Nơi sinh: xã Mỹ Lộc"]
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of([*HEAD, *rows]))
    assert (found["ethnicity"], found["nationality"]) == ("Hoa", "Trung Quốc")


@pytest.mark.parametrize(
    "rows",
    [
        ["Số đăng ký/ ngày, tháng, năm đăng ký: 12/2019"],
        ["Nơi sinh và quê quán: Thôn 3 - xã Nghĩa Trung, tỉnh Bắc Giang"],
    ],
)
def test_numbers_and_places_are_not_parted(lines_of: LinesOf, rows: list[Row]) -> None:
    found = values(FormCode.BIRTH_CERTIFICATE, lines_of([*HEAD, *rows]))
    assert found.get("registration_date") is None
    assert found.get("home_town") in {None, "Thôn 3 - xã Nghĩa Trung, tỉnh Bắc Giang"}


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
