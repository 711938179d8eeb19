"""What follows for a document from its record and its verdicts: verified, or a person must look, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.document import DocumentState
from domain.form import FormCode
from domain.record import Check, CheckOutcome, Record
from domain.verdict import Decision, Finding, FindingKind, Verdict
from matching.couples import PARENTS
from matching.people import required_roles
from matching.settled import COUPLE, SAME_ROW, is_known, names_nobody, number_conflicts, tells

FORM_CERTAIN_FROM = 0.9
"""Below this form confidence a person confirms what kind of paper it is."""
DISAGREEING = frozenset(
    {
        FindingKind.TONE_ONLY,
        FindingKind.SPELLING,
        FindingKind.DIFFERENT,
        FindingKind.CONFLICTING,
    }
)
"""Kinds that say: paper and register cannot both be right."""
_IDENTITY_FIELDS = frozenset({"full_name", "birth_date", "sex", "personal_id"})
_KINSHIP_FIELDS = _IDENTITY_FIELDS | {"mother_full_name", "father_full_name"}
_REQUIRED_FIELDS: dict[FormCode, tuple[str, ...]] = {
    FormCode.BIRTH_CERTIFICATE: ("full_name", "birth_date", "sex"),
    FormCode.BIRTH_EXTRACT: ("full_name", "birth_date", "sex"),
    FormCode.DEATH_EXTRACT: ("full_name", "birth_date", "death_date"),
    FormCode.MARITAL_STATUS_CONFIRMATION: ("full_name", "birth_date", "marital_status"),
    FormCode.IDENTITY_CARD: ("full_name", "birth_date", "personal_id"),
    FormCode.RESIDENCE_CONFIRMATION: ("full_name", "birth_date", "residence"),
    FormCode.MARRIAGE_CERTIFICATE: (
        "wife_full_name",
        "wife_birth_date",
        "husband_full_name",
        "husband_birth_date",
    ),
}
_REQUIRED_FIELDS[FormCode.MARRIAGE_EXTRACT] = _REQUIRED_FIELDS[FormCode.MARRIAGE_CERTIFICATE]
_REQUIRED_ITEMS = "required_fields"
_MAY_BE_BLANK = frozenset({"death_time"})
"""Items of a form that old registers often do not tell: their absence alone needs no person."""


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """``state`` is VERIFIED or REVIEW; ``reasons`` are stable codes, empty when verified.

    quality_unusable · form_unknown · form_uncertain · check_failed_<check> · own_copy_<state> ·
    already_on_file_<state> (``workflow.on_file``) · <field>_missing ·
    <field>_unreadable · <field>_uncertain · person_missing_<role> · no_record_<role> · review_<role> ·
    <field>_<kind>_<role> for findings, <kind> being tone_only, spelling, different, conflicting or, for
    fields that say who it is, missing_in_population or unreadable · dead_in_population_<role> ·
    alive_in_population_<role> (a death that the register does not know yet) ·
    spouse_other_in_population_<role> · couple_other_in_population_<role> · one_row_for_two_<role>.
    """

    state: DocumentState
    reasons: tuple[str, ...]


def conclude(record: Record, verdicts: Sequence[Verdict]) -> Conclusion:
    """VERIFIED where the paper is legible, its required persons are matched and nothing disagrees.

    Parents and other relatives need not be in the population (many are dead or were never entered), but
    where their row is known its disagreements count. What was compared with a row that may be a stranger's
    (``is_known``) gives no reason, whoever it is about: the review itself is one. A required value that the
    readers do not vouch for is accepted when it equals the matched row's: a misreading that hits the
    register's value by chance is rarer than a certain value that is wrong.
    """
    reasons = [
        *_paper_reasons(record),
        *_field_reasons(record, verdicts),
        *_person_reasons(record, verdicts),
    ]
    unique = tuple(dict.fromkeys(reasons))
    return Conclusion(
        state=DocumentState.REVIEW if unique else DocumentState.VERIFIED, reasons=unique
    )


def _paper_reasons(record: Record) -> Iterable[str]:
    if not record.quality.usable:
        yield "quality_unusable"
    if record.form is FormCode.OTHER:
        yield "form_unknown"
    elif record.form_confidence < FORM_CERTAIN_FROM:
        yield "form_uncertain"
    yield from failing(record.checks)


def failing(checks: Iterable[Check]) -> Iterable[str]:
    """The reasons that failed checks are; one whose facts name a ``state`` is called by it."""
    for check in checks:
        if check.outcome is CheckOutcome.FAIL:
            state = check.facts.get("state")
            yield f"{check.code}_{state}" if state else f"check_failed_{check.code}"


def _field_reasons(record: Record, verdicts: Sequence[Verdict]) -> Iterable[str]:
    who_it_is = _REQUIRED_FIELDS.get(record.form, ("full_name",))
    for name in who_it_is:
        field = record.fields.get(name)
        if field is None or not (field.value or field.text.strip()):
            yield f"{name}_missing"
        elif not field.value:
            yield f"{name}_unreadable"
        elif not field.is_vouched_for and not _is_corroborated(name, verdicts):
            yield f"{name}_uncertain"
    for name in _missing_items(record):
        if name not in who_it_is:
            field = record.fields.get(name)
            read = field is not None and field.text.strip()
            yield f"{name}_unreadable" if read else f"{name}_missing"


def _missing_items(record: Record) -> Iterable[str]:
    """What the form must say and the paper does not, as reading has found it."""
    for check in record.checks:
        missing = check.facts.get("missing")
        if check.code == _REQUIRED_ITEMS and isinstance(missing, list | tuple):
            yield from (str(name) for name in missing if name not in _MAY_BE_BLANK)


def _is_corroborated(name: str, verdicts: Sequence[Verdict]) -> bool:
    return any(
        verdict.decision is Decision.MATCHED
        and finding.kind is FindingKind.AGREES
        and name
        == (finding.field if verdict.role == "subject" else f"{verdict.role}_{finding.field}")
        for verdict in verdicts
        for finding in verdict.findings
    )


def _person_reasons(record: Record, verdicts: Sequence[Verdict]) -> Iterable[str]:
    required = required_roles(record.form)
    by_role = {verdict.role: verdict for verdict in verdicts}
    for role in required:
        verdict = by_role.get(role)
        if verdict is None or names_nobody(verdict):
            yield f"person_missing_{role}"
        elif verdict.decision is not Decision.MATCHED:
            yield f"{verdict.decision}_{role}"
    for verdict in verdicts:
        if number_conflicts(verdict):
            yield f"personal_id_conflicting_{verdict.role}"
            continue
        if tells(verdict, SAME_ROW):
            yield f"one_row_for_two_{verdict.role}"
        if tells(verdict, COUPLE) and (verdict.role in required or _names_others_both(verdicts)):
            yield f"couple_other_in_population_{verdict.role}"
        if is_known(verdict) and not names_nobody(verdict):
            told = {COUPLE, SAME_ROW}
            for finding in (one for one in verdict.findings if one.field not in told):
                yield from _finding_reasons(
                    finding, verdict.role, is_required=verdict.role in required
                )


def _names_others_both(verdicts: Sequence[Verdict]) -> bool:
    """Whether the rows of both parents name other spouses: of one alone, people marry again."""
    naming = {
        verdict.role
        for verdict in verdicts
        for finding in verdict.findings
        if finding.field == COUPLE and finding.population
    }
    return naming.issuperset(PARENTS)


def _finding_reasons(finding: Finding, role: str, *, is_required: bool) -> Iterable[str]:
    """Life and marriage have reasons of their own: the kind alone would tell an officer nothing."""
    match finding.field, finding.kind:
        case "vital_status", FindingKind.CONFLICTING:
            yield f"dead_in_population_{role}"
        case "vital_status", FindingKind.MISSING_IN_POPULATION:
            yield f"alive_in_population_{role}"
        case "spouse_personal_id", FindingKind.CONFLICTING:
            yield f"spouse_other_in_population_{role}"
        case (("couple" | "same_row"), _):
            pass
        case _ if finding.kind in DISAGREEING or (is_required and _is_gap(finding)):
            yield f"{finding.field}_{finding.kind}_{role}"


def _is_gap(finding: Finding) -> bool:
    """A field that says who it is, and that one side lacks or nobody could read for sure."""
    if finding.kind is FindingKind.MISSING_IN_POPULATION:
        return finding.field in _IDENTITY_FIELDS
    return finding.kind is FindingKind.UNREADABLE and finding.field in _KINSHIP_FIELDS
