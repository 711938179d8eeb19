"""Every decision over REST may say what it is based on, and is refused where that is no longer so."""

from datetime import timedelta
from typing import Any

import pytest

from domain.document import DocumentState
from tests.fakes.house import TestHouse, of_state
from tests.unit.api.conftest import SignIn

DECISIONS: list[tuple[str, DocumentState, str, dict[str, Any]]] = [
    ("certifier", DocumentState.VERIFIED, "certify", {}),
    ("certifier", DocumentState.CERTIFIED, "revoke", {"reason": "nhầm"}),
    ("officer", DocumentState.REVIEW, "match", {}),
    ("officer", DocumentState.REVIEW, "review", {"decision": "accept", "reason": "x"}),
    ("officer", DocumentState.REVIEW, "review", {"decision": "reject", "reason": "x"}),
    ("officer", DocumentState.REVIEW, "review", {"decision": "correct", "values": {"sex": "Nam"}}),
    ("officer", DocumentState.VERIFIED, "review", {"decision": "reopen", "reason": "x"}),
]


@pytest.mark.parametrize(("login", "state", "path", "body"), DECISIONS)
def test_nothing_is_decided_on_what_has_changed_since(
    program: SignIn,
    test_house: TestHouse,
    login: str,
    state: DocumentState,
    path: str,
    body: dict[str, Any],
) -> None:
    before = test_house.document(of_state(state))
    at = f"/api/v1/documents/{before.id}/{path}"
    earlier = (before.updated_at - timedelta(seconds=1)).isoformat()
    refused = program(login).post(at, json=body | {"seen": earlier})
    assert (refused.status_code, refused.json()["code"]) == (409, "document_changed")
    if body.get("decision") != "accept":  # what was not seen is shown next, as of now
        assert test_house.document(before.id) == before
    unknown = program(login).post(at, json=body | {"sene": earlier})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "request_invalid")
    if body.get("decision") != "accept":
        done = program(login).post(at, json=body | {"seen": before.updated_at.isoformat()})
        assert done.status_code in {200, 202}, done.text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"content": b""},
        {"content": b"", "headers": {"Content-Type": "application/json"}},
        {"json": {}},
        {"json": {"seen": None}},
    ],
)
@pytest.mark.parametrize("path", ["certify", "match"])
def test_whoever_says_nothing_of_it_is_served_as_ever(
    program: SignIn, path: str, sent: dict[str, Any]
) -> None:
    login = "certifier" if path == "certify" else "officer"
    at = f"/api/v1/documents/{of_state(DocumentState.VERIFIED)}/{path}"
    answer = program(login).post(at, **sent)
    assert answer.status_code == (202 if path == "certify" else 200), answer.text


def test_the_interface_says_so(program: SignIn) -> None:
    described = program("officer").get("/api/v1/openapi.json").json()
    for path in ("certify", "match"):
        body = described["paths"][f"/api/v1/documents/{{document_id}}/{path}"]["post"][
            "requestBody"
        ]
        assert not body.get("required", False)
    assert "document_changed" in str(described["components"]["schemas"]["AsSeen"])
