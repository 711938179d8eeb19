import threading

import pytest

from api.turnstile import Turnstile
from domain.document import DocumentState
from domain.errors import ErrorCode, HosoError
from tests.fakes.house import CODE, TestHouse, of_state
from tests.unit.api.conftest import client_of


def test_so_many_at_once_the_next_waits_and_the_rest_come_back() -> None:
    turnstile = Turnstile(at_once=1, waiting=1, patience=10)
    leave, waited = threading.Event(), threading.Event()

    def stay() -> None:
        with turnstile.passage():
            leave.wait(10)

    def wait() -> None:
        with turnstile.passage():
            waited.set()

    inside = threading.Thread(target=stay)
    inside.start()
    while turnstile._inside._value:  # type: ignore[attr-defined]
        pass
    queue = threading.Thread(target=wait)
    queue.start()
    while turnstile._known._value:  # type: ignore[attr-defined]
        pass
    with pytest.raises(HosoError) as busy, turnstile.passage():
        pass
    assert busy.value.code is ErrorCode.BUSY
    leave.set()
    assert waited.wait(10)
    inside.join()
    queue.join()
    with turnstile.passage():
        pass


def test_patience_ends_and_failures_leave_no_one_inside() -> None:
    turnstile = Turnstile(at_once=1, waiting=1, patience=0.01)
    with turnstile.passage(), pytest.raises(HosoError), turnstile.passage():
        pass
    with pytest.raises(ZeroDivisionError), turnstile.passage():
        raise ZeroDivisionError
    with turnstile.passage():
        pass


def test_a_crowd_at_the_public_door_is_told_when_to_come_back(test_house: TestHouse) -> None:
    client = client_of(test_house)
    client.app.state.verifications = Turnstile(at_once=1, waiting=0, patience=0)  # type: ignore[attr-defined]
    with client.app.state.verifications.passage():  # type: ignore[attr-defined]
        answer = client.get(f"/api/v1/verify/{CODE}")
        page = client.get(f"/v/{CODE}")
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "5"
    assert page.status_code == 503
    assert of_state(DocumentState.REVIEW) not in page.text
