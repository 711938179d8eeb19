"""Findings accuse only whose row it surely is."""

from dataclasses import replace

import pytest

from domain.form import FormCode
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
