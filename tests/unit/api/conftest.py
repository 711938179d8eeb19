from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from api.service import create_app
from tests.fakes.house import TestHouse, fill, make_test_house

SignIn = Callable[[str], TestClient]


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
