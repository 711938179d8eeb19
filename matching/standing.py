"""What a paper takes for granted of life and marriage, against what the register says of the person today.

The register tells a status and when the row last changed, never when somebody died, married or parted. So a
paper is contradicted only where it speaks of a day before which the row already said otherwise: a
certificate of somebody who has died since, or married since, is in order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.dates import day_in_vietnam, is_full_date
from domain.form import FormCode
from domain.marital_status import MaritalStatus, marital_status_of
from domain.person import Person
from domain.record import Record
from domain.verdict import Finding, FindingKind
from domain.vital_status import VitalStatus, parse_vital_status
from matching.comparison import compare_names
from matching.people import SUBJECT
from matching.scoring import NAME_FITS

_CONFIRMATIONS = {FormCode.MARITAL_STATUS_CONFIRMATION, FormCode.RESIDENCE_CONFIRMATION}
_MARRIAGES = {FormCode.MARRIAGE_CERTIFICATE, FormCode.MARRIAGE_EXTRACT}
SPEAKS_OF_MARRIAGE = _MARRIAGES | {FormCode.MARITAL_STATUS_CONFIRMATION}
"""Forms for which the row of the registered spouse is looked at."""
PARTNER_OF: Mapping[str, str] = {"wife": "husband", "husband": "wife"}


@dataclass(frozen=True, kw_only=True)
class Partner:
    """The other half of the couple on a paper: the name, and the numbers printed and found."""

    full_name: str | None
    personal_ids: frozenset[str]


def findings_of_standing(
    record: Record, role: str, row: Person, *, spouse: Person | None, partner: Partner | None
) -> tuple[Finding, ...]:
    """Where the row's vital status or spouse contradicts what the paper says of the person in ``role``.

    ``spouse`` is the row of whom the register calls the spouse. ``vital_status`` is ``conflicting`` for the
    dead who are told alive, ``missing_in_population`` for the living whose death the paper records;
    ``spouse_personal_id`` is ``conflicting`` where a marriage or a single person is registered as married
    to another living one.
    """
    found: list[Finding] = []
    vital = parse_vital_status(row.vital_status or "")
    if record.form is FormCode.DEATH_EXTRACT:
        if role == SUBJECT and vital is VitalStatus.ALIVE:
            found.append(_vital(row, VitalStatus.DEAD, FindingKind.MISSING_IN_POPULATION))
    elif changed_before(record, role, row):
        if vital is VitalStatus.DEAD:
            found.append(_vital(row, VitalStatus.ALIVE, FindingKind.CONFLICTING))
        claim = _claims_no_such_spouse(record, role, row, spouse, partner)
        if claim is not None:
            found.append(
                Finding(
                    field="spouse_personal_id",
                    kind=FindingKind.CONFLICTING,
                    document=claim,
                    population=row.spouse_personal_id,
                    weight=0.0,
                    source=row.source,
                    as_of=row.updated_at,
                )
            )
    return tuple(found)


def _vital(row: Person, told: VitalStatus, kind: FindingKind) -> Finding:
    return Finding(
        field="vital_status",
        kind=kind,
        document=str(told),
        population=row.vital_status,
        weight=0.0,
        source=row.source,
        as_of=row.updated_at,
    )


def changed_before(record: Record, role: str, row: Person) -> bool | None:
    """Whether the row last changed before the day on which the paper speaks of somebody alive.

    That is the day of issue of a confirmation, which is used to marry or to move afterwards, and the day of
    registration of a marriage. Where either day is not surely known, nothing can be said (``None``): a paper
    of any age may be brought, and a row that tells no age may have changed last week. Nor on one and the
    same day: a wedding or a death may be what the row was changed for.
    """
    if record.form in _CONFIRMATIONS and role == SUBJECT:
        spoken = _certain_day(record, "issue_date")
    elif record.form in _MARRIAGES and role in PARTNER_OF:
        spoken = _certain_day(record, "registration_date")
    else:
        return None
    if spoken is None or row.updated_at is None:
        return None
    changed = day_in_vietnam(row.updated_at)
    return None if changed == spoken else changed < spoken


def _certain_day(record: Record, name: str) -> date | None:
    """The day in full, where the readers vouch for it or an officer typed it."""
    field = record.fields.get(name)
    if field is None or not field.is_vouched_for:
        return None
    return date.fromisoformat(field.value) if field.value and is_full_date(field.value) else None


def _claims_no_such_spouse(
    record: Record, role: str, row: Person, spouse: Person | None, partner: Partner | None
) -> str | None:
    """What the paper says instead of the registered living spouse, ``None`` where it contradicts nothing."""
    registered = marital_status_of(row.marital_status or "")
    if not row.spouse_personal_id or registered not in {None, MaritalStatus.MARRIED}:
        return None
    if spouse is not None and parse_vital_status(spouse.vital_status or "") is VitalStatus.DEAD:
        return None
    if role in PARTNER_OF:
        return _other_partner(row, spouse, partner)
    field = record.fields.get("marital_status")
    said = marital_status_of(field.value) if field is not None and field.value else None
    if field is None or registered is MaritalStatus.MARRIED:
        return None  # the two words are compared as any other field
    return field.value if said not in {None, MaritalStatus.MARRIED} else None


def _other_partner(row: Person, spouse: Person | None, partner: Partner | None) -> str | None:
    if partner is None or row.spouse_personal_id in partner.personal_ids:
        return None
    if spouse is not None and spouse.full_name and partner.full_name:
        if compare_names(partner.full_name, spouse.full_name).kind in NAME_FITS:
            return None
    elif not partner.personal_ids:
        return None
    return next(iter(sorted(partner.personal_ids)), partner.full_name)
