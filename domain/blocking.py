"""Blocking keys: how the population is indexed so that a noisy query still meets its person.

Measured on 5 M persons (`../shared/findings.md` § Population look-up): the tiers built on these keys reach
99.5 % recall in a millisecond.
"""

from functools import lru_cache
from itertools import pairwise

from domain.dates import is_full_date, to_iso
from domain.person import Person, PersonQuery
from domain.text import fold

_ID_DIGITS = 12
_END_DIGITS = 8
_DIGITS = "0123456789"
_A_GENERATION = 25


def name_key(name: str) -> str:
    """Folded name without apostrophes and hyphens: equal for all marks, cases and spacings of a name."""
    return " ".join(fold(name).replace("'", "").replace("-", " ").split())


def given_key(key: str) -> str:
    """Last word of a folded name: the given name."""
    return key.rpartition(" ")[2]


@lru_cache(maxsize=1024)
def date_variants(date: str) -> tuple[str, ...]:
    """``date`` first, then day and month swapped, then every valid date one slip away, then the year.

    A slip is one digit, or a day or a year miscounted by one: ``10`` for ``09``. The year stands for rows
    that know no more. A year alone (``YYYY``) has only itself: look it up by :func:`date_span`.
    """
    if not is_full_date(date):
        return (date,)
    year, month, day = date.split("-")
    swapped = to_iso(year, day, month)
    variants = dict.fromkeys([date] if swapped is None else [date, swapped])
    digits = date.replace("-", "")
    for edited in (*_substitutions(digits), *_miscounted(digits)):
        iso = to_iso(edited[:4], edited[4:6], edited[6:])
        if iso is not None:
            variants[iso] = None
    variants[year] = None
    return tuple(variants)


def date_span(date: str) -> tuple[str, str]:
    """First and last value, in text order, that ``date`` may stand for: a year covers itself and its days."""
    return (date, date) if is_full_date(date) else (date[:4], f"{date[:4]}-12-31")


@lru_cache(maxsize=256)
def personal_id_variants(personal_id: str) -> tuple[str, ...]:
    """``personal_id`` first, then its numbers one digit away and those with two neighbours swapped.

    Anything that is not 12 digits has only itself.
    """
    if len(personal_id) != _ID_DIGITS or not personal_id.isdigit():
        return (personal_id,)
    variants = dict.fromkeys([personal_id, *_substitutions(personal_id)])
    for at, (one, other) in enumerate(pairwise(personal_id)):
        variants[personal_id[:at] + other + one + personal_id[at + 2 :]] = None
    return tuple(variants)


def personal_id_ends(personal_id: str) -> tuple[str, str]:
    """First and last eight digits: a number with several errors in one half keeps the other."""
    return personal_id[:_END_DIGITS], personal_id[-_END_DIGITS:]


def is_surely_met(query: PersonQuery, person: Person) -> bool:
    """Whether nobody need be looked for among namesakes of other dates: name and number, or name and day."""
    if not _is_one_name(query.full_name, person.full_name):
        return False
    by_day = is_full_date(query.birth_date or "") and person.birth_date == query.birth_date
    return by_day or (query.personal_id is not None and person.personal_id == query.personal_id)


def closeness(query: PersonQuery, person: Person) -> tuple[float, int]:
    """Ranks namesakes, the greatest first: by parents and homes, then by years between the births.

    A parent of the same folded name counts one, a home the share of words that both addresses have: enough
    to choose whom to compare, and cheap for a thousand rows.
    """
    parents = sum(
        _is_one_name(ours, theirs)
        for ours, theirs in (
            (query.mother_full_name, person.mother_full_name),
            (query.father_full_name, person.father_full_name),
        )
    )
    homes = sum(
        _shared_words(ours, theirs)
        for ours, theirs in (
            (query.residence, person.residence),
            (query.home_town, person.home_town),
        )
    )
    return parents + homes, -_years_between(query.birth_date, person.birth_date)


def _is_one_name(one: str | None, other: str | None) -> bool:
    return bool(one and other) and name_key(one or "") == name_key(other or "")


def _shared_words(one: str | None, other: str | None) -> float:
    if not one or not other:
        return 0.0
    ours, theirs = _words(one), _words(other)
    return len(ours & theirs) / max(1, len(ours | theirs))


@lru_cache(maxsize=4096)
def _words(address: str) -> frozenset[str]:
    return frozenset(address.lower().replace(",", " ").split())


def _years_between(one: str | None, other: str | None) -> int:
    """Whole years between two births; a birth that one side does not know is as good as a generation off."""
    if not one or not other:
        return _A_GENERATION
    return abs(int(one[:4]) - int(other[:4]))


def _miscounted(digits: str) -> list[str]:
    """``yyyyMMdd`` a year and a day earlier and later; not every one is a date."""
    year, month, day = int(digits[:4]), digits[4:6], int(digits[6:])
    years = [f"{year + step:04}{month}{digits[6:]}" for step in (-1, 1)]
    return [*years, *(f"{digits[:6]}{day + step:02}" for step in (-1, 1))]


def _substitutions(digits: str) -> list[str]:
    return [
        digits[:at] + other + digits[at + 1 :]
        for at, digit in enumerate(digits)
        for other in _DIGITS
        if other != digit
    ]
