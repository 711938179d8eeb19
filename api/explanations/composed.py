"""Codes that are put together from others (``birth_date_tone_only_subject``), taken apart again."""

import re
from collections.abc import Mapping

from domain.verdict import FindingKind

_KINDS = "|".join(FindingKind)
_ROLE = r"subject|mother|father|wife|husband|member:\d+"
_PATTERNS: Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "reason": (
        ("check_failed_{check}", re.compile(r"check_failed_(?P<check>\w+)")),
        ("person_missing_{role}", re.compile(rf"person_missing_(?P<role>{_ROLE})")),
        ("no_record_{role}", re.compile(rf"no_record_(?P<role>{_ROLE})")),
        ("review_{role}", re.compile(rf"review_(?P<role>{_ROLE})")),
        (
            "spouse_other_in_population_{role}",
            re.compile(rf"spouse_other_in_population_(?P<role>{_ROLE})"),
        ),
        (
            "couple_other_in_population_{role}",
            re.compile(rf"couple_other_in_population_(?P<role>{_ROLE})"),
        ),
        ("one_row_for_two_{role}", re.compile(rf"one_row_for_two_(?P<role>{_ROLE})")),
        ("dead_in_population_{role}", re.compile(rf"dead_in_population_(?P<role>{_ROLE})")),
        ("alive_in_population_{role}", re.compile(rf"alive_in_population_(?P<role>{_ROLE})")),
        (
            "{field}_{kind}_subject",
            re.compile(rf"(?P<field>\w+?)_(?P<kind>{_KINDS})_subject"),
        ),
        (
            "{field}_{kind}_{role}",
            re.compile(rf"(?P<field>\w+?)_(?P<kind>{_KINDS})_(?P<role>{_ROLE})"),
        ),
        ("{field}_missing", re.compile(r"(?P<field>\w+)_missing")),
        ("{field}_unreadable", re.compile(r"(?P<field>\w+)_unreadable")),
        ("{field}_uncertain", re.compile(r"(?P<field>\w+)_uncertain")),
    ),
    **dict.fromkeys(
        ("check", "check_fail"),
        (("{field}_in_words", re.compile(r"(?P<field>\w+)_in_words")),),
    ),
}
KIND_OF_PART = {"check": "check_fail", "role": "person", "field": "field", "kind": "finding"}
"""In which table the words of each part stand."""


def take_apart(kind: str, code: str) -> tuple[str, dict[str, str]] | None:
    """The pattern of ``code`` and its parts, ``None`` where it is not a composed code.

    ``("{field}_missing", {"field": "sex"})`` for ``sex_missing``.
    """
    for pattern, expression in _PATTERNS.get(kind, ()):
        match = expression.fullmatch(code)
        if match is not None:
            return pattern, match.groupdict()
    return None
