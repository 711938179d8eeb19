"""The floor: agencies, accounts, documents, register, audit trail, population, job queue."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None

TABLES = """
create table agency (
    id text primary key,
    name text not null,
    level text not null,
    parent_id text references agency (id),
    path text not null unique
);

create table account (
    id text primary key,
    login text not null unique,
    name text not null,
    agency_id text not null references agency (id),
    roles text[] not null,
    password_hash text not null,
    active boolean not null
);

create table session (
    token_sha256 text primary key,
    account_id text not null references account (id) on delete cascade,
    csrf_token text not null,
    expires_at timestamptz not null
);
create index session_expiry on session (expires_at);

create table document (
    id text primary key,
    agency_id text not null references agency (id),
    batch text,
    file text not null,
    sha256 text not null,
    media_type text not null,
    pages integer[] not null,
    lane text not null,
    state text not null,
    reasons text[] not null,
    problem text,
    record jsonb,
    verdicts jsonb not null,
    created_by text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index document_newest on document (created_at, id);
create index document_newest_of_agency on document (agency_id, created_at, id);
create index document_batch on document (batch, created_at, id);
create index document_state on document (agency_id, state);
create index document_original on document (sha256, agency_id);

create table register_counter (
    agency_id text not null references agency (id),
    year integer not null,
    number integer not null,
    primary key (agency_id, year)
);

create table certificate (
    code text primary key,
    document_id text not null unique references document (id),
    agency_id text not null references agency (id),
    year integer not null,
    number integer not null,
    regime text not null,
    sha256 text not null unique,
    object_version text,
    retain_until timestamptz not null,
    signer_name text not null,
    signed_at timestamptz not null,
    revoked_at timestamptz,
    revoked_reason text,
    constraint certificate_register unique (agency_id, year, number)
);

-- xid: a reader that follows the trail by id must not overtake a transaction still open (storage/events.py)
create table event (
    id bigint generated always as identity primary key,
    name text not null,
    actor_id text not null,
    agency_id text not null,
    document_id text,
    at timestamptz not null,
    facts jsonb not null,
    xid xid8 not null default pg_current_xact_id()
);
create index event_document on event (document_id, id);
create index event_name on event (name, at);

-- append only, also for whoever holds the application's password by mistake
create function event_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is append only';
end;
$$;
create trigger event_append_only before update or delete on event
    for each row execute function event_is_append_only();

create table idempotency_key (
    actor_id text not null,
    key text not null,
    request_sha256 text not null,
    document_id text not null,
    created_at timestamptz not null,
    primary key (actor_id, key)
);

create table population (
    personal_id text primary key,
    full_name text,
    birth_date text collate "C",
    sex text,
    ethnicity text,
    nationality text,
    birth_place text,
    home_town text,
    residence text,
    mother_full_name text,
    father_full_name text,
    marital_status text,
    spouse_personal_id text,
    vital_status text,
    updated_at timestamptz,
    source text not null,
    name_key text collate "C",
    given_key text collate "C",
    id_head text not null,
    id_tail text not null
);
create index population_name_birth on population (name_key, birth_date);
create index population_birth_given on population (birth_date, given_key) include (name_key, personal_id);
create index population_id_head on population (id_head);
create index population_id_tail on population (id_tail);

create table population_import (
    id bigint generated always as identity primary key,
    source text not null,
    at timestamptz not null,
    imported integer not null,
    unchanged integer not null
);
"""

# The queue's own uniqueness index on lock covers running jobs only; waiting ones are searched as well.
QUEUE_INDEXES = """
create index hoso_jobs_lock on procrastinate_jobs (lock) where status in ('todo', 'doing');
create index hoso_jobs_queue on procrastinate_jobs (queue_name, priority desc, id) where status = 'todo';
"""


def upgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    for script in (TABLES, SchemaManager.get_schema(), QUEUE_INDEXES):
        driver.execute(script)
