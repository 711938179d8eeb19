"""The population comes in with its line in the trail; a wrong row is taken out, with its reason there."""

from contextlib import AbstractContextManager

import pytest

from domain.actor import Role
from domain.document import DocumentState, Lane
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.person import Person
from domain.ports import Step, Transaction
from matching.population_values import COLUMNS
from tests.fakes.database import Job, MemoryDatabase, MemoryEvents
from tests.fakes.house import COMMUNE, sample_document
from tests.unit.workflow.conftest import Office, actor
from workflow.population import import_population, remove_person

ADMIN = actor(Role.ADMIN)
WRONG = Person(personal_id="027098001234", full_name="Nguyễn Văn An", source="csdl")

FILE = [f"{','.join(COLUMNS)}\n", f"{WRONG.personal_id},Nguyễn Văn An{',' * 13}\n"]


class KilledAfterCommit(MemoryDatabase):
    """The process ends with its first commit."""

    begun = 0

    def transaction(self) -> AbstractContextManager[Transaction]:
        self.begun += 1
        if self.begun > 1:
            raise KeyboardInterrupt
        return super().transaction()


def imported_lines(database: MemoryDatabase) -> list[object]:
    with MemoryDatabase.transaction(database) as tx:
        found = tx.events.named((EventName.POPULATION_IMPORTED,), within=ADMIN.agency_path)
    return [event.facts["imported"] for event in found]


def persons(database: MemoryDatabase) -> int:
    with MemoryDatabase.transaction(database) as tx:
        return tx.population.count()


def test_what_ends_right_after_the_rows_stand_leaves_their_line_and_the_jobs(
    office: Office,
) -> None:
    waiting = sample_document(agency=COMMUNE, state=DocumentState.REVIEW)
    database = KilledAfterCommit()
    with MemoryDatabase.transaction(database) as tx:
        tx.agencies.add(COMMUNE)
        tx.documents.add(waiting)
    with pytest.raises(KeyboardInterrupt):
        import_population(ADMIN, FILE, source="csdl", database=database, clock=office.clock)
    assert persons(database) == 1
    assert imported_lines(database) == [1]
    assert database.jobs == [Job(step=Step.MATCH, document_id=waiting.id, lane=Lane.BULK)]


def test_without_its_line_nothing_is_imported(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise HosoError(ErrorCode.DATABASE_UNAVAILABLE)

    monkeypatch.setattr(MemoryEvents, "add", away)
    with pytest.raises(HosoError):
        import_population(ADMIN, FILE, source="csdl", database=office.database, clock=office.clock)
    assert persons(office.database) == 0


@pytest.fixture
def kept(office: Office) -> Office:
    office.database.add_persons([WRONG, Person(personal_id="027098001235")])
    return office


def remove(
    office: Office, number: str, *, by: Role = Role.ADMIN, reason: str = " nhập nhầm "
) -> None:
    with office.database.transaction() as tx:
        remove_person(actor(by), number, reason=reason, tx=tx, clock=office.clock)


def test_only_that_row_goes_and_the_trail_says_why(kept: Office) -> None:
    remove(kept, "027 098 001234")
    with kept.database.transaction() as tx:
        assert tx.population.get(WRONG.personal_id) is None
        assert tx.population.count() == 1
        (event,) = tx.events.named((EventName.POPULATION_REMOVED,), within=ADMIN.agency_path)
    assert event.actor_id == ADMIN.id
    assert event.facts == {
        "personal_id": "027098001234",
        "source": "csdl",
        "reason": "nhập nhầm",
    }


@pytest.mark.parametrize(
    ("number", "by", "reason", "code"),
    [
        ("027098009999", Role.ADMIN, "nhầm", ErrorCode.PERSON_NOT_FOUND),
        ("", Role.ADMIN, "nhầm", ErrorCode.PERSON_NOT_FOUND),
        (WRONG.personal_id, Role.ADMIN, " ", ErrorCode.REASON_REQUIRED),
        (WRONG.personal_id, Role.OFFICER, "nhầm", ErrorCode.FORBIDDEN),
    ],
)
def test_what_cannot_be_removed_is_refused(
    kept: Office, number: str, by: Role, reason: str, code: ErrorCode
) -> None:
    with pytest.raises(HosoError) as refused:
        remove(kept, number, by=by, reason=reason)
    assert refused.value.code is code
    with kept.database.transaction() as tx:
        assert tx.population.count() == 2
        assert not tx.events.named((EventName.POPULATION_REMOVED,), within=ADMIN.agency_path)


def test_a_second_removal_says_that_there_is_nobody(kept: Office) -> None:
    remove(kept, WRONG.personal_id)
    with pytest.raises(HosoError) as refused:
        remove(kept, WRONG.personal_id)
    assert refused.value.code is ErrorCode.PERSON_NOT_FOUND
