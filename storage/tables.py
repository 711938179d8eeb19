"""The tables as SQLAlchemy sees them. ``storage/migrations`` creates them; a test compares the two."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()


def _time(name: str, *, nullable: bool = False) -> "Column[object]":
    return Column(name, DateTime(timezone=True), nullable=nullable)


agency = Table(
    "agency",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("parent_id", Text, ForeignKey("agency.id")),
    Column("path", Text, nullable=False, unique=True),
)

account = Table(
    "account",
    metadata,
    Column("id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("agency_id", Text, ForeignKey("agency.id"), nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("account_id", Text, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("csrf_token", Text, nullable=False),
    _time("expires_at"),
    Index("session_expiry", "expires_at"),
)

document = Table(
    "document",
    metadata,
    Column("id", Text, primary_key=True),
    Column("agency_id", Text, ForeignKey("agency.id"), nullable=False),
    Column("batch", Text),
    Column("file", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("pages", ARRAY(Integer), nullable=False),
    Column("lane", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reasons", ARRAY(Text), nullable=False),
    Column("problem", Text),
    Column("record", JSONB),
    Column("verdicts", JSONB, nullable=False),
    _time("matched_at", nullable=True),
    Column("paper_keys", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("created_by", Text, nullable=False),
    _time("created_at"),
    _time("updated_at"),
    Index("document_newest", "created_at", "id"),
    Index("document_newest_of_agency", "agency_id", "created_at", "id"),
    Index("document_batch", "batch", "created_at", "id"),
    Index("document_state", "agency_id", "state"),
    Index("document_original", "sha256", "agency_id"),
    Index("document_paper", "paper_keys", postgresql_using="gin"),
    Index(
        "document_problem",
        "agency_id",
        "state",
        "problem",
        postgresql_where=text("problem is not null"),
    ),
    Index("document_queue", "state", text("lane DESC"), "created_at"),
)

batch_original = Table(
    "batch_original",
    metadata,
    Column("batch", Text, primary_key=True),
    Column("agency_id", Text, ForeignKey("agency.id"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    _time("joined_at"),
    Index("batch_original_batches", "sha256", "agency_id"),
)
"""Originals brought again under another batch. Their documents belong to it beside ``document.batch``; those
that reading still makes of them do as well."""

register_counter = Table(
    "register_counter",
    metadata,
    Column("agency_id", Text, ForeignKey("agency.id"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
)

certificate = Table(
    "certificate",
    metadata,
    Column("code", Text, primary_key=True),
    Column("document_id", Text, ForeignKey("document.id"), nullable=False),
    Column("agency_id", Text, ForeignKey("agency.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("regime", Text, nullable=False),
    Column("sha256", Text, nullable=False, unique=True),
    Column("object_version", Text),
    _time("retain_until"),
    Column("signer_name", Text, nullable=False),
    _time("signed_at"),
    _time("revoked_at", nullable=True),
    Column("revoked_reason", Text),
    UniqueConstraint("agency_id", "year", "number", name="certificate_register"),
    Index("certificate_document", "document_id"),
    Index(
        "certificate_in_force",
        "document_id",
        unique=True,
        postgresql_where=text("revoked_at is null"),
    ),
)

BROUGHT = "event.name in ('document.registered', 'document.duplicate')"
"""Letter for letter in queries too, so that they are served by the index of just these rows."""
event = Table(
    "event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("name", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("agency_id", Text, nullable=False),
    Column("document_id", Text),
    _time("at"),
    Column("facts", JSONB, nullable=False),
    Index("event_document", "document_id", "id"),
    Index("event_name", "name", "at"),
    Index("event_brought", "actor_id", "document_id", "id", postgresql_where=text(BROUGHT)),
)
"""One more column, ``xid``, is filled by the database (see ``storage/events.py``)."""

secret = Table(
    "secret",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""What all machines of the installation must share, and nobody else know."""

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("actor_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_sha256", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    _time("created_at"),
)

population = Table(
    "population",
    metadata,
    Column("personal_id", Text, primary_key=True),
    Column("full_name", Text),
    Column("birth_date", Text),
    Column("sex", Text),
    Column("ethnicity", Text),
    Column("nationality", Text),
    Column("birth_place", Text),
    Column("home_town", Text),
    Column("residence", Text),
    Column("mother_full_name", Text),
    Column("father_full_name", Text),
    Column("marital_status", Text),
    Column("spouse_personal_id", Text),
    Column("vital_status", Text),
    _time("updated_at", nullable=True),
    Column("source", Text, nullable=False),
    Column("name_key", Text),
    Column("given_key", Text),
    Column("id_head", Text, nullable=False),
    Column("id_tail", Text, nullable=False),
    Index("population_name_birth", "name_key", "birth_date"),
    Index(
        "population_birth_given",
        "birth_date",
        "given_key",
        postgresql_include=["name_key", "personal_id"],
    ),
    Index("population_id_head", "id_head"),
    Index("population_id_tail", "id_tail"),
)

population_import = Table(
    "population_import",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("source", Text, nullable=False),
    _time("at"),
    Column("imported", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
)
