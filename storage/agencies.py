"""The agency tree in PostgreSQL."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from domain.agency import Agency, AgencyLevel
from storage.tables import agency as agencies


class SqlAgencies:
    """Satisfies ``domain.ports.Agencies``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, agency_id: str) -> Agency | None:
        """The unit with that id."""
        query = select(agencies).where(agencies.c.id == agency_id)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else Agency(**{**row, "level": AgencyLevel(row["level"])})

    def add(self, agency: Agency) -> None:
        """Insert, or update name, level, parent and path of the same id."""
        values = {column.name: getattr(agency, column.name) for column in agencies.columns}
        values["level"] = str(agency.level)
        statement = insert(agencies).values(values)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[agencies.c.id],
                set_={name: statement.excluded[name] for name in values if name != "id"},
            )
        )
