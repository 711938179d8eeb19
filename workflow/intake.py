"""Register: a file is brought in, kept byte for byte, and put on its way."""

import unicodedata
import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from domain.actor import Action, Actor, require
from domain.batch import batch_name
from domain.document import Document, DocumentState, Lane
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.ports import Bucket, Clock, ObjectStore, RememberedAnswer, Step, Transaction
from ingest.inspection import Inspection, Limits, inspect
from workflow.retention import Retention
from workflow.retrying import go_on_with_original, try_again
from workflow.transition import find_document, note

_NAMESPACE = uuid.UUID("6f2d5a0e-6c0c-5d8e-9b57-0d6a1f0c4e55")


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as brought; ``name`` is what the sender calls it."""

    name: str
    data: bytes
    lane: Lane = Lane.COUNTER
    batch: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Registration:
    """The document, and whether its original had been brought before."""

    document: Document
    duplicate: bool
    mended: bool = False
    """Whether the original was brought back: the one in the store was missing or damaged."""
    hurried: bool = False
    """Whether it waited behind the archive until now, and waits at the counter from now on."""


def document_id(agency_id: str, sha256: str, part: int = 1) -> str:
    """Id of the ``part``-th document in an original: the same bytes at the same agency, the same id."""
    return str(uuid.uuid5(_NAMESPACE, f"{agency_id}/{sha256}/{part}"))


def lost_page_id(agency_id: str, sha256: str, page: int) -> str:
    """Id of the document that stands for a page of an original which could not be read with the others."""
    return str(uuid.uuid5(_NAMESPACE, f"{agency_id}/{sha256}/page/{page}"))


def register(
    actor: Actor,
    upload: Upload,
    *,
    tx: Transaction,
    objects: ObjectStore,
    clock: Clock,
    limits: Limits,
    retention: Retention,
) -> Registration:
    """Inspect, store the original under its SHA-256, then one row, event and job.

    The same original again is answered with the document it already has, which belongs to the batch named
    now beside those before; a failed one is tried anew. Where the store has lost the original or damaged it,
    it has it back. What failed for want of it in other offices goes on too.
    Raises the ``file_*`` and ``image_*`` codes for files that cannot be taken, ``batch_name_invalid``, and
    ``idempotency_key_reused`` for a key that came with other bytes before.
    """
    require(actor, Action.DOCUMENT_REGISTER)
    batch = None if upload.batch is None else batch_name(upload.batch)
    if batch is not None:
        # who may not see what is in a batch puts nothing into it
        require(actor, Action.DOCUMENT_VIEW)
    inspection = inspect(upload.data, name=upload.name, limits=limits)
    new_id = document_id(actor.agency_id, inspection.sha256)
    existing = tx.documents.get(new_id, within=actor.agency_path)
    answer = RememberedAnswer(request_sha256=inspection.sha256, document_id=new_id)
    # key before object: of uploads under one key at once only one may leave anything behind
    answered = _already_answered(actor, upload, answer, tx=tx)
    if answered is not None:
        return _known(actor, answered, upload.lane, batch, tx=tx)
    now = clock.now()
    if existing is not None:
        mended = objects.mend(
            Bucket.ORIGINALS,
            existing.sha256,
            upload.data,
            media_type=existing.media_type,
            retain_until=retention.until(now),
        )
        known = _known(actor, existing, upload.lane, batch, tx=tx)
        document = _brought_again(
            actor, known, pages=inspection.pages, mended=mended, tx=tx, at=now
        )
        return replace(known, document=document, mended=mended)
    # object before row: a crash in between leaves an orphan to sweep, never a row without its scan
    mended = _keep(upload.data, inspection, objects=objects, until=retention.until(now))
    document = Document(
        id=new_id,
        agency_id=actor.agency_id,
        batch=batch,
        # NFC and nothing more: the name must still be that of the file
        file=unicodedata.normalize("NFC", upload.name),
        sha256=inspection.sha256,
        media_type=inspection.media_type,
        pages=(),
        lane=upload.lane,
        state=DocumentState.RECEIVED,
        created_by=actor.id,
        created_at=now,
        updated_at=now,
    )
    if not tx.documents.add(document):
        # the same bytes arrived twice at once and the other request was first
        first = find_document(tx, actor, document.id)
        pages = inspection.pages
        note(tx, EventName.DOCUMENT_DUPLICATE, actor, at=now, document=first, pages=pages)
        return _known(actor, first, upload.lane, batch, tx=tx)
    note(
        tx,
        EventName.DOCUMENT_REGISTERED,
        actor,
        at=now,
        document=document,
        pages=inspection.pages,
        **_told(mended=mended),
    )
    tx.jobs.enqueue(Step.READ, document.id, lane=document.lane)
    go_on_with_original(tx, actor, document.sha256, at=now)
    return Registration(document=document, duplicate=False, mended=mended)


def _keep(data: bytes, inspection: Inspection, *, objects: ObjectStore, until: datetime) -> bool:
    """Store the original; whether another office's, which stood there, was damaged and is mended."""
    place = Bucket.ORIGINALS, inspection.sha256
    # only what stands there already is read: a scan that nobody brought before costs no reading
    if objects.exists(*place) and objects.mend(
        *place, data, media_type=inspection.media_type, retain_until=until
    ):
        return True
    objects.put(*place, data, media_type=inspection.media_type, retain_until=until)
    return False


def _told(*, mended: bool) -> dict[str, str]:
    return {"original": "mended"} if mended else {}


def _known(
    actor: Actor, document: Document, lane: Lane, batch: str | None, *, tx: Transaction
) -> Registration:
    """The document, a member of ``batch`` from now on: whoever names a batch finds all of it there.

    Brought to the counter, it no longer waits behind the archive, nor does any other paper of its original;
    what was at the counter once stays there.
    """
    hurried: tuple[str, ...] = ()
    if lane is Lane.COUNTER:
        hurried = tx.documents.hurry(document.sha256, agency_id=document.agency_id)
        tx.jobs.hurry(hurried)
        document = find_document(tx, actor, document.id) if hurried else document
    if batch is not None and batch not in document.batches:
        tx.documents.join_batch(batch, sha256=document.sha256, agency_id=document.agency_id)
        document = find_document(tx, actor, document.id)
    return Registration(document=document, duplicate=True, hurried=bool(hurried))


def _already_answered(
    actor: Actor, upload: Upload, answer: RememberedAnswer, *, tx: Transaction
) -> Document | None:
    if upload.idempotency_key is None:
        return None
    given = tx.idempotency_keys.claim(upload.idempotency_key, actor_id=actor.id, answer=answer)
    if given is None:
        return None
    if given.request_sha256 != answer.request_sha256:
        raise HosoError(ErrorCode.IDEMPOTENCY_KEY_REUSED, key=upload.idempotency_key)
    return find_document(tx, actor, given.document_id)


def _brought_again(
    actor: Actor, known: Registration, *, pages: int, mended: bool, tx: Transaction, at: datetime
) -> Document:
    """What failed of the original is tried anew, each of its papers from the step that failed."""
    existing = known.document
    told = _told(mended=mended) | ({"lane": str(Lane.COUNTER)} if known.hurried else {})
    note(tx, EventName.DOCUMENT_DUPLICATE, actor, at=at, document=existing, pages=pages, **told)
    for paper in tx.documents.all_by_original(existing.sha256, agency_id=existing.agency_id):
        if paper.state is DocumentState.FAILED:
            try_again(tx, actor, paper, at=at)
    go_on_with_original(tx, actor, existing.sha256, at=at)
    return find_document(tx, actor, existing.id)
