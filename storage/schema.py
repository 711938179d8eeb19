"""Brings a database to the schema of this release; safe from several hosts at once."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from storage.connection import connect_engine, database_errors
from storage.revision import MIGRATIONS, refuse_newer

_LOCK = 0x486F736F  # "Hoso"; any number that no other program on this server takes
_LOCK_STATEMENT = text("select pg_advisory_xact_lock(:key)")


def upgrade(url: str, to: str = "head") -> None:
    """Apply the missing migrations, as far as revision ``to``, in one transaction.

    The advisory lock makes a second host wait, then find nothing left to do. Raises ``database_unavailable``,
    ``database_too_new``.
    """
    engine = connect_engine(url, pool_size=1)
    try:
        with database_errors(), engine.begin() as connection:
            connection.execute(_LOCK_STATEMENT, {"key": _LOCK})
            applied = MigrationContext.configure(connection).get_current_revision()
            if applied is not None:
                refuse_newer(applied)
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    # a percent sign in the path would be taken for an interpolation
    location = str(MIGRATIONS).replace("%", "%%")
    config.set_main_option("script_location", location)
    config.set_main_option("path_separator", "os")
    return config
