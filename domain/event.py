"""The audit trail: what happened to what, by whom, when. No personal data beyond ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EventName(StrEnum):
    """Names of the audit events; documented in ``docs/operations.md`` (a test compares the two)."""

    DOCUMENT_REGISTERED = "document.registered"
    DOCUMENT_DUPLICATE = "document.duplicate"
    DOCUMENT_READ = "document.read"
    DOCUMENT_MATCHED = "document.matched"
    DOCUMENT_FAILED = "document.failed"
    DOCUMENT_RETRIED = "document.retried"
    DOCUMENT_VIEWED = "document.viewed"
    DOCUMENT_CORRECTED = "document.corrected"
    DOCUMENT_ACCEPTED = "document.accepted"
    DOCUMENT_REJECTED = "document.rejected"
    DOCUMENT_REOPENED = "document.reopened"
    DOCUMENT_CERTIFY_REQUESTED = "document.certify_requested"
    DOCUMENT_CERTIFIED = "document.certified"
    COPY_DOWNLOADED = "copy.downloaded"
    COPY_VERIFIED = "copy.verified"
    COPY_REVOKED = "copy.revoked"
    COPY_COLLECTED = "copy.collected"
    COPY_COLLECT_REFUSED = "copy.collect_refused"
    POPULATION_IMPORTED = "population.imported"
    POPULATION_REMOVED = "population.removed"
    POPULATION_LOOKED_UP = "population.looked_up"
    BACKUP_MADE = "backup.made"
    BACKUP_RESTORED = "backup.restored"
    BACKUP_PUT_BACK = "backup.put_back"
    TRAIL_VIEWED = "trail.viewed"
    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_REFUSED = "login.refused"
    LOGOUT = "logout"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of the trail; ``id`` is assigned by the store and grows with time."""

    name: EventName
    actor_id: str
    agency_id: str
    document_id: str | None
    at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)
    id: int | None = None
