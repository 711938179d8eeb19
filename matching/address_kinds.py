"""What kind of a pair two addresses are: by their units where the tables know them, else by their letters."""

from collections.abc import Mapping

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from domain.addresses import AddressLevel, address_key, address_key_folded
from domain.text import fold
from domain.verdict import FindingKind
from matching.other_names import plain_detail
from matching.places import PlaceRelation, address_parts, are_namesakes, relation

_NEAR_DETAIL = 80.0
"""rapidfuzz ratio from which two hamlets or streets count as spellings of one another."""
_SHORTEST_SPELLING = 3


def address_kind(document: str, population: str) -> FindingKind:
    """Kind of a pair of addresses, by their units first and by their letters where units are not known."""
    if are_namesakes(document, population):
        return FindingKind.DIFFERENT
    if address_key(document) == address_key(population):
        return FindingKind.AGREES
    if address_key_folded(document) == address_key_folded(population):
        return FindingKind.TONE_ONLY
    units = relation(document, population)
    if units is PlaceRelation.DIFFERENT:
        return _letters_kind(document, population, at_best=FindingKind.SPELLING)
    if units is PlaceRelation.UNKNOWN:
        return _letters_kind(document, population, at_best=FindingKind.AGREES)
    return _detail_kind(document, population)


def _letters_kind(document: str, population: str, *, at_best: FindingKind) -> FindingKind:
    """Units that no table can equate: one slip in one part is a spelling, anything else is different."""
    ours, theirs = _names_by_level(document), _names_by_level(population)
    worst = at_best
    for level in ours.keys() & theirs.keys():
        one, other = _letters_of(level, ours[level]), _letters_of(level, theirs[level])
        if one == other or (level is AddressLevel.PROVINCE and _is_one_province(one, other)):
            continue
        if min(len(one), len(other)) <= _SHORTEST_SPELLING or OSA.distance(one, other) != 1:
            return FindingKind.DIFFERENT
        worst = FindingKind.SPELLING
    return worst


def _letters_of(level: AddressLevel, name: str) -> str:
    return plain_detail(name) if level is AddressLevel.DETAIL else fold(name)


def _is_one_province(one: str, other: str) -> bool:
    """Whether one became the other, or a part of it."""
    return relation(one, other) in {PlaceRelation.SAME, PlaceRelation.POSSIBLE}


def _detail_kind(document: str, population: str) -> FindingKind:
    one, other = (
        plain_detail(_names_by_level(text).get(AddressLevel.DETAIL, ""))
        for text in (document, population)
    )
    if not one or not other or one == other:
        return FindingKind.AGREES
    return FindingKind.SPELLING if ratio(one, other) >= _NEAR_DETAIL else FindingKind.DIFFERENT


def _names_by_level(text: str) -> Mapping[AddressLevel, str]:
    names: dict[AddressLevel, str] = {}
    for part in address_parts(text):
        name = address_key(part.name)
        names[part.level] = f"{names[part.level]}, {name}" if part.level in names else name
    return names
