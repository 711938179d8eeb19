"""Receipts: what an account brought is found in the trail, however long that is."""

from alembic import op

revision = "0009"
down_revision = "0008"

BROUGHT = """
create index event_brought on event (actor_id, document_id, id)
where name in ('document.registered', 'document.duplicate')
"""


def upgrade() -> None:
    op.execute(BROUGHT)
