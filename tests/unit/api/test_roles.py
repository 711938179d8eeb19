"""Every role at every address: who is let in, and who is told what the population data say.

An address that stands in no row of ``WHO`` fails here: whoever adds one says whose it is.
"""

import io
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from PIL import Image

from api.service import _ROOMS
from domain.actor import Role
from domain.document import DocumentState
from domain.event import Event, EventName
from domain.verdict import Candidate, Decision, Finding, FindingKind, Verdict
from tests.fakes.house import (
    CODE,
    COMMUNE,
    NOW,
    TestHouse,
    of_state,
    sample_document,
    sample_verdicts,
)
from tests.unit.api.conftest import SignIn

STAFF = frozenset(Role) - {Role.VISITOR}
AGENT = frozenset({Role.AGENT})
VIEWERS = STAFF - AGENT
SEES_POPULATION = VIEWERS - {Role.OPERATOR}
BRINGERS = frozenset({Role.OPERATOR, Role.OFFICER, Role.ADMIN, Role.AGENT})
DOWNLOADERS = frozenset({Role.OFFICER, Role.CERTIFIER, Role.ADMIN})
OFFICER, CERTIFIER = frozenset({Role.OFFICER}), frozenset({Role.CERTIFIER})
OPEN = STAFF | {Role.VISITOR}
PAPER = "aaaaaaaa-0000-5000-8000-00000000000a"
_API, _PAGE = "/api/v1/documents/{document_id}", "/documents/{document_id}"
WHO: dict[tuple[str, str], frozenset[Role]] = {
    ("POST", "/api/v1/documents"): BRINGERS,
    ("GET", "/api/v1/documents"): VIEWERS,
    ("GET", _API): VIEWERS,
    ("GET", f"{_API}/record"): VIEWERS,
    ("GET", f"{_API}/verdicts"): VIEWERS,
    ("GET", f"{_API}/events"): VIEWERS,
    ("GET", f"{_API}/pages/{{number}}.jpg"): VIEWERS,
    ("POST", f"{_API}/review"): OFFICER,
    ("POST", f"{_API}/match"): OFFICER,
    ("POST", f"{_API}/certify"): CERTIFIER,
    ("POST", f"{_API}/retry"): BRINGERS - AGENT,
    ("POST", f"{_API}/revoke"): CERTIFIER,
    ("GET", f"{_API}/copy"): DOWNLOADERS,
    ("GET", "/api/v1/batches/{name:path}"): VIEWERS,
    ("GET", "/api/v1/receipts"): AGENT,
    ("GET", "/api/v1/receipts/{document_id}"): AGENT,
    ("GET", "/receipts"): AGENT,
    ("GET", "/receipts/{document_id}"): AGENT,
    ("POST", "/receipts"): AGENT,
    ("GET", "/api/v1/me"): STAFF,
    ("GET", "/documents"): VIEWERS,
    ("GET", "/documents/rows"): VIEWERS,
    ("GET", _PAGE): VIEWERS,
    ("POST", f"{_PAGE}/accept"): OFFICER,
    ("POST", f"{_PAGE}/reject"): OFFICER,
    ("POST", f"{_PAGE}/reopen"): OFFICER,
    ("POST", f"{_PAGE}/match"): OFFICER,
    ("POST", f"{_PAGE}/correct"): OFFICER,
    ("POST", f"{_PAGE}/certify"): CERTIFIER,
    ("POST", f"{_PAGE}/retry"): BRINGERS - AGENT,
    ("POST", f"{_PAGE}/revoke"): CERTIFIER,
    ("GET", "/audit"): frozenset({Role.AUDITOR, Role.ADMIN}),
    ("GET", "/population"): frozenset({Role.ADMIN}),
    ("GET", "/"): OPEN,
    ("GET", "/language/{locale}"): OPEN,
    ("GET", "/sign-in"): OPEN,
    ("POST", "/sign-in"): OPEN,
    ("GET", "/verify"): OPEN,
    ("POST", "/verify"): OPEN,
    ("GET", "/v/{code}/copy"): OPEN,
    ("GET", "/v/{code:scanned}"): OPEN,
    ("POST", "/v/{code}/copy"): OPEN,
    ("POST", "/api/v1/sessions"): OPEN,
    ("POST", "/api/v1/verify"): OPEN,
    ("GET", "/api/v1/verify/{code:scanned}"): OPEN,
    ("POST", "/api/v1/verify/{code}/copy"): OPEN,
    ("GET", "/healthz"): OPEN,
    ("GET", "/readyz"): OPEN,
    ("GET", "/metrics"): OPEN,
    ("GET", "/pki/{name}.crl"): OPEN,
    ("GET", "/pki/{name}.crt"): OPEN,
    ("POST", "/pki/ocsp"): OPEN,
    ("POST", "/pki/tsa"): OPEN,
    # what ends the session comes last
    ("DELETE", "/api/v1/sessions"): STAFF,
    ("POST", "/sign-out"): STAFF,
}
NOT_ASKED = {("GET", "/events/stream"): VIEWERS}
"""Its answer never ends where it is given."""
WITHHELD = (
    "001188765432",
    "765432",
    "001188000001",
    "001088000009",
    "001099000007",
    "Hường",
    "1998-05-03",
    "03/05/1998",
    "3 May 1998",
    "thôn Kín",
    "2019-04-01",
    "01/04/2019",
)
"""What only the population data say of the people on ``PAPER``."""
CONTENTS = (
    "Giang",
    "GIANG",
    "hộp",
    "1998",
    "024198003456",
    "cdcdcdcd",
    "abababab",
    "birth_extract",
)
"""What the papers of others say, and what they are called."""


def _finding(field: str, kind: FindingKind, paper: str | None, register: str | None) -> Finding:
    # the first of the sample, whatever it says: source and weight are as of any other
    return replace(
        sample_verdicts()[0].findings[0],
        field=field,
        kind=kind,
        document=paper,
        population=register,
        as_of=NOW.replace(year=2019, month=4, day=1),
    )


VERDICT = Verdict(
    role="subject",
    decision=Decision.MATCHED,
    personal_id="001188765432",
    probability=0.99971,
    findings=(
        _finding(
            "full_name",
            FindingKind.TONE_ONLY,
            "Nguyễn Thị Hương Giang",
            "Nguyễn Thị Hường Giang",
        ),
        _finding("birth_date", FindingKind.DIFFERENT, "1998-03-05", "1998-05-03"),
        _finding("sex", FindingKind.AGREES, "female", "female"),
        _finding("residence", FindingKind.MISSING_IN_DOCUMENT, None, "thôn Kín, xã Xa"),
        _finding("spouse_personal_id", FindingKind.CONFLICTING, "001099000007", "001088000009"),
    ),
    candidates=(Candidate(personal_id="001188000001", probability=0.2),),
    decided_by="account-officer",
)


@pytest.fixture(autouse=True)
def paper(test_house: TestHouse) -> None:
    """A paper without a number, matched and accepted: its verdict and its history name one."""
    document = sample_document(PAPER, verdicts=(VERDICT,), sha256="cd" * 32, batch="hộp 8")
    assert document.record is not None
    fields = {name: one for name, one in document.record.fields.items() if name != "personal_id"}
    test_house.put(replace(document, record=replace(document.record, fields=fields)))
    with test_house.database.transaction() as tx:
        tx.events.add(
            Event(
                name=EventName.DOCUMENT_ACCEPTED,
                actor_id="account-officer",
                agency_id=COMMUNE.id,
                document_id=PAPER,
                at=NOW,
                facts={"persons": {"subject": "001188765432"}, "reason": "là 001188765432"},
            )
        )


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 1200), "white").save(out, "PNG", dpi=(100, 100))
    return out.getvalue()


def _address(path: str) -> str:
    number, code = "1", CODE
    at = PAPER if not path.endswith("/copy") else of_state(DocumentState.CERTIFIED)
    known = {
        "{document_id}": at,
        "{number}": number,
        "{name:path}": "hộp 8",
        "{name}": "none",
        "{locale}": "en",
        "{code:scanned}": code,
        "{code}": code,
    }
    for name, value in known.items():
        path = path.replace(name, value)
    return path


_TYPED = "NGUYỄN THỊ HƯƠNG GIANG"


def _ask(client: TestClient, login: str, method: str, path: str) -> Response:
    """A request with everything in it that the address wants, so that only the role can be refused."""
    address = _address(path)
    if method != "POST":
        return client.request(method, address)
    if path in {"/api/v1/documents", "/api/v1/verify", "/verify"}:
        return client.post(address, files={"file": ("a.png", _picture(), "image/png")})
    if path.startswith("/api/"):
        body = {
            "review": {"decision": "correct", "values": {"full_name": "Nguyễn Thị Hương Giang"}},
            "sessions": {"login": "nobody", "password": "x"},
            "copy": {"proof": "001188765432"},
            "revoke": {"reason": "nhầm"},
        }
        return client.post(address, json=body.get(path.rpartition("/")[2]))
    seen = sample_document().updated_at.isoformat()
    form = {"csrf_token": f"csrf of {login}", "seen": seen, "reason": "xem rồi", "proof": "x"}
    if path == "/receipts":
        return client.post(address, data=form, files={"file": ("b.png", _picture(), "image/png")})
    # says what stands on the paper already: whoever may not correct must not learn that
    named = {"value.full_name": _TYPED, "shown.full_name": "x"}
    return client.post(address, data=form | named)


def _is_refused(answer: Response) -> bool:
    to_the_door = str(answer.headers.get("location", "")).startswith("/sign-in?to=")
    return answer.status_code in {401, 403} or to_the_door


def test_every_address_has_an_owner() -> None:
    served = {
        (method, route.path)
        for room in _ROOMS
        for route in room.router.routes
        for method in route.methods
    }
    assert served == set(WHO) | set(NOT_ASKED)


@pytest.mark.parametrize("role", sorted(STAFF))
def test_a_role_is_let_in_where_it_belongs_and_told_what_it_may_know(
    role: Role, program: SignIn, browser: SignIn
) -> None:
    doors = {True: program(role), False: browser(role)}
    wrong = []
    for (method, path), roles in WHO.items():
        if path == "/sign-out":
            doors[False] = browser(role)  # program and browser are one session, which has ended
        answer = _ask(doors[path.startswith("/api/")], role, method, path)
        # a wrong proof and a wrong password are no question of the role
        if roles != OPEN and _is_refused(answer) == (role in roles):
            wrong.append((method, path, answer.status_code))
        # a refused form gives back what its sender typed
        told = answer.text.replace(_TYPED, "") + str(answer.headers)
        withheld = () if role in SEES_POPULATION else WITHHELD
        # what anybody is told of a copy, an agent is told as well
        contents = CONTENTS if role is Role.AGENT and roles != OPEN else ()
        leaked = [value for value in (*withheld, *contents) if value in told]
        if leaked:
            wrong.append((method, path, *leaked))
    assert wrong == []


def test_an_agent_is_told_of_nobodys_progress(browser: SignIn) -> None:
    assert browser("agent").get("/events/stream").status_code == 403


def test_nobody_without_an_account_is_let_in_anywhere_else(visitor: TestClient) -> None:
    for (method, path), roles in WHO.items():
        if roles != OPEN:
            assert _is_refused(_ask(visitor, "nobody", method, path)), path


@pytest.mark.parametrize("role", sorted(VIEWERS))
def test_verdicts_say_that_they_are_masked(role: Role, program: SignIn) -> None:
    answer = program(role).get(f"/api/v1/documents/{PAPER}/verdicts").json()
    (verdict,) = answer["verdicts"]
    differing = [(one["field"], one["kind"]) for one in verdict["findings"]]
    assert verdict["decision"] == "matched"
    assert differing == [(one.field, str(one.kind)) for one in VERDICT.findings]
    assert [one["document"] for one in verdict["findings"]][:3] == [
        "Nguyễn Thị Hương Giang",
        "1998-03-05",
        "female",
    ]
    told = [one["population"] for one in verdict["findings"]]
    if role is Role.OPERATOR:
        assert answer["masked"] is True
        assert (verdict["personal_id"], verdict["probability"]) == ("***", 0)
        assert told == ["***", "***", "female", "***", "***"]
        assert verdict["candidates"] == []
    else:
        assert "masked" not in answer
        assert (verdict["personal_id"], verdict["probability"]) == ("001188765432", 0.99971)
        assert told == [one.population for one in VERDICT.findings]
        assert verdict["candidates"] == [{"personal_id": "001188000001", "probability": 0.2}]


@pytest.mark.parametrize("role", sorted(VIEWERS))
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_the_page_says_that_it_is_masked(role: Role, locale: str, browser: SignIn) -> None:
    page = browser(role).get(f"/documents/{PAPER}?lang={locale}").text
    assert "finding-tone_only" in page
    is_masked = role is Role.OPERATOR
    note = {"vi": "được che (***)", "en": "are masked (***)"}[locale]
    assert (note in page) is is_masked
    assert ("Hường" in page, "001188765432" in page) == (not is_masked, not is_masked)


@pytest.mark.parametrize("role", sorted(VIEWERS))
def test_the_history_names_nobody_by_number(role: Role, program: SignIn) -> None:
    lines = program(role).get(f"/api/v1/documents/{PAPER}/events").json()
    accepted = next(one for one in lines if one["name"] == "document.accepted")
    number = "***" if role is Role.OPERATOR else "001188765432"
    assert accepted["facts"] == {"persons": {"subject": number}, "reason": f"là {number}"}


def test_what_is_masked_is_described(visitor: TestClient) -> None:
    schemas = visitor.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert "***" in schemas["Verdicts"]["properties"]["masked"]["description"]
    for name, shape in (("VerdictFinding", "population"), ("PersonVerdict", "personal_id")):
        assert "***" in schemas[name]["properties"][shape]["description"]
