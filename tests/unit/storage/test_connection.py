"""Failures of the database are the house's own errors, whoever raised them."""

import psycopg
import pytest

from domain.errors import ErrorCode, HosoError
from storage.connection import database_errors


@pytest.mark.parametrize(
    "error", [psycopg.errors.DeadlockDetected, psycopg.OperationalError, psycopg.InterfaceError]
)
def test_an_error_of_the_driver_is_told_as_one_of_the_house(error: type[psycopg.Error]) -> None:
    with pytest.raises(HosoError) as refused, database_errors():
        raise error
    assert refused.value.code is ErrorCode.DATABASE_UNAVAILABLE
