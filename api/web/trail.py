"""What an event says beyond its name, in words: which account, which fields, why."""

from collections.abc import Callable, Iterator, Mapping

from api.explanations import Locale, explain, label, wording
from api.explanations.locale import written_number
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


def _labelled(kind: str) -> _Written:
    def written(value: object, locale: Locale) -> str:
        several = value if isinstance(value, list | tuple) else [value]
        return ", ".join(label(kind, str(each), locale) for each in several)

    return written


_TOLD: Mapping[str, _Written] = {
    "login": _as_it_is,
    "roles": _labelled("role"),
    "fields": _labelled("field"),
    "state": _labelled("state"),
    "code": _error,
    "number": _as_it_is,
    "pages": _count,
    "source": _as_it_is,
    "imported": _count,
    "unchanged": _count,
    "rejected": _count,
    "file": _as_it_is,
    "made_at": _as_it_is,
    "documents": _count,
    "reason": _as_it_is,
    "os_user": _as_it_is,
}
"""Facts worth showing, in the order they are shown; digests of addresses and names say nothing to people."""
_DIGESTS = frozenset(
    {EventName.LOGIN_REFUSED, EventName.COPY_COLLECTED, EventName.COPY_COLLECT_REFUSED}
)
"""Events whose facts are digests by the same names."""


def told(event: Event, locale: Locale) -> str:
    """The facts of ``event`` for people, empty where it has none to tell."""
    return " · ".join(_told(event, locale))


def _told(event: Event, locale: Locale) -> Iterator[str]:
    if event.name in _DIGESTS:
        return
    for fact, written in _TOLD.items():
        value = event.facts.get(fact)
        if value not in (None, "", []):
            yield wording(f"fact.{fact}", locale, value=written(value, locale))
