"""The certified e-copy and its entry in the certification register."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Regime(StrEnum):
    """Which law the copy follows; wording of each is configuration (``signing/wording``)."""

    CERTIFIED_COPY = "certified_copy"
    """Chứng thực bản sao điện tử từ bản chính, NĐ 45/2020 Art. 10."""
    OFFICE_COPY = "office_copy"
    """Sao y, NĐ 30/2020."""


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """One register entry. ``number`` runs per agency and year without gaps, also over revoked copies."""

    code: str
    """Public verification code (QR): random, not guessable, says nothing of the person."""
    document_id: str
    agency_id: str
    year: int
    number: int
    regime: Regime
    sha256: str
    """Of the signed PDF; also its key in the object store."""
    object_version: str | None
    """Version id of the locked object, where the store has versions."""
    retain_until: datetime
    signer_name: str
    signed_at: datetime
    revoked_at: datetime | None = None
    revoked_reason: str | None = None
    """In words, for staff: it may name people, so it is not shown in public."""
