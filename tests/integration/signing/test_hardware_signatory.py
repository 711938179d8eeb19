"""Officer and seal with keys in a token (SoftHSM2): the copy is as genuine as with key files."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.errors import ErrorCode, HosoError
from signing.composition import EcopyContent
from signing.demo_pki.authority import DemoAuthority
from signing.issue import Issuer

pytest.importorskip("pkcs11", reason="the optional extra hsm is not installed")

from pyhanko.sign.pkcs11 import open_pkcs11_session

from signing.hardware_signatory import HardwareSignatory, Token

MODULES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory, authority: DemoAuthority) -> Path:
    found = [path for path in MODULES if path.is_file()]
    if not found or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM2 is not installed (apt: softhsm2)")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(config))
        _util("--init-token", "--free", "--label", "office", "--so-pin", "1234", "--pin", "5678")
        for number, name in enumerate(("officer", "seal"), start=1):
            _util(
                "--import", str(authority.folder / f"{name}.key.pem"), "--token", "office",
                "--label", name, "--id", f"0{number}", "--pin", "5678",
            )  # fmt: skip
        yield found[0]


def _util(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def token(module: Path) -> Token:
    """A process logs in once per token."""
    return Token(module=module, label="office", pin="5678")


def _signatory(token: Token, authority: DemoAuthority, name: str) -> HardwareSignatory:
    return HardwareSignatory(
        token=token,
        key_label=name,
        certificate=authority.certificate(name),
        chain=(authority.certificate("issuing"),),
    )


def test_a_missing_token_is_a_signing_failure(
    module: Path, authority: DemoAuthority, issuer: Issuer, content: EcopyContent
) -> None:
    other = Token(module=module, label="other", pin="5678")
    with pytest.raises(HosoError) as caught:
        replace(issuer, officer=_signatory(other, authority, "officer")).issue(content)
    assert caught.value.code is ErrorCode.SIGNING_FAILED


def test_a_wrong_pin_is_given_to_the_device_once_and_never_told(
    module: Path,
    authority: DemoAuthority,
    issuer: Issuer,
    content: EcopyContent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = []

    def counted(*arguments: Any, **named: Any) -> Any:
        given.append(named["user_pin"])
        return open_pkcs11_session(*arguments, **named)

    monkeypatch.setattr("signing.hardware_signatory.open_pkcs11_session", counted)
    wrong = Token(module=module, label="office", pin="9999")
    desk = replace(issuer, officer=_signatory(wrong, authority, "officer"))
    for _ in range(2):
        with pytest.raises(HosoError) as caught:
            desk.issue(content)
        assert caught.value.code is ErrorCode.CONFIG_INVALID
        assert "9999" not in str(caught.value)
    assert given == ["9999"]


def test_copy_signed_by_a_token_is_issued_after_our_own_check(
    token: Token, authority: DemoAuthority, issuer: Issuer, content: EcopyContent
) -> None:
    desk = replace(
        issuer,
        officer=_signatory(token, authority, "officer"),
        seal=_signatory(token, authority, "seal"),
    )
    copy = desk.issue(content)
    assert copy.signer_name == "Cán bộ chứng thực (DEMO)"
    assert desk.issue(content).sha256 != copy.sha256


def test_a_device_that_lost_our_session_signs_again_after_one_refusal(
    token: Token, authority: DemoAuthority, issuer: Issuer, content: EcopyContent
) -> None:
    desk = replace(issuer, seal=_signatory(token, authority, "seal"))
    assert desk.issue(content).pdf
    token.session.close()
    with pytest.raises(HosoError) as caught:
        desk.issue(content)
    assert caught.value.code is ErrorCode.SIGNING_FAILED
    assert desk.issue(content).pdf


def test_a_key_that_is_not_on_the_token_is_a_signing_failure(
    token: Token, authority: DemoAuthority, issuer: Issuer, content: EcopyContent
) -> None:
    absent = HardwareSignatory(
        token=token, key_label="nobody", certificate=authority.certificate("seal"), chain=()
    )
    with pytest.raises(HosoError) as caught:
        replace(issuer, seal=absent).issue(content)
    assert caught.value.code is ErrorCode.SIGNING_FAILED
    assert caught.value.facts["step"] == "find_key"
