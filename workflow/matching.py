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
from domain.verdict import Decision, Finding, FindingKind, Verdict, decided
from matching.conclusion import DISAGREEING, Conclusion, conclude
from matching.decision import decide, findings_against
from workflow.on_file import copies_in_force, looked_up, reasons_on_file
from workflow.reasons import POPULATION_CHANGED, left_to_a_person
from workflow.transition import find_document, move_to, note

MATCHED_AGAIN = frozenset({DocumentState.REVIEW, DocumentState.VERIFIED})
"""Where an officer may have a document matched again."""
_SETTLED = frozenset({DocumentState.VERIFIED, DocumentState.CERTIFYING})
_WAITED = frozenset({DocumentState.READ, DocumentState.CERTIFYING})
"""Where a problem says why the document waited, which it does no longer."""
_DOUBTFUL = DISAGREEING | {FindingKind.MISSING_IN_POPULATION, FindingKind.UNREADABLE}


def match_record(record: Record, *, population: Population) -> tuple[Verdict, ...]:
    """Block, compare, decide: one verdict per person on the document."""
    return decide(record, population)


def look_up(
    actor: Actor, record: Record, *, command: str, tx: Transaction, clock: Clock
) -> tuple[Verdict, ...]:
    """The verdicts for whoever asks by ``command``; that and for how many persons stands in the trail.

    It is a line of the document's own history where the actor's agency has the paper. Nothing else is kept.
    """
    require(actor, Action.DOCUMENT_PROCESS)
    verdicts = match_record(record, population=tx.population)
    if verdicts:
        papers = tx.documents.all_by_original(record.sha256, agency_id=actor.agency_id)
        note(
            tx,
            EventName.POPULATION_LOOKED_UP,
            actor,
            at=clock.now(),
            document=next((one for one in papers if one.pages == record.pages), None),
            command=command,
            people=len(verdicts),
        )
    return verdicts


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
        keep_match(tx, actor, document, as_of_now(document, tx, at=now))
    else:
        _catch_up(tx, actor, document, clock=clock)


def catch_up(actor: Actor, document_id: str, *, tx: Transaction, clock: Clock) -> None:
    """After an acceptance was refused with ``document_changed``: what the page shows next is of now."""
    require(actor, Action.DOCUMENT_REVIEW)
    _catch_up(tx, actor, find_document(tx, actor, document_id), clock=clock)


def _catch_up(tx: Transaction, actor: Actor, document: Document, *, clock: Clock) -> None:
    if document.state is not DocumentState.REVIEW or document.record is None:
        return
    try:
        _match_again(tx, actor, document, clock=clock)
    except HosoError as error:
        # who dealt with it meanwhile was quicker; before anything is signed it is matched anyway
        if error.code is not ErrorCode.STATE_CONFLICT:
            raise


def match_again(
    actor: Actor,
    document_id: str,
    *,
    seen: datetime | None = None,
    tx: Transaction,
    clock: Clock,
) -> Document:
    """An officer asks what the population data say by now of a document in review, or verified.

    Verified, it goes back to review where what was verified no longer holds. Raises ``state_conflict`` in
    any other state, ``document_changed`` where it is not as ``seen``.
    """
    require(actor, Action.DOCUMENT_REVIEW)
    document = find_document(tx, actor, document_id, seen=seen)
    if document.state not in MATCHED_AGAIN:
        raise _conflict(document)
    return _match_again(tx, actor, document, clock=clock)


def as_of_now(document: Document, tx: Transaction, *, at: datetime) -> Document:
    """The document as population and files of now leave it, with the state that follows; nothing is written.

    ``at`` is taken before anything is asked. Verified or about to be signed, the document stays so where
    what was verified still holds, and nothing is on file of it that nobody has accepted. Raises
    ``state_conflict`` where it has not been read.
    """
    if document.record is None:
        raise _conflict(document)
    anew = match_record(document.record, population=tx.population)
    if document.state in _SETTLED:
        verdicts = _chosen_again(document, document.record, anew, tx.population)
        if verdicts is None or not _still_holds(document, verdicts):
            return _taken_back(document, anew, tx, why=(POPULATION_CHANGED,), at=at)
        current = looked_up(replace(document, verdicts=verdicts, matched_at=at), tx)
        accepted = set(reasons_on_file(current)) <= set(document.reasons)
        # one copy in force that somebody accepted says nothing of the next
        if not (accepted and copies_in_force(current) <= copies_in_force(document)):
            return _taken_back(document, anew, tx, why=(), at=at)
        # what an officer accepted it in spite of may be less by now
        return replace(current, reasons=_concluded(current).reasons if document.reasons else ())
    current = looked_up(replace(document, verdicts=anew, matched_at=at), tx)
    conclusion = _concluded(current)
    settled = left_to_a_person(document.reasons)
    return replace(
        current,
        state=DocumentState.REVIEW if settled else conclusion.state,
        reasons=(*settled, *conclusion.reasons),
    )


def _concluded(document: Document) -> Conclusion:
    if document.record is None:
        raise _conflict(document)
    return conclude(document.record, document.verdicts)


def taken_back(document: Document, tx: Transaction, *, why: str, at: datetime) -> Document:
    """The document in review again, for a reason that a person settles; nothing is written.

    Who it is, is open again: the verdicts are the comparison's own of now, whoever chose before.
    """
    if document.record is None:
        return replace(document, state=DocumentState.REVIEW, reasons=(why,))
    anew = match_record(document.record, population=tx.population)
    return _taken_back(document, anew, tx, why=(why,), at=at)


def _taken_back(
    document: Document,
    verdicts: tuple[Verdict, ...],
    tx: Transaction,
    *,
    why: tuple[str, ...],
    at: datetime,
) -> Document:
    current = looked_up(replace(document, verdicts=verdicts, matched_at=at), tx)
    reasons = (*why, *_concluded(current).reasons)
    return replace(current, state=DocumentState.REVIEW, reasons=reasons)


def _chosen_again(
    document: Document, record: Record, anew: tuple[Verdict, ...], population: Population
) -> tuple[Verdict, ...] | None:
    """The verdicts on whom an officer chose; ``None`` where one of the choices holds no longer.

    An officer chose among some people by what agreed: it holds while the same people are worth a look and
    the paper agrees with the one chosen as it did. Somebody new may be the one meant.
    """
    by_role = {one.role: one for one in anew}
    for before in document.verdicts:
        if before.decided_by is None:
            continue
        verdict = by_role.get(before.role)
        person = population.get(before.personal_id or "")
        if verdict is None or person is None or person.personal_id not in _numbers(verdict):
            return None
        findings = findings_on(record, verdict, person, population)
        again = decided(verdict, person.personal_id, findings=findings, by=before.decided_by)
        if _numbers(again) != _numbers(before) or _compared(again) != _compared(before):
            return None
        by_role[before.role] = again
    return tuple(by_role.values())


def findings_on(
    record: Record, verdict: Verdict, person: Person, population: Population
) -> tuple[Finding, ...]:
    """How the paper agrees with one of those whom a verdict considered."""
    if person.personal_id == verdict.personal_id:
        return verdict.findings
    return findings_against(record, verdict.role, person, population)


def keep_match(tx: Transaction, actor: Actor, document: Document, anew: Document) -> Document:
    """Write what :func:`as_of_now` made of ``document``; the trail says since when that is so."""
    at = anew.matched_at or document.updated_at
    if document.state in _WAITED:
        anew = replace(anew, problem=None)
    kept = move_to(tx, document, anew, at=at)
    facts: dict[str, object] = {"state": str(kept.state)}
    if document.state is not DocumentState.READ and document.matched_at is not None:
        facts["changed_since"] = document.matched_at.isoformat()
    note(tx, EventName.DOCUMENT_MATCHED, actor, at=at, document=kept, **facts)
    return kept


def _still_holds(document: Document, anew: tuple[Verdict, ...]) -> bool:
    """Whether what was verified is verified still.

    Where nothing is found against it that was not there when it was verified, it is, also where there is
    less by now or our own rules have other words for it. Where the conclusion verified it, without reasons,
    it may also do so again for the same persons.
    """
    now = {one.role: one for one in anew}
    if not _doubts(anew) - _doubts(document.verdicts) and all(
        one.role in now and _is_as_good(now[one.role], one) for one in document.verdicts
    ):
        return True
    if document.reasons or document.record is None:
        return False
    return conclude(document.record, anew).state is DocumentState.VERIFIED and all(
        one.role in now and now[one.role].personal_id == one.personal_id
        for one in document.verdicts
        if one.decision is Decision.MATCHED
    )


def _is_as_good(now: Verdict, before: Verdict) -> bool:
    """The same person, no less surely, and where it is left open who it is nobody whom nobody looked at."""
    if now.personal_id != before.personal_id:
        return False
    if now.decision is Decision.MATCHED:
        return True
    return now.decision is before.decision and _numbers(now) <= _numbers(before)


def _doubts(verdicts: tuple[Verdict, ...]) -> set[object]:
    """Disagreements and gaps, by what the data say there: our own words for them may change.

    But ``conflicting`` may say that the number is another's, which the row itself does not show.
    """
    return {
        (one.role, found.field, found.population, found.kind is FindingKind.CONFLICTING)
        for one in verdicts
        for found in one.findings
        if found.kind in _DOUBTFUL
    }


def _numbers(verdict: Verdict) -> set[str]:
    """Whom an officer looks at: how likely they are moves a little with every import."""
    return {one.personal_id for one in verdict.worth_a_look}


def _compared(verdict: Verdict) -> list[object]:
    """What the data say of each field. Not how old that is."""
    return [(found.field, found.kind, found.population) for found in verdict.findings]


def as_seen(document: Document, tx: Transaction, *, at: datetime) -> Document:
    """The document in review as :func:`as_of_now` has it, for whoever answers for what it shows.

    Raises ``document_changed`` where that is something else: the officer has not seen it.
    """
    if document.record is None:
        return document
    anew = as_of_now(document, tx, at=at)
    if _shown(anew) != _shown(document):
        raise HosoError(ErrorCode.DOCUMENT_CHANGED, document=document.id)
    return anew


def _shown(document: Document) -> object:
    """What a page shows of the match, and an officer goes by."""
    verdicts = [
        (one.role, one.decision, one.personal_id, one.decided_by, _compared(one), _numbers(one))
        for one in document.verdicts
    ]
    return document.state, document.reasons, copies_in_force(document), verdicts


def _on_file(document: Document) -> object:
    """What is told of other documents of the paper, and how they find this one."""
    return document.record.checks if document.record else (), document.paper_keys


def _match_again(tx: Transaction, actor: Actor, document: Document, *, clock: Clock) -> Document:
    now = clock.now()
    anew = as_of_now(document, tx, at=now)
    if _shown(anew) != _shown(document) or _on_file(anew) != _on_file(document):
        return keep_match(tx, actor, document, anew)
    # not even ``updated_at``: the page that an officer has open is as good as before
    if not tx.documents.confirm_match(document, at=now):
        raise _conflict(document)
    return replace(document, matched_at=now)


def _conflict(document: Document) -> HosoError:
    return HosoError(ErrorCode.STATE_CONFLICT, document=document.id, state=str(document.state))
