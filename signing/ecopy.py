"""What a certified electronic copy is made of, before and after it is signed."""

from dataclasses import dataclass
from datetime import datetime

from domain.certificate import Regime
from domain.form import FormCode
from domain.geometry import Box


@dataclass(frozen=True, kw_only=True)
class TextLine:
    """A line of text and where it stands, in pixels of its page."""

    text: str
    box: Box


@dataclass(frozen=True, kw_only=True)
class EcopyPage:
    """One scanned page: the JPEG goes into the copy byte for byte, at 100 % scale."""

    jpeg: bytes
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    dpi: int
    lines: tuple[TextLine, ...] = ()
    """Text as read and certified; becomes the invisible, searchable layer."""


@dataclass(frozen=True, kw_only=True)
class EcopyContent:
    """Everything known of a copy when it is approved; time and signer come with the signature."""

    pages: tuple[EcopyPage, ...]
    form: FormCode
    """Kind of paper; its printed name stands in ``wording.toml``."""
    agency_name: str
    """The certifying agency as it is printed."""
    regime: Regime
    number: int
    """Running number in the certification register of ``year``."""
    year: int
    code: str
    """Public verification code (``signing.code``)."""
    verification_url: str
    """Public page of this code; holds no personal data."""
    document_id: str
    """Stands in for the dossier code (mã hồ sơ) where the portal has given none."""
    dossier_code: str | None = None
    procedure_code: str | None = None
    person_identifier: str | None = None
    """Personal number of the subject; only a masked form is printed."""


@dataclass(frozen=True, kw_only=True)
class SigningFacts:
    """What the signature adds to the printed words."""

    signed_at: datetime
    signer: str
    demo: bool
    """Signed under the demonstration CA: every copy says that it has no legal value."""


@dataclass(frozen=True, kw_only=True)
class IssuedCopy:
    """A signed copy that passed our own verification."""

    pdf: bytes
    sha256: str
    signed_at: datetime
    """The time printed on the copy and claimed by the officer's signature, UTC."""
    signer_name: str
