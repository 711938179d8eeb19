"""The audit trail cannot be emptied at one stroke either: triggers on rows do not see TRUNCATE.

None of this binds the owner of the table, who may disable triggers: where it is to bind the application too,
tables and application belong to two roles (docs/operations.md § Audit events).
"""

from alembic import op

revision = "0008"
down_revision = "0007"

TRIGGER = """
create trigger event_not_emptied before truncate on event
    for each statement execute function event_is_append_only()
"""


def upgrade() -> None:
    op.execute(TRIGGER)
