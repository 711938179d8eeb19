"""A person decides once; the second decision changes nothing and says so."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actor import Role
from domain.document import Document, DocumentState, Lane
from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.page import Quality
from domain.person import Person
from domain.ports import Step
from domain.record import Check, CheckOutcome, FieldValue, Record
from domain.verdict import Choice, Decision
from tests.fakes.house import COMMUNE, ELSEWHERE, NOW, as_accepted
from tests.unit.workflow.conftest import SYSTEM, Office, actor
from workflow import failure, issuing, matching, review, viewing
from workflow.reasons import COPY_REVOKED, REOPENED

OFFICER = actor(Role.OFFICER)
CERTIFIER = actor(Role.CERTIFIER)


def field(text: str, value: str | None) -> FieldValue:
    return FieldValue(text=text, value=value, confidence=0.9, certain=False, page=1, box=None)


RECORD = Record(
    file="scan.png",
    sha256="0" * 64,
    pages=(1,),
    form=FormCode.BIRTH_EXTRACT,
    form_confidence=0.99,
    quality=Quality(dpi=200, skew=0.0, blur=0.1, usable=True),
    lines=(),
    fields={"full_name": field("NGUYEN VAN AN", "Nguyen Van An")},
    checks=(),
)


@pytest.fixture
def waiting(office: Office) -> Document:
    document = Document(
        id="6f1c1a4e-0000-4000-8000-000000000001",
        agency_id=COMMUNE.id,
        batch=None,
        file="scan.png",
        sha256="0" * 64,
        media_type="image/png",
        pages=(1,),
        lane=Lane.COUNTER,
        state=DocumentState.REVIEW,
        record=RECORD,
        created_by="operator",
        created_at=NOW,
        updated_at=NOW,
    )
    with office.database.transaction() as tx:
        matched = as_accepted(document, tx.population)
        assert tx.documents.add(matched)
    return matched


def test_accepting_needs_a_reason_and_verifies(office: Office, waiting: Document) -> None:
    with office.database.transaction() as tx, pytest.raises(HosoError) as refused:
        review.accept(OFFICER, waiting.id, reason="  ", tx=tx, clock=office.clock)
    assert refused.value.code is ErrorCode.REASON_REQUIRED
    with office.database.transaction() as tx:
        review.accept(OFFICER, waiting.id, reason="bản chính đã xem", tx=tx, clock=office.clock)
    assert office.document(waiting.id).state is DocumentState.VERIFIED


def test_a_second_decision_changes_nothing(office: Office, waiting: Document) -> None:
    with office.database.transaction() as tx:
        review.reject(OFFICER, waiting.id, reason="bản photo", tx=tx, clock=office.clock)
    with office.database.transaction() as tx, pytest.raises(HosoError) as refused:
        review.accept(OFFICER, waiting.id, reason="khác ý", tx=tx, clock=office.clock)
    assert refused.value.code is ErrorCode.STATE_CONFLICT
    assert office.document(waiting.id).state is DocumentState.REJECTED
    assert office.events(waiting.id) == ["document.rejected"]


@pytest.mark.parametrize("act", [review.accept, review.reject])
def test_nobody_answers_for_what_they_have_not_seen(
    office: Office, waiting: Document, act: Callable[..., Document]
) -> None:
    earlier = waiting.updated_at - timedelta(minutes=1)
    with office.database.transaction() as tx, pytest.raises(HosoError) as refused:
        act(OFFICER, waiting.id, reason="đã xem", seen=earlier, tx=tx, clock=office.clock)
    assert refused.value.code is ErrorCode.DOCUMENT_CHANGED
    assert office.document(waiting.id) == waiting
    with office.database.transaction() as tx:
        act(OFFICER, waiting.id, reason="x", seen=waiting.updated_at, tx=tx, clock=office.clock)


def test_after_a_revocation_only_a_person_verifies_again(office: Office, waiting: Document) -> None:
    revoked = replace(waiting, reasons=(COPY_REVOKED, "form_uncertain"))
    with office.database.transaction() as tx:
        assert tx.documents.move(waiting, changed=revoked)
        review.correct(OFFICER, waiting.id, {"issue_date": "05/03/2024"}, tx=tx, clock=office.clock)
        matching.match(SYSTEM, waiting.id, tx=tx, clock=office.clock)
    matched = office.document(waiting.id)
    assert (matched.state, matched.reasons[0]) == (DocumentState.REVIEW, COPY_REVOKED)
    with office.database.transaction() as tx:
        review.accept(OFFICER, waiting.id, reason="đã sửa", tx=tx, clock=office.clock)
    accepted = office.document(waiting.id)
    assert accepted.state is DocumentState.VERIFIED
    assert COPY_REVOKED not in accepted.reasons


def test_a_verified_document_is_taken_back_and_only_a_person_verifies_it(
    office: Office, waiting: Document
) -> None:
    with office.database.transaction() as tx:
        review.accept(OFFICER, waiting.id, reason="nhầm", tx=tx, clock=office.clock)
    with office.database.transaction() as tx, pytest.raises(HosoError) as refused:
        review.reopen(OFFICER, waiting.id, reason=" ", tx=tx, clock=office.clock)
    assert refused.value.code is ErrorCode.REASON_REQUIRED
    with office.database.transaction() as tx:
        review.reopen(OFFICER, waiting.id, reason="bấm nhầm", tx=tx, clock=office.clock)
        back = tx.documents.get(waiting.id, within=COMMUNE.id)
        review.correct(OFFICER, waiting.id, {"full_name": "Trần An"}, tx=tx, clock=office.clock)
        matching.match(SYSTEM, waiting.id, tx=tx, clock=office.clock)
        matched = tx.documents.get(waiting.id, within=COMMUNE.id)
    assert back is not None
    assert matched is not None
    assert (back.state, back.reasons) == (DocumentState.REVIEW, (REOPENED, *waiting.reasons))
    assert (matched.state, matched.reasons[0]) == (DocumentState.REVIEW, REOPENED)
    with office.database.transaction() as tx:
        review.accept(OFFICER, waiting.id, reason="đã sửa", tx=tx, clock=office.clock)
    assert REOPENED not in office.document(waiting.id).reasons


@pytest.mark.parametrize(
    ("act", "states"),
    [
        (review.accept, {DocumentState.REVIEW}),
        (review.reject, {DocumentState.REVIEW, DocumentState.VERIFIED}),
        (review.reopen, {DocumentState.VERIFIED, DocumentState.REJECTED}),
    ],
)
@pytest.mark.parametrize("state", DocumentState)
def test_each_decision_has_its_time(
    office: Office,
    waiting: Document,
    act: Callable[..., Document],
    states: set[DocumentState],
    state: DocumentState,
) -> None:
    """Above all: nobody takes back what is being signed."""
    changed = replace(waiting, state=state)
    with office.database.transaction() as tx:
        assert tx.documents.move(waiting, changed=changed)
    try:
        with office.database.transaction() as tx:
            act(OFFICER, waiting.id, reason="x", tx=tx, clock=office.clock)
    except HosoError as refused:
        assert refused.code is ErrorCode.STATE_CONFLICT  # noqa: PT017 - either of the two
        assert state not in states
        assert office.document(waiting.id) == changed
    else:
        assert state in states


def test_what_was_read_is_kept_over_further_corrections(office: Office, waiting: Document) -> None:
    for text in ("Trần An", None, "Nguyễn Văn An"):
        values = {"full_name": text, "issue_date": "05/03/2024"}
        with office.database.transaction() as tx:
            review.correct(OFFICER, waiting.id, values, tx=tx, clock=office.clock)
            matching.match(SYSTEM, waiting.id, tx=tx, clock=office.clock)
        corrected = office.document(waiting.id).record
        assert corrected is not None
        name, date = corrected.fields["full_name"], corrected.fields["issue_date"]
        assert (name.read_text, name.read_value) == ("NGUYEN VAN AN", "Nguyen Van An")
        assert (date.read_text, date.read_value) == (None, None)
    with office.database.transaction() as tx:
        events = tx.events.of_document(waiting.id)
    assert "NGUYEN" not in str([event.facts for event in events])


def namesakes(office: Office, waiting: Document) -> tuple[Document, str, str]:
    """``waiting`` matched: two people of its name and day, the numbers of the one named and of the other."""
    fields = {
        name: replace(field(value, value), certain=True)
        for name, value in (("full_name", "Nguyễn Văn An"), ("birth_date", "1998-03-05"))
    }
    document = replace(waiting, state=DocumentState.READ, record=replace(RECORD, fields=fields))
    one = Person(personal_id="024098001234", full_name="Nguyễn Văn An", birth_date="1998-03-05")
    other = replace(one, personal_id="001098005555", source="bản mới")
    stranger = replace(one, personal_id="001098005556", full_name="Lê Bá Ngọc")
    office.database.add_persons([one, other, stranger])
    with office.database.transaction() as tx:
        assert tx.documents.move(waiting, changed=document)
        matching.match(SYSTEM, waiting.id, tx=tx, clock=office.clock)
    matched = office.document(waiting.id)
    named = matched.verdicts[0].personal_id
    assert named is not None
    return matched, named, ({one.personal_id, other.personal_id} - {named}).pop()


def test_an_officer_says_which_of_two_namesakes_it_is(office: Office, waiting: Document) -> None:
    matched, named, other = namesakes(office, waiting)
    assert "review_subject" in matched.reasons
    with office.database.transaction() as tx:
        file = viewing.view(OFFICER, matched.id, tx=tx, clock=office.clock)
        shown = review.options(OFFICER, file, tx=tx)["subject"]
    assert [one.person.personal_id for one in shown] == [named, other]
    with office.database.transaction() as tx:
        review.accept(
            OFFICER,
            matched.id,
            reason="con ông Bảy",
            choices=[Choice(role="subject", personal_id=other)],
            tx=tx,
            clock=office.clock,
        )
    accepted = office.document(matched.id)
    verdict = accepted.verdicts[0]
    assert (verdict.decision, verdict.personal_id) == (Decision.MATCHED, other)
    assert verdict.decided_by == OFFICER.id
    assert verdict.findings == shown[1].findings
    # what the choice has settled is no reason any more
    assert "review_subject" not in accepted.reasons
    assert "sex_missing" in accepted.reasons
    with office.database.transaction() as tx:
        told = tx.events.of_document(matched.id)[-1]
    assert told.facts == {"reason": "con ông Bảy", "persons": {"subject": other}}


def test_a_choice_outlives_matching_anew_until_the_person_is_gone(
    office: Office, waiting: Document
) -> None:
    matched, _, other = namesakes(office, waiting)
    choices = [Choice(role="subject", personal_id=other)]
    with office.database.transaction() as tx:
        review.accept(OFFICER, matched.id, reason="x", choices=choices, tx=tx, clock=office.clock)
        again = matching.match_again(OFFICER, matched.id, tx=tx, clock=office.clock)
    assert again.state is DocumentState.VERIFIED
    assert (again.verdicts[0].personal_id, again.verdicts[0].decided_by) == (other, OFFICER.id)
    office.database.forget_person(other)
    with office.database.transaction() as tx:
        gone = matching.match_again(OFFICER, matched.id, tx=tx, clock=office.clock)
    assert gone.state is DocumentState.REVIEW
    assert gone.reasons[0] == "population_changed"
    assert gone.verdicts[0].decided_by is None


def test_a_correction_undoes_a_choice(office: Office, waiting: Document) -> None:
    matched, _, other = namesakes(office, waiting)
    choices = [Choice(role="subject", personal_id=other)]
    with office.database.transaction() as tx:
        review.accept(OFFICER, matched.id, reason="x", choices=choices, tx=tx, clock=office.clock)
        review.reopen(OFFICER, matched.id, reason="x", tx=tx, clock=office.clock)
        review.correct(OFFICER, matched.id, {"sex": "Nam"}, tx=tx, clock=office.clock)
        matching.match(SYSTEM, matched.id, tx=tx, clock=office.clock)
    assert office.document(matched.id).verdicts[0].decided_by is None


def test_without_a_choice_the_verdicts_stay_as_they_are(office: Office, waiting: Document) -> None:
    matched, _, _ = namesakes(office, waiting)
    with office.database.transaction() as tx:
        review.accept(OFFICER, matched.id, reason="đã xem", tx=tx, clock=office.clock)
    accepted = office.document(matched.id)
    assert (accepted.verdicts, accepted.reasons) == (matched.verdicts, matched.reasons)


@pytest.mark.parametrize(
    ("role", "number", "code"),
    [
        ("mother", "024098001234", ErrorCode.PERSON_NOT_ON_PAPER),
        ("subject", "001098005557", ErrorCode.PERSON_NOT_CONSIDERED),
        # compared, and as good as ruled out: no page shows them
        ("subject", "001098005556", ErrorCode.PERSON_NOT_CONSIDERED),
        ("subject", "\x00", ErrorCode.PERSON_NOT_CONSIDERED),
        ("subject", "gone", ErrorCode.DOCUMENT_CHANGED),
    ],
)
def test_who_was_not_considered_cannot_be_chosen(
    office: Office, waiting: Document, role: str, number: str, code: ErrorCode
) -> None:
    matched, named, _ = namesakes(office, waiting)
    if number == "gone":  # considered, but no longer in the population data
        number = named
        office.database.forget_person(named)
    choice = Choice(role=role, personal_id=number)
    with office.database.transaction() as tx, pytest.raises(HosoError) as refused:
        review.accept(OFFICER, matched.id, reason="x", choices=[choice], tx=tx, clock=office.clock)
    assert refused.value.code is code
    assert office.document(matched.id) == matched


def test_only_officers_look_at_other_peoples_rows_and_only_in_review(
    office: Office, waiting: Document
) -> None:
    matched, _, _ = namesakes(office, waiting)
    with office.database.transaction() as tx:
        file = viewing.view(CERTIFIER, matched.id, tx=tx, clock=office.clock)
    with office.database.transaction() as tx, pytest.raises(HosoError) as refused:
        review.options(CERTIFIER, file, tx=tx)
    assert refused.value.code is ErrorCode.FORBIDDEN
    with office.database.transaction() as tx:
        review.accept(OFFICER, matched.id, reason="x", tx=tx, clock=office.clock)
        settled = viewing.view(OFFICER, matched.id, tx=tx, clock=office.clock)
        assert review.options(OFFICER, settled, tx=tx) == {}


def test_a_correction_is_normalised_marked_and_matched_again(
    office: Office, waiting: Document
) -> None:
    with office.database.transaction() as tx:
        review.correct(
            OFFICER, waiting.id, {"full_name": " NGUYỄN VĂN AN "}, tx=tx, clock=office.clock
        )
    changed = office.document(waiting.id)
    assert changed.state is DocumentState.READ
    assert changed.record is not None
    name = changed.record.fields["full_name"]
    assert (name.value, name.certain, name.corrected_by) == ("Nguyễn Văn An", True, OFFICER.id)
    assert [job.step for job in office.database.take_jobs()] == [Step.MATCH]
    with office.database.transaction() as tx:
        matching.match(SYSTEM, waiting.id, tx=tx, clock=office.clock)
    assert office.document(waiting.id).state is DocumentState.REVIEW
    assert office.document(waiting.id).reasons


def test_a_corrected_document_is_checked_anew(office: Office, waiting: Document) -> None:
    failing = Check(code="birth_date_in_words", outcome=CheckOutcome.FAIL)
    with office.database.transaction() as tx:
        changed = replace(waiting, record=replace(RECORD, checks=(failing,)))
        assert tx.documents.move(waiting, changed=changed)
        review.correct(OFFICER, waiting.id, {"birth_date": "03/02/2023"}, tx=tx, clock=office.clock)
    corrected = office.document(waiting.id).record
    assert corrected is not None
    codes = {one.code for one in corrected.checks}
    assert "birth_date_in_words" not in codes
    assert "required_fields" in codes


def test_no_check_stays_that_a_correction_makes_untrue(office: Office, waiting: Document) -> None:
    says = {"birth_date": "1983-08-21", "personal_id": "080183623254", "valid_until": "2043-08-21"}
    values = {**says, "full_name": "Cao Phương Hiền", "sex": "female"}
    checks = [
        Check(code="card_mrz", outcome=CheckOutcome.PASS, facts={"says": says}),
        Check(
            code="card_mrz_name",
            outcome=CheckOutcome.PASS,
            facts={"says": {"full_name": "CAO PHUONG HIEN"}},
        ),
        Check(code="card_qr", outcome=CheckOutcome.PASS),  # read before sources were kept
        *(
            Check(code=code, outcome=CheckOutcome.PASS)
            for code in ("personal_id_sex", "personal_id_birth_year", "document_expired")
        ),
    ]
    record = replace(
        RECORD,
        form=FormCode.IDENTITY_CARD,
        fields={name: field(value, value) for name, value in values.items()},
        checks=tuple(checks),
    )
    typed = {"personal_id": "", "valid_until": "", "birth_date": "22/08/1983"}
    with office.database.transaction() as tx:
        changed = replace(waiting, record=record)
        assert tx.documents.move(waiting, changed=changed)
        anew = review.correct(
            OFFICER, waiting.id, {**typed, "full_name": "Trần Văn Khác"}, tx=tx, clock=office.clock
        )
    assert anew.record is not None
    found = {one.code: str(one.outcome) for one in anew.record.checks}
    assert found == {
        "card_mrz": "fail",
        "card_mrz_name": "fail",
        "card_qr": "warn",
        "dates_in_order": "pass",
        "required_fields": "warn",
    }
    with office.database.transaction() as tx:
        emptied = {"personal_id": "080183623254", "valid_until": "21/08/2043"}
        again = {**emptied, "birth_date": "21/08/1983", "full_name": "Cao Phương Hiền"}
        waits = replace(anew, state=DocumentState.REVIEW)
        assert tx.documents.move(anew, changed=waits)
        mended = review.correct(OFFICER, waiting.id, again, tx=tx, clock=office.clock)
    assert mended.record is not None
    outcomes = {one.code: str(one.outcome) for one in mended.record.checks}
    assert (outcomes["card_mrz"], outcomes["card_mrz_name"]) == ("pass", "pass")


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_an_officer_says_that_a_value_is_not_on_the_paper(
    office: Office, waiting: Document, nothing: str | None
) -> None:
    with office.database.transaction() as tx:
        values = {"full_name": nothing, "birth_date": "03/02/2023", "sex": "Nam"}
        review.correct(
            OFFICER, waiting.id, values, reason=" dòng của người khác ", tx=tx, clock=office.clock
        )
        matching.match(SYSTEM, waiting.id, tx=tx, clock=office.clock)
    changed = office.document(waiting.id)
    assert changed.record is not None
    name = changed.record.fields["full_name"]
    assert (name.text, name.value, name.certain) == ("", None, True)
    assert (name.box, name.corrected_by) == (None, OFFICER.id)
    required = next(one for one in changed.record.checks if one.code == "required_fields")
    assert "full_name" in required.facts["missing"]  # type: ignore[operator]
    assert changed.state is DocumentState.REVIEW
    assert "full_name_missing" in changed.reasons
    with office.database.transaction() as tx:
        event = tx.events.of_document(waiting.id)[0]
    assert (event.name, event.actor_id) == ("document.corrected", OFFICER.id)
    assert event.facts == {
        "fields": ["birth_date", "full_name", "sex"],
        "reason": "dòng của người khác",
    }


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"shoe_size": "43"}, ErrorCode.FIELD_UNKNOWN),
        ({"birth_date": "31/02/1998"}, ErrorCode.FIELD_VALUE_INVALID),
        ({"personal_id": "12"}, ErrorCode.FIELD_VALUE_INVALID),
        ({"full_name": "Lê Thanh Liên 2"}, ErrorCode.FIELD_VALUE_INVALID),
        ({"mother_full_name": "Trần Thị B 1990"}, ErrorCode.FIELD_VALUE_INVALID),
        # a birth extract has no members
        ({"members[1].full_name": "Lê Văn Hai"}, ErrorCode.FIELD_UNKNOWN),
        ({"personal_id": "123456789"}, ErrorCode.FIELD_VALUE_INVALID),
        ({"valid_until": "không rõ"}, ErrorCode.FIELD_VALUE_INVALID),
        ({"birth_date": "Không thời hạn"}, ErrorCode.FIELD_VALUE_INVALID),
        ({"residence": "12\x00/2020"}, ErrorCode.FIELD_VALUE_INVALID),
        ({"household_number": "12\x00"}, ErrorCode.FIELD_VALUE_INVALID),
        ({"marital_status": "\x00"}, ErrorCode.FIELD_VALUE_INVALID),
        ({"identity_paper": "CMND \x00 1"}, ErrorCode.FIELD_VALUE_INVALID),
        ({"valid_until": "Không thời hạn\x00"}, ErrorCode.FIELD_VALUE_INVALID),
        ({"members": "Lê Văn Hai"}, ErrorCode.FIELD_UNKNOWN),
        ({"members": ""}, ErrorCode.FIELD_UNKNOWN),
    ],
)
def test_a_correction_that_cannot_be_is_refused_whole(
    office: Office, waiting: Document, values: dict[str, str], code: ErrorCode
) -> None:
    with office.database.transaction() as tx, pytest.raises(HosoError) as refused:
        review.correct(
            OFFICER, waiting.id, {"full_name": "Trần Thị B"} | values, tx=tx, clock=office.clock
        )
    assert refused.value.code is code
    assert office.document(waiting.id).record == RECORD


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["members[1].full_name"], None),
        (["members[3].full_name", "members[3].sex"], None),  # the row that comes next
        (["members[4].full_name", "members[3].full_name"], None),
        (["members[4].full_name"], ErrorCode.FIELD_UNKNOWN),
        (["members[99999999999999999999].full_name"], ErrorCode.FIELD_UNKNOWN),
        (["members[1٢].full_name"], ErrorCode.FIELD_UNKNOWN),
        (["members[03].full_name"], ErrorCode.FIELD_UNKNOWN),
    ],
)
def test_members_are_corrected_and_added_one_behind_the_other(
    office: Office, waiting: Document, names: list[str], code: ErrorCode | None
) -> None:
    fields = {f"members[{row}].full_name": field("LÊ AN", "Lê An") for row in (1, 2)}
    book = replace(RECORD, form=FormCode.HOUSEHOLD_BOOK, fields=fields)
    values = {name: "Nữ" if name.endswith("sex") else "Lê Bình" for name in names}
    with office.database.transaction() as tx:
        assert tx.documents.move(waiting, changed=replace(waiting, record=book))
    with office.database.transaction() as tx:
        if code is None:
            review.correct(OFFICER, waiting.id, values, tx=tx, clock=office.clock)
        else:
            with pytest.raises(HosoError) as refused:
                review.correct(OFFICER, waiting.id, values, tx=tx, clock=office.clock)
            assert refused.value.code is code
    record = office.document(waiting.id).record
    assert record is not None
    assert (record.fields.keys() >= set(names)) is (code is None)


def test_what_was_typed_with_its_marks_apart_is_kept_as_one_letter_each(
    office: Office, waiting: Document
) -> None:
    typed = {"full_name": unicodedata.normalize("NFD", "Hoàng Thị Thuý")}
    with office.database.transaction() as tx:
        anew = review.correct(OFFICER, waiting.id, typed, tx=tx, clock=office.clock)
    assert anew.record is not None
    assert anew.record.fields["full_name"].text == "Hoàng Thị Thuý"


def test_what_has_no_end_is_taken_as_the_paper_says_it(office: Office, waiting: Document) -> None:
    card = replace(RECORD, form=FormCode.IDENTITY_CARD)
    typed = {"valid_until": "Không thời hạn", "period_to": "đến nay", "personal_id": "123456789"}
    with office.database.transaction() as tx:
        assert tx.documents.move(waiting, changed=replace(waiting, record=card))
        anew = review.correct(OFFICER, waiting.id, typed, tx=tx, clock=office.clock)
    assert anew.record is not None
    until = anew.record.fields["valid_until"]
    assert (until.text, until.value, until.certain) == ("Không thời hạn", None, True)
    assert anew.record.fields["period_to"].text == "đến nay"
    assert anew.record.fields["personal_id"].value == "123456789"  # an old card's
    assert "document_expired" not in {one.code for one in anew.record.checks}


def test_a_correction_of_nothing_is_refused(office: Office, waiting: Document) -> None:
    with office.database.transaction() as tx, pytest.raises(HosoError) as refused:
        review.correct(OFFICER, waiting.id, {}, tx=tx, clock=office.clock)
    assert refused.value.code is ErrorCode.CORRECTION_EMPTY
    assert office.document(waiting.id).state is DocumentState.REVIEW


def test_another_agency_does_not_even_learn_that_it_exists(
    office: Office, waiting: Document
) -> None:
    stranger = actor(Role.OFFICER, agency=ELSEWHERE.id)
    with office.database.transaction() as tx, pytest.raises(HosoError) as refused:
        review.accept(stranger, waiting.id, reason="?", tx=tx, clock=office.clock)
    assert refused.value.code is ErrorCode.DOCUMENT_NOT_FOUND


def test_signing_that_fails_leaves_the_document_verified_with_the_problem(
    office: Office, waiting: Document
) -> None:
    with office.database.transaction() as tx:
        review.accept(OFFICER, waiting.id, reason="đã xem", tx=tx, clock=office.clock)
        issuing.request(CERTIFIER, waiting.id, tx=tx, clock=office.clock)
    assert office.document(waiting.id).state is DocumentState.CERTIFYING
    with office.database.transaction() as tx:
        failure.give_up(
            SYSTEM, Step.CERTIFY, waiting.id, ErrorCode.SIGNING_FAILED, tx=tx, clock=office.clock
        )
    left = office.document(waiting.id)
    assert (left.state, left.problem) == (DocumentState.VERIFIED, "signing_failed")


def test_a_job_that_runs_twice_does_its_work_once(office: Office, waiting: Document) -> None:
    with office.database.transaction() as tx:
        assert tx.documents.move(
            waiting,
            changed=replace(waiting, state=DocumentState.READ),
        )
    for _ in range(2):
        with office.database.transaction() as tx:
            matching.match(SYSTEM, waiting.id, tx=tx, clock=office.clock)
    assert office.events(waiting.id) == ["document.matched"]


def test_what_one_officer_typed_outlives_what_the_next_one_types(
    office: Office, waiting: Document
) -> None:
    other = replace(OFFICER, id="officer-2")
    moments = []
    for who, text in ((OFFICER, "Nguyễn Kẻ Gian"), (other, "Nguyen Van An"), (OFFICER, " ")):
        office.clock.pass_time(timedelta(minutes=1))
        moments.append(office.clock.now())
        with office.database.transaction() as tx:
            review.correct(who, waiting.id, {"full_name": text}, tx=tx, clock=office.clock)
            matching.match(SYSTEM, waiting.id, tx=tx, clock=office.clock)
    record = office.document(waiting.id).record
    assert record is not None
    name = record.fields["full_name"]
    assert [(one.by, one.at, one.text, one.value) for one in name.corrections] == [
        (OFFICER.id, moments[0], "Nguyễn Kẻ Gian", "Nguyễn Kẻ Gian"),
        (other.id, moments[1], "Nguyen Van An", "Nguyen Van An"),
        (OFFICER.id, moments[2], "", None),
    ]
    assert (name.read_text, name.text, name.corrected_by) == ("NGUYEN VAN AN", "", OFFICER.id)
    with office.database.transaction() as tx:
        events = tx.events.of_document(waiting.id)
    assert "Gian" not in str(events)  # the trail can never be altered: it names the fields


def test_what_was_typed_before_all_of_it_was_kept_is_not_lost_either(
    office: Office, waiting: Document
) -> None:
    old = replace(field("Nguyễn Văn Ân", "Nguyễn Văn Ân"), corrected_by="an", read_text="N")
    with office.database.transaction() as tx:
        changed = replace(waiting, record=replace(RECORD, fields={"full_name": old}))
        assert tx.documents.move(waiting, changed=changed)
        review.correct(OFFICER, waiting.id, {"full_name": "Lê An"}, tx=tx, clock=office.clock)
    record = office.document(waiting.id).record
    assert record is not None
    first, second = record.fields["full_name"].corrections
    assert (first.by, first.at, first.text) == ("an", None, "Nguyễn Văn Ân")
    assert (second.by, second.text) == (OFFICER.id, "Lê An")
