"""The certification register has the last word; without trust of our own there is no word at all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.trust import verify_file
from domain.certificate import Certificate, Regime
from domain.verification import Genuineness, VerificationReport
from signing.composition import EcopyContent
from signing.demo_pki.authority import DemoAuthority
from signing.ecopy import IssuedCopy
from signing.trust import TrustAnchors
from signing.verification import verify
from storage.settings import load_settings


def _entry(copy: IssuedCopy, code: str, **changes: object) -> Certificate:
    facts: dict[str, object] = {
        "code": code,
        "document_id": "d",
        "agency_id": "a",
        "year": 2026,
        "number": 12,
        "regime": Regime.CERTIFIED_COPY,
        "sha256": copy.sha256,
        "object_version": None,
        "retain_until": copy.signed_at,
        "signer_name": copy.signer_name,
        "signed_at": copy.signed_at,
    }
    return Certificate(**{**facts, **changes})  # type: ignore[arg-type]


def _problems(report: VerificationReport) -> set[object]:
    assert report.genuineness is Genuineness.NOT_GENUINE, report.steps
    return {step.facts["problem"] for step in report.steps if "problem" in step.facts}


def test_register_decides_over_valid_signatures(
    issued: IssuedCopy, content: EcopyContent, authority: DemoAuthority
) -> None:
    now = datetime.now(UTC)

    def _verdict(certificate: Certificate | None) -> VerificationReport:
        known = {} if certificate is None else {certificate.sha256: certificate}
        return verify(issued.pdf, trust=authority.trust(), register=known.get, now=now)

    assert _verdict(_entry(issued, content.code)).genuineness is Genuineness.GENUINE
    assert _problems(_verdict(None)) == {"not_in_register"}
    assert _problems(_verdict(_entry(issued, "0000-0000-0000-0000-0"))) == {"code_differs"}
    assert _problems(_verdict(_entry(issued, content.code, revoked_at=now))) == {"copy_revoked"}


def test_a_genuine_copy_is_not_called_current_while_the_register_is_silent(
    issued: IssuedCopy, authority: DemoAuthority
) -> None:
    trust, now = authority.trust(), datetime.now(UTC)
    report = verify(issued.pdf, trust=trust, register=None, now=now)
    assert report.exit_code == 2
    assert {step.facts.get("problem") for step in report.steps} == {None, "register_not_asked"}
    changed = issued.pdf.replace(b"%%EOF", b"%%EOG", 1)
    assert verify(changed, trust=trust, register=None, now=now).exit_code == 1


@pytest.mark.parametrize("roots", [(), (b"not a certificate",)])
def test_without_roots_nothing_is_judged(issued: IssuedCopy, roots: tuple[bytes, ...]) -> None:
    trust = TrustAnchors(roots=roots)
    report = verify(issued.pdf, trust=trust, register=None, now=datetime.now(UTC))
    assert report.genuineness is Genuineness.UNCHECKED
    assert report.exit_code == 2
    assert "signer_not_trusted" not in {step.facts.get("problem") for step in report.steps}
    unsigned = verify(b"%PDF-1.7 nothing", trust=trust, register=None, now=datetime.now(UTC))
    assert unsigned.exit_code == 1


def test_a_folder_that_is_no_installation_trusts_nobody_and_stays_empty(
    issued: IssuedCopy, tmp_path: Path
) -> None:
    settings = load_settings(home=tmp_path)
    assert verify_file(settings, issued.pdf).exit_code == 2
    assert verify_file(settings, b"no pdf").exit_code == 1
    assert list(tmp_path.iterdir()) == []
