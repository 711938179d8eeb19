"""An agent follows what it brought itself, and learns of nothing else, not even that it was there."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from domain.actor import Actor, Role
from domain.document import Document, DocumentState
from domain.errors import ErrorCode, HosoError
from domain.receipt import Receipt, ReceiptState
from domain.record import Record
from tests.fakes.house import ELSEWHERE, sample_record
from tests.unit.workflow.conftest import Office, actor, upload
from workflow.receipts import receipt, receipts

AGENT = actor(Role.AGENT)
OTHER_AGENT = replace(AGENT, id="other agent")
OPERATOR = actor(Role.OPERATOR)


def picture(shade: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("L", (620, 877), shade).save(out, "PNG", dpi=(75, 75))
    return out.getvalue()


def brought(office: Office, shade: int = 200, by: Actor = AGENT) -> Receipt:
    document = office.bring(upload(picture(shade)), by).document
    return follow(office, document.id, by)


def follow(office: Office, document_id: str, by: Actor = AGENT) -> Receipt:
    with office.database.transaction() as tx:
        return receipt(by, document_id, tx=tx, clock=office.clock)


def becomes(office: Office, document_id: str, state: DocumentState, **changes: object) -> Document:
    """The office went on with it, a minute later."""
    office.clock.pass_time(timedelta(minutes=1))
    before = office.document(document_id)
    at = office.clock.now()
    changed = replace(before, state=state, updated_at=at, **changes)  # type: ignore[arg-type]
    with office.database.transaction() as tx:
        assert tx.documents.move(before, changed=changed)
    return changed


def test_a_receipt_tells_that_it_came_and_how_many_pages(office: Office) -> None:
    made_out = brought(office)
    assert (made_out.state, made_out.pages) == (ReceiptState.RECEIVED, 1)
    assert made_out.received_at == office.clock.now()


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (DocumentState.READ, ReceiptState.RECEIVED),
        # verified or in review: what the register says of it
        (DocumentState.REVIEW, ReceiptState.RECEIVED),
        (DocumentState.VERIFIED, ReceiptState.RECEIVED),
        (DocumentState.CERTIFYING, ReceiptState.RECEIVED),
        (DocumentState.CERTIFIED, ReceiptState.FINISHED),
        (DocumentState.REJECTED, ReceiptState.REFUSED),
    ],
)
def test_a_receipt_follows_the_office(
    office: Office, state: DocumentState, told: ReceiptState
) -> None:
    made_out = brought(office)
    becomes(office, made_out.id, state, record=sample_record())
    assert follow(office, made_out.id).state is told


@pytest.mark.parametrize(
    ("state", "changes", "told"),
    [
        (DocumentState.FAILED, {"problem": "file_broken"}, ReceiptState.SCAN_WANTED),
        # no scan mends that
        (DocumentState.FAILED, {"problem": "worker_lost"}, ReceiptState.RECEIVED),
        (DocumentState.REVIEW, {"usable": False}, ReceiptState.SCAN_WANTED),
        # the officer put it away; the paper is as good as before
        (DocumentState.REJECTED, {"usable": False}, ReceiptState.SCAN_WANTED),
        # an officer could read it all the same
        (DocumentState.VERIFIED, {"usable": False}, ReceiptState.RECEIVED),
    ],
)
def test_a_better_scan_is_asked_for_where_it_helps(
    office: Office, state: DocumentState, changes: dict[str, object], told: ReceiptState
) -> None:
    made_out = brought(office)
    if "usable" in changes:
        changes = {"record": unusable_scan()}
    becomes(office, made_out.id, state, **changes)
    assert follow(office, made_out.id).state is told


def unusable_scan() -> Record:
    record = sample_record()
    return replace(record, quality=replace(record.quality, usable=False))


@pytest.mark.parametrize("state", sorted(DocumentState))
def test_a_file_that_others_brought_looks_like_a_new_one_for_a_day(
    office: Office, state: DocumentState
) -> None:
    known = office.bring(upload(picture()), OPERATOR).document
    problem = "worker_lost" if state is DocumentState.FAILED else None
    becomes(office, known.id, state, record=sample_record(), problem=problem)
    again = brought(office)
    at = office.clock.now()
    assert again == Receipt(id=known.id, state=ReceiptState.RECEIVED, pages=1, received_at=at)
    office.clock.pass_time(timedelta(hours=23))
    assert follow(office, known.id).state is ReceiptState.RECEIVED


@pytest.mark.parametrize("state", sorted(set(DocumentState) - {DocumentState.RECEIVED}))
def test_an_unusable_scan_is_told_after_the_same_minute_whoever_brought_it_first(
    office: Office, state: DocumentState
) -> None:
    known = office.bring(upload(picture(1)), OPERATOR).document.id
    problem = "file_broken" if state is DocumentState.FAILED else None
    becomes(office, known, state, record=unusable_scan(), problem=problem)
    new = brought(office, 2).id
    brought(office, 1)
    with office.database.transaction() as tx:
        read = office.document(new)
        at = office.clock.now() + timedelta(seconds=2)
        changed = replace(read, state=DocumentState.REVIEW, updated_at=at, record=unusable_scan())
        assert tx.documents.move(read, changed=changed)
    for told in (ReceiptState.RECEIVED, ReceiptState.RECEIVED, ReceiptState.SCAN_WANTED):
        assert (follow(office, known).state, follow(office, new).state) == (told, told)
        office.clock.pass_time(timedelta(seconds=30))
    office.clock.pass_time(timedelta(hours=23))
    assert follow(office, known).state is ReceiptState.SCAN_WANTED


@pytest.mark.parametrize("by", [AGENT, OTHER_AGENT])
def test_a_bad_scan_that_was_rejected_is_told_the_same_whenever_it_is_brought(
    office: Office, by: Actor
) -> None:
    made_out = brought(office)
    becomes(office, made_out.id, DocumentState.REVIEW, record=unusable_scan())
    becomes(office, made_out.id, DocumentState.REJECTED)
    brought(office, by=by)
    for wait in (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)):
        office.clock.pass_time(wait)
        assert follow(office, made_out.id, by).state is ReceiptState.SCAN_WANTED


def test_one_bad_scan_among_papers_refused_is_wanted_anew(office: Office) -> None:
    made_out = brought(office)
    becomes(office, made_out.id, DocumentState.REJECTED, record=sample_record())
    bad = replace(office.document(made_out.id), id="part 2", record=unusable_scan())
    with office.database.transaction() as tx:
        tx.documents.add(bad)
    assert follow(office, made_out.id).state is ReceiptState.SCAN_WANTED


def test_what_happened_before_is_told_a_day_later_and_what_happens_since_at_once(
    office: Office,
) -> None:
    ready, open_one = (office.bring(upload(picture(n)), OPERATOR).document.id for n in (1, 2))
    becomes(office, ready, DocumentState.CERTIFIED)
    brought(office, 1), brought(office, 2)
    becomes(office, open_one, DocumentState.CERTIFIED)
    assert follow(office, ready).state is ReceiptState.RECEIVED
    assert follow(office, open_one).state is ReceiptState.FINISHED
    office.clock.pass_time(timedelta(days=1))
    assert follow(office, ready).state is ReceiptState.FINISHED


def test_nobody_follows_what_others_brought(office: Office) -> None:
    theirs = brought(office, by=OTHER_AGENT).id
    for code in (theirs, "00000000-0000-5000-8000-000000000000"):
        with pytest.raises(HosoError) as refused:
            follow(office, code)
        assert refused.value.code is ErrorCode.DOCUMENT_NOT_FOUND
    with office.database.transaction() as tx:
        assert receipts(AGENT, tx=tx, clock=office.clock).receipts == ()
    # the same file brought by both: each has a receipt of its own moment
    assert brought(office).received_at > follow(office, theirs, OTHER_AGENT).received_at


def test_an_account_given_to_another_office_leaves_its_receipts(office: Office) -> None:
    made_out = brought(office)
    moved = replace(AGENT, agency_id=ELSEWHERE.id, agency_path=ELSEWHERE.path)
    with office.database.transaction() as tx:
        assert receipts(moved, tx=tx, clock=office.clock).receipts == ()
        with pytest.raises(HosoError):
            receipt(moved, made_out.id, tx=tx, clock=office.clock)


def test_brought_again_by_the_same_it_is_one_receipt_of_the_first_moment(office: Office) -> None:
    first = brought(office)
    assert brought(office) == first
    with office.database.transaction() as tx:
        assert receipts(AGENT, tx=tx, clock=office.clock).receipts == (first,)


def test_receipts_come_newest_first_page_by_page(office: Office) -> None:
    codes = [brought(office, shade).id for shade in (10, 20, 30)]
    with office.database.transaction() as tx:
        page = receipts(AGENT, tx=tx, clock=office.clock, limit=2)
        rest = receipts(AGENT, tx=tx, clock=office.clock, limit=2, cursor=page.next_cursor)
    assert [one.id for one in (*page.receipts, *rest.receipts)] == codes[::-1]
    assert rest.next_cursor is None


def test_several_papers_of_a_file_are_one_receipt(office: Office) -> None:
    made_out = brought(office)
    becomes(office, made_out.id, DocumentState.CERTIFIED)
    second = replace(office.document(made_out.id), id="part 2", state=DocumentState.REVIEW)
    with office.database.transaction() as tx:
        tx.documents.add(second)
    assert follow(office, made_out.id).state is ReceiptState.RECEIVED
    becomes(office, "part 2", DocumentState.REJECTED)
    assert follow(office, made_out.id).state is ReceiptState.REFUSED


def test_an_agent_puts_nothing_into_a_batch(office: Office) -> None:
    with pytest.raises(HosoError) as refused:
        office.bring(replace(upload(picture()), batch="hộp 7"), AGENT)
    assert refused.value.code is ErrorCode.FORBIDDEN
