"""Failures of the database are the house's own errors, whoever raised them."""

import traceback

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from domain.errors import ErrorCode, HosoError
from storage.connection import StatementRefusedError, database_errors

_VALUE = "Nguyễn Thị Hương Giang"


@pytest.mark.parametrize(
    "error", [psycopg.errors.DeadlockDetected, psycopg.OperationalError, psycopg.InterfaceError]
)
def test_an_error_of_the_driver_is_told_as_one_of_the_house(error: type[psycopg.Error]) -> None:
    with pytest.raises(HosoError) as refused, database_errors():
        raise error
    assert refused.value.code is ErrorCode.DATABASE_UNAVAILABLE


@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.UndefinedTable('relation "certificate" does not exist\nLINE 1: SELECT'),
        psycopg.errors.UndefinedColumn,
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.ReadOnlySqlTransaction,
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_database_that_cannot_serve_us_is_told_apart_from_one_that_is_away(
    error: psycopg.Error,
    wrapped: bool,  # noqa: FBT001 - a parameter of pytest
) -> None:
    if isinstance(error, type):
        error = error()
    with pytest.raises(HosoError) as refused, database_errors():
        raise DBAPIError.instance("SELECT", None, error, psycopg.Error) if wrapped else error
    assert refused.value.code is ErrorCode.DATABASE_UNFIT
    assert "LINE" not in str(refused.value.facts["problem"])


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.UniqueViolation,
        psycopg.errors.UntranslatableCharacter,
        psycopg.errors.InvalidTextRepresentation,
        psycopg.errors.QueryCanceled,
        psycopg.errors.UndefinedColumn,
    ],
)
def test_what_the_server_says_of_values_is_in_no_error(
    error: type[psycopg.Error],
    wrapped: bool,  # noqa: FBT001 - a parameter of pytest
) -> None:
    said = error(f"no\nDETAIL:  Key (full_name)=({_VALUE}) already exists.")
    statement = "UPDATE document SET record=%(record)s"
    raised = DBAPIError.instance(statement, None, said, psycopg.Error) if wrapped else said
    with pytest.raises((HosoError, StatementRefusedError)) as refused, database_errors():
        raise raised
    written = "".join(traceback.format_exception(refused.value))
    assert _VALUE not in written
    assert _VALUE not in str(getattr(refused.value, "facts", ""))
    if refused.type is StatementRefusedError:
        assert error.__name__ in str(refused.value)
        assert ("UPDATE document" in str(refused.value)) is wrapped
