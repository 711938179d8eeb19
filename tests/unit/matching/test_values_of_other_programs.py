"""Records of other programs: a value that is none of its kind was printed, but nobody could read it."""

from typing import Any

import pytest

from domain.form import FormCode
from domain.person import Person
from domain.verdict import Decision, FindingKind, Verdict
from matching.decision import decide
from tests.unit.matching.registers import Register, field, record

AN = Person(
    personal_id="024098001234", full_name="Nguyễn Văn An", birth_date="1998-03-05", sex="male"
)
CARD = {
    "full_name": "Nguyễn Văn An",
    "birth_date": "1998-03-05",
    "personal_id": "024098001234",
    "sex": "male",
}


def verdict(fields: dict[str, Any]) -> Verdict:
    return decide(record(FormCode.IDENTITY_CARD, fields), Register([AN]))[0]


def kinds(found: Verdict) -> dict[str, FindingKind]:
    return {finding.field: finding.kind for finding in found.findings}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("birth_date", "1998-99-99"),
        ("birth_date", "05/03/1998"),
        ("birth_date", "1998-3-5"),
        ("personal_id", "024O98001234"),
        ("personal_id", "02409800123"),
        ("sex", "nam"),
    ],
)
def test_a_value_that_is_none_of_its_kind_is_unreadable(name: str, value: str) -> None:
    read = verdict(CARD | {name: field(value)})
    assert read == verdict(CARD | {name: field(None, text=value, certain=False)})
    assert kinds(read)[name] is FindingKind.UNREADABLE


def test_nobody_is_declared_unknown_for_a_date_that_cannot_be_read() -> None:
    found = verdict({"full_name": "Nguyễn Văn An", "birth_date": "1998-99-99"})
    assert found.decision is Decision.REVIEW
    assert kinds(found)["birth_date"] is FindingKind.UNREADABLE


def test_nobody_is_declared_unknown_for_a_number_that_cannot_be_read() -> None:
    name = field("Lê Văn Bảo", certain=False)
    found = verdict({"full_name": name, "personal_id": "024O98001234"})
    assert found.decision is Decision.REVIEW


def test_a_number_in_groups_is_the_number() -> None:
    assert verdict(CARD | {"personal_id": "024 098 001 234"}) == verdict(CARD)


def test_a_person_of_whom_only_an_unreadable_number_stands_there_gets_a_verdict() -> None:
    assert verdict({"personal_id": "ABC"}).decision is Decision.REVIEW
