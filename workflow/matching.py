"""Match: a record meets the population data and becomes verdicts, as often as the data change."""

from dataclasses import replace
from datetime import datetime

from domain.actor import Action, Actor, require
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.person import Person
from domain.ports import Clock, Population, Transaction
from domain.record import Record
from domain.verdict import Decision, Finding, Verdict, decided
from matching.conclusion import Conclusion, conclude
from matching.decision import decide, findings_against
from workflow.reasons import POPULATION_CHANGED, left_to_a_person
from workflow.transition import find_document, move, note

MATCHED_AGAIN = frozenset({DocumentState.REVIEW, DocumentState.VERIFIED})
"""Where an officer may have a document matched again."""


def match_record(record: Record, *, population: Population) -> tuple[Verdict, ...]:
    """Block, compare, decide: one verdict per person on the document."""
    return decide(record, population)


def match(actor: Actor, document_id: str, *, tx: Transaction, clock: Clock) -> None:
    """The job: decide, then either verified or handed to a person with the reasons. Safe to repeat.

    A document in review is matched again, for the population data have changed; where that changes
    nothing, only the time is written. Where something is left to a person (``workflow.reasons``), only a
    person may call the document verified.
    """
    require(actor, Action.DOCUMENT_PROCESS)
    document = find_document(tx, actor, document_id)
    if document.record is None:
        return
    if document.state is DocumentState.READ:
        now = clock.now()
        keep_match(tx, actor, document, as_of_now(document, tx.population, at=now))
    elif document.state is DocumentState.REVIEW:
        try:
            _match_again(tx, actor, document, clock=clock)
        except HosoError as error:
            # who dealt with it meanwhile was quicker; before anything is signed it is matched anyway
            if error.code is not ErrorCode.STATE_CONFLICT:
                raise


def match_again(actor: Actor, document_id: str, *, tx: Transaction, clock: Clock) -> Document:
    """An officer asks what the population data say by now of a document in review, or verified.

    Verified, it goes back to review where what was verified no longer holds. Raises ``state_conflict`` in
    any other state.
    """
    require(actor, Action.DOCUMENT_REVIEW)
    document = find_document(tx, actor, document_id)
    if document.state not in MATCHED_AGAIN:
        raise _conflict(document)
    return _match_again(tx, actor, document, clock=clock)


def as_of_now(document: Document, population: Population, *, at: datetime) -> Document:
    """The document as the population of now leaves it, with the state that follows; nothing is written.

    ``at`` is taken before the population is asked. Verified or about to be signed, the document stays so
    where what was verified still holds. Raises ``state_conflict`` where it has not been read.
    """
    if document.record is None:
        raise _conflict(document)
    anew = match_record(document.record, population=population)
    verdicts = tuple(_chosen_again(document, verdict, population) for verdict in anew)
    conclusion = conclude(document.record, verdicts)
    state, reasons = _following(document, verdicts, conclusion)
    return replace(document, state=state, reasons=reasons, verdicts=verdicts, matched_at=at)


def _chosen_again(document: Document, verdict: Verdict, population: Population) -> Verdict:
    """The verdict on whom an officer chose, for as long as the data still hold that person as a candidate.

    A choice is made for the paper as it was read: a correction undoes it.
    """
    before = next((one for one in document.verdicts if one.role == verdict.role), None)
    if before is None or before.decided_by is None or document.record is None:
        return verdict
    if document.state is DocumentState.READ:
        return verdict
    person = population.get(before.personal_id or "")
    if person is None or person.personal_id not in {one.personal_id for one in verdict.considered}:
        return verdict
    findings = findings_on(document.record, verdict, person, population)
    return decided(verdict, person.personal_id, findings=findings, by=before.decided_by)


def findings_on(
    record: Record, verdict: Verdict, person: Person, population: Population
) -> tuple[Finding, ...]:
    """How the paper agrees with one of those whom a verdict considered."""
    if person.personal_id == verdict.personal_id:
        return verdict.findings
    return findings_against(record, verdict.role, person, population)


def keep_match(tx: Transaction, actor: Actor, document: Document, anew: Document) -> Document:
    """Write what :func:`as_of_now` made of ``document``; the trail says since when the data have changed."""
    at = anew.matched_at or document.updated_at
    changes = {"verdicts": anew.verdicts, "reasons": anew.reasons, "matched_at": at}
    kept = move(tx, document, anew.state, at=at, **changes)
    facts: dict[str, object] = {"state": str(kept.state)}
    if document.state is not DocumentState.READ and document.matched_at is not None:
        facts["changed_since"] = document.matched_at.isoformat()
    note(tx, EventName.DOCUMENT_MATCHED, actor, at=at, document=kept, **facts)
    return kept


def _following(
    document: Document, verdicts: tuple[Verdict, ...], conclusion: Conclusion
) -> tuple[DocumentState, tuple[str, ...]]:
    if document.state in {DocumentState.VERIFIED, DocumentState.CERTIFYING}:
        if _still_holds(document, verdicts, conclusion):
            return document.state, document.reasons
        return DocumentState.REVIEW, (POPULATION_CHANGED, *conclusion.reasons)
    settled = left_to_a_person(document.reasons)
    state = DocumentState.REVIEW if settled else conclusion.state
    return state, (*settled, *conclusion.reasons)


def _still_holds(document: Document, verdicts: tuple[Verdict, ...], conclusion: Conclusion) -> bool:
    """Whether what was verified is verified still.

    Without reasons the conclusion verified it, and must do so again for the same persons. With reasons an
    officer accepted it in spite of them: everything must be as that officer saw it.
    """
    if document.reasons:
        return _decided_on(verdicts) == _decided_on(document.verdicts)
    persons = {one.role: one.personal_id for one in verdicts}
    return conclusion.state is DocumentState.VERIFIED and all(
        persons.get(one.role) == one.personal_id
        for one in document.verdicts
        if one.decision is Decision.MATCHED
    )


def _decided_on(verdicts: tuple[Verdict, ...]) -> list[object]:
    """What an officer goes by: who it is, what the data say of each field. Not how likely, nor how old."""
    return [
        (
            one.role,
            one.decision,
            one.personal_id,
            [(found.field, found.kind, found.population) for found in one.findings],
        )
        for one in verdicts
    ]


def _shown(document: Document) -> object:
    """What a page shows of the match; who else was considered only where that is still open."""
    others = [
        {other.personal_id for other in one.candidates}
        for one in document.verdicts
        if one.decision is not Decision.MATCHED
    ]
    return document.state, document.reasons, _decided_on(document.verdicts), others


def _match_again(tx: Transaction, actor: Actor, document: Document, *, clock: Clock) -> Document:
    now = clock.now()
    anew = as_of_now(document, tx.population, at=now)
    if _shown(anew) != _shown(document):
        return keep_match(tx, actor, document, anew)
    # not even ``updated_at``: the page that an officer has open is as good as before
    if not tx.documents.confirm_match(document, at=now):
        raise _conflict(document)
    return replace(document, matched_at=now)


def _conflict(document: Document) -> HosoError:
    return HosoError(ErrorCode.STATE_CONFLICT, document=document.id, state=str(document.state))
