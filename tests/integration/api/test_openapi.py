"""Schemathesis holds the interface to what ``/api/v1/openapi.json`` promises."""

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.service import create_app
from domain.document import DocumentState
from tests.fakes.house import fill, make_test_house, of_state

TEST = make_test_house()
fill(TEST)
APP = create_app(TEST.house)
schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", APP)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CALM = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@schema.parametrize()
@CALM
def test_whatever_is_sent_gets_an_answer_as_promised(case: schemathesis.Case) -> None:
    """As a program with all roles; every other document id is one that exists."""
    token = TEST.open_session("officer")
    if "document_id" in (case.path_parameters or {}) and len(str(case.path_parameters)) % 2:
        case.path_parameters["document_id"] = of_state(DocumentState.CERTIFIED)
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


@schema.parametrize()
@settings(CALM, max_examples=3)
def test_without_a_session_only_public_doors_open(case: schemathesis.Case) -> None:
    answer = case.call()
    public = case.path.endswith(("/verify", "/verify/{code}", "/verify/{code}/copy", "/sessions"))
    if not public or case.method == "DELETE":
        assert answer.status_code in {401, 405, 422}, answer.text
    case.validate_response(answer, checks=CHECKS)
