"""An office's own keys, certificates and time-stamping service, as one TOML file names them.

What stands in for the demonstration authority once copies are to count; ``docs/operations.md`` § Real
signatures shows the file.
"""

import stat
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

from asn1crypto import pem
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.timestamps import HTTPTimeStamper

from domain.errors import ErrorCode, HosoError
from domain.ports import Clock
from signing.issue import Issuer
from signing.signatory import KeyFileSignatory, PrivateKey, Signatory
from signing.trust import FetchingRevocationSource, TrustAnchors

if TYPE_CHECKING:  # needs the extra hsm
    from signing.hardware_signatory import Token

_TIMESTAMP_SECONDS = 10
"""A service silent for so long is a failed signature, which the queue tries again."""


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _KeyFile(_Declared):
    file: Path
    password: Path | None = None


class _DeviceKey(_Declared):
    module: Path
    token: str
    label: str
    pin: Path


def _place_of(key: object) -> str:
    return "file" if isinstance(key, dict) and "file" in key else "device"


class _Signatory(_Declared):
    certificate: Path
    key: Annotated[
        Annotated[_KeyFile, Tag("file")] | Annotated[_DeviceKey, Tag("device")],
        Discriminator(_place_of),
    ]


class _Trust(_Declared):
    roots: Annotated[tuple[Path, ...], Field(min_length=1)]
    intermediates: tuple[Path, ...] = ()
    past_seals: tuple[Path, ...] = ()
    crls: tuple[Path, ...] = ()


class _Timestamps(_Declared):
    url: Annotated[str, Field(pattern="^https?://.")]


class _Declaration(_Declared):
    officer: _Signatory
    seal: _Signatory
    trust: _Trust
    timestamps: _Timestamps


class Office:
    """An office that signs in earnest. Its files are read when they are needed, so renewed ones count."""

    def __init__(self, file: Path) -> None:
        """``file`` is the declaration; relative paths in it count from its folder.

        Raises ``config_invalid``.
        """
        self._folder = file.parent
        self._declared = _declaration(file)

    def trust(self) -> TrustAnchors:
        """What verification trusts. Raises ``config_invalid``."""
        trust = self._declared.trust
        seal = self._certificates([self._declared.seal.certificate])[0]
        return TrustAnchors(
            roots=self._certificates(trust.roots),
            intermediates=self._intermediates(),
            crls=tuple(_crl(self._folder / file) for file in trust.crls),
            seals=(seal, *self._certificates(trust.past_seals)),
        )

    def issuer(self, *, clock: Clock) -> Issuer:
        """The desk; revocation data and time stamps are fetched at each signing.

        Raises ``config_invalid``; ``tool_missing`` where a key lies on a device and the extra ``hsm`` is
        not installed. A device is opened when it is first asked to sign.
        """
        declared, trust = self._declared, self.trust()
        signatories = _Signatories(folder=self._folder, chain=trust.intermediates)
        return Issuer(
            officer=signatories.made(declared.officer),
            seal=signatories.made(declared.seal),
            timestamper=HTTPTimeStamper(declared.timestamps.url, timeout=_TIMESTAMP_SECONDS),
            revocation=FetchingRevocationSource(
                roots=trust.roots, intermediates=trust.intermediates
            ),
            # an issuer lives for long and lists age; what it has just fetched and embedded will do
            trust=replace(trust, crls=()),
            clock=clock,
        )

    def _intermediates(self) -> tuple[bytes, ...]:
        """Those declared, and what stands behind a certificate in its own file."""
        declared = self._declared
        files = [one.certificate for one in (declared.officer, declared.seal)]
        behind = [der for file in files for der in self._certificates([file])[1:]]
        return tuple(dict.fromkeys((*self._certificates(declared.trust.intermediates), *behind)))

    def _certificates(self, files: Iterable[Path]) -> tuple[bytes, ...]:
        return tuple(der for file in files for der in _certificates(self._folder / file))


class _Signatories:
    """Makes signatories; those on one token share its session."""

    def __init__(self, *, folder: Path, chain: tuple[bytes, ...]) -> None:
        self._folder = folder
        self._chain = chain
        self._tokens: dict[tuple[Path, str], Token] = {}

    def made(self, declared: _Signatory) -> Signatory:
        """Who signs with the declared key."""
        certificate = _certificates(self._folder / declared.certificate)[0]
        if isinstance(declared.key, _DeviceKey):
            return self._on_device(declared.key, certificate)
        key = _private_key(self._folder, declared.key)
        if x509.load_der_x509_certificate(certificate).public_key() != key.public_key():
            _refuse(f"{declared.key.file}: is not the key of {declared.certificate}")
        return KeyFileSignatory(certificate=certificate, private_key=key, chain=self._chain)

    def _on_device(self, key: _DeviceKey, certificate: bytes) -> Signatory:
        try:
            from signing import hardware_signatory  # noqa: PLC0415  needs the extra hsm
        except ImportError as error:
            raise HosoError(ErrorCode.TOOL_MISSING, tool="python-pkcs11 (hoso[hsm])") from error
        place = (self._folder / key.module, key.token)
        if place not in self._tokens:
            pin = _secret(self._folder / key.pin).decode()
            self._tokens[place] = hardware_signatory.Token(
                module=place[0], label=key.token, pin=pin
            )
        return hardware_signatory.HardwareSignatory(
            token=self._tokens[place],
            key_label=key.label,
            certificate=certificate,
            chain=self._chain,
        )


def _declaration(file: Path) -> _Declaration:
    try:
        return _Declaration.model_validate(tomllib.loads(_bytes(file).decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        _refuse(f"{file}: {error}")
    except ValidationError as error:
        problems = [
            f"{file}: {'.'.join(map(str, item['loc']))}: {item['msg']}"
            for item in error.errors(include_input=False, include_url=False)
        ]
        raise HosoError(ErrorCode.CONFIG_INVALID, problems=problems) from None


def _certificates(file: Path) -> list[bytes]:
    """All certificates of the file, PEM (several in one are fine) or DER; in DER."""
    data = _bytes(file)
    try:
        found = [certificate.dump() for certificate in load_certs_from_pemder_data(data)]
        for der in found:
            x509.load_der_x509_certificate(der)
    except (ValueError, TypeError):
        found = []
    return found or _refuse(f"{file}: no certificate (PEM or DER)")


def _crl(file: Path) -> bytes:
    data = _bytes(file)
    try:
        der = bytes(pem.unarmor(data)[2]) if pem.detect(data) else data
        x509.load_der_x509_crl(der)
    except ValueError:
        _refuse(f"{file}: no revocation list (PEM or DER)")
    return der


def _private_key(folder: Path, declared: _KeyFile) -> PrivateKey:
    password = _secret(folder / declared.password) if declared.password else None
    data = _secret(folder / declared.file)
    try:
        key = serialization.load_pem_private_key(data, password=password)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        _refuse(f"{declared.file}: no private key in PEM, or not with this password")
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        _refuse(f"{declared.file}: neither an RSA key nor one of an elliptic curve")
    return key


def _secret(file: Path) -> bytes:
    """What stands in a file that nobody else may read, without the end of its line."""
    data = _bytes(file)
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        _refuse(f"{file}: readable by others (chmod 600)")
    return data.rstrip(b"\r\n")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        _refuse(f"{file}: {error.strerror}")


def _refuse(problem: str) -> NoReturn:
    raise HosoError(ErrorCode.CONFIG_INVALID, problems=[problem])
