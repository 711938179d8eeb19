"""Population data change after a document was matched: nothing is certified that no longer holds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.actor import Role
from domain.certificate import Regime
from domain.dates import day_in_vietnam
from domain.document import Document, DocumentState, Lane
from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.page import PageFacts, Quality
from domain.person import Person
from domain.ports import Bucket, Step
from domain.record import FieldValue, Record
from domain.verdict import Decision
from ingest.inspection import Limits
from matching.population_values import COLUMNS
from signing.demo_pki.authority import DemoAuthority
from signing.demo_pki.office import demo_issuer
from tests.fakes.database import Job
from tests.fakes.house import COMMUNE, HEIGHT, NOW, WIDTH, page_jpeg
from tests.unit.workflow.conftest import RETENTION, SYSTEM, Office, actor
from workflow import issuing, matching, population, review
from workflow.pictures import page_key
from workflow.reasons import COPY_REVOKED, POPULATION_CHANGED

OFFICER, CERTIFIER, ADMIN = actor(Role.OFFICER), actor(Role.CERTIFIER), actor(Role.ADMIN)
DOCUMENT = "6f1c1a4e-0000-4000-8000-000000000001"
KNOWN = Person(
    personal_id="027098001234",
    full_name="Nguyễn Văn An",
    birth_date="1998-03-05",
    sex="male",
    source="csdl",
)
OTHERWISE = replace(KNOWN, full_name="Đinh Quang Trọng", birth_date="1931-12-30")
QUALITY = Quality(dpi=150, skew=0.0, blur=0.1, usable=True)


def record(values: Mapping[str, str | None]) -> Record:
    return Record(
        file="scan.png",
        sha256="0" * 64,
        pages=(1,),
        form=FormCode.IDENTITY_CARD,
        form_confidence=0.99,
        quality=QUALITY,
        lines=(),
        fields={
            name: FieldValue(
                text=value or "?", value=value, confidence=0.99, certain=True, page=1, box=None
            )
            for name, value in values.items()
        },
        checks=(),
        page_facts=(
            PageFacts(number=1, width=WIDTH, height=HEIGHT, dpi=150, rotation=0, quality=QUALITY),
        ),
    )


CARD = record(
    {
        "full_name": "Nguyễn Văn An",
        "birth_date": "1998-03-05",
        "sex": "male",
        "personal_id": "027098001234",
    }
)


def read_and_matched(office: Office, *, contents: Record = CARD, **changes: Any) -> Document:
    """A card on its way through matching, as the population stands."""
    document = Document(
        id=DOCUMENT,
        agency_id=COMMUNE.id,
        batch=None,
        file="scan.png",
        sha256="0" * 64,
        media_type="image/png",
        pages=(1,),
        lane=Lane.COUNTER,
        state=DocumentState.READ,
        record=contents,
        created_by="operator",
        created_at=NOW,
        updated_at=NOW,
    )
    with office.database.transaction() as tx:
        assert tx.documents.add(replace(document, **changes))
    job(office)
    return office.document(DOCUMENT)


def job(office: Office) -> None:
    office.clock.pass_time(timedelta(seconds=1))
    with office.database.transaction() as tx:
        matching.match(SYSTEM, DOCUMENT, tx=tx, clock=office.clock)


def last_event(office: Office) -> tuple[str, str, Mapping[str, object]]:
    with office.database.transaction() as tx:
        event = tx.events.of_document(DOCUMENT)[-1]
    return str(event.name), event.actor_id, event.facts


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> DemoAuthority:
    return DemoAuthority(tmp_path_factory.mktemp("pki"), base_url="http://127.0.0.1:8000/pki")


def signed(office: Office, authority: DemoAuthority) -> Document:
    """Certification is asked for, and the job runs."""
    office.clock.at = max(office.clock.at, datetime.now(UTC))
    office.objects.put(Bucket.PAGES, page_key("0" * 64, 1), page_jpeg(1), media_type="image/jpeg")
    desk = issuing.Desk(
        issuer=demo_issuer(authority, clock=office.clock),
        regime=Regime.CERTIFIED_COPY,
        public_url="http://127.0.0.1:8000",
        retention=RETENTION,
        limits=Limits(),
    )
    with office.database.transaction() as tx:
        issuing.request(CERTIFIER, DOCUMENT, tx=tx, clock=office.clock)
    for _ in range(2):  # a worker that vanished leaves its job to another
        with office.database.transaction() as tx:
            issuing.certify(
                SYSTEM, DOCUMENT, tx=tx, objects=office.objects, clock=office.clock, desk=desk
            )
    return office.document(DOCUMENT)


def next_number(office: Office) -> int:
    with office.database.transaction() as tx:
        return tx.certificates.next_number(
            agency_id=COMMUNE.id, year=day_in_vietnam(office.clock.now()).year
        )


def accepted(office: Office) -> None:
    with office.database.transaction() as tx:
        review.accept(OFFICER, DOCUMENT, reason="đã xem", tx=tx, clock=office.clock)


def test_what_the_population_says_as_before_is_certified(
    office: Office, authority: DemoAuthority
) -> None:
    office.database.add_persons([KNOWN])
    matched = read_and_matched(office)
    assert (matched.state, matched.matched_at) == (DocumentState.VERIFIED, office.clock.now())
    certified = signed(office, authority)
    assert certified.state is DocumentState.CERTIFIED
    assert certified.matched_at is not None
    assert certified.matched_at > (matched.matched_at or NOW)
    assert next_number(office) == 2


@pytest.mark.parametrize("now", [OTHERWISE, replace(KNOWN, full_name="Nguyễn Văn Ân")])
def test_nothing_is_signed_where_the_population_says_otherwise_by_now(
    office: Office, authority: DemoAuthority, now: Person
) -> None:
    office.database.add_persons([KNOWN])
    matched = read_and_matched(office)
    office.database.add_persons([now])
    back = signed(office, authority)
    assert (back.state, back.reasons[0]) == (DocumentState.REVIEW, POPULATION_CHANGED)
    assert len(back.reasons) > 1
    assert any(found.population == now.full_name for found in back.verdicts[0].findings)
    name, _, facts = last_event(office)
    assert (name, facts["state"]) == ("document.matched", "review")
    assert matched.matched_at is not None
    assert facts["changed_since"] == matched.matched_at.isoformat()
    assert next_number(office) == 1, "no number of the register is used up"


def test_after_that_only_a_person_verifies_it(office: Office, authority: DemoAuthority) -> None:
    office.database.add_persons([KNOWN])
    read_and_matched(office)
    office.database.add_persons([OTHERWISE])
    signed(office, authority)
    office.database.add_persons([KNOWN])
    job(office)
    back = office.document(DOCUMENT)
    assert (back.state, back.reasons) == (DocumentState.REVIEW, (POPULATION_CHANGED,))
    accepted(office)
    assert office.document(DOCUMENT).reasons == ()
    assert signed(office, authority).state is DocumentState.CERTIFIED


def test_what_an_officer_accepted_is_certified_while_it_is_what_was_seen(
    office: Office, authority: DemoAuthority
) -> None:
    office.database.add_persons([replace(KNOWN, birth_date="1998-05-03")])
    assert read_and_matched(office).state is DocumentState.REVIEW
    accepted(office)
    assert signed(office, authority).state is DocumentState.CERTIFIED


@pytest.mark.parametrize(
    "now", [replace(KNOWN, birth_date="1998-05-04"), replace(KNOWN, birth_date=None)]
)
def test_what_an_officer_accepted_goes_back_where_the_data_say_something_else(
    office: Office, authority: DemoAuthority, now: Person
) -> None:
    office.database.add_persons([replace(KNOWN, birth_date="1998-05-03")])
    read_and_matched(office)
    accepted(office)
    office.database.add_persons([now])
    back = signed(office, authority)
    assert (back.state, back.reasons[0]) == (DocumentState.REVIEW, POPULATION_CHANGED)


def test_what_an_officer_accepted_holds_where_the_data_have_become_better(
    office: Office, authority: DemoAuthority
) -> None:
    office.database.add_persons([replace(KNOWN, birth_date="1998-05-03")])
    read_and_matched(office)
    accepted(office)
    office.database.add_persons([KNOWN])
    certified = signed(office, authority)
    assert (certified.state, certified.reasons) == (DocumentState.CERTIFIED, ())


def test_what_an_officer_accepted_goes_back_where_the_number_is_anothers_by_now(
    office: Office, authority: DemoAuthority
) -> None:
    """The row says what it said; that somebody else holds the number printed is new."""
    printed = "027098001243"
    office.database.add_persons([KNOWN])
    values = {name: field.value for name, field in CARD.fields.items()}
    read_and_matched(office, contents=record(values | {"personal_id": printed}))
    accepted(office)
    office.database.add_persons([replace(OTHERWISE, personal_id=printed)])
    back = signed(office, authority)
    assert (back.state, back.reasons[0]) == (DocumentState.REVIEW, POPULATION_CHANGED)
    assert "personal_id_conflicting_subject" in back.reasons


def imported(office: Office, *persons: Person) -> list[Job]:
    """An import, and the jobs that it left."""
    office.clock.pass_time(timedelta(seconds=1))
    rows = [",".join(str(getattr(one, name) or "") for name in COLUMNS) for one in persons]
    population.import_population(
        ADMIN,
        [f"{row}\n" for row in (",".join(COLUMNS), *rows)],
        source="csdl",
        database=office.database,
        clock=office.clock,
    )
    return office.database.jobs


def test_documents_in_review_are_matched_again_after_an_import(office: Office) -> None:
    waiting = read_and_matched(office)
    assert waiting.reasons == ("no_record_subject",)
    jobs = imported(office, KNOWN)
    assert jobs == [Job(step=Step.MATCH, document_id=DOCUMENT, lane=Lane.BULK)]
    assert imported(office, KNOWN) == jobs, "one job waits for it already"
    office.database.take_jobs()
    job(office)
    known = office.document(DOCUMENT)
    assert (known.state, known.reasons) == (DocumentState.VERIFIED, ())
    assert known.verdicts[0].personal_id == KNOWN.personal_id
    name, _, facts = last_event(office)
    assert waiting.matched_at is not None
    assert name == "document.matched"
    assert facts == {"state": "verified", "changed_since": waiting.matched_at.isoformat()}
    assert imported(office) == [], "nothing waits any more"


def test_where_nothing_changes_only_the_time_is_written(office: Office) -> None:
    waiting = read_and_matched(office)
    stranger = replace(KNOWN, personal_id="001150000001", full_name="Lê Bá", birth_date="1950")
    assert len(imported(office, stranger)) == 1
    job(office)
    assert office.document(DOCUMENT) == replace(waiting, matched_at=office.clock.now())
    assert office.events(DOCUMENT) == ["document.matched"]


def test_a_newer_date_of_the_same_row_changes_nothing(office: Office) -> None:
    office.database.add_persons([replace(KNOWN, birth_date="1998-05-03", updated_at=NOW)])
    waiting = read_and_matched(office)
    later = NOW + timedelta(days=1)
    imported(office, replace(KNOWN, birth_date="1998-05-03", updated_at=later))
    job(office)
    assert office.document(DOCUMENT).updated_at == waiting.updated_at


def test_only_what_waits_is_matched_again(office: Office) -> None:
    office.database.add_persons([KNOWN])
    assert read_and_matched(office).state is DocumentState.VERIFIED
    assert imported(office, OTHERWISE) == []
    before = office.document(DOCUMENT)
    job(office)
    assert office.document(DOCUMENT) == before


def test_a_document_read_meanwhile_is_not_forgotten(office: Office) -> None:
    """It may just be matched with the data of before: it is matched once more."""
    read_and_matched(office)
    with office.database.transaction() as tx:
        review.correct(OFFICER, DOCUMENT, {"sex": "Nam"}, tx=tx, clock=office.clock)
    office.database.take_jobs()
    assert [one.document_id for one in imported(office, KNOWN)] == [DOCUMENT]


def test_after_a_revocation_an_import_does_not_verify(office: Office) -> None:
    read_and_matched(office, reasons=(COPY_REVOKED,))
    imported(office, KNOWN)
    job(office)
    back = office.document(DOCUMENT)
    assert (back.state, back.reasons) == (DocumentState.REVIEW, (COPY_REVOKED,))
    assert back.verdicts[0].decision is Decision.MATCHED


def test_an_officer_has_a_document_matched_again(office: Office) -> None:
    read_and_matched(office)
    office.database.add_persons([KNOWN])
    office.clock.pass_time(timedelta(minutes=1))
    with office.database.transaction() as tx:
        again = matching.match_again(OFFICER, DOCUMENT, tx=tx, clock=office.clock)
    assert again == office.document(DOCUMENT)
    assert (again.state, again.matched_at) == (DocumentState.VERIFIED, office.clock.now())
    assert last_event(office)[1] == OFFICER.id
    office.database.add_persons([OTHERWISE])
    with office.database.transaction() as tx:
        back = matching.match_again(OFFICER, DOCUMENT, tx=tx, clock=office.clock)
    assert (back.state, back.reasons[0]) == (DocumentState.REVIEW, POPULATION_CHANGED)


def test_a_mother_found_later_does_not_undo_what_was_verified(
    office: Office, authority: DemoAuthority
) -> None:
    office.database.add_persons([KNOWN])
    values = {name: field.value for name, field in CARD.fields.items()}
    mother = {"mother_full_name": "Trần Thị Hòa", "mother_personal_id": "027172001235"}
    contents = record(values | mother)
    matched = read_and_matched(office, contents=contents)
    assert matched.state is DocumentState.VERIFIED
    row = Person(personal_id="027172001235", full_name="Trần Thị Hòa", sex="female", source="csdl")
    office.database.add_persons([row])
    with office.database.transaction() as tx:
        again = matching.match_again(OFFICER, DOCUMENT, tx=tx, clock=office.clock)
    assert again.state is DocumentState.VERIFIED
    assert again.verdicts != matched.verdicts
    assert signed(office, authority).state is DocumentState.CERTIFIED


@pytest.mark.parametrize(
    "state", [DocumentState.CERTIFYING, DocumentState.CERTIFIED, DocumentState.REJECTED]
)
def test_what_is_decided_or_being_signed_is_not_matched_again(
    office: Office, state: DocumentState
) -> None:
    document = read_and_matched(office)
    with office.database.transaction() as tx:
        assert tx.documents.move(document, changed=replace(document, state=state))
    with office.database.transaction() as tx, pytest.raises(HosoError) as refused:
        matching.match_again(OFFICER, DOCUMENT, tx=tx, clock=office.clock)
    assert refused.value.code is ErrorCode.STATE_CONFLICT


def test_a_job_that_comes_too_late_leaves_the_decision_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its look and its writing an officer has decided."""
    waiting = read_and_matched(office)
    accepted(office)
    decided = office.document(DOCUMENT)
    office.database.add_persons([KNOWN])
    monkeypatch.setattr(matching, "find_document", lambda *_args, **_facts: waiting)
    job(office)
    assert office.document(DOCUMENT) == decided
