"""What failed is tried again when a person asks, and when the original that it lacked is back."""

from dataclasses import replace

import pytest

from domain.actor import Role
from domain.document import Document, DocumentState, Lane
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.ports import Bucket, Step
from tests.fakes.database import Job
from tests.fakes.house import ELSEWHERE, sample_document, sample_record
from tests.unit.workflow.conftest import SYSTEM, Office, actor, upload
from tests.unit.workflow.test_intake import picture
from workflow.failure import give_up
from workflow.retrying import retry

OPERATOR, STRANGER = actor(Role.OPERATOR), actor(Role.OPERATOR, agency=ELSEWHERE.id)
FAILED = sample_document(state=DocumentState.FAILED, problem="worker_lost")


def put(office: Office, document: Document) -> Document:
    with office.database.transaction() as tx:
        assert tx.documents.add(document)
    return document


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.OFFICER, Role.ADMIN])
def test_who_may_bring_a_file_may_have_it_tried_again(office: Office, role: Role) -> None:
    put(office, FAILED)
    with office.database.transaction() as tx:
        retried = retry(actor(role), FAILED.id, tx=tx, clock=office.clock)
        (line,) = tx.events.of_document(FAILED.id)
    assert (retried.state, retried.problem) == (DocumentState.RECEIVED, None)
    assert office.document(FAILED.id) == retried
    assert office.database.jobs == [Job(step=Step.READ, document_id=FAILED.id, lane=Lane.COUNTER)]
    assert (line.name, line.actor_id) == (EventName.DOCUMENT_RETRIED, str(role))
    assert line.facts == {"code": "worker_lost"}


def test_what_an_officer_typed_is_matched_again_and_a_lost_page_alone_is_read_again(
    office: Office,
) -> None:
    matched = put(office, replace(FAILED, id="matched", record=sample_record(), pages=(1, 2)))
    lost = put(office, replace(FAILED, id="lost", pages=(3,)))
    with office.database.transaction() as tx:
        for document in (matched, lost):
            retry(OPERATOR, document.id, tx=tx, clock=office.clock)
    assert [job.step for job in office.database.jobs] == [Step.MATCH, Step.READ]
    assert office.document("matched").record == matched.record
    assert office.document("lost").lost_page == 3


@pytest.mark.parametrize("role", [Role.CERTIFIER, Role.AUDITOR, Role.AGENT])
def test_others_may_not(office: Office, role: Role) -> None:
    put(office, FAILED)
    with pytest.raises(HosoError) as refused, office.database.transaction() as tx:
        retry(actor(role), FAILED.id, tx=tx, clock=office.clock)
    assert refused.value.code is ErrorCode.FORBIDDEN


def test_another_office_sees_nothing_to_try(office: Office) -> None:
    put(office, FAILED)
    with pytest.raises(HosoError) as refused, office.database.transaction() as tx:
        retry(STRANGER, FAILED.id, tx=tx, clock=office.clock)
    assert refused.value.code is ErrorCode.DOCUMENT_NOT_FOUND


@pytest.mark.parametrize("state", sorted(set(DocumentState) - {DocumentState.FAILED}))
def test_what_has_not_failed_is_not_tried_again(office: Office, state: DocumentState) -> None:
    put(office, sample_document(state=state))
    with pytest.raises(HosoError) as refused, office.database.transaction() as tx:
        retry(OPERATOR, FAILED.id, tx=tx, clock=office.clock)
    assert refused.value.code is ErrorCode.STATE_CONFLICT
    assert office.database.jobs == []


def brought_and_failed(office: Office, data: bytes, code: ErrorCode) -> Document:
    document = office.bring(upload(data), OPERATOR).document
    with office.database.transaction() as tx:
        give_up(SYSTEM, Step.READ, document.id, code, tx=tx, clock=office.clock)
    office.database.take_jobs()
    return office.document(document.id)


@pytest.mark.parametrize("known", [False, True], ids=["new", "brought-before"])
@pytest.mark.parametrize("stored", [[], [b"rotten"]], ids=["missing", "damaged"])
def test_an_original_that_another_office_brings_back_lets_all_offices_go_on(
    office: Office, stored: list[bytes], *, known: bool
) -> None:
    data = picture()
    if known:
        office.bring(upload(data), STRANGER)
    lacking = brought_and_failed(office, data, ErrorCode.OBJECT_MISSING)
    broken = put(office, replace(lacking, id="broken", problem="worker_lost"))
    office.objects.versions[Bucket.ORIGINALS, lacking.sha256] = list(stored)
    office.bring(upload(data), STRANGER)
    assert office.document(lacking.id).state is DocumentState.RECEIVED
    assert Job(step=Step.READ, document_id=lacking.id, lane=Lane.COUNTER) in office.database.jobs
    assert office.document(broken.id) == broken, "that another office has the file mends nothing"
    with office.database.transaction() as tx:
        line = tx.events.of_document(lacking.id)[-1]
    assert (line.name, line.actor_id) == (EventName.DOCUMENT_RETRIED, "system")
    assert line.agency_id == lacking.agency_id
    assert line.facts == {"code": "object_missing"}
