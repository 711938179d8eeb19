"""Names of batches as they have been kept and looked for since: older ones were stored as they came."""

from alembic import op
from sqlalchemy import text

from domain.batch import LONGEST, plain_spaces
from domain.text import nfc

revision = "0002"
down_revision = "0001"

BATCHES = text("select distinct batch from document where batch is not null")
RENAME = text("update document set batch = :name where batch = :raw")


def upgrade() -> None:
    connection = op.get_bind()
    for raw in connection.scalars(BATCHES).all():
        name = kept_name(raw)
        if name != raw:
            connection.execute(RENAME, {"name": name, "raw": raw})


def kept_name(raw: str) -> str | None:
    """What ``domain.batch.batch_name`` makes of ``raw``, or else the nearest that it takes."""
    # before NFC: what is left out may stand between a letter and its mark
    printable = "".join(_printable(sign) for sign in raw)
    return plain_spaces(nfc(printable)).strip()[:LONGEST].strip() or None


def _printable(sign: str) -> str:
    if sign.isspace():
        return " "
    return sign if sign.isprintable() else ""
