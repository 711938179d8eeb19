"""Bodies at the edge: character set, pace, number and length, and who is looked at before they are read."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from api.edge import SLOWEST_BYTES_A_SECOND, BodyLimit, BodyRule
from api.service import create_app
from api.turnstile import Turnstile
from domain.errors import ErrorCode, HosoError
from ingest.inspection import Limits
from tests.fakes.house import PASSWORD, TestHouse
from tests.unit.api.conftest import SignIn, client_of

FORM = b'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\nofficer\r\n--b--\r\n'
OPEN_DOORS = ("/sign-in", "/verify", "/api/v1/verify", "/api/v1/sessions", "/v/none/copy")


@pytest.mark.parametrize("path", OPEN_DOORS)
@pytest.mark.parametrize("charset", ["punycode", '"punycode"', "utf-7", "idna", "no-such"])
def test_no_body_is_decoded_in_a_character_set_of_the_senders_choice(
    visitor: TestClient, path: str, charset: str
) -> None:
    declared = f"multipart/form-data; boundary=b; ChArSeT = {charset}"
    answer = visitor.post(path, content=FORM, headers={"Content-Type": declared})
    assert answer.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    if path.startswith("/api/"):
        assert answer.json()["code"] == "charset_unsupported"


def test_staff_are_told_of_a_character_set_too(program: SignIn) -> None:
    declared = "multipart/form-data; boundary=b; charset=punycode"
    answer = program("operator").post(
        "/api/v1/documents", content=FORM, headers={"Content-Type": declared}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "charset_unsupported")


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
def test_utf8_may_be_named(visitor: TestClient, charset: str) -> None:
    form = urlencode({"login": "officer", "password": PASSWORD})
    declared = f"application/x-www-form-urlencoded; charset={charset}"
    answer = visitor.post("/sign-in", content=form, headers={"Content-Type": declared})
    assert answer.status_code == HTTPStatus.SEE_OTHER


def test_what_parts_of_a_form_declare_is_not_followed(visitor: TestClient) -> None:
    part = (
        b'--b\r\nContent-Disposition: form-data; name="login"\r\n'
        b"Content-Type: text/plain; charset=utf-7\r\n\r\n+AGE-\r\n--b--\r\n"
    )
    declared = {"Content-Type": "multipart/form-data; boundary=b"}
    assert 'value="+AGE-"' in visitor.post("/sign-in", content=part, headers=declared).text


def test_nobody_without_a_session_makes_us_read_a_body(visitor: TestClient) -> None:
    read = 0

    def scan() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"0" * 65536

    for path in ("/api/v1/documents", "/api/v1/documents/a/review"):
        answer = visitor.post(
            path, content=scan(), headers={"Content-Type": "multipart/form-data; boundary=b"}
        )
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert read == 0


@pytest.mark.parametrize(("texts", "length"), [(30, 1), (1, 100_000)])
def test_few_and_short_texts_come_with_a_file(
    program: SignIn, visitor: TestClient, texts: int, length: int
) -> None:
    data = {f"text{number}": "x" * length for number in range(texts)}
    files = {"file": ("a.pdf", b"%PDF-")}
    assert visitor.post("/api/v1/verify", files=files).status_code == HTTPStatus.OK
    for client, path in ((visitor, "/api/v1/verify"), (program("operator"), "/api/v1/documents")):
        answer = client.post(path, data=data, files=files)
        assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    page = visitor.post("/verify", data=data, files=files)
    assert page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_many_files_are_not_looked_at(visitor: TestClient) -> None:
    files = [("file", (f"{number}.pdf", b"%PDF-")) for number in range(30)]
    answer = visitor.post("/api/v1/verify", files=files)
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")


@pytest.mark.parametrize(("megabytes", "status"), [(63, 503), (65, 413)])
def test_what_anybody_may_have_verified_is_smaller_than_a_scan(
    test_house: TestHouse, megabytes: int, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_house.house = replace(test_house.house, limits=Limits(max_bytes=200 * 1024**2))
    # judged by what is declared; what passes is then refused, for here nobody may come in at all
    monkeypatch.setattr(Turnstile, "passage", _busy)
    client = client_of(test_house)
    for path in ("/verify", "/api/v1/verify"):
        answer = client.post(
            path,
            content=iter([b"--b"]),
            headers={
                "Content-Type": "multipart/form-data; boundary=b",
                "Content-Length": str(megabytes * 1024**2),
            },
        )
        assert answer.status_code == status


def _busy(_turnstile: Turnstile, _network: str = "") -> None:
    raise HosoError(ErrorCode.BUSY)


class Line:
    """A connection on which pieces of a body come in with a pause before each."""

    def __init__(self, pieces: list[bytes], *, pause: float) -> None:
        self.pieces = pieces
        self.pause = pause

    async def receive(self) -> Message:
        await asyncio.sleep(self.pause)
        body = self.pieces.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(self.pieces)}


async def _reader(_scope: Scope, receive: Receive, send: Send) -> None:
    """An application that reads the body to its end and says how long it was."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message["body"])
        more = message["more_body"]
    await send({"type": "http.response.body", "body": str(length).encode()})


async def _sent(_message: Message) -> None:
    pass


def _scope(address: str = "192.0.2.1") -> Scope:
    return {
        "type": "http",
        "method": "POST",
        "path": "/",
        "client": (address, 5),
        "headers": [(b"transfer-encoding", b"chunked")],
    }


def _limit(*, patience: float = 60, under_way: Turnstile | None = None) -> BodyLimit:
    turnstile = under_way or Turnstile(at_once=9, waiting=0, patience=0)
    rule = BodyRule(most_bytes=1024 * 1024, under_way=turnstile)
    return BodyLimit(_reader, rules={}, otherwise=rule, patience=patience)


def test_who_sends_nothing_is_not_waited_for() -> None:
    line = Line([b"x"] * 20, pause=0.1)
    with pytest.raises(HTTPException) as refused:
        asyncio.run(_limit(patience=0.25)(_scope(), line.receive, _sent))
    assert refused.value.status_code == HTTPStatus.REQUEST_TIMEOUT
    assert len(line.pieces) > 15


def test_a_long_body_may_take_its_time() -> None:
    line = Line([b"x" * (SLOWEST_BYTES_A_SECOND // 8)] * 10, pause=0.1)
    asyncio.run(_limit(patience=0.25)(_scope(), line.receive, _sent))
    assert line.pieces == []


def test_so_many_bodies_come_in_at_once_and_few_of_one_network() -> None:
    turnstile = Turnstile(at_once=2, waiting=0, patience=0, per_network=1)
    limit = _limit(under_way=turnstile)

    async def crowd() -> list[object]:
        addresses = ("2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2")
        lines = [Line([b"x"] * 3, pause=0.02) for _ in addresses]
        return await asyncio.gather(
            *(
                limit(_scope(address), line.receive, _sent)
                for address, line in zip(addresses, lines, strict=True)
            ),
            return_exceptions=True,
        )

    for _ in range(2):  # whoever has come and gone leaves nobody's place taken
        first, neighbour, other, last = asyncio.run(crowd())
        assert (first, other) == (None, None)
        for refused in (neighbour, last):
            assert isinstance(refused, HTTPException)
            assert refused.status_code == HTTPStatus.SERVICE_UNAVAILABLE
            assert refused.headers


def test_too_many_bodies_are_told_to_come_back(
    visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Turnstile, "passage", _busy)
    answer = visitor.post("/api/v1/sessions", json={"login": "officer", "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "5"


def test_a_slow_sender_is_told_so(test_house: TestHouse) -> None:
    messages: list[Message] = []

    async def silent() -> Message:
        raise TimeoutError

    async def listen(message: Message) -> None:
        messages.append(message)

    scope = {
        **_scope(),
        "path": "/api/v1/sessions",
        "query_string": b"",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
    }
    asyncio.run(create_app(test_house.house)(scope, silent, listen))
    assert messages[0]["status"] == HTTPStatus.REQUEST_TIMEOUT
    assert (b"connection", b"close") in messages[0]["headers"]
    assert b"request_too_slow" in messages[1]["body"]
