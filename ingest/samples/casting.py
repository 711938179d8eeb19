"""Chooses which paper is made and for whom."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from domain.form import FormCode
from domain.person import Person
from ingest.samples.birth_forms import amendment_extract, birth_certificate, birth_extract
from ingest.samples.former_cards import draw_former_facts, fields_of_former_card
from ingest.samples.identity_cards import draw_card_facts, fields_of_card
from ingest.samples.life_forms import (
    death_extract,
    marital_status_confirmation,
    marriage_certificate,
)
from ingest.samples.office import Hand, draw_hand
from ingest.samples.people import TODAY, Family, draw_day, draw_family
from ingest.samples.places import TWO_TIERS_SINCE
from ingest.samples.sheet import Case, Sheet, truth_of

_NEW_ADDRESSES = 0.25
"""Share of papers of living people whose commune is one of those since July 2025."""


def _family(rng: random.Random, first: int, last: int, *, new: float = 0.0) -> Family:
    """A family whose child was born between the first day of ``first`` and the end of ``last``.

    ``new`` is the share that lives in a commune of the two-tier system though born before it.
    """
    end = min(date(last, 12, 31), TODAY - timedelta(days=60))
    born = draw_day(rng, date(first, 1, 1), end)
    return draw_family(rng, born=born, old=born < TWO_TIERS_SINCE and rng.random() >= new)


def _cast(sheet: Sheet, **persons: Person) -> Case:
    return Case(form=sheet.form, sheet=sheet, persons=persons, fields=truth_of(sheet))


def _birth_extract(rng: random.Random, hand: Hand) -> Case:
    one = _family(rng, 1955, 2026)
    sheet = birth_extract(hand, one.child, one.mother, one.father, one.commune)
    return _cast(sheet, subject=one.child, mother=one.mother, father=one.father)


def _birth_certificate(rng: random.Random, hand: Hand) -> Case:
    one = _family(rng, 2016, 2026)
    sheet = birth_certificate(hand, one.child, one.mother, one.father, one.commune)
    return _cast(sheet, subject=one.child, mother=one.mother, father=one.father)


def _amendment(rng: random.Random, hand: Hand) -> Case:
    one = _family(rng, 1955, 2015)
    return _cast(amendment_extract(hand, one.child, one.commune), subject=one.child)


def _marital_status(rng: random.Random, hand: Hand) -> Case:
    one = _family(rng, 1970, 2003, new=_NEW_ADDRESSES)
    status = rng.choices(("single", "divorced", "married"), weights=(7, 2, 1))[0]
    person = replace(one.child, marital_status=status)
    return _cast(marital_status_confirmation(hand, person, one.commune), subject=person)


def _death(rng: random.Random, hand: Hand) -> Case:
    one = _family(rng, 1935, 1995, new=_NEW_ADDRESSES)
    person = replace(one.child, vital_status="dead")
    return _cast(death_extract(hand, person, one.commune), subject=person)


def _marriage(rng: random.Random, hand: Hand) -> Case:
    wife_family, husband_family = (_family(rng, 1975, 2002) for _ in range(2))
    wife = _with_sex(rng, wife_family, "female")
    husband = _with_sex(rng, husband_family, "male")
    wife = replace(wife, marital_status="married", spouse_personal_id=husband.personal_id)
    husband = replace(husband, marital_status="married", spouse_personal_id=wife.personal_id)
    sheet = marriage_certificate(hand, wife, husband, wife_family.commune)
    return _cast(sheet, wife=wife, husband=husband)


def _with_sex(rng: random.Random, family: Family, sex: str) -> Person:
    """The child of the family, or of another until the sex fits."""
    while family.child.sex != sex:
        family = _family(rng, 1975, 2002)
    return family.child


def _identity_card(rng: random.Random, _hand: Hand) -> Case:
    one = _family(rng, 1950, 2011)
    person, card = draw_card_facts(rng, one.child)
    fields = fields_of_card(person, card)
    # from a source of their own: all other papers of a seed are what they were before there were these, and
    # with this key the cards of the seeds that tests read are, too
    own = random.Random(f"former kind/{one.child.personal_id}")
    former = draw_former_facts(own, one.child)
    if former is not None:
        person, card, fields = one.child, former, fields_of_former_card(one.child, former)
    return Case(
        form=FormCode.IDENTITY_CARD,
        sheet=None,
        persons={"subject": person},
        fields=fields,
        card=card,
    )


_MAKERS: tuple[tuple[Callable[[random.Random, Hand], Case], int], ...] = (
    (_birth_extract, 29),
    (_marital_status, 20),
    (_death, 18),
    (_identity_card, 20),
    (_birth_certificate, 6),
    (_marriage, 4),
    (_amendment, 3),
)


def draw_case(rng: random.Random) -> Case:
    """One document with its people, as often as each form comes over a counter."""
    make = rng.choices([one for one, _ in _MAKERS], weights=[weight for _, weight in _MAKERS])[0]
    return make(rng, draw_hand(rng))
