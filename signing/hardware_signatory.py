"""A signatory whose key never leaves its device (HSM, token), through PKCS#11.

Needs the optional extra ``hsm``; nothing else imports this module.
"""

from functools import cached_property
from pathlib import Path

from asn1crypto import x509
from pkcs11 import Session
from pkcs11.exceptions import PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer

from domain.errors import ErrorCode, HosoError
from signing.signatory import common_name


class Token:
    """One token of a PKCS#11 module. A process logs in once per token; all its signatories share that."""

    def __init__(self, *, module: Path, label: str, pin: str) -> None:
        """``module`` is the vendor's library."""
        self._module = module
        self._label = label
        self._pin = pin

    @cached_property
    def session(self) -> Session:
        """An open session, kept. Raises ``signing_failed`` when module, token or PIN do not serve."""
        try:
            return open_pkcs11_session(
                str(self._module),
                token_criteria=TokenCriteria(label=self._label),
                user_pin=self._pin,
            )
        except (PKCS11Error, RuntimeError, OSError) as error:
            raise HosoError(
                ErrorCode.SIGNING_FAILED,
                step="open_token",
                token=self._label,
                problem=type(error).__name__,
            ) from error


class HardwareSignatory:
    """Signs with the key labelled ``key_label`` on ``token``; the token is opened when first needed."""

    def __init__(
        self, *, token: Token, key_label: str, certificate: bytes, chain: tuple[bytes, ...]
    ) -> None:
        """``certificate`` and ``chain`` (its issuers) are DER."""
        self._token = token
        self._key_label = key_label
        self._certificate = certificate
        self._chain = chain

    @property
    def name(self) -> str:
        """Common name of the certificate."""
        return common_name(self._certificate)

    @cached_property
    def signer(self) -> Signer:
        """The pyHanko signer over the token's session. Raises ``signing_failed``."""
        certificate = x509.Certificate.load(self._certificate)
        return PKCS11Signer(
            self._token.session,
            signing_cert=certificate,
            key_label=self._key_label,
            ca_chain=[x509.Certificate.load(der) for der in self._chain],
            # many devices sign hashes of elliptic-curve signatures only; RSA devices hash themselves
            use_raw_mechanism=certificate.public_key.algorithm == "ec",
        )
