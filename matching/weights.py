"""How much each agreement and disagreement tells, as data.

Fellegi and Sunter (1969): the weight of an outcome is log2(m / u), where m is its probability for the same
person and u for two persons taken at random. The m of this table are first settings (R) from the error rates
planted in the sample archive and usual in civil registers; u follow from how many values a field has. Name
frequencies are those of ``../shared/domain.md`` § 7 (R). Recalibrate all of them on decided cases.
"""

from dataclasses import dataclass
from math import log2

from domain.text import comparison_key

UNCERTAIN_FOR = 0.8
"""A value that its readers do not vouch for keeps so much of its weight for a person …"""
UNCERTAIN_AGAINST = 0.4
"""… and so much against: a wrong reading disagrees far more easily than it agrees."""


def bits(m: float, u: float) -> float:
    """log2 likelihood ratio of an outcome."""
    return log2(m / u)


@dataclass(frozen=True, kw_only=True)
class DateWeights:
    """Bits for the outcomes of comparing two birth dates; a day is one of about 25,000."""

    exact: float = bits(0.95, 1 / 25_000)
    first_of_january: float = bits(0.95, 1 / 700)
    """Clerks write 1 January where the day is not known."""
    year_only: float = bits(0.95, 1 / 70)
    swapped: float = bits(0.01, 1 / 25_000)
    one_digit: float = bits(0.02, 45 / 25_000)
    same_year: float = bits(0.01, 1 / 70)
    different: float = bits(0.01, 1)


@dataclass(frozen=True, kw_only=True)
class PersonalIdWeights:
    """Bits for two personal numbers; a random one has a million values per province, year and sex."""

    exact: float = bits(0.97, 1e-7)
    one_digit: float = bits(0.02, 119 / 1e6)
    """Twins may hold neighbouring numbers, so nearness is judged within one province, year and sex."""
    different: float = bits(0.002, 1)


@dataclass(frozen=True, kw_only=True)
class WordWeights:
    """Bits for a field that agrees, nearly agrees or disagrees."""

    exact: float
    near: float
    different: float


SEX = WordWeights(exact=bits(0.99, 0.5), near=0.0, different=bits(0.01, 0.5))
KINH = WordWeights(exact=bits(0.98, 0.85), near=0.0, different=bits(0.02, 0.3))
ETHNICITY = WordWeights(exact=bits(0.98, 0.02), near=2.0, different=bits(0.02, 0.3))
NATIONALITY = WordWeights(exact=bits(0.99, 0.99), near=0.0, different=bits(0.01, 0.1))
HOME_TOWN = WordWeights(exact=bits(0.8, 1 / 500), near=4.0, different=bits(0.1, 1))
"""Capped well below the number of communes: neighbours share them, and families most of all."""
RESIDENCE = WordWeights(exact=bits(0.6, 1 / 500), near=4.0, different=bits(0.4, 1))
"""People move: a different residence says little against a person."""
PARENT_NAME = WordWeights(exact=8.0, near=4.0, different=bits(0.03, 1))
"""Brothers, sisters and twins share parents; the cap keeps parents from deciding who a child is."""
DATES = DateWeights()
PERSONAL_IDS = PersonalIdWeights()


@dataclass(frozen=True, kw_only=True)
class NamePartWeights:
    """m of each outcome for one part of a name, and u of near misses relative to a hit."""

    same: float = 0.96
    tone: float = 0.02
    spelling: float = 0.01
    different: float = 0.006
    tone_spread: float = 4.0
    """How many times more persons share a name but for its marks."""
    spelling_spread: float = 30.0


SURNAME_PART = NamePartWeights()
MIDDLE_PART = NamePartWeights(different=0.03)
GIVEN_PART = NamePartWeights(different=0.004)

_SURNAMES = {
    "nguyễn": 0.38,
    "trần": 0.11,
    "lê": 0.095,
    "phạm": 0.07,
    "hoàng": 0.03,
    "huỳnh": 0.03,
    "phan": 0.045,
    "vũ": 0.025,
    "võ": 0.03,
    "đặng": 0.021,
    "bùi": 0.02,
    "đỗ": 0.014,
    "hồ": 0.013,
    "ngô": 0.013,
    "dương": 0.01,
    "lý": 0.005,
}
_MIDDLES = {
    "văn": 0.13,
    "thị": 0.2,
    "minh": 0.05,
    "thanh": 0.04,
    "ngọc": 0.04,
    "hoàng": 0.03,
    "đức": 0.025,
    "quốc": 0.02,
    "quang": 0.02,
    "hữu": 0.02,
    "xuân": 0.02,
    "": 0.05,
}
_COMMON_GIVEN = frozenset(
    (
        "anh huy tuấn duy hoàng nam minh dũng hiếu đạt cường hùng tùng sơn thành trung hải long linh "
        "hương hoa lan hằng trang thảo phương thúy hà nga ngọc mai hạnh hiền yến thu bình đức hòa"
    ).split()
)
SAME_NAME = GIVEN_PART.same * MIDDLE_PART.same * SURNAME_PART.same
"""m of a whole name."""


def name_ceiling(bearers: int, persons: int) -> float:
    """Bits that agreement on a whole name is worth where ``bearers`` of ``persons`` are called so.

    Term frequency as the register itself knows it: shares of surnames and given names, multiplied, make the
    names of small peoples far too rare. The person on paper is counted as one bearer more, since nobody of
    this paper need be among those.
    """
    return bits(SAME_NAME, min(1.0, (bearers + 1) / max(1, persons)))


_RARE_SURNAME = 0.003
_RARE_MIDDLE = 0.006
_COMMON_SHARE = 0.018
_RARE_GIVEN = 0.003


def surname_share(surname: str) -> float:
    """Share of people of that surname."""
    return _SURNAMES.get(comparison_key(surname), _RARE_SURNAME)


def middle_share(middle: str) -> float:
    """Share of people of those middle names."""
    return _MIDDLES.get(comparison_key(middle), _RARE_MIDDLE)


def given_share(given: str) -> float:
    """Share of people of that given name."""
    return _COMMON_SHARE if comparison_key(given) in _COMMON_GIVEN else _RARE_GIVEN
