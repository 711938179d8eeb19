"""The name people give to a batch: one spelling, one rule for every way in."""

import unicodedata

from domain.errors import ErrorCode, HosoError
from domain.text import nfc

LONGEST = 200


def batch_name(text: str) -> str:
    """``text`` as batch names are kept and compared: NFC, plain spaces, no white space at its ends.

    Raises ``batch_name_invalid`` where nothing is left, more than :data:`LONGEST` characters are, or one
    cannot be printed (line ends, other control characters, marks of writing direction). Dots alone are no
    name either: clients take ``.`` and ``..`` out of an address before they ask.
    """
    name = plain_spaces(nfc(text)).strip()
    if not name.strip(".") or len(name) > LONGEST or not name.isprintable():
        raise HosoError(ErrorCode.BATCH_NAME_INVALID, longest=LONGEST)
    return name


def plain_spaces(text: str) -> str:
    """``text`` with every Unicode space (no-break, thin, ideographic) an ordinary one.

    They come with names copied from office programs and look like any other.
    """
    return "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in text)
