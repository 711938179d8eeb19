"""Originals brought again belong to the batch they are brought under, beside their first one."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLE = """
create table batch_original (
    batch text not null,
    agency_id text not null references agency (id),
    sha256 text not null,
    joined_at timestamptz not null,
    primary key (batch, agency_id, sha256)
);
create index batch_original_batches on batch_original (sha256, agency_id);
"""


def upgrade() -> None:
    op.get_bind().connection.driver_connection.execute(TABLE)
