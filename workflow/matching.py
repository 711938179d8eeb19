"""Match: a record meets the population data and becomes verdicts."""

from domain.actor import Action, Actor, require
from domain.document import DocumentState
from domain.event import EventName
from domain.ports import Clock, Population, Transaction
from domain.record import Record
from domain.verdict import Verdict
from matching.conclusion import conclude
from matching.decision import decide
from workflow.revoking import COPY_REVOKED
from workflow.transition import find_document, move, note


def match_record(record: Record, *, population: Population) -> tuple[Verdict, ...]:
    """Block, compare, decide: one verdict per person on the document."""
    return decide(record, population)


def match(actor: Actor, document_id: str, *, tx: Transaction, clock: Clock) -> None:
    """The job: decide, then either verified or handed to a person with the reasons. Safe to repeat.

    After a revocation only a person may call the document verified again.
    """
    require(actor, Action.DOCUMENT_PROCESS)
    document = find_document(tx, actor, document_id)
    if document.state is not DocumentState.READ or document.record is None:
        return
    verdicts = match_record(document.record, population=tx.population)
    conclusion = conclude(document.record, verdicts)
    revoked = tuple(one for one in document.reasons if one == COPY_REVOKED)
    now = clock.now()
    moved = move(
        tx,
        document,
        DocumentState.REVIEW if revoked else conclusion.state,
        at=now,
        verdicts=verdicts,
        reasons=(*revoked, *conclusion.reasons),
    )
    note(tx, EventName.DOCUMENT_MATCHED, actor, at=now, document=moved, state=str(moved.state))
