"""Uploads under one idempotency key at the same moment: one file is taken, and nothing of the others."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from PIL import Image

from domain.actor import Actor, Role
from domain.errors import ErrorCode, HosoError
from domain.ports import Bucket
from ingest.inspection import Limits
from storage.database import PostgresDatabase
from tests.fakes.house import COMMUNE, ROOT, FixedClock
from tests.fakes.objects import MemoryObjectStore
from workflow.intake import Registration, Upload, register
from workflow.retention import Retention

AT_ONCE = 4
OPERATOR = Actor(
    id="operator",
    name="",
    roles=frozenset({Role.OPERATOR}),
    agency_id=COMMUNE.id,
    agency_path=COMMUNE.path,
)


class SlowStore(MemoryObjectStore):
    """Takes its time, so that everybody who is let through is under way together."""

    def put(
        self,
        bucket: Bucket,
        key: str,
        data: bytes,
        *,
        media_type: str,
        retain_until: datetime | None = None,
    ) -> str | None:
        threading.Event().wait(0.2)
        return super().put(bucket, key, data, media_type=media_type, retain_until=retain_until)


def picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (620, 877), shade).save(out, "PNG", dpi=(75, 75))
    return out.getvalue()


@pytest.fixture
def office(database: PostgresDatabase) -> PostgresDatabase:
    with database.transaction() as tx:
        for agency in (ROOT, COMMUNE):
            tx.agencies.add(agency)
    return database


def bring(office: PostgresDatabase, objects: MemoryObjectStore, data: bytes) -> Registration | str:
    upload = Upload(name="scan.png", data=data, idempotency_key="k1")
    try:
        with office.transaction() as tx:
            return register(
                OPERATOR,
                upload,
                tx=tx,
                objects=objects,
                clock=FixedClock(),
                limits=Limits(),
                retention=Retention(days=1),
            )
    except HosoError as error:
        return str(error.code)


def bring_at_once(
    office: PostgresDatabase, objects: MemoryObjectStore, files: list[bytes]
) -> list[Registration | str]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda data: bring(office, objects, data), files))


def test_of_several_files_under_one_key_exactly_one_is_taken(office: PostgresDatabase) -> None:
    objects = SlowStore()
    files = [picture(200 + number) for number in range(AT_ONCE)]
    answers = bring_at_once(office, objects, files)
    taken = [answer for answer in answers if isinstance(answer, Registration)]
    assert len(taken) == 1
    assert answers.count(ErrorCode.IDEMPOTENCY_KEY_REUSED) == AT_ONCE - 1
    assert len(objects.versions) == 1
    with office.transaction() as tx:
        stored = tx.documents.page(within=ROOT.path).documents
    assert [document.id for document in stored] == [taken[0].document.id]
    again = bring(office, objects, files[answers.index(taken[0])])
    assert isinstance(again, Registration)
    assert (again.duplicate, again.document.id) == (True, taken[0].document.id)


def test_the_same_file_several_times_under_one_key_is_answered_alike(
    office: PostgresDatabase,
) -> None:
    answers = bring_at_once(office, SlowStore(), [picture(200)] * AT_ONCE)
    taken = [answer for answer in answers if isinstance(answer, Registration)]
    assert len({answer.document.id for answer in taken}) == 1
    assert sorted(answer.duplicate for answer in taken) == [False, True, True, True]
