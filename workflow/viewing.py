"""View: staff look at documents, their pages, their history, and fetch the certified copy."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.actor import Action, Actor, require
from domain.batch import batch_name
from domain.certificate import Certificate
from domain.document import Document, DocumentState, Lane, ProblemCounts
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName
from domain.masking import masked, masked_event, masked_text
from domain.ports import Bucket, Clock, DocumentPage, ObjectStore, Order, Transaction
from workflow.on_file import OwnCopy, issued_file
from workflow.transition import find_document, note

_ONE_DOWNLOAD = timedelta(hours=1)
"""In which a person's ranges of one copy are one download."""


@dataclass(frozen=True, kw_only=True)
class DocumentFile:
    """A document with everything the desk shows beside it; of a long history the newest lines."""

    document: Document
    events: tuple[Event, ...]
    certificate: Certificate | None
    masked: bool = False
    """Whether the population's values are withheld, for the actor may not see them."""


def view(actor: Actor, document_id: str, *, tx: Transaction, clock: Clock) -> DocumentFile:
    """One document; that it was looked at is kept in the trail."""
    require(actor, Action.DOCUMENT_VIEW)
    document = find_document(tx, actor, document_id)
    events = tx.events.of_document(document.id)
    note(tx, EventName.DOCUMENT_VIEWED, actor, at=clock.now(), document=document)
    file = DocumentFile(
        document=document,
        events=events,
        certificate=tx.certificates.by_document(document.id),
    )
    return file if actor.may(Action.POPULATION_VIEW) else _masked(file)


def _masked(file: DocumentFile) -> DocumentFile:
    certificate = file.certificate
    if certificate is not None and certificate.revoked_reason is not None:
        certificate = replace(certificate, revoked_reason=masked_text(certificate.revoked_reason))
    return DocumentFile(
        document=masked(file.document),
        events=tuple(masked_event(one) for one in file.events),
        certificate=certificate,
        masked=True,
    )


def _shown(actor: Actor, document: Document) -> Document:
    """The document as this actor may see it."""
    return document if actor.may(Action.POPULATION_VIEW) else masked(document)


def hand_out(
    actor: Actor, documents: Iterable[Document], *, command: str, tx: Transaction, clock: Clock
) -> None:
    """Records and verdicts of ``documents`` go out by ``command``: a look at each that has been read."""
    require(actor, Action.DOCUMENT_VIEW)
    read = {one.id: one for one in documents if one.record is not None}
    for document in read.values():
        note(
            tx, EventName.DOCUMENT_VIEWED, actor, at=clock.now(), document=document, command=command
        )


def status(actor: Actor, document_id: str, *, tx: Transaction) -> Document:
    """The document without its history: for programs that poll."""
    require(actor, Action.DOCUMENT_VIEW)
    return _shown(actor, find_document(tx, actor, document_id))


def originals(actor: Actor, sha256: str, *, tx: Transaction) -> tuple[Document, ...]:
    """All documents that the actor's agency made from the original with this SHA-256."""
    require(actor, Action.DOCUMENT_VIEW)
    found = tx.documents.all_by_original(sha256, agency_id=actor.agency_id)
    return tuple(_shown(actor, document) for document in found)


def of_file(
    actor: Actor, document: Document, *, tx: Transaction
) -> tuple[tuple[str, ...], OwnCopy | None]:
    """Ids of the other documents of its file, and the certified copy of ours that this very file is."""
    require(actor, Action.DOCUMENT_VIEW)
    copy = issued_file(document.sha256, within=actor.agency_path, tx=tx)
    return tx.documents.siblings(document), copy


def others_of_file(
    actor: Actor, document: Document, *, tx: Transaction, limit: int
) -> tuple[tuple[Document, ...], int]:
    """The first of the other documents of its file, by their pages, and how many there are."""
    require(actor, Action.DOCUMENT_VIEW)
    ids = tx.documents.siblings(document)
    found = (tx.documents.get(one, within=actor.agency_path) for one in ids[:limit])
    return tuple(_shown(actor, one) for one in found if one is not None), len(ids)


def listing(
    actor: Actor,
    *,
    tx: Transaction,
    batch: str | None = None,
    state: DocumentState | None = None,
    lane: Lane | None = None,
    order: Order = Order.NEWEST,
    cursor: str | None = None,
    limit: int = 50,
) -> DocumentPage:
    """Documents of the actor's agency subtree. Raises ``batch_name_invalid``, ``request_invalid``."""
    require(actor, Action.DOCUMENT_VIEW)
    page = tx.documents.page(
        within=actor.agency_path,
        batch=None if batch is None else batch_name(batch),
        state=state,
        lane=lane,
        order=order,
        cursor=cursor,
        limit=limit,
    )
    return replace(page, documents=tuple(_shown(actor, one) for one in page.documents))


def counts(actor: Actor, *, tx: Transaction, batch: str | None = None) -> dict[DocumentState, int]:
    """How many documents stand in each state. Raises ``batch_name_invalid``."""
    require(actor, Action.DOCUMENT_VIEW)
    name = None if batch is None else batch_name(batch)
    return dict(tx.documents.counts(within=actor.agency_path, batch=name))


def problems(actor: Actor, *, tx: Transaction, batch: str | None = None) -> ProblemCounts:
    """How many documents of each state failed at, or wait because of, what. Raises ``batch_name_invalid``."""
    require(actor, Action.DOCUMENT_VIEW)
    name = None if batch is None else batch_name(batch)
    return tx.documents.problems(within=actor.agency_path, batch=name)


def events_since(actor: Actor, event_id: int, *, tx: Transaction) -> tuple[Event, ...]:
    """What happened since, for live progress."""
    require(actor, Action.DOCUMENT_VIEW)
    events = tx.events.since(event_id, within=actor.agency_path)
    return events if actor.may(Action.POPULATION_VIEW) else tuple(map(masked_event, events))


def newest_event(actor: Actor, *, tx: Transaction) -> int:
    """Where live progress starts from: the id of the newest event in the actor's subtree, else 0."""
    require(actor, Action.DOCUMENT_VIEW)
    newest = tx.events.named(tuple(EventName), within=actor.agency_path, limit=1)
    return newest[0].id or 0 if newest else 0


def names_of(actor: Actor, events: tuple[Event, ...], *, tx: Transaction) -> dict[str, str]:
    """Names of the staff who appear in ``events``, by account id; the system and visitors have none."""
    require(actor, Action.DOCUMENT_VIEW)
    accounts = (tx.accounts.get(actor_id) for actor_id in {event.actor_id for event in events})
    return {account.id: account.name for account in accounts if account is not None}


@dataclass(frozen=True, kw_only=True)
class PopulationStatus:
    """How many persons the population data holds, and the newest import."""

    persons: int
    last_import: Event | None


def population_status(actor: Actor, *, tx: Transaction) -> PopulationStatus:
    """For administrators: is the population data there, and how old is it."""
    require(actor, Action.POPULATION_IMPORT)
    imports = tx.events.named((EventName.POPULATION_IMPORTED,), within=actor.agency_path, limit=1)
    return PopulationStatus(
        persons=tx.population.count(), last_import=imports[0] if imports else None
    )


def audit_trail(
    actor: Actor,
    *,
    tx: Transaction,
    name: EventName | None = None,
    before: int | None = None,
    limit: int = 200,
    clock: Clock,
) -> tuple[Event, ...]:
    """The newest lines of the trail; of one kind, and older than the line ``before``, where given.

    Who did what is personal data too: that it was looked at becomes a line, which the next look shows.
    """
    require(actor, Action.EVENT_VIEW)
    names = tuple(EventName) if name is None else (name,)
    found = tx.events.named(names, within=actor.agency_path, before=before, limit=limit)
    part: dict[str, object] = {} if name is None else {"kind": str(name)}
    if before is not None:
        part["before"] = before
    note(tx, EventName.TRAIL_VIEWED, actor, at=clock.now(), document=None, **part)
    return found


def fetch(
    actor: Actor,
    document_id: str,
    *,
    tx: Transaction,
    objects: ObjectStore,
    clock: Clock,
    only_asked: bool = False,
    in_part: bool = False,
) -> bytes:
    """The certified e-copy in force; ``only_asked``: it is not handed over, so nothing is noted.

    ``in_part``: a range of it is handed over. Viewers ask for many at once, and a download that broke off is
    gone on with: within an hour that is one download of that person.
    Raises ``certificate_not_found`` where there is none yet, ``copy_revoked`` where it was withdrawn.
    """
    require(actor, Action.DOCUMENT_DOWNLOAD)
    document = find_document(tx, actor, document_id)
    certificate = tx.certificates.by_document(document.id)
    if certificate is None:
        raise HosoError(
            ErrorCode.CERTIFICATE_NOT_FOUND, document=document.id, state=str(document.state)
        )
    if certificate.revoked_at is not None:
        revoked_at = certificate.revoked_at.isoformat(timespec="seconds")
        raise HosoError(ErrorCode.COPY_REVOKED, document=document.id, revoked_at=revoked_at)
    pdf = objects.get(Bucket.ECOPIES, certificate.sha256, version=certificate.object_version)
    now = clock.now()
    if not only_asked and not (in_part and _is_noted(actor, certificate, tx=tx, now=now)):
        note(tx, EventName.COPY_DOWNLOADED, actor, at=now, document=document)
    return pdf


def _is_noted(actor: Actor, certificate: Certificate, *, tx: Transaction, now: datetime) -> bool:
    """Whether the trail holds this person's download of this copy; those at once wait for one another."""
    tx.certificates.hold(certificate.code)
    return tx.events.noted(
        EventName.COPY_DOWNLOADED,
        document_id=certificate.document_id,
        since=max(now - _ONE_DOWNLOAD, certificate.signed_at),
        actor_id=actor.id,
    )
