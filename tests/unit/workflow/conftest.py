"""An empty office over in-memory stores."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from domain.actor import Actor, Role
from domain.document import Document, Lane
from ingest.inspection import Limits
from tests.fakes.database import MemoryDatabase
from tests.fakes.house import (
    COMMUNE,
    ELSEWHERE,
    ROOT,
    FixedClock,
    TestHouse,
    fill,
    make_test_house,
)
from tests.fakes.objects import MemoryObjectStore
from workflow.intake import Registration, Upload, register
from workflow.retention import Retention

RETENTION = Retention(days=30)


def actor(*roles: Role, agency: str = COMMUNE.id) -> Actor:
    return Actor(
        id="-".join(roles) or "nobody",
        name="",
        roles=frozenset(roles),
        agency_id=agency,
        agency_path=agency,
    )


SYSTEM = Actor(
    id="system", name="", roles=frozenset(), agency_id="vn", agency_path="vn", is_system=True
)


@dataclass(kw_only=True)
class Office:
    """Stores and clock of one test."""

    database: MemoryDatabase = field(default_factory=MemoryDatabase)
    objects: MemoryObjectStore = field(default_factory=MemoryObjectStore)
    clock: FixedClock = field(default_factory=FixedClock)

    def bring(self, upload: Upload, by: Actor) -> Registration:
        self.clock.pass_time(timedelta(seconds=1))
        with self.database.transaction() as tx:
            return register(
                by,
                upload,
                tx=tx,
                objects=self.objects,
                clock=self.clock,
                limits=Limits(),
                retention=RETENTION,
            )

    def document(self, document_id: str) -> Document:
        with self.database.transaction() as tx:
            found = tx.documents.get(document_id, within="vn")
        assert found is not None
        return found

    def events(self, document_id: str) -> list[str]:
        with self.database.transaction() as tx:
            return [str(event.name) for event in tx.events.of_document(document_id)]


@pytest.fixture
def office() -> Office:
    made = Office()
    with made.database.transaction() as tx:
        for agency in (ROOT, COMMUNE, ELSEWHERE):
            tx.agencies.add(agency)
    return made


@pytest.fixture
def house() -> TestHouse:
    """An office with a document in every state."""
    made = make_test_house()
    fill(made)
    return made


def upload(data: bytes, *, key: str | None = None, lane: Lane = Lane.COUNTER) -> Upload:
    return Upload(name="scan.png", data=data, lane=lane, idempotency_key=key)
