"""The certification register in PostgreSQL."""

from datetime import datetime

from sqlalchemy import Connection, Select, and_, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.certificate import Certificate, Regime
from storage.tables import certificate as certificates
from storage.tables import register_counter


class SqlCertificates:
    """Satisfies ``domain.ports.Certificates``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self, *, agency_id: str, year: int) -> int:
        """The next running number; others of the same agency and year wait until this one commits."""
        statement = (
            upsert(register_counter)
            .values(agency_id=agency_id, year=year, number=1)
            .on_conflict_do_update(
                index_elements=[register_counter.c.agency_id, register_counter.c.year],
                set_={"number": register_counter.c.number + 1},
            )
            .returning(register_counter.c.number)
        )
        return int(self._connection.execute(statement).scalar_one())

    def add(self, certificate: Certificate) -> None:
        """Enter the register; code, file and number are unique, as is the copy in force of a document."""
        values = {column.name: getattr(certificate, column.name) for column in certificates.columns}
        self._connection.execute(
            insert(certificates).values(values | {"regime": str(certificate.regime)})
        )

    def by_document(self, document_id: str) -> Certificate | None:
        """The copy in force of a document, else the one revoked last."""
        return self._one(
            select(certificates)
            .where(certificates.c.document_id == document_id)
            .order_by(certificates.c.revoked_at.desc().nulls_first())
        )

    def by_code(self, code: str) -> Certificate | None:
        """The entry behind a public verification code."""
        return self._one(select(certificates).where(certificates.c.code == code))

    def by_sha256(self, sha256: str) -> Certificate | None:
        """The entry of a signed file."""
        return self._one(select(certificates).where(certificates.c.sha256 == sha256))

    def hold(self, code: str) -> Certificate | None:
        """The entry behind a code, its row locked until the transaction ends."""
        return self._one(select(certificates).where(certificates.c.code == code).with_for_update())

    def revoke(self, code: str, *, at: datetime, reason: str) -> bool:
        """Mark the entry; ``False`` where it is revoked already."""
        in_force = and_(certificates.c.code == code, certificates.c.revoked_at.is_(None))
        statement = (
            update(certificates).where(in_force).values(revoked_at=at, revoked_reason=reason)
        )
        return self._connection.execute(statement).rowcount == 1

    def _one(self, query: "Select[tuple[object, ...]]") -> Certificate | None:
        row = self._connection.execute(query).mappings().first()
        return None if row is None else Certificate(**{**row, "regime": Regime(row["regime"])})
