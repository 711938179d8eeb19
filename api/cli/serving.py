"""``hoso web``: the web pages and the REST API."""

import logging

from api.bootstrap import make_house
from api.service import serve
from storage.settings import load_settings


def web() -> None:
    """Serve on HOSO_WEB_HOST and HOSO_WEB_PORT until stopped; `hoso up` starts this by itself."""
    settings = load_settings()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    serve(make_house(settings), host=settings.web_host, port=settings.web_port)
