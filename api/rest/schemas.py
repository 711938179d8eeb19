"""Shapes of requests and answers; what ``/api/v1/openapi.json`` says of them comes from here."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from api.rest.record_schemas import MATCHED_AT, Moment
from domain.certificate import Certificate, Regime
from domain.document import Document, DocumentState, Lane
from domain.event import Event, EventName
from domain.form import FormCode
from domain.receipt import Receipt, ReceiptState
from domain.verification import Genuineness, StepOutcome, report_to_json
from workflow.on_file import CopyState, OwnCopy
from workflow.verification import VerifiedCopy

NO_NUL = r"^[^\x00]*$"
"""PostgreSQL's text and JSON hold no NUL character."""
Text = Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)]
"""Free text of people: bounded."""
_ShortText = Annotated[str, StringConstraints(max_length=64, pattern=NO_NUL)]
BATCH_NAME = (
    "1 to 200 characters, none of them a control character; kept and compared in NFC, without white space "
    "at its ends, every space a plain one. Anything else is refused as `batch_name_invalid`."
)


class DocumentStatus(BaseModel):
    """Where a document stands. No personal data but the file's own name."""

    id: str
    file: str
    batch: str | None
    """The batch it was first brought under."""
    batches: list[str]
    """Every batch it belongs to: it was brought again under each of them."""
    lane: Lane
    state: DocumentState
    form: FormCode | None
    pages: list[int]
    reasons: list[str]
    problem: str | None = Field(
        description="Error code of the step that failed; in state `received`, `read` or `certifying`, of the "
        "trouble (database, file store, disk, machine) that the document waits for: it goes on by itself."
    )
    matched_at: datetime | None = Field(description=MATCHED_AT)
    sha256: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, document: Document) -> Self:
        """The outward shape of ``document``."""
        return cls(
            id=document.id,
            file=document.file,
            batch=document.batch,
            batches=list(document.batches),
            lane=document.lane,
            state=document.state,
            form=document.record.form if document.record else None,
            pages=list(document.pages),
            reasons=list(document.reasons),
            problem=document.problem,
            matched_at=document.matched_at,
            sha256=document.sha256,
            created_at=document.created_at,
            updated_at=document.updated_at,
        )


class CopyBroughtIn(BaseModel):
    """The certified copy of our register that the file is, byte for byte."""

    code: str
    state: CopyState
    number: int
    year: int
    document: str | None = Field(
        description="The document it was made from; `null` where that is not your agency's to see."
    )


class DocumentAnswer(DocumentStatus):
    """One document, with what else is known of its file."""

    siblings: list[str] = Field(
        description="Ids of the other documents made of the same file, by their pages; none until it is read."
    )
    own_copy: CopyBroughtIn | None = Field(
        description="The file is a certified copy issued here, and no original: it is on file already. A "
        "print or another file of a copy is told by the check `own_copy` once it is read."
    )

    @classmethod
    def told(
        cls, document: Document, *, siblings: tuple[str, ...], own_copy: OwnCopy | None
    ) -> Self:
        """The outward shape of ``document``."""
        return cls(
            **DocumentStatus.of(document).model_dump(),
            siblings=list(siblings),
            own_copy=None
            if own_copy is None
            else CopyBroughtIn(
                code=own_copy.certificate.code,
                state=own_copy.state,
                number=own_copy.certificate.number,
                year=own_copy.certificate.year,
                document=own_copy.document,
            ),
        )


class DocumentListing(BaseModel):
    """One page of a list; hand ``next_cursor`` back for the next one, ``null`` is the end."""

    documents: list[DocumentStatus]
    next_cursor: str | None


class ReceiptShown(BaseModel):
    """What an agent is told of a file that its account brought."""

    id: str = Field(description="The code to follow it by.")
    state: ReceiptState = Field(
        description="`scan_wanted`: it cannot be read, a better scan must be brought. What had happened to "
        "the same file before this account brought it is told a day later."
    )
    pages: int = Field(description="Of the file as brought; 0 where that is not known.")
    received_at: datetime

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """The outward shape of ``receipt``."""
        return cls(
            id=receipt.id,
            state=receipt.state,
            pages=receipt.pages,
            received_at=receipt.received_at,
        )


class ReceiptListing(BaseModel):
    """One page of receipts; hand ``next_cursor`` back for the next one, ``null`` is the end."""

    receipts: list[ReceiptShown]
    next_cursor: str | None


_KEPT_INSIDE = frozenset({"address", "login", "login_at_address"})
"""Digests by which the trail counts a visitor's tries: they would link one person's doings over documents."""


class EventLine(BaseModel):
    """One line of a document's history."""

    id: int | None
    name: EventName
    actor: str
    at: datetime
    facts: dict[str, Any]

    @classmethod
    def of(cls, event: Event) -> Self:
        """The outward shape of ``event``."""
        return cls(
            id=event.id,
            name=event.name,
            actor=event.actor_id,
            at=event.at,
            facts={name: fact for name, fact in event.facts.items() if name not in _KEPT_INSIDE},
        )


class ReviewDecision(StrEnum):
    """What an officer may decide."""

    ACCEPT = "accept"
    CORRECT = "correct"
    REJECT = "reject"
    REOPEN = "reopen"


Seen = Annotated[
    AwareDatetime | None,
    Field(
        description="`updated_at` of the document as the decision is based on it: refused with "
        "`document_changed` where it has changed since."
    ),
]


class AsSeen(BaseModel):
    """What a request without more to say is based on; an empty body, or none, says nothing of it."""

    model_config = ConfigDict(extra="forbid")

    seen: Seen = None


class Review(BaseModel):
    """A decision: correct wants ``values`` and may have a ``reason``, the others want a reason.

    ``values`` are what stands on the paper, by field; ``null`` or ``""``: the paper has no such value.
    Members of a household are corrected one by one: ``members[2].birth_date``, counted as in the record.
    ``persons`` may come with accept: who the people on the paper are, personal numbers by role.
    """

    model_config = ConfigDict(extra="forbid")

    decision: ReviewDecision
    reason: Text = ""
    values: dict[_ShortText, Text | None] = Field(default_factory=dict, max_length=100)
    persons: dict[_ShortText, _ShortText] = Field(
        default_factory=dict,
        max_length=100,
        description="Each number is one that the verdict of that role names, or lists as a candidate with "
        "at least 0.001; no number stands for two roles.",
    )
    seen: Seen = None


class Revocation(AsSeen):
    """Why a certified copy is withdrawn; kept in the register and the trail, not shown in public."""

    reason: Text = ""


class Proof(BaseModel):
    """What shows that a person is named on a paper; it is compared, not kept."""

    model_config = ConfigDict(extra="forbid")

    proof: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NO_NUL)] = Field(
        description="A personal number of anybody named on the paper; a full date of birth if it has none."
    )


class Credentials(BaseModel):
    """A local account's login and password."""

    model_config = ConfigDict(extra="forbid")

    login: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Person(BaseModel):
    """The person signed in."""

    id: str
    name: str
    roles: list[str]
    agency_id: str


class SessionOpened(BaseModel):
    """Send ``token`` as ``Authorization: Bearer``."""

    token: str
    expires_at: datetime
    person: Person


class BatchCounts(BaseModel):
    """How many documents of a batch stand in each state."""

    batch: str
    total: int
    states: dict[DocumentState, int]


class RegisterEntry(BaseModel):
    """What the public register says of a copy; no personal data."""

    agency: str | None
    number: int
    year: int
    regime: Regime
    form: FormCode | None
    signed_at: datetime
    revoked_at: datetime | None

    @classmethod
    def of(cls, certificate: Certificate, copy: VerifiedCopy) -> Self:
        """The public part of the register entry."""
        return cls(
            agency=copy.agency_name,
            number=certificate.number,
            year=certificate.year,
            regime=certificate.regime,
            form=copy.form,
            signed_at=certificate.signed_at,
            revoked_at=certificate.revoked_at,
        )


class SignatureFound(BaseModel):
    """One signature as found in the file."""

    field: str
    signer: str
    organization: str | None
    signed_at: Moment | None
    valid: bool


class StepTaken(BaseModel):
    """One numbered check of a verification; its facts depend on the code."""

    number: int
    code: str
    outcome: StepOutcome
    facts: dict[str, Any]


class Verification(BaseModel):
    """The report of a verification, as ``hoso verify --json``, with the register entry where there is one."""

    genuineness: Genuineness
    reasons: list[str]
    demo: bool = Field(description="The demonstration authority signed: no legal value.")
    code: str | None
    sha256: str | None
    valid_until: date | None = Field(
        description="The last day on which the paper itself holds, where it has one. By code alone it is "
        "told of marital status confirmations only: a card ends on a birthday of its holder."
    )
    ended: bool = Field(
        description="That day is past: the copy is genuine, what the paper says holds no longer. False where "
        "the day is not told."
    )
    signatures: list[SignatureFound]
    steps: list[StepTaken]
    register_entry: RegisterEntry | None

    @classmethod
    def of(cls, copy: VerifiedCopy) -> Self:
        """The outward shape of ``copy``."""
        entry = RegisterEntry.of(copy.certificate, copy) if copy.certificate else None
        return cls(**report_to_json(copy.report), register_entry=entry)


class Health(BaseModel):
    """The process answers."""

    status: str
