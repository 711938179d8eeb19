"""The first logins, for as long as their file lies where the first start has put it."""

import json

from storage.embedded.home import Home
from storage.settings import Settings

LOGINS = "logins.json"


def first_logins(settings: Settings) -> dict[str, str]:
    """Login → password as first made; empty where the file was taken away, as it should be."""
    try:
        text = (Home(path=settings.home).secrets / LOGINS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    logins: dict[str, str] = json.loads(text)
    return logins
