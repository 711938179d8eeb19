"""The picture of a page: as kept when it was read, made again from the original where it is lost."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from domain.actor import Action, Actor, require
from domain.document import Document
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.page import LostPage
from domain.ports import Bucket, Clock, ObjectStore, Transaction
from ingest.cleaning import rotate
from ingest.inspection import Limits
from ingest.pages import split
from ingest.pictures import encode_jpeg
from workflow.pictures import page_key
from workflow.transition import find_document, note

_ONE_LOOK = timedelta(hours=1)
_LOST = frozenset({ErrorCode.OBJECT_MISSING, ErrorCode.OBJECT_CORRUPT})


def page_picture(
    actor: Actor,
    document_id: str,
    number: int,
    *,
    tx: Transaction,
    objects: ObjectStore,
    clock: Clock,
    limits: Limits,
) -> bytes:
    """The upright JPEG of one page of the document. Raises ``document_not_found``, ``page_not_found``.

    That its person looked at the document is in the trail once an hour, however many pages are asked for.
    """
    require(actor, Action.DOCUMENT_VIEW)
    document = find_document(tx, actor, document_id)
    if number not in document.pages:
        pages = ", ".join(map(str, document.pages)) or "–"
        raise HosoError(ErrorCode.PAGE_NOT_FOUND, document=document_id, page=number, pages=pages)
    now = clock.now()
    if not tx.events.noted(
        EventName.DOCUMENT_VIEWED,
        document_id=document.id,
        since=now - _ONE_LOOK,
        actor_id=actor.id,
    ):
        note(tx, EventName.DOCUMENT_VIEWED, actor, at=now, document=document)
    return page_pictures(document, (number,), objects=objects, limits=limits)[number]


def page_pictures(
    document: Document, numbers: Iterable[int], *, objects: ObjectStore, limits: Limits
) -> Mapping[int, bytes]:
    """Upright JPEGs of these pages of a document that was read, by number.

    What is missing or damaged is made again from the original, turned as it was when it was read, and kept.
    Raises ``object_missing`` and ``object_corrupt`` where the original cannot be had either, and the
    ``file_*`` and ``image_*`` codes of a page that cannot be had from it.
    """
    kept = {number: _kept(document, number, objects) for number in numbers}
    found = {number: picture for number, picture in kept.items() if picture is not None}
    lost = kept.keys() - found.keys()
    return {**found, **_made_again(document, lost, objects=objects, limits=limits)}


def _kept(document: Document, number: int, objects: ObjectStore) -> bytes | None:
    try:
        return objects.get(Bucket.PAGES, page_key(document.sha256, number))
    except HosoError as error:
        if error.code not in _LOST:
            raise
        return None


def _made_again(
    document: Document, lost: Iterable[int], *, objects: ObjectStore, limits: Limits
) -> Mapping[int, bytes]:
    wanted, made = set(lost), dict[int, bytes]()
    if not wanted:
        return made
    original = objects.get(Bucket.ORIGINALS, document.sha256)
    facts = () if document.record is None else document.record.page_facts
    turned = {one.number: one.rotation for one in facts}
    for scan in split(original, limits=limits, first=min(wanted)):
        if scan.number in wanted:
            if isinstance(scan, LostPage):
                raise scan.error
            picture = encode_jpeg(rotate(scan, turned.get(scan.number, 0)))
            key = page_key(document.sha256, scan.number)
            objects.put(Bucket.PAGES, key, picture, media_type="image/jpeg")
            made[scan.number] = picture
        if made.keys() == wanted:
            return made
    lacking = page_key(document.sha256, min(wanted - made.keys()))
    raise HosoError(ErrorCode.OBJECT_MISSING, bucket=str(Bucket.PAGES), key=lacking)
