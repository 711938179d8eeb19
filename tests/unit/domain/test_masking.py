"""What stays of a document for whoever may not see the population's values."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.document import Document, DocumentState
from domain.event import Event, EventName
from domain.masking import MASK, masked, masked_event, masked_text
from domain.record import Correction, FieldValue
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


def guess(
    role: str, number: str, decision: Decision, kind: FindingKind, *, by: str | None = None
) -> Verdict:
    told = replace(finding("personal_id", number, _REGISTERED), kind=kind)
    return replace(verdict(told), role=role, decision=decision, decided_by=by)


@pytest.mark.parametrize("field", ["personal_id", "birth_date"])
def test_how_near_a_wrong_guess_is_no_decision_and_no_reason_tells(field: str) -> None:
    """A number one digit off is matched all the same, any other is reviewed."""
    about = replace(verdict(finding(field, "1998-03-05", "1998-05-03")), probability=0.99)
    document = document_with(about)
    near = replace(
        document,
        verdicts=(replace(about, decision=Decision.MATCHED),),
        reasons=(
            "form_uncertain",
            f"{field}_different_subject",
            "home_town_different_subject",
        ),
    )
    far = replace(
        document,
        reasons=(
            "form_uncertain",
            "full_name_uncertain",
            "review_subject",
        ),
    )
    assert masked(near) == masked(far)
    assert masked(near).verdicts[0].decision is Decision.REVIEW
    assert masked(near).reasons == (
        "form_uncertain",
        "review_subject",
        f"{field}_different_subject",
    )


def test_what_an_officer_decided_is_said() -> None:
    chosen = guess(
        "subject", "001188765431", Decision.MATCHED, FindingKind.DIFFERENT, by="account-officer"
    )
    assert seen(chosen).decision is Decision.MATCHED


def household(*names: str, verdicts: tuple[Verdict, ...]) -> Document:
    document = document_with(verdicts[0])
    assert document.record is not None
    blank = document.record.fields["full_name"]
    fields = {
        f"members[{n}].full_name": replace(blank, text=name, value=name)
        for n, name in enumerate(names, start=1)
    }
    return replace(
        document,
        record=replace(document.record, fields=fields),
        verdicts=verdicts,
        state=DocumentState.REVIEW,
        reasons=("form_uncertain", "personal_id_different_member:2"),
    )


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        # one name, its marks changed; nobody found for the other guess
        (("Nguyễn Văn An", "NGUYỄN VĂN ÂN"), (_REGISTERED, None)),
        # spelled anew, but the same row found
        (("Nguyễn Văn An", "Nguyễn Văn Anh"), (_REGISTERED, _REGISTERED)),
    ],
)
def test_rows_about_one_person_say_nothing_of_their_guesses(
    names: tuple[str, str], rows: tuple[str | None, str | None]
) -> None:
    right = guess("member:1", _REGISTERED, Decision.MATCHED, FindingKind.AGREES)
    wrong = guess("member:2", "001188765431", Decision.NO_RECORD, FindingKind.DIFFERENT)
    wrong, right = (
        replace(one, personal_id=row) for one, row in zip((wrong, right), rows[::-1], strict=True)
    )
    left = masked(household(*names, verdicts=(right, wrong)))
    for one in left.verdicts:
        assert (one.decision, one.personal_id, one.findings) == (Decision.REVIEW, None, ())
    assert left.reasons == ("form_uncertain", "review_member:1", "review_member:2")


def test_rows_about_different_people_are_told() -> None:
    right = guess("member:1", _REGISTERED, Decision.MATCHED, FindingKind.AGREES)
    other = replace(right, role="member:2", personal_id="001188000001")
    left = masked(household("Nguyễn Văn An", "Trần Thị Lan", verdicts=(right, other)))
    assert [one.decision for one in left.verdicts] == [Decision.MATCHED] * 2
    assert left.verdicts[0].personal_id == _REGISTERED


def typed(text: str) -> Correction:
    return Correction(by="account-officer", at=_AS_OF, text=text, value=text or None)


def test_a_number_that_an_officer_took_back_is_shown_no_longer() -> None:
    document = document_with(verdict())
    assert document.record is not None
    field = FieldValue(
        text="001188765431",
        value="001188765431",
        confidence=1.0,
        certain=False,
        page=None,
        box=None,
        read_text="001188765430",
        read_value="001188765430",
        corrections=tuple(map(typed, (_REGISTERED, "", "001188765430", "001188765431"))),
    )
    fields = {**document.record.fields, "personal_id": field}
    left = masked(
        replace(
            document,
            record=replace(document.record, fields=fields),
            paper_keys=(f"birth_certificate/subject/{_REGISTERED}",),
        )
    )
    assert left.record is not None
    corrections = left.record.fields["personal_id"].corrections
    assert [(one.text, one.value) for one in corrections] == [
        (MASK, MASK),
        ("", None),
        ("001188765430", "001188765430"),
        ("001188765431", "001188765431"),
    ]
    assert left.paper_keys == ()
