"""A document on its way through the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.errors import ErrorCode, HosoError
from domain.record import Record
from domain.verdict import Verdict


class DocumentState(StrEnum):
    """Where a document is; moves only by fenced update (``where id = … and state = …``)."""

    RECEIVED = "received"
    """Original stored, waiting to be read."""
    READ = "read"
    """Fields extracted, waiting to be matched."""
    REVIEW = "review"
    """A person must decide; no job waits meanwhile."""
    VERIFIED = "verified"
    """Everything agrees, or an officer accepted it: may be certified."""
    CERTIFYING = "certifying"
    """Waiting to be signed."""
    CERTIFIED = "certified"
    """The e-copy is signed, checked, locked and registered; back to review when it is revoked."""
    REJECTED = "rejected"
    """An officer refused it, with a reason."""
    FAILED = "failed"
    """A step could not be done; ``problem`` says why."""


NEXT_STATES: dict[DocumentState, frozenset[DocumentState]] = {
    DocumentState.RECEIVED: frozenset({DocumentState.READ, DocumentState.FAILED}),
    DocumentState.READ: frozenset(
        {DocumentState.REVIEW, DocumentState.VERIFIED, DocumentState.FAILED}
    ),
    DocumentState.REVIEW: frozenset(
        # to itself: matched again, with other verdicts
        {
            DocumentState.READ,
            DocumentState.REVIEW,
            DocumentState.VERIFIED,
            DocumentState.REJECTED,
        }
    ),
    DocumentState.VERIFIED: frozenset(
        {
            DocumentState.VERIFIED,
            DocumentState.REVIEW,
            DocumentState.CERTIFYING,
            DocumentState.REJECTED,
        }
    ),
    DocumentState.CERTIFYING: frozenset(
        {DocumentState.CERTIFIED, DocumentState.VERIFIED, DocumentState.REVIEW}
    ),
    DocumentState.CERTIFIED: frozenset({DocumentState.REVIEW}),
    # a rejection by mistake: the same scan is the same document, and cannot come in anew
    DocumentState.REJECTED: frozenset({DocumentState.REVIEW}),
    DocumentState.FAILED: frozenset({DocumentState.RECEIVED, DocumentState.READ}),
}
"""Allowed moves; everything else is refused as ``state_conflict``."""


UNDER_WAY = frozenset({DocumentState.RECEIVED, DocumentState.READ, DocumentState.CERTIFYING})
"""States in which a job waits or is done."""

ProblemCounts = Mapping[DocumentState, Mapping[str, int]]
"""How many documents of each state have which ``Document.problem``."""


class Lane(StrEnum):
    """Who waits for the answer; the counter goes first."""

    COUNTER = "counter"
    BULK = "bulk"


@dataclass(frozen=True, kw_only=True)
class Document:
    """One paper: a span of pages of one stored original."""

    id: str
    agency_id: str
    batch: str | None
    """The batch it was first brought under."""
    file: str
    """Name the file was brought under; for people, never used as a path."""
    sha256: str
    """Of the original; also its key in the object store."""
    media_type: str
    pages: tuple[int, ...]
    """Pages of the original that belong to this document; empty until it is read.

    Of a page that could not be read while others of its original were, the document knows it from the
    beginning (``lost_page``).
    """
    lane: Lane
    state: DocumentState
    reasons: tuple[str, ...] = ()
    """Why it waits for a person, as stable codes (``docs/errors.md`` § reasons)."""
    problem: str | None = None
    """Error code of the step that failed, or of what keeps one from being done while it waits for that."""
    record: Record | None = None
    verdicts: tuple[Verdict, ...] = ()
    paper_keys: tuple[str, ...] = ()
    """Under which another scan of the same paper finds it (``matching.same_paper``); none until matched."""
    matched_at: datetime | None = None
    """The moment whose population data ``verdicts`` speak of; ``None`` until it is matched."""
    further_batches: tuple[str, ...] = ()
    """Batches under which its original was brought again, in the order it came into them."""
    created_by: str
    created_at: datetime
    updated_at: datetime

    @property
    def lost_page(self) -> int | None:
        """The page of its original that this document is all about, while nobody could read it."""
        return self.pages[0] if self.pages and self.record is None else None

    @property
    def failure(self) -> HosoError | None:
        """``problem`` as an error, about its page where that is lost; ``None`` for another version's code."""
        if self.problem not in set(ErrorCode):
            return None
        facts = {} if self.lost_page is None else {"page": self.lost_page}
        return HosoError(ErrorCode(self.problem), **facts)

    @property
    def is_held(self) -> bool:
        """Whether trouble of the house keeps it where it is; it goes on by itself."""
        return self.problem is not None and self.state in UNDER_WAY

    @property
    def batches(self) -> tuple[str, ...]:
        """Every batch it belongs to, the first one first."""
        return self.further_batches if self.batch is None else (self.batch, *self.further_batches)
