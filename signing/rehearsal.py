"""Would the desk sign now? Keys, certificates and time stamps are tried on bytes that mean nothing."""

import asyncio
import secrets
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from domain.errors import ErrorCode, HosoError
from signing.issue import Issuer
from signing.signatory import Signatory

_NOTICE = timedelta(days=30)
"""An authority needs weeks to renew a certificate."""


def rehearse(issuer: Issuer, *, now: datetime) -> tuple[str, ...]:
    """One line about officer and seal each: name, and until when the certificate lasts.

    Raises ``signing_failed`` where a key does not sign, does not fit its certificate, or no time stamp
    comes; ``config_invalid`` where a certificate has ended, ends within thirty days or has not begun.
    """
    lines = tuple(_tried(signatory, now=now) for signatory in (issuer.officer, issuer.seal))
    _stamped(issuer.timestamper)
    return lines


def _tried(signatory: Signatory, *, now: datetime) -> str:
    signer = signatory.signer
    if signer.signing_cert is None:
        raise _failed(signatory, "no certificate")
    certificate = x509.load_der_x509_certificate(signer.signing_cert.dump())
    ends = certificate.not_valid_after_utc
    if ends - now < _NOTICE:
        problem = f"the certificate of {signatory.name} ends on {ends.date()}"
        raise HosoError(ErrorCode.CONFIG_INVALID, problems=[problem])
    begins = certificate.not_valid_before_utc
    if begins > now:
        problem = f"the certificate of {signatory.name} counts only from {begins.date()} on"
        raise HosoError(ErrorCode.CONFIG_INVALID, problems=[problem])
    data = secrets.token_bytes(64)
    try:
        _check(certificate, asyncio.run(signer.async_sign_raw(data, "sha256")), data)
    except InvalidSignature as error:
        raise _failed(signatory, "the key is not that of the certificate") from error
    except SigningError as error:
        raise _failed(signatory, str(error)) from error
    return f"{signatory.name}, until {ends.date()}"


def _check(certificate: x509.Certificate, signature: bytes, data: bytes) -> None:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    else:
        message = f"keys of this kind are not used: {type(key).__name__}"
        raise SigningError(message)


def _failed(signatory: Signatory, problem: str) -> HosoError:
    return HosoError(
        ErrorCode.SIGNING_FAILED, step="rehearse", signatory=signatory.name, problem=problem
    )


def _stamped(timestamper: TimeStamper) -> None:
    try:
        asyncio.run(timestamper.async_timestamp(secrets.token_bytes(32), "sha256"))
    except (TimestampRequestError, OSError) as error:
        raise HosoError(
            ErrorCode.SIGNING_FAILED, step="timestamp", problem=f"{type(error).__name__}: {error}"
        ) from error
