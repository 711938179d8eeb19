"""Staff accounts and sessions in PostgreSQL."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.account import Account, Session
from domain.actor import Role
from domain.errors import ErrorCode, HosoError
from storage.tables import account, agency, session


class SqlAccounts:
    """Satisfies ``domain.ports.Accounts``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_login(self, login: str) -> Account | None:
        """The account of a login name."""
        return self._one(account.c.login == login)

    def get(self, account_id: str) -> Account | None:
        """The account with that id."""
        return self._one(account.c.id == account_id)

    def save(self, person: Account) -> None:
        """Insert or replace. Raises ``request_invalid`` where another account has the login."""
        holder = self.by_login(person.login)
        if holder is not None and holder.id != person.id:
            raise HosoError(ErrorCode.REQUEST_INVALID, problem="login taken", login=person.login)
        values: dict[str, Any] = {
            "id": person.id,
            "login": person.login,
            "name": person.name,
            "agency_id": person.agency_id,
            "roles": sorted(str(role) for role in person.roles),
            "password_hash": person.password_hash,
            "active": person.active,
        }
        self._connection.execute(
            insert(account)
            .values(values)
            .on_conflict_do_update(index_elements=[account.c.id], set_=values)
        )

    def add_session(self, signed_in: Session) -> None:
        """Remember a signed-in browser; sessions that have expired are swept on the way."""
        self._connection.execute(delete(session).where(session.c.expires_at < func.now()))
        self._connection.execute(
            insert(session).values(
                token_sha256=signed_in.token_sha256,
                account_id=signed_in.account_id,
                csrf_token=signed_in.csrf_token,
                expires_at=signed_in.expires_at,
            )
        )

    def session(self, token_sha256: str) -> Session | None:
        """The session of a token's SHA-256, expired or not."""
        query = select(session).where(session.c.token_sha256 == token_sha256)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else Session(**row)

    def drop_session(self, token_sha256: str) -> None:
        """Forget a session; safe to repeat."""
        self._connection.execute(delete(session).where(session.c.token_sha256 == token_sha256))

    def _one(self, condition: "ColumnElement[bool]") -> Account | None:
        query = (
            select(account, agency.c.path.label("agency_path"))
            .join(agency, agency.c.id == account.c.agency_id)
            .where(condition)
        )
        row = self._connection.execute(query).mappings().first()
        if row is None:
            return None
        return Account(**{**row, "roles": frozenset(Role(role) for role in row["roles"])})
