"""A crowd: what it gets, and that everybody else is served meanwhile."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from anyio import to_thread
from fastapi.testclient import TestClient

from api import bootstrap, service
from api.rest import health
from api.turnstile import Turnstile
from domain.document import DocumentState
from domain.errors import ErrorCode, HosoError
from domain.ports import Transaction
from storage.settings import load_settings
from tests.fakes.house import TestHouse
from tests.unit.api.conftest import client_of
from workflow import login, viewing
from workflow.throttle import PER_LOGIN_AT_ADDRESS


def _wrong(*_: object, **__: object) -> login.SignedIn:
    raise HosoError(ErrorCode.LOGIN_FAILED)


def guess(client: TestClient) -> str:
    answer = client.post("/api/v1/sessions", json={"login": "officer", "password": "guess"})
    return str(answer.json()["code"])


def test_a_burst_gets_no_more_guesses_than_the_limit(
    test_house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    transaction = test_house.database.transaction

    @contextmanager
    def late_transaction() -> Iterator[Transaction]:
        time.sleep(0.01)  # so that a refusal is written down after others have looked at the count
        with transaction() as tx:
            yield tx

    monkeypatch.setattr(login, "sign_in", _wrong)
    monkeypatch.setattr(test_house.database, "transaction", late_transaction)
    client = client_of(test_house)
    turnstile = client.app.state.sign_ins  # type: ignore[attr-defined]
    # everybody may wait, so that nobody is kept from guessing by the crowd alone
    turnstile._known, turnstile._per_network = threading.BoundedSemaphore(24), None
    with ThreadPoolExecutor(24) as crowd:
        told = Counter(crowd.map(lambda _: guess(client), range(24)))
    assert told == {
        "login_failed": PER_LOGIN_AT_ADDRESS,
        "login_throttled": 24 - PER_LOGIN_AT_ADDRESS,
    }


def test_a_crowd_signing_in_is_told_to_come_back(test_house: TestHouse) -> None:
    client = client_of(test_house)
    client.app.state.sign_ins = Turnstile(at_once=1, waiting=0, patience=0)  # type: ignore[attr-defined]
    with client.app.state.sign_ins.passage():  # type: ignore[attr-defined]
        assert guess(client) == "busy"
        page = client.post("/sign-in", data={"login": "officer", "password": "guess"})
    assert page.status_code == 503
    assert guess(client) == "login_failed"


def test_health_is_told_while_every_thread_is_busy(test_house: TestHouse) -> None:
    app = service.create_app(test_house.house)
    done = threading.Event()

    async def crowded() -> int:
        to_thread.current_default_thread_limiter().total_tokens = 1
        busy = asyncio.create_task(to_thread.run_sync(done.wait, 20))
        transport = httpx.ASGITransport(app)
        try:
            await asyncio.sleep(0.05)
            async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
                answer = await asyncio.wait_for(client.get("/healthz"), 5)
        finally:
            done.set()
            await busy
        return answer.status_code

    assert asyncio.run(crowded()) == 200


def test_documents_are_not_counted_for_everyone_who_asks(
    visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = 0
    counts = viewing.counts

    def counting(*args: Any, **kwargs: Any) -> Mapping[DocumentState, int]:
        nonlocal counted
        counted += 1
        return counts(*args, **kwargs)

    monkeypatch.setattr(viewing, "counts", counting)
    for _ in range(3):
        assert 'hoso_documents{state="review"} 2.0' in visitor.get("/metrics").text
    assert counted == 1
    monkeypatch.setattr(health, "_COUNTED_FOR", 0.0)
    visitor.get("/metrics")
    assert counted == 2


def test_the_web_server_believes_the_proxies_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    served: dict[str, Any] = {}
    monkeypatch.setattr("uvicorn.run", lambda _app, **options: served.update(options))
    stores = SimpleNamespace(database=None, objects=None, clock=None)
    monkeypatch.setattr(bootstrap, "open_stores", lambda _: stores)
    settings = load_settings(home=tmp_path, trusted_proxies="10.0.0.5,10.1.0.0/24")
    service.serve(bootstrap.make_house(settings), host="127.0.0.1", port=8000)
    assert served["forwarded_allow_ips"] == "10.0.0.5,10.1.0.0/24"
