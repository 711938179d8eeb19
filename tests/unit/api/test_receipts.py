"""An agent's door: it brings files and follows its own receipts, over REST and on its page."""

import io
import re

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from PIL import Image

from tests.fakes.house import PASSWORD, TestHouse
from tests.unit.api.conftest import SignIn


def picture(shade: int = 255) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 1200), (shade, shade, shade)).save(out, "PNG", dpi=(100, 100))
    return out.getvalue()


def bring(client: TestClient, data: bytes, **form: str) -> Response:
    files = {"file": ("giấy của An.png", data, "image/png")}
    return client.post("/api/v1/documents", files=files, data=form)


def bring_on_page(client: TestClient, data: bytes, **form: str) -> Response:
    own = {"csrf_token": "csrf of agent"}
    return client.post("/receipts", data=own | form, files={"file": ("a.png", data, "image/png")})


def test_a_receipt_is_all_that_an_agent_is_told(program: SignIn, test_house: TestHouse) -> None:
    agent = program("agent")
    answer = bring(agent, picture())
    code = answer.json()["id"]
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1/receipts/{code}")
    received_at = test_house.clock.now().isoformat().replace("+00:00", "Z")
    expected = {"id": code, "state": "received", "pages": 1, "received_at": received_at}
    assert answer.json() == expected
    assert agent.get(f"/api/v1/receipts/{code}").json() == expected
    assert agent.get("/api/v1/receipts").json() == {"receipts": [expected], "next_cursor": None}
    # the office sees it as any other
    assert test_house.document(code).created_by == "account-agent"


def test_a_file_known_already_is_answered_like_a_new_one(program: SignIn) -> None:
    known = bring(program("operator"), picture()).json()["id"]
    agent = program("agent")
    again, new = bring(agent, picture()), bring(agent, picture(9))
    assert (again.status_code, again.json()["id"]) == (201, known)
    assert again.json() | {"id": ""} == new.json() | {"id": ""}
    assert set(again.headers) == set(new.headers)
    # who sees documents is told, as ever
    assert bring(program("operator"), picture()).status_code == 200


def test_receipts_are_listed_page_by_page(program: SignIn) -> None:
    agent = program("agent")
    codes = [bring(agent, picture(shade)).json()["id"] for shade in (1, 2, 3)]
    page = agent.get("/api/v1/receipts?limit=2").json()
    rest = agent.get(f"/api/v1/receipts?limit=2&cursor={page['next_cursor']}").json()
    assert [one["id"] for one in (*page["receipts"], *rest["receipts"])] == codes[::-1]
    assert rest["next_cursor"] is None


def test_an_agent_names_no_batch(program: SignIn) -> None:
    answer = bring(program("agent"), picture(), batch="hộp 7")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_the_page_brings_a_file_and_shows_its_receipt(browser: SignIn) -> None:
    agent = browser("agent")
    answer = bring_on_page(agent, picture())
    assert answer.status_code == 303
    page = agent.get(answer.headers["location"]).text
    code = answer.headers["location"].rpartition("/")[2]
    assert f"<code>{code}</code>" in page
    assert "Đã tiếp nhận" in page
    listed = agent.get("/receipts").text
    assert f'href="/receipts/{code}"' in listed
    assert 'href="/documents' not in listed
    found = agent.get(f"/receipts?code= {code.upper()} ")
    assert found.headers["location"] == f"/receipts/{code}"
    assert "Receipt" in agent.get(f"/receipts/{code}?lang=en").text


@pytest.mark.parametrize("code", ["nobody-s", "1"])
def test_a_code_of_nobodys_is_not_found(browser: SignIn, code: str) -> None:
    assert browser("agent").get(f"/receipts/{code}").status_code == 404


def test_a_file_that_cannot_be_taken_is_explained_on_the_page(browser: SignIn) -> None:
    agent = browser("agent")
    answer = bring_on_page(agent, b"no picture at all")
    assert answer.status_code == 415
    assert 'role="alert"' in answer.text
    assert 'action="/receipts"' in answer.text
    nothing = agent.post("/receipts", data={"csrf_token": "csrf of agent"}, files={"x": ("", b"")})
    assert nothing.status_code == 422


def test_two_files_are_refused_on_the_page_with_the_form(browser: SignIn) -> None:
    agent = browser("agent")
    files = [("file", (name, picture(), "image/png")) for name in ("a.png", "b.png")]
    answer = agent.post("/receipts", data={"csrf_token": "csrf of agent"}, files=files)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'action="/receipts"' in answer.text
    assert re.search(r"/receipts/\w", answer.text) is None
    assert agent.post("/receipts", data={"csrf_token": "x"}, files=files).status_code == 403


def test_a_form_of_another_site_brings_nothing(browser: SignIn) -> None:
    agent = browser("agent")
    assert bring_on_page(agent, picture(), csrf_token="another's").status_code == 403
    assert re.search(r"/receipts/\w", agent.get("/receipts").text) is None


def test_signing_in_leads_to_ones_own_list(visitor: TestClient) -> None:
    for login, goal in (("agent", "/receipts"), ("operator", "/documents")):
        form = {"login": login, "password": PASSWORD, "to": ""}
        assert visitor.post("/sign-in", data=form).headers["location"] == goal
        assert visitor.get("/").headers["location"] == goal
        visitor.cookies.clear()
