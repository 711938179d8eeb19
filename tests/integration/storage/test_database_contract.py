"""What every ``domain.ports.Database`` promises, asked of PostgreSQL and of the in-memory fake alike."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from domain.account import Account, Session
from domain.actor import Role
from domain.agency import Agency, AgencyLevel
from domain.certificate import Certificate, Regime
from domain.document import Document, DocumentState, Lane
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName
from domain.form import FormCode
from domain.geometry import Box
from domain.page import PageFacts, Quality
from domain.person import Person, PersonQuery
from domain.ports import Order, RememberedAnswer, Step
from domain.record import Check, CheckOutcome, FieldValue, Line, Record
from domain.verdict import Candidate, Decision, Finding, FindingKind, Verdict
from storage.stores import database_url, open_database
from tests.fakes.database import MemoryDatabase
from tests.integration.storage.conftest import merged

NOW = datetime(2026, 11, 21, 8, 30, 0, 123456, tzinfo=UTC)
STATE = Agency(id="vn", name="Việt Nam", level=AgencyLevel.STATE, path="vn")
PROVINCE = Agency(
    id="24", name="Bắc Ninh", level=AgencyLevel.PROVINCE, parent_id="vn", path="vn.24"
)
COMMUNE = Agency(
    id="07777", name="Việt Yên", level=AgencyLevel.COMMUNE, parent_id="24", path="vn.24.07777"
)
# a path that only looks like a neighbour's prefix, and one with a wildcard of LIKE
NEIGHBOUR = Agency(
    id="240", name="Ngoài", level=AgencyLevel.PROVINCE, parent_id="vn", path="vn.240"
)
WILDCARD = Agency(id="2_", name="Lạ", level=AgencyLevel.PROVINCE, parent_id="vn", path="vn.2_")
BOX = Box(corners=((1.0, 2.0), (11.0, 2.0), (11.0, 5.0), (1.0, 5.0)))
QUALITY = Quality(dpi=300, skew=-0.8, blur=0.1, usable=True)


@pytest.fixture(params=["memory", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[Any]:
    if request.param == "memory":
        opened: Any = MemoryDatabase()
    else:
        request.getfixturevalue("clean_database")
        opened = open_database(request.getfixturevalue("settings"))
    with opened.transaction() as tx:
        for agency in (STATE, PROVINCE, COMMUNE, NEIGHBOUR, WILDCARD):
            tx.agencies.add(agency)
    yield opened
    if request.param == "postgres":
        opened.close()


def fill_population(database: Any, request: pytest.FixtureRequest, persons: list[Person]) -> None:
    if isinstance(database, MemoryDatabase):
        database.add_persons(persons)
    else:
        url = database_url(request.getfixturevalue("settings"))
        merged(url, enumerate(persons), "test")


def a_document(number: int = 1, **changes: Any) -> Document:
    values: dict[str, Any] = {
        "id": f"doc-{number:03}",
        "agency_id": COMMUNE.id,
        "batch": None,
        "file": "hộp 7/quét 012.pdf",
        "sha256": f"{number:064x}",
        "media_type": "application/pdf",
        "pages": (),
        "lane": Lane.BULK,
        "state": DocumentState.RECEIVED,
        "created_by": "an",
        "created_at": NOW + timedelta(seconds=number),
        "updated_at": NOW + timedelta(seconds=number),
    }
    return Document(**(values | changes))


def a_record() -> Record:
    name = FieldValue(
        text="NGUYỄN VĂN AN", value="Nguyễn Văn An", confidence=0.998, certain=True, page=1, box=BOX
    )
    line = Line(page=1, text="Họ tên: NGUYỄN VĂN AN", confidence=0.99, agreed=True, box=BOX)
    return Record(
        file="hộp 7/quét 012.pdf",
        sha256=f"{1:064x}",
        pages=(1, 2),
        form=FormCode.BIRTH_EXTRACT,
        form_confidence=0.99,
        quality=QUALITY,
        lines=(line,),
        fields={"full_name": name},
        checks=(Check(code="birth_date_in_words", outcome=CheckOutcome.PASS, facts={"a": 1}),),
        page_facts=(
            PageFacts(number=1, width=2480, height=3508, dpi=300, rotation=0, quality=QUALITY),
        ),
    )


def a_verdict() -> Verdict:
    finding = Finding(
        field="birth_date",
        kind=FindingKind.DIFFERENT,
        document="1998-03-05",
        population="1998-05-03",
        weight=-6.1,
        source="csdl",
        as_of=NOW,
    )
    return Verdict(
        role="subject",
        decision=Decision.MATCHED,
        personal_id="027098001234",
        probability=0.9997,
        findings=(finding,),
        candidates=(Candidate(personal_id="027098001235", probability=0.0002),),
        decided_by="account-7",
    )


def a_certificate(number: int = 1, **changes: Any) -> Certificate:
    values: dict[str, Any] = {
        "code": f"code-{number}",
        "document_id": f"doc-{number:03}",
        "agency_id": COMMUNE.id,
        "year": 2026,
        "number": number,
        "regime": Regime.CERTIFIED_COPY,
        "sha256": f"{number + 1000:064x}",
        "object_version": "v1",
        "retain_until": NOW + timedelta(days=3650),
        "signer_name": "Trần Thị Bình",
        "signed_at": NOW,
    }
    return Certificate(**(values | changes))


def add_documents(database: Any, *documents: Document) -> None:
    with database.transaction() as tx:
        for document in documents:
            assert tx.documents.add(document)


def test_a_document_comes_back_as_it_was(database: Any) -> None:
    document = a_document(
        pages=(1, 2),
        batch="lô 1",
        reasons=("finding_different",),
        problem="file_broken",
        record=a_record(),
        verdicts=(a_verdict(),),
        paper_keys=("birth_extract/subject/027098001234", "birth_extract/number/1/x/y"),
        state=DocumentState.REVIEW,
    )
    add_documents(database, document)
    with database.transaction() as tx:
        found = tx.documents.get(document.id, within="vn")
    assert found == document
    assert found.created_at.utcoffset() == timedelta(0)


def test_an_id_is_added_once(database: Any) -> None:
    add_documents(database, a_document())
    with database.transaction() as tx:
        assert not tx.documents.add(a_document(file="other.pdf"))
        assert tx.documents.get("doc-001", within="vn").file == a_document().file


@pytest.mark.parametrize(
    ("within", "seen"),
    [
        ("vn", True),
        ("vn.24", True),
        ("vn.24.07777", True),
        ("vn.2", False),
        ("vn.240", False),
        ("vn.2_", False),
        ("", False),
        ("vn.24.07777.1", False),
    ],
)
def test_only_the_own_subtree_is_seen(database: Any, within: str, *, seen: bool) -> None:
    add_documents(database, a_document())
    with database.transaction() as tx:
        tx.events.add(an_event())
    with database.transaction() as tx:
        assert (tx.documents.get("doc-001", within=within) is not None) == seen
        assert bool(tx.documents.page(within=within).documents) == seen
        assert bool(tx.documents.counts(within=within)) == seen
        assert bool(tx.events.since(0, within=within)) == seen
        assert bool(tx.events.named([EventName.DOCUMENT_READ], within=within)) == seen


def test_originals_are_found_within_one_agency(database: Any) -> None:
    sha256 = "a" * 64
    second = a_document(2, sha256=sha256, pages=(1, 2))
    first = a_document(1, sha256=sha256, pages=(3,))
    elsewhere = a_document(3, sha256=sha256, agency_id=PROVINCE.id)
    add_documents(database, second, first, elsewhere)
    with database.transaction() as tx:
        assert tx.documents.all_by_original("b" * 64, agency_id=COMMUNE.id) == ()
        found = tx.documents.all_by_original(sha256, agency_id=COMMUNE.id)
    assert [one.id for one in found] == [second.id, first.id]


def test_the_other_papers_of_a_file_are_named_by_their_pages(database: Any) -> None:
    sha256 = "a" * 64
    papers = [a_document(number, sha256=sha256, pages=(4 - number,)) for number in (1, 2, 3)]
    add_documents(database, *papers, a_document(4, sha256=sha256, agency_id=PROVINCE.id))
    with database.transaction() as tx:
        assert tx.documents.siblings(papers[1]) == (papers[2].id, papers[0].id)


def test_documents_of_one_paper_are_found_by_a_key_within_the_subtree(database: Any) -> None:
    add_documents(
        database,
        a_document(1, paper_keys=("one", "two")),
        a_document(2, paper_keys=("two",)),
        a_document(3, paper_keys=("three",)),
        a_document(4, paper_keys=("two",), agency_id=NEIGHBOUR.id),
        a_document(5),
    )
    with database.transaction() as tx:
        find = tx.documents.of_paper
        found = find(["two", "nothing"], within=COMMUNE.path, limit=9)
        assert [one.id for one in found] == ["doc-002", "doc-001"]
        assert [one.id for one in find(["two"], within="vn", limit=1)] == ["doc-004"]
        assert find([], within="vn", limit=9) == ()


def test_an_original_is_hurried_whole_and_no_move_takes_it_back(database: Any) -> None:
    sha256 = "a" * 64
    first, second = (a_document(number, sha256=sha256) for number in (1, 2))
    add_documents(database, first, second, a_document(3, sha256=sha256, agency_id=PROVINCE.id))
    with database.transaction() as tx:
        hurried = tx.documents.hurry(sha256, agency_id=COMMUNE.id)
        assert sorted(hurried) == [first.id, second.id]
        assert tx.documents.hurry(sha256, agency_id=COMMUNE.id) == ()
    with database.transaction() as tx:
        assert tx.documents.move(first, changed=replace(first, state=DocumentState.READ))
    with database.transaction() as tx:
        lanes = [tx.documents.get(f"doc-00{one}", within="vn").lane for one in (1, 2, 3)]
    assert lanes == [Lane.COUNTER, Lane.COUNTER, Lane.BULK]


def test_a_move_is_fenced_by_state_and_last_change(database: Any) -> None:
    document = a_document()
    add_documents(database, document)
    read = replace(document, state=DocumentState.READ, record=a_record(), pages=(1,))
    with database.transaction() as tx:
        assert tx.documents.move(document, changed=read)
    failed = replace(document, state=DocumentState.FAILED, problem="file_broken")
    with database.transaction() as tx:
        assert not tx.documents.move(document, changed=failed)
        nobody = replace(document, id="nobody")
        assert not tx.documents.move(nobody, changed=failed)
        other_time = replace(read, updated_at=read.updated_at - timedelta(microseconds=1))
        assert not tx.documents.move(other_time, changed=failed)
        assert tx.documents.get(document.id, within="vn") == read


def test_a_confirmed_match_changes_its_time_alone(database: Any) -> None:
    document = a_document(
        state=DocumentState.REVIEW, record=a_record(), verdicts=(a_verdict(),), matched_at=NOW
    )
    add_documents(database, document)
    later = NOW + timedelta(hours=1)
    with database.transaction() as tx:
        assert tx.documents.confirm_match(document, at=later)
        assert tx.documents.get(document.id, within="vn") == replace(document, matched_at=later)
    for other in (
        replace(document, state=DocumentState.VERIFIED),
        replace(document, updated_at=NOW - timedelta(microseconds=1)),
        replace(document, id="nobody"),
    ):
        with database.transaction() as tx:
            assert not tx.documents.confirm_match(other, at=NOW)
            assert tx.documents.get(document.id, within="vn").matched_at == later


def test_documents_that_wait_with_older_verdicts_are_found_in_all_agencies(database: Any) -> None:
    before = NOW - timedelta(microseconds=1)
    add_documents(
        database,
        a_document(6, state=DocumentState.REVIEW, matched_at=before, agency_id=PROVINCE.id),
        a_document(1, state=DocumentState.REVIEW, matched_at=before),
        a_document(2, state=DocumentState.REVIEW, matched_at=NOW),
        a_document(3, state=DocumentState.READ),
        a_document(4, state=DocumentState.VERIFIED, matched_at=before),
        a_document(5, state=DocumentState.RECEIVED),
    )
    with database.transaction() as tx:
        assert tx.documents.matched_before(NOW) == ("doc-001", "doc-003", "doc-006")


def test_pages_follow_each_other_newest_first_even_at_equal_times(database: Any) -> None:
    documents = [a_document(number, created_at=NOW) for number in range(1, 8)]
    add_documents(database, *documents)
    seen: list[str] = []
    cursor = None
    while True:
        with database.transaction() as tx:
            page = tx.documents.page(within="vn", cursor=cursor, limit=3)
        seen += [one.id for one in page.documents]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [f"doc-{number:03}" for number in range(7, 0, -1)]


def papers_of_two_files(lanes: tuple[Lane, Lane]) -> list[Document]:
    """Two files of one moment and one of a later one, the papers of each in no order of their ids."""
    one, other, late = "1" * 64, "2" * 64, "0" * 64
    bulk, counter = lanes
    return [
        a_document(1, sha256=one, pages=(12,), created_at=NOW, lane=bulk),
        a_document(2, sha256=one, pages=(3, 4), created_at=NOW, lane=bulk),
        a_document(3, sha256=one, pages=(1, 2), created_at=NOW, lane=bulk),
        a_document(4, sha256=other, pages=(2,), created_at=NOW, lane=bulk),
        a_document(5, sha256=other, pages=(1,), created_at=NOW, lane=bulk),
        a_document(6, sha256=late, pages=(), created_at=NOW + timedelta(hours=1), lane=counter),
        a_document(7, sha256="3" * 64, created_at=NOW + timedelta(hours=2), lane=counter),
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (Order.NEWEST, [7, 6, 5, 4, 3, 2, 1]),
        (Order.OLDEST, [3, 2, 1, 5, 4, 6, 7]),
        (Order.QUEUE, [6, 7, 3, 2, 1, 5, 4]),
    ],
)
def test_papers_of_one_file_follow_one_another_by_their_pages(
    database: Any, order: Order, ids: list[int], limit: int
) -> None:
    add_documents(database, *papers_of_two_files((Lane.BULK, Lane.COUNTER)))
    assert in_order(database, order, limit) == ids


def in_order(database: Any, order: Order, limit: int, **narrowed: Any) -> list[int]:
    seen: list[int] = []
    cursor = None
    while True:
        with database.transaction() as tx:
            page = tx.documents.page(
                within="vn", order=order, cursor=cursor, limit=limit, **narrowed
            )
        seen += [int(one.id.removeprefix("doc-")) for one in page.documents]
        cursor = page.next_cursor
        if cursor is None:
            return seen


def test_a_list_can_be_narrowed_to_a_lane(database: Any) -> None:
    add_documents(database, *papers_of_two_files((Lane.BULK, Lane.COUNTER)))
    assert in_order(database, Order.OLDEST, 1, lane=Lane.COUNTER) == [6, 7]
    assert in_order(database, Order.NEWEST, 2, lane=Lane.BULK) == [5, 4, 3, 2, 1]


def test_whoever_comes_meanwhile_moves_no_page_of_a_queue(database: Any) -> None:
    add_documents(database, *papers_of_two_files((Lane.BULK, Lane.COUNTER)))
    with database.transaction() as tx:
        first = tx.documents.page(within="vn", order=Order.QUEUE, limit=3)
    add_documents(
        database,
        a_document(8, lane=Lane.COUNTER, created_at=NOW + timedelta(hours=3)),
        a_document(9, lane=Lane.BULK, created_at=NOW + timedelta(hours=3)),
    )
    with database.transaction() as tx:
        rest = tx.documents.page(within="vn", order=Order.QUEUE, cursor=first.next_cursor)
    assert [one.id for one in rest.documents] == [
        "doc-002", "doc-001", "doc-005", "doc-004", "doc-009",
    ]  # fmt: skip


def test_a_cursor_is_of_one_order(database: Any) -> None:
    add_documents(database, a_document(1), a_document(2))
    with database.transaction() as tx:
        cursor = tx.documents.page(within="vn", limit=1).next_cursor
    with database.transaction() as tx, pytest.raises(HosoError) as refused:
        tx.documents.page(within="vn", order=Order.OLDEST, cursor=cursor)
    assert refused.value.code is ErrorCode.REQUEST_INVALID


def test_an_original_brought_again_belongs_to_each_of_its_batches(database: Any) -> None:
    first = a_document(1, batch="a")
    sibling = a_document(2, batch="a", sha256=first.sha256)
    loose, elsewhere = a_document(3), a_document(4, agency_id=PROVINCE.id, sha256=first.sha256)
    with database.transaction() as tx:
        for one in (first, loose, elsewhere):
            assert tx.documents.add(one)
    for batch, original in (("z", first), ("b", first), ("z", first), ("z", loose), ("y", loose)):
        with database.transaction() as tx:
            tx.documents.join_batch(batch, sha256=original.sha256, agency_id=COMMUNE.id)
    with database.transaction() as tx:
        assert tx.documents.add(sibling)  # a paper that reading found later in the same original
        assert batches(tx, first, sibling, loose, elsewhere) == [
            ("a", "z", "b"),
            ("a", "z", "b"),
            ("z", "y"),
            (),
        ]
        assert listed(tx, "z", limit=2) == ["doc-003", "doc-002", "doc-001"]
        assert listed(tx, "a") == ["doc-002", "doc-001"]
        assert listed(tx, "c") == []
        assert tx.documents.counts(within="vn", batch="z") == {DocumentState.RECEIVED: 3}
        assert tx.documents.counts(within=NEIGHBOUR.path, batch="z") == {}
        assert sum(tx.documents.counts(within="vn").values()) == 4
        assert tx.documents.page(within="vn", batch="z", state=DocumentState.FAILED).documents == ()


def batches(tx: Any, *documents: Document) -> list[tuple[str, ...]]:
    return [tx.documents.get(one.id, within="vn").batches for one in documents]


def listed(tx: Any, batch: str, *, limit: int = 50) -> list[str]:
    ids, cursor = [], None
    while True:
        page = tx.documents.page(within="vn", batch=batch, cursor=cursor, limit=limit)
        ids += [one.id for one in page.documents]
        cursor = page.next_cursor
        if cursor is None:
            return ids


def test_a_batch_joined_meanwhile_outlives_a_move(database: Any) -> None:
    document = a_document()
    with database.transaction() as tx:
        assert tx.documents.add(document)
        tx.documents.join_batch("z", sha256=document.sha256, agency_id=COMMUNE.id)
        moved = replace(document, state=DocumentState.READ)
        assert tx.documents.move(document, changed=moved)
        assert tx.documents.get(document.id, within="vn") == replace(moved, batch="z")


def test_a_page_can_be_narrowed_to_batch_and_state(database: Any) -> None:
    add_documents(
        database,
        a_document(1, batch="a"),
        a_document(2, batch="a", state=DocumentState.FAILED),
        a_document(3, batch="b"),
    )
    with database.transaction() as tx:
        page = tx.documents.page(within="vn", batch="a", state=DocumentState.FAILED)
        assert [one.id for one in page.documents] == ["doc-002"]
        assert page.next_cursor is None
        assert tx.documents.counts(within="vn", batch="a") == {
            DocumentState.RECEIVED: 1,
            DocumentState.FAILED: 1,
        }
        assert tx.documents.counts(within="vn")[DocumentState.RECEIVED] == 2


def test_a_foreign_cursor_is_refused(database: Any) -> None:
    with database.transaction() as tx, pytest.raises(HosoError) as refused:
        tx.documents.page(within="vn", cursor="%%%")
    assert refused.value.code is ErrorCode.REQUEST_INVALID


def test_what_raises_leaves_nothing(database: Any) -> None:
    def fails() -> None:
        with database.transaction() as tx:
            tx.documents.add(a_document())
            tx.events.add(an_event())
            tx.certificates.next_number(agency_id=COMMUNE.id, year=2026)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    with database.transaction() as tx:
        assert tx.documents.get("doc-001", within="vn") is None
        assert tx.events.of_document("doc-001") == ()
        assert tx.certificates.next_number(agency_id=COMMUNE.id, year=2026) == 1


def test_numbers_run_per_agency_and_year(database: Any) -> None:
    with database.transaction() as tx:
        numbers = tx.certificates
        assert [numbers.next_number(agency_id=COMMUNE.id, year=2026) for _ in range(3)] == [1, 2, 3]
        assert numbers.next_number(agency_id=COMMUNE.id, year=2027) == 1
        assert numbers.next_number(agency_id=PROVINCE.id, year=2026) == 1


def test_a_certificate_is_found_by_document_code_and_file(database: Any) -> None:
    add_documents(database, a_document())
    entry = a_certificate()
    with database.transaction() as tx:
        tx.certificates.add(entry)
    with database.transaction() as tx:
        assert tx.certificates.by_document("doc-001") == entry
        assert tx.certificates.by_code(entry.code) == entry
        assert tx.certificates.by_sha256(entry.sha256) == entry
        assert tx.certificates.by_code("other") is None


@pytest.mark.parametrize("same", ["code", "document_id", "number", "sha256"])
def test_the_register_holds_nothing_twice(database: Any, same: str) -> None:
    add_documents(database, a_document(1), a_document(2))
    with database.transaction() as tx:
        tx.certificates.add(a_certificate(1))
    twice = replace(a_certificate(2), **{same: getattr(a_certificate(1), same)})
    with pytest.raises(Exception, match=r"(?i)register|unique"), database.transaction() as tx:
        tx.certificates.add(twice)


def test_one_copy_of_a_document_is_in_force_at_a_time(database: Any) -> None:
    add_documents(database, a_document())
    first, second, third = (
        replace(a_certificate(number), document_id="doc-001") for number in (1, 2, 3)
    )
    for number, one in enumerate((first, second, third)):
        with database.transaction() as tx:
            tx.certificates.add(one)
        with database.transaction() as tx:
            assert tx.certificates.by_document("doc-001") == one
            assert tx.certificates.hold(one.code) == one
            assert tx.certificates.hold("other") is None
            at = NOW + timedelta(days=number)
            assert tx.certificates.revoke(one.code, at=at, reason="sai người")
            assert not tx.certificates.revoke(one.code, at=NOW, reason="lần nữa")
        with database.transaction() as tx:
            kept = replace(one, revoked_at=at, revoked_reason="sai người")
            assert tx.certificates.by_document("doc-001") == kept
            assert tx.certificates.by_code(one.code) == kept


def an_event(name: EventName = EventName.DOCUMENT_READ, **changes: Any) -> Event:
    values: dict[str, Any] = {
        "name": name,
        "actor_id": "system",
        "agency_id": COMMUNE.id,
        "document_id": "doc-001",
        "at": NOW,
        "facts": {"pages": 2},
    }
    return Event(**(values | changes))


def test_events_grow_and_are_followed_by_id(database: Any) -> None:
    names = [EventName.DOCUMENT_REGISTERED, EventName.DOCUMENT_READ, EventName.DOCUMENT_MATCHED]
    for name in names:
        with database.transaction() as tx:
            tx.events.add(an_event(name))
    with database.transaction() as tx:
        trail = tx.events.of_document("doc-001")
        assert [one.name for one in trail] == names
        assert replace(trail[0], id=None) == an_event(names[0])
        assert tx.events.since(trail[0].id, within="vn") == trail[1:]
        assert tx.events.since(0, within="vn", limit=1) == trail[:1]
        assert tx.events.since(trail[-1].id, within="vn") == ()
        newest = tx.events.named([names[0], names[2]], within="vn")
        assert [one.name for one in newest] == [names[2], names[0]]
        assert tx.events.named(names, within="vn", before=trail[2].id, limit=1) == trail[1:2]
        assert tx.events.of_document("doc-001", limit=2) == trail[1:]


def test_whether_something_was_noted_lately(database: Any) -> None:
    viewed = EventName.DOCUMENT_VIEWED
    with database.transaction() as tx:
        tx.events.add(an_event(viewed, at=NOW))
    with database.transaction() as tx:
        who = an_event(viewed).actor_id
        assert tx.events.noted(viewed, document_id="doc-001", since=NOW)
        assert tx.events.noted(viewed, document_id="doc-001", since=NOW, actor_id=who)
        assert not tx.events.noted(viewed, document_id="doc-001", since=NOW, actor_id="other")
        assert not tx.events.noted(viewed, document_id="doc-002", since=NOW)
        assert not tx.events.noted(EventName.DOCUMENT_READ, document_id="doc-001", since=NOW)
        later = NOW + timedelta(seconds=1)
        assert not tx.events.noted(viewed, document_id="doc-001", since=later)


def test_what_an_actor_brought_is_found_by_its_first_event(database: Any) -> None:
    registered, duplicate = EventName.DOCUMENT_REGISTERED, EventName.DOCUMENT_DUPLICATE
    with database.transaction() as tx:
        tx.events.add(an_event(registered, actor_id="an", facts={"pages": 1}))
        tx.events.add(an_event(registered, actor_id="other", document_id="doc-002"))
        tx.events.add(an_event(duplicate, actor_id="an", document_id="doc-002", facts={"pages": 2}))
        tx.events.add(an_event(duplicate, actor_id="an", facts={"pages": 3}))
        tx.events.add(an_event(EventName.DOCUMENT_VIEWED, actor_id="an", document_id="doc-003"))
        tx.events.add(
            an_event(registered, actor_id="an", document_id="doc-004", facts={"pages": 4})
        )
    with database.transaction() as tx:
        brought = tx.events.brought("an")
        assert [(one.document_id, one.facts["pages"]) for one in brought] == [
            ("doc-004", 4),
            ("doc-002", 2),
            ("doc-001", 1),
        ]
        assert tx.events.brought("an", limit=1) == brought[:1]
        assert tx.events.brought("an", before=brought[0].id) == brought[1:]
        assert tx.events.brought("an", document_id="doc-002") == brought[1:2]
        assert tx.events.brought("an", document_id="doc-003") == ()
        assert tx.events.brought("nobody") == ()


def test_problems_are_counted_by_state_and_cause(database: Any) -> None:
    away, lost = "object_store_unavailable", "worker_lost"
    failed = {"state": DocumentState.FAILED, "problem": lost}
    brought = [
        a_document(1, problem=away, batch="a"),
        a_document(2, problem=away),
        a_document(3),
        a_document(4, **failed, sha256="7" * 64),
        a_document(5, **failed, agency_id=NEIGHBOUR.id, sha256="7" * 64),
        a_document(6, sha256="7" * 64),
    ]
    with database.transaction() as tx:
        for document in brought:
            tx.documents.add(document)
        tx.documents.join_batch("a", sha256="7" * 64, agency_id=COMMUNE.id)
    with database.transaction() as tx:
        assert tx.documents.problems(within="vn") == {
            DocumentState.RECEIVED: {away: 2},
            DocumentState.FAILED: {lost: 2},
        }
        assert tx.documents.problems(within=COMMUNE.path, batch="a") == {
            DocumentState.RECEIVED: {away: 1},
            DocumentState.FAILED: {lost: 1},
        }
        assert tx.documents.problems(within=WILDCARD.path) == {}
        found = tx.documents.failed("7" * 64)
    assert {one.id for one in found} == {"doc-004", "doc-005"}, "of every agency"


def test_events_are_counted_by_a_fact(database: Any) -> None:
    refused = EventName.LOGIN_REFUSED
    with database.transaction() as tx:
        for minutes, login in ((0, "an"), (10, "an"), (10, "binh")):
            at = NOW + timedelta(minutes=minutes)
            tx.events.add(an_event(refused, document_id=None, at=at, facts={"login": login}))
    with database.transaction() as tx:
        assert tx.events.count(refused, fact="login", value="an", since=NOW) == 2
        later = NOW + timedelta(minutes=10)
        assert tx.events.count(refused, fact="login", value="an", since=later) == 1
        assert tx.events.count(refused, fact="address", value="an", since=NOW) == 0


def test_an_agency_can_be_renamed(database: Any) -> None:
    with database.transaction() as tx:
        tx.agencies.add(replace(COMMUNE, name="Phường Việt Yên"))
    with database.transaction() as tx:
        assert tx.agencies.get(COMMUNE.id) == replace(COMMUNE, name="Phường Việt Yên")
        assert tx.agencies.get("none") is None


def an_account(number: int = 1, **changes: Any) -> Account:
    values: dict[str, Any] = {
        "id": f"account-{number}",
        "login": f"login-{number}",
        "name": "Lê Văn Cường",
        "agency_id": COMMUNE.id,
        "agency_path": COMMUNE.path,
        "roles": frozenset({Role.OFFICER, Role.CERTIFIER}),
        "password_hash": "$argon2id$x",
    }
    return Account(**(values | changes))


def test_accounts_are_saved_and_changed(database: Any) -> None:
    with database.transaction() as tx:
        tx.accounts.save(an_account())
    changed = an_account(active=False, roles=frozenset({Role.AUDITOR}))
    with database.transaction() as tx:
        assert tx.accounts.by_login("login-1") == an_account()
        tx.accounts.save(changed)
    with database.transaction() as tx:
        assert tx.accounts.get("account-1") == changed
        assert tx.accounts.by_login("nobody") is None
        with pytest.raises(HosoError) as refused:
            tx.accounts.save(an_account(2, login="login-1"))
    assert refused.value.code is ErrorCode.REQUEST_INVALID
    unknown = an_account(3, agency_id="vn.99", agency_path="vn.99")
    with pytest.raises(Exception, match="agency"), database.transaction() as tx:
        tx.accounts.save(unknown)


def test_sessions_come_and_go(database: Any) -> None:
    session = Session(
        token_sha256="f" * 64,
        account_id="account-1",
        csrf_token="c",
        expires_at=datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1),
    )
    with database.transaction() as tx:
        tx.accounts.save(an_account())
        tx.accounts.add_session(session)
    with database.transaction() as tx:
        assert tx.accounts.session(session.token_sha256) == session
        tx.accounts.drop_session(session.token_sha256)
        tx.accounts.drop_session(session.token_sha256)
        assert tx.accounts.session(session.token_sha256) is None


def test_expired_sessions_are_forgotten_and_the_others_stay(database: Any) -> None:
    old, current = (
        Session(
            token_sha256=digit * 64,
            account_id="account-1",
            csrf_token="c",
            expires_at=NOW + timedelta(hours=hours),
        )
        for digit, hours in (("a", 1), ("b", 3))
    )
    with database.transaction() as tx:
        tx.accounts.save(an_account())
        tx.accounts.add_session(old)
        tx.accounts.add_session(current)
        tx.accounts.drop_expired_sessions(NOW + timedelta(hours=1))
        assert tx.accounts.session(old.token_sha256) is None
        assert tx.accounts.session(current.token_sha256) == current


def test_sessions_of_one_account_are_forgotten_and_others_stay(database: Any) -> None:
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    own, others = (
        [
            Session(token_sha256=sign * 64, account_id=owner, csrf_token="c", expires_at=ends)
            for sign in signs
        ]
        for owner, signs in (("account-1", "ab"), ("account-2", "c"))
    )
    with database.transaction() as tx:
        for number in (1, 2):
            tx.accounts.save(an_account(number))
        for session in (*own, *others):
            tx.accounts.add_session(session)
        tx.accounts.drop_sessions("account-1")
    with database.transaction() as tx:
        left = [tx.accounts.session(one.token_sha256) for one in (*own, *others)]
    assert left == [None, None, *others]


def test_staff_are_listed_within_the_subtree(database: Any) -> None:
    with database.transaction() as tx:
        tx.accounts.save(an_account(2, active=False))
        tx.accounts.save(an_account(1))
        elsewhere = an_account(3, agency_id=NEIGHBOUR.id, agency_path=NEIGHBOUR.path)
        tx.accounts.save(elsewhere)
    with database.transaction() as tx:
        assert tx.accounts.staff(within=PROVINCE.path) == (
            an_account(1),
            an_account(2, active=False),
        )
        assert [one.id for one in tx.accounts.staff(within="vn")] == [
            f"account-{n}" for n in (1, 2, 3)
        ]
        assert tx.accounts.hold("account-3") == elsewhere
        assert tx.accounts.hold("nobody") is None


def test_the_trail_has_one_key_for_all(database: Any) -> None:
    with database.transaction() as tx:
        key = tx.events.digest_key()
        assert len(key) == 32
        assert tx.events.digest_key() == key
    with database.transaction() as tx:
        assert tx.events.digest_key() == key


def test_a_key_stands_for_the_first_answer_of_its_actor(database: Any) -> None:
    answer = RememberedAnswer(request_sha256="a" * 64, document_id="doc-001")
    other = replace(answer, document_id="x")
    with database.transaction() as tx:
        assert tx.idempotency_keys.claim("key", actor_id="an", answer=answer) is None
        assert tx.idempotency_keys.claim("key", actor_id="an", answer=other) == answer
        assert tx.idempotency_keys.claim("key", actor_id="binh", answer=other) is None


def test_a_key_is_free_again_where_its_transaction_rolled_back(database: Any) -> None:
    answer = RememberedAnswer(request_sha256="a" * 64, document_id="doc-001")

    def claim_and_fail() -> None:
        with database.transaction() as tx:
            tx.idempotency_keys.claim("key", actor_id="an", answer=answer)
            raise HosoError(ErrorCode.INTERNAL)

    with pytest.raises(HosoError):
        claim_and_fail()
    with database.transaction() as tx:
        assert tx.idempotency_keys.claim("key", actor_id="an", answer=answer) is None


AN = Person(
    personal_id="027098001234",
    full_name="Nguyễn Văn An",
    birth_date="1998-03-05",
    sex="male",
    updated_at=NOW,
    source="test",
)
OTHERS = [
    Person(
        personal_id="027098009999",
        full_name="Trần Văn Bình",
        birth_date="1998-03-05",
        source="test",
    ),
    Person(personal_id="001199000001", full_name="Lê Thị Hoa", birth_date="1999", source="test"),
    Person(
        personal_id="079300000002",
        full_name="Phạm Thị Dung",
        birth_date="2000-12-30",
        source="test",
    ),
]


@pytest.mark.parametrize(
    "query",
    [
        PersonQuery(personal_id="027098001234"),
        PersonQuery(personal_id="027098001235"),
        PersonQuery(personal_id="027098000000", full_name="x"),
        PersonQuery(full_name="NGUYEN VAN AN", birth_date="1998-05-03"),
        PersonQuery(full_name="nguyễn văn ân", birth_date="1998-03-06"),
        PersonQuery(full_name="Nguyễn Văn An", birth_date="1998"),
        PersonQuery(full_name="Nguyên Van", birth_date="1998-03-05"),
        PersonQuery(full_name="Nguyễn Văn An"),
        PersonQuery(full_name="Nguyễn Văn An", birth_date="1999"),
        PersonQuery(full_name="Nguyễn Văn An", birth_date="1980-11-30"),
    ],
    ids=[
        "pin",
        "pin slip",
        "pin half",
        "day and month",
        "digit",
        "year",
        "birthday",
        "name only",
        "another year",
        "another day",
    ],
)
def test_a_noisy_query_meets_its_person(
    database: Any, request: pytest.FixtureRequest, query: PersonQuery
) -> None:
    fill_population(database, request, [AN, *OTHERS])
    with database.transaction() as tx:
        assert AN in tx.population.candidates(query)
        assert tx.population.count() == 4
        assert tx.population.get(AN.personal_id) == AN


def test_a_person_is_removed_once(database: Any, request: pytest.FixtureRequest) -> None:
    fill_population(database, request, [AN, *OTHERS])
    with database.transaction() as tx:
        assert tx.population.remove(AN.personal_id)
        assert not tx.population.remove(AN.personal_id)
    with database.transaction() as tx:
        assert tx.population.get(AN.personal_id) is None
        assert tx.population.get(OTHERS[0].personal_id) == OTHERS[0]


def test_a_year_in_the_population_answers_a_full_date(
    database: Any, request: pytest.FixtureRequest
) -> None:
    fill_population(database, request, [AN, *OTHERS])
    query = PersonQuery(full_name="Lê Thị Hoa", birth_date="1999-07-01")
    with database.transaction() as tx:
        assert [one.full_name for one in tx.population.candidates(query)] == ["Lê Thị Hoa"]


def test_namesakes_are_counted_whatever_their_marks(
    database: Any, request: pytest.FixtureRequest
) -> None:
    other = replace(AN, personal_id="027098007777", full_name="Nguyễn Văn Ân")
    fill_population(database, request, [AN, other, *OTHERS])
    with database.transaction() as tx:
        assert tx.population.namesakes("NGUYEN VAN AN", at_most=9) == 2
        assert tx.population.namesakes("NGUYEN VAN AN", at_most=1) == 1
        assert tx.population.namesakes("Lê Thị Hoa", at_most=9) == 1
        assert tx.population.namesakes("Đỗ Minh", at_most=9) == 0


def test_candidates_are_limited_and_the_number_comes_first(
    database: Any, request: pytest.FixtureRequest
) -> None:
    crowd = [replace(AN, personal_id=f"0270980{number:05}") for number in range(1300, 1400)]
    fill_population(database, request, [*crowd, AN])
    query = PersonQuery(
        full_name="Nguyễn Văn An", birth_date="1998-03-05", personal_id=AN.personal_id
    )
    with database.transaction() as tx:
        found = tx.population.candidates(query, limit=10)
    assert len(found) == 10
    assert found[0] == AN


HOME = "xã Nghĩa Trung, huyện Việt Yên, tỉnh Bắc Giang"


@pytest.mark.parametrize("date", [None, "1990", "1990-07-08"])
@pytest.mark.parametrize(
    "known", [{"residence": HOME}, {"home_town": HOME}, {"mother_full_name": "Trần Thị Bé"}]
)
def test_of_many_namesakes_those_of_the_same_home_or_parents_come_first(
    database: Any, request: pytest.FixtureRequest, date: str | None, known: dict[str, str]
) -> None:
    crowd = [
        replace(AN, personal_id=f"0010850{at:05}", birth_date=f"19{60 + at % 40}-07-{1 + at % 28}")
        for at in range(300)
    ]
    wanted = replace(AN, personal_id="098075000001", birth_date="1975-01-02", **known)
    fill_population(database, request, [*crowd, wanted])
    query = PersonQuery(full_name="Nguyễn Văn An", birth_date=date, **known)
    with database.transaction() as tx:
        assert wanted in tx.population.candidates(query)


def test_whose_name_and_day_are_met_has_no_namesakes_beside(
    database: Any, request: pytest.FixtureRequest
) -> None:
    namesake = replace(AN, personal_id="098075000001", birth_date="1975-01-02")
    fill_population(database, request, [AN, namesake])
    query = PersonQuery(full_name="Nguyễn Văn An", birth_date=AN.birth_date)
    with database.transaction() as tx:
        assert tx.population.candidates(query) == (AN,)


def test_strangers_are_no_candidates(database: Any, request: pytest.FixtureRequest) -> None:
    fill_population(database, request, [AN, *OTHERS])
    query = PersonQuery(full_name="Đỗ Minh", birth_date="1950-01-01", personal_id="040050000000")
    with database.transaction() as tx:
        assert tx.population.candidates(query) == ()
        assert tx.population.candidates(PersonQuery()) == ()
        assert tx.population.get("000000000000") is None


def test_jobs_can_be_enqueued_with_the_row(database: Any) -> None:
    with database.transaction() as tx:
        tx.documents.add(a_document())
        tx.jobs.enqueue(Step.READ, "doc-001", lane=Lane.COUNTER)


def test_what_waits_for_a_document_is_hurried(
    database: Any, request: pytest.FixtureRequest
) -> None:
    with database.transaction() as tx:
        for number in (1, 2):
            tx.documents.add(a_document(number))
            tx.jobs.enqueue(Step.READ, f"doc-00{number}", lane=Lane.BULK)
    with database.transaction() as tx:
        tx.jobs.hurry(())
        tx.jobs.hurry(("doc-002", "doc-009"))
    if isinstance(database, MemoryDatabase):
        assert [one.lane for one in database.jobs] == [Lane.BULK, Lane.COUNTER]
        return
    with psycopg.connect(database_url(request.getfixturevalue("settings"))) as connection:
        rows = connection.execute(
            "select args ->> 'document_id', priority, status::text from procrastinate_jobs order by id"
        ).fetchall()
    assert rows == [("doc-001", 0, "todo"), ("doc-002", 100, "todo")]


def test_numbers_have_no_gaps_under_concurrency(database: Any) -> None:
    if isinstance(database, MemoryDatabase):
        pytest.skip("the fake runs one transaction at a time")
    numbers: list[int] = []

    def draw(*, fail: bool) -> None:
        try:
            with database.transaction() as tx:
                number = tx.certificates.next_number(agency_id=COMMUNE.id, year=2026)
                if fail:
                    [].pop()
            numbers.append(number)
        except IndexError:
            pass

    threads = [threading.Thread(target=draw, kwargs={"fail": n % 3 == 0}) for n in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 21))
