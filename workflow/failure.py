"""Failure: a step that cannot be done is said so on the document, never lost."""

from domain.actor import Action, Actor, require
from domain.document import DocumentState
from domain.errors import ErrorCode
from domain.event import EventName
from domain.ports import Clock, Step, Transaction
from workflow.transition import find_document, move, note


def give_up(
    actor: Actor,
    step: Step,
    document_id: str,
    code: ErrorCode,
    *,
    tx: Transaction,
    clock: Clock,
) -> None:
    """After the last attempt: reading and matching fail the document, signing leaves it verified."""
    require(actor, Action.DOCUMENT_PROCESS)
    document = find_document(tx, actor, document_id)
    after = {
        Step.READ: (DocumentState.RECEIVED, DocumentState.FAILED),
        Step.MATCH: (DocumentState.READ, DocumentState.FAILED),
        Step.CERTIFY: (DocumentState.CERTIFYING, DocumentState.VERIFIED),
    }
    expected, state = after[step]
    if document.state is not expected:
        return
    now = clock.now()
    failed = move(tx, document, state, at=now, problem=str(code))
    note(
        tx,
        EventName.DOCUMENT_FAILED,
        actor,
        at=now,
        document=failed,
        step=str(step),
        code=str(code),
        **({} if failed.lost_page is None else {"page": failed.lost_page}),
    )
