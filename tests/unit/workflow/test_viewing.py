"""What is looked at stands in the trail, once an hour however many pages are asked for."""

from datetime import timedelta

from domain.actor import Role
from domain.document import DocumentState
from domain.event import EventName
from domain.ports import Bucket
from tests.fakes.house import TestHouse, of_state
from tests.unit.workflow.conftest import actor
from workflow import page_pictures
from workflow.pictures import page_key

_READ = of_state(DocumentState.REVIEW)


def looks(house: TestHouse) -> list[str]:
    with house.database.transaction() as tx:
        trail = tx.events.of_document(_READ)
    return [event.actor_id for event in trail if event.name is EventName.DOCUMENT_VIEWED]


def look(house: TestHouse, role: Role, number: int = 1) -> None:
    with house.database.transaction() as tx:
        page_pictures.page_picture(
            actor(role),
            _READ,
            number,
            tx=tx,
            objects=house.objects,
            clock=house.clock,
            limits=house.house.limits,
        )


def test_a_look_at_the_scan_is_in_the_trail_once_an_hour(house: TestHouse) -> None:
    sha256 = house.document(_READ).sha256
    for number in (1, 2):
        house.objects.put(Bucket.PAGES, page_key(sha256, number), b"x", media_type="image/jpeg")
    for number in (1, 2, 1):
        look(house, Role.OPERATOR, number)
    assert looks(house) == ["operator"]
    look(house, Role.OFFICER)
    assert looks(house) == ["operator", "officer"]
    house.clock.pass_time(timedelta(minutes=61))
    look(house, Role.OPERATOR)
    assert looks(house) == ["operator", "officer", "operator"]
