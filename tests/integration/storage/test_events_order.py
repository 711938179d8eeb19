"""A reader who follows the trail by id never misses a line that was committed late."""

from datetime import UTC, datetime

from domain.agency import Agency, AgencyLevel
from domain.event import Event, EventName
from storage.database import PostgresDatabase


def an_event(actor: str) -> Event:
    return Event(
        name=EventName.DOCUMENT_READ,
        actor_id=actor,
        agency_id="vn",
        document_id=None,
        at=datetime.now(UTC),
    )


def test_a_late_commit_is_not_overtaken(database: PostgresDatabase) -> None:
    with database.transaction() as tx:
        tx.agencies.add(Agency(id="vn", name="Việt Nam", level=AgencyLevel.STATE, path="vn"))
    with database.transaction() as slow:
        slow.events.add(an_event("slow"))  # draws the lower id
        with database.transaction() as quick:
            quick.events.add(an_event("quick"))
        with database.transaction() as reader:
            assert reader.events.since(0, within="vn") == ()
    with database.transaction() as reader:
        assert [one.actor_id for one in reader.events.since(0, within="vn")] == ["slow", "quick"]
