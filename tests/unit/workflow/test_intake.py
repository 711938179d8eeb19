"""A file brought in is kept, queued once, and recognised when it comes again."""

import hashlib
import io
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from api.scan_files import name_of
from domain.actor import Role
from domain.document import DocumentState, Lane
from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket, Step
from tests.fakes.house import ELSEWHERE, sample_record
from tests.unit.workflow.conftest import SYSTEM, Office, actor, upload
from workflow.failure import give_up

OPERATOR = actor(Role.OPERATOR)


def picture(shade: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("L", (620, 877), shade).save(out, "PNG", dpi=(75, 75))
    return out.getvalue()


def test_the_original_is_kept_byte_for_byte_and_locked(office: Office) -> None:
    data = picture()
    registered = office.bring(upload(data), OPERATOR)
    sha256 = hashlib.sha256(data).hexdigest()
    assert registered.document.sha256 == sha256
    assert office.objects.get(Bucket.ORIGINALS, sha256) == data
    assert office.objects.retained[Bucket.ORIGINALS, sha256] > office.clock.now()


def test_the_file_is_called_what_it_is_called_on_disk(office: Office) -> None:
    # as `read` writes it: NFC, and no letter is taken for another or left out
    name = unicodedata.normalize("NFD", "Nguy\u1ec5n \u00d0\u200binh.png")
    registered = office.bring(replace(upload(picture()), name=name), OPERATOR)
    assert registered.document.file == name_of(Path(name)) == "Nguy\u1ec5n \u00d0\u200binh.png"


def test_row_event_and_job_appear_together(office: Office) -> None:
    document = office.bring(upload(picture(), lane=Lane.BULK), OPERATOR).document
    assert office.document(document.id).state is DocumentState.RECEIVED
    assert office.events(document.id) == ["document.registered"]
    (job,) = office.database.take_jobs()
    assert (job.step, job.document_id, job.lane) == (Step.READ, document.id, Lane.BULK)


def test_the_same_scan_again_makes_no_second_document(office: Office) -> None:
    first = office.bring(upload(picture()), OPERATOR)
    second = office.bring(upload(picture()), OPERATOR)
    assert second.duplicate
    assert second.document.id == first.document.id
    assert len(office.database.take_jobs()) == 1


def test_whoever_comes_to_the_counter_no_longer_waits_behind_the_archive(office: Office) -> None:
    first = office.bring(upload(picture(), lane=Lane.BULK), OPERATOR).document
    again = office.bring(upload(picture()), OPERATOR)
    assert again.hurried
    assert again.document.lane is Lane.COUNTER
    assert [one.lane for one in office.database.jobs] == [Lane.COUNTER]
    # a decision about what the page shows is as good as before
    assert again.document.updated_at == first.updated_at
    back = office.bring(upload(picture(), lane=Lane.BULK), OPERATOR)
    assert (back.hurried, back.document.lane) == (False, Lane.COUNTER)
    with office.database.transaction() as tx:
        lanes = [event.facts.get("lane") for event in tx.events.of_document(first.id)]
    assert lanes == [None, "counter", None]


def test_what_was_tried_in_vain_is_tried_anew_at_the_counter(office: Office) -> None:
    failed = office.bring(upload(picture(), lane=Lane.BULK), OPERATOR).document
    office.database.take_jobs()
    with office.database.transaction() as tx:
        give_up(SYSTEM, Step.READ, failed.id, ErrorCode.FILE_BROKEN, tx=tx, clock=office.clock)
    office.bring(upload(picture()), OPERATOR)
    assert [one.lane for one in office.database.take_jobs()] == [Lane.COUNTER]


def test_a_known_scan_joins_the_batch_it_is_given_with(office: Office) -> None:
    first = office.bring(upload(picture()), OPERATOR).document
    joined = office.bring(replace(upload(picture()), batch=" B2 "), OPERATOR)
    assert joined.duplicate
    assert (joined.document.id, joined.document.batches) == (first.id, ("B2",))
    office.bring(replace(upload(picture()), batch="B3"), OPERATOR)
    assert office.bring(upload(picture()), OPERATOR).document.batches == ("B2", "B3")
    with office.database.transaction() as tx:
        for batch in ("B2", "B3"):
            assert [one.id for one in tx.documents.page(within="vn", batch=batch).documents] == [
                first.id
            ]


def test_an_answer_under_an_idempotency_key_joins_its_batch_too(office: Office) -> None:
    office.bring(upload(picture(), key="k1"), OPERATOR)
    again = office.bring(replace(upload(picture(), key="k1"), batch="B2"), OPERATOR)
    assert again.document.batches == ("B2",)


def test_another_agency_gets_its_own_document_of_the_same_scan(office: Office) -> None:
    here = office.bring(upload(picture()), OPERATOR)
    there = office.bring(upload(picture()), actor(Role.OPERATOR, agency=ELSEWHERE.id))
    assert there.document.id != here.document.id
    assert not there.duplicate


def test_a_failed_document_is_tried_again_when_brought_again(office: Office) -> None:
    document = office.bring(upload(picture()), OPERATOR).document
    office.database.take_jobs()
    with office.database.transaction() as tx:
        give_up(SYSTEM, Step.READ, document.id, ErrorCode.FILE_TOO_SLOW, tx=tx, clock=office.clock)
    assert office.document(document.id).problem == "file_too_slow"
    again = office.bring(upload(picture()), OPERATOR)
    assert again.document.state is DocumentState.RECEIVED
    assert again.document.problem is None
    assert [job.step for job in office.database.take_jobs()] == [Step.READ]


def test_what_an_officer_typed_outlives_a_failed_match_and_each_paper_is_tried_anew(
    office: Office,
) -> None:
    first = office.bring(upload(picture()), OPERATOR).document
    record = replace(sample_record(), sha256=first.sha256, pages=(1,))
    failed = replace(
        first, state=DocumentState.FAILED, record=record, pages=(1,), problem="internal"
    )
    sibling = replace(failed, id="00000000-0000-5000-8000-00000000000a", pages=(2,))
    with office.database.transaction() as tx:
        assert tx.documents.move(first, changed=failed)
        assert tx.documents.add(sibling)
    office.database.take_jobs()
    again = office.bring(upload(picture()), OPERATOR)
    assert (again.document.state, again.document.record) == (DocumentState.READ, record)
    jobs = office.database.take_jobs()
    assert [(job.step, job.document_id) for job in jobs] == [
        (Step.MATCH, first.id),
        (Step.MATCH, sibling.id),
    ]
    assert office.document(sibling.id).problem is None


def test_an_idempotency_key_answers_once_and_refuses_other_bytes(office: Office) -> None:
    first = office.bring(upload(picture(), key="k1"), OPERATOR)
    assert office.bring(upload(picture(), key="k1"), OPERATOR).document.id == first.document.id
    with pytest.raises(HosoError) as refused:
        office.bring(upload(picture(90), key="k1"), OPERATOR)
    assert refused.value.code is ErrorCode.IDEMPOTENCY_KEY_REUSED


def test_a_store_that_is_away_leaves_no_row(office: Office) -> None:
    office.objects.available = False
    with pytest.raises(HosoError) as refused:
        office.bring(upload(picture()), OPERATOR)
    assert refused.value.code is ErrorCode.OBJECT_STORE_UNAVAILABLE
    assert office.database.take_jobs() == []
    with office.database.transaction() as tx:
        assert tx.documents.page(within="vn").documents == ()


@pytest.mark.parametrize("data", [b"", b"no picture at all", b"%PDF-1.4\n%%EOF"])
def test_what_cannot_be_read_is_refused_before_anything_is_kept(
    office: Office, data: bytes
) -> None:
    with pytest.raises(HosoError) as refused:
        office.bring(upload(data), OPERATOR)
    assert str(refused.value.code).startswith("file_")
    assert not office.objects.versions


@pytest.mark.parametrize("stored", [[], [b"rotten"]])
def test_an_original_that_is_lost_or_damaged_is_stored_again_when_brought_again(
    office: Office, stored: list[bytes]
) -> None:
    data = picture()
    first = office.bring(upload(data), OPERATOR)
    key = Bucket.ORIGINALS, first.document.sha256
    office.objects.versions[key] = list(stored)
    again = office.bring(upload(data), OPERATOR)
    assert (again.duplicate, again.mended) == (True, True)
    assert office.objects.versions[key] == [*stored, data]
    with office.database.transaction() as tx:
        told = tx.events.of_document(first.document.id)[-1]
    assert (str(told.name), told.facts["original"]) == ("document.duplicate", "mended")


def test_what_another_agency_brings_mends_the_original_that_both_stand_on(office: Office) -> None:
    data = picture()
    here = office.bring(upload(data), OPERATOR)
    key = Bucket.ORIGINALS, here.document.sha256
    rotten = bytes(len(data))
    office.objects.versions[key] = [rotten]
    there = office.bring(upload(data), actor(Role.OPERATOR, agency=ELSEWHERE.id))
    assert (there.duplicate, there.mended) == (False, True)
    assert office.objects.versions[key] == [rotten, data]
    with office.database.transaction() as tx:
        told = tx.events.of_document(there.document.id)[-1]
    assert (str(told.name), told.facts["original"]) == ("document.registered", "mended")


def test_what_nobody_brought_before_is_not_read_from_the_store(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.objects, "mend", None)
    assert not office.bring(upload(picture()), OPERATOR).mended


def test_a_sound_original_is_left_alone_when_brought_again(office: Office) -> None:
    data = picture()
    first = office.bring(upload(data), OPERATOR)
    again = office.bring(upload(data), OPERATOR)
    assert not again.mended
    assert office.objects.versions[Bucket.ORIGINALS, first.document.sha256] == [data]
