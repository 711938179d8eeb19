"""Errors planted into the population, each known to the truth."""

import random
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.person import Person
from domain.verdict import FindingKind
from ingest.samples.places import draw_commune

NO_RECORD = "no_record"
"""Kind of a person who is absent; its field is ``person``."""
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SPELLINGS = (
    ("Tr", "Ch"), ("S", "X"), ("Gi", "D"), ("L", "N"), ("inh", "in"), ("ang", "an"),
    ("uyên", "uyết"), ("y", "i"), ("i", "y"), ("ng", "n"), ("n", "ng"), ("h", ""),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PlantedError:
    """One difference between a document and the population."""

    role: str
    field: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A population person after an error was planted; ``person`` is ``None`` where absent."""

    person: Person | None
    error: PlantedError


def plant(
    rng: random.Random, persons: Mapping[str, Person], fields: Mapping[str, str]
) -> Planted | None:
    """One error in one person of a document, about a value that stands on the document.

    ``None`` where the drawn kind has nothing to bite on.
    """
    role = rng.choice(sorted(persons))
    prefix = "" if role == "subject" else f"{role}_"
    shown = {name.removeprefix(prefix) for name in fields if name.startswith(prefix)}
    if fields.get(f"{prefix}personal_id") != persons[role].personal_id:
        shown.discard("personal_id")  # nine digits of an old card's own
    kinds = [
        (_wrong_date, "birth_date", FindingKind.DIFFERENT, 5),
        (_other_tone, "full_name", FindingKind.TONE_ONLY, 4),
        (_other_spelling, "full_name", FindingKind.SPELLING, 3),
        (_wrong_number, "personal_id", FindingKind.DIFFERENT, 3),
        (_wrong_sex, "sex", FindingKind.DIFFERENT, 2),
        (_moved, "residence", FindingKind.DIFFERENT, 3),
        (_missing, "ethnicity", FindingKind.MISSING_IN_POPULATION, 1),
        (_missing, "home_town", FindingKind.MISSING_IN_POPULATION, 1),
        (_missing, "birth_place", FindingKind.MISSING_IN_POPULATION, 1),
        (_missing, "residence", FindingKind.MISSING_IN_POPULATION, 1),
        (_absent, "person", None, 3),
    ]
    usable = [one for one in kinds if one[1] in shown or one[1] == "person"]
    change, field, kind, _ = rng.choices(usable, weights=[one[3] for one in usable])[0]
    full_date = len(fields.get(f"{prefix}birth_date", "")) == 10
    if field == "birth_date" and not full_date:
        return None
    changed = change(rng, persons[role], field)
    if changed == persons[role]:
        return None
    error = PlantedError(role=role, field=field, kind=str(kind) if kind else NO_RECORD)
    return Planted(person=changed, error=error)


Change = Callable[[random.Random, Person, str], Person | None]


def _wrong_date(rng: random.Random, person: Person, _field: str) -> Person:
    """Day and month swapped where that is a date, else one part off by a little."""
    born = date.fromisoformat(person.birth_date or "")
    if born.day <= 12 and born.day != born.month and rng.random() < 0.6:
        wrong = born.replace(day=born.month, month=born.day)
    elif rng.random() < 0.5:
        wrong = born.replace(day=born.day + 1 if born.day < 28 else born.day - 10)
    else:
        wrong = born.replace(year=born.year + rng.choice((-1, 1, -10)), day=min(born.day, 28))
    return replace(person, birth_date=wrong.isoformat())


def _other_tone(rng: random.Random, person: Person, _field: str) -> Person:
    """One syllable takes another tone: Thuỳ/Thuý, Hương/Hường."""
    words = (person.full_name or "").split()
    places = [
        (at, index)
        for at, word in enumerate(words)
        for index, letter in enumerate(unicodedata.normalize("NFD", word))
        if letter in _TONES
    ]
    if not places:
        return person
    at, index = rng.choice(places)
    letters = list(unicodedata.normalize("NFD", words[at]))
    others = [tone for tone in _TONES if tone != letters[index]]
    # a syllable closed by c, ch, p or t takes only the sharp and the heavy tone
    if words[at].endswith(("c", "ch", "p", "t")):
        others = [tone for tone in "\u0301\u0323" if tone != letters[index]]
    letters[index] = rng.choice(others)
    words[at] = unicodedata.normalize("NFC", "".join(letters))
    return replace(person, full_name=" ".join(words))


def _other_spelling(rng: random.Random, person: Person, _field: str) -> Person:
    """One syllable is spelled otherwise: Trinh/Chinh, Sơn/Xơn, Linh/Lin."""
    words = (person.full_name or "").split()
    options = [
        (at, word.replace(one, other, 1))
        for at, word in enumerate(words)
        for one, other in _SPELLINGS
        if one in word and len(word) > 2
    ]
    if not options:
        return person
    at, spelled = rng.choice(options)
    return replace(person, full_name=" ".join([*words[:at], spelled, *words[at + 1 :]]))


def _wrong_number(rng: random.Random, person: Person, _field: str) -> Person:
    """One digit among the last six is another."""
    at = rng.randint(6, 11)
    digit = rng.choice([one for one in "0123456789" if one != person.personal_id[at]])
    number = person.personal_id[:at] + digit + person.personal_id[at + 1 :]
    return replace(person, personal_id=number)


def _wrong_sex(_rng: random.Random, person: Person, _field: str) -> Person:
    return replace(person, sex="female" if person.sex == "male" else "male")


def _moved(rng: random.Random, person: Person, _field: str) -> Person:
    return replace(person, residence=draw_commune(rng).text)


def _missing(_rng: random.Random, person: Person, field: str) -> Person:
    blank: dict[str, Any] = {field: None}
    return replace(person, **blank)


def _absent(_rng: random.Random, _person: Person, _field: str) -> None:
    return None
