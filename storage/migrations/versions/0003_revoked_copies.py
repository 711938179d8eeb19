"""A document may have a new copy once its earlier ones are revoked: one copy in force at a time."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.drop_constraint("certificate_document_id_key", "certificate", type_="unique")
    op.execute(
        "create unique index certificate_in_force on certificate (document_id) where revoked_at is null"
    )
    op.execute("create index certificate_document on certificate (document_id)")
