"""What stays of an answer for whoever may not see the population's values (``population.view``)."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from domain.document import Document
from domain.event import Event
from domain.record import Check, CheckOutcome, Correction, FieldValue, Record
from domain.verdict import Decision, Finding, FindingKind, Verdict

MASK = "***"
"""Stands for a withheld value, a number as well: of the last digits alone one could guess the others."""
_PERSONAL_NUMBER = re.compile(r"\d(?:[\s.,·_\-‐-―]*\d){11,}")
"""In groups as well. Longer runs go whole: of a date with a number behind it neither end is known."""
_LINKS = frozenset({"spouse_personal_id"})
"""Findings that set one row against another: what they call the document's side may be a row's number."""
_GUESSED = frozenset({"personal_id", "birth_date"})
"""What a stranger would try until the decision changes."""
_WRONG = frozenset({FindingKind.DIFFERENT, FindingKind.CONFLICTING})
_DOUBTED = ("full_name", "birth_date", "sex", "personal_id", "residence")
"""Required fields whose doubt a matched row settles (``matching.conclusion``)."""
_MEMBER = "member:"
ALREADY_ON_FILE = "already_on_file"
"""Check: another document is of the same paper; fails where that was certified, withdrawn or rejected."""
WITHOUT_GUESSES = "without_guesses"
"""In its facts, where some row found is that of a guess: the facts as they are without such rows."""


def masked(document: Document) -> Document:
    """The document without the population's values: for looking at only, never to be written back.

    Decisions, and which fields differ and how, stay; a value stays that the paper says letter for letter.
    Other candidates are left out, weights and probabilities are 0: both tell by how much a guess misses.
    So would the decision where a number or a birthday differs, and one paper with a row for every guess:
    such a verdict says ``review``, and of several rows about one person no finding is left.
    """
    repeated = _repeated(document)
    verdicts = tuple(
        _silent(one) if one.role in repeated else _verdict(one, document.record)
        for one in document.verdicts
    )
    on_file = _on_file(document)
    return replace(
        document,
        record=None if document.record is None else _record(document.record, on_file),
        reasons=_reasons(document, repeated, on_file),
        verdicts=verdicts,
        paper_keys=(),
    )


def without_guesses(document: Document) -> tuple[Verdict, ...]:
    """Its verdicts but those whose row tells how near a guess came (:func:`masked`)."""
    repeated = _repeated(document)
    return tuple(
        one for one in document.verdicts if one.role not in repeated and not _is_guess(one)
    )


def _on_file(document: Document) -> Check | None:
    """What is on file of the paper, as far as no guess led to it: whatever a near one finds, tells it."""
    checks = document.record.checks if document.record else ()
    check = next((one for one in checks if one.code == ALREADY_ON_FILE), None)
    if check is None or WITHOUT_GUESSES not in check.facts:
        # looked up before that was kept
        is_guess = without_guesses(document) != document.verdicts
        return None if is_guess else check
    facts = check.facts[WITHOUT_GUESSES]
    if not isinstance(facts, Mapping):
        return None
    kept = {name: fact for name, fact in facts.items() if name != "outcome"}
    return Check(code=check.code, outcome=CheckOutcome(facts["outcome"]), facts=kept)


def masked_event(event: Event) -> Event:
    """The line of the trail without personal numbers: an officer's choice names one, a reason may."""
    facts = {name: _unnumbered(fact) for name, fact in event.facts.items()}
    return replace(event, facts=facts)


def masked_text(text: str) -> str:
    """What somebody wrote, without personal numbers."""
    return _PERSONAL_NUMBER.sub(MASK, text)


def _repeated(document: Document) -> frozenset[str]:
    """Roles that share their name, but for its marks, or the row found: guesses beside one another.

    By the name alone, for the guess may be the birthday; by the row, for a name can be spelled anew.
    """
    roles: dict[tuple[str, str], set[str]] = {}
    for one in document.verdicts:
        if name := _bare_name(one.role, document.record):
            roles.setdefault(("name", name), set()).add(one.role)
        if one.personal_id is not None:
            roles.setdefault(("row", one.personal_id), set()).add(one.role)
    return frozenset(role for group in roles.values() if len(group) > 1 for role in group)


def _bare_name(role: str, record: Record | None) -> str:
    who = {"subject": ""}.get(role, f"{role}_")
    if role.startswith(_MEMBER):
        who = f"members[{role.removeprefix(_MEMBER)}]."
    field = record.fields.get(f"{who}full_name") if record else None
    name = (field.value or field.text) if field else ""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("đ", "d"))
    return "".join(one for one in letters if one.isalpha())


def _silent(verdict: Verdict) -> Verdict:
    return Verdict(role=verdict.role, decision=Decision.REVIEW, personal_id=None, probability=0.0)


def _is_guess(verdict: Verdict) -> bool:
    """Whether the decision tells how near a wrong number or birthday is; an officer's own does not."""
    return verdict.decided_by is None and any(
        one.field in _GUESSED and one.kind in _WRONG for one in verdict.findings
    )


def _reasons(
    document: Document, repeated: frozenset[str], on_file: Check | None
) -> tuple[str, ...]:
    """The reasons, of a verdict that was made to say ``review`` only that, and what differs of the guess.

    Whether its other findings became reasons, and a value read with doubt did not, tells how sure it was.
    """
    left = list(_reasons_on_file(document.reasons, on_file))
    for one in document.verdicts:
        if one.role not in repeated and not _is_guess(one):
            continue
        differing = () if one.role in repeated else one.findings
        who = "" if one.role == "subject" else f"{one.role}_"
        doubts = {f"{who}{field}_uncertain" for field in _DOUBTED}
        left = [each for each in left if not each.endswith(f"_{one.role}") and each not in doubts]
        if document.reasons:
            left.append(f"review_{one.role}")
            left += (
                f"{each.field}_{each.kind}_{one.role}"
                for each in differing
                if each.field in _GUESSED and each.kind in _WRONG
            )
    return tuple(left)


def _reasons_on_file(reasons: tuple[str, ...], on_file: Check | None) -> Iterator[str]:
    """``reasons``, that of what is on file only as ``on_file`` has it."""
    for one in reasons:
        if not one.startswith(f"{ALREADY_ON_FILE}_"):
            yield one
        elif on_file is not None and on_file.outcome is CheckOutcome.FAIL:
            yield f"{ALREADY_ON_FILE}_{on_file.facts['state']}"


def _record(record: Record, on_file: Check | None) -> Record:
    fields = {name: _field(field) for name, field in record.fields.items()}
    told = (on_file if one.code == ALREADY_ON_FILE else one for one in record.checks)
    return replace(record, fields=fields, checks=tuple(one for one in told if one is not None))


def _field(field: FieldValue) -> FieldValue:
    """Without what an officer typed and took back: it may be the register's, and is not the paper's."""
    if not field.corrections:
        return field
    return replace(field, corrections=tuple(_correction(one, field) for one in field.corrections))


def _correction(typed: Correction, field: FieldValue) -> Correction:
    is_text_shown = typed.text in {"", field.text, field.read_text}
    is_value_shown = typed.value in {None, field.value, field.read_value}
    return replace(
        typed,
        text=typed.text if is_text_shown else MASK,
        value=typed.value if is_value_shown else MASK,
    )


def _verdict(verdict: Verdict, record: Record | None) -> Verdict:
    findings = tuple(_finding(one, record) for one in verdict.findings)
    printed = any(
        one.field == "personal_id" and one.document == verdict.personal_id
        for one in verdict.findings
    )
    return replace(
        verdict,
        decision=Decision.REVIEW if _is_guess(verdict) else verdict.decision,
        personal_id=verdict.personal_id if printed else _withheld(verdict.personal_id),
        probability=0.0,
        findings=findings,
        candidates=(),
    )


def _finding(finding: Finding, record: Record | None) -> Finding:
    document = finding.document
    if finding.field in _LINKS and not _is_printed(document, record):
        document = _withheld(document)
    printed = finding.population is not None and finding.population == document
    return replace(
        finding,
        document=document,
        population=finding.population if printed else _withheld(finding.population),
        weight=0.0,
        as_of=None,
    )


def _is_printed(value: str | None, record: Record | None) -> bool:
    fields = record.fields.values() if record else ()
    return any(value in {field.value, field.text} for field in fields)


def _withheld(value: str | None) -> str | None:
    return None if value is None else MASK


def _unnumbered(fact: object) -> object:
    if isinstance(fact, str):
        return masked_text(fact)
    if isinstance(fact, Mapping):
        return {name: _unnumbered(one) for name, one in fact.items()}
    if isinstance(fact, list | tuple):
        return [_unnumbered(one) for one in fact]
    return fact
