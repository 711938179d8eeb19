"""PostgreSQL as the workflow sees it: transactions with all repositories over one connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from domain.ports import Database
from storage.accounts import SqlAccounts
from storage.agencies import SqlAgencies
from storage.certificates import SqlCertificates
from storage.connection import connect_engine, database_errors
from storage.documents import SqlDocuments
from storage.events import SqlEvents
from storage.idempotency_keys import SqlIdempotencyKeys
from storage.jobs import SqlJobs
from storage.population import SqlPopulation
from storage.revision import require_current


class PostgresTransaction:
    """All repositories over one database transaction; satisfies ``domain.ports.Transaction``."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.documents = SqlDocuments(connection)
        self.certificates = SqlCertificates(connection)
        self.events = SqlEvents(connection)
        self.jobs = SqlJobs(connection)
        self.population = SqlPopulation(connection)
        self.agencies = SqlAgencies(connection)
        self.accounts = SqlAccounts(connection)
        self.idempotency_keys = SqlIdempotencyKeys(connection)


class PostgresDatabase:
    """Opens transactions on a PostgreSQL server; satisfies ``domain.ports.Database``. Thread-safe."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self._engine = connect_engine(url, pool_size=pool_size)
        self._is_current = False

    @contextmanager
    def transaction(self) -> Iterator[PostgresTransaction]:
        """Commit when the block ends, roll back when it raises.

        Raises ``database_unavailable``; before the first block ``database_too_old`` and
        ``database_too_new``, for tables of another release.
        """
        with database_errors(), self._engine.begin() as connection:
            if not self._is_current:
                require_current(connection)
                self._is_current = True
            yield PostgresTransaction(connection)

    def close(self) -> None:
        """Close all pooled connections."""
        self._engine.dispose()


def _satisfies_the_port(database: PostgresDatabase) -> Database:
    """Checked by mypy: the workflow may be given this database."""
    return database
