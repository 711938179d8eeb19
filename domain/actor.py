"""Who acts, in what role, and what each role may do."""

from dataclasses import dataclass, field
from enum import StrEnum

from domain.errors import ErrorCode, HosoError


class Role(StrEnum):
    """Staff roles; a person may hold several."""

    OPERATOR = "operator"
    """Back-office staff: uploads and follows documents; sees the population's values masked."""
    OFFICER = "officer"
    """Counter officer: reviews, corrects, accepts, rejects."""
    CERTIFIER = "certifier"
    """Signs e-copies on behalf of the agency, and withdraws them."""
    AUDITOR = "auditor"
    """Reads documents and the audit trail, changes nothing."""
    ADMIN = "admin"
    """Imports the population and manages accounts; sees documents too."""
    AGENT = "agent"
    """A bank branch or post office that takes papers in: brings files and sees its own receipts only."""
    VISITOR = "visitor"
    """Anyone without an account: verifies copies, collects their own. Never given to an account."""


class Action(StrEnum):
    """What a use-case does; the first line of each use-case is ``require(actor, Action.X)``."""

    DOCUMENT_REGISTER = "document.register"
    DOCUMENT_VIEW = "document.view"
    RECEIPT_VIEW = "receipt.view"
    """Following what one brought oneself, without seeing any of it."""
    DOCUMENT_RETRY = "document.retry"
    """Having a step tried again that failed."""
    DOCUMENT_PROCESS = "document.process"
    """Reading and matching: done by the system's own actor."""
    DOCUMENT_REVIEW = "document.review"
    DOCUMENT_CERTIFY = "document.certify"
    DOCUMENT_DOWNLOAD = "document.download"
    POPULATION_IMPORT = "population.import"
    POPULATION_VIEW = "population.view"
    """Seeing what the population data say of a person; who may not sees decisions, and values masked."""
    EVENT_VIEW = "event.view"
    ACCOUNT_MANAGE = "account.manage"
    COPY_VERIFY = "copy.verify"
    COPY_COLLECT = "copy.collect"
    COPY_REVOKE = "copy.revoke"
    INSTALLATION_KEEP = "installation.keep"
    """Making backups and restoring them: whoever administers the server itself, on its command line."""


_FOLLOWS = frozenset({Action.DOCUMENT_VIEW, Action.COPY_VERIFY})
_BRINGS = frozenset({Action.DOCUMENT_REGISTER, Action.DOCUMENT_RETRY})
_STAFF_VIEW = _FOLLOWS | {Action.POPULATION_VIEW}
ALLOWED: dict[Role, frozenset[Action]] = {
    Role.OPERATOR: _FOLLOWS | _BRINGS,
    Role.OFFICER: _STAFF_VIEW | _BRINGS | {Action.DOCUMENT_REVIEW, Action.DOCUMENT_DOWNLOAD},
    Role.CERTIFIER: _STAFF_VIEW
    | {Action.DOCUMENT_CERTIFY, Action.DOCUMENT_DOWNLOAD, Action.COPY_REVOKE},
    Role.AUDITOR: _STAFF_VIEW | {Action.EVENT_VIEW},
    Role.ADMIN: _STAFF_VIEW
    | _BRINGS
    | {
        Action.DOCUMENT_DOWNLOAD,
        Action.POPULATION_IMPORT,
        Action.ACCOUNT_MANAGE,
        Action.EVENT_VIEW,
        Action.INSTALLATION_KEEP,
    },
    Role.AGENT: frozenset({Action.DOCUMENT_REGISTER, Action.RECEIPT_VIEW, Action.COPY_VERIFY}),
    Role.VISITOR: frozenset({Action.COPY_VERIFY, Action.COPY_COLLECT}),
}


SYSTEM = "system"
"""Id of whoever acts in nobody's name: the worker, the command line on the server itself."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person or the system acting for one agency; sees that agency's subtree and nothing else."""

    id: str
    name: str
    roles: frozenset[Role]
    agency_id: str
    agency_path: str
    is_system: bool = field(default=False)
    """True for the worker and for the command line on the server itself; passes every permission."""
    os_user: str | None = field(default=None)
    """Who typed the command, as the operating system knows them: all command lines are one actor."""

    def may(self, action: Action) -> bool:
        """Whether any role of this actor allows ``action``."""
        return self.is_system or any(action in ALLOWED[role] for role in self.roles)


def require(actor: Actor, action: Action) -> None:
    """Refuse with ``forbidden`` unless ``actor`` may do ``action``."""
    if not actor.may(action):
        raise HosoError(ErrorCode.FORBIDDEN, action=str(action))
