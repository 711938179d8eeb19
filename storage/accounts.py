"""Staff accounts and sessions in PostgreSQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.account import Account, Session
from domain.actor import Role
from domain.errors import ErrorCode, HosoError
from storage.subtree import in_subtree
from storage.tables import account as accounts
from storage.tables import agency
from storage.tables import session as sessions


class SqlAccounts:
    """Satisfies ``domain.ports.Accounts``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_login(self, login: str) -> Account | None:
        """The account of a login name."""
        return self._one(accounts.c.login == login)

    def get(self, account_id: str) -> Account | None:
        """The account with that id."""
        return self._one(accounts.c.id == account_id)

    def hold(self, account_id: str) -> Account | None:
        """As :meth:`get`; the row lock holds until the transaction ends."""
        # key_share: a session that another transaction adds meanwhile need not wait
        lock = select(accounts.c.id).where(accounts.c.id == account_id)
        self._connection.execute(lock.with_for_update(key_share=True))
        return self.get(account_id)

    def staff(self, *, within: str) -> tuple[Account, ...]:
        """Every account of the subtree, by login."""
        return self._all(in_subtree(accounts.c.agency_id, within))

    def save(self, account: Account) -> None:
        """Insert or replace. Raises ``request_invalid`` where another account has the login."""
        holder = self.by_login(account.login)
        if holder is not None and holder.id != account.id:
            raise HosoError(ErrorCode.REQUEST_INVALID, problem="login taken", login=account.login)
        values: dict[str, Any] = {
            "id": account.id,
            "login": account.login,
            "name": account.name,
            "agency_id": account.agency_id,
            "roles": sorted(str(role) for role in account.roles),
            "password_hash": account.password_hash,
            "active": account.active,
        }
        self._connection.execute(
            insert(accounts)
            .values(values)
            .on_conflict_do_update(index_elements=[accounts.c.id], set_=values)
        )

    def add_session(self, session: Session) -> None:
        """Remember a signed-in browser; sessions that have expired are swept on the way."""
        self._connection.execute(delete(sessions).where(sessions.c.expires_at < func.now()))
        self._connection.execute(
            insert(sessions).values(
                token_sha256=session.token_sha256,
                account_id=session.account_id,
                csrf_token=session.csrf_token,
                expires_at=session.expires_at,
            )
        )

    def session(self, token_sha256: str) -> Session | None:
        """The session of a token's SHA-256, expired or not."""
        query = select(sessions).where(sessions.c.token_sha256 == token_sha256)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else Session(**row)

    def drop_session(self, token_sha256: str) -> None:
        """Forget a session; safe to repeat."""
        self._connection.execute(delete(sessions).where(sessions.c.token_sha256 == token_sha256))

    def drop_sessions(self, account_id: str) -> None:
        """Forget every session of the account."""
        self._connection.execute(delete(sessions).where(sessions.c.account_id == account_id))

    def drop_expired_sessions(self, now: datetime) -> None:
        """Forget every session that ended at or before ``now``."""
        self._connection.execute(delete(sessions).where(sessions.c.expires_at <= now))

    def _one(self, condition: "ColumnElement[bool]") -> Account | None:
        return next(iter(self._all(condition)), None)

    def _all(self, condition: "ColumnElement[bool]") -> tuple[Account, ...]:
        query = (
            select(accounts, agency.c.path.label("agency_path"))
            .join(agency, agency.c.id == accounts.c.agency_id)
            .where(condition)
            .order_by(accounts.c.login)
        )
        rows = self._connection.execute(query).mappings()
        return tuple(
            Account(**{**row, "roles": frozenset(Role(role) for role in row["roles"])})
            for row in rows
        )
