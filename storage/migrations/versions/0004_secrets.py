"""Secrets that all machines of the installation share; each is made at first use."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("create table secret (name text primary key, value bytea not null)")
