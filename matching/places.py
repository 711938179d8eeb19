"""Whether two addresses name the same administrative unit, across the mergers of July 2025."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from domain.addresses import AddressLevel, AddressPart, address_key, is_hamlet, split_address
from matching.other_names import table
from matching.unit_tables import (
    commune_tables,
    letters,
    marked_letters,
    province_letters,
    unit_table,
)


class PlaceRelation(StrEnum):
    """How the units of two addresses relate."""

    SAME = "same"
    """The same unit, under its old or its new name."""
    POSSIBLE = "possible"
    """They may be the same: one says less, or a commune was split."""
    DIFFERENT = "different"
    """They cannot be the same."""
    UNKNOWN = "unknown"
    """A unit that the tables do not hold."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What an address may be today: communes as ``province/commune`` keys, or only provinces."""

    provinces: frozenset[str]
    communes: frozenset[str]
    """Empty where no commune was named."""
    former: frozenset[str]
    """Keys of the former communes (``province_district_commune``) it may be, where it is an old address."""
    commune_named: bool


@dataclass(frozen=True, kw_only=True)
class _Tables:
    former_provinces: Mapping[str, frozenset[str]]
    """Folded province name → keys among the 63."""
    today_provinces: Mapping[str, frozenset[str]]
    """Folded province name → keys among the 34."""
    successors: Mapping[str, str]
    """Key among the 63 → key among the 34."""
    former_communes: Mapping[tuple[str, str], frozenset[tuple[str, str]]]
    """(province key, commune name) → {(district key, full key)}."""
    districts: Mapping[tuple[str, str], frozenset[str]]
    """(province key, folded district name) → district keys."""
    today_communes: Mapping[tuple[str, str], frozenset[str]]
    """(province key, commune name) → ``province/commune`` keys."""
    became: Mapping[str, frozenset[str]]
    """Full key of a former commune → ``province/commune`` keys of today."""


def same_place(one: str, other: str) -> bool | None:
    """Whether two addresses lie in the same commune.

    Old and new names of one unit are the same; ``None`` where that cannot be known: a split commune, an
    address that says less, a unit outside the tables. House and street are not compared.
    """
    return {PlaceRelation.SAME: True, PlaceRelation.DIFFERENT: False}.get(relation(one, other))


@lru_cache(maxsize=65536)
def relation(one: str, other: str) -> PlaceRelation:
    """How the units of two addresses relate; see :class:`PlaceRelation`."""
    if address_key(one) == address_key(other) and not are_namesakes(one, other):
        return PlaceRelation.SAME
    here, there = resolve(one), resolve(other)
    if here is None or there is None:
        return PlaceRelation.UNKNOWN
    if not here.provinces & there.provinces:
        return PlaceRelation.DIFFERENT
    if not (here.commune_named and there.commune_named):
        # "Bắc Ninh" is an old province and, with Bắc Giang, a new one.
        return PlaceRelation.POSSIBLE
    if not here.communes or not there.communes:
        return PlaceRelation.UNKNOWN
    return _commune_relation(here, there)


def _commune_relation(here: Place, there: Place) -> PlaceRelation:
    if here.former and there.former:
        if len(here.former) == 1 and here.former == there.former:
            return PlaceRelation.SAME
        # Two old addresses name old communes: being merged into one new commune makes them no one place.
        return PlaceRelation.POSSIBLE if here.former & there.former else PlaceRelation.DIFFERENT
    if not here.communes & there.communes:
        return PlaceRelation.DIFFERENT
    certain = len(here.communes) == 1 == len(there.communes)
    return PlaceRelation.SAME if certain else PlaceRelation.POSSIBLE


@lru_cache(maxsize=65536)
def resolve(address: str) -> Place | None:
    """The units an address may mean, ``None`` where its province is in no table."""
    by_level = _by_level(address_parts(address))
    province = by_level.get(AddressLevel.PROVINCE)
    if province is None:
        return None
    former, today = _provinces(province)
    if not former and not today:
        return None
    commune, district = by_level.get(AddressLevel.COMMUNE), by_level.get(AddressLevel.DISTRICT)
    return _place(former=former, today=today, district=district, commune=commune)


@lru_cache(maxsize=65536)
def address_parts(address: str) -> tuple[AddressPart, ...]:
    """The parts of an address, where kind words leave a tier open as the tables have it.

    Since July 2025 a commune follows its province: ``Việt Yên, Bắc Ninh``. What stands before such a commune
    is a hamlet: ``Nà Khoang, Hòa Phú, Đắk Lắk``. What bears the name of a district too (``Gia Bình, Bắc
    Ninh``) is the commune where a hamlet stands before it; a house and its street may stand before either.
    """
    parts = split_address(address)
    by_level = _by_level(parts)
    province, district = by_level.get(AddressLevel.PROVINCE), by_level.get(AddressLevel.DISTRICT)
    if province is None or district is None or district.kind:
        return parts
    former, today = _provinces(province)
    if not former and not today:
        return parts
    commune = by_level.get(AddressLevel.COMMUNE)
    is_commune = bool(_named_communes(_tables().today_communes, today, district))
    if commune is None:
        in_hamlet = is_commune and any(is_hamlet(part.name) for part in parts)
        moves = in_hamlet or not _is_district(former, district)
    else:
        moves = is_commune and not commune.kind and not _is_district(former, district)
    if not moves:
        return parts
    tiers = {
        AddressLevel.DISTRICT: AddressLevel.COMMUNE,
        AddressLevel.COMMUNE: AddressLevel.DETAIL,
    }
    return tuple(replace(part, level=tiers.get(part.level, part.level)) for part in parts)


@lru_cache(maxsize=65536)
def are_namesakes(one: str, other: str) -> bool:
    """Whether both say their commune's kind and are two communes that bear one name in one district.

    ``thị trấn Mường Tè`` and ``xã Mường Tè`` of the district Mường Tè. An upgraded commune (``phường`` now)
    is one commune.
    """
    ours, theirs = _commune_of(one), _commune_of(other)
    if not (ours and theirs and ours.kind and theirs.kind and ours.kind != theirs.kind):
        return False
    if letters(ours.name) != letters(theirs.name):
        return False
    here, there = resolve(one), resolve(other)
    if here is None or there is None or not (here.former and there.former):
        return False
    return not here.former & there.former


def _commune_of(address: str) -> AddressPart | None:
    return _by_level(split_address(address)).get(AddressLevel.COMMUNE)


def _by_level(parts: Iterable[AddressPart]) -> dict[AddressLevel, AddressPart]:
    by_level: dict[AddressLevel, AddressPart] = {}
    for part in parts:
        by_level.setdefault(part.level, part)
    return by_level


def _provinces(province: AddressPart) -> tuple[frozenset[str], frozenset[str]]:
    """Keys of what a province's name means among the 63 and among the 34."""
    tables, name = _tables(), province_letters(province.name)
    former = tables.former_provinces.get(name, frozenset())
    return former, tables.today_provinces.get(name, frozenset())


def _place(
    *,
    former: frozenset[str],
    today: frozenset[str],
    district: AddressPart | None,
    commune: AddressPart | None,
) -> Place:
    tables = _tables()
    successors = frozenset(tables.successors[key] for key in former)
    if commune is None:
        named = successors if district is not None or not today else successors | today
        return Place(provinces=named, communes=frozenset(), former=frozenset(), commune_named=False)
    if district is None:
        now = _named_communes(tables.today_communes, today, commune)
        if now:
            return Place(provinces=today, communes=now, former=frozenset(), commune_named=True)
    old = _former_communes(former, district, commune)
    communes = frozenset(key for full in old for key in tables.became.get(full, ()))
    return Place(provinces=successors or today, communes=communes, former=old, commune_named=True)


def _is_district(provinces: Iterable[str], part: AddressPart) -> bool:
    return bool(part.kind) or any(_district_keys(key, part) for key in provinces)


def _district_keys(province: str, part: AddressPart) -> frozenset[str]:
    """The tables have numbered districts with their kind word only: ``quan9``, of Thủ Đức since 2021."""
    districts, name = _tables().districts, letters(part.name)
    found = districts.get((province, name)) or districts.get((province, letters(part.kind) + name))
    return found or frozenset()


def _former_communes(
    provinces: Iterable[str], district: AddressPart | None, commune: AddressPart
) -> frozenset[str]:
    """Full keys of the former communes of that name, in that district where one is named."""
    found: set[str] = set()
    for province in provinces:
        named = _named_former(province, commune)
        if district is not None:
            keys = _district_keys(province, district)
            named = {(key, full) for key, full in named if key in keys}
        found |= {full for _, full in named}
    return frozenset(found)


def _named_former(province: str, commune: AddressPart) -> set[tuple[str, str]]:
    tables = _tables()
    for name in _commune_names(commune):
        found = tables.former_communes.get((province, name))
        if found:
            return set(found)
    return set()


def _named_communes(
    table: Mapping[tuple[str, str], frozenset[str]], provinces: Iterable[str], commune: AddressPart
) -> frozenset[str]:
    for name in _commune_names(commune):
        found = frozenset(key for province in provinces for key in table.get((province, name), ()))
        if found:
            return found
    return frozenset()


def _commune_names(commune: AddressPart) -> tuple[str, ...]:
    """With its marks first: a few communes differ by nothing else (Sa Pa, Sa Pả)."""
    marked = marked_letters(commune.name)
    bare = letters(commune.name)
    kind, marked_kind = letters(commune.kind), marked_letters(commune.kind)
    full = (marked_kind + marked, kind + bare) if kind else ()
    return (*full, marked, bare)


def _collect(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, frozenset[Any]]:
    grown: defaultdict[Any, set[Any]] = defaultdict(set)
    for key, value in pairs:
        grown[key].add(value)
    return {key: frozenset(values) for key, values in grown.items()}


def _province_names(table: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return _collect(
        (name, key) for key, row in table.items() for name in [key, *row["provinceKeywords"]]
    )


def _with_older(former: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """The names of the 63, and those of the provinces that they were made of."""
    older = {
        letters(name): frozenset().union(*(former[province_letters(one)] for one in became))
        for name, became in table("province").items()
    }
    return older | dict(former)


def _names_of(row: Mapping[str, Any]) -> set[str]:
    names = {str(word).lstrip("0") for word in row["wardKeywords"]}
    written = [row[column] for column in ("ward", "wardShort")]
    # island districts without communes stand in the table with NaN for a name
    return names | {marked_letters(name) for name in written if isinstance(name, str)}


@cache
def _tables() -> _Tables:
    legacy, today, change = (
        unit_table("parser_legacy"),
        unit_table("parser_from_2025"),
        unit_table("converter_2025"),
    )
    successors = {old: new for new, olds in change["DICT_PROVINCE"].items() for old in olds}
    return _Tables(
        former_provinces=_with_older(_province_names(legacy["DICT_PROVINCE"])),
        today_provinces=_province_names(today["DICT_PROVINCE"]),
        successors=successors,
        former_communes=_collect(
            ((province, name), (district, f"{province}_{district}_{key}"))
            for table in commune_tables(legacy, "DICT_PROVINCE_DISTRICT_WARD")
            for province, districts in table.items()
            for district, communes in districts.items()
            for key, row in communes.items()
            for name in _names_of(row)
        ),
        districts=_districts(legacy),
        today_communes=_collect(
            ((province, name), f"{province}/{key}")
            for table in commune_tables(today, "DICT_PROVINCE_WARD")
            for province, communes in table.items()
            for key, row in communes.items()
            for name in _names_of(row)
        ),
        became=_became(change),
    )


def _districts(legacy: Mapping[str, Any]) -> dict[Any, frozenset[Any]]:
    whole = (
        ((province, name), key)
        for province, districts in legacy["DICT_PROVINCE_DISTRICT"].items()
        for key, row in districts.items()
        for name in row["districtKeywords"]
    )
    divided = (
        ((province, name), key)
        for province, districts in legacy["DICT_PROVINCE_DISTRICT_DIVIDED"].items()
        for row in districts.values()
        for name in row.get("dividedDistrictKeywords", ())
        for key in row["districts"]
    )
    return _collect([*whole, *divided])


def _became(change: Mapping[str, Any]) -> dict[Any, frozenset[Any]]:
    whole = (
        (old, f"{province}/{new}")
        for province, communes in change["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for new, olds in communes.items()
        for old in olds
    )
    split = (
        (old, f"{province}/{piece['newWardKey']}")
        for province, communes in change["DICT_PROVINCE_WARD_DIVIDED"].items()
        for old, pieces in communes.items()
        for piece in pieces
    )
    return _collect([*whole, *split])
