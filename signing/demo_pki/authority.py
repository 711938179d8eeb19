"""The demonstration CA at work: revocation lists, OCSP, time stamps, certificates; as bytes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from operator import itemgetter
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from pyhanko_certvalidator import ValidationContext

from domain.errors import ErrorCode, HosoError
from signing.demo_pki.creation import (
    certificate_for,
    ensure_pki,
    locked,
    told_unusable,
    unusable,
    write_private,
)
from signing.demo_pki.declaration import EntityKind, declaration
from signing.signatory import KeyFileSignatory
from signing.timestamping import LocalTimeStamper, TimestampAuthority
from signing.trust import RevocationData, TrustAnchors, offline_context

_REVOCATIONS = "revocations.json"
_CRL_LIFE = timedelta(days=7)
_OCSP_LIFE = timedelta(hours=12)
_CACHE_LIFE = timedelta(minutes=10)
_RENEWED_BEFORE = timedelta(days=180)
_SKEW = timedelta(minutes=1)


class DemoAuthority:
    """Opens (and at first start creates) the demonstration PKI of one home.

    The public methods that answer bytes are what the web app serves under the PKI's base address:
    ``/{name}.crt``, ``/{issuer}.crl``, ``/ocsp``, ``/tsa``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        base_url: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``folder`` is private to this home; ``base_url`` matters at creation; ``now`` dates answers.

        Raises ``authority_unusable``; so does whatever needs a file of the folder that is lost since.
        """
        ensure_pki(folder, base_url=base_url)
        self.folder = folder
        self._base_url = base_url.rstrip("/")
        self._now = now
        self._cached: tuple[datetime, int, RevocationData] | None = None

    # what is served

    def certificate(self, name: str) -> bytes:
        """The certificate of ``name`` in DER. Raises ``not_found`` for a name not declared."""
        if name not in {entity.name for entity in declaration().entities}:
            raise HosoError(ErrorCode.NOT_FOUND, certificate=name)
        with told_unusable(self.folder):
            return (self.folder / f"{name}.crt").read_bytes()

    def crl(self, issuer: str) -> bytes:
        """The revocation list of ``issuer``, made now. Raises ``not_found`` for what is no authority."""
        certificate = self._parsed(issuer)
        if declaration().entity(issuer).kind is not EntityKind.AUTHORITY:
            raise HosoError(ErrorCode.NOT_FOUND, crl=issuer)
        now = self._now().replace(microsecond=0)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(
            self._key(issuer).public_key()
        )
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(certificate.subject)
            .last_update(now - _SKEW)
            .next_update(now + _CRL_LIFE)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(identifier, critical=False)
        )
        for name, revoked_at in self._revocations().items():
            if declaration().entity(name).issuer == issuer:
                entry = (
                    x509.RevokedCertificateBuilder()
                    .serial_number(self._parsed(name).serial_number)
                    .revocation_date(revoked_at)
                    .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
                    .build()
                )
                builder = builder.add_revoked_certificate(entry)
        signed = builder.sign(self._key(issuer), hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)

    def ocsp(self, request_der: bytes) -> bytes:
        """Answer an OCSP request about a certificate of the issuing CA; refusals are answers too."""
        try:
            request = ocsp.load_der_ocsp_request(request_der)
            serial, algorithm = request.serial_number, request.hash_algorithm
        except ValueError:
            return _refused(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        for entity in declaration().entities:
            if (
                entity.kind is EntityKind.SIGNER
                and self._parsed(entity.name).serial_number == serial
            ):
                return self._ocsp_about(entity.name, algorithm)
        return _refused(ocsp.OCSPResponseStatus.UNAUTHORIZED)

    def timestamp(self, request_der: bytes) -> bytes:
        """Answer an RFC 3161 request."""
        return self._timestamp_authority.respond(request_der)

    # what signing and verification take

    def signatory(self, name: str) -> KeyFileSignatory:
        """``officer`` or ``seal``, with its key held in memory."""
        return KeyFileSignatory(
            certificate=self.certificate(name),
            private_key=self._key(name),
            chain=(self.certificate("issuing"),),
        )

    def timestamper(self) -> LocalTimeStamper:
        """Time stamps without a network."""
        return LocalTimeStamper(self._timestamp_authority)

    def trust(self) -> TrustAnchors:
        """What verification trusts: this root, this seal, and the revocations known now.

        No intermediates: each copy carries its own, and of two of one name, as after a renewal, validation
        takes whichever comes first.
        """
        return TrustAnchors(
            roots=(self.certificate("root"),),
            crls=self.revocation_data().crls,
            seals=(self.certificate("seal"), *self._former("seal")),
            demo=True,
        )

    def due(self) -> tuple[str, ...]:
        """What :meth:`renew` takes up: what ends within half a year, and what has not begun.

        That was made when the machine's clock was ahead. The root lasts longer than all of it, so it is
        due in the second case only; a revoked certificate never is.
        """
        now, revoked = self._now(), self._revocations()
        return tuple(
            entity.name
            for entity in declaration().entities
            if entity.name not in revoked
            and (
                _has_not_begun(self._parsed(entity.name), now)
                or (entity.issuer is not None and _ends_soon(self._parsed(entity.name), now))
            )
        )

    def renew(self) -> tuple[str, ...]:
        """New certificates for what is due, for the same names and keys; returns the names.

        The former ones are kept beside them, so that what they signed stays genuine.
        """
        with told_unusable(self.folder), locked(self.folder):
            # an issuer stands before what it issues
            return tuple(name for name in self.due() if self._renewed(name))

    def begins(self) -> tuple[str, datetime]:
        """Which certificate begins last, and when."""
        return max(
            ((name, one.not_valid_before_utc) for name, one in self._all().items()),
            key=itemgetter(1),
        )

    def ends(self) -> tuple[str, datetime]:
        """Which certificate ends first, and when."""
        return min(
            ((name, one.not_valid_after_utc) for name, one in self._all().items()),
            key=itemgetter(1),
        )

    def validation_context(self) -> ValidationContext:
        """Prefetched trust material for a signature (``RevocationSource``)."""
        return offline_context(self.revocation_data())

    def revocation_data(self) -> RevocationData:
        """Fresh lists and answers, kept for ten minutes unless something was revoked meanwhile."""
        now = self._now()
        version = self._revocations_version()
        if self._cached is not None:
            made_at, made_for, data = self._cached
            if made_for == version and now - made_at < _CACHE_LIFE:
                return data
        data = RevocationData(
            roots=(self.certificate("root"),),
            intermediates=(self.certificate("issuing"),),
            crls=(self.crl("root"), self.crl("issuing")),
            ocsps=tuple(
                self._ocsp_about(entity.name, hashes.SHA1())  # noqa: S303 - CertID of RFC 6960, no signature
                for entity in declaration().entities
                if entity.kind is EntityKind.SIGNER
            ),
        )
        self._cached = (now, version, data)
        return data

    def revoke(self, name: str, *, at: datetime) -> None:
        """Revoke the certificate of ``name`` as of ``at`` (drills and tests)."""
        self.certificate(name)
        with locked(self.folder):
            dates = {known: when.isoformat() for known, when in self._revocations().items()}
            dates[name] = at.isoformat()
            write_private(self.folder / _REVOCATIONS, json.dumps(dates).encode())

    # inside

    def _renewed(self, name: str) -> bool:
        former, entity, now = self._parsed(name), declaration().entity(name), self._now()
        made = certificate_for(
            entity,
            key=self._key(name).public_key(),
            issuer_key=self._key(entity.issuer or name),
            issuer=None if entity.issuer is None else self._parsed(entity.issuer),
            base_url=self._base_url,
            now=now.replace(microsecond=0),
        )
        is_longer = made.not_valid_after_utc > former.not_valid_after_utc
        if not is_longer and not _has_not_begun(former, now):
            return False  # its issuer ends too
        kept = self.folder / f"{name}.until-{former.not_valid_after_utc:%Y%m%dT%H%M%S}.crt"
        write_private(kept, self.certificate(name))
        write_private(self.folder / f"{name}.crt", made.public_bytes(serialization.Encoding.DER))
        return True

    def _all(self) -> dict[str, x509.Certificate]:
        return {entity.name: self._parsed(entity.name) for entity in declaration().entities}

    def _former(self, name: str) -> tuple[bytes, ...]:
        with told_unusable(self.folder):
            return tuple(
                file.read_bytes() for file in sorted(self.folder.glob(f"{name}.until-*.crt"))
            )

    @cached_property
    def _timestamp_authority(self) -> TimestampAuthority:
        return TimestampAuthority(
            certificate=self.certificate("tsa"), key=self._key("tsa"), now=self._now
        )

    def _ocsp_about(self, name: str, algorithm: hashes.HashAlgorithm) -> bytes:
        now = self._now().replace(microsecond=0)
        revoked_at = self._revocations().get(name)
        good = revoked_at is None
        responder = self._parsed("ocsp")
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=self._parsed(name),
                issuer=self._parsed("issuing"),
                algorithm=algorithm,
                cert_status=ocsp.OCSPCertStatus.GOOD if good else ocsp.OCSPCertStatus.REVOKED,
                this_update=now - _SKEW,
                next_update=now + _OCSP_LIFE,
                revocation_time=revoked_at,
                revocation_reason=None if good else x509.ReasonFlags.key_compromise,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, responder)
            .certificates([responder])
        )
        signed = builder.sign(self._key("ocsp"), hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)

    def _parsed(self, name: str) -> x509.Certificate:
        try:
            return x509.load_der_x509_certificate(self.certificate(name))
        except ValueError as error:
            raise unusable(self.folder, f"{name}.crt: no certificate (DER)") from error

    def _key(self, name: str) -> ec.EllipticCurvePrivateKey:
        with told_unusable(self.folder):
            pem = (self.folder / f"{name}.key.pem").read_bytes()
        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise unusable(
                self.folder, f"{name}.key.pem: no private key of an elliptic curve (PEM)"
            )
        return key

    def _revocations(self) -> dict[str, datetime]:
        file = self.folder / _REVOCATIONS
        try:
            with told_unusable(self.folder):
                data = json.loads(file.read_bytes()) if file.exists() else {}
            return {name: datetime.fromisoformat(when) for name, when in data.items()}
        except ValueError as error:
            # to take a list that cannot be read for an empty one would forget that a key was stolen
            raise unusable(self.folder, f"{_REVOCATIONS}: not as it was written") from error

    def _revocations_version(self) -> int:
        try:
            return (self.folder / _REVOCATIONS).stat().st_mtime_ns
        except FileNotFoundError:
            return 0


def _has_not_begun(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc > now


def _ends_soon(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_after_utc - now <= _RENEWED_BEFORE


def _refused(status: ocsp.OCSPResponseStatus) -> bytes:
    response = ocsp.OCSPResponseBuilder.build_unsuccessful(status)
    return response.public_bytes(serialization.Encoding.DER)
