"""Whose birth is wrong on one side is found by name, family and home, and never said to be in no register."""

from dataclasses import replace
from typing import Any

import pytest

from domain.form import FormCode
from domain.person import Person
from domain.verdict import Decision, FindingKind, Verdict
from matching.decision import decide
from tests.unit.matching.registers import Register, record

HOME = "xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang"
AWAY = "phường Cửa Nam, thành phố Hà Nội"
HAU = Person(
    personal_id="024055000001",
    full_name="Kiều Công Hậu",
    birth_date="1955-03-03",
    sex="male",
    home_town=HOME,
    residence=HOME,
)
PAPER = {
    "full_name": "Kiều Công Hậu",
    "birth_date": "1956",
    "sex": "male",
    "home_town": HOME,
    "residence": HOME,
}


class Province(Register):
    def count(self) -> int:
        return 200_000


def subject(fields: dict[str, Any], *persons: Person) -> Verdict:
    return decide(record(FormCode.BIRTH_EXTRACT, fields), Province(persons))[0]


@pytest.mark.parametrize("birth", ["1956", "1957-08-21", "1949"])
def test_the_only_bearer_of_a_name_at_the_same_home_is_shown_though_the_birth_is_wrong(
    birth: str,
) -> None:
    found = subject(PAPER | {"birth_date": birth}, HAU)
    assert (found.decision, found.personal_id) == (Decision.REVIEW, HAU.personal_id)
    born = next(one for one in found.findings if one.field == "birth_date")
    assert born.kind is FindingKind.DIFFERENT


def test_a_namesake_elsewhere_is_still_nobody() -> None:
    common = PAPER | {"full_name": "Nguyễn Thị Hoa", "sex": "female"}
    other = replace(HAU, full_name="Nguyễn Thị Hoa", sex="female", home_town=AWAY, residence=AWAY)
    assert subject(common, other).decision is Decision.NO_RECORD


def test_a_married_couple_whose_births_are_both_wrong_is_shown() -> None:
    wife = Person(
        personal_id="024182000001",
        full_name="Đoàn Thị Nhung",
        birth_date="1982-07-09",
        spouse_personal_id="024079000002",
    )
    husband = Person(
        personal_id="024079000002",
        full_name="Lưu Văn Khải",
        birth_date="1979-01-12",
        spouse_personal_id="024182000001",
    )
    fields = {
        "wife_full_name": wife.full_name,
        "wife_birth_date": "1985-02-28",
        "husband_full_name": husband.full_name,
        "husband_birth_date": "1977-11-30",
    }
    verdicts = decide(record(FormCode.MARRIAGE_EXTRACT, fields), Province([wife, husband]))
    assert [(one.decision, one.personal_id) for one in verdicts] == [
        (Decision.REVIEW, wife.personal_id),
        (Decision.REVIEW, husband.personal_id),
    ]


@pytest.mark.parametrize("paper", [{}, {"birth_date": "1990"}], ids=["no date", "year"])
def test_of_many_namesakes_the_one_at_home_is_looked_at(paper: dict[str, str]) -> None:
    crowd = [
        Person(
            personal_id=f"0010850{at:05}",
            full_name="Nguyễn Văn Hùng",
            birth_date=f"1985-{1 + at % 12:02}-{1 + at % 28:02}",
            residence=AWAY,
        )
        for at in range(173)
    ]
    wanted = replace(crowd[0], personal_id="098085000001", residence=HOME)
    fields = {"full_name": "Nguyễn Văn Hùng", "residence": HOME} | paper
    found = subject(fields, *crowd, wanted)
    assert wanted.personal_id in {
        found.personal_id,
        *(one.personal_id for one in found.candidates),
    }
    if not paper:
        assert found.personal_id == wanted.personal_id
