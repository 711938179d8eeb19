"""An officer says who it is: that holds for what the officer saw, and for nothing else."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.actor import Role
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.person import Person
from domain.record import Record
from domain.verdict import Candidate, Choice, Decision, Finding, FindingKind, Verdict
from signing.demo_pki.authority import DemoAuthority
from tests.fakes.house import TestHouse, of_state
from tests.unit.workflow.conftest import Office, actor
from tests.unit.workflow.test_matching_again import (
    CARD,
    DOCUMENT,
    KNOWN,
    OFFICER,
    authority,
    job,
    next_number,
    read_and_matched,
    record,
    signed,
)
from workflow import matching, review, viewing
from workflow.reasons import COPY_REVOKED, POPULATION_CHANGED, REOPENED
from workflow.revoking import revoke

__all__ = ["authority"]

NAME = "Vi Thị Khánh Đoan"
KIN = {"mother_full_name": "Đèo Thị Ướt", "father_full_name": "Vi Văn Khoáng"}
HOME = "xã Tam Kim, huyện Nguyên Bình, tỉnh Cao Bằng"
EXTRACT = replace(
    record(
        {"full_name": NAME, "birth_date": "1990-03-05", "sex": "female", "home_town": HOME, **KIN}
    ),
    form=FormCode.BIRTH_EXTRACT,
)
ONE = Person(personal_id="024190000001", full_name=NAME, birth_date="1990-03-05", sex="female")
TWO = replace(ONE, personal_id="024190000002")
FITS = replace(ONE, personal_id="004190000003", home_town=HOME, **KIN)  # type: ignore[arg-type]


def accepted(office: Office, *choices: tuple[str, str], listed: str | None = None) -> Document:
    office.clock.pass_time(timedelta(seconds=1))
    with office.database.transaction() as tx:
        return review.accept(
            OFFICER,
            DOCUMENT,
            reason="x",
            listed=listed,
            choices=[Choice(role=role, personal_id=number) for role, number in choices],
            tx=tx,
            clock=office.clock,
        )


def listed_now(office: Office) -> str:
    """What the page says of those to choose from."""
    with office.database.transaction() as tx:
        file = viewing.view(OFFICER, DOCUMENT, tx=tx, clock=office.clock)
        return review.fingerprint(review.options(OFFICER, file, tx=tx))


def refusal(office: Office, *choices: tuple[str, str], listed: str | None = None) -> ErrorCode:
    with pytest.raises(HosoError) as refused:
        accepted(office, *choices, listed=listed)
    return refused.value.code


def chosen(office: Office, persons: Iterable[Person] = (ONE, TWO)) -> Document:
    """Accepted as being about the second of two namesakes."""
    office.database.add_persons(persons)
    read_and_matched(office, contents=EXTRACT)
    document = accepted(office, ("subject", TWO.personal_id))
    subject = document.verdicts[0]
    assert (subject.personal_id, subject.decided_by) == (TWO.personal_id, OFFICER.id)
    return document


def matched_again(office: Office) -> Document:
    office.clock.pass_time(timedelta(seconds=1))
    with office.database.transaction() as tx:
        return matching.match_again(OFFICER, DOCUMENT, tx=tx, clock=office.clock)


def test_a_choice_is_signed_while_the_comparison_is_as_it_was(
    office: Office, authority: DemoAuthority
) -> None:
    chosen(office)
    other_name = replace(ONE, personal_id="001150000001", full_name="Lê Bá", birth_date="1950")
    office.database.add_persons([other_name])
    certified = signed(office, authority)
    assert certified.state is DocumentState.CERTIFIED
    assert certified.verdicts[0].decided_by == OFFICER.id


@pytest.mark.parametrize(
    "choice_by_data",
    [
        FITS,
        replace(TWO, birth_date="1990-05-03"),
        replace(TWO, home_town="xã Lạ, tỉnh Cà Mau"),
        replace(TWO, home_town="tỉnh Cao Bằng"),
    ],
)
def test_nothing_is_signed_for_a_choice_among_others_than_those_of_now(
    office: Office, authority: DemoAuthority, choice_by_data: Person
) -> None:
    """Somebody has come who fits far better, or the row chosen says something else."""
    chosen(office)
    office.database.add_persons([choice_by_data])
    back = signed(office, authority)
    assert (back.state, back.reasons[0]) == (DocumentState.REVIEW, POPULATION_CHANGED)
    assert {one.decided_by for one in back.verdicts} == {None}
    assert next_number(office) == 1


def test_a_choice_does_not_hide_somebody_new_beside_it(
    office: Office, authority: DemoAuthority
) -> None:
    chosen(office)
    office.database.add_persons([replace(ONE, personal_id="024190000009")])
    back = signed(office, authority)
    assert (back.state, back.verdicts[0].decision) == (DocumentState.REVIEW, Decision.REVIEW)


def test_taken_back_it_is_open_again_who_it_is(office: Office) -> None:
    chosen(office)
    office.database.add_persons([FITS])
    with office.database.transaction() as tx:
        back = review.reopen(OFFICER, DOCUMENT, reason="x", tx=tx, clock=office.clock)
    assert back == office.document(DOCUMENT)
    assert (back.state, back.reasons[0]) == (DocumentState.REVIEW, REOPENED)
    subject = back.verdicts[0]
    assert (subject.personal_id, subject.decided_by) == (FITS.personal_id, None)
    assert back.matched_at == office.clock.now()


def test_leaving_open_who_it_is_leaves_it_open(office: Office, authority: DemoAuthority) -> None:
    chosen(office)
    with office.database.transaction() as tx:
        review.reopen(OFFICER, DOCUMENT, reason="x", tx=tx, clock=office.clock)
    left_open = accepted(office)
    assert "review_subject" in left_open.reasons
    assert signed(office, authority).state is DocumentState.CERTIFIED
    subject = office.document(DOCUMENT).verdicts[0]
    assert (subject.decision, subject.decided_by) == (Decision.REVIEW, None)


def test_a_choice_ends_with_the_copy_that_was_signed_for_it(house: TestHouse) -> None:
    document = house.document(of_state(DocumentState.CERTIFIED))
    by_officer = tuple(replace(one, decided_by="account-officer") for one in document.verdicts)
    with house.database.transaction() as tx:
        assert tx.documents.move(document, changed=replace(document, verdicts=by_officer))
    row = Person(personal_id="024198003456", full_name="Nguyễn Thị Hương Giang", sex="female")
    house.database.add_persons([row])
    with house.database.transaction() as tx:
        back = revoke(actor(Role.CERTIFIER), document.id, reason="nhầm", tx=tx, clock=house.clock)
    assert back == house.document(document.id)
    assert back.reasons[0] == COPY_REVOKED
    assert {one.decided_by for one in back.verdicts} == {None}
    assert back.verdicts[0].personal_id == row.personal_id
    assert back.matched_at == house.clock.now()


def test_a_choice_in_review_of_an_older_version_is_undone(office: Office) -> None:
    """It went back to review with its choice: the next match, and the next acceptance, see that."""
    document = chosen(office)
    older = replace(document, state=DocumentState.REVIEW, reasons=(REOPENED,))
    with office.database.transaction() as tx:
        assert tx.documents.move(document, changed=older)
    assert refusal(office) is ErrorCode.DOCUMENT_CHANGED
    job(office)
    assert office.document(DOCUMENT).verdicts[0].decided_by is None


@pytest.mark.parametrize("choices", [(("subject", TWO.personal_id),), ()])
@pytest.mark.parametrize(
    "changed",
    [
        replace(ONE, birth_date="1990-05-03"),
        replace(TWO, birth_date="1990-05-03"),
        replace(TWO, residence="tỉnh Cà Mau"),
        FITS,
    ],
)
def test_what_is_accepted_is_what_was_shown(
    office: Office, choices: tuple[tuple[str, str], ...], changed: Person
) -> None:
    """A row has changed since, and the job that compares anew has not come yet."""
    office.database.add_persons([ONE, TWO])
    waiting = read_and_matched(office, contents=EXTRACT)
    shown = listed_now(office)
    office.database.add_persons([changed])
    assert refusal(office, *choices, listed=shown) is ErrorCode.DOCUMENT_CHANGED
    assert office.document(DOCUMENT) == waiting
    with office.database.transaction() as tx:
        matching.catch_up(OFFICER, DOCUMENT, tx=tx, clock=office.clock)
    now = office.document(DOCUMENT)
    if now.state is DocumentState.REVIEW:
        assert accepted(office, listed=listed_now(office)).state is DocumentState.VERIFIED


def test_programs_that_show_no_rows_are_held_to_the_verdicts(office: Office) -> None:
    office.database.add_persons([ONE, TWO])
    read_and_matched(office, contents=EXTRACT)
    office.database.add_persons([FITS])
    assert refusal(office) is ErrorCode.DOCUMENT_CHANGED


@pytest.mark.parametrize(
    "contents", [None, replace(EXTRACT, form=FormCode.OTHER), replace(EXTRACT, fields={})]
)
def test_what_is_compared_with_nobody_is_accepted_as_it_stands(
    office: Office, contents: Record | None
) -> None:
    document = read_and_matched(office, contents=contents or EXTRACT)
    without = replace(document, record=contents, verdicts=document.verdicts if contents else ())
    with office.database.transaction() as tx:
        assert tx.documents.move(document, changed=without)
    assert accepted(office, listed=listed_now(office)).state is DocumentState.VERIFIED


def test_catching_up_leaves_alone_what_somebody_has_dealt_with(office: Office) -> None:
    before = chosen(office)
    with office.database.transaction() as tx:
        matching.catch_up(OFFICER, DOCUMENT, tx=tx, clock=office.clock)
    assert office.document(DOCUMENT) == before


def test_somebody_worth_a_look_shows_also_where_another_is_matched(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.database.add_persons([KNOWN])
    matched = read_and_matched(office, reasons=(REOPENED,))
    assert matched.verdicts[0].decision is Decision.MATCHED
    rival = Candidate(personal_id="027098001235", probability=0.0015)
    anew = (replace(matched.verdicts[0], candidates=(rival,)),)
    monkeypatch.setattr(matching, "match_record", lambda _record, population: anew)  # noqa: ARG005
    job(office)
    assert office.document(DOCUMENT).verdicts == anew


def test_one_person_is_not_chosen_for_two_people_on_the_paper(office: Office) -> None:
    couple = {
        f"{role}_{name}": value
        for role in ("wife", "husband")
        for name, value in (("full_name", NAME), ("birth_date", "1990-03-05"))
    }
    contents = replace(record(couple), form=FormCode.MARRIAGE_CERTIFICATE)
    nobody_says = replace(ONE, sex=None)
    office.database.add_persons([nobody_says, replace(TWO, sex=None)])
    waiting = read_and_matched(office, contents=contents)
    both = (("wife", ONE.personal_id), ("husband", ONE.personal_id))
    assert refusal(office, *both) is ErrorCode.PERSON_CHOSEN_TWICE
    assert office.document(DOCUMENT) == waiting
    each = (("wife", ONE.personal_id), ("husband", TWO.personal_id))
    assert accepted(office, *each).state is DocumentState.VERIFIED


NUMBER = Finding(
    field="personal_id",
    kind=FindingKind.DIFFERENT,
    document="024190000003",
    population=ONE.personal_id,
    weight=-9.0,
)


@pytest.mark.parametrize(
    ("anew", "state"),
    [
        ({}, DocumentState.VERIFIED),
        ({"probability": 0.8}, DocumentState.VERIFIED),
        ({"decision": Decision.MATCHED, "candidates": ()}, DocumentState.VERIFIED),
        ({"findings": ()}, DocumentState.VERIFIED),
        ({"findings": (replace(NUMBER, kind=FindingKind.SPELLING),)}, DocumentState.VERIFIED),
        # the row says what it said: that somebody else holds the number printed is new
        ({"findings": (replace(NUMBER, kind=FindingKind.CONFLICTING),)}, DocumentState.REVIEW),
        ({"findings": (NUMBER, replace(NUMBER, field="sex"))}, DocumentState.REVIEW),
        ({"personal_id": TWO.personal_id}, DocumentState.REVIEW),
        ({"decision": Decision.NO_RECORD}, DocumentState.REVIEW),
        (
            {"candidates": (Candidate(personal_id=FITS.personal_id, probability=0.3),)},
            DocumentState.REVIEW,
        ),
    ],
)
def test_what_was_accepted_with_open_eyes_holds_while_nothing_new_is_found(
    office: Office, monkeypatch: pytest.MonkeyPatch, anew: dict[str, Any], state: DocumentState
) -> None:
    """Who it is was left open: likely one of two, whose number is not the one printed."""
    document = read_and_matched(office, contents=EXTRACT)
    other = Candidate(personal_id=TWO.personal_id, probability=0.3)
    seen = Verdict(
        role="subject",
        decision=Decision.REVIEW,
        personal_id=ONE.personal_id,
        probability=0.6,
        findings=(NUMBER,),
        candidates=(other,),
    )
    left_open = replace(
        document, state=DocumentState.VERIFIED, verdicts=(seen,), reasons=("review_subject",)
    )
    with office.database.transaction() as tx:
        assert tx.documents.move(document, changed=left_open)
    now = (replace(seen, **anew),)
    monkeypatch.setattr(matching, "match_record", lambda _record, population: now)  # noqa: ARG005
    again = matched_again(office)
    assert again.state is state
    assert (POPULATION_CHANGED in again.reasons) is (state is DocumentState.REVIEW)


def under_older_rules(office: Office, *, state: DocumentState, kind: FindingKind) -> Document:
    """A card whose birth date was judged otherwise when it was verified."""
    document = read_and_matched(office)
    subject = document.verdicts[0]

    def judged(found: Finding) -> Finding:
        return replace(found, kind=kind) if found.field == "birth_date" else found

    older: Verdict = replace(subject, findings=tuple(judged(one) for one in subject.findings))
    before = replace(document, verdicts=(older,), state=state)
    with office.database.transaction() as tx:
        assert tx.documents.move(document, changed=before)
    return before


@pytest.mark.parametrize(
    ("birth_date", "kind", "state"),
    [
        ("1998-05-03", FindingKind.SPELLING, DocumentState.VERIFIED),  # other words for the same
        ("1998-03-05", FindingKind.DIFFERENT, DocumentState.VERIFIED),  # nothing any more
        ("1998-05-03", FindingKind.AGREES, DocumentState.REVIEW),
    ],
)
def test_what_was_verified_under_older_rules_holds_where_nothing_new_is_found(
    office: Office, birth_date: str, kind: FindingKind, state: DocumentState
) -> None:
    office.database.add_persons([replace(KNOWN, birth_date=birth_date)])
    before = under_older_rules(office, state=DocumentState.VERIFIED, kind=kind)
    now = matched_again(office)
    assert now.state is state
    assert (POPULATION_CHANGED in now.reasons) is (state is DocumentState.REVIEW)
    assert now.verdicts != before.verdicts
    assert now.record == CARD


def test_nobody_is_chosen_who_is_another_on_the_paper_already(office: Office) -> None:
    couple = {
        f"{role}_{name}": value
        for role in ("wife", "husband")
        for name, value in (("full_name", NAME), ("birth_date", "1990-03-05"))
    }
    contents = replace(
        record(couple | {"husband_personal_id": ONE.personal_id}),
        form=FormCode.MARRIAGE_CERTIFICATE,
    )
    office.database.add_persons([replace(ONE, sex=None), replace(TWO, sex=None)])
    waiting = read_and_matched(office, contents=contents)
    assert [(one.role, one.decision) for one in waiting.verdicts] == [
        ("wife", Decision.REVIEW),
        ("husband", Decision.MATCHED),
    ]
    assert refusal(office, ("wife", ONE.personal_id)) is ErrorCode.PERSON_CHOSEN_TWICE
    assert office.document(DOCUMENT) == waiting
    chosen_rightly = accepted(office, ("wife", TWO.personal_id))
    assert chosen_rightly.state is DocumentState.VERIFIED


def test_of_two_with_one_row_the_officer_says_which_it_is(office: Office) -> None:
    both = {
        f"{role}_{name}": value
        for role in ("wife", "husband")
        for name, value in (
            ("full_name", NAME),
            ("birth_date", "1990-03-05"),
            ("personal_id", ONE.personal_id),
        )
    }
    office.database.add_persons([replace(ONE, sex=None)])
    contents = replace(record(both), form=FormCode.MARRIAGE_CERTIFICATE)
    waiting = read_and_matched(office, contents=contents)
    assert waiting.state is DocumentState.REVIEW
    assert "one_row_for_two_wife" in waiting.reasons
    twice = (("wife", ONE.personal_id), ("husband", ONE.personal_id))
    assert refusal(office, *twice) is ErrorCode.PERSON_CHOSEN_TWICE
    wife, husband = accepted(office, ("wife", ONE.personal_id)).verdicts
    assert (wife.decision, husband.decision) == (Decision.MATCHED, Decision.REVIEW)
