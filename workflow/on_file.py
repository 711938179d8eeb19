"""What is on file already of a paper: the certified copy that it is, another scan of it, its copy.

An officer is told, and decides; nothing is refused (``docs/adr/0030``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import is_
from typing import Any

from domain.certificate import Certificate
from domain.document import Document, DocumentState
from domain.masking import ALREADY_ON_FILE, WITHOUT_GUESSES, without_guesses
from domain.ports import Transaction
from domain.record import Check, CheckOutcome
from matching.conclusion import failing
from matching.same_paper import Sameness, paper_keys, sameness
from workflow.copy_marks import OWN_COPY, failed

_MOST = 50
"""Documents looked at that may be the same paper: all that one person has of one form, the newest first."""


class CopyState(StrEnum):
    """What the register says of a copy that was brought in; the gravest first."""

    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    """Withdrawn; its document has a newer copy in force."""
    CHANGED = "changed"
    """A file that calls itself a copy in force and is not, byte for byte, the one that was issued."""
    UNKNOWN = "unknown"
    """The code stands in no register of ours: another office's, or made up."""
    CURRENT = "current"
    UNREAD = "unread"
    """It says that it is a copy, and no code could be read."""
    PAPER = "paper"
    """A copy on paper, stamped as one (``chứng thực bản sao``, ``sao y``): no register of ours has those."""


class OnFile(StrEnum):
    """Where the other document of a paper stands; the gravest first."""

    CERTIFIED = "certified"
    REVOKED = "revoked"
    """Its copy was withdrawn, and it has none in force."""
    REJECTED = "rejected"
    WAITING = "waiting"
    ANOTHER_ISSUE = "another_issue"


_LEFT_TO_A_PERSON = frozenset({OnFile.CERTIFIED, OnFile.REVOKED, OnFile.REJECTED})


@dataclass(frozen=True, kw_only=True)
class OwnCopy:
    """A certified copy of the register that was brought in as a file, byte for byte."""

    certificate: Certificate
    state: CopyState
    document: str | None
    """The document it was made from, where whoever asks may see it."""


def issued_file(sha256: str, *, within: str, tx: Transaction) -> OwnCopy | None:
    """The copy that a file with this SHA-256 is, ``None`` where it is none of ours."""
    certificate = tx.certificates.by_sha256(sha256)
    if certificate is None:
        return None
    seen = tx.documents.get(certificate.document_id, within=within)
    return OwnCopy(
        certificate=certificate,
        state=_standing(certificate, tx),
        document=None if seen is None else seen.id,
    )


def looked_up(document: Document, tx: Transaction) -> Document:
    """The document with the checks on what is on file as of now, and the keys by which it is found itself.

    Only documents of its own agency and those below it are looked at; of a copy the register is public.
    """
    if document.record is None:
        return document
    agency = tx.agencies.get(document.agency_id)
    within = agency.path if agency else document.agency_id
    keyed = replace(document, paper_keys=paper_keys(document.record, document.verdicts))
    copy = _own_copy(keyed, within, tx)
    other = _already_on_file(keyed, within, tx, apart_from=_made_from(copy))
    kept = [one for one in document.record.checks if one.code not in {OWN_COPY, ALREADY_ON_FILE}]
    checks = (*kept, *(one for one in (copy, other) if one is not None))
    return replace(keyed, record=replace(document.record, checks=checks))


def reasons_on_file(document: Document) -> tuple[str, ...]:
    """Those reasons for a person to look that what is on file gives, from the checks as they stand."""
    checks = document.record.checks if document.record else ()
    return tuple(failing([one for one in checks if one.code in {OWN_COPY, ALREADY_ON_FILE}]))


def copies_in_force(document: Document) -> frozenset[object]:
    """Documents of the same paper with a copy in force, as the checks tell whoever answers for this one."""
    told = next((one for one in _checks(document) if one.code == ALREADY_ON_FILE), None)
    ids = told.facts.get("certified") if told else None
    return frozenset(ids) if isinstance(ids, list) else frozenset()


def _own_copy(document: Document, within: str, tx: Transaction) -> Check | None:
    marks = next((one for one in _checks(document) if one.code == OWN_COPY), None)
    marked: Iterable[Mapping[str, Any]] = _listed(marks)
    found = {mark["code"]: _told(mark, document, within, tx) for mark in marked}
    issued = tx.certificates.by_sha256(document.sha256)
    if issued is not None and issued.code not in found:
        mark = {"code": issued.code, "page": None, "named": True}
        found[issued.code] = _told(mark, document, within, tx)
    if not found:
        if marks is None:
            return None
        state = CopyState.PAPER if marks.facts.get("stamp") else CopyState.UNREAD
        return failed(OWN_COPY, {**marks.facts, "state": str(state)})
    states = [str(one["state"]) for one in found.values()]
    gravest = next(state for state in CopyState if state in states)
    return failed(OWN_COPY, {"copies": [*found.values()], "state": str(gravest)})


def _told(
    mark: Mapping[str, Any], document: Document, within: str, tx: Transaction
) -> dict[str, object]:
    """One mark with what the register says of its code: state, number, document."""
    told: dict[str, object] = {name: mark.get(name) for name in ("code", "page", "named")}
    certificate = tx.certificates.by_code(mark["code"])
    if certificate is None:
        return told | {"state": str(CopyState.UNKNOWN)}
    state = _standing(certificate, tx)
    if state is CopyState.CURRENT and mark.get("named") and certificate.sha256 != document.sha256:
        state = CopyState.CHANGED
    told |= {"state": str(state), "number": f"{certificate.number}/{certificate.year}"}
    if tx.documents.get(certificate.document_id, within=within) is not None:
        told["document"] = certificate.document_id
    return told


def _standing(certificate: Certificate, tx: Transaction) -> CopyState:
    if certificate.revoked_at is None:
        return CopyState.CURRENT
    newest = tx.certificates.by_document(certificate.document_id)
    in_force = newest is not None and newest.revoked_at is None
    return CopyState.SUPERSEDED if in_force else CopyState.REVOKED


@dataclass(frozen=True, kw_only=True)
class _Other:
    """Another document of the paper, and the newest copy of it."""

    document: Document
    stands: OnFile
    certificate: Certificate | None

    @property
    def urgency(self) -> tuple[int, bool, bool]:
        """The gravest first; of those alike first what has a copy in force, then what had one."""
        is_in_force = self.certificate is not None and self.certificate.revoked_at is None
        had_none = self.certificate is None
        return [*OnFile].index(self.stands), not is_in_force, had_none


def _already_on_file(
    document: Document, within: str, tx: Transaction, *, apart_from: frozenset[object]
) -> Check | None:
    candidates = tx.documents.of_paper(document.paper_keys, within=within, limit=_MOST)
    others = _others(document, candidates, tx, apart_from=apart_from)
    told = _without_guesses(document, candidates, within, tx, apart_from=apart_from)
    if told is not None:
        # a row that the paper contradicts is no sign that papers alike in print are two
        known = {one.document.id for one in others}
        others += [one for one in told if one.document.id not in known]
        others.sort(key=lambda one: one.urgency)
    if not others:
        return None
    facts = _facts(others)
    if told is not None:
        facts[WITHOUT_GUESSES] = {"outcome": str(_outcome(told)), **_facts(told)} if told else None
    return Check(code=ALREADY_ON_FILE, outcome=_outcome(others), facts=facts)


def _without_guesses(
    document: Document,
    candidates: Sequence[Document],
    within: str,
    tx: Transaction,
    *,
    apart_from: frozenset[object],
) -> list[_Other] | None:
    """What is found where no guess leads to a row, neither here nor there; ``None`` where nobody guessed."""
    plain = _plain(document)
    if plain is not document:
        candidates = tx.documents.of_paper(plain.paper_keys, within=within, limit=_MOST)
    plain_candidates = [_plain(one) for one in candidates]
    if plain is document and all(map(is_, plain_candidates, candidates)):
        return None
    alike = [one for one in plain_candidates if set(one.paper_keys) & set(plain.paper_keys)]
    return _others(plain, alike, tx, apart_from=apart_from)


def _plain(document: Document) -> Document:
    """As found by what is printed, and by rows that no guess led to: itself where there is no guess."""
    verdicts = without_guesses(document)
    if document.record is None or verdicts == document.verdicts:
        return document
    return replace(document, verdicts=verdicts, paper_keys=paper_keys(document.record, verdicts))


def _facts(others: Sequence[_Other]) -> dict[str, object]:
    gravest, *less = others
    facts: dict[str, object] = {
        "state": str(gravest.stands),
        "document": gravest.document.id,
        "document_state": str(gravest.document.state),
        "others": [one.document.id for one in less],
        "certified": sorted(one.document.id for one in others if one.stands is OnFile.CERTIFIED),
    }
    if gravest.certificate is not None:
        facts["number"] = f"{gravest.certificate.number}/{gravest.certificate.year}"
    return facts


def _outcome(others: Sequence[_Other]) -> CheckOutcome:
    is_left = others[0].stands in _LEFT_TO_A_PERSON
    return CheckOutcome.FAIL if is_left else CheckOutcome.WARN


def _others(
    document: Document,
    candidates: Iterable[Document],
    tx: Transaction,
    *,
    apart_from: frozenset[object],
) -> list[_Other]:
    """Those of ``candidates`` that are of the same paper or person, the gravest first, then the newest."""
    found: list[_Other] = []
    for other in candidates:
        if other.id in {document.id, *apart_from} or not (document.record and other.record):
            continue
        how = sameness(document.record, document.verdicts, other.record, other.verdicts)
        certificate = tx.certificates.by_document(other.id) if how else None
        # a print of a copy that somebody brought, and an officer refused, says nothing of the paper
        is_mere_copy = certificate is None and any(one.code == OWN_COPY for one in _checks(other))
        if how is not None and not is_mere_copy:
            stands = _stands(how, other, certificate)
            found.append(_Other(document=other, stands=stands, certificate=certificate))
    return sorted(found, key=lambda one: one.urgency)


def _stands(how: Sameness, other: Document, certificate: Certificate | None) -> OnFile:
    if how is Sameness.ANOTHER_ISSUE:
        return OnFile.ANOTHER_ISSUE
    if certificate is not None:
        return OnFile.CERTIFIED if certificate.revoked_at is None else OnFile.REVOKED
    return OnFile.REJECTED if other.state is DocumentState.REJECTED else OnFile.WAITING


def _checks(document: Document) -> tuple[Check, ...]:
    return document.record.checks if document.record else ()


def _listed(check: Check | None) -> Iterable[Mapping[str, Any]]:
    copies = check.facts.get("copies") if check else None
    return copies if isinstance(copies, list) else ()


def _made_from(check: Check | None) -> frozenset[object]:
    return frozenset(mark.get("document") for mark in _listed(check)) - {None}
