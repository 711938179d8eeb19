"""The report of verifying a copy: numbered steps, one conclusion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Genuineness(StrEnum):
    """Conclusion about a copy; the command's exit code follows from it."""

    GENUINE = "genuine"
    """Issued by a trusted agency, unchanged, still in force: exit 0."""
    NOT_GENUINE = "not_genuine"
    """Changed, revoked, foreign or unsigned: exit 1."""
    UNCHECKED = "unchecked"
    """Could not be checked (trust roots missing, file unreadable for reasons of ours): exit 2."""


class StepOutcome(StrEnum):
    """Outcome of one step of the verification."""

    PASS = "pass"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class VerificationStep:
    """One numbered check; ``code`` is stable, ``facts`` fill the sentence made at the edge."""

    number: int
    code: str
    outcome: StepOutcome
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SignatureFacts:
    """One signature as found."""

    field: str
    signer: str
    signed_at: datetime | None
    valid: bool
    organization: str | None = None
    """Of the signer, as its certificate names it."""


@dataclass(frozen=True, kw_only=True)
class VerificationReport:
    """Frozen outcome of a verification by code or by file."""

    genuineness: Genuineness
    steps: tuple[VerificationStep, ...]
    signatures: tuple[SignatureFacts, ...] = ()
    sha256: str | None = None
    code: str | None = None
    demo: bool = False
    """True where the trust root is the demonstration CA: no legal value."""
    valid_until: date | None = None
    """Of a genuine copy in the register: the last day on which the paper itself holds, where it has one
    and it may be told to who asks (:class:`workflow.verification.VerifiedCopy`)."""
    ended: bool = False
    """That day is past: the copy is genuine and current, what the paper says holds no longer."""

    @property
    def exit_code(self) -> int:
        """0 genuine and current, 1 not, 2 could not be checked."""
        return {Genuineness.GENUINE: 0, Genuineness.NOT_GENUINE: 1, Genuineness.UNCHECKED: 2}[
            self.genuineness
        ]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Codes of the steps that failed."""
        return tuple(step.code for step in self.steps if step.outcome is StepOutcome.FAIL)

    @property
    def is_of_another_register(self) -> bool:
        """Whether all about the file holds, but our register, and maybe our list of seals, does not know it.

        Another office may have issued it, and know of a revocation; or somebody who has got hold of a key or
        bought a certificate. It stays not genuine until the office that issued it says otherwise.
        """
        skipped = {step.code for step in self.steps if step.outcome is StepOutcome.SKIPPED}
        return skipped == {"not_revoked"} and (
            {"not_in_register"} <= self._problems <= {"not_in_register", "seal_unknown"}
        )

    @property
    def has_unknown_seal(self) -> bool:
        """Whether the seal is of no agency that we know: anybody with a certificate may have signed."""
        return "seal_unknown" in self._problems

    @property
    def is_revoked(self) -> bool:
        """Whether the register says that these very bytes were revoked."""
        return "copy_revoked" in self._problems

    @property
    def may_be_resaved(self) -> bool:
        """Whether it may be a copy that somebody saved again or printed: our register does not know it so."""
        known = any(
            step.code == "register_known"
            and (step.outcome is StepOutcome.PASS or step.facts.get("problem") == "code_differs")
            for step in self.steps
        )
        return (
            self.genuineness is Genuineness.NOT_GENUINE
            and not known
            and not self.is_of_another_register
        )

    @property
    def _problems(self) -> set[object]:
        return {
            step.facts.get("problem") for step in self.steps if step.outcome is StepOutcome.FAIL
        }


def report_to_json(report: VerificationReport) -> dict[str, Any]:
    """The report as ``hoso verify --json`` and the REST answer print it."""
    return {
        "genuineness": str(report.genuineness),
        "reasons": list(report.reasons),
        "demo": report.demo,
        "code": report.code,
        "sha256": report.sha256,
        "valid_until": report.valid_until.isoformat() if report.valid_until else None,
        "ended": report.ended,
        "signatures": [
            {
                "field": signature.field,
                "signer": signature.signer,
                "organization": signature.organization,
                "signed_at": signature.signed_at.isoformat() if signature.signed_at else None,
                "valid": signature.valid,
            }
            for signature in report.signatures
        ],
        "steps": [
            {
                "number": step.number,
                "code": step.code,
                "outcome": str(step.outcome),
                "facts": dict(step.facts),
            }
            for step in report.steps
        ],
    }
