"""Codes as people type them."""

LONGEST = 64


def tidied(given: str | None) -> str:
    """A receipt's code, which is its document's id, without what gets in between as it is copied."""
    return "".join(sign for sign in given or "" if sign.isalnum() or sign == "-").lower()
