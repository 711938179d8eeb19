"""A register in memory that answers by the same blocks as the real one, and records made from truth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from domain.blocking import (
    closeness,
    date_span,
    date_variants,
    is_surely_met,
    name_key,
    personal_id_ends,
    personal_id_variants,
)
from domain.dates import is_full_date
from domain.form import FormCode
from domain.page import Quality
from domain.person import Person, PersonQuery
from domain.record import FieldValue, Record


class Register:
    """Implements ``domain.ports.Population`` over dictionaries."""

    def __init__(self, persons: Iterable[Person]) -> None:
        self._by_id = {person.personal_id: person for person in persons}
        self._by_name: defaultdict[str, list[Person]] = defaultdict(list)
        self._by_date: defaultdict[str | None, list[Person]] = defaultdict(list)
        self._by_end: defaultdict[tuple[int, str], list[Person]] = defaultdict(list)
        for person in self._by_id.values():
            self._by_name[name_key(person.full_name or "")].append(person)
            self._by_date[person.birth_date].append(person)
            for at, end in enumerate(personal_id_ends(person.personal_id)):
                self._by_end[at, end].append(person)

    def candidates(self, query: PersonQuery, *, limit: int = 64) -> tuple[Person, ...]:
        found: list[Person | None] = []
        if query.personal_id:
            found += [self._by_id.get(one) for one in personal_id_variants(query.personal_id)]
        if query.birth_date and query.full_name:
            dates = set(date_variants(query.birth_date))
            first, last = date_span(query.birth_date)
            found += [
                person
                for person in self._by_name[name_key(query.full_name)]
                if person.birth_date in dates or first <= (person.birth_date or "") <= last
            ]
        if query.full_name and not any(one and is_surely_met(query, one) for one in found):
            named = self._by_name[name_key(query.full_name)]
            found += sorted(named, key=lambda one: closeness(query, one), reverse=True)[:32]
        if query.birth_date and is_full_date(query.birth_date):
            found += self._by_date[query.birth_date]
        if query.personal_id:
            for at, end in enumerate(personal_id_ends(query.personal_id)):
                found += self._by_end[at, end]
        unique = dict.fromkeys(person.personal_id for person in found if person is not None)
        return tuple(self._by_id[number] for number in unique)[:limit]

    def get(self, personal_id: str) -> Person | None:
        return self._by_id.get(personal_id)

    def count(self) -> int:
        return len(self._by_id)

    def namesakes(self, full_name: str, *, at_most: int) -> int:
        return min(at_most, len(self._by_name[name_key(full_name)]))


def field(value: str | None, *, certain: bool = True, text: str | None = None) -> FieldValue:
    return FieldValue(
        text=value or "" if text is None else text,
        value=value,
        confidence=0.99 if certain else 0.6,
        certain=certain,
        page=1,
        box=None,
    )


def record(form: FormCode, fields: Mapping[str, Any], **changes: Any) -> Record:
    """A perfectly read record; values that are no ``FieldValue`` become certain ones."""
    known: dict[str, Any] = {
        "file": "a.pdf",
        "sha256": "",
        "pages": (1,),
        "form": form,
        "form_confidence": 1.0,
        "quality": Quality(dpi=300, skew=0.0, blur=0.0, usable=True),
        "lines": (),
        "checks": (),
        "fields": {
            name: value if isinstance(value, FieldValue) else field(value)
            for name, value in fields.items()
        },
    }
    return Record(**(known | changes))
