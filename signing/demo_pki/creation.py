"""Making the demonstration PKI once, however many processes start together."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from domain.errors import ErrorCode, HosoError
from signing.demo_pki.declaration import Declaration, Entity, EntityKind, declaration

_COMPLETE = "complete"
"""Empty file written last."""
_BEGUN = "begun"
"""Empty file written first: with it and without ``complete`` a folder is half made and is made again."""
_BACKDATED = timedelta(minutes=5)
"""Certificates start a little in the past, so that a clock slightly behind accepts them."""


def ensure_pki(folder: Path, *, base_url: str) -> None:
    """Create keys and certificates in ``folder`` unless they stand there; safe to call at once.

    ``base_url`` is the public address under which the web app serves ``/{name}.crt``,
    ``/{issuer}.crl`` and ``/ocsp``; it is written into the certificates.

    Raises ``authority_unusable`` where the folder is not ours to use, and where keys stand in it that no
    interrupted start has left: copies may have been signed with them, which new ones would make foreign.
    """
    with told_unusable(folder), locked(folder):
        if (folder / _COMPLETE).exists():
            return
        if not (folder / _BEGUN).exists():
            if any(folder.glob("*.key.pem")):
                raise unusable(folder, f"{_COMPLETE}: No such file or directory")
            write_private(folder / _BEGUN, b"")
        _create(folder, base_url.rstrip("/"))
        write_private(folder / _COMPLETE, b"")
        (folder / _BEGUN).unlink()


@contextmanager
def told_unusable(folder: Path) -> Iterator[None]:
    """Files of ``folder`` that are lost, damaged or not ours to read become ``authority_unusable``."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
            raise  # the disk is full or read-only: nothing is wrong with the keys
        name = Path(str(error.filename or folder)).name
        raise unusable(folder, f"{name}: {error.strerror}") from error


def unusable(folder: Path, problem: str) -> HosoError:
    """The refusal to work with ``folder`` as it stands."""
    return HosoError(ErrorCode.AUTHORITY_UNUSABLE, folder=str(folder), problem=problem)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; other processes wait."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_private(path: Path, data: bytes) -> None:
    """Write ``data`` readable by the owner only, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _create(folder: Path, base_url: str) -> None:
    declared = declaration()
    keys: dict[str, ec.EllipticCurvePrivateKey] = {}
    certificates: dict[str, x509.Certificate] = {}
    for entity in declared.entities:
        keys[entity.name] = ec.generate_private_key(ec.SECP256R1())
        issuer = entity.issuer or entity.name
        certificates[entity.name] = certificate_for(
            entity,
            key=keys[entity.name].public_key(),
            issuer_key=keys[issuer],
            issuer=certificates.get(issuer),
            base_url=base_url,
            now=_now(),
        )
    for name, key in keys.items():
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        write_private(folder / f"{name}.key.pem", secret)
        certificate = certificates[name].public_bytes(serialization.Encoding.DER)
        write_private(folder / f"{name}.crt", certificate)


def certificate_for(
    entity: Entity,
    *,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    base_url: str,
    now: datetime,
) -> x509.Certificate:
    """A certificate from ``now`` on, for as long as is declared and no longer than that of its ``issuer``."""
    subject = _subject(declaration(), entity)
    ends = now + timedelta(days=entity.days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(ends if issuer is None else min(ends, issuer.not_valid_after_utc))
    )
    builder = _with_extensions(builder, entity, key=key, issuer_key=issuer_key.public_key())
    return _with_addresses(builder, entity, base_url).sign(issuer_key, hashes.SHA256())


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _subject(declared: Declaration, entity: Entity) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, declared.country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, declared.organization),
            x509.NameAttribute(NameOID.COMMON_NAME, entity.common_name),
        ]
    )


def _with_extensions(
    builder: x509.CertificateBuilder,
    entity: Entity,
    *,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    is_authority = entity.kind is EntityKind.AUTHORITY
    length = 0 if is_authority and entity.issuer else None
    builder = (
        builder.add_extension(x509.BasicConstraints(is_authority, length), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False
        )
        .add_extension(_key_usage(entity.kind), critical=True)
    )
    if entity.kind is EntityKind.OCSP_RESPONDER:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
        # the responder's own revocation is not asked for (RFC 6960 § 4.2.2.2.1)
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        return builder.add_extension(purpose, critical=False)
    if entity.kind is EntityKind.TIMESTAMP_AUTHORITY:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        # RFC 3161 § 2.3: the only purpose, and critical
        return builder.add_extension(purpose, critical=True)
    return builder


def _key_usage(kind: EntityKind) -> x509.KeyUsage:
    is_authority = kind is EntityKind.AUTHORITY
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=kind is EntityKind.SIGNER,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _with_addresses(
    builder: x509.CertificateBuilder, entity: Entity, base_url: str
) -> x509.CertificateBuilder:
    """Where revocation and issuer are found; none for the root and the OCSP responder."""
    if entity.issuer is None or entity.kind is EntityKind.OCSP_RESPONDER:
        return builder
    revocations = x509.UniformResourceIdentifier(f"{base_url}/{entity.issuer}.crl")
    builder = builder.add_extension(
        x509.CRLDistributionPoints([x509.DistributionPoint([revocations], None, None, None)]),
        critical=False,
    )
    access = [
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS,
            x509.UniformResourceIdentifier(f"{base_url}/{entity.issuer}.crt"),
        )
    ]
    if entity.kind is EntityKind.SIGNER:
        access.insert(
            0,
            x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP,
                x509.UniformResourceIdentifier(f"{base_url}/ocsp"),
            ),
        )
    return builder.add_extension(x509.AuthorityInformationAccess(access), critical=False)
