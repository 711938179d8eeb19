"""A verifying machine whose clock is slow could not check; what is altered is not genuine at any hour."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.certificate import Certificate, Regime
from domain.verification import Genuineness, VerificationReport
from signing.composition import EcopyContent
from signing.demo_pki.authority import DemoAuthority
from signing.ecopy import IssuedCopy
from signing.inspection_process import inspect_contained
from signing.trust import TrustAnchors
from signing.verification import verify, verify_own_output


def judged(
    pdf: bytes,
    authority: DemoAuthority,
    *,
    late: timedelta,
    register: dict[str, Certificate] | None = None,
) -> VerificationReport:
    """As a machine says that is so ``late``; its authority's lists are late with it."""
    now = datetime.now(UTC) - late
    slow = DemoAuthority(authority.folder, base_url="", now=lambda: now)
    return verify(
        pdf, trust=slow.trust(), register=(register or {}).get if register else None, now=now
    )


def entry(copy: IssuedCopy, code: str, *, revoked_at: datetime | None = None) -> Certificate:
    return Certificate(
        code=code,
        document_id="d",
        agency_id="a",
        year=2026,
        number=12,
        regime=Regime.CERTIFIED_COPY,
        sha256=copy.sha256,
        object_version=None,
        retain_until=copy.signed_at,
        signer_name=copy.signer_name,
        signed_at=copy.signed_at,
        revoked_at=revoked_at,
    )


LATE = [timedelta(days=1), timedelta(days=3650)]


@pytest.mark.parametrize("late", LATE)
def test_a_slow_clock_is_told_and_the_copy_is_not_called_forged(
    issued: IssuedCopy, content: EcopyContent, authority: DemoAuthority, late: timedelta
) -> None:
    known = {issued.sha256: entry(issued, content.code)}
    report = judged(issued.pdf, authority, late=late, register=known)
    assert report.genuineness is Genuineness.UNCHECKED
    assert report.exit_code == 2
    assert report.reasons == ("clock_right",)
    (told,) = [step for step in report.steps if step.code == "clock_right"]
    assert told.facts["problem"] == "clock_behind"
    assert str(told.facts["now"]) < str(told.facts["stamped_at"])


@pytest.mark.parametrize("late", LATE)
def test_altered_bytes_and_revoked_copies_are_not_genuine_whatever_the_clock_says(
    issued: IssuedCopy, content: EcopyContent, authority: DemoAuthority, late: timedelta
) -> None:
    place = issued.pdf.index(b"stream") + 40
    altered = issued.pdf[:place] + bytes([issued.pdf[place] ^ 1]) + issued.pdf[place + 1 :]
    assert judged(altered, authority, late=late).exit_code == 1
    added = issued.pdf + b"\n"
    assert judged(added, authority, late=late).exit_code == 1
    revoked = {issued.sha256: entry(issued, content.code, revoked_at=datetime.now(UTC))}
    report = judged(issued.pdf, authority, late=late, register=revoked)
    assert report.exit_code == 1
    assert "not_revoked" in report.reasons


def test_a_stamp_of_somebody_else_tells_nothing_of_our_clock(
    issued: IssuedCopy, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = DemoAuthority(tmp_path_factory.mktemp("other") / "pki", base_url="http://x")
    now = datetime.now(UTC) - timedelta(days=1)
    trust = TrustAnchors(roots=(stranger.certificate("root"),))
    report = verify(issued.pdf, trust=trust, register=None, now=now)
    assert report.exit_code == 1
    assert "clock_right" not in {step.code for step in report.steps}


def test_a_right_clock_is_not_spoken_of(issued: IssuedCopy, authority: DemoAuthority) -> None:
    now, trust = datetime.now(UTC), authority.trust()
    report = verify_own_output(issued.pdf, trust=trust, now=now)
    assert report.genuineness is Genuineness.GENUINE
    assert "clock_right" not in {step.code for step in report.steps}
    assert inspect_contained(issued.pdf, trust=trust, now=now).stamped_later is None
