"""What an event says beyond its name, in words: which account, which fields, why."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from api.explanations import Locale, explain, label, wording
from api.explanations.locale import written_number, written_time
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName

_Written = Callable[[object, Locale], str]


def _as_it_is(value: object, _locale: Locale) -> str:
    return str(value)


def _count(value: object, locale: Locale) -> str:
    return written_number(value, locale) if isinstance(value, int | float) else str(value)


def _error(value: object, locale: Locale) -> str:
    code = str(value)
    return explain(HosoError(ErrorCode(code)), locale).title if code in set(ErrorCode) else code


def _persons(value: object, locale: Locale) -> str:
    chosen = value if isinstance(value, Mapping) else {}
    return "; ".join(
        f"{label('person', str(role), locale)}: {number}" for role, number in chosen.items()
    )


def _moment(value: object, locale: Locale) -> str:
    return written_time(datetime.fromisoformat(str(value)), locale)


def _labelled(kind: str) -> _Written:
    def written(value: object, locale: Locale) -> str:
        several = value if isinstance(value, list | tuple) else [value]
        return "; ".join(label(kind, str(each), locale) for each in several)

    return written


_WRITTEN: Mapping[str, _Written] = {
    "login": _as_it_is,
    "roles": _labelled("role"),
    "fields": _labelled("field"),
    "state": _labelled("state"),
    "code": _error,
    "number": _as_it_is,
    "pages": _count,
    "page": _as_it_is,
    "source": _as_it_is,
    "imported": _count,
    "unchanged": _count,
    "rejected": _count,
    "remarks": _count,
    "personal_id": _as_it_is,
    "file": _as_it_is,
    "made_at": _moment,
    "changed_since": _moment,
    "documents": _count,
    "reason": _as_it_is,
    "persons": _persons,
    "original": _as_it_is,
    "lane": _labelled("lane"),
    "os_user": _as_it_is,
}
_ACCOUNT = ("login", "roles", "os_user")
_TOLD: Mapping[EventName, tuple[str, ...]] = {
    EventName.DOCUMENT_REGISTERED: ("pages", "os_user"),
    EventName.DOCUMENT_DUPLICATE: ("original", "lane", "os_user"),
    EventName.DOCUMENT_MATCHED: ("state", "changed_since"),
    EventName.DOCUMENT_FAILED: ("code", "page"),
    EventName.DOCUMENT_CORRECTED: ("fields", "reason"),
    EventName.DOCUMENT_ACCEPTED: ("persons", "reason"),
    EventName.DOCUMENT_REJECTED: ("reason",),
    EventName.DOCUMENT_REOPENED: ("reason",),
    EventName.DOCUMENT_CERTIFIED: ("number",),
    EventName.COPY_REVOKED: ("number", "reason", "os_user"),
    EventName.POPULATION_IMPORTED: (
        "source",
        "imported",
        "unchanged",
        "rejected",
        "remarks",
        "os_user",
    ),
    EventName.POPULATION_REMOVED: ("personal_id", "source", "reason", "os_user"),
    EventName.BACKUP_MADE: ("file", "documents", "os_user"),
    EventName.BACKUP_RESTORED: ("made_at", "documents", "os_user"),
    EventName.ACCOUNT_ADDED: _ACCOUNT,
    EventName.ACCOUNT_CHANGED: _ACCOUNT,
    EventName.ACCOUNT_DISABLED: _ACCOUNT,
    EventName.ACCOUNT_ENABLED: _ACCOUNT,
}
"""What each event tells, in this order. Others tell nothing more: facts by the same names may be digests."""


def told(event: Event, locale: Locale) -> str:
    """The facts of ``event`` for people, empty where it has none to tell."""
    return " · ".join(_told(event, locale))


def _told(event: Event, locale: Locale) -> Iterator[str]:
    for fact in _TOLD.get(event.name, ()):
        value = event.facts.get(fact)
        if value not in (None, "", [], {}):
            yield wording(f"fact.{fact}", locale, value=_WRITTEN[fact](value, locale))
