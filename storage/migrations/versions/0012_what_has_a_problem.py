"""What waits because of trouble, and what failed, is counted by cause without a look at all documents."""

from alembic import op

revision = "0012"
down_revision = "0011"

PROBLEM = """
create index document_problem on document (agency_id, state, problem)
where problem is not null
"""


def upgrade() -> None:
    op.execute(PROBLEM)
