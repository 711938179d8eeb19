"""The two servers together; the watcher needs no more than this."""

from storage.embedded import object_store, postgres
from storage.embedded.home import Home
from storage.settings import Settings

WATCHER = "watcher"
SERVERS = (postgres.NAME, object_store.NAME)


def external_servers(settings: Settings) -> tuple[str, ...]:
    """Names of the servers that the settings place elsewhere: others run them."""
    given = ((postgres.NAME, settings.database_url), (object_store.NAME, settings.s3_endpoint))
    return tuple(name for name, address in given if address is not None)


def start_servers(home: Home, settings: Settings) -> None:
    """Start the servers that are not external, unless they run.

    Raises ``server_start_failed``, ``tool_missing``, ``config_invalid``.
    """
    external = external_servers(settings)
    if postgres.NAME not in external:
        postgres.start(home, settings)
    if object_store.NAME not in external:
        object_store.start(home)


def stop_servers(home: Home) -> list[str]:
    """Stop the servers; returns the names of those that would not end."""
    return [server.NAME for server in (object_store, postgres) if not server.stop(home)]
