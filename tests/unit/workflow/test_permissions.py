"""Every use-case asks for its permission first; nobody does what no role allows."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator

import pytest

import workflow
from domain.actor import ALLOWED, Action, Role, require
from domain.errors import ErrorCode, HosoError
from tests.unit.workflow.conftest import SYSTEM, actor

NOT_USE_CASES = {"find_document", "note", "move"}


def use_cases() -> Iterator[Callable[..., object]]:
    for info in pkgutil.iter_modules(workflow.__path__):
        module = importlib.import_module(f"workflow.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            defined_here = function.__module__ == module.__name__
            if defined_here and not name.startswith("_") and name not in NOT_USE_CASES:
                first = next(iter(inspect.signature(function).parameters), "")
                if first == "actor":
                    yield function


@pytest.mark.parametrize(
    "function", list(use_cases()), ids=lambda f: f"{f.__module__}.{f.__name__}"
)
def test_the_first_line_of_a_use_case_is_its_permission(function: Callable[..., object]) -> None:
    body = ast.parse(inspect.getsource(function)).body[0].body  # type: ignore[attr-defined]
    first = body[1] if isinstance(body[0].value, ast.Constant) else body[0]
    assert ast.unparse(first).startswith("require(actor, Action.")


def test_there_are_use_cases_to_check() -> None:
    assert len(list(use_cases())) >= 18


def test_every_action_is_allowed_to_somebody_or_only_to_the_system() -> None:
    granted = frozenset().union(*ALLOWED.values())
    assert set(Action) - granted == {Action.DOCUMENT_PROCESS}
    for action in Action:
        require(SYSTEM, action)


@pytest.mark.parametrize(
    ("role", "action"),
    [
        (Role.OPERATOR, Action.DOCUMENT_REVIEW),
        (Role.OPERATOR, Action.DOCUMENT_CERTIFY),
        (Role.OPERATOR, Action.POPULATION_VIEW),
        (Role.OFFICER, Action.DOCUMENT_CERTIFY),
        (Role.CERTIFIER, Action.DOCUMENT_REVIEW),
        (Role.AUDITOR, Action.DOCUMENT_REGISTER),
        (Role.VISITOR, Action.DOCUMENT_VIEW),
        (Role.AGENT, Action.DOCUMENT_VIEW),
        (Role.AGENT, Action.POPULATION_VIEW),
        (Role.AGENT, Action.DOCUMENT_DOWNLOAD),
    ],
)
def test_duties_are_kept_apart(role: Role, action: Action) -> None:
    with pytest.raises(HosoError) as refused:
        require(actor(role), action)
    assert refused.value.code is ErrorCode.FORBIDDEN
