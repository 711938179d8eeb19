"""The demonstration PKI: made once by whoever comes first, marked, and understood by OpenSSL."""

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import core, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from domain.errors import ErrorCode, HosoError
from domain.verification import Genuineness
from signing.composition import EcopyContent
from signing.demo_pki import creation
from signing.demo_pki.authority import DemoAuthority
from signing.demo_pki.declaration import declaration
from signing.demo_pki.office import demo_issuer
from signing.ecopy import IssuedCopy
from signing.issue import Issuer
from signing.verification import verify_own_output

ROOT = Path(__file__).resolve().parents[3]


def test_every_certificate_says_in_two_languages_that_it_has_no_legal_value(
    authority: DemoAuthority,
) -> None:
    for entity in declaration().entities:
        subject = x509.load_der_x509_certificate(authority.certificate(entity.name)).subject
        words = subject.rfc4514_string()
        assert "KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" in words
        assert "NO LEGAL VALUE" in words


def test_private_files_are_readable_by_their_owner_only(authority: DemoAuthority) -> None:
    keys = list(authority.folder.glob("*.key.pem"))
    assert len(keys) == len(declaration().entities)
    assert all(path.stat().st_mode & 0o077 == 0 for path in keys)
    assert authority.folder.stat().st_mode & 0o077 == 0


def test_processes_that_start_together_share_one_pki(tmp_path: Path) -> None:
    program = (
        "import hashlib, pathlib, sys; sys.path.insert(0, sys.argv[2]);"
        "from signing.demo_pki.authority import DemoAuthority as D;"
        "print(hashlib.sha256(D(pathlib.Path(sys.argv[1]), base_url='http://x').certificate('seal')).hexdigest())"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "pki"), str(ROOT)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = {process.communicate(timeout=120)[0] for process in started}
    assert len(answers) == 1
    assert all(process.returncode == 0 for process in started)


def test_half_made_pki_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        write = creation.write_private

        def killed(path: Path, data: bytes) -> None:
            if path.name == "seal.crt":
                raise KeyboardInterrupt
            write(path, data)

        broken.setattr(creation, "write_private", killed)
        with pytest.raises(KeyboardInterrupt):
            DemoAuthority(tmp_path, base_url="http://x")
    assert (tmp_path / "root.key.pem").exists()
    assert DemoAuthority(tmp_path, base_url="http://x").certificate("seal")
    assert not (tmp_path / "begun").exists()


def test_no_new_authority_is_made_over_keys_that_stand(tmp_path: Path) -> None:
    """A marker lost in copying a folder must not cost every copy that was ever signed."""
    root = DemoAuthority(tmp_path, base_url="http://x").certificate("root")
    (tmp_path / "complete").unlink()
    with pytest.raises(HosoError) as refused:
        DemoAuthority(tmp_path, base_url="http://x")
    assert refused.value.code is ErrorCode.AUTHORITY_UNUSABLE
    assert refused.value.facts["folder"] == str(tmp_path)
    assert (tmp_path / "root.crt").read_bytes() == root


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
@pytest.mark.parametrize("name", ["root.crt", "issuing.key.pem", "revocations.json"])
def test_a_lost_or_damaged_file_of_the_authority_is_named(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    authority = DemoAuthority(tmp_path, base_url="http://x")
    file = tmp_path / name
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_bytes(content)
    elif name == "revocations.json":
        file.mkdir()  # what cannot be read is no empty list
    with pytest.raises(HosoError) as refused:
        authority.trust()
    assert refused.value.code is ErrorCode.AUTHORITY_UNUSABLE
    assert str(refused.value.facts["problem"]).startswith(name)


@pytest.fixture
def years_ago(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DemoAuthority:
    """Signers, seal and OCSP end tomorrow."""
    made = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1094)
    with monkeypatch.context() as patch:
        patch.setattr(creation, "_now", lambda: made)
        return DemoAuthority(tmp_path / "pki", base_url="http://x")


def test_a_demonstration_goes_on_after_three_years_and_its_copies_stay_genuine(
    years_ago: DemoAuthority, content: EcopyContent, issuer: Issuer
) -> None:
    before = demo_issuer(years_ago, clock=issuer.clock).issue(content)
    assert years_ago.renew() == ("officer", "seal", "ocsp")
    assert years_ago.renew() == ()
    again = DemoAuthority(years_ago.folder, base_url="http://x")
    after = demo_issuer(again, clock=issuer.clock).issue(content)
    name, ends = again.ends()
    assert (name in {"officer", "seal", "ocsp"}, ends.date()) == (
        True,
        (datetime.now(UTC) + timedelta(days=1095)).date(),
    )
    for days in (0, 500):
        now = datetime.now(UTC) + timedelta(days=days)
        later = DemoAuthority(years_ago.folder, base_url="http://x", now=lambda now=now: now)
        for copy in (before, after):
            report = verify_own_output(copy.pdf, trust=later.trust(), now=now)
            assert report.genuineness is Genuineness.GENUINE


def test_after_the_end_nothing_is_signed_until_certificates_are_renewed(
    tmp_path: Path, content: EcopyContent, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1200)
    with monkeypatch.context() as patch:
        patch.setattr(creation, "_now", lambda: made)
        ended = DemoAuthority(tmp_path / "pki", base_url="http://x")
    with pytest.raises(HosoError) as refused:
        demo_issuer(ended, clock=issuer.clock).issue(content)
    assert refused.value.code in {ErrorCode.SIGNING_FAILED, ErrorCode.OWN_OUTPUT_NOT_VALID}
    ended.renew()
    assert demo_issuer(ended, clock=issuer.clock).issue(content).pdf


def test_copies_of_before_stay_genuine_when_the_issuing_authority_is_renewed(
    authority: DemoAuthority, issued: IssuedCopy, tmp_path: Path
) -> None:
    folder = shutil.copytree(authority.folder, tmp_path / "pki")
    then = datetime.now(UTC) + timedelta(days=3600)
    later = DemoAuthority(folder, base_url="http://x", now=lambda: then)
    assert "issuing" in later.renew()
    report = verify_own_output(issued.pdf, trust=later.trust(), now=then)
    assert report.genuineness is Genuineness.GENUINE


def test_an_authority_that_has_ended_signs_again_once_it_is_renewed(
    tmp_path: Path, content: EcopyContent, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3660)
    with monkeypatch.context() as patch:
        patch.setattr(creation, "_now", lambda: made)
        ended = DemoAuthority(tmp_path, base_url="http://x")
    assert "issuing" in ended.renew()
    assert demo_issuer(ended, clock=issuer.clock).issue(content).pdf


YEARS_AHEAD = timedelta(days=1500)


def test_what_a_clock_years_ahead_has_renewed_is_renewed_again(
    authority: DemoAuthority, tmp_path: Path, content: EcopyContent, issuer: Issuer
) -> None:
    before = demo_issuer(authority, clock=issuer.clock).issue(content)
    folder = shutil.copytree(authority.folder, tmp_path / "pki")
    then = datetime.now(UTC) + YEARS_AHEAD
    ahead = DemoAuthority(folder, base_url="http://x", now=lambda: then)
    assert ahead.renew() == ("officer", "seal", "ocsp")
    again = DemoAuthority(folder, base_url="http://x")
    assert again.begins()[1].date() == then.date()
    with pytest.raises(HosoError):
        demo_issuer(again, clock=issuer.clock).issue(content)
    assert again.due() == again.renew() == ("officer", "seal", "ocsp")
    assert again.due() == again.renew() == ()
    assert again.begins()[1] <= datetime.now(UTC)
    after = demo_issuer(again, clock=issuer.clock).issue(content)
    now = datetime.now(UTC)
    for copy in (before, after):
        report = verify_own_output(copy.pdf, trust=again.trust(), now=now)
        assert report.genuineness is Genuineness.GENUINE


def test_an_authority_made_by_a_clock_years_ahead_is_renewed_whole(
    tmp_path: Path, content: EcopyContent, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = datetime.now(UTC).replace(microsecond=0) + YEARS_AHEAD
    with monkeypatch.context() as patch:
        patch.setattr(creation, "_now", lambda: then)
        DemoAuthority(tmp_path, base_url="http://x")
    authority = DemoAuthority(tmp_path, base_url="http://x")
    assert authority.renew() == tuple(entity.name for entity in declaration().entities)
    copy = demo_issuer(authority, clock=issuer.clock).issue(content)
    report = verify_own_output(copy.pdf, trust=authority.trust(), now=datetime.now(UTC))
    assert report.genuineness is Genuineness.GENUINE
    assert authority.due() == ()


def test_a_revoked_certificate_gets_no_successor(years_ago: DemoAuthority) -> None:
    years_ago.revoke("officer", at=datetime.now(UTC))
    assert years_ago.renew() == ("seal", "ocsp")


def _pem(authority: DemoAuthority, name: str, folder: Path) -> Path:
    path = folder / f"{name}.pem"
    (folder / f"{name}.crt").write_bytes(authority.certificate(name))
    subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-in", folder / f"{name}.crt", "-out", path],
        check=True,
    )
    return path


def test_openssl_understands_crl_ocsp_and_time_stamps(
    authority: DemoAuthority, tmp_path: Path
) -> None:
    root, issuing = (_pem(authority, name, tmp_path) for name in ("root", "issuing"))
    officer = _pem(authority, "officer", tmp_path)

    (tmp_path / "issuing.crl").write_bytes(authority.crl("issuing"))
    _openssl("crl", "-inform", "DER", "-in", tmp_path / "issuing.crl", "-CAfile", issuing, "-noout")

    _openssl("ocsp", "-issuer", issuing, "-cert", officer, "-reqout", tmp_path / "q")
    (tmp_path / "a").write_bytes(authority.ocsp((tmp_path / "q").read_bytes()))
    answer = _openssl(
        "ocsp", "-issuer", issuing, "-cert", officer, "-respin", tmp_path / "a",
        "-CAfile", root, "-verify_other", issuing, "-no_nonce",
    )  # fmt: skip
    assert "good" in answer

    (tmp_path / "data").write_bytes(b"abc")
    _openssl(
        "ts", "-query", "-data", tmp_path / "data", "-sha256", "-cert", "-out", tmp_path / "tsq"
    )
    (tmp_path / "tsr").write_bytes(authority.timestamp((tmp_path / "tsq").read_bytes()))
    verified = _openssl(
        "ts", "-verify", "-data", tmp_path / "data", "-in", tmp_path / "tsr", "-CAfile", root
    )
    assert "Verification: OK" in verified


def _openssl(*arguments: str | Path) -> str:
    done = subprocess.run(
        ["openssl", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_bad_requests_get_answers_not_exceptions(authority: DemoAuthority) -> None:
    refused = ocsp.load_der_ocsp_response(authority.ocsp(b"nonsense"))
    assert refused.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST
    stranger = (
        ocsp.OCSPRequestBuilder()
        .add_certificate_by_hash(b"\0" * 20, b"\0" * 20, 4711, hashes.SHA1())  # noqa: S303 - CertID
        .build()
    )
    from_stranger = ocsp.load_der_ocsp_response(authority.ocsp(stranger.public_bytes(Encoding.DER)))
    assert from_stranger.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED
    for request in (b"nonsense", b"", b"\x30\x00"):
        status = tsp.PKIStatusInfo.load(_first_part(authority.timestamp(request)))
        assert status["status"].native == "rejection"
    for call in (authority.certificate, authority.crl):
        with pytest.raises(HosoError) as caught:
            call("../officer.key.pem")
        assert caught.value.code is ErrorCode.NOT_FOUND
    with pytest.raises(HosoError):
        authority.crl("officer")


def _first_part(response: bytes) -> bytes:
    return bytes(core.Sequence.load(response)[0].dump())


def test_revoked_officer_cannot_sign(content: EcopyContent, issuer: Issuer, tmp_path: Path) -> None:
    office = DemoAuthority(tmp_path / "pki", base_url="http://x")
    desk = demo_issuer(office, clock=issuer.clock)
    desk.issue(content)
    office.revoke("officer", at=datetime.now(UTC))
    with pytest.raises(HosoError) as caught:
        desk.issue(content)
    assert caught.value.code is ErrorCode.SIGNING_FAILED


def test_desk_that_has_been_open_for_a_month_still_issues(
    content: EcopyContent, authority: DemoAuthority, issuer: Issuer
) -> None:
    # the trust it was opened with holds revocation lists that have expired since
    month_ago = DemoAuthority(
        authority.folder, base_url="", now=lambda: datetime.now(UTC) - timedelta(days=30)
    )
    desk = replace(issuer, trust=month_ago.trust())
    assert desk.issue(content).pdf
