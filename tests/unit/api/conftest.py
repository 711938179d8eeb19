from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api.service import create_app
from domain.document import Document
from matching.conclusion import conclude
from tests.fakes.house import TestHouse, fill, make_test_house
from workflow import matching

SignIn = Callable[[str], TestClient]
ComparedAlike = Callable[[str], Document]


@pytest.fixture
def test_house() -> TestHouse:
    test = make_test_house()
    fill(test)
    return test


@pytest.fixture
def visitor(test_house: TestHouse) -> Iterator[TestClient]:
    """A browser of nobody."""
    with client_of(test_house) as client:
        yield client


def client_of(test_house: TestHouse) -> TestClient:
    return TestClient(
        create_app(test_house.house),
        base_url="http://127.0.0.1:8000",
        raise_server_exceptions=False,
        follow_redirects=False,
    )


@pytest.fixture
def program(test_house: TestHouse) -> SignIn:
    """A program signed in with a bearer token."""

    def sign_in(login: str) -> TestClient:
        client = client_of(test_house)
        client.headers["Authorization"] = f"Bearer {test_house.open_session(login)}"
        return client

    return sign_in


@pytest.fixture
def browser(test_house: TestHouse) -> SignIn:
    """A browser signed in with a cookie."""

    def sign_in(login: str) -> TestClient:
        client = client_of(test_house)
        client.cookies.set("hoso", test_house.open_session(login))
        return client

    return sign_in


@pytest.fixture
def compared_alike(test_house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> ComparedAlike:
    """Has matching say again what a document's made-up verdicts say, as the same population would."""

    def compare(document_id: str) -> Document:
        document = test_house.document(document_id)
        assert document.record is not None
        verdicts, reasons = document.verdicts, conclude(document.record, document.verdicts).reasons
        monkeypatch.setattr(matching, "match_record", lambda _record, population: verdicts)  # noqa: ARG005
        changed = replace(document, reasons=reasons)
        with test_house.database.transaction() as tx:
            assert tx.documents.move(document, changed=changed)
        return changed

    return compare
