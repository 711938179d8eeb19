import threading
from contextlib import ExitStack, suppress

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
    while turnstile._inside._value:
        pass
    queue = threading.Thread(target=wait)
    queue.start()
    while turnstile._known._value:
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


def test_of_one_network_only_a_few_are_inside_or_waiting() -> None:
    turnstile = Turnstile(at_once=3, waiting=0, patience=0, per_network=2)
    with turnstile.passage("192.0.2.1"), turnstile.passage("192.0.2.1"):
        with pytest.raises(HosoError) as busy, turnstile.passage("192.0.2.1"):
            pass
        assert busy.value.code is ErrorCode.BUSY
        with turnstile.passage("192.0.2.2"):
            pass
    with turnstile.passage("192.0.2.1"):
        pass
    assert not turnstile._here  # who has left is not remembered


def test_one_network_does_not_take_verification_from_everybody_else(
    test_house: TestHouse,
) -> None:
    client = client_of(test_house)
    turnstile = client.app.state.verifications  # type: ignore[attr-defined]
    turnstile._patience = 0.01  # how long each of the crowd waits is not asked here
    file = {"file": ("a.pdf", b"%PDF-")}
    with ExitStack() as crowd:
        for _ in range(10):
            with suppress(HosoError):
                crowd.enter_context(turnstile.passage("192.0.2.1"))
        assert turnstile._inside._value == 0
        turnstile._inside.release()  # one of them is done
        assert client.post("/api/v1/verify", files=file).status_code == 200
        turnstile._inside.acquire()


@pytest.mark.parametrize("path", ["/api/v1/verify/{}", "/v/{}"])
def test_a_code_that_is_none_takes_nobodys_place(test_house: TestHouse, path: str) -> None:
    client = client_of(test_house)
    client.app.state.verifications = Turnstile(at_once=1, waiting=0, patience=0)  # type: ignore[attr-defined]
    with client.app.state.verifications.passage():  # type: ignore[attr-defined]
        for code in ("junk", "0000-0000-0000-0000-0"):
            assert client.get(path.format(code)).status_code == 404


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
