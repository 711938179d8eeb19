"""The door: sessions, CSRF, throttling, headers, and that nothing leaks."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.bringing import shown_name
from api.rest import health
from api.web.public import own_path
from domain.document import DocumentState
from domain.event import EventName
from tests.fakes.house import (
    COMMUNE,
    PASSWORD,
    ROOT,
    TestHouse,
    make_test_house,
    of_state,
    sample_document,
)
from tests.unit.api.conftest import SignIn, client_of
from workflow.throttle import (
    PER_ADDRESS,
    PER_LOGIN,
    PER_LOGIN_AT_ADDRESS,
    WINDOW,
    Attempt,
    note_refusal,
)


def sign_in(client: TestClient, login: str, password: str) -> dict[str, object]:
    answer = client.post("/api/v1/sessions", json={"login": login, "password": password})
    return {"status": answer.status_code, **answer.json()}


def test_wrong_password_and_unknown_login_look_alike(visitor: TestClient) -> None:
    wrong = sign_in(visitor, "officer", "guess")
    unknown = sign_in(visitor, "nobody-here", "guess")
    assert wrong == unknown
    assert (wrong["status"], wrong["code"]) == (401, "login_failed")


def test_the_right_password_opens_a_session_for_programs(visitor: TestClient) -> None:
    opened = sign_in(visitor, "officer", PASSWORD)
    assert opened["status"] == 201
    me = visitor.get("/api/v1/me", headers={"Authorization": f"Bearer {opened['token']}"})
    assert me.json()["roles"] == ["officer"]
    assert "password" not in me.text


def refuse(
    test: TestHouse, times: int, *, login: str | None = None, address: str | None = "testclient"
) -> None:
    """Count refusals as the door does, without the slow work of checking passwords."""
    for number in range(times):
        attempt = Attempt(login=login or f"login-{number}", address=address or f"192.0.2.{number}")
        with test.database.transaction() as tx:
            note_refusal(attempt, root=ROOT, tx=tx, clock=test.clock)


@pytest.mark.parametrize("login", ["officer", "nobody-here"])
def test_a_login_is_throttled_known_or_not(test_house: TestHouse, login: str) -> None:
    refuse(test_house, PER_LOGIN_AT_ADDRESS - 1, login=login)
    client = client_of(test_house)
    assert sign_in(client, login, "guess")["code"] == "login_failed"
    # the count is in the trail, so another process knows of it
    other = client_of(test_house)
    answer = other.post("/api/v1/sessions", json={"login": login.upper(), "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (429, "login_throttled")
    assert int(answer.headers["retry-after"]) == WINDOW.total_seconds()
    test_house.clock.pass_time(WINDOW + timedelta(seconds=1))
    assert sign_in(client, login, "guess")["code"] == "login_failed"


def test_wrong_passwords_elsewhere_do_not_lock_an_officer_out(test_house: TestHouse) -> None:
    refuse(test_house, PER_ADDRESS - 1, login="officer", address="192.0.2.1")
    assert sign_in(client_of(test_house), "officer", PASSWORD)["status"] == 201


def test_a_login_is_throttled_over_many_addresses(test_house: TestHouse) -> None:
    refuse(test_house, PER_LOGIN, login="officer", address=None)
    assert sign_in(client_of(test_house), "officer", PASSWORD)["code"] == "login_throttled"


def test_the_addresses_of_one_ipv6_network_are_one() -> None:
    facts = [
        Attempt(login="officer", address=address).facts(b"key")
        for address in (
            "2001:db8::1",
            "2001:db8::ffff",
            "2001:db8:0:1::1",
            "192.0.2.1",
            "::ffff:192.0.2.1",
        )
    ]
    assert facts[0] == facts[1] != facts[2]
    assert facts[3] == facts[4]


def test_an_address_is_throttled_over_many_logins(test_house: TestHouse) -> None:
    refuse(test_house, PER_ADDRESS)
    assert sign_in(client_of(test_house), "officer", PASSWORD)["code"] == "login_throttled"


def test_the_trail_keeps_neither_login_nor_address_nor_password(test_house: TestHouse) -> None:
    sign_in(client_of(test_house), "officer", "guess-me")
    with test_house.database.transaction() as tx:
        refused = tx.events.named((EventName.LOGIN_REFUSED,), within=ROOT.path)
    assert len(refused) == 1
    text = str(refused)
    for secret in ("'officer'", "guess-me", "testclient"):
        assert secret not in text


def test_nobody_without_the_key_can_try_all_addresses(test_house: TestHouse) -> None:
    """Anyone may compute what an open function makes of every address and login there is."""
    sign_in(client_of(test_house), "officer", "guess")
    with test_house.database.transaction() as tx:
        (refused,) = tx.events.named((EventName.LOGIN_REFUSED,), within=ROOT.path)
        own_key = tx.events.digest_key()
    attempt = Attempt(login="officer", address="testclient")
    assert refused.facts == attempt.facts(own_key)
    other = attempt.facts(b"another installation's key")
    assert not set(other.values()) & set(refused.facts.values())
    for kind, value in (("login", "officer"), ("address", "testclient")):
        assert sha256(f"{kind}:{value}".encode()).hexdigest()[:32] != refused.facts[kind]


@pytest.mark.parametrize(("name", "agency"), [("officer", COMMUNE.id), ("nobody", ROOT.id)])
def test_a_refusal_is_filed_where_the_login_belongs(
    test_house: TestHouse, name: str, agency: str
) -> None:
    sign_in(client_of(test_house), name, "guess")
    with test_house.database.transaction() as tx:
        (refused,) = tx.events.named((EventName.LOGIN_REFUSED,), within=ROOT.path)
    assert refused.agency_id == agency
    assert refused.actor_id == "visitor"


def test_the_cookie_is_out_of_reach(visitor: TestClient) -> None:
    answer = visitor.post("/sign-in", data={"login": "officer", "password": PASSWORD})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/documents"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("hoso=")
    for attribute in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert attribute in cookie
    assert "Secure" not in cookie  # plain http on the machine itself


def test_beyond_this_machine_the_cookie_is_secure_and_bound_to_the_host() -> None:
    test = make_test_house(public_url="https://hoso.example.vn")
    answer = client_of(test).post("/sign-in", data={"login": "officer", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-hoso=")
    assert answer.headers["strict-transport-security"]
    assert "Secure" in cookie


def test_unsafe_methods_by_cookie_want_the_csrf_token(
    browser: SignIn, test_house: TestHouse
) -> None:
    officer = browser("officer")
    document_id = of_state(DocumentState.REVIEW)
    api = f"/api/v1/documents/{document_id}/review"
    body = {"decision": "reject", "reason": "x"}
    for headers in ({}, {"X-CSRF-Token": "csrf of operator"}, {"X-CSRF-Token": "é"}):
        answer = officer.post(api, json=body, headers={k: v.encode() for k, v in headers.items()})
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    for data in ({"reason": "x"}, {"reason": "x", "csrf_token": "csrf of operator"}):
        answer = officer.post(f"/documents/{document_id}/reject", data=data)
        assert answer.status_code == 403
    assert test_house.document(document_id).state is DocumentState.REVIEW
    assert officer.post(api, json=body, headers={"X-CSRF-Token": "csrf of officer"}).is_success


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://x.vn"},
        {"Origin": "null"},  # of a sandboxed frame, or of a page with "no-referrer"
    ],
)
def test_other_sites_cannot_sign_people_in(visitor: TestClient, headers: dict[str, str]) -> None:
    answer = visitor.post(
        "/sign-in", data={"login": "officer", "password": PASSWORD}, headers=headers
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["/", "/sign-in", "/verify", "/v/none", "/nowhere", "/api/v1/me", "/healthz", "/metrics"],
)
def test_every_answer_carries_the_security_headers(visitor: TestClient, path: str) -> None:
    headers = visitor.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"  # nothing to others, our own origin to us
    assert headers["cache-control"] == "no-store"


def test_pages_hold_no_inline_script_or_style_and_nothing_from_elsewhere(browser: SignIn) -> None:
    officer = browser("officer")
    for path in ("/documents", f"/documents/{of_state(DocumentState.REVIEW)}", "/verify"):
        page = officer.get(path).text
        assert "<style" not in page
        assert ' style="' not in page
        assert " onclick" not in page
        assert "<script>" not in page
        assert "http://" not in page
        assert "https://" not in page


@pytest.mark.parametrize("path", ["/api/v1/nope", "/api/v2/documents", "/api/v1/documents/a/b/c"])
def test_unknown_addresses_are_problems(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_wrong_method_names_the_right_ones(visitor: TestClient) -> None:
    answer = visitor.put("/api/v1/sessions")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"]


def test_validation_says_where_and_never_repeats_what(visitor: TestClient) -> None:
    answer = visitor.post("/api/v1/sessions", json={"login": "officer", "passwort": "geheim!"})
    assert answer.status_code == 422
    assert "body.password" in answer.json()["detail"]
    assert "geheim" not in answer.text


def test_an_unforeseen_error_tells_nothing(test_house: TestHouse) -> None:
    def broken() -> object:
        msg = "secret of /etc/hoso"
        raise RuntimeError(msg)

    object.__setattr__(test_house.house, "trust", broken)
    client = client_of(test_house)
    for answer in (
        client.post("/api/v1/verify", files={"file": ("a.pdf", b"%PDF-")}),
        client.post("/verify", files={"file": ("a.pdf", b"%PDF-")}),
    ):
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_lost_database_is_503_without_its_address(test_house: TestHouse) -> None:
    client = client_of(test_house)
    assert client.get("/readyz").json() == {"status": "ready"}
    test_house.database.available = False
    page, api = client.get("/v/none"), client.get("/api/v1/verify/none")
    for answer in (page, api):
        assert "10.0.0.5" not in answer.text
        assert "secret" not in answer.text
    signed = client.post("/api/v1/sessions", json={"login": "a", "password": "b"})
    assert (signed.status_code, signed.json()["code"]) == (503, "database_unavailable")
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nix", 404), ("POST", "/documents", 405), ("GET", "/documents", 503)],
)
def test_an_error_of_the_address_stays_one_while_the_database_is_away(
    browser: SignIn, test_house: TestHouse, method: str, path: str, status: int
) -> None:
    officer = browser("officer")
    test_house.database.available = False
    assert officer.request(method, path).status_code == status


def test_language_follows_the_reader(visitor: TestClient) -> None:
    at = "/api/v1/nope"
    assert visitor.get(at).json()["title"] == "Không tìm thấy"
    english = visitor.get(at, headers={"Accept-Language": "en-GB, en;q=0.8"})
    assert english.json()["title"] == "Not found"
    assert english.headers["content-language"] == "en"
    assert visitor.get(f"{at}?lang=en").json()["title"] == "Not found"
    # pages stay Vietnamese until somebody switches
    assert 'lang="vi"' in visitor.get("/", headers={"Accept-Language": "en"}).text
    switched = visitor.get("/language/en?to=/verify")
    assert (switched.status_code, switched.headers["location"]) == (303, "/verify")
    assert 'lang="en"' in visitor.get("/").text


@pytest.mark.parametrize(
    "path", ["https://evil.vn", "//evil.vn", "/\\evil.vn", "javascript:x", "/a\r\nX: y", "", None]
)
def test_redirects_never_leave_the_site(path: str | None) -> None:
    assert own_path(path, otherwise="/documents") == "/documents"
    assert own_path("/documents?state=review", otherwise="/") == "/documents?state=review"


def test_names_of_files_are_made_harmless() -> None:
    assert shown_name("C:\\máy quét\\a.pdf") == "a.pdf"
    assert shown_name("../../etc/passwd") == "passwd"
    assert shown_name("a\x00\r\nb\udcff.pdf") == "ab.pdf"
    assert shown_name(None) == shown_name("///") == "unnamed"
    assert len(shown_name("x" * 5000)) == 200


def test_metrics_name_routes_and_states_and_no_document(
    program: SignIn, test_house: TestHouse
) -> None:
    officer = program("officer")
    officer.get(f"/api/v1/documents/{of_state(DocumentState.REVIEW)}")
    metrics = officer.get("/metrics").text
    assert 'hoso_documents{state="review"} 2.0' in metrics
    assert 'route="/api/v1/documents/{document_id}"' in metrics
    assert of_state(DocumentState.REVIEW) not in metrics
    assert isinstance(officer.app, FastAPI)
    assert test_house.house.root.path == "vn"


def test_metrics_say_what_waits_and_what_failed_until_it_is_over(
    visitor: TestClient, test_house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_COUNTED_FOR", 0.0)
    waiting = test_house.put(
        sample_document("waits", state=DocumentState.RECEIVED, problem="disk_space_short")
    )
    line = 'hoso_document_problems{code="disk_space_short",state="received"} 1.0'
    metrics = visitor.get("/metrics").text
    assert line in metrics
    assert 'hoso_document_problems{code="file_broken",state="failed"} 1.0' in metrics
    with test_house.database.transaction() as tx:
        tx.documents.move(waiting, changed=replace(waiting, problem=None))
    assert line not in visitor.get("/metrics").text


@pytest.mark.parametrize("path", ["/healthz", "/verify", "/api/v1/documents"])
def test_head_is_answered_like_get_without_a_body(visitor: TestClient, path: str) -> None:
    asked, seen = visitor.head(path), visitor.get(path)
    assert asked.status_code == seen.status_code
    assert asked.headers["content-type"] == seen.headers["content-type"]
    assert asked.content == b""
    assert seen.content
