"""Who each person on a document is: candidates by blocks, evidence in bits, a verdict behind a gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2

from domain.person import Person
from domain.personal_number import parse as parse_personal_number
from domain.ports import Population
from domain.record import Record
from domain.verdict import Candidate, Decision, Finding, FindingKind, Verdict
from matching.comparison import name_weight
from matching.couples import COUPLES, fitting, joined
from matching.gate import (
    is_contradicted,
    is_namesake,
    is_other_of_the_name,
    is_witnessed_against,
    passes_gate,
    weight_without_number,
)
from matching.one_row_each import one_row_each
from matching.people import COMPARED_FIELDS, LOOKED_UP_BY, SUBJECT, PrintedPerson, people_on
from matching.registered_family import against_registered_family
from matching.scoring import NAME_FITS, Scored, likeness, score
from matching.settled import is_known
from matching.standing import PARTNER_OF, SPEAKS_OF_MARRIAGE, Partner, findings_of_standing
from matching.weights import name_ceiling

MATCHED_FROM = 0.995
"""Least probability of a match: with the gate below, wrong matches stay under one in a thousand."""
REVIEW_FROM = 0.02
"""From here a person is worth showing to an officer; below, nobody fits."""
RIVAL_UP_TO = 0.002
"""A second candidate with more than this keeps the first from being matched."""
ABSENT_SHARE = 0.05
"""Prior probability that the person is not in the population data at all."""
_LEAST_POPULATION = 1000
"""A tiny register is never taken for everybody."""
_LISTED_CANDIDATES = 5
_FULLY_COMPARED = 12
"""Rows whose every field is compared; the others were less like by name, birth and number."""
_COUNTED_NAMESAKES, _COMMON_NAME = 5000, 1 / 500
"""Bearers of a name that are counted at most, and the share of the population that is counted in any case:
the tables of shares hold the names that are commoner still."""
_SOMEONE_ELSE = -20.0
"""Bits left to a twin, a brother or a sister: no prior of this world lifts them."""
_PARTNERS_FOLLOWED = 4


@dataclass(frozen=True, kw_only=True)
class _Sought:
    """A person on paper; ``name_excess`` as :func:`matching.scoring.score` takes it."""

    printed: PrintedPerson
    name_excess: float


@dataclass(frozen=True, kw_only=True)
class _Ranked:
    """Candidates by falling probability; ``probabilities`` run beside ``scored``."""

    scored: tuple[Scored, ...]
    probabilities: tuple[float, ...]


def decide(record: Record, population: Population) -> tuple[Verdict, ...]:
    """One verdict per person that the document names or is about, the subject first.

    Findings of a match or a review compare with the best candidate's row and carry its source and age.
    Without a row that fits there are no findings: ``no_record`` where name or number were surely read,
    else ``review`` without a personal number. Whom the paper is about but does not name is not looked up:
    ``review``, and the findings say what cannot be read.
    """
    size = max(population.count(), _LEAST_POPULATION)
    scored: dict[str, tuple[Scored, ...]] = {}
    sought: dict[str, _Sought] = {}
    people = people_on(record)
    for printed in people:
        if not printed.is_named:
            continue
        person = _supported(printed, scored.get(SUBJECT, ()))
        excess = _name_excess(person.value("full_name"), population, size)
        sought[person.role] = _Sought(printed=person, name_excess=excess)
        scored[person.role] = _scored(sought[person.role], population)
    for one, other in COUPLES:
        if one in sought and other in sought:
            ones = _with_spouses(sought[one], scored[one], scored[other], population)
            others = _with_spouses(sought[other], scored[other], scored[one], population)
            scored[one], scored[other] = joined(ones, others)
    verdicts = tuple(
        _verdict(
            sought[one.role].printed,
            _ranked(_told_apart(sought[one.role].printed, scored[one.role]), prior=1 / size),
        )
        if one.role in sought
        else _unnamed(one)
        for one in people
    )
    rows = {one.person.personal_id: one.person for found in scored.values() for one in found}
    named = {role: one.printed for role, one in sought.items()}
    verdicts = against_registered_family(
        record, one_row_each(verdicts), printed=named, rows=rows, population=population
    )
    return tuple(_with_standing(one, record, verdicts, named, rows, population) for one in verdicts)


def _supported(parent: PrintedPerson, subjects: Sequence[Scored]) -> PrintedPerson:
    """The parent, the name taken as surely read where the child's row, found by its number, bears it too.

    Two sources that say the same letter for letter are as good as two readers.
    """
    name = parent.fields.get("full_name")
    if name is None or not any(
        child.kind("personal_id") is FindingKind.AGREES
        and child.kind(f"{parent.role}_full_name") is FindingKind.AGREES
        for child in subjects
    ):
        return parent
    return replace(parent, fields={**parent.fields, "full_name": replace(name, certain=True)})


def _name_excess(name: str | None, population: Population, size: int) -> float:
    """Bits by which the shares of its parts overrate a name that is commoner in this population."""
    if not name:
        return 0.0
    counted = max(_COUNTED_NAMESAKES, round(size * _COMMON_NAME))
    bearers = population.namesakes(name, at_most=counted)
    return max(0.0, name_weight(name) - name_ceiling(bearers, size))


def _scored(sought: _Sought, population: Population) -> tuple[Scored, ...]:
    """The likeliest rows, and the number's holder, however unlike: a number of another must not be lost."""
    query = sought.printed.query()
    found = {person.personal_id: person for person in population.candidates(query)}
    holder = found.pop(query.personal_id or "", None)
    if holder is None and query.personal_id:
        holder = population.get(query.personal_id)
    likely = list(found.values())
    if len(likely) > _FULLY_COMPARED:
        likely.sort(key=lambda person: -likeness(sought.printed, person))
    rows = likely[:_FULLY_COMPARED] if holder is None else [holder, *likely[:_FULLY_COMPARED]]
    return tuple(_judged(sought, person) for person in rows)


def _judged(sought: _Sought, person: Person) -> Scored:
    """The score; a row of plainly another name and number is someone else, however much kin agrees."""
    scored = score(sought.printed, person, name_excess=sought.name_excess)
    is_other = (
        scored.reported("full_name") is FindingKind.DIFFERENT
        and scored.kind("personal_id") is not FindingKind.AGREES
    )
    return replace(scored, weight=min(scored.weight, _SOMEONE_ELSE)) if is_other else scored


def _with_spouses(
    sought: _Sought,
    scored: tuple[Scored, ...],
    partners: Sequence[Scored],
    population: Population,
) -> tuple[Scored, ...]:
    """Add the registered spouses of likely partners: found although name or date misled the blocks."""
    known = {one.person.personal_id for one in scored}
    likely = sorted(fitting(partners), key=lambda one: -one.weight)[:_PARTNERS_FOLLOWED]
    numbers = dict.fromkeys(one.person.spouse_personal_id for one in likely)
    found = [population.get(number) for number in numbers if number and number not in known]
    return (*scored, *(_judged(sought, person) for person in found if person is not None))


def _told_apart(printed: PrintedPerson, scored: Sequence[Scored]) -> tuple[Scored, ...]:
    """The rows, a mere namesake's among them as good as someone else's.

    A number whose holder another row is witnessed against, or who only bears the name, speaks of nobody.
    """
    disputed = any(
        is_other_of_the_name(printed, holder)
        or any(is_witnessed_against(printed, one, holder) for one in scored)
        for holder in scored
        if holder.kind("personal_id") is FindingKind.AGREES
    )
    rows = (
        (replace(one, weight=weight_without_number(one)) for one in scored) if disputed else scored
    )
    return tuple(
        replace(one, weight=min(one.weight, _SOMEONE_ELSE)) if is_namesake(one) else one
        for one in rows
    )


def _ranked(scored: Sequence[Scored], *, prior: float) -> _Ranked:
    """Posterior of each candidate against all others and against being in no register at all."""
    ordered = tuple(sorted(scored, key=lambda one: (-one.weight, one.person.personal_id)))
    if not ordered:
        return _Ranked(scored=(), probabilities=())
    exponents = [one.weight + log2(prior * (1 - ABSENT_SHARE)) for one in ordered]
    top = max(*exponents, log2(ABSENT_SHARE))
    masses = [2 ** (exponent - top) for exponent in exponents]
    total = sum(masses) + 2 ** (log2(ABSENT_SHARE) - top)
    return _Ranked(scored=ordered, probabilities=tuple(mass / total for mass in masses))


def _verdict(printed: PrintedPerson, ranked: _Ranked) -> Verdict:
    holder = _number_of_another(printed, ranked)
    if not ranked.scored or (holder is None and ranked.probabilities[0] < REVIEW_FROM):
        return _nobody(printed, ranked)
    # where nobody fits, what there is to report is whose number it is
    at = ranked.scored.index(holder) if holder and ranked.probabilities[0] < REVIEW_FROM else 0
    best, probability = ranked.scored[at], ranked.probabilities[at]
    rival = ranked.probabilities[1] if len(ranked.probabilities) > 1 else 0.0
    settled = probability >= MATCHED_FROM and rival <= RIVAL_UP_TO
    matched = holder is None and settled and passes_gate(printed, best)
    return Verdict(
        role=printed.role,
        decision=Decision.MATCHED if matched else Decision.REVIEW,
        personal_id=best.person.personal_id,
        probability=probability,
        findings=_reported(best, holder.person if holder else None),
        candidates=_others(ranked, skip=at),
    )


def _nobody(printed: PrintedPerson, ranked: _Ranked) -> Verdict:
    """No row fits: no record, unless it was looked up by a name and number that may be misread."""
    surely_read = printed.is_well_read("full_name") or printed.is_well_read("personal_id")
    return Verdict(
        role=printed.role,
        decision=Decision.NO_RECORD if surely_read else Decision.REVIEW,
        personal_id=None,
        probability=1 - sum(ranked.probabilities) if surely_read else 0.0,
        candidates=_others(ranked),
    )


def _with_standing(
    verdict: Verdict,
    record: Record,
    verdicts: Sequence[Verdict],
    printed: Mapping[str, PrintedPerson],
    rows: Mapping[str, Person],
    population: Population,
) -> Verdict:
    """The verdict on somebody known, with what the register says of life and marriage against the paper."""
    if not is_known(verdict):
        return verdict
    row = rows[verdict.personal_id or ""]
    spouse = None
    if record.form in SPEAKS_OF_MARRIAGE and row.spouse_personal_id:
        spouse = rows.get(row.spouse_personal_id) or population.get(row.spouse_personal_id)
    found = findings_of_standing(
        record,
        verdict.role,
        row,
        spouse=spouse,
        partner=_partner_of(verdict.role, verdicts, printed),
    )
    return replace(verdict, findings=(*verdict.findings, *found)) if found else verdict


def _partner_of(
    role: str, verdicts: Sequence[Verdict], printed: Mapping[str, PrintedPerson]
) -> Partner | None:
    other = printed.get(PARTNER_OF.get(role, ""))
    if other is None:
        return None
    numbers = {one.personal_id for one in verdicts if one.role == other.role and is_known(one)}
    return Partner(
        full_name=other.value("full_name"),
        personal_ids=frozenset(one for one in (*numbers, other.value("personal_id")) if one),
    )


def _unnamed(printed: PrintedPerson) -> Verdict:
    """Nobody to look up: name and number are missing, and what else was printed may be unreadable."""
    unread = {
        name: field.text.strip()
        for name, field in printed.fields.items()
        if not field.value and field.text.strip()
    }
    return Verdict(
        role=printed.role,
        decision=Decision.REVIEW,
        personal_id=None,
        probability=0.0,
        findings=tuple(
            Finding(
                field=name,
                kind=FindingKind.UNREADABLE if name in unread else FindingKind.MISSING_IN_DOCUMENT,
                document=unread.get(name),
                population=None,
                weight=0.0,
            )
            for name in COMPARED_FIELDS
            if name in unread or name in LOOKED_UP_BY
        ),
    )


def findings_against(
    record: Record, role: str, person: Person, population: Population
) -> tuple[Finding, ...]:
    """How ``role`` on the paper agrees with one row, as a verdict on this very person would report it."""
    printed = next(one for one in people_on(record) if one.role == role)
    size = max(population.count(), _LEAST_POPULATION)
    excess = _name_excess(printed.value("full_name"), population, size)
    scored = score(printed, person, name_excess=excess)
    digits = printed.value("personal_id")
    holder = population.get(digits) if digits and parse_personal_number(digits) else None
    if digits == person.personal_id and not is_contradicted(printed, scored):
        holder = None
    return (*_reported(scored, holder), *standing_of(record, role, person, population))


def standing_of(
    record: Record, role: str, person: Person, population: Population
) -> tuple[Finding, ...]:
    """What the register says of life and marriage of one row against the paper, were it this person's."""
    printed = {one.role: one for one in people_on(record)}
    spouse = None
    if record.form in SPEAKS_OF_MARRIAGE and person.spouse_personal_id:
        spouse = population.get(person.spouse_personal_id)
    partner = _partner_of(role, (), printed)
    return findings_of_standing(record, role, person, spouse=spouse, partner=partner)


def _others(ranked: _Ranked, *, skip: int | None = None) -> tuple[Candidate, ...]:
    """The likeliest candidates but the one at ``skip``."""
    pairs = list(zip(ranked.scored, ranked.probabilities, strict=True))
    if skip is not None:
        del pairs[skip]
    return tuple(
        Candidate(personal_id=one.person.personal_id, probability=probability)
        for one, probability in pairs[:_LISTED_CANDIDATES]
    )


def _number_of_another(printed: PrintedPerson, ranked: _Ranked) -> Scored | None:
    """The holder of the printed number where it is someone else's.

    Whoever ranks first: the holder's own row contradicts the paper, or another row is nearer to it (a
    twin's, who is witnessed against the holder).
    """
    digits = printed.value("personal_id")
    if digits is None or parse_personal_number(digits) is None:
        return None
    holder = next((one for one in ranked.scored if one.person.personal_id == digits), None)
    if holder is None:
        return None
    best = ranked.scored[0]
    outranked = (
        best is not holder
        and best.kind("full_name") in NAME_FITS
        and ranked.probabilities[0] >= REVIEW_FROM
    )
    return holder if outranked or is_contradicted(printed, holder) else None


def _reported(best: Scored, holder: Person | None) -> tuple[Finding, ...]:
    """The findings, the number's turned into a conflict where it belongs to someone else.

    Compared with the holder's own row, the number has nothing on the other side: two equal values are none
    that conflict.
    """
    if holder is None:
        return best.findings
    return tuple(
        replace(
            finding,
            kind=FindingKind.CONFLICTING,
            population=None if finding.population == finding.document else finding.population,
            source=holder.source,
            as_of=holder.updated_at,
        )
        if finding.field == "personal_id"
        else finding
        for finding in best.findings
    )
