"""Certify: compose, sign, seal, check our own output, lock, register."""

from dataclasses import dataclass
from datetime import datetime

from domain.actor import Action, Actor, require
from domain.certificate import Certificate, Regime
from domain.dates import day_in_vietnam
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.ports import Bucket, Clock, ObjectStore, Step, Transaction
from domain.record import Record
from ingest.inspection import Limits
from signing.code import new_code
from signing.composition import EcopyContent, EcopyPage
from signing.issue import Issuer
from workflow.certified_text import certified_lines
from workflow.matching import as_of_now, keep_match
from workflow.on_file import copies_in_force, looked_up, reasons_on_file
from workflow.page_pictures import page_pictures
from workflow.retention import Retention
from workflow.transition import find_document, move, note


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The certifying desk of the office: who signs, under which regime, and where copies are verified."""

    issuer: Issuer
    regime: Regime
    public_url: str
    """Base address of the public verification page, without a slash at the end."""
    retention: Retention
    limits: Limits
    """For originals whose page pictures are made again."""


def request(
    actor: Actor,
    document_id: str,
    *,
    seen: datetime | None = None,
    tx: Transaction,
    clock: Clock,
) -> Document:
    """Ask for the certified copy of a verified document; the signing itself is a job."""
    require(actor, Action.DOCUMENT_CERTIFY)
    document = find_document(tx, actor, document_id, seen=seen)
    now = clock.now()
    asked = move(tx, document, DocumentState.CERTIFYING, at=now, problem=None)
    note(tx, EventName.DOCUMENT_CERTIFY_REQUESTED, actor, at=now, document=asked)
    tx.jobs.enqueue(Step.CERTIFY, asked.id, lane=asked.lane)
    return asked


def certify(
    actor: Actor,
    document_id: str,
    *,
    tx: Transaction,
    objects: ObjectStore,
    clock: Clock,
    desk: Desk,
) -> None:
    """The job. Safe to repeat: a certified document is left alone.

    Just before it signs, it matches the document with the population data of now: where what was verified
    no longer holds, or a copy of the same paper is in force and nobody accepted that, nothing is signed and
    the document goes back to review. Raises ``document_changed`` where that copy is signed at this moment.

    The register's number is taken first and its row stays locked until the commit: numbers run
    without gaps, and a crash gives the number back.
    """
    require(actor, Action.DOCUMENT_PROCESS)
    document = find_document(tx, actor, document_id)
    if document.state is not DocumentState.CERTIFYING:
        return
    if document.record is None:
        raise HosoError(ErrorCode.STATE_CONFLICT, document=document.id, state=str(document.state))
    now = clock.now()
    confirmed = as_of_now(document, tx, at=now)
    if confirmed.state is not DocumentState.CERTIFYING:
        keep_match(tx, actor, document, confirmed)
        return
    code = new_code()
    year = day_in_vietnam(now).year
    number = tx.certificates.next_number(agency_id=document.agency_id, year=year)
    # who waited for the number may learn only now that the same paper was certified with the one before
    latest = looked_up(confirmed, tx)
    if reasons_on_file(latest) != reasons_on_file(confirmed) or not (
        copies_in_force(latest) <= copies_in_force(confirmed)
    ):
        raise HosoError(ErrorCode.DOCUMENT_CHANGED, document=document.id)
    content = _content(
        document,
        document.record,
        tx=tx,
        objects=objects,
        desk=desk,
        code=code,
        number=number,
        year=year,
    )
    issued = desk.issuer.issue(content)
    retain_until = desk.retention.until(issued.signed_at)
    version = objects.put(
        Bucket.ECOPIES,
        issued.sha256,
        issued.pdf,
        media_type="application/pdf",
        retain_until=retain_until,
    )
    tx.certificates.add(
        Certificate(
            code=code,
            document_id=document.id,
            agency_id=document.agency_id,
            year=year,
            number=number,
            regime=desk.regime,
            sha256=issued.sha256,
            object_version=version,
            retain_until=retain_until,
            signer_name=issued.signer_name,
            signed_at=issued.signed_at,
        )
    )
    done = move(tx, confirmed, DocumentState.CERTIFIED, at=clock.now(), problem=None)
    note(tx, EventName.DOCUMENT_CERTIFIED, actor, at=done.updated_at, document=done, number=number)


def _content(
    document: Document,
    record: Record,
    *,
    tx: Transaction,
    objects: ObjectStore,
    desk: Desk,
    code: str,
    number: int,
    year: int,
) -> EcopyContent:
    agency = tx.agencies.get(document.agency_id)
    numbers = [facts.number for facts in record.page_facts]
    pictures = page_pictures(document, numbers, objects=objects, limits=desk.limits)
    pages = tuple(
        EcopyPage(
            jpeg=pictures[facts.number],
            width=facts.width,
            height=facts.height,
            dpi=facts.dpi,
            lines=certified_lines(record, facts.number),
        )
        for facts in record.page_facts
    )
    return EcopyContent(
        pages=pages,
        form=record.form,
        agency_name=document.agency_id if agency is None else agency.name,
        regime=desk.regime,
        number=number,
        year=year,
        code=code,
        verification_url=f"{desk.public_url}/v/{code}",
        document_id=document.id,
    )
