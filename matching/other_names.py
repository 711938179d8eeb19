"""Other names of one and the same: peoples, nationalities, former provinces, words of a street.

The data and their sources stand in ``other_names.toml``.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from domain.text import comparison_key, fold

_TWO_NAMES = re.compile(r"([^()]+)\(([^()]+)\)")


@cache
def table(name: str) -> Mapping[str, Any]:
    """One table of the file as it is written."""
    text = (files("matching") / "other_names.toml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = tomllib.loads(text)[name]
    return found


def is_one_name(kind: str, one: str, other: str) -> bool:
    """Whether two words name the same in the table ``kind``: ``ethnicity`` or ``nationality``."""
    here = _main_name(kind, one)
    return here is not None and here == _main_name(kind, other)


def is_one_name_unmarked(kind: str, one: str, other: str) -> bool:
    """:func:`is_one_name` for words that lost their marks: ``Kho me`` beside ``Khmer``."""
    here, there = _unmarked_names(kind).get(_bare(one)), _unmarked_names(kind).get(_bare(other))
    return here is not None and here == there


def plain_detail(detail: str) -> str:
    """A house, street or hamlet, folded, without the words that say nothing of it.

    ``số 12 đường Lý Thường Kiệt`` → ``12 ly thuong kiet``; ``tổ dân phố Dưới`` → ``tdp duoi``.
    """
    words = fold(detail)
    silent, short = _detail_words()
    for pattern, abbreviation in short:
        words = pattern.sub(abbreviation, words)
    return " ".join(silent.sub(" ", words).split())


@lru_cache(maxsize=8192)
def _main_name(kind: str, name: str) -> str | None:
    """What the table calls it, also where words that say nothing stand before it (``Dân tộc Kinh``).

    So of a name with another behind it in brackets (``Kinh (Việt)``), if both are names of the same.
    """
    names, silent = _names(kind), _silent(kind)
    whole = names.get(_marked(name)) or names.get(_marked(silent.sub("", comparison_key(name))))
    found = _TWO_NAMES.fullmatch(name) if whole is None else None
    if found is None:
        return whole
    first, second = (_main_name(kind, part) for part in found.groups())
    return first if first == second else None


def _marked(name: str) -> str:
    return "".join(c for c in comparison_key(name) if c.isalnum())


def _bare(name: str) -> str:
    return "".join(c for c in fold(name) if c.isalnum())


@cache
def _silent(kind: str) -> re.Pattern[str]:
    words = "|".join(comparison_key(word) for word in table("silent")[kind])
    return re.compile(rf"(?:{words}) ")


@cache
def _names(kind: str) -> Mapping[str, str]:
    return {_marked(name): main for main, others in table(kind).items() for name in (main, *others)}


@cache
def _unmarked_names(kind: str) -> Mapping[str, str]:
    """Without what two of them would be called if their marks were lost."""
    found: dict[str, set[str]] = {}
    for main, others in table(kind).items():
        for name in (main, *others):
            found.setdefault(_bare(name), set()).add(main)
    return {name: next(iter(mains)) for name, mains in found.items() if len(mains) == 1}


@cache
def _detail_words() -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], str], ...]]:
    detail = table("detail")
    silent = "|".join(fold(word) for word in detail["silent"])
    return re.compile(rf"\b(?:{silent})\b"), tuple(
        (re.compile(rf"\b{fold(words)}\b"), fold(abbreviation))
        for abbreviation, words in detail["short"].items()
    )
