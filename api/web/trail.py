"""What an event says beyond its name, in words: which account, which fields, why."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from api.explanations import Locale, label, title_of, wording
from api.explanations.locale import written_number, written_time
from domain.event import Event, EventName
from domain.record import Correction, FieldValue, Record

_Written = Callable[[object, Locale], str]


def _as_it_is(value: object, _locale: Locale) -> str:
    return str(value)


def _count(value: object, locale: Locale) -> str:
    return written_number(value, locale) if isinstance(value, int | float) else str(value)


def _error(value: object, locale: Locale) -> str:
    return title_of(str(value), locale)


def _persons(value: object, locale: Locale) -> str:
    chosen = value if isinstance(value, Mapping) else {}
    return "; ".join(
        f"{label('person', str(role), locale)}: {number}" for role, number in chosen.items()
    )


def _moment(value: object, locale: Locale) -> str:
    return written_time(datetime.fromisoformat(str(value)), locale)


def _typed_values(value: object, locale: Locale) -> str:
    typed = value if isinstance(value, Mapping) else {}
    return "; ".join(
        f"{label('field', str(name), locale)}: {_quoted(before)} → {_quoted(after)}"
        for name, (before, after) in typed.items()
    )


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "–"


def _labelled(kind: str) -> _Written:
    def written(value: object, locale: Locale) -> str:
        several = value if isinstance(value, list | tuple) else [value]
        return "; ".join(label(kind, str(each), locale) for each in several)

    return written


_WRITTEN: Mapping[str, _Written] = {
    "login": _as_it_is,
    "roles": _labelled("role"),
    "fields": _labelled("field"),
    "typed": _typed_values,
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
    "kind": _labelled("event"),
    "before": _as_it_is,
    "command": _as_it_is,
    "people": _count,
    "lane": _labelled("lane"),
    "os_user": _as_it_is,
}
_ACCOUNT = ("login", "roles")
_TOLD: Mapping[EventName, tuple[str, ...]] = {
    EventName.DOCUMENT_REGISTERED: ("pages",),
    EventName.DOCUMENT_DUPLICATE: ("original", "lane"),
    EventName.DOCUMENT_MATCHED: ("state", "changed_since"),
    EventName.DOCUMENT_FAILED: ("code", "page"),
    EventName.DOCUMENT_RETRIED: ("code",),
    EventName.DOCUMENT_VIEWED: ("command",),
    EventName.DOCUMENT_CORRECTED: ("typed", "fields", "reason"),
    EventName.DOCUMENT_ACCEPTED: ("persons", "reason"),
    EventName.DOCUMENT_REJECTED: ("reason",),
    EventName.DOCUMENT_REOPENED: ("reason",),
    EventName.DOCUMENT_CERTIFIED: ("number",),
    EventName.COPY_REVOKED: ("number", "reason"),
    EventName.POPULATION_IMPORTED: (
        "source",
        "imported",
        "unchanged",
        "rejected",
        "remarks",
    ),
    EventName.POPULATION_REMOVED: ("personal_id", "source", "reason"),
    EventName.POPULATION_LOOKED_UP: ("people", "command"),
    EventName.BACKUP_MADE: ("file", "documents"),
    EventName.BACKUP_RESTORED: ("made_at", "documents"),
    EventName.TRAIL_VIEWED: ("kind", "before"),
    EventName.ACCOUNT_ADDED: _ACCOUNT,
    EventName.ACCOUNT_CHANGED: _ACCOUNT,
    EventName.ACCOUNT_DISABLED: _ACCOUNT,
    EventName.ACCOUNT_ENABLED: _ACCOUNT,
}
"""What each event tells, in this order. Others tell nothing more: facts by the same names may be digests."""
_BY_WHOM = "os_user"
"""Told last of every event: on the command line all are one actor, and this alone says who it was."""


def with_typed(events: Iterable[Event], record: Record | None) -> tuple[Event, ...]:
    """The events of a document with what its record knows of each correction: the values before and after.

    For the page of the document, whose values they are; the trail itself names the fields only.
    """
    return tuple(
        one
        if record is None or one.name is not EventName.DOCUMENT_CORRECTED
        else _typed(one, record)
        for one in events
    )


def _typed(event: Event, record: Record) -> Event:
    typed = {
        name: (before, after.text)
        for name, field in record.fields.items()
        for before, after in _steps(field)
        if (after.at, after.by) == (event.at, event.actor_id)
    }
    named = event.facts.get("fields")
    others = [name for name in named if name not in typed] if isinstance(named, list) else []
    return replace(event, facts={**event.facts, "typed": typed, "fields": others})


def _steps(field: FieldValue) -> Iterator[tuple[str, Correction]]:
    """Each correction with the text that it replaced."""
    texts = (field.read_text or "", *(one.text for one in field.corrections))
    return zip(texts, field.corrections, strict=False)


def told(event: Event, locale: Locale) -> str:
    """The facts of ``event`` for people, empty where it has none to tell."""
    return " · ".join(_told(event, locale))


def _told(event: Event, locale: Locale) -> Iterator[str]:
    for fact in (*_TOLD.get(event.name, ()), _BY_WHOM):
        value = event.facts.get(fact)
        if value not in (None, "", [], {}):
            yield wording(f"fact.{fact}", locale, value=_WRITTEN[fact](value, locale))
