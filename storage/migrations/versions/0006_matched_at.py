"""Documents say when their verdicts were made: after an import the older ones are made again."""

from alembic import op

revision = "0006"
down_revision = "0005"

KNOWN = """
update document set matched_at = (
    select max(at) from event
    where event.document_id = document.id and event.name = 'document.matched'
)
"""


def upgrade() -> None:
    op.execute("alter table document add column matched_at timestamptz")
    op.execute(KNOWN)
