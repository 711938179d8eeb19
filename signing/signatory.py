"""Who signs: the port, and the implementation over key files."""

from typing import Protocol

from asn1crypto import keys, x509
from cryptography import x509 as parsed_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Signatory(Protocol):
    """A person or an agency with a key; where the key lives is the implementation's business."""

    @property
    def name(self) -> str:
        """Name in the certificate, as it is printed on copies."""
        ...

    @property
    def signer(self) -> Signer:
        """The pyHanko signer over this key; cheap to ask for repeatedly."""
        ...


class CachedKeySigner(SimpleSigner):
    """Signs with an already loaded key: pyHanko 0.38 parses (RSA: re-validates) it at every use."""

    def __init__(
        self, *, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...], key: PrivateKey
    ) -> None:
        """``chain`` are the issuers to embed beside ``certificate``."""
        store = SimpleCertificateStore()
        store.register_multiple(chain)
        der = key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        super().__init__(
            signing_cert=certificate,
            signing_key=keys.PrivateKeyInfo.load(der),
            cert_registry=store,
        )
        self._key = key

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002 - pyHanko's signature
    ) -> bytes:
        """The raw signature; a dry run only needs its greatest size."""
        if dry_run:
            return bytes(_greatest_size(self._key))
        algorithm = _HASHES[digest_algorithm]()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data, ec.ECDSA(algorithm))


class KeyFileSignatory:
    """A signatory whose key was read from a file; for the demonstration PKI and small offices."""

    def __init__(
        self, *, certificate: bytes, private_key: PrivateKey, chain: tuple[bytes, ...]
    ) -> None:
        """``certificate`` and ``chain`` (its issuers) are DER."""
        self._name = common_name(certificate)
        self._signer = CachedKeySigner(
            certificate=x509.Certificate.load(certificate),
            chain=tuple(x509.Certificate.load(der) for der in chain),
            key=private_key,
        )

    @property
    def name(self) -> str:
        """Common name of the certificate."""
        return self._name

    @property
    def signer(self) -> Signer:
        """Always the same object."""
        return self._signer


def common_name(certificate: bytes) -> str:
    """The subject's common name of a DER certificate, or its whole subject where it has none."""
    subject = parsed_x509.load_der_x509_certificate(certificate).subject
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else subject.rfc4514_string()


def _greatest_size(key: PrivateKey) -> int:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.key_size // 8
    # two integers of the curve's size with a sign byte, each in DER, within a DER sequence
    return 2 * ((key.key_size + 7) // 8) + 10
