"""Two PAdES signatures: the officer certifies (B-LT), the agency seals (B-LTA)."""

import io
import logging
from dataclasses import dataclass, replace

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSignatureMetadata,
    PdfSigner,
    SigDSSPlacementPreference,
)
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.errors import ValidationError

from domain.errors import ErrorCode, HosoError
from signing.signatory import Signatory
from signing.trust import RevocationSource

OFFICER_FIELD = "OfficerCertification"
SEAL_FIELD = "AgencySeal"
_DIGEST = "sha256"

# pyHanko warns at every signature that prefetched data excludes fetching; that is our intent
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)


class PdfA2Signer(PdfSigner):
    """Keeps the file within PDF 1.7: for NIST curves pyHanko sets /Version 2.0, which PDF/A-2 forbids."""

    def register_extensions(
        self,
        pdf_out: BasePdfFileWriter,
        *,
        md_algorithm: str,  # noqa: ARG002 - pyHanko's signature
    ) -> None:
        """Declare the PAdES extension of PDF 1.7 and nothing newer."""
        pdf_out.ensure_output_version(version=(1, 7))
        pdf_out.register_extension(ESIC_EXTENSION_1)


@dataclass(frozen=True, kw_only=True)
class SignaturePolicy:
    """What the signatures say of themselves."""

    reason: str
    agency: str


def sign(
    pdf: bytes,
    *,
    officer: Signatory,
    seal: Signatory,
    timestamper: TimeStamper,
    revocation: RevocationSource,
    policy: SignaturePolicy,
) -> bytes:
    """The signed copy. Raises ``signing_failed`` when a key, a stamp or revocation data fails us.

    The seal's field is made before the officer certifies (DocMDP P=2), so that sealing fills a form
    and changes nothing else. Both fields are invisible: the printed block says what they would show.
    """
    try:
        return _sign(
            pdf,
            officer=officer,
            seal=seal,
            timestamper=timestamper,
            revocation=revocation,
            policy=policy,
        )
    except (
        SigningError,
        TimestampRequestError,
        ValidationError,
        PdfError,
        OSError,
        ValueError,
    ) as error:
        raise HosoError(
            ErrorCode.SIGNING_FAILED, step="sign", problem=f"{type(error).__name__}: {error}"
        ) from error


def _sign(
    pdf: bytes,
    *,
    officer: Signatory,
    seal: Signatory,
    timestamper: TimeStamper,
    revocation: RevocationSource,
    policy: SignaturePolicy,
) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for name in (OFFICER_FIELD, SEAL_FIELD):
        fields.append_signature_field(writer, SigFieldSpec(name, on_page=0))
    common = _metadata(revocation, policy)
    certified = PdfA2Signer(
        replace(
            common,
            field_name=OFFICER_FIELD,
            name=officer.name,
            certify=True,
            docmdp_permissions=MDPPerm.FILL_FORMS,
        ),
        officer.signer,
        timestamper=timestamper,
    ).sign_pdf(writer, existing_fields_only=True)
    sealed = PdfA2Signer(
        replace(common, field_name=SEAL_FIELD, name=policy.agency, use_pades_lta=True),
        seal.signer,
        timestamper=timestamper,
    ).sign_pdf(IncrementalPdfFileWriter(certified), existing_fields_only=True)
    return bytes(sealed.getvalue())


def _metadata(revocation: RevocationSource, policy: SignaturePolicy) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        reason=policy.reason,
        md_algorithm=_DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=True,
        validation_context=revocation.validation_context(),
        dss_settings=DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        ),
    )
