"""Failures of the database are the house's own errors, whoever raised them."""

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from domain.errors import ErrorCode, HosoError
from storage.connection import database_errors


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
