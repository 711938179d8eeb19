"""An in-memory ``domain.ports.Database`` that satisfies the same contract tests as PostgreSQL."""

import copy
import itertools
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.account import Account, Session
from domain.agency import Agency
from domain.blocking import (
    closeness,
    date_variants,
    is_surely_met,
    name_key,
    personal_id_ends,
    personal_id_variants,
)
from domain.certificate import Certificate
from domain.document import Document, DocumentState, Lane, ProblemCounts
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName
from domain.person import Person, PersonQuery
from domain.population_import import ImportReport, RowRemark
from domain.ports import DocumentPage, Order, RememberedAnswer, Step, Transaction


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job as enqueued."""

    step: Step
    document_id: str
    lane: Lane


@dataclass(kw_only=True)
class _State:
    documents: dict[str, Document] = field(default_factory=dict)
    joined: tuple[tuple[str, str, str], ...] = ()
    """Agency, SHA-256 of an original, and a batch that it joined."""
    certificates: dict[str, Certificate] = field(default_factory=dict)
    counters: dict[tuple[str, int], int] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    persons: dict[str, Person] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    answers: dict[tuple[str, str], RememberedAnswer] = field(default_factory=dict)
    digest_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def covers(self, within: str, agency_id: str) -> bool:
        agency = self.agencies.get(agency_id)
        return agency is not None and (
            agency.path == within or agency.path.startswith(f"{within}.")
        )


class MemoryDocuments:
    def __init__(self, state: _State) -> None:
        self._state = state

    def add(self, document: Document) -> bool:
        if document.id in self._state.documents:
            return False
        if document.agency_id not in self._state.agencies:
            msg = f"unknown agency {document.agency_id}"
            raise ValueError(msg)
        self._state.documents[document.id] = document
        return True

    def get(self, document_id: str, *, within: str) -> Document | None:
        document = self._state.documents.get(document_id)
        if document is None or not self._state.covers(within, document.agency_id):
            return None
        return self._whole(document)

    def all_by_original(self, sha256: str, *, agency_id: str) -> tuple[Document, ...]:
        found = self._of_original(sha256, agency_id)
        return tuple(sorted(found, key=lambda one: (one.pages, one.created_at, one.id)))

    def siblings(self, document: Document) -> tuple[str, ...]:
        of_file = self.all_by_original(document.sha256, agency_id=document.agency_id)
        return tuple(one.id for one in of_file if one.id != document.id)

    def of_paper(self, keys: Sequence[str], *, within: str, limit: int) -> tuple[Document, ...]:
        found = [one for one in self._seen(within, None) if set(keys) & set(one.paper_keys)]
        return tuple(_ordered(found, Order.NEWEST)[:limit])

    def hurry(self, sha256: str, *, agency_id: str) -> tuple[str, ...]:
        bulk = [one for one in self._of_original(sha256, agency_id) if one.lane is Lane.BULK]
        for one in bulk:
            kept = self._state.documents[one.id]
            self._state.documents[one.id] = replace(kept, lane=Lane.COUNTER)
        return tuple(one.id for one in bulk)

    def move(self, before: Document, *, changed: Document) -> bool:
        current = self._state.documents.get(before.id)
        if current is None or (current.state, current.updated_at) != (
            before.state,
            before.updated_at,
        ):
            return False
        self._state.documents[before.id] = replace(
            changed, id=before.id, batch=current.batch, lane=current.lane
        )
        return True

    def confirm_match(self, document: Document, *, at: datetime) -> bool:
        current = self._state.documents.get(document.id)
        return current is not None and self.move(document, changed=replace(current, matched_at=at))

    def matched_before(self, moment: datetime) -> tuple[str, ...]:
        waiting = {DocumentState.READ, DocumentState.REVIEW}
        found = [
            one
            for one in self._state.documents.values()
            if one.state in waiting and (one.matched_at is None or one.matched_at < moment)
        ]
        return tuple(one.id for one in sorted(found, key=lambda one: one.created_at))

    def join_batch(self, batch: str, *, sha256: str, agency_id: str) -> None:
        joining = (agency_id, sha256, batch)
        if joining not in self._state.joined:
            self._state.joined += (joining,)

    def page(
        self,
        *,
        within: str,
        batch: str | None = None,
        state: DocumentState | None = None,
        lane: Lane | None = None,
        order: Order = Order.NEWEST,
        cursor: str | None = None,
        limit: int = 50,
    ) -> DocumentPage:
        found = [
            one
            for one in self._seen(within, batch)
            if (state is None or one.state is state) and (lane is None or one.lane is lane)
        ]
        if cursor is not None:
            if not cursor.startswith(f"{order}:"):
                raise HosoError(ErrorCode.REQUEST_INVALID, problem="cursor")
            last = self._state.documents[cursor.removeprefix(f"{order}:")]
            found = [one for one in found if _ordered([one, last], order)[0] is last]
            found = [one for one in found if one.id != last.id]
        found = _ordered(found, order)
        shown = tuple(found[:limit])
        more = len(found) > limit
        return DocumentPage(
            documents=shown, next_cursor=f"{order}:{shown[-1].id}" if more else None
        )

    def counts(self, *, within: str, batch: str | None = None) -> Mapping[DocumentState, int]:
        return dict(Counter(one.state for one in self._seen(within, batch)))

    def problems(self, *, within: str, batch: str | None = None) -> ProblemCounts:
        told: dict[DocumentState, Counter[str]] = {}
        for one in self._seen(within, batch):
            if one.problem is not None:
                told.setdefault(one.state, Counter())[one.problem] += 1
        return told

    def failed(self, sha256: str) -> tuple[Document, ...]:
        every = sorted(self._state.documents.values(), key=lambda one: (one.agency_id, one.id))
        return tuple(
            self._whole(one)
            for one in every
            if one.sha256 == sha256 and one.state is DocumentState.FAILED
        )

    def _whole(self, document: Document) -> Document:
        """The document with the batches that its original joined."""
        own = [] if document.batch is None else [document.batch]
        of_original = (document.agency_id, document.sha256)
        joined = [batch for *original, batch in self._state.joined if (*original,) == of_original]
        first, *further = dict.fromkeys([*own, *joined]) or (None,)
        return replace(document, batch=first, further_batches=tuple(further))

    def _of_original(self, sha256: str, agency_id: str) -> list[Document]:
        return [
            self._whole(one)
            for one in self._state.documents.values()
            if one.sha256 == sha256 and one.agency_id == agency_id
        ]

    def _seen(self, within: str, batch: str | None) -> list[Document]:
        every = (self._whole(one) for one in self._state.documents.values())
        return [
            one
            for one in every
            if self._state.covers(within, one.agency_id) and (batch is None or batch in one.batches)
        ]


def _ordered(documents: Iterable[Document], order: Order) -> list[Document]:
    """Stable sorts, the last key first."""
    found = sorted(documents, key=lambda one: (one.pages[:1], one.id))
    newest = order is Order.NEWEST
    found.sort(key=lambda one: (one.created_at, one.sha256), reverse=newest)
    if order is Order.QUEUE:
        found.sort(key=lambda one: one.lane is not Lane.COUNTER)
    return found


class MemoryCertificates:
    def __init__(self, state: _State) -> None:
        self._state = state

    def next_number(self, *, agency_id: str, year: int) -> int:
        number = self._state.counters.get((agency_id, year), 0) + 1
        self._state.counters[agency_id, year] = number
        return number

    def add(self, certificate: Certificate) -> None:
        for other in self._state.certificates.values():
            place = (other.agency_id, other.year, other.number)
            if (
                (other.document_id == certificate.document_id and other.revoked_at is None)
                or other.sha256 == certificate.sha256
                or other.code == certificate.code
                or place == (certificate.agency_id, certificate.year, certificate.number)
            ):
                msg = "already in the register"
                raise ValueError(msg)
        self._state.certificates[certificate.code] = certificate

    def by_document(self, document_id: str) -> Certificate | None:
        own = [one for one in self._state.certificates.values() if one.document_id == document_id]
        in_force = [one for one in own if one.revoked_at is None]
        latest = sorted(own, key=lambda one: one.revoked_at or one.signed_at)
        return in_force[0] if in_force else latest[-1] if latest else None

    def by_code(self, code: str) -> Certificate | None:
        return self._first(code=code)

    def by_sha256(self, sha256: str) -> Certificate | None:
        return self._first(sha256=sha256)

    def hold(self, code: str) -> Certificate | None:
        return self.by_code(code)

    def revoke(self, code: str, *, at: datetime, reason: str) -> bool:
        one = self._state.certificates[code]
        if one.revoked_at is not None:
            return False
        self._state.certificates[code] = replace(one, revoked_at=at, revoked_reason=reason)
        return True

    def _first(self, **wanted: str) -> Certificate | None:
        for one in self._state.certificates.values():
            if all(getattr(one, name) == value for name, value in wanted.items()):
                return one
        return None


class MemoryEvents:
    def __init__(self, state: _State, ids: Iterator[int]) -> None:
        self._state = state
        self._ids = ids

    def add(self, event: Event) -> None:
        self._state.events.append(replace(event, id=next(self._ids)))

    def of_document(self, document_id: str, *, limit: int = 200) -> tuple[Event, ...]:
        found = [one for one in self._state.events if one.document_id == document_id]
        return tuple(found[-limit:])

    def since(self, event_id: int, *, within: str, limit: int = 200) -> tuple[Event, ...]:
        found = [one for one in self._seen(within) if (one.id or 0) > event_id]
        return tuple(found[:limit])

    def named(
        self,
        names: Iterable[EventName],
        *,
        within: str,
        before: int | None = None,
        limit: int = 200,
    ) -> tuple[Event, ...]:
        wanted = set(names)
        found = [
            one
            for one in reversed(self._seen(within))
            if one.name in wanted and (before is None or (one.id or 0) < before)
        ]
        return tuple(found[:limit])

    def brought(
        self,
        actor_id: str,
        *,
        document_id: str | None = None,
        before: int | None = None,
        limit: int = 200,
    ) -> tuple[Event, ...]:
        names = {EventName.DOCUMENT_REGISTERED, EventName.DOCUMENT_DUPLICATE}
        first: dict[str | None, Event] = {}
        for one in self._state.events:
            if one.actor_id == actor_id and one.name in names:
                first.setdefault(one.document_id, one)
        found = [
            one
            for one in sorted(first.values(), key=lambda one: -(one.id or 0))
            if document_id in {None, one.document_id} and (before is None or (one.id or 0) < before)
        ]
        return tuple(found[:limit])

    def noted(
        self, name: EventName, *, document_id: str, since: datetime, actor_id: str | None = None
    ) -> bool:
        return any(
            one.name is name
            and one.document_id == document_id
            and one.at >= since
            and actor_id in {None, one.actor_id}
            for one in self._state.events
        )

    def count(self, name: EventName, *, fact: str, value: str, since: datetime) -> int:
        return sum(
            1
            for one in self._state.events
            if one.name is name and one.at >= since and one.facts.get(fact) == value
        )

    def digest_key(self) -> bytes:
        return self._state.digest_key

    def _seen(self, within: str) -> list[Event]:
        return [one for one in self._state.events if self._state.covers(within, one.agency_id)]


class MemoryJobs:
    def __init__(self, state: _State) -> None:
        self._state = state

    def enqueue(self, step: Step, document_id: str, *, lane: Lane) -> None:
        self._state.jobs.append(Job(step=step, document_id=document_id, lane=lane))

    def hurry(self, document_ids: Sequence[str]) -> None:
        self._state.jobs = [
            replace(one, lane=Lane.COUNTER) if one.document_id in document_ids else one
            for one in self._state.jobs
        ]

    def enqueue_behind(self, step: Step, document_ids: Sequence[str]) -> None:
        waiting = {one.document_id for one in self._state.jobs if one.step is step}
        for document_id in document_ids:
            if document_id not in waiting:
                self.enqueue(step, document_id, lane=Lane.BULK)


class MemoryPopulation:
    def __init__(self, state: _State) -> None:
        self._state = state

    def candidates(self, query: PersonQuery, *, limit: int = 64) -> tuple[Person, ...]:
        everybody = self._state.persons.values()
        found = [one for one in everybody if _shares_a_key(query, one)]
        if query.full_name and not any(is_surely_met(query, one) for one in found):
            wanted = name_key(query.full_name)
            named = [one for one in everybody if name_key(one.full_name or "") == wanted]
            found += sorted(named, key=lambda one: closeness(query, one), reverse=True)
        unique = {one.personal_id: one for one in found}
        ranked = sorted(unique.values(), key=lambda one: one.personal_id != query.personal_id)
        return tuple(ranked[:limit])

    def get(self, personal_id: str) -> Person | None:
        return self._state.persons.get(personal_id)

    def merge(self, rows: Iterable[tuple[int, Person]], *, source: str) -> ImportReport:
        """As PostgreSQL does, in so far as the last row of a number outdoes others before it."""
        numbered = list(rows)
        last = {person.personal_id: person for _, person in numbered}
        rejected = [
            RowRemark(line=line, reason="personal_id_repeated")
            for line, person in numbered
            if person != last[person.personal_id]
        ]
        known = self._state.persons
        anew = {
            number: person
            for number, person in last.items()
            if number not in known or replace(known[number], source=person.source) != person
        }
        self._state.persons |= {
            number: replace(person, source=source) for number, person in anew.items()
        }
        unchanged = len(numbered) - len(rejected) - len(anew)
        return ImportReport(imported=len(anew), unchanged=unchanged, rejected=rejected)

    def remove(self, personal_id: str) -> bool:
        return self._state.persons.pop(personal_id, None) is not None

    def count(self) -> int:
        return len(self._state.persons)

    def namesakes(self, full_name: str, *, at_most: int) -> int:
        wanted = name_key(full_name)
        persons = self._state.persons.values()
        return min(at_most, sum(name_key(one.full_name or "") == wanted for one in persons))


def _shares_a_key(query: PersonQuery, person: Person) -> bool:
    number, date = query.personal_id or "", query.birth_date or ""
    same_name = bool(query.full_name and person.full_name) and name_key(
        query.full_name or ""
    ) == name_key(person.full_name or "")
    if number and person.personal_id in personal_id_variants(number):
        return True
    if date and person.birth_date:
        year_only = len(date) == len("YYYY") and person.birth_date.startswith(date)
        if same_name and (
            year_only or person.birth_date in (*date_variants(date), date[: len("YYYY")])
        ):
            return True
        if len(date) == len("YYYY-MM-DD") and person.birth_date == date:
            return True
    if len(number) == len("000000000000"):
        ends = zip(personal_id_ends(number), personal_id_ends(person.personal_id), strict=True)
        return any(one == other for one, other in ends)
    return False


class MemoryAgencies:
    def __init__(self, state: _State) -> None:
        self._state = state

    def get(self, agency_id: str) -> Agency | None:
        return self._state.agencies.get(agency_id)

    def add(self, agency: Agency) -> None:
        self._state.agencies[agency.id] = agency


class MemoryAccounts:
    def __init__(self, state: _State) -> None:
        self._state = state

    def by_login(self, login: str) -> Account | None:
        found = [one for one in self._state.accounts.values() if one.login == login]
        return self._with_path(found[0]) if found else None

    def get(self, account_id: str) -> Account | None:
        found = self._state.accounts.get(account_id)
        return None if found is None else self._with_path(found)

    def hold(self, account_id: str) -> Account | None:
        return self.get(account_id)

    def staff(self, *, within: str) -> tuple[Account, ...]:
        every = sorted(self._state.accounts.values(), key=lambda one: one.login)
        seen = [one for one in every if self._state.covers(within, one.agency_id)]
        return tuple(self._with_path(one) for one in seen)

    def save(self, account: Account) -> None:
        holder = self.by_login(account.login)
        if holder is not None and holder.id != account.id:
            raise HosoError(ErrorCode.REQUEST_INVALID, problem="login taken", login=account.login)
        if account.agency_id not in self._state.agencies:
            msg = f"unknown agency {account.agency_id}"
            raise ValueError(msg)
        self._state.accounts[account.id] = account

    def add_session(self, session: Session) -> None:
        self._state.sessions[session.token_sha256] = session

    def session(self, token_sha256: str) -> Session | None:
        return self._state.sessions.get(token_sha256)

    def drop_session(self, token_sha256: str) -> None:
        self._state.sessions.pop(token_sha256, None)

    def drop_sessions(self, account_id: str) -> None:
        for token, session in list(self._state.sessions.items()):
            if session.account_id == account_id:
                del self._state.sessions[token]

    def drop_expired_sessions(self, now: datetime) -> None:
        for token, session in list(self._state.sessions.items()):
            if session.expires_at <= now:
                del self._state.sessions[token]

    def _with_path(self, account: Account) -> Account:
        return replace(account, agency_path=self._state.agencies[account.agency_id].path)


class MemoryIdempotencyKeys:
    def __init__(self, state: _State) -> None:
        self._state = state

    def claim(
        self, key: str, *, actor_id: str, answer: RememberedAnswer
    ) -> RememberedAnswer | None:
        given = self._state.answers.get((actor_id, key))
        if given is None:
            self._state.answers[actor_id, key] = answer
        return given


class MemoryTransaction:
    """All repositories over one copy of the state."""

    def __init__(self, state: _State, ids: Iterator[int]) -> None:
        self.documents = MemoryDocuments(state)
        self.certificates = MemoryCertificates(state)
        self.events = MemoryEvents(state, ids)
        self.jobs = MemoryJobs(state)
        self.population = MemoryPopulation(state)
        self.agencies = MemoryAgencies(state)
        self.accounts = MemoryAccounts(state)
        self.idempotency_keys = MemoryIdempotencyKeys(state)


class MemoryDatabase:
    """One transaction at a time; what it did is kept when the block ends and dropped when it raises."""

    def __init__(self) -> None:
        self._state = _State()
        self._ids = itertools.count(1)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        work = _State(**{name: copy.copy(value) for name, value in vars(self._state).items()})
        yield MemoryTransaction(work, self._ids)
        self._state = work

    @property
    def jobs(self) -> list[Job]:
        """Everything enqueued and committed so far, oldest first."""
        return self._state.jobs

    def take_jobs(self) -> list[Job]:
        """The jobs, and an empty queue afterwards: what a worker would do next."""
        jobs, self._state.jobs = self._state.jobs, []
        return jobs

    def add_persons(self, persons: Iterable[Person]) -> None:
        """Fill the population without an import."""
        self._state.persons |= {person.personal_id: person for person in persons}

    def forget_person(self, personal_id: str) -> None:
        """Somebody who is no longer in the population data."""
        self._state.persons = {
            number: person
            for number, person in self._state.persons.items()
            if number != personal_id
        }
