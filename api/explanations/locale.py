"""The languages people may choose, and how values are written in each."""

from datetime import UTC, date, datetime
from enum import StrEnum

from domain.dates import VIETNAM

_FULL_DATE = len("2026-11-21")


class Locale(StrEnum):
    """Vietnamese is the default everywhere; English comes by choice."""

    VI = "vi"
    EN = "en"


def parse_locale(code: str | None) -> Locale | None:
    """The locale of ``vi``, ``en``, ``en-GB``, ``en_US`` …, ``None`` for any other."""
    primary = (code or "").replace("_", "-").split("-")[0].strip().lower()
    return Locale(primary) if primary in set(Locale) else None


def preferred_locale(accept_language: str | None) -> Locale:
    """The best of an ``Accept-Language`` header (RFC 9110 § 12.5.4); Vietnamese where none fits."""
    ranked = []
    for position, item in enumerate((accept_language or "").split(",")):
        tag, _, parameter = item.partition(";")
        locale = parse_locale(tag)
        if locale is not None:
            ranked.append((-_weight(parameter), position, locale))
    return min(ranked)[2] if ranked else Locale.VI


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def written_time(at: datetime, locale: Locale) -> str:
    """A moment in Vietnam's zone, as people write it."""
    local = at.astimezone(VIETNAM)
    if locale is Locale.VI:
        return f"{local:%H:%M} ngày {local:%d/%m/%Y}"
    return f"{local.day} {local:%b %Y, %H:%M}"


def written_date(value: str, locale: Locale) -> str:
    """``YYYY-MM-DD`` as people write it; anything else, such as a bare year, as it is."""
    if len(value) != _FULL_DATE:
        return value
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day:%d/%m/%Y}" if locale is Locale.VI else f"{day.day} {day:%B %Y}"


def written_number(value: float, locale: Locale, *, digits: int = 0) -> str:
    """With the language's signs: ``1.234,5`` in Vietnamese, ``1,234.5`` in English."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if locale is Locale.VI else text


def machine_time(at: datetime) -> str:
    """ISO 8601 in UTC, for ``<time datetime>`` and JSON."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
