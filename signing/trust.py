"""Whom we trust: roots for verification, and fresh revocation data for signing."""

from dataclasses import dataclass
from typing import Protocol

from asn1crypto import crl, ocsp, x509
from cryptography.x509 import load_der_x509_certificate, load_der_x509_crl
from pyhanko_certvalidator import ValidationContext


@dataclass(frozen=True, kw_only=True)
class TrustAnchors:
    """Trust of a verification; all certificates and lists in DER."""

    roots: tuple[bytes, ...]
    """Self-signed certificates; signers and time-stamping authorities must chain to one of them."""
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    """Fresh revocation lists: they tell of a key stolen before a copy was signed."""
    seals: tuple[bytes, ...] = ()
    """Seal certificates of the agencies we know, past ones included. Where given, no other seal will do:
    under a national root many people hold certificates, few of them the seal of an office."""
    demo: bool = False
    """The roots are the demonstration CA: genuine, and yet of no legal value."""

    @property
    def is_usable(self) -> bool:
        """Whether there is a root, and everything given can be read: otherwise nothing can be judged."""
        try:
            for der in (*self.roots, *self.intermediates, *self.seals):
                load_der_x509_certificate(der)
            for der in self.crls:
                load_der_x509_crl(der)
        except ValueError:
            return False
        return bool(self.roots)


@dataclass(frozen=True, kw_only=True)
class RevocationData:
    """Certificates and revocation data that a signature embeds for the long term (DER)."""

    roots: tuple[bytes, ...]
    intermediates: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    ocsps: tuple[bytes, ...]


class RevocationSource(Protocol):
    """Where signing gets the trust material that it embeds."""

    def validation_context(self) -> ValidationContext:
        """A context that can validate officer, seal and time-stamping authority at this moment."""
        ...


def offline_context(data: RevocationData) -> ValidationContext:
    """A context over prefetched data that never opens a connection; a missing answer is a failure."""
    return ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in data.roots],
        other_certs=[x509.Certificate.load(der) for der in data.intermediates],
        crls=[crl.CertificateList.load(der) for der in data.crls],
        ocsps=[ocsp.OCSPResponse.load(der) for der in data.ocsps],
        allow_fetching=False,
        revocation_mode="require",
    )


@dataclass(frozen=True, kw_only=True)
class FetchingRevocationSource:
    """Asks the real CA's OCSP and CRL addresses at each signing, as its certificates name them."""

    roots: tuple[bytes, ...]
    intermediates: tuple[bytes, ...] = ()

    def validation_context(self) -> ValidationContext:
        """A context that fetches what it needs."""
        return ValidationContext(
            trust_roots=[x509.Certificate.load(der) for der in self.roots],
            other_certs=[x509.Certificate.load(der) for der in self.intermediates],
            allow_fetching=True,
            revocation_mode="require",
        )
