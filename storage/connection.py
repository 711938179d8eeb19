"""The SQLAlchemy engine and the translation of its failures."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
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


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn lost connections, exhausted pools, deadlocks and shutdowns into ``database_unavailable``.

    All of them may succeed when the whole transaction is tried again. A database without our tables, or
    one that we may not read or write, is ``database_unfit`` until somebody sees to it. The driver raises
    its own errors where it is used without SQLAlchemy.
    """
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise _unavailable(error.orig) from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise _unavailable(error) from error
    except _UNFIT as error:
        raise _unfit(error) from error
    except PoolTimeoutError as error:
        raise HosoError(ErrorCode.DATABASE_UNAVAILABLE, problem="pool exhausted") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise _unavailable(error.orig) from error
        if isinstance(error.orig, _UNFIT):
            raise _unfit(error.orig) from error
        raise


def _unfit(error: BaseException) -> HosoError:
    # the first line names table or right; what may follow is the statement, which tells nobody more
    return HosoError(ErrorCode.DATABASE_UNFIT, problem=str(error).strip().partition("\n")[0][:300])


def _unavailable(error: BaseException | None) -> HosoError:
    # the driver's text may name host and user, never a password or a value
    return HosoError(ErrorCode.DATABASE_UNAVAILABLE, problem=str(error).strip()[:300])
