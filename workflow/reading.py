"""Read: a stored original becomes records."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from domain.actor import Action, Actor, require
from domain.dates import day_in_vietnam
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.page import CleanPage, LostPage, PageFacts, PageImage
from domain.ports import Bucket, Clock, Database, ObjectStore, Step, Transaction
from domain.record import Check, CheckOutcome, Record
from ingest.cleaning import clean, rotate
from ingest.inspection import Limits, inspect
from ingest.pages import split
from ingest.pictures import encode_jpeg
from ocr.documents import read_document
from ocr.engine import ReadingEngine
from ocr.qr import texts_of_codes
from workflow.copy_marks import with_copy_check
from workflow.intake import document_id as derived_id
from workflow.intake import lost_page_id
from workflow.pictures import page_key
from workflow.place_names import with_place_check
from workflow.transition import find_document, move, note

OnPage = Callable[[PageImage], None]
ADJACENT_PAGES = "adjacent_pages"
"""The pages before and after a record were read along with it: one that was not may belong to it."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What reading needs besides the bytes; one per process, for the engine holds the models."""

    engine: ReadingEngine
    limits: Limits
    clock: Clock


@dataclass(frozen=True, kw_only=True)
class FileReading:
    """What a file says, and which of its pages say nothing."""

    records: tuple[Record, ...]
    """One per document, at least one."""
    lost: tuple[LostPage, ...] = ()


def read_file(
    data: bytes,
    *,
    name: str,
    reader: Reader,
    only: int | None = None,
    on_page: OnPage | None = None,
) -> FileReading:
    """Split, clean, orient, detect, recognise, classify, extract, self-check: one record per document.

    A page that cannot be had costs itself only; a record beside it fails ``ADJACENT_PAGES``, and no record
    reaches over it. ``only`` reads that page alone, lost when the others were read. ``on_page`` is given
    every page as it stands upright. Raises the ``file_*`` and ``image_*`` codes where no page can be read.
    """
    inspection = inspect(data, name=name, limits=reader.limits)
    facts: dict[int, PageFacts] = {}
    lost: list[LostPage] = []
    codes: dict[int, tuple[str, ...]] = {}
    upright = _upright_pages(
        _wanted(data, reader.limits, only), reader=reader, facts=facts, lost=lost, on_page=on_page
    )
    pages = _scanned_for_codes(upright, codes)
    today = _today(reader.clock)
    records = read_document(name, inspection.sha256, pages, reader.engine, today)
    if not records:
        raise _nothing_read(lost, only)
    unread = {number for number in range(1, inspection.pages + 1) if number not in facts}
    return FileReading(
        records=tuple(
            with_copy_check(
                _complete(record, facts=facts, unread=unread),
                codes=codes,
                keywords=inspection.keywords,
            )
            for record in records
        ),
        lost=tuple(lost),
    )


def _scanned_for_codes(
    pages: Iterator[CleanPage], codes: dict[int, tuple[str, ...]]
) -> Iterator[CleanPage]:
    """The pages as they come, with what their QR codes say noted in ``codes``: every copy bears one."""
    for page in pages:
        codes[page.number] = texts_of_codes(page)
        yield page


def _wanted(data: bytes, limits: Limits, only: int | None) -> Iterator[PageImage | LostPage]:
    pages = split(data, limits=limits, first=only or 1)
    return pages if only is None else islice(pages, 1)


def _nothing_read(lost: Sequence[LostPage], only: int | None) -> HosoError:
    if not lost:  # a page was asked for that the file has not got
        page = {} if only is None else {"page": only}
        return HosoError(ErrorCode.FILE_BROKEN, problem="no such page", **page)
    error = lost[0].error
    if only is not None:
        return error
    facts = {name: value for name, value in error.facts.items() if name != "page"}
    return HosoError(error.code, **facts)


def _complete(record: Record, *, facts: dict[int, PageFacts], unread: Collection[int]) -> Record:
    """The record with what the pages tell of it, and of the pages beside it."""
    checked = with_place_check(record)
    beside = [one for one in (record.pages[0] - 1, record.pages[-1] + 1) if one in unread]
    if beside:
        missing = Check(code=ADJACENT_PAGES, outcome=CheckOutcome.FAIL, facts={"pages": beside})
        checked = replace(checked, checks=(*checked.checks, missing))
    return replace(checked, page_facts=tuple(facts[number] for number in record.pages))


def _today(clock: Clock) -> date:
    return day_in_vietnam(clock.now())


def _upright_pages(
    scans: Iterator[PageImage | LostPage],
    *,
    reader: Reader,
    facts: dict[int, PageFacts],
    lost: list[LostPage],
    on_page: OnPage | None,
) -> Iterator[CleanPage]:
    for scan in scans:
        if isinstance(scan, LostPage):
            lost.append(scan)
            continue
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

    Of a page that was lost (``Document.lost_page``) only that page is read again.

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
    reading = read_file(
        data, name=document.file, reader=reader, only=document.lost_page, on_page=keep_picture
    )
    with database.transaction() as tx:
        # somebody may have come to the counter with the paper meanwhile
        lane = find_document(tx, actor, document_id).lane
        _file(tx, actor, replace(document, lane=lane), reading, at=reader.clock.now())


def _file(
    tx: Transaction,
    actor: Actor,
    document: Document,
    reading: FileReading,
    *,
    at: datetime,
) -> None:
    """The first record goes to the document brought, each further one to a sibling of its own.

    So does each lost page: it has failed, and is tried again when the same file is brought again.
    """
    first, *others = reading.records
    changes = {"record": first, "pages": first.pages, "problem": None}
    filed = [move(tx, document, DocumentState.READ, at=at, **changes)]
    for part, record in enumerate(others, start=2):
        sibling = replace(
            filed[0],
            id=derived_id(document.agency_id, document.sha256, part),
            record=record,
            pages=record.pages,
        )
        if tx.documents.add(sibling):
            filed.append(sibling)
    for done in filed:
        note(tx, EventName.DOCUMENT_READ, actor, at=at, document=done)
        tx.jobs.enqueue(Step.MATCH, done.id, lane=done.lane)
    for page in reading.lost:
        _file_lost(tx, actor, document, page, at=at)


def _file_lost(
    tx: Transaction, actor: Actor, document: Document, page: LostPage, *, at: datetime
) -> None:
    failed = replace(
        document,
        id=lost_page_id(document.agency_id, document.sha256, page.number),
        pages=(page.number,),
        state=DocumentState.FAILED,
        problem=str(page.error.code),
        updated_at=at,
    )
    if tx.documents.add(failed):
        note(
            tx,
            EventName.DOCUMENT_FAILED,
            actor,
            at=at,
            document=failed,
            step=str(Step.READ),
            code=str(page.error.code),
            page=page.number,
        )
