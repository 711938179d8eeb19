"""What the workflow needs of the world; storage, signing and tests provide it.

A ``Transaction`` is one business transaction: rows, events and jobs commit together or not at all.
Use-cases never commit; whoever opened the transaction does.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.account import Account, Session
from domain.agency import Agency
from domain.certificate import Certificate
from domain.document import Document, DocumentState, Lane, ProblemCounts
from domain.event import Event, EventName
from domain.person import Person, PersonQuery
from domain.population_import import ImportReport


class Bucket(StrEnum):
    """Where objects live. Originals and e-copies are under Object Lock; page pictures can be made again."""

    ORIGINALS = "originals"
    PAGES = "pages"
    ECOPIES = "ecopies"


class ObjectStore(Protocol):
    """Bytes under content-hash keys. Raises ``object_store_unavailable`` when it cannot be reached."""

    def put(
        self,
        bucket: Bucket,
        key: str,
        data: bytes,
        *,
        media_type: str,
        retain_until: datetime | None = None,
    ) -> str | None:
        """Store ``data`` and return its version id; safe to repeat with the same key and bytes."""
        ...

    def mend(
        self,
        bucket: Bucket,
        key: str,
        data: bytes,
        *,
        media_type: str,
        retain_until: datetime | None = None,
    ) -> bool:
        """Store ``data`` anew where the newest under its hash ``key`` is missing or damaged; whether it was.

        A sound object is left alone. A damaged one that is locked stays, as an older version.
        """
        ...

    def get(self, bucket: Bucket, key: str, *, version: str | None = None) -> bytes:
        """The bytes, of another version that the hash ``key`` proves where ``version`` is damaged or gone.

        Raises ``object_missing``, and ``object_corrupt`` where they cannot be had.
        """
        ...

    def exists(self, bucket: Bucket, key: str) -> bool:
        """Whether an object stands under ``key``."""
        ...


class Step(StrEnum):
    """Durable jobs; each carries a document id only and is safe to repeat."""

    READ = "read"
    MATCH = "match"
    CERTIFY = "certify"


class Jobs(Protocol):
    """The queue, inside the transaction."""

    def enqueue(self, step: Step, document_id: str, *, lane: Lane) -> None:
        """Defer ``step`` for the document; it becomes visible when the transaction commits."""
        ...

    def hurry(self, document_ids: Sequence[str]) -> None:
        """Put what waits for these documents into the counter's lane; a job under way goes on."""
        ...

    def enqueue_behind(self, step: Step, document_ids: Sequence[str]) -> None:
        """Defer ``step`` for each document for which no such job waits already, behind all other work."""
        ...


class Order(StrEnum):
    """How a list goes; in each the papers of one file follow one another by their pages."""

    NEWEST = "newest"
    OLDEST = "oldest"
    QUEUE = "queue"
    """Those who wait at the counter first, and of each lane the oldest first."""


@dataclass(frozen=True, kw_only=True)
class DocumentPage:
    """One page of a listing; ``next_cursor`` is opaque, ``None`` at the end."""

    documents: tuple[Document, ...]
    next_cursor: str | None


class Documents(Protocol):
    """Documents of one agency subtree; row permission is part of every query (``within`` = agency path)."""

    def add(self, document: Document) -> bool:
        """Insert; ``False`` where the id already stands (ids are derived from the original)."""
        ...

    def get(self, document_id: str, *, within: str) -> Document | None: ...

    def all_by_original(self, sha256: str, *, agency_id: str) -> tuple[Document, ...]:
        """Every document made from the same original by the same agency, in the order of its pages."""
        ...

    def siblings(self, document: Document) -> tuple[str, ...]:
        """Ids of the other documents made from its original by its agency, in the order of their pages."""
        ...

    def of_paper(self, keys: Sequence[str], *, within: str, limit: int) -> tuple[Document, ...]:
        """Documents that share one of ``keys`` (``Document.paper_keys``), the newest first."""
        ...

    def hurry(self, sha256: str, *, agency_id: str) -> tuple[str, ...]:
        """Put all made from this original into the counter's lane, no more; ids of those that were not."""
        ...

    def move(self, before: Document, *, changed: Document) -> bool:
        """Fenced update: write all but batch and lane where state and last change are those of ``before``."""
        ...

    def confirm_match(self, document: Document, *, at: datetime) -> bool:
        """Fenced as :meth:`move`: its verdicts, made again ``at``, are the same; no more is written."""
        ...

    def matched_before(self, moment: datetime) -> tuple[str, ...]:
        """Ids of documents of all agencies that are read or in review, with no verdicts since ``moment``."""
        ...

    def join_batch(self, batch: str, *, sha256: str, agency_id: str) -> None:
        """Count every document made from this original, now or later, into ``batch`` too.

        A document that came under no batch has the first one it joins as its ``batch``. Safe to repeat.
        """
        ...

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
        """In this order. Raises ``request_invalid`` for a cursor that is none of this order."""
        ...

    def counts(self, *, within: str, batch: str | None = None) -> Mapping[DocumentState, int]:
        """How many documents are in each state."""
        ...

    def problems(self, *, within: str, batch: str | None = None) -> ProblemCounts:
        """How many of each state have which ``problem``; states without any are left out."""
        ...

    def failed(self, sha256: str) -> tuple[Document, ...]:
        """Every failed document of this original, of all agencies."""
        ...


class Certificates(Protocol):
    """The certification register."""

    def next_number(self, *, agency_id: str, year: int) -> int:
        """The next running number; the row lock holds until the transaction ends, so there are no gaps."""
        ...

    def add(self, certificate: Certificate) -> None: ...

    def by_document(self, document_id: str) -> Certificate | None:
        """The copy in force, else the one revoked last."""
        ...

    def by_code(self, code: str) -> Certificate | None: ...

    def by_sha256(self, sha256: str) -> Certificate | None: ...

    def hold(self, code: str) -> Certificate | None:
        """As :meth:`by_code`; whoever else holds it waits until this transaction ends."""
        ...

    def revoke(self, code: str, *, at: datetime, reason: str) -> bool:
        """Mark the entry; ``False`` where it is revoked already."""
        ...


class Events(Protocol):
    """The audit trail; append only."""

    def add(self, event: Event) -> None: ...

    def of_document(self, document_id: str, *, limit: int = 200) -> tuple[Event, ...]:
        """The newest ``limit`` events of a document, oldest first."""
        ...

    def since(self, event_id: int, *, within: str, limit: int = 200) -> tuple[Event, ...]:
        """Events after ``event_id`` in the agency subtree, oldest first (live progress)."""
        ...

    def named(
        self,
        names: Iterable[EventName],
        *,
        within: str,
        before: int | None = None,
        limit: int = 200,
    ) -> tuple[Event, ...]:
        """Newest first; of those older than the event ``before``, where it is given."""
        ...

    def brought(
        self,
        actor_id: str,
        *,
        document_id: str | None = None,
        before: int | None = None,
        limit: int = 200,
    ) -> tuple[Event, ...]:
        """When this actor first brought each document (registered, or a duplicate), newest first.

        Only that document, and only events older than the event ``before``, where given.
        """
        ...

    def noted(
        self, name: EventName, *, document_id: str, since: datetime, actor_id: str | None = None
    ) -> bool:
        """Whether the document has such an event at or after ``since``, of ``actor_id`` if given."""
        ...

    def count(self, name: EventName, *, fact: str, value: str, since: datetime) -> int:
        """How many events of that name at or after ``since`` carry ``value`` under ``fact``, in all agencies.

        Throttling of logins stands on it, so it must hold over every web process.
        """
        ...

    def digest_key(self) -> bytes:
        """The secret under which the trail keeps digests: one for the installation, made at first use."""
        ...


class Population(Protocol):
    """The population data, looked up by blocks (``domain.blocking``)."""

    def candidates(self, query: PersonQuery, *, limit: int = 64) -> tuple[Person, ...]:
        """Everyone who shares a blocking key with ``query``, at most ``limit``.

        Of namesakes born otherwise only the nearest in family, home and date (``domain.blocking.closeness``),
        and none where the name is met with the number or the day.
        """
        ...

    def get(self, personal_id: str) -> Person | None: ...

    def merge(self, rows: Iterable[tuple[int, Person]], *, source: str) -> ImportReport:
        """Insert or update rows, each with its line number; tells those that others outdo."""
        ...

    def remove(self, personal_id: str) -> bool:
        """Take the row of exactly that number out; whether there was one."""
        ...

    def count(self) -> int:
        """How many persons are known since the last import."""
        ...

    def namesakes(self, full_name: str, *, at_most: int) -> int:
        """How many persons bear this name, marks and case not regarded; counted up to ``at_most``."""
        ...


class Agencies(Protocol):
    """The agency tree."""

    def get(self, agency_id: str) -> Agency | None: ...

    def add(self, agency: Agency) -> None:
        """Insert, or update name and parent of the same id."""
        ...


class Accounts(Protocol):
    """Staff accounts and sessions."""

    def by_login(self, login: str) -> Account | None: ...

    def get(self, account_id: str) -> Account | None: ...

    def hold(self, account_id: str) -> Account | None:
        """As :meth:`get`; whoever else holds or saves it waits until this transaction ends."""
        ...

    def staff(self, *, within: str) -> tuple[Account, ...]:
        """Every account of the agency subtree, disabled ones too, by login."""
        ...

    def save(self, account: Account) -> None: ...

    def add_session(self, session: Session) -> None: ...

    def session(self, token_sha256: str) -> Session | None: ...

    def drop_session(self, token_sha256: str) -> None: ...

    def drop_sessions(self, account_id: str) -> None:
        """Forget every session of the account."""
        ...

    def drop_expired_sessions(self, now: datetime) -> None:
        """Forget every session that ended at or before ``now``."""
        ...


@dataclass(frozen=True, kw_only=True)
class RememberedAnswer:
    """The answer already given under an idempotency key."""

    request_sha256: str
    document_id: str


class IdempotencyKeys(Protocol):
    """Answers to repeated uploads."""

    def claim(
        self, key: str, *, actor_id: str, answer: RememberedAnswer
    ) -> RememberedAnswer | None:
        """Reserve ``key`` for ``answer``; the answer it stands for already, ``None`` where it was free.

        Of transactions that claim one key at once, one has it; the others wait for its end.
        """
        ...


class Transaction(Protocol):
    """All repositories over one database transaction."""

    @property
    def documents(self) -> Documents: ...

    @property
    def certificates(self) -> Certificates: ...

    @property
    def events(self) -> Events: ...

    @property
    def jobs(self) -> Jobs: ...

    @property
    def population(self) -> Population: ...

    @property
    def agencies(self) -> Agencies: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def idempotency_keys(self) -> IdempotencyKeys: ...


class Database(Protocol):
    """Opens transactions: commit when the block ends, roll back when it raises."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Raises ``database_unavailable`` when the server cannot be reached."""
        ...


class Clock(Protocol):
    """The time, always in UTC."""

    def now(self) -> datetime: ...
