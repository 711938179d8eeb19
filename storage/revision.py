"""Whether the tables of a database are those of this release; asked before anything is read or written.

Alembic is not loaded for it: commands that take a moment would take twice that.
"""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, text

from domain.errors import ErrorCode, HosoError

MIGRATIONS = Path(__file__).parent / "migrations"
_APPLIED = text("select version_num from alembic_version")


@cache
def known() -> tuple[str, ...]:
    """Every migration that this release has, the oldest first; their files begin with their names."""
    return tuple(
        sorted(
            path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")
        )
    )


def refuse_newer(revision: str) -> None:
    """Raises ``database_too_new`` for tables of a release after this one."""
    if revision not in known():
        raise HosoError(ErrorCode.DATABASE_TOO_NEW, tables=revision, here=known()[-1])


def require_current(connection: Connection) -> None:
    """Raises ``database_too_old``, ``database_too_new``; what the driver raises where there are no tables."""
    revision = connection.execute(_APPLIED).scalar_one_or_none()
    if revision is None:
        raise HosoError(ErrorCode.DATABASE_UNFIT, problem="no schema is noted (alembic_version)")
    refuse_newer(revision)
    if revision != known()[-1]:
        raise HosoError(ErrorCode.DATABASE_TOO_OLD, tables=revision, here=known()[-1])
