"""Invented people whose numbers, names, years and homes fit together."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from domain.person import Person
from ingest.samples.places import Commune, draw_address, draw_commune
from ingest.samples.vocabulary import vocabulary

TODAY = date(2026, 6, 30)
"""The archive's "now": fixed, so that a seed always gives the same archive."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """A child with both parents and where they live."""

    child: Person
    mother: Person
    father: Person
    commune: Commune


@dataclass(frozen=True, kw_only=True)
class Descent:
    """What a child takes from its family."""

    surname: str
    ethnicity: str
    minority: dict[str, Any] | None


def draw_weighted(rng: random.Random, weights: dict[str, int]) -> str:
    """A key, as often as its weight says."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def draw_descent(rng: random.Random) -> Descent:
    """Kinh in seven of eight, else one of the peoples with other name shapes."""
    words = vocabulary()
    if rng.random() < 0.87:
        surname = draw_weighted(rng, words["surnames"])
        return Descent(surname=surname, ethnicity="Kinh", minority=None)
    minority = rng.choice(words["minorities"])
    family = rng.choice(minority["family"])
    return Descent(surname=family, ethnicity=minority["ethnicity"], minority=minority)


def draw_name(rng: random.Random, descent: Descent, sex: str) -> str:
    """A full name in title case."""
    if descent.minority is not None:
        return f"{descent.surname} {rng.choice(descent.minority[sex])}".strip()
    words = vocabulary()
    middle = draw_weighted(rng, words["middle"][sex])
    given = rng.choice(words["given"][sex])
    return " ".join(part for part in (descent.surname, middle, given) if part)


def personal_number(rng: random.Random, *, province_code: str, sex: str, born: date) -> str:
    """Twelve digits: province, century and sex, year, random (NĐ 137/2015 Art. 13)."""
    century_and_sex = 2 * (born.year // 100 - 19) + (sex == "female")
    return f"0{province_code}{century_and_sex}{born.year % 100:02d}{rng.randint(0, 999_999):06d}"


def draw_day(rng: random.Random, first: date, last: date) -> date:
    """A day between both, with the usual heap on the first of January for the old."""
    day = first + timedelta(days=rng.randint(0, max(0, (last - first).days)))
    return day.replace(month=1, day=1) if day.year < 1965 and rng.random() < 0.15 else day


def draw_commune_of(rng: random.Random, descent: Descent, *, old: bool) -> Commune:
    """Where such a family may live; provinces of a people are given by their old codes."""
    provinces = descent.minority["provinces"] if descent.minority else None
    return draw_commune(rng, old=old, provinces=provinces)


def draw_person(
    rng: random.Random,
    *,
    descent: Descent,
    sex: str,
    born: date,
    commune: Commune,
    residence: str | None = None,
) -> Person:
    """A person registered at birth in the province of ``commune`` and living there."""
    moved = draw_commune_of(rng, descent, old=True) if rng.random() < 0.2 else commune
    age = TODAY.year - born.year
    return Person(
        personal_id=personal_number(
            rng, province_code=draw_number_province(rng, commune), sex=sex, born=born
        ),
        full_name=draw_name(rng, descent, sex),
        birth_date=born.isoformat(),
        sex=sex,
        ethnicity=descent.ethnicity,
        nationality="Việt Nam",
        birth_place=draw_birth_place(rng, commune),
        home_town=moved.text,
        residence=residence or draw_address(rng, commune),
        marital_status="single" if age < 24 else "married",
        vital_status="alive",
    )


def draw_number_province(rng: random.Random, commune: Commune) -> str:
    """Code of the province of birth registration; a tenth were registered elsewhere."""
    if rng.random() < 0.9:
        return commune.province_code
    return draw_commune(rng, old=True).province_code


def draw_birth_place(rng: random.Random, commune: Commune) -> str:
    """A hospital with its address, or the commune."""
    if rng.random() < 0.4:
        return commune.text
    hospital = rng.choice(vocabulary()["hospitals"])
    if hospital.startswith("Trạm"):
        return f"{hospital} {commune.text}"
    place = commune.district or commune.ward
    place = place[0].lower() + place[1:]
    province = commune.province[0].lower() + commune.province[1:]
    return f"{hospital} {place}, {province}"


def draw_family(rng: random.Random, *, born: date, old: bool = True) -> Family:
    """A child born on ``born``, with parents between 18 and 42 then."""
    descent = draw_descent(rng)
    other = draw_descent(rng) if rng.random() < 0.3 or descent.minority is None else descent
    commune = draw_commune_of(rng, descent, old=old)
    home = draw_address(rng, commune)
    mother = draw_person(
        rng, descent=other, sex="female", born=_parent_birth(rng, born), commune=commune,
        residence=home,
    )  # fmt: skip
    father = draw_person(
        rng, descent=descent, sex="male", born=_parent_birth(rng, born), commune=commune,
        residence=home if rng.random() < 0.85 else draw_address(rng, commune),
    )  # fmt: skip
    sex = rng.choice(("male", "female"))
    child = draw_person(
        rng, descent=descent, sex=sex, born=born, commune=commune, residence=home
    )  # fmt: skip
    child = replace(child, mother_full_name=mother.full_name, father_full_name=father.full_name)
    mother = replace(mother, spouse_personal_id=father.personal_id, marital_status="married")
    father = replace(father, spouse_personal_id=mother.personal_id, marital_status="married")
    return Family(child=child, mother=mother, father=father, commune=commune)


def _parent_birth(rng: random.Random, child_born: date) -> date:
    years = rng.randint(18, 42)
    return draw_day(rng, date(child_born.year - years, 1, 1), date(child_born.year - years, 12, 31))


def others_like(rng: random.Random, person: Person) -> Sequence[Person]:
    """A twin (same day and parents) or a namesake (same name, other day) of ``person``, or nobody."""
    kind = rng.random()
    if kind < 0.04:
        return (_twin(rng, person),)
    return (_namesake(rng, person),) if kind < 0.12 else ()


def _twin(rng: random.Random, person: Person) -> Person:
    sex = person.sex or "male"
    words = (person.full_name or "").split()
    given = [one for one in vocabulary()["given"][sex] if one != words[-1]]
    name = " ".join([*words[:-1], rng.choice(given)])
    number = person.personal_id[:6] + f"{rng.randint(0, 999_999):06d}"
    return replace(person, personal_id=number, full_name=name)


def _namesake(rng: random.Random, person: Person) -> Person:
    born = date.fromisoformat(person.birth_date or "1980-01-01")
    other_day = draw_day(rng, date(born.year - 3, 1, 1), date(born.year + 3, 12, 31))
    commune = draw_commune(rng)
    sex = person.sex or "male"
    return Person(
        personal_id=personal_number(
            rng, province_code=commune.province_code, sex=sex, born=other_day
        ),
        full_name=person.full_name,
        birth_date=other_day.isoformat(),
        sex=sex,
        ethnicity=person.ethnicity,
        nationality=person.nationality,
        birth_place=commune.text,
        home_town=commune.text,
        residence=draw_address(rng, commune),
        marital_status="single",
        vital_status="alive",
    )
