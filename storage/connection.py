"""The SQLAlchemy engine and the translation of its failures."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from domain.errors import ErrorCode, HosoError

_UNFIT = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.ReadOnlySqlTransaction,
)
_CONNECT_SECONDS = 10
_POOL_WAIT_SECONDS = 30
# A forgotten open transaction would hold back live events and clean-up; signing takes seconds.
_SERVER_OPTIONS = "-c timezone=UTC -c idle_in_transaction_session_timeout=600000"


def connect_engine(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for a ``postgresql://`` address; nothing is connected yet."""
    scheme, _, rest = url.partition("://")
    if scheme not in {"postgresql", "postgres"}:
        raise HosoError(
            ErrorCode.CONFIG_INVALID, problems=["HOSO_DATABASE_URL: must start with postgresql://"]
        )
    return create_engine(
        f"postgresql+psycopg://{rest}",
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=_POOL_WAIT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,  # values are personal data: not in error texts, not in logs
        connect_args={"connect_timeout": _CONNECT_SECONDS, "options": _SERVER_OPTIONS},
    )


class StatementRefusedError(Exception):
    """A statement that the database refused, told by codes and names: its own words quote values."""


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn lost connections, exhausted pools, deadlocks and shutdowns into ``database_unavailable``.

    All of them may succeed when the whole transaction is tried again. A database without our tables, or
    one that we may not read or write, is ``database_unfit`` until somebody sees to it. The driver raises
    its own errors where it is used without SQLAlchemy.

    Whatever else is refused is a :class:`StatementRefusedError`. No error here has the server's for a
    cause: a log that shows causes would show the rows and values which those quote.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise HosoError(ErrorCode.DATABASE_UNAVAILABLE, problem="pool exhausted") from error
    except DBAPIError as error:
        told = _told(error.orig, error.statement, is_lost=error.connection_invalidated)
        raise told.with_traceback(error.__traceback__) from None
    except psycopg.Error as error:
        raise _told(error).with_traceback(error.__traceback__) from None


def _told(
    error: BaseException | None, statement: str | None = None, *, is_lost: bool = False
) -> Exception:
    if is_lost or isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        # the driver's text may name host and user, never a password
        return HosoError(ErrorCode.DATABASE_UNAVAILABLE, problem=_first_words(error)[:300])
    if isinstance(error, _UNFIT):
        return HosoError(ErrorCode.DATABASE_UNFIT, problem=_first_words(error)[:300])
    return StatementRefusedError(" ".join(_names(error)), *([statement] if statement else ()))


def _first_words(error: BaseException | None) -> str:
    """Of the server the first line only: rows and statements follow. Of a connection all that went wrong."""
    text = str(error).strip()
    return text.partition("\n")[0] if getattr(error, "sqlstate", None) else text


def _names(error: BaseException | None) -> Iterator[str]:
    yield type(error).__name__
    if isinstance(error, psycopg.Error):
        diag = error.diag
        parts = (diag.sqlstate, diag.table_name, diag.column_name, diag.constraint_name)
        yield from (part for part in parts if part)
