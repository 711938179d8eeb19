"""The terminal, safe from what is printed on it: signs that would steer it never get there.

What a stranger's file says (names of signature fields and signers, file names) may hold escape sequences.
Rich takes out only bell, backspace and the like.
"""

import json
import unicodedata
from typing import Any

from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text

from api.explanations.foreign import harmless


def json_text(value: object, *, indent: int | None = None) -> str:
    """JSON that says the same, with every sign escaped that would steer a terminal."""
    text = json.dumps(value, ensure_ascii=False, default=str, indent=indent)
    return "".join(sign if _stays(sign) else json.dumps(sign)[1:-1] for sign in text)


def _stays(sign: str) -> bool:
    # in JSON a real line end stands between values only
    return sign.isprintable() or sign == "\n" or unicodedata.category(sign) == "Zs"


class HarmlessConsole(Console):
    """A console on which whoever prints need not think of it: one text printed is one line."""

    def print(self, *objects: Any, **how: Any) -> None:
        """As rich does, every text made harmless; tables and bars are ours."""
        super().print(*map(_made_harmless, objects), **how)

    def print_value(self, value: object) -> None:
        """``value`` as JSON, for programs."""
        super().print(JSONHighlighter()(json_text(value, indent=2)), soft_wrap=True)


def _made_harmless(item: Any) -> Any:
    if isinstance(item, str):
        return harmless(item)
    if isinstance(item, Text):
        item = item.copy()
        item.plain = harmless(item.plain)  # as long as before: styles stay where they are
    return item
