"""A signatory whose key never leaves its device (HSM, token), through PKCS#11.

Needs the optional extra ``hsm``; ``signing.office`` imports this module where a device is declared.
"""

from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from asn1crypto import x509
from pkcs11 import Session
from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.general import SigningError
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
        self._session: Session | None = None
        self._pin_refused = False

    @property
    def session(self) -> Session:
        """An open session, kept.

        Raises ``signing_failed`` when module or token do not serve, ``config_invalid`` for a wrong PIN,
        which is given to the device once: it counts wrong ones, and locks itself.
        """
        if self._pin_refused:
            self._refuse_pin()
        if self._session is None:
            try:
                self._session = open_pkcs11_session(
                    str(self._module),
                    token_criteria=TokenCriteria(label=self._label),
                    user_pin=self._pin,
                )
            except (PinIncorrect, PinLenRange, PinInvalid):
                self._pin_refused = True
                self._refuse_pin()
            except (PKCS11Error, RuntimeError, OSError) as error:
                raise self.failure(error, step="open_token") from error
        return self._session

    def _refuse_pin(self) -> NoReturn:
        raise HosoError(
            ErrorCode.CONFIG_INVALID, problems=[f"token {self._label}: the PIN is wrong"]
        )

    def forget(self) -> None:
        """Log in anew next time: a device that was pulled out or restarted knows our session no more."""
        if self._session is not None:
            with suppress(PKCS11Error):  # it may be gone already, which is why we are here
                self._session.close()
            self._session = None

    def failure(self, error: Exception, *, step: str) -> HosoError:
        """What to raise when the device refuses ``step``."""
        problem = type(error).__name__
        return HosoError(ErrorCode.SIGNING_FAILED, step=step, token=self._label, problem=problem)


class _DeviceSigner(PKCS11Signer):
    """Forgets the session of a device that did not sign."""

    def __init__(
        self, *, token: Token, key_label: str, certificate: bytes, chain: tuple[bytes, ...]
    ) -> None:
        parsed = x509.Certificate.load(certificate)
        super().__init__(
            token.session,
            signing_cert=parsed,
            key_label=key_label,
            ca_chain=[x509.Certificate.load(der) for der in chain],
            other_certs_to_pull=(),
            # many devices sign hashes of elliptic-curve signatures only; RSA devices hash themselves
            use_raw_mechanism=parsed.public_key.algorithm == "ec",
        )
        self._token = token

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - pyHanko's signature
    ) -> bytes:
        """The raw signature. Raises ``SigningError`` when the device fails."""
        try:
            return await super().async_sign_raw(data, digest_algorithm, dry_run)
        except PKCS11Error as error:
            self._token.forget()
            message = f"the device refused: {type(error).__name__}"
            raise SigningError(message) from error


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
        self._signer: _DeviceSigner | None = None

    @property
    def name(self) -> str:
        """Common name of the certificate."""
        return common_name(self._certificate)

    @property
    def signer(self) -> Signer:
        """The pyHanko signer over the token's session. Raises ``signing_failed``."""
        session = self._token.session
        if self._signer is None or self._signer.pkcs11_session is not session:
            made = _DeviceSigner(
                token=self._token,
                key_label=self._key_label,
                certificate=self._certificate,
                chain=self._chain,
            )
            try:
                _ = made.signing_cert  # finds the key, now and not in the midst of a signature
            except PKCS11Error as error:
                self._token.forget()
                raise self._token.failure(error, step="find_key") from error
            self._signer = made
        return self._signer
