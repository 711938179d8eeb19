"""The two servers together, ours or those of others; the watcher needs no more than this."""

from domain.errors import ErrorCode, HosoError
from storage.embedded import object_store, postgres, process
from storage.embedded.belonging import require_own
from storage.embedded.home import Home
from storage.s3 import S3Endpoint
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


def database_url(settings: Settings) -> str:
    """Address of the database. Raises ``home_copied``; ``not_running`` where ours was never started."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    home = Home(path=settings.home)
    require_own(home)
    return postgres.url(home)


def refuse_stopped(settings: Settings) -> None:
    """Raises ``not_running`` where the embedded database is down and nobody is there to start it again.

    One that died under its watcher is back in a moment: that is an outage, told by whoever meets it.
    """
    home = Home(path=settings.home)
    guards = (postgres.NAME, WATCHER)
    if settings.database_url is None and not any(
        process.is_alive(process.read_record(home, name)) for name in guards
    ):
        raise HosoError(ErrorCode.NOT_RUNNING, server=postgres.NAME)


def s3_endpoint(settings: Settings) -> S3Endpoint:
    """Address and keys of the object store. Raises like :func:`database_url`."""
    if settings.s3_endpoint is None:
        home = Home(path=settings.home)
        require_own(home)
        return object_store.endpoint(home)
    access_key, secret_key = settings.s3_access_key, settings.s3_secret_key
    return S3Endpoint(
        address=settings.s3_endpoint,
        access_key="" if access_key is None else access_key.get_secret_value(),
        secret_key="" if secret_key is None else secret_key.get_secret_value(),
        secure=settings.s3_secure,
        region=settings.s3_region,
    )
