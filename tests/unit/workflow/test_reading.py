"""A file with a page that cannot be read: the others become records, and the lost one is named and kept."""

import hashlib
import io
from collections.abc import Iterable
from datetime import date
from typing import Any, cast

import pytest
from PIL import Image, ImageDraw

from domain.actor import Role
from domain.document import Document, Lane
from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.page import CleanPage
from domain.ports import Step
from domain.record import Record
from ingest.inspection import Limits
from matching.conclusion import conclude
from ocr.engine import ReadingEngine
from tests.unit.workflow.conftest import SYSTEM, Office, actor
from workflow import reading
from workflow.failure import give_up
from workflow.intake import Upload, document_id
from workflow.page_pictures import page_pictures
from workflow.reading import ADJACENT_PAGES, Reader, read_file

OPERATOR = actor(Role.OPERATOR)


class Upright:
    """An engine that turns nothing."""

    def rotation(self, _pixels: object) -> int:
        return 0


def a_paper_each(
    file: str, sha256: str, pages: Iterable[CleanPage], _engine: object, _today: date
) -> tuple[Record, ...]:
    """Every page a paper of its own."""
    return tuple(
        Record(
            file=file,
            sha256=sha256,
            pages=(page.number,),
            form=FormCode.BIRTH_EXTRACT,
            form_confidence=1.0,
            quality=page.quality,
            lines=(),
            fields={},
            checks=(),
        )
        for page in pages
    )


@pytest.fixture(autouse=True)
def _papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "read_document", a_paper_each)


def reader(office: Office, *, max_pixels: int = 100_000) -> Reader:
    return Reader(
        engine=cast("ReadingEngine", Upright()),
        limits=Limits(max_pixels=max_pixels),
        clock=office.clock,
    )


def tiff(*sizes: tuple[int, int]) -> bytes:
    pages = []
    for size in sizes:
        page = Image.new("L", size, 255)
        ImageDraw.Draw(page).rectangle((20, 20, 90, 40), fill=0)
        pages.append(page)
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], dpi=(100, 100))
    return out.getvalue()


PAGE, LARGE = (200, 300), (500, 700)
BOX = tiff(PAGE, PAGE, LARGE, PAGE, PAGE)
"""Five pages, the third of too many pixels for the readers of these tests."""
SHA256 = hashlib.sha256(BOX).hexdigest()


def checks(record: Record | None) -> dict[str, object]:
    assert record is not None
    return {one.code: one.facts["pages"] for one in record.checks if one.code == ADJACENT_PAGES}


def bring(office: Office, *, batch: str = "hộp 7") -> Document:
    return office.bring(
        Upload(name="hộp 7.tif", data=BOX, lane=Lane.BULK, batch=batch), OPERATOR
    ).document


def work(office: Office, *, max_pixels: int = 100_000) -> None:
    """What a worker does with the reading jobs that wait."""
    for job in office.database.take_jobs():
        if job.step is not Step.READ:
            continue
        try:
            reading.read(
                SYSTEM,
                job.document_id,
                database=office.database,
                objects=office.objects,
                reader=reader(office, max_pixels=max_pixels),
            )
        except HosoError as error:
            with office.database.transaction() as tx:
                give_up(SYSTEM, Step.READ, job.document_id, error.code, tx=tx, clock=office.clock)


def papers(office: Office) -> list[Document]:
    with office.database.transaction() as tx:
        return list(tx.documents.all_by_original(SHA256, agency_id=OPERATOR.agency_id))


def standing(office: Office) -> list[tuple[tuple[int, ...], str, str | None]]:
    return [(one.pages, str(one.state), one.problem) for one in papers(office)]


def test_the_sound_pages_are_records_and_the_lost_one_is_named(office: Office) -> None:
    found = read_file(BOX, name="a", reader=reader(office))
    assert [record.pages for record in found.records] == [(1,), (2,), (4,), (5,)]
    (lost,) = found.lost
    assert (lost.number, lost.error.code) == (3, ErrorCode.IMAGE_TOO_LARGE)
    assert lost.error.facts["page"] == 3


def test_what_is_beside_a_lost_page_waits_for_a_person(office: Office) -> None:
    found = read_file(BOX, name="a", reader=reader(office))
    assert [checks(record) for record in found.records] == [
        {},
        {ADJACENT_PAGES: [3]},
        {ADJACENT_PAGES: [3]},
        {},
    ]
    reasons = [conclude(record, ()).reasons for record in found.records]
    waits = [f"check_failed_{ADJACENT_PAGES}" in each for each in reasons]
    assert waits == [False, True, True, False]


def test_of_a_whole_file_nothing_is_missing(office: Office) -> None:
    found = read_file(BOX, name="a", reader=reader(office, max_pixels=10**6))
    assert found.lost == ()
    assert [checks(record) for record in found.records] == [{}] * 5


@pytest.mark.parametrize("sizes", [(LARGE,), (LARGE, LARGE)])
def test_where_no_page_can_be_read_the_file_is_refused(
    office: Office, sizes: tuple[tuple[int, int], ...]
) -> None:
    with pytest.raises(HosoError) as refused:
        read_file(tiff(*sizes), name="a", reader=reader(office))
    assert refused.value.code is ErrorCode.IMAGE_TOO_LARGE
    assert "page" not in refused.value.facts


def test_a_lost_page_is_a_document_of_its_own_that_failed(office: Office) -> None:
    brought = bring(office)
    work(office)
    assert standing(office) == [
        ((1,), "read", None),
        ((2,), "read", None),
        ((3,), "failed", "image_too_large"),
        ((4,), "read", None),
        ((5,), "read", None),
    ]
    lost = papers(office)[2]
    assert (lost.lost_page, lost.file, lost.batch) == (3, "hộp 7.tif", "hộp 7")
    assert office.document(brought.id).pages == (1,)
    with office.database.transaction() as tx:
        (event,) = tx.events.of_document(lost.id)
    assert (str(event.name), event.facts["code"], event.facts["page"]) == (
        "document.failed",
        "image_too_large",
        3,
    )


def test_the_papers_of_a_file_came_when_it_came(office: Office) -> None:
    brought = bring(office)
    work(office)
    assert {one.created_at for one in papers(office)} == {brought.created_at}


def test_the_lost_page_is_tried_again_alone(office: Office) -> None:
    bring(office)
    work(office)
    again = bring(office, batch="hộp 8")
    assert again.id == document_id(OPERATOR.agency_id, SHA256), "the document answered at first"
    assert [job.step for job in office.database.jobs].count(Step.READ) == 1
    work(office)
    assert standing(office)[2] == ((3,), "failed", "image_too_large")
    assert len(papers(office)) == 5
    assert all(one.batches == ("hộp 7", "hộp 8") for one in papers(office))
    # the office allows larger pictures by now
    bring(office)
    work(office, max_pixels=10**6)
    assert standing(office)[2] == ((3,), "read", None)
    assert len(papers(office)) == 5
    assert checks(papers(office)[2].record) == {ADJACENT_PAGES: [2, 4]}
    assert checks(papers(office)[1].record) == {ADJACENT_PAGES: [3]}


def test_a_file_that_failed_as_a_whole_is_read_as_a_whole_when_it_comes_again(
    office: Office,
) -> None:
    bring(office)
    work(office, max_pixels=10)
    assert standing(office) == [((), "failed", "image_too_large")]
    bring(office)
    work(office)
    assert [pages for pages, _, _ in standing(office)] == [(1,), (2,), (3,), (4,), (5,)]


def test_the_picture_of_a_lost_page_is_refused_as_the_page_was(office: Office) -> None:
    bring(office)
    work(office)
    lost = papers(office)[2]
    with pytest.raises(HosoError) as refused:
        page_pictures(lost, (3,), objects=office.objects, limits=Limits(max_pixels=100_000))
    assert (refused.value.code, refused.value.facts["page"]) == (ErrorCode.IMAGE_TOO_LARGE, 3)


def test_a_page_that_the_file_has_not_got_is_refused(office: Office) -> None:
    with pytest.raises(HosoError) as caught:
        read_file(tiff((200, 200)), name="a.tif", reader=reader(office), only=2)
    assert caught.value.code is ErrorCode.FILE_BROKEN
    assert caught.value.facts["page"] == 2


def test_every_paper_of_a_file_is_found_from_each(office: Office) -> None:
    document = bring(office)
    work(office)
    with office.database.transaction() as tx:
        papers = tx.documents.all_by_original(SHA256, agency_id="vn.24.07777")
        ids = [one.id for one in papers]
        assert len(ids) == 5
        for paper in papers:
            assert list(tx.documents.siblings(paper)) == [one for one in ids if one != paper.id]
    assert document.id in ids


def test_a_paper_hurried_while_it_is_read_stays_at_the_counter(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = bring(office)
    as_before = reading.read_document

    def meanwhile(*given: Any) -> tuple[Record, ...]:
        office.bring(Upload(name="hộp 7.tif", data=BOX), OPERATOR)
        return as_before(*given)

    monkeypatch.setattr(reading, "read_document", meanwhile)
    work(office)
    assert office.document(document.id).lane is Lane.COUNTER
    assert {one.lane for one in office.database.take_jobs()} == {Lane.COUNTER}
