"""What no sum of weights may outvote: when a row may be matched, and when it is surely somebody else's."""

from domain.dates import is_full_date
from domain.person import Person
from domain.verdict import FindingKind
from matching.comparison import Comparison
from matching.people import PrintedPerson
from matching.scoring import NAME_FITS, Scored

_GENERATION = 12
"""Years between two births from which a namesake may be a parent or a child.

The youngest parents are fifteen or so, and the births of the old are off by a year or two; the commonest
slip of a clerk in a year, one ten, is less.
"""
_PARENTS = ("mother_full_name", "father_full_name")
_HOME_FIELDS = ("residence", "home_town", "birth_place", *_PARENTS)
_ALIKE = frozenset({FindingKind.TONE_ONLY, FindingKind.SPELLING})
_UNSAID = frozenset({FindingKind.UNREADABLE, FindingKind.MISSING_IN_DOCUMENT})


def passes_gate(printed: PrintedPerson, best: Scored) -> bool:
    """What no sum of weights may outvote, so that twins and namesakes are never taken for one another.

    With the number in full, the name must fit. Without it, name and day of birth must agree to the
    letter (a twin's name is often one mark away), and a year of birth alone needs the spouse's or the
    home's support with nothing against it: namesakes of one age are common.
    """
    name, born = best.kind("full_name"), best.kind("birth_date")
    number = best.compared.get("personal_id")
    if number is not None and number.kind is FindingKind.AGREES:
        return name in NAME_FITS or (name is FindingKind.UNREADABLE and born is FindingKind.AGREES)
    return _agrees_to_the_letter(printed, best) and (
        number is None or number.kind in _UNSAID or _is_slip(number)
    )


def _agrees_to_the_letter(printed: PrintedPerson, row: Scored) -> bool:
    """Whether name, birth and sex alone say that it is this row."""
    if {row.kind("full_name"), row.kind("birth_date")} != {FindingKind.AGREES}:
        return False
    if _is_of_other_sex(printed, row.person):
        return False
    return same_day_known(printed, row.person) or _is_at_home(row)


def _is_of_other_sex(printed: PrintedPerson, person: Person) -> bool:
    return bool(printed.sex and person.sex and printed.sex != person.sex)


def same_day_known(printed: PrintedPerson, person: Person) -> bool:
    """Whether both sides know the day of birth, not only the year."""
    return all(
        value is not None and is_full_date(value)
        for value in (printed.value("birth_date"), person.birth_date)
    )


def _is_at_home(best: Scored) -> bool:
    """Spouse, home or parents agree, and none of them disagrees."""
    kinds = {best.kind(field) for field in _HOME_FIELDS}
    supported = best.spouse_agrees or FindingKind.AGREES in kinds
    return supported and FindingKind.DIFFERENT not in kinds


def _is_slip(number: Comparison) -> bool:
    """One digit off: the weight of a slip is positive, of another number negative."""
    return number.kind is FindingKind.DIFFERENT and number.weight > 0


def is_namesake(row: Scored) -> bool:
    """Whether it is only the name that speaks for the row, since its birth is plainly another one.

    The spouse, or home and parents with nothing against them, say that the birth is wrong on one side. One
    of them does not where a generation lies between: names come back in a village and in a family.
    """
    if not _is_plainly_other(row, "birth_date"):
        return False
    number = row.compared.get("personal_id")
    if number is not None and number.kind is FindingKind.AGREES:
        return False
    if _is_plainly_other(row, "personal_id"):
        return True
    agreeing = sum(row.kind(field) is FindingKind.AGREES for field in _HOME_FIELDS)
    enough = 1 if _years_off(row) < _GENERATION else 2
    return not row.spouse_agrees and not (_is_at_home(row) and agreeing >= enough)


def _years_off(row: Scored) -> int:
    """Years between the births of paper and row, 0 where one of them is not known."""
    born = next((one for one in row.findings if one.field == "birth_date"), None)
    if born is None or not born.document or not born.population:
        return 0
    return abs(int(born.document[:4]) - int(born.population[:4]))


def is_contradicted(printed: PrintedPerson, holder: Scored) -> bool:
    """Another name; one that is only alike, with another sex or plainly another birth; or a namesake."""
    if holder.reported("full_name") is FindingKind.DIFFERENT:
        return True
    if holder.reported("full_name") not in _ALIKE:
        return is_other_of_the_name(printed, holder)
    born_otherwise = _is_plainly_other(holder, "birth_date")
    return born_otherwise or _is_of_other_sex(printed, holder.person)


def is_other_of_the_name(printed: PrintedPerson, holder: Scored) -> bool:
    """Whether the printed number's holder only bears the same name: a father, a grandmother, a cousin.

    Born a generation away from a birth surely read, or another day with none of the parents; where parents
    agree it is the register's birth that is wrong, and a birth that agrees leaves no doubt of the number.
    Home says nothing: father and son share it.
    """
    born = holder.kind("birth_date")
    if holder.reported("full_name") is not FindingKind.AGREES or born is FindingKind.AGREES:
        return False
    parents = {holder.reported(field) for field in _PARENTS} & {*NAME_FITS, FindingKind.DIFFERENT}
    if parents == {FindingKind.DIFFERENT}:
        return True
    if parents and FindingKind.DIFFERENT not in parents:
        return False
    return (
        _is_plainly_other(holder, "birth_date")
        and printed.is_certain("birth_date")
        and _years_off(holder) >= _GENERATION
    )


def is_witnessed_against(printed: PrintedPerson, row: Scored, holder: Scored) -> bool:
    """Whether ``row`` shows that the printed number's ``holder`` is someone else: a twin, a namesake.

    Of a common name somebody is born on any day, so name and birth to the letter are not enough: spouse,
    home or parents must say it too, none of them against, and all but the number must speak for the row
    at least as much as for the holder. The holder's name or birth must contradict the paper where it was
    surely read; what the register lacks, or has one figure of the birth wrong, contradicts nothing.
    """
    if row is holder or not _departs(printed, holder):
        return False
    if not (_agrees_to_the_letter(printed, row) and _is_at_home(row)):
        return False
    return weight_without_number(row) >= weight_without_number(holder)


def _departs(printed: PrintedPerson, holder: Scored) -> bool:
    """Whether a surely read name is not quite the holder's, or a surely read birth is plainly another."""
    name_departs = holder.reported("full_name") in {*_ALIKE, FindingKind.DIFFERENT}
    return (name_departs and printed.is_well_read("full_name")) or (
        _is_plainly_other(holder, "birth_date") and printed.is_well_read("birth_date")
    )


def weight_without_number(row: Scored) -> float:
    """The evidence in bits, the personal number's left out."""
    number = row.compared.get("personal_id")
    return row.weight - (number.weight if number is not None else 0.0)


def _is_plainly_other(row: Scored, field: str) -> bool:
    """Different, and no slip: the weight of a slip is positive, of another value negative."""
    found = row.compared.get(field)
    return found is not None and found.kind is FindingKind.DIFFERENT and found.weight < 0
