"""What is looked at stands in the trail, once an hour however many pages are asked for."""

from datetime import timedelta

import pytest

from domain.actor import Role
from domain.document import DocumentState
from domain.event import EventName
from domain.ports import Bucket
from tests.fakes.house import CODE, NOW, TestHouse, of_state
from tests.unit.workflow.conftest import actor
from workflow import page_pictures
from workflow.pictures import page_key
from workflow.viewing import view

_READ = of_state(DocumentState.REVIEW)
_CERTIFIED = of_state(DocumentState.CERTIFIED)


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


@pytest.mark.parametrize("written", ["001 188 765 432", "001.188.765.432", "001188-765432"])
def test_why_a_copy_was_revoked_names_nobody_by_number(house: TestHouse, written: str) -> None:
    with house.database.transaction() as tx:
        assert tx.certificates.revoke(CODE, at=NOW, reason=f"sai số {written}")
    told = {}
    for role in (Role.OPERATOR, Role.OFFICER):
        with house.database.transaction() as tx:
            certificate = view(actor(role), _CERTIFIED, tx=tx, clock=house.clock).certificate
        assert certificate is not None
        told[role] = certificate.revoked_reason
    assert told == {Role.OPERATOR: "sai số ***", Role.OFFICER: f"sai số {written}"}
