"""An RFC 3161 time-stamping authority in process, and its adapter to pyHanko."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar

from asn1crypto import cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.timestamps.api import TimeStamper

_POLICY = "2.25.174183541985736150236905402938457132001"
"""A UUID-based object identifier for the demonstration policy; belongs to nobody else."""
_DIGEST = "sha256"
_ACCEPTED_DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
_SERIAL_BITS = 127


class TimestampAuthority:
    """Answers time-stamp requests with one P-256 key."""

    def __init__(
        self,
        *,
        certificate: bytes,
        key: ec.EllipticCurvePrivateKey,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``certificate`` is DER and carries the critical time-stamping purpose."""
        self._now = now
        self._certificate = x509.Certificate.load(certificate)
        self._key = key

    def respond(self, request_der: bytes) -> bytes:
        """The DER response; a request that cannot be granted gets a rejection, never an exception."""
        try:
            request = tsp.TimeStampReq.load(request_der, strict=True)
            imprint = request["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            length = len(imprint["hashed_message"].native)
            wants_certificate = bool(request["cert_req"].native)
        except (ValueError, TypeError, KeyError):
            return _rejection("bad_data_format")
        if _ACCEPTED_DIGESTS.get(algorithm) != length:
            return _rejection("bad_alg")
        return bytes(self.granted(request, wants_certificate=wants_certificate).dump())

    def granted(self, request: tsp.TimeStampReq, *, wants_certificate: bool) -> tsp.TimeStampResp:
        """A signed token over the imprint of ``request`` at the present time."""
        now = self._now()
        info = {
            "version": "v1",
            "policy": _POLICY,
            "message_imprint": request["message_imprint"],
            "serial_number": secrets.randbits(_SERIAL_BITS),
            "gen_time": now.replace(microsecond=0),
            "accuracy": {"seconds": 1},
            "tsa": x509.GeneralName("directory_name", self._certificate.subject),
        }
        if request["nonce"].native is not None:
            info["nonce"] = request["nonce"]
        content = tsp.TSTInfo(info).dump()
        attributes = self._signed_attributes(content, now)
        signature = self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))
        return tsp.TimeStampResp(
            {
                "status": {"status": "granted"},
                "time_stamp_token": cms.ContentInfo(
                    {
                        "content_type": "signed_data",
                        "content": self._signed_data(
                            content, attributes, signature, wants_certificate=wants_certificate
                        ),
                    }
                ),
            }
        )

    def _signed_attributes(self, content: bytes, now: datetime) -> cms.CMSAttributes:
        digest = hashlib.new(_DIGEST, content).digest()
        return cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(now)})),
                simple_cms_attribute(
                    "signing_certificate_v2", as_signing_certificate_v2(self._certificate)
                ),
                simple_cms_attribute("message_digest", digest),
            ]
        )

    def _signed_data(
        self,
        content: bytes,
        attributes: cms.CMSAttributes,
        signature: bytes,
        *,
        wants_certificate: bool,
    ) -> cms.SignedData:
        signer = cms.IssuerAndSerialNumber(
            {
                "issuer": self._certificate.issuer,
                "serial_number": self._certificate.serial_number,
            }
        )
        data = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": _DIGEST}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": cms.ParsableOctetString(content),
            },
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": cms.SignerIdentifier("issuer_and_serial_number", signer),
                    "digest_algorithm": {"algorithm": _DIGEST},
                    "signature_algorithm": {"algorithm": f"{_DIGEST}_ecdsa"},
                    "signed_attrs": attributes,
                    "signature": signature,
                }
            ],
        }
        if wants_certificate:
            # the signer's certificate only: nothing unsigned should ride along in a token
            data["certificates"] = [self._certificate]
        return cms.SignedData(data)


class LocalTimeStamper(TimeStamper):
    """Lets pyHanko ask a :class:`TimestampAuthority` without a network."""

    def __init__(self, authority: TimestampAuthority) -> None:
        """Every token comes from ``authority``."""
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]
        self._authority = authority

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Answer at once; pyHanko checks nonce and status."""
        return self._authority.granted(req, wants_certificate=True)


class _Refusal(core.Sequence):  # type: ignore[misc]  # asn1crypto ships no types
    """A response without a token, which asn1crypto's own type cannot express (RFC 3161 § 2.4.2)."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo)]


def _rejection(failure: str) -> bytes:
    return bytes(_Refusal({"status": {"status": "rejection", "fail_info": {failure}}}).dump())
