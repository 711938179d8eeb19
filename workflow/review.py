"""Review: a person decides, perhaps days later; the decision enqueues the next step."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from domain.actor import Action, Actor, require
from domain.dates import day_in_vietnam
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.person import Person
from domain.ports import Clock, Step, Transaction
from domain.record import Record
from domain.verdict import Choice, Decision, Finding, Verdict, decided
from matching.conclusion import conclude
from workflow.correction import corrected_record, typed_values
from workflow.matching import as_seen, findings_on, taken_back
from workflow.reasons import REOPENED, of_paper_and_data
from workflow.transition import find_document, move, move_to, note
from workflow.viewing import DocumentFile


@dataclass(frozen=True, kw_only=True)
class Option:
    """Somebody whom a person on the paper may be: the row as it is now, compared with the paper."""

    person: Person
    probability: float
    findings: tuple[Finding, ...]


def options(
    actor: Actor, file: DocumentFile, *, tx: Transaction
) -> Mapping[str, tuple[Option, ...]]:
    """Whom the officer may choose for each role of a document in review, the likeliest first.

    That somebody looked at their data is in the trail: whoever has the ``file`` has viewed the document.
    Of the person named the findings are the verdict's. Who has left the population data cannot be chosen.
    """
    require(actor, Action.DOCUMENT_REVIEW)
    return _listed(file.document, tx)


def _listed(document: Document, tx: Transaction) -> Mapping[str, tuple[Option, ...]]:
    if document.state is not DocumentState.REVIEW or document.record is None:
        return {}
    found = {
        verdict.role: tuple(_options(verdict, document.record, tx)) for verdict in document.verdicts
    }
    return {role: each for role, each in found.items() if each}


def fingerprint(listed: Mapping[str, tuple[Option, ...]]) -> str:
    """Equal where a page shows the same of the same people; how likely they are moves with every import."""
    shown = [
        (
            role,
            one.person.personal_id,
            one.person.full_name,
            one.person.birth_date,
            one.person.residence,
            one.person.home_town,
            [(found.field, found.kind, found.population) for found in one.findings],
        )
        for role, each in sorted(listed.items())
        for one in each
    ]
    return sha256(repr(sorted(shown, key=repr)).encode()).hexdigest()


def _options(verdict: Verdict, record: Record, tx: Transaction) -> Iterable[Option]:
    for one in verdict.worth_a_look:
        person = tx.population.get(one.personal_id)
        if person is not None:
            yield Option(
                person=person,
                probability=one.probability,
                findings=findings_on(record, verdict, person, tx.population),
            )


def accept(
    actor: Actor,
    document_id: str,
    *,
    reason: str,
    seen: datetime | None = None,
    listed: str | None = None,
    choices: Iterable[Choice] = (),
    tx: Transaction,
    clock: Clock,
) -> Document:
    """The officer takes responsibility for the document as it stands (and was ``seen``), and says why.

    ``choices`` say who the people on it are, of those who are worth a look: the verdicts then name them.
    ``listed`` is the ``fingerprint`` of those whom the officer had before them.
    Raises ``document_changed`` also where the population data of now give another comparison
    (``matching.catch_up`` then writes it), ``person_not_on_paper``, ``person_not_considered`` and
    ``person_chosen_twice``; nothing is changed then.
    """
    require(actor, Action.DOCUMENT_REVIEW)
    chosen = tuple(choices)

    def accepted(document: Document, at: datetime) -> Document:
        current = as_seen(document, tx, at=at)
        if listed is not None and listed != fingerprint(_listed(current, tx)):
            raise HosoError(ErrorCode.DOCUMENT_CHANGED, document=document.id)
        now = _chosen(actor, current, chosen, tx)
        return replace(now, reasons=of_paper_and_data(now.reasons))

    decision = _Decision(
        of=frozenset({DocumentState.REVIEW}),
        state=DocumentState.VERIFIED,
        event=EventName.DOCUMENT_ACCEPTED,
        leaves=accepted,
        persons={one.role: one.personal_id for one in chosen},
    )
    return _decide(actor, document_id, decision, reason, seen=seen, tx=tx, clock=clock)


def reject(
    actor: Actor,
    document_id: str,
    *,
    reason: str,
    seen: datetime | None = None,
    tx: Transaction,
    clock: Clock,
) -> Document:
    """The officer refuses the document; the reason is kept and shown."""
    require(actor, Action.DOCUMENT_REVIEW)
    decision = _Decision(
        of=frozenset({DocumentState.REVIEW, DocumentState.VERIFIED}),
        state=DocumentState.REJECTED,
        event=EventName.DOCUMENT_REJECTED,
        # a person has looked, which is all that the others waited for
        leaves=lambda document, _: replace(document, reasons=of_paper_and_data(document.reasons)),
    )
    return _decide(actor, document_id, decision, reason, seen=seen, tx=tx, clock=clock)


def reopen(
    actor: Actor,
    document_id: str,
    *,
    reason: str,
    seen: datetime | None = None,
    tx: Transaction,
    clock: Clock,
) -> Document:
    """The officer takes back to review what was rejected, or verified and nobody asked to certify it.

    It is matched with the population data of now, without the choices made before. It can be corrected,
    accepted or rejected there; no matching verifies it again, only a person.
    """
    require(actor, Action.DOCUMENT_REVIEW)
    decision = _Decision(
        of=frozenset({DocumentState.VERIFIED, DocumentState.REJECTED}),
        state=DocumentState.REVIEW,
        event=EventName.DOCUMENT_REOPENED,
        leaves=lambda document, at: taken_back(document, tx, why=REOPENED, at=at),
    )
    return _decide(actor, document_id, decision, reason, seen=seen, tx=tx, clock=clock)


def correct(
    actor: Actor,
    document_id: str,
    values: Mapping[str, str | None],
    *,
    reason: str = "",
    seen: datetime | None = None,
    tx: Transaction,
    clock: Clock,
) -> Document:
    """The officer types what the paper says, nothing where it says nothing; the document is matched again.

    What was typed stays with the field, by whom and when, whatever is typed next: the trail names the fields
    only, for it can never be altered and holds no personal data.
    Raises ``correction_empty``, ``field_unknown`` and ``field_value_invalid``; nothing is changed then.
    """
    require(actor, Action.DOCUMENT_REVIEW)
    if not values:
        raise HosoError(ErrorCode.CORRECTION_EMPTY)
    document = find_document(tx, actor, document_id, seen=seen)
    if document.record is None:
        raise HosoError(ErrorCode.STATE_CONFLICT, document=document.id, state=str(document.state))
    now = clock.now()
    typed = typed_values(values, document.record, actor, at=now)
    record = corrected_record(document.record, typed, today=day_in_vietnam(now))
    corrected = move(tx, document, DocumentState.READ, at=now, record=record, problem=None)
    note(
        tx,
        EventName.DOCUMENT_CORRECTED,
        actor,
        at=now,
        document=corrected,
        fields=sorted(typed),
        **({"reason": reason.strip()} if reason.strip() else {}),
    )
    tx.jobs.enqueue(Step.MATCH, corrected.id, lane=corrected.lane)
    return corrected


@dataclass(frozen=True, kw_only=True)
class _Decision:
    of: frozenset[DocumentState]
    """States in which it may be taken."""
    state: DocumentState
    event: EventName
    leaves: Callable[[Document, datetime], Document]
    """What becomes of verdicts and reasons, at that moment."""
    persons: Mapping[str, str] = field(default_factory=dict)
    """Who the people on the paper are said to be, by role."""


def _decide(
    actor: Actor,
    document_id: str,
    decision: _Decision,
    reason: str,
    *,
    seen: datetime | None,
    tx: Transaction,
    clock: Clock,
) -> Document:
    stated = reason.strip()
    if not stated:
        raise HosoError(ErrorCode.REASON_REQUIRED)
    document = find_document(tx, actor, document_id, seen=seen)
    if document.state not in decision.of:
        raise HosoError(
            ErrorCode.STATE_CONFLICT,
            document=document.id,
            state=str(document.state),
            wanted=str(decision.state),
        )
    now = clock.now()
    left = replace(decision.leaves(document, now), state=decision.state)
    moved = move_to(tx, document, left, at=now)
    facts: dict[str, object] = {"persons": dict(decision.persons)} if decision.persons else {}
    note(tx, decision.event, actor, at=now, document=moved, reason=stated, **facts)
    return moved


def _chosen(
    actor: Actor, document: Document, choices: tuple[Choice, ...], tx: Transaction
) -> Document:
    """The document with verdicts on the persons chosen, and the reasons that are left then."""
    if not choices:
        return document
    record = document.record
    verdicts = {verdict.role: verdict for verdict in document.verdicts}
    for choice in choices:
        verdict = verdicts.get(choice.role)
        if verdict is None or record is None:
            raise HosoError(ErrorCode.PERSON_NOT_ON_PAPER, role=choice.role)
        person = _considered(verdict, choice, tx)
        findings = findings_on(record, verdict, person, tx.population)
        verdicts[choice.role] = decided(verdict, person.personal_id, findings=findings, by=actor.id)
    anew = tuple(verdicts.values())
    settled = [one.personal_id for one in anew if one.decision is Decision.MATCHED]
    if len(set(settled)) < len(settled):
        raise HosoError(ErrorCode.PERSON_CHOSEN_TWICE)
    reasons = document.reasons if record is None else conclude(record, anew).reasons
    return replace(document, verdicts=anew, reasons=reasons)


def _considered(verdict: Verdict, choice: Choice, tx: Transaction) -> Person:
    """The row chosen. Raises ``person_not_considered``, also for who has left the population data since."""
    shown = {one.personal_id for one in verdict.worth_a_look}
    # numbers come from outside: only one that the verdict holds is looked up
    person = tx.population.get(choice.personal_id) if choice.personal_id in shown else None
    if person is None:
        raise HosoError(ErrorCode.PERSON_NOT_CONSIDERED, role=choice.role)
    return person
