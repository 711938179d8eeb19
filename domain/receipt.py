"""The receipt of a file for whoever brought it and sees nothing else of it: a bank branch, a post office."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReceiptState(StrEnum):
    """How far the office has come, without a word of what the paper says or the register says of it."""

    RECEIVED = "received"
    """The office has it and works on it."""
    SCAN_WANTED = "scan_wanted"
    """It cannot be read: a better scan must be brought."""
    FINISHED = "finished"
    """The certified copy is made; the citizen has it from the office."""
    REFUSED = "refused"
    """The office refused it, and tells the citizen why."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What one account is told of a file that it brought; of several papers in it, as of one."""

    id: str
    """The code to follow it by; the office finds the document under it."""
    state: ReceiptState
    pages: int
    """Of the file as brought."""
    received_at: datetime
    """When this account brought it, whoever else did before."""


@dataclass(frozen=True, kw_only=True)
class ReceiptPage:
    """One page of an account's receipts, newest first; ``next_cursor`` is ``None`` at the end."""

    receipts: tuple[Receipt, ...]
    next_cursor: int | None
