"""An office with keys of its own, declared in a file: copies count, and are told so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.sign.timestamps import HTTPTimeStamper

from api.bootstrap import make_issuer
from api.trust import make_trust
from domain.errors import ErrorCode, HosoError
from domain.verification import Genuineness
from signing.composition import EcopyContent
from signing.demo_pki.authority import DemoAuthority
from signing.issue import Issuer
from signing.office import Office
from signing.rehearsal import rehearse
from signing.signatory import CachedKeySigner
from signing.verification import verify_own_output
from storage.settings import Settings
from tests.integration.signing.conftest import ServedPki

DECLARATION = """
[officer]
certificate = "{pki}/officer.crt"
key = {{ file = "{pki}/officer.key.pem" }}

[seal]
certificate = "{pki}/seal.crt"
key = {{ file = "{pki}/seal.key.pem" }}

[trust]
roots = ["{pki}/root.crt"]
intermediates = ["{pki}/issuing.crt"]

[timestamps]
url = "{base}/tsa"
"""


@pytest.fixture
def declared(tmp_path: Path, served: ServedPki) -> Path:
    file = tmp_path / "office.toml"
    file.write_text(DECLARATION.format(pki=served.authority.folder, base=served.base))
    return file


def test_a_copy_of_the_office_is_genuine_and_no_demonstration(
    declared: Path, issuer: Issuer, content: EcopyContent
) -> None:
    office = Office(declared)
    copy = office.issuer(clock=issuer.clock).issue(content)
    report = verify_own_output(copy.pdf, trust=office.trust(), now=datetime.now(UTC))
    assert report.genuineness is Genuineness.GENUINE
    assert not report.demo


def test_another_seal_under_the_same_root_is_not_ours(
    declared: Path, issuer: Issuer, content: EcopyContent
) -> None:
    copy = Office(declared).issuer(clock=issuer.clock).issue(content)
    other = declared.with_name("other.toml")
    other.write_text(declared.read_text().replace("/seal.", "/officer."))
    report = verify_own_output(copy.pdf, trust=Office(other).trust(), now=datetime.now(UTC))
    assert report.genuineness is Genuineness.NOT_GENUINE


def test_seals_of_former_years_stay_known(declared: Path, served: ServedPki) -> None:
    declared.write_text(
        declared.read_text().replace(
            "[trust]", f'[trust]\npast_seals = ["{served.authority.folder}/officer.crt"]'
        )
    )
    certificate = served.authority.certificate
    assert Office(declared).trust().seals == (certificate("seal"), certificate("officer"))


def test_a_renewed_revocation_list_counts_without_a_restart(
    declared: Path, served: ServedPki
) -> None:
    declared.write_text(declared.read_text().replace("[trust]", '[trust]\ncrls = ["ca.crl"]'))
    lists = declared.with_name("ca.crl")
    lists.write_bytes(served.authority.crl("issuing"))
    trust = Office(declared).trust
    first = trust().crls
    lists.write_bytes(served.authority.crl("root"))
    assert trust().crls != first


def test_settings_choose_between_office_and_demonstration(tmp_path: Path, declared: Path) -> None:
    own = Settings(home=tmp_path / "own", signing=declared)
    assert not make_trust(own)().demo
    assert not make_issuer(own).trust.demo
    assert not (tmp_path / "own").exists()
    assert make_trust(Settings(home=tmp_path / "demo"))().demo


def _without(part: str) -> Callable[[str], str]:
    return lambda text: text.replace(part, "")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda text: text + "= 1", "office.toml"),
        (_without("[timestamps]\n"), "timestamps"),
        (lambda text: text.replace("[seal]", "[seal]\ncolour = 1"), "seal.colour"),
        (lambda text: text.replace("officer.crt", "absent.crt"), "absent.crt: No such file"),
        (lambda text: text.replace("officer.crt", "officer.key.pem"), "no certificate"),
        (lambda text: text.replace("officer.key.pem", "seal.key.pem"), "is not the key of"),
        (lambda text: text.replace("officer.key.pem", "officer.crt"), "no private key"),
        (lambda text: text.replace("/root.crt", "/root.key.pem"), "no certificate"),
        (lambda text: text.replace("http://", "ftp://"), "timestamps.url"),
        (
            lambda text: text.replace("[trust]", '[trust]\ncrls = ["office.toml"]'),
            "revocation list",
        ),
        (
            lambda text: text.replace("{ file =", '{ module = "m", token ='),
            "officer.key.device.label: Field required",
        ),
    ],
)
def test_what_does_not_serve_is_told_with_its_place(
    declared: Path, issuer: Issuer, change: Callable[[str], str], problem: str
) -> None:
    declared.write_text(change(declared.read_text()))
    with pytest.raises(HosoError) as caught:
        Office(declared).issuer(clock=issuer.clock)
    assert caught.value.code is ErrorCode.CONFIG_INVALID
    assert problem in " ".join(caught.value.facts["problems"])


def test_a_key_that_others_can_read_is_refused(
    declared: Path, issuer: Issuer, authority: DemoAuthority
) -> None:
    key = declared.with_name("officer.key.pem")
    key.write_bytes((authority.folder / "officer.key.pem").read_bytes())
    key.chmod(0o644)
    text = declared.read_text()
    place = text.partition('key = { file = "')[2].partition('"')[0]
    declared.write_text(text.replace(place, "officer.key.pem"))
    with pytest.raises(HosoError, match="readable by others"):
        Office(declared).issuer(clock=issuer.clock)


def test_a_rehearsal_says_who_signs_and_until_when(declared: Path, issuer: Issuer) -> None:
    officer, seal = rehearse(Office(declared).issuer(clock=issuer.clock), now=datetime.now(UTC))
    assert officer.startswith("Cán bộ chứng thực (DEMO), until 20")
    assert seal.startswith("Con dấu cơ quan (DEMO), until 20")


def test_a_rehearsal_tells_of_an_ending_certificate_and_of_a_silent_service(
    declared: Path, issuer: Issuer
) -> None:
    desk = Office(declared).issuer(clock=issuer.clock)
    with pytest.raises(HosoError) as ending:
        rehearse(desk, now=datetime.now(UTC) + timedelta(days=1090))
    assert ending.value.code is ErrorCode.CONFIG_INVALID
    with pytest.raises(HosoError) as not_begun:
        rehearse(desk, now=datetime.now(UTC) - timedelta(days=1090))
    assert not_begun.value.code is ErrorCode.CONFIG_INVALID
    assert "counts only from" in str(not_begun.value.facts["problems"])
    silent = replace(desk, timestamper=HTTPTimeStamper("http://127.0.0.1:9/tsa"))
    with pytest.raises(HosoError) as away:
        rehearse(silent, now=datetime.now(UTC))
    assert away.value.facts["step"] == "timestamp"


def test_a_rehearsal_tells_of_a_key_that_is_not_the_certificates(
    declared: Path, issuer: Issuer
) -> None:
    desk = Office(declared).issuer(clock=issuer.clock)
    certificate, key = desk.officer.signer.signing_cert, desk.seal.signer
    mixed = CachedKeySigner(certificate=certificate, chain=(), key=key._key)
    with pytest.raises(HosoError) as caught:
        rehearse(replace(desk, officer=_Mixed(mixed)), now=datetime.now(UTC))
    assert caught.value.code is ErrorCode.SIGNING_FAILED
    assert "not that of the certificate" in str(caught.value.facts["problem"])


class _Mixed:
    """A signatory whose device holds somebody else's key."""

    def __init__(self, signer: CachedKeySigner) -> None:
        self.name, self.signer = "officer", signer
