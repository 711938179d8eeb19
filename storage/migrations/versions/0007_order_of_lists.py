"""Lists: the papers of one file came when it came, and those who wait at the counter are found first."""

from alembic import op

revision = "0007"
down_revision = "0006"

TOGETHER = """
update document set created_at = brought.at from (
    select sha256, agency_id, min(created_at) as at from document
    group by sha256, agency_id having count(*) > 1
) as brought
where document.sha256 = brought.sha256 and document.agency_id = brought.agency_id
    and document.created_at <> brought.at
"""


def upgrade() -> None:
    op.execute(TOGETHER)
    op.execute("create index document_queue on document (state, lane desc, created_at)")
