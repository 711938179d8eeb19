"""Chooses which paper is made and for whom."""

import random
from collections.abc import Callable
from datetime import date

from domain.form import FormCode
from ingest.samples.civil_forms import Hand, birth_extract, draw_hand
from ingest.samples.people import TODAY, draw_day, draw_family
from ingest.samples.sheet import Case, truth_of

_TWO_TIERS_SINCE = date(2025, 7, 1)
"""Communes report to provinces directly since then (Luật TCCQĐP 72/2025/QH15)."""


def _birth_extract(rng: random.Random, hand: Hand) -> Case:
    born = draw_day(rng, date(1955, 1, 1), TODAY.replace(day=1, month=5))
    family = draw_family(rng, born=born, old=born < _TWO_TIERS_SINCE)
    sheet = birth_extract(hand, family.child, family.mother, family.father, family.commune)
    return Case(
        form=FormCode.BIRTH_EXTRACT,
        sheet=sheet,
        persons={"subject": family.child, "mother": family.mother, "father": family.father},
        fields=truth_of(sheet),
    )


_MAKERS: dict[FormCode, tuple[Callable[[random.Random, Hand], Case], int]] = {
    FormCode.BIRTH_EXTRACT: (_birth_extract, 30),
}


def draw_case(rng: random.Random) -> Case:
    """One document with its people, as often as each form comes over a counter."""
    makers = list(_MAKERS.values())
    make = rng.choices([one for one, _ in makers], weights=[weight for _, weight in makers])[0]
    return make(rng, draw_hand(rng))
