"""Looking words up: errors, labels of codes, and the pages' own wording."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from api.explanations.composed import KIND_OF_PART, take_apart
from api.explanations.locale import Locale
from domain.errors import ErrorCode, HosoError
from domain.record import RELATIVE_PREFIXES


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What happened and what to do about it, for people."""

    title: str
    detail: str
    remedy: str


class _Facts(dict[str, object]):
    """Facts for a template; one that is not known leaves an ellipsis, never a traceback."""

    def __missing__(self, key: str) -> str:
        return "…"


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))


def explain(error: HosoError, locale: Locale) -> Explanation:
    """The sentences for an error. Only facts that a sentence names are shown, the others stay inside.

    Where the facts name a page of a file, they are about that page.
    """
    errors = _table("errors")
    of_page = errors["page"].get(str(error.code)) if "page" in error.facts else None
    sentences = (of_page or errors[str(error.code)])[str(locale)]
    facts = _Facts({"where": ""} | {key: str(value) for key, value in error.facts.items()})
    if "field" in facts:
        facts["field_label"] = label("field", str(facts["field"]), locale)
    return Explanation(
        title=sentences["title"].format_map(facts),
        detail=sentences["detail"].format_map(facts),
        remedy=sentences["remedy"].format_map(facts),
    )


def title_of(code: str, locale: Locale) -> str:
    """What an error is called; a code of another version is shown as it is."""
    return explain(HosoError(ErrorCode(code)), locale).title if code in set(ErrorCode) else code


_MEMBER = re.compile(r"members\[(\d+)\]\.(\w+)")


def label(kind: str, code: str, locale: Locale) -> str:
    """The short name of ``code``; a code of another version's data is shown as it is, not refused.

    Kinds are the tables of ``labels.toml`` and ``reasons.toml``. Fields of relatives are put together
    (``wife_residence``), and so are members of a household (``member:2``, ``members[2].full_name``).
    """
    found = _lookup(kind, code)
    if found is not None:
        return found[str(locale)]
    composed = take_apart(kind, code)
    if composed is not None:
        pattern, parts = composed
        words = {
            part: _within(part, label(KIND_OF_PART[part], each, locale))
            for part, each in parts.items()
        }
        template: str = _table("reasons")[kind][pattern][str(locale)]
        return template.format_map(words)
    member = _MEMBER.fullmatch(code) if kind == "field" else None
    if member is not None:
        whose = label("person", f"member:{member[1]}", locale).lower()
        return f"{label('field', member[2], locale)} ({whose})"
    who, _, what = code.partition("_")
    if kind == "field" and who in RELATIVE_PREFIXES:
        return f"{label('field', what, locale)} ({label('person', who, locale).lower()})"
    if kind == "person" and code.startswith("member:"):
        return f"{label('person', 'member', locale)} {code.partition(':')[2]}"
    return code


def _within(part: str, words: str) -> str:
    """Words inside another sentence begin small; names of fields and checks stand on their own."""
    return words[:1].lower() + words[1:] if part in {"kind", "role"} else words


def _lookup(kind: str, code: str) -> Mapping[str, str] | None:
    for table in ("labels", "reasons"):
        words: Mapping[str, str] | None = _table(table).get(kind, {}).get(code)
        if words is not None:
            return words
    return None


def known_codes(kind: str) -> frozenset[str]:
    """Codes of ``kind`` that have words; for the tests."""
    return frozenset(_table("labels").get(kind, {})) | frozenset(_table("reasons").get(kind, {}))


def wording(key: str, locale: Locale, **facts: object) -> str:
    """The pages' own words. Raises ``KeyError`` for an unknown key: that is a mistake in a page."""
    text: str = _table("interface")[key][str(locale)]
    return text.format_map(_Facts(facts)) if facts else text
