"""Comparing one value of a document with one value of the population: which kind, and how many bits."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import partial_ratio, ratio

from domain.blocking import date_variants, name_key, personal_id_variants
from domain.dates import is_full_date
from domain.marital_status import marital_status_of
from domain.name_words import is_name_word
from domain.names import split_name
from domain.text import comparison_key, fold, strip_tones
from domain.verdict import FindingKind
from matching import weights
from matching.address_kinds import address_kind
from matching.other_names import is_one_name, is_one_name_unmarked
from matching.weights import NamePartWeights, WordWeights, bits

_NEAR_WORDS = 84.0
"""rapidfuzz ratio from which two texts count as spellings of one another."""
_MISREAD_TEXT = 80.0
"""rapidfuzz ratio from which a text may be another one badly read."""
_MISREAD_DIGITS = 2
_MISREAD_LETTERS = 2
_SHORTEST_SPELLING = 3
_ALMOST_ONE = 0.97
_CONFUSED_SPELLINGS = tuple(
    (re.compile(rf"\b{written}"), sound)
    for written, sound in (("tr", "ch"), ("s", "x"), ("gi(?=[aeou])", "d"), ("r", "d"), ("l", "n"))
) + tuple((re.compile(written), sound) for written, sound in (("y", "i"), ("k", "c"), ("gh", "g")))
_JOINT = re.compile(r"(?<=\w)-(?=\w)")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Outcome for a pair of values: what kind of pair, and its evidence in bits."""

    kind: FindingKind
    weight: float

    def tempered(self, *, certain: bool) -> "Comparison":
        """The same pair when its document value is not vouched for: less weight, least against."""
        if certain:
            return self
        factor = weights.UNCERTAIN_FOR if self.weight > 0 else weights.UNCERTAIN_AGAINST
        return replace(self, weight=self.weight * factor)

    def less(self, excess: float) -> "Comparison":
        """The same pair where its evidence for a person was taken for so many bits too much."""
        return replace(self, weight=self.weight - excess) if self.weight > 0 else self

    def at_most(self, ceiling: float) -> "Comparison":
        """The same pair with no more evidence than that."""
        return replace(self, weight=min(self.weight, ceiling))


def compare(field: str, document: str, population: str) -> Comparison:
    """Compare normalised values of ``field`` (a name of the contract without its role prefix)."""
    return _COMPARATORS.get(field, _compare_home_towns)(document, population)


def is_cut_short(document: str, population: str) -> bool:
    """Whether the paper's value is the beginning of the other: a reader lost the next line."""
    one, other = fold(document), fold(population)
    return other.startswith((f"{one} ", f"{one},"))


def says_another_name(document: str, population: str) -> bool:
    """Whether every word in which a name on paper departs is a word of names, not one that lost its marks.

    A misreading seldom makes another name of a name; it makes something that nobody is called.
    """
    ours, theirs = _unhyphenated(document).split(), _unhyphenated(population).split()
    known = {comparison_key(word) for word in theirs}
    departing = [word for word in ours if comparison_key(word) not in known]
    return bool(departing) and all(
        is_name_word(word) and not any(_lost_marks(word, other) for other in theirs)
        for word in departing
    )


def _lost_marks(word: str, other: str) -> bool:
    """Hoa beside Hóa: both are names, and the mark is what a reader loses first."""
    return is_name_word(other) and comparison_key(word) in {fold(other), strip_tones(other).lower()}


def may_be_misread(field: str, document: str, population: str) -> bool:
    """Whether a reader's slip could have made ``document`` of a printed ``population``.

    Lost marks, a wrong letter or digit, a lost line (of a marital status too): yes. Day and month
    swapped, another sex, another place: no reader does that.
    """
    if field == "sex":
        return False
    if field == "marital_status":
        return True
    if field == "birth_date":
        shared = min(len(document), len(population))
        return _slips(document[:shared], population[:shared]) == 1
    if field == "personal_id":
        return _slips(document, population) <= _MISREAD_DIGITS
    one, other = fold(document), fold(population)
    if _slips(one, other) <= _MISREAD_LETTERS:
        return True
    return max(ratio(one, other), partial_ratio(one, other)) >= _MISREAD_TEXT


def _slips(one: str, other: str) -> int:
    return int(OSA.distance(one, other))


def text_kind(document: str, population: str) -> FindingKind:
    """The ladder exact · tone or diacritic only · spelling · different, for any text."""
    if comparison_key(document.replace("-", " ")) == comparison_key(population.replace("-", " ")):
        return FindingKind.AGREES
    one, other = name_key(document), name_key(population)
    if one == other:
        return FindingKind.TONE_ONLY
    return FindingKind.SPELLING if ratio(one, other) >= _NEAR_WORDS else FindingKind.DIFFERENT


def compare_names(document: str, population: str) -> Comparison:
    """Two names of persons, part by part: a rare given name tells much, Nguyễn little.

    The kind is the worst of the parts; a middle name that one side leaves out is a spelling. A given name
    that differs by a letter is a spelling of the *pair*; whether it is another person is the verdict's
    question.
    """
    document, population = _unhyphenated(document), _unhyphenated(population)
    if _run_together(document) == _run_together(population):
        return Comparison(kind=FindingKind.AGREES, weight=name_weight(population))
    here, there = split_name(document), split_name(population)
    outcomes = (
        _compare_part(
            here.surname,
            there.surname,
            share=weights.surname_share(there.surname),
            part=weights.SURNAME_PART,
        ),
        _compare_part(
            here.middle,
            there.middle,
            share=weights.middle_share(there.middle),
            part=weights.MIDDLE_PART,
        ),
        _compare_part(
            here.given, there.given, share=weights.given_share(there.given), part=weights.GIVEN_PART
        ),
    )
    kind = max((outcome.kind for outcome in outcomes), key=_SEVERITY.index)
    if kind is FindingKind.DIFFERENT and _only_middle_left_out(outcomes, here.middle, there.middle):
        kind = FindingKind.SPELLING
    return Comparison(kind=kind, weight=sum(outcome.weight for outcome in outcomes))


def name_weight(name: str) -> float:
    """Bits of exact agreement on ``name``: the rarer its parts, the more."""
    parts = split_name(name)
    shares = (
        weights.surname_share(parts.surname) if parts.surname else 1.0,
        weights.middle_share(parts.middle) if parts.surname else 1.0,
        weights.given_share(parts.given),
    )
    return sum(bits(weights.GIVEN_PART.same, share) for share in shares if share < 1.0)


def _unhyphenated(text: str) -> str:
    """Papers of the South before 1975 join the words of a name: ``Nguyễn-Văn-An``, ``Sài-gòn``."""
    return _JOINT.sub(" ", text)


def _run_together(name: str) -> str:
    return comparison_key(name).replace(" ", "")


def _only_middle_left_out(
    outcomes: tuple[Comparison, Comparison, Comparison], here: str, there: str
) -> bool:
    surname, _, given = outcomes
    different = FindingKind.DIFFERENT
    return different not in {surname.kind, given.kind} and (not here or not there)


def _compare_part(
    document: str, population: str, *, share: float, part: NamePartWeights
) -> Comparison:
    if comparison_key(document) == comparison_key(population):
        return Comparison(kind=FindingKind.AGREES, weight=bits(part.same, min(share, _ALMOST_ONE)))
    one, other = name_key(document), name_key(population)
    if one == other:
        near = min(_ALMOST_ONE, share * part.tone_spread)
        same_letters = fold(document) == fold(population)  # KBrai for K'Brai lacks no tone
        kind = FindingKind.TONE_ONLY if same_letters else FindingKind.SPELLING
        return Comparison(kind=kind, weight=bits(part.tone, near))
    if _is_respelled(one, other):
        near = min(_ALMOST_ONE, share * part.spelling_spread)
        return Comparison(kind=FindingKind.SPELLING, weight=bits(part.spelling, near))
    return Comparison(kind=FindingKind.DIFFERENT, weight=bits(part.different, 1 - share))


def _is_respelled(one: str, other: str) -> bool:
    """One letter apart, also after equating what dialects confuse: tr/ch, s/x, gi/d/r, l/n, i/y, c/k."""
    if min(len(one), len(other)) < _SHORTEST_SPELLING - 1:
        return False
    return OSA.distance(one, other) == 1 or OSA.distance(_as_heard(one), _as_heard(other)) <= 1


def _as_heard(name: str) -> str:
    heard = name
    for written, sound in _CONFUSED_SPELLINGS:
        heard = written.sub(sound, heard)
    return heard


def compare_dates(document: str, population: str) -> Comparison:
    """Two birth dates, ``YYYY-MM-DD`` or ``YYYY``; a year alone agrees with every day of its year."""
    table = weights.DATES
    if document == population:
        if not is_full_date(document):
            return Comparison(kind=FindingKind.AGREES, weight=table.year_only)
        first = document.endswith("-01-01")
        return Comparison(
            kind=FindingKind.AGREES, weight=table.first_of_january if first else table.exact
        )
    if not (is_full_date(document) and is_full_date(population)):
        if document[:4] == population[:4]:
            return Comparison(kind=FindingKind.AGREES, weight=table.year_only)
        return Comparison(kind=FindingKind.DIFFERENT, weight=table.different)
    year, month, day = document.split("-")
    if population == f"{year}-{day}-{month}":
        weight = table.swapped
    elif population in date_variants(document):
        weight = table.one_digit
    else:
        weight = table.same_year if population[:4] == year else table.different
    return Comparison(kind=FindingKind.DIFFERENT, weight=weight)


def compare_personal_ids(document: str, population: str) -> Comparison:
    """Two 12-digit numbers: the same, one slip apart, or another."""
    table = weights.PERSONAL_IDS
    if document == population:
        return Comparison(kind=FindingKind.AGREES, weight=table.exact)
    slip = population in personal_id_variants(document)
    return Comparison(
        kind=FindingKind.DIFFERENT, weight=table.one_digit if slip else table.different
    )


def compare_sexes(document: str, population: str) -> Comparison:
    """``male`` or ``female``."""
    return _weighed(_same_or_different(document, population), weights.SEX)


def compare_ethnicities(document: str, population: str) -> Comparison:
    """Kinh is most of the country and tells nothing; a small people tells much."""
    kind = _named_kind("ethnicity", document, population)
    is_kinh = is_one_name("ethnicity", population, "Kinh")
    return _weighed(kind, weights.KINH if is_kinh else weights.ETHNICITY)


def compare_nationalities(document: str, population: str) -> Comparison:
    """Nearly everyone is Vietnamese."""
    return _weighed(_named_kind("nationality", document, population), weights.NATIONALITY)


def _named_kind(table: str, document: str, population: str) -> FindingKind:
    """:func:`text_kind`, where one may be called by several names."""
    if is_one_name(table, document, population):
        return FindingKind.AGREES
    kind = text_kind(document, population)
    lost_marks = kind is FindingKind.DIFFERENT and is_one_name_unmarked(table, document, population)
    return FindingKind.TONE_ONLY if lost_marks else kind


def compare_marital_statuses(document: str, population: str) -> Comparison:
    """What the sentence says against the register's word; no evidence on who it is, people marry."""
    same = marital_status_of(document) is marital_status_of(population)
    return Comparison(kind=FindingKind.AGREES if same else FindingKind.DIFFERENT, weight=0.0)


def compare_parent_names(document: str, population: str) -> Comparison:
    """A parent's name against the child's row; capped, because brothers and sisters share parents."""
    found = compare_names(document, population)
    return _weighed(found.kind, weights.PARENT_NAME)


def compare_addresses(
    document: str, population: str, table: WordWeights = weights.HOME_TOWN
) -> Comparison:
    """Two addresses: one unit under its old and new names agrees; then house and street are looked at."""
    return _weighed(address_kind(document, population), table)


def _compare_home_towns(document: str, population: str) -> Comparison:
    return compare_addresses(document, population, weights.HOME_TOWN)


def _compare_residences(document: str, population: str) -> Comparison:
    return compare_addresses(document, population, weights.RESIDENCE)


def _same_or_different(document: str, population: str) -> FindingKind:
    return FindingKind.AGREES if document == population else FindingKind.DIFFERENT


def _weighed(kind: FindingKind, table: WordWeights) -> Comparison:
    if kind is FindingKind.AGREES:
        return Comparison(kind=kind, weight=table.exact)
    near = kind in {FindingKind.TONE_ONLY, FindingKind.SPELLING}
    return Comparison(kind=kind, weight=table.near if near else table.different)


_SEVERITY = (
    FindingKind.AGREES,
    FindingKind.TONE_ONLY,
    FindingKind.SPELLING,
    FindingKind.DIFFERENT,
)
_COMPARATORS: Mapping[str, Callable[[str, str], Comparison]] = {
    "full_name": compare_names,
    "birth_date": compare_dates,
    "sex": compare_sexes,
    "personal_id": compare_personal_ids,
    "ethnicity": compare_ethnicities,
    "nationality": compare_nationalities,
    "mother_full_name": compare_parent_names,
    "father_full_name": compare_parent_names,
    "marital_status": compare_marital_statuses,
    "residence": _compare_residences,
    "birth_place": _compare_home_towns,
    "home_town": _compare_home_towns,
}
