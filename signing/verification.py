"""Is this file a certified copy of ours, unchanged and still in force? Numbered steps, one report."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime

from domain.certificate import Certificate
from domain.verification import Genuineness, StepOutcome, VerificationReport, VerificationStep
from signing.inspection import Checked, Inspection, inspect
from signing.inspection_process import InspectionUnavailableError, inspect_contained
from signing.refusal import Problem
from signing.trust import TrustAnchors

__all__ = ["TrustAnchors", "verify", "verify_own_output"]

Register = Callable[[str], Certificate | None]
"""Looks a certificate up by the SHA-256 of the signed file."""

MAX_BYTES = 200 * 1024 * 1024
_OURS = {"trust_available", "clock_right"}
"""Steps whose failure says nothing of the file."""
_WANT_ROOTS = (str(Problem.SIGNER_NOT_TRUSTED), str(Problem.ARCHIVE_TIMESTAMP_NOT_TRUSTED))


def verify(
    pdf: bytes, *, trust: TrustAnchors, register: Register | None, now: datetime
) -> VerificationReport:
    """Judge ``pdf`` as of ``now``; never raises for what the file contains.

    Not genuine: whatever is changed, foreign, unsigned, malformed, too costly to read, unknown to
    ``register`` or revoked. Unchecked: nothing is wrong with the file itself, but our own trust is missing,
    the register cannot be asked (``None``: the copy may have been revoked), our clock is behind a time stamp
    that we trust, or our machine failed us. The file is parsed in a process of its own with bounded time and
    memory.
    """
    return _verify(
        pdf,
        trust=trust,
        register=register,
        now=now,
        inspector=inspect_contained,
        in_force=register is not None,
    )


def verify_own_output(pdf: bytes, *, trust: TrustAnchors, now: datetime) -> VerificationReport:
    """The same judgement of a copy that we have just made, without the process and the register."""
    return _verify(pdf, trust=trust, register=None, now=now, inspector=inspect, in_force=True)


def _verify(
    pdf: bytes,
    *,
    trust: TrustAnchors,
    register: Register | None,
    now: datetime,
    inspector: Callable[..., Inspection],
    in_force: bool,
) -> VerificationReport:
    """``in_force``: the register will tell of a revocation, or there can be none yet."""
    sha256 = hashlib.sha256(pdf).hexdigest()

    # 1. The file has a size that a copy can have.
    checks = [_size_check(pdf)]

    # 2. We know whom to trust.
    has_roots = trust.is_usable
    checks.append(
        _checked("trust_available", passed=has_roots, problem=Problem.TRUST_ROOTS_MISSING)
    )

    # 3–12. The file itself: readable, our structure, nothing active, the two signatures in order,
    # certification, intact, nothing added, signers trusted, seal known, archive time stamp
    # (signing.inspection names each).
    able = True
    inspection = Inspection(checks=())
    if checks[0].outcome is StepOutcome.PASS:
        try:
            known = trust if has_roots else TrustAnchors(roots=())
            inspection = inspector(pdf, trust=known, now=now)
        except InspectionUnavailableError as error:
            able = False
            checks.append(
                _checked(
                    "inspection_available",
                    passed=False,
                    problem=error.problem,
                    error=error.error,
                )
            )
    checks.extend(inspection.checks if has_roots else map(_without_roots, inspection.checks))

    # Beside them, where it is so: the file is as it should be at a later time than ours.
    if has_roots and inspection.stamped_later is not None:
        facts = {"now": now.isoformat(), "stamped_at": inspection.stamped_later.isoformat()}
        checks.append(_checked("clock_right", passed=False, problem=Problem.CLOCK_BEHIND, **facts))

    # 13. The certification register knows exactly these bytes, under the code that the file names.
    # 14. The copy has not been revoked.
    certificate = None
    if register is None:
        checks.extend(_register_silent(expected=not in_force))
    else:
        certificate = register(sha256)
        checks.extend(_register_checks(certificate, inspection.code))

    return VerificationReport(
        genuineness=_conclusion(
            checks,
            able=able,
            judged=has_roots and in_force,
            # a file earns the word only by passing every step; one that was skipped proves nothing
            complete=inspection.is_whole,
        ),
        steps=_numbered(checks),
        signatures=inspection.signatures,
        sha256=sha256,
        code=certificate.code if certificate else inspection.code,
        demo=trust.demo,
    )


def _without_roots(check: Checked) -> Checked:
    """A signer is not untrusted because we know nobody to trust."""
    if check.facts.get("problem") in _WANT_ROOTS:
        return Checked(code=check.code, outcome=StepOutcome.SKIPPED)
    return check


def _conclusion(
    checks: Iterable[Checked], *, able: bool, judged: bool, complete: bool
) -> Genuineness:
    failed = {check.code for check in checks if check.outcome is StepOutcome.FAIL}
    if "not_revoked" in failed:  # of these very bytes: nobody need look into them
        return Genuineness.NOT_GENUINE
    if not able:
        return Genuineness.UNCHECKED
    if failed - _OURS:
        return Genuineness.NOT_GENUINE
    if failed or not judged:
        return Genuineness.UNCHECKED
    return Genuineness.GENUINE if complete else Genuineness.NOT_GENUINE


def _size_check(pdf: bytes) -> Checked:
    if not pdf:
        return _checked("file_size", passed=False, problem=Problem.FILE_EMPTY)
    return _checked("file_size", passed=len(pdf) <= MAX_BYTES, problem=Problem.FILE_TOO_LARGE)


def _register_silent(*, expected: bool) -> list[Checked]:
    """``expected``: somebody waits for its answer."""
    facts = {"problem": str(Problem.REGISTER_NOT_ASKED)} if expected else {}
    return [
        Checked(code=code, outcome=StepOutcome.SKIPPED, facts=facts)
        for code in ("register_known", "not_revoked")
    ]


def _register_checks(certificate: Certificate | None, claimed_code: str | None) -> list[Checked]:
    if certificate is None:
        return [
            _checked("register_known", passed=False, problem=Problem.NOT_IN_REGISTER),
            Checked(code="not_revoked", outcome=StepOutcome.SKIPPED),
        ]
    same_code = claimed_code is None or claimed_code == certificate.code
    return [
        _checked("register_known", passed=same_code, problem=Problem.CODE_DIFFERS),
        _checked(
            "not_revoked", passed=certificate.revoked_at is None, problem=Problem.COPY_REVOKED
        ),
    ]


def _checked(code: str, *, passed: bool, problem: Problem, **facts: str) -> Checked:
    if passed:
        return Checked(code=code, outcome=StepOutcome.PASS)
    return Checked(code=code, outcome=StepOutcome.FAIL, facts={"problem": str(problem), **facts})


def _numbered(checks: Iterable[Checked]) -> tuple[VerificationStep, ...]:
    return tuple(
        VerificationStep(number=number, code=check.code, outcome=check.outcome, facts=check.facts)
        for number, check in enumerate(checks, start=1)
    )
