"""``hoso web``: the web pages and the REST API."""

import logging

from api.bootstrap import make_house
from api.service import serve
from api.stores import open_stores
from domain.errors import ErrorCode, HosoError
from storage.settings import Settings, load_settings


def web() -> None:
    """Serve on HOSO_WEB_HOST and HOSO_WEB_PORT until stopped; `hoso up` starts this by itself."""
    settings = load_settings()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    refuse_newer_tables(settings)
    serve(make_house(settings), host=settings.web_host, port=settings.web_port)


def refuse_newer_tables(settings: Settings) -> None:
    """Raises ``database_too_new``. Whatever else a database lacks may come while pages are served."""
    try:
        with open_stores(settings, pool_size=1).database.transaction():
            return
    except HosoError as error:
        if error.code is ErrorCode.DATABASE_TOO_NEW:
            raise
