"""Shapes of a record and of verdicts, as ``hoso read`` and ``hoso match`` write them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from domain.document import DocumentState
from domain.form import FormCode
from domain.page import QualityReason
from domain.record import CheckOutcome
from domain.verdict import Decision, FindingKind

Point = Annotated[list[float], Field(min_length=2, max_length=2)]
Corners = Annotated[
    list[Point],
    Field(
        min_length=4,
        max_length=4,
        description="Four corners `[x, y]` clockwise from top-left, in pixels of the page as scanned.",
    ),
]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""Text, so that it stays as the command line writes it."""
MATCHED_AT = "The moment whose population data the verdicts speak of; `null` until it is matched."
Share = Annotated[float, Field(ge=0, le=1)]


class ScanQuality(BaseModel):
    """What a picture is worth: of one page, or the worst of a document's pages."""

    dpi: int
    skew: float = Field(description="Degrees counter-clockwise.")
    blur: float = Field(description="0 sharp … 1 unreadable.")
    usable: bool
    reasons: list[QualityReason]


class RecordLine(BaseModel):
    """One line of text as read."""

    page: int
    text: str
    confidence: Share
    agreed: bool = Field(description="Two independent readers read the same.")
    box: Corners


class FieldCorrection(BaseModel):
    """What an officer typed."""

    by: str = Field(description="Id of the officer.")
    at: Moment | None = Field(description="`null` for one made before the moment was kept.")
    text: str = Field(description="Empty: the paper has no such value.")
    value: str | None


class RecordField(BaseModel):
    """One field: the text as printed, the normalised value, where it stands."""

    text: str
    value: str | None = Field(description="`null` where the text could not be understood.")
    confidence: Share
    certain: bool = Field(description="A promise: 99.8 % of certain values are exactly right.")
    agreed: bool | None = Field(description="`null` where the value was read once.")
    page: int | None = Field(description="`null` only for a value that a person typed in.")
    box: Corners | None
    corrected_by: str | None = Field(
        default=None, description="Who typed the value, where an officer did."
    )
    read_text: str | None = Field(
        default=None, description="What had been read in its place, where an officer corrected it."
    )
    read_value: str | None = Field(default=None, description="The normalised value of that.")
    corrections: list[FieldCorrection] = Field(
        default_factory=list,
        description="All that officers ever typed here, the one in force last.",
    )


class RecordCheck(BaseModel):
    """One self-check of a record; its facts depend on the code."""

    code: str
    outcome: CheckOutcome
    facts: dict[str, Any]


class RecordPage(BaseModel):
    """One page of the scan; ``rotation`` turned it upright, degrees clockwise."""

    number: int
    width: int
    height: int
    dpi: int
    rotation: int
    quality: ScanQuality


class DocumentRecord(BaseModel):
    """The record as ``hoso read`` writes it, with the document's id and state."""

    file: str
    pages: list[int] = Field(description="Page numbers within the file, from 1.")
    sha256: str
    form: FormCode
    form_confidence: Share
    quality: ScanQuality
    lines: list[RecordLine]
    fields: dict[str, RecordField] = Field(
        description="By name; members of a household as `members[1].full_name`."
    )
    checks: list[RecordCheck]
    page_facts: list[RecordPage]
    document: str
    state: DocumentState
    matched_at: datetime | None = Field(description=MATCHED_AT)


class VerdictFinding(BaseModel):
    """One pair of values compared; ``kind`` judges the pair, never the person."""

    field: str
    kind: FindingKind
    document: str | None
    population: str | None = Field(
        description="`***` in a masked answer, unless it is letter for letter what the paper says."
    )
    weight: float = Field(
        description="Evidence in bits; above 0 it speaks for the same person. 0 in a masked answer."
    )
    source: str | None = Field(description="Which data the population value came from.")
    as_of: Moment | None = Field(
        description="When that source last changed the value; `null` in a masked answer."
    )


class OtherCandidate(BaseModel):
    """Another person considered."""

    personal_id: str
    probability: Share


class PersonVerdict(BaseModel):
    """One person on the document, as ``hoso match`` writes it."""

    file: str
    role: str = Field(description="`subject`, `mother`, `father`, `wife`, `husband`, `member:N`.")
    decision: Decision
    personal_id: str | None = Field(
        description="`***` in a masked answer, unless the paper bears this very number."
    )
    probability: Share = Field(description="0 in a masked answer.")
    findings: list[VerdictFinding]
    candidates: list[OtherCandidate] = Field(description="Empty in a masked answer.")
    decided_by: str | None = Field(
        default=None, description="Who chose the person, where an officer did."
    )


class Verdicts(BaseModel):
    """The verdicts of a document, one per person on it."""

    verdicts: list[PersonVerdict]
    masked: bool = Field(
        default=False,
        description="The population's values are withheld (`***`), for your role does not see them. Stands "
        "only where it is true.",
    )
    matched_at: datetime | None = Field(description=MATCHED_AT)
