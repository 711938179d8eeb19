"""A wrong row of the population is taken out, with its reason in the trail."""

import pytest

from domain.actor import Role
from domain.errors import ErrorCode, HosoError
from domain.event import EventName
from domain.person import Person
from tests.unit.workflow.conftest import Office, actor
from workflow.population import remove_person

ADMIN = actor(Role.ADMIN)
WRONG = Person(personal_id="027098001234", full_name="Nguyễn Văn An", source="csdl")


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
