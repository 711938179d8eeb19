"""One row of the population is one person on a paper, never two."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.document import DocumentState
from domain.form import FormCode
from domain.person import Person
from domain.verdict import Decision, FindingKind, Verdict
from matching.conclusion import conclude
from matching.decision import decide
from tests.unit.matching.registers import Register, record

CHANGED = datetime(2026, 3, 1, tzinfo=UTC)
HOME = "xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang"
KIM = Person(
    personal_id="024085100001",
    full_name="Lý Kim Ngân",
    birth_date="1985-01-12",
    residence=HOME,
    updated_at=CHANGED,
    source="civil",
)
OTHER = replace(KIM, personal_id="024186100002", full_name="Đoàn Thị Nhung")


def twice(one: str, other: str, *names: str, **changes: Any) -> dict[str, Any]:
    """The same values for two people on the paper."""
    fields = {f"{prefix}{name}": getattr(KIM, name) for prefix in (one, other) for name in names}
    return fields | changes


@pytest.mark.parametrize(
    ("form", "fields", "roles"),
    [
        (
            FormCode.MARRIAGE_EXTRACT,
            twice("wife_", "husband_", "full_name", "birth_date", "personal_id"),
            ["wife", "husband"],
        ),
        (
            FormCode.HOUSEHOLD_BOOK,
            twice("members[1].", "members[2].", "full_name", "birth_date", "personal_id"),
            ["member:1", "member:2"],
        ),
        (
            FormCode.HOUSEHOLD_BOOK,
            twice("members[1].", "members[3].", "full_name", "birth_date"),
            ["member:1", "member:3"],
        ),
    ],
    ids=["couple", "members", "members without number"],
)
def test_a_row_found_for_two_is_settled_for_neither(
    form: FormCode, fields: dict[str, Any], roles: list[str]
) -> None:
    read = record(form, fields)
    verdicts = decide(read, Register([KIM, OTHER]))
    assert [one.decision for one in verdicts] == [Decision.REVIEW] * 2
    assert {one.personal_id for one in verdicts} == {KIM.personal_id}
    for verdict, other in zip(verdicts, reversed(roles), strict=True):
        shared = [one for one in verdict.findings if one.field == "same_row"]
        assert [(one.kind, one.document) for one in shared] == [(FindingKind.CONFLICTING, other)]
        assert (shared[0].source, shared[0].as_of) == ("civil", CHANGED)
    concluded = conclude(read, verdicts)
    assert concluded.state is DocumentState.REVIEW
    assert {f"one_row_for_two_{role}" for role in roles} <= set(concluded.reasons)


def test_three_of_one_row_are_told_of_one_another() -> None:
    fields = twice("members[1].", "members[2].", "full_name", "birth_date")
    fields |= {"members[3].full_name": KIM.full_name, "members[3].birth_date": KIM.birth_date}
    for verdict in decide(record(FormCode.HOUSEHOLD_BOOK, fields), Register([KIM])):
        others = {one.document for one in verdict.findings if one.field == "same_row"}
        assert others == {"member:1", "member:2", "member:3"} - {verdict.role}


def test_a_mere_likeness_takes_no_match_away() -> None:
    """The sister whose name is a mark away is not in the register; the brother is himself."""
    fields = twice("members[1].", "members[2].", "full_name", "birth_date")
    fields |= {"members[2].full_name": "Lý Kim Ngần"}
    brother, sister = decide(record(FormCode.HOUSEHOLD_BOOK, fields), Register([KIM]))
    assert (brother.decision, sister.decision) == (Decision.MATCHED, Decision.REVIEW)
    assert not _shares(brother)
    assert _shares(sister)


def test_people_of_two_rows_are_not_touched() -> None:
    fields = twice("wife_", "husband_", "full_name", "birth_date", "personal_id")
    fields |= {"wife_full_name": OTHER.full_name, "wife_personal_id": OTHER.personal_id}
    verdicts = decide(record(FormCode.MARRIAGE_EXTRACT, fields), Register([KIM, OTHER]))
    assert [one.decision for one in verdicts] == [Decision.MATCHED] * 2
    assert not [one for one in verdicts if _shares(one)]


def _shares(verdict: Verdict) -> bool:
    return any(one.field == "same_row" for one in verdict.findings)
