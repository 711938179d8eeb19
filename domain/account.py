"""Staff accounts and their sessions."""

from dataclasses import dataclass
from datetime import datetime

from domain.actor import Role


@dataclass(frozen=True, kw_only=True)
class Account:
    """A local staff account; ``password_hash`` is an argon2id string."""

    id: str
    login: str
    name: str
    agency_id: str
    agency_path: str
    roles: frozenset[Role]
    password_hash: str
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class Session:
    """A signed-in browser; only the SHA-256 of its token is kept."""

    token_sha256: str
    account_id: str
    csrf_token: str
    expires_at: datetime
