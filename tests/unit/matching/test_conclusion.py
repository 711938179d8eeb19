"""Findings accuse only whose row it surely is."""

from dataclasses import replace

import pytest

from domain.form import FormCode
from domain.record import Check, CheckOutcome, FieldValue
from domain.verdict import Decision, Finding, FindingKind, Verdict
from matching.conclusion import conclude
from tests.unit.matching.registers import record

RESIDENCE = Finding(
    field="residence",
    kind=FindingKind.DIFFERENT,
    document="thành phố Hà Nội",
    population="tỉnh Bắc Ninh",
    weight=-1.3,
)
CHILD = {"full_name": "Nguyễn Văn An", "birth_date": "1998-03-05", "sex": "male"}


def reasons(role: str, probability: float, *findings: Finding) -> tuple[str, ...]:
    verdict = Verdict(
        role=role,
        decision=Decision.REVIEW,
        personal_id="024098001234",
        probability=probability,
        findings=findings,
    )
    known = replace(verdict, role="subject", decision=Decision.MATCHED, findings=())
    verdicts = [verdict] if role == "subject" else [known, verdict]
    return conclude(record(FormCode.BIRTH_EXTRACT, CHILD), verdicts).reasons


@pytest.mark.parametrize("role", ["subject", "mother"])
def test_a_row_that_may_be_a_namesakes_gives_no_reason(role: str) -> None:
    for probability in (0.039, 0.908):
        told = reasons(role, probability, RESIDENCE)
        assert told == (("review_subject",) if role == "subject" else ())
    assert f"residence_different_{role}" in reasons(role, 0.999, RESIDENCE)


@pytest.mark.parametrize("probability", [0.0, 0.5, 0.999])
def test_a_number_of_another_is_told_and_nothing_else_of_that_row(probability: float) -> None:
    number = replace(RESIDENCE, field="personal_id", kind=FindingKind.CONFLICTING)
    assert reasons("subject", probability, RESIDENCE, number) == (
        "review_subject",
        "personal_id_conflicting_subject",
    )
    assert reasons("mother", probability, number) == ("personal_id_conflicting_mother",)


def test_a_required_item_that_the_paper_lacks_is_looked_at() -> None:
    missing = ["registration_place", "birth_place", "death_time", "full_name"]
    check = Check(code="required_fields", outcome=CheckOutcome.WARN, facts={"missing": missing})
    paper = record(FormCode.BIRTH_EXTRACT, CHILD)
    unread = FieldValue(
        text="Quảng Nom", value=None, confidence=0.4, certain=False, page=1, box=None
    )
    paper = replace(paper, checks=(check,), fields={**paper.fields, "birth_place": unread})
    found = conclude(paper, ()).reasons
    assert "registration_place_missing" in found
    assert "birth_place_unreadable" in found
    assert not any(reason.startswith(("death_time", "full_name")) for reason in found)
