"""Failure: a step that cannot be done is said so on the document, never lost; what waits says why."""

from collections.abc import Mapping
from dataclasses import replace

from domain.actor import Action, Actor, require
from domain.document import DocumentState
from domain.errors import ErrorCode
from domain.event import EventName
from domain.ports import Clock, Step, Transaction
from workflow.transition import find_document, move, note

_BEFORE: Mapping[Step, DocumentState] = {
    Step.READ: DocumentState.RECEIVED,
    Step.MATCH: DocumentState.READ,
    Step.CERTIFY: DocumentState.CERTIFYING,
}
"""In which state a document waits for each step."""
_GIVEN_UP: Mapping[Step, DocumentState] = {
    Step.READ: DocumentState.FAILED,
    Step.MATCH: DocumentState.FAILED,
    Step.CERTIFY: DocumentState.VERIFIED,
}


def hold(actor: Actor, step: Step, document_id: str, code: ErrorCode, *, tx: Transaction) -> None:
    """While trouble of the house keeps the step from being done, the document waits where it is and says why.

    Its last change stays what it was, for nothing happened to it.
    """
    require(actor, Action.DOCUMENT_PROCESS)
    document = find_document(tx, actor, document_id)
    if document.state is _BEFORE[step] and document.problem != str(code):
        # whoever moved it on meanwhile found nothing in the way any more
        tx.documents.move(document, changed=replace(document, problem=str(code)))


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
    if document.state is not _BEFORE[step]:
        return
    now = clock.now()
    failed = move(tx, document, _GIVEN_UP[step], at=now, problem=str(code))
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
