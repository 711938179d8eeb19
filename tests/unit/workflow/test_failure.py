"""A document that waits for an outage to pass says so, has not failed, and forgets it when it goes on."""

from datetime import timedelta

import pytest

from domain.document import Document, DocumentState
from domain.errors import ErrorCode
from domain.ports import Step
from tests.fakes.house import COMMUNE, sample_document
from tests.unit.workflow.conftest import SYSTEM, Office
from workflow.failure import give_up, hold
from workflow.matching import match

AWAY = ErrorCode.OBJECT_STORE_UNAVAILABLE
WAITS = [
    (Step.READ, DocumentState.RECEIVED),
    (Step.MATCH, DocumentState.READ),
    (Step.CERTIFY, DocumentState.CERTIFYING),
]


def put(office: Office, state: DocumentState) -> Document:
    document = sample_document(state=state)
    with office.database.transaction() as tx:
        assert tx.documents.add(document)
    return document


def held(office: Office, document: Document, step: Step, code: ErrorCode = AWAY) -> Document:
    office.clock.pass_time(timedelta(minutes=1))
    with office.database.transaction() as tx:
        hold(SYSTEM, step, document.id, code, tx=tx)
    return office.document(document.id)


@pytest.mark.parametrize(("step", "state"), WAITS)
def test_what_waits_says_why_and_stays_where_it_is(
    office: Office, step: Step, state: DocumentState
) -> None:
    document = put(office, state)
    waiting = held(office, document, step)
    assert (waiting.state, waiting.problem, waiting.is_held) == (state, str(AWAY), True)
    assert waiting.updated_at == document.updated_at, "whoever has it open loses nothing"
    assert office.events(document.id) == []
    assert held(office, document, step, ErrorCode.DISK_SPACE_SHORT).problem == "disk_space_short"
    with office.database.transaction() as tx:
        assert tx.documents.problems(within=COMMUNE.path) == {state: {"disk_space_short": 1}}


@pytest.mark.parametrize(("step", "state"), WAITS)
def test_what_has_moved_on_is_left_alone(office: Office, step: Step, state: DocumentState) -> None:
    for other in set(DocumentState) - {state}:
        document = sample_document(f"{step}-{other}", state=other)
        with office.database.transaction() as tx:
            tx.documents.add(document)
        assert held(office, document, step) == document
        with office.database.transaction() as tx:
            give_up(SYSTEM, step, document.id, ErrorCode.INTERNAL, tx=tx, clock=office.clock)
        assert office.document(document.id) == document


def test_once_matched_it_waits_for_nothing(office: Office) -> None:
    document = put(office, DocumentState.READ)
    held(office, document, Step.MATCH)
    with office.database.transaction() as tx:
        match(SYSTEM, document.id, tx=tx, clock=office.clock)
    done = office.document(document.id)
    assert (done.state, done.problem) == (DocumentState.REVIEW, None)
