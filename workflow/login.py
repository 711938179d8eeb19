"""Login: staff prove who they are and get a session."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from domain.account import Account, Session
from domain.actor import Actor
from domain.errors import ErrorCode, HosoError
from domain.event import Event, EventName
from domain.ports import Clock, Transaction

SESSION_LENGTH = timedelta(hours=10)
"""A working day; longer needs a new login."""
_HASHER = PasswordHasher()
_UNKNOWN_HASH = _HASHER.hash(secrets.token_hex())
"""Checked for unknown logins, so that an answer takes as long as for a known one."""


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The secret token for the browser's cookie, its session and the person."""

    token: str
    session: Session
    actor: Actor


def hash_password(password: str) -> str:
    """The argon2id string to keep in an account."""
    return _HASHER.hash(password)


def actor_of(account: Account) -> Actor:
    """The account acting."""
    return Actor(
        id=account.id,
        name=account.name,
        roles=account.roles,
        agency_id=account.agency_id,
        agency_path=account.agency_path,
    )


def sign_in(login: str, password: str, *, tx: Transaction, clock: Clock) -> SignedIn:
    """Raises ``login_failed``, the same for an unknown login and a wrong password."""
    account = tx.accounts.by_login(login)
    known = account is not None and account.active
    try:
        _HASHER.verify(account.password_hash if account and known else _UNKNOWN_HASH, password)
    except VerificationError as error:
        raise HosoError(ErrorCode.LOGIN_FAILED) from error
    if account is None or not known:
        raise HosoError(ErrorCode.LOGIN_FAILED)
    # checking took a while: a password changed or an account closed meanwhile must not leave a session behind
    if tx.accounts.hold(account.id) != account:
        raise HosoError(ErrorCode.LOGIN_FAILED)
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session = Session(
        token_sha256=_digest(token),
        account_id=account.id,
        csrf_token=secrets.token_urlsafe(24),
        expires_at=now + SESSION_LENGTH,
    )
    tx.accounts.drop_expired_sessions(now)
    tx.accounts.add_session(session)
    actor = actor_of(account)
    tx.events.add(
        Event(
            name=EventName.LOGIN_SUCCEEDED,
            actor_id=actor.id,
            agency_id=actor.agency_id,
            document_id=None,
            at=now,
        )
    )
    return SignedIn(token=token, session=session, actor=actor)


def resume(token: str, *, tx: Transaction, clock: Clock) -> SignedIn:
    """The session behind a browser's token. Raises ``not_signed_in``."""
    session = tx.accounts.session(_digest(token))
    account = tx.accounts.get(session.account_id) if session else None
    if session is None or account is None or not account.active:
        raise HosoError(ErrorCode.NOT_SIGNED_IN)
    if session.expires_at <= clock.now():
        raise HosoError(ErrorCode.NOT_SIGNED_IN)
    return SignedIn(token=token, session=session, actor=actor_of(account))


def sign_out(token: str, *, tx: Transaction, clock: Clock) -> None:
    """Forget the session; safe to repeat."""
    session = tx.accounts.session(_digest(token))
    account = tx.accounts.get(session.account_id) if session else None
    if session is None or account is None:
        return
    tx.accounts.drop_session(session.token_sha256)
    tx.events.add(
        Event(
            name=EventName.LOGOUT,
            actor_id=account.id,
            agency_id=account.agency_id,
            document_id=None,
            at=clock.now(),
        )
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
