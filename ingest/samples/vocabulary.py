"""The words samples are made of: weighted names, streets, causes of death (``names.json``, our own list)."""

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def vocabulary() -> dict[str, Any]:
    """The parsed ``names.json``; weights follow the known concentration of surnames (Nguyễn ≈ 38 %)."""
    text = resources.files("ingest.samples").joinpath("names.json").read_text(encoding="utf-8")
    parsed: dict[str, Any] = json.loads(text)
    return parsed
