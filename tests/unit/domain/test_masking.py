"""What stays of a document for whoever may not see the population's values."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.document import Document
from domain.event import Event, EventName
from domain.masking import MASK, masked, masked_event, masked_text
from domain.verdict import Candidate, Decision, Finding, FindingKind, Verdict
from tests.fakes.house import sample_document

_REGISTERED = "001188765432"
_AS_OF = datetime(2025, 6, 30, tzinfo=UTC)


def finding(field: str, paper: str | None, register: str | None) -> Finding:
    return Finding(
        field=field,
        kind=FindingKind.DIFFERENT,
        document=paper,
        population=register,
        weight=-6.1,
        source="CSDLQGVDC",
        as_of=_AS_OF,
    )


def verdict(*findings: Finding, personal_id: str | None = _REGISTERED) -> Verdict:
    return Verdict(
        role="subject",
        decision=Decision.REVIEW,
        personal_id=personal_id,
        probability=0.61,
        findings=findings,
        candidates=(Candidate(personal_id="001188000001", probability=0.3),),
    )


def seen(made: Verdict) -> Verdict:
    (left,) = masked(document_with(made)).verdicts
    return left


def document_with(made: Verdict) -> Document:
    return sample_document(verdicts=(made,))


def test_the_decision_and_which_field_differs_stay_and_nothing_of_the_register() -> None:
    left = seen(verdict(finding("birth_date", "1998-03-05", "1998-05-03")))
    assert (left.role, left.decision, left.personal_id) == ("subject", Decision.REVIEW, MASK)
    assert left.findings == (
        replace(
            finding("birth_date", "1998-03-05", "1998-05-03"),
            population=MASK,
            weight=0.0,
            as_of=None,
        ),
    )
    # by how much a guess misses, and who else there is, leads to the value as well
    assert (left.probability, left.candidates) == (0.0, ())


def test_where_nobody_is_named_and_nothing_registered_nothing_is_pretended() -> None:
    left = seen(verdict(finding("ethnicity", "Kinh", None), personal_id=None))
    assert left.personal_id is None
    assert left.findings[0].population is None


def test_what_stands_on_the_paper_letter_for_letter_is_no_news() -> None:
    left = seen(
        verdict(
            finding("personal_id", _REGISTERED, _REGISTERED),
            finding("full_name", "Nguyễn Văn An", "Nguyễn Văn Án"),
            finding("birth_date", "1998", "1998-05-03"),
        )
    )
    assert left.personal_id == _REGISTERED
    assert [one.population for one in left.findings] == [_REGISTERED, MASK, MASK]


def test_a_number_one_digit_off_tells_nothing_of_the_right_one() -> None:
    left = seen(verdict(finding("personal_id", "001188765431", _REGISTERED)))
    assert left.personal_id == MASK
    assert left.findings[0].population == MASK


@pytest.mark.parametrize(
    ("claimed", "shown"), [("001099123456", MASK), ("024198003456", "024198003456"), (None, None)]
)
def test_a_partner_found_in_the_register_is_not_what_the_paper_says(
    claimed: str | None, shown: str | None
) -> None:
    left = seen(verdict(finding("spouse_personal_id", claimed, "001088000009")))
    assert (left.findings[0].document, left.findings[0].population) == (shown, MASK)


def test_lines_of_the_trail_name_nobody_by_number() -> None:
    line = Event(
        name=EventName.DOCUMENT_ACCEPTED,
        actor_id="account-officer",
        agency_id="vn",
        document_id="1",
        at=_AS_OF,
        facts={
            "persons": {"subject": _REGISTERED},
            "reason": f"đúng số {_REGISTERED}.",
            "fields": ["full_name"],
            "pages": 2,
        },
    )
    assert masked_event(line).facts == {
        "persons": {"subject": MASK},
        "reason": f"đúng số {MASK}.",
        "fields": ["full_name"],
        "pages": 2,
    }


@pytest.mark.parametrize(
    "written",
    [
        "001188765432",
        "001 188 765 432",
        "001.188.765.432",
        "001-188-765-432",
        "001 – 188 – 765 – 432",
        "001188 765432",
        "001\u00a0188\u2011765\u2011432",
        "００１１８８７６５４３２",
        # no part of a number stays because other digits stand before it
        "28.11.2026, 001 188 765 432",
    ],
)
def test_a_number_is_withheld_however_it_is_written(written: str) -> None:
    assert masked_text(f"đúng số {written}.") == f"đúng số {MASK}."


@pytest.mark.parametrize(
    "written", ["số 12/2024/TLKS-BS ngày 28.11.2026", "CMND 125634789", "tờ 1, 2 và 3"]
)
def test_other_numbers_stay(written: str) -> None:
    assert masked_text(written) == written
