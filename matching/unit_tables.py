"""The tables of administrative units that ``vietnamadminunits`` (MIT) brings.

Only its data are used, never its code: its parser guesses by substring, and its converter asks a geocoder on
the internet about every address with a street.
"""

import json
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from domain.errors import ErrorCode, HosoError
from domain.text import comparison_key, fold

_PACKAGE = "vietnamadminunits"
_PROVINCE_ALIASES = {
    "thuathienhue": "hue",  # until 1 January 2025
    "hatay": "hanoi",  # until 1 August 2008
    "daclac": "daklak",
    "daklac": "daklak",
    "baccan": "backan",
}
"""Names on older papers that the tables do not hold."""
_OTHER_SPELLINGS = {"buonmethuot": "buonmathuot", "banmethuot": "buonmathuot"}


def unit_table(name: str) -> dict[str, Any]:
    """One file of the package. Raises ``tool_missing``."""
    spec = find_spec(_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise HosoError(ErrorCode.TOOL_MISSING, tool=_PACKAGE)
    text = (Path(folders[0]) / "data" / f"{name}.json").read_text(encoding="utf-8")
    tables: dict[str, Any] = json.loads(text)
    return tables


def commune_tables(data: Mapping[str, Any], prefix: str) -> Iterable[Mapping[str, Any]]:
    """The tables by province of communes told apart without marks, with marks, and only with marks."""
    return [data[f"{prefix}_{suffix}"] for suffix in ("NO_ACCENTED", "ACCENTED", "SHORT_ACCENTED")]


def letters(text: str) -> str:
    """``text`` as the keys of the tables have it: no marks, no spaces, no leading zeros."""
    bare = "".join(c for c in fold(text) if c.isalnum()).lstrip("0")
    return _OTHER_SPELLINGS.get(bare, bare)


def marked_letters(text: str) -> str:
    """:func:`letters`, but with marks, in one way to place them."""
    return "".join(c for c in comparison_key(text) if c.isalnum()).lstrip("0")


def province_letters(name: str) -> str:
    """:func:`letters` of a province, by the name under which the tables have it."""
    bare = letters(name)
    return _PROVINCE_ALIASES.get(bare, bare)
