"""Secrets of the embedded servers, generated at the first start; files 0600 in folders 0700.

Object Lock lives only in the S3 gateway of SeaweedFS: whoever reaches its filer or its gRPC ports
could delete locked objects. JWT keys close the HTTP side and mutual TLS closes the gRPC side, so
both are made here before the store is started for the first time.
"""

import json
import secrets
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from storage.embedded.home import Home, write_private

_GRPC_ROLES = (
    "volume",
    "master",
    "filer",
    "s3",
    "client",
    "msg_broker",
    "admin",
    "worker",
    "mq",
)
_JWT_SECTIONS = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
_CERTIFICATE_YEARS = 30  # loopback only, never leaves the machine; renewal would need a restart


def secret(home: Home, name: str, *, size: int = 32) -> str:
    """The secret ``name``, made at the first call: ``size`` random bytes as URL-safe text."""
    path = home.secrets / name
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        value = secrets.token_urlsafe(size)
        write_private(path, value.encode("ascii"))
        return value


def database_password(home: Home) -> str:
    """Password of the role that Hoso works as."""
    return secret(home, "postgres-password")


def superuser_password(home: Home) -> str:
    """Password of the database superuser; used only to create role and database."""
    return secret(home, "postgres-superuser-password")


def s3_keys(home: Home) -> tuple[str, str]:
    """Access key and secret key of the embedded object store."""
    return secret(home, "s3-access-key", size=15), secret(home, "s3-secret-key", size=30)


def prepare_object_store_security(home: Home) -> None:
    """Write ``security.toml``, ``s3.json`` and the certificates beside the store's data, once.

    All paths in them are relative to ``home.objects`` (the store's working folder), so that spaces,
    commas and a later move of the home do no harm.
    """
    access_key, secret_key = s3_keys(home)
    identity = {
        "identities": [
            {
                "name": "hoso",
                "credentials": [{"accessKey": access_key, "secretKey": secret_key}],
                "actions": ["Admin", "Read", "Write", "List", "Tagging"],
            }
        ]
    }
    write_private(home.objects / "s3.json", json.dumps(identity, indent=1).encode())
    # written last: a crash before this line makes everything anew
    security = home.objects / "security.toml"
    if not security.exists():
        _make_certificates(home.objects)
        write_private(security, _security_toml().encode("ascii"))


def _security_toml() -> str:
    lines: list[str] = []
    for section in _JWT_SECTIONS:
        lines += [f"[{section}]", f'key = "{secrets.token_hex(32)}"', ""]
    lines += ["[grpc]", 'ca = "ca.crt"', ""]
    for role in _GRPC_ROLES:
        lines += [f"[grpc.{role}]", 'cert = "node.crt"', 'key = "node.key"', ""]
    return "\n".join(lines)


def _make_certificates(folder: Path) -> None:
    """One CA (its key is thrown away) and one node certificate for server and client use."""
    now = datetime.now(UTC) - timedelta(minutes=5)
    end = now + timedelta(days=365 * _CERTIFICATE_YEARS)
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hoso object store CA")])
    ca = (
        x509.CertificateBuilder()
        .subject_name(ca_name)
        .issuer_name(ca_name)
        .public_key(ca_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    node_key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName(
        [x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("localhost")]
    )
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    node = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hoso-node")]))
        .issuer_name(ca_name)
        .public_key(node_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(end)
        .add_extension(names, critical=False)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    write_private(folder / "ca.crt", ca.public_bytes(pem))
    write_private(folder / "node.crt", node.public_bytes(pem))
    key_bytes = node_key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(folder / "node.key", key_bytes)
