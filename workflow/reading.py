"""Read: a stored original becomes records."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from domain.actor import Action, Actor, require
from domain.document import Document, DocumentState
from domain.event import EventName
from domain.page import CleanPage, PageFacts, PageImage
from domain.ports import Bucket, Clock, Database, ObjectStore, Step, Transaction
from domain.record import Record
from ingest.cleaning import clean, rotate
from ingest.inspection import Limits, inspect
from ingest.pages import split
from ingest.pictures import encode_jpeg
from ocr.documents import read_document
from ocr.engine import ReadingEngine
from workflow.intake import document_id as derived_id
from workflow.pictures import page_key
from workflow.place_names import with_place_check
from workflow.transition import find_document, move, note

OnPage = Callable[[PageImage], None]


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What reading needs besides the bytes; one per process, for the engine holds the models."""

    engine: ReadingEngine
    limits: Limits
    clock: Clock


def read_file(
    data: bytes, *, name: str, reader: Reader, on_page: OnPage | None = None
) -> tuple[Record, ...]:
    """Split, clean, orient, detect, recognise, classify, extract, self-check: one record per document.

    ``on_page`` is given every page as it stands upright. Raises the ``file_*`` and ``image_*`` codes.
    """
    inspection = inspect(data, name=name, limits=reader.limits)
    facts: dict[int, PageFacts] = {}
    pages = _upright_pages(data, reader=reader, facts=facts, on_page=on_page)
    today = _today(reader.clock)
    records = read_document(name, inspection.sha256, pages, reader.engine, today)
    return tuple(
        replace(
            with_place_check(record),
            page_facts=tuple(facts[number] for number in record.pages),
        )
        for record in records
    )


def _today(clock: Clock) -> date:
    return clock.now().date()


def _upright_pages(
    data: bytes, *, reader: Reader, facts: dict[int, PageFacts], on_page: OnPage | None
) -> Iterator[CleanPage]:
    for scan in split(data, limits=reader.limits):
        page, cleaned = scan, clean(scan)
        rotation = reader.engine.rotation(cleaned.pixels)
        if rotation:
            page = rotate(scan, rotation)
            cleaned = clean(page)
        height, width = page.pixels.shape[:2]
        facts[page.number] = PageFacts(
            number=page.number,
            width=width,
            height=height,
            dpi=page.dpi,
            rotation=rotation,
            quality=cleaned.quality,
        )
        if on_page is not None:
            on_page(page)
        yield cleaned


def read(
    actor: Actor,
    document_id: str,
    *,
    database: Database,
    objects: ObjectStore,
    reader: Reader,
) -> None:
    """The job: read the document and put it on to matching. Safe to repeat.

    Opens its own two short transactions, for reading takes seconds and none may stay open meanwhile.
    """
    require(actor, Action.DOCUMENT_PROCESS)
    with database.transaction() as tx:
        document = find_document(tx, actor, document_id)
    if document.state is not DocumentState.RECEIVED:
        return

    def keep_picture(page: PageImage) -> None:
        picture = encode_jpeg(page)
        key = page_key(document.sha256, page.number)
        objects.put(Bucket.PAGES, key, picture, media_type="image/jpeg")

    data = objects.get(Bucket.ORIGINALS, document.sha256)
    records = read_file(data, name=document.file, reader=reader, on_page=keep_picture)
    with database.transaction() as tx:
        _file(tx, actor, document, records, clock=reader.clock)


def _file(
    tx: Transaction,
    actor: Actor,
    document: Document,
    records: tuple[Record, ...],
    *,
    clock: Clock,
) -> None:
    """The first record goes to the document brought, each further one to a sibling of its own."""
    now = clock.now()
    first, *others = records
    filed = [move(tx, document, DocumentState.READ, at=now, record=first, pages=first.pages)]
    for part, record in enumerate(others, start=2):
        sibling = replace(
            filed[0],
            id=derived_id(document.agency_id, document.sha256, part),
            record=record,
            pages=record.pages,
            created_at=now,
        )
        if tx.documents.add(sibling):
            filed.append(sibling)
    for done in filed:
        note(tx, EventName.DOCUMENT_READ, actor, at=now, document=done)
        tx.jobs.enqueue(Step.MATCH, done.id, lane=done.lane)
