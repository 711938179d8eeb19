"""Names of persons: one way of writing, their parts, and what they hint at."""

import re
from dataclasses import dataclass

from domain.text import collapse_spaces, nfc, straight_apostrophes

_LEADERS = re.compile(r"[.…·_]{2,}|[_…]")
_NOT_NAME = re.compile(r"[^\w' \-\u0300-\u036f]|[\d_]")
"""Combining marks are letters' own: Jarai and Bahnar ơ̆, ê̆ have no single code point."""
_LOOSE_MARK = re.compile(r"(?<![^\W\d_])(?<![\u0300-\u036f])[\u0300-\u036f]+")
_DASH = re.compile(r"\s*[-–—]\s*")
_LOOSE_SIGN = re.compile(r"(?<![^\W_])['\-]|-(?![^\W_])|(?<!\bka)'(?![^\W_])", re.IGNORECASE)
"""Of Cơ Ho women the first word may end with one: ``Ka' Thị Hiền``."""
_PARTED_PREFIX = re.compile(
    r"(?<![\w'\u0300-\u036f])([b-df-hj-np-tv-xzđo])' +(?=[^\W\d_])", re.IGNORECASE
)
"""``H' Hen``, ``K' Brai``, ``O' Brien``: a consonant stands for no word. ``Y`` and ``A`` are words."""
_SPLIT_PARTS = re.compile(r"([' \-])")
_COMPOUND_SURNAMES = frozenset(["tôn thất", "tôn nữ", "âu dương"])
_CLAN_LAST_PREFIX = re.compile(r"^(y|h|h'.+)$")
"""Ê Đê and kin: ``Y Thông Ayŭn``, ``H'Hen Niê`` — the clan stands last."""


@dataclass(frozen=True, kw_only=True)
class NameParts:
    """A name taken apart; ``middle`` may be empty, ``surname`` is empty for a name of one word."""

    surname: str
    middle: str
    given: str


def normalise_name(text: str) -> str:
    """A person's name in title case, NFC, straight apostrophes, without leaders and punctuation.

    NGUYỄN VĂN AN → Nguyễn Văn An; H’HEN NIÊ and H' HEN NIÊ → H'Hen Niê; tone placement stays as written.
    Empty where nothing of a name is left.
    """
    written = straight_apostrophes(nfc(text))
    if written.replace(" ", "").isalpha():  # nothing to clean, as nearly always
        return " ".join([_titled(word) for word in written.split()])
    cleaned = _LEADERS.sub(" ", written)
    cleaned = _LOOSE_MARK.sub("", _NOT_NAME.sub(" ", _DASH.sub("-", cleaned)))
    cleaned = _PARTED_PREFIX.sub(r"\1'", cleaned)
    parts = _SPLIT_PARTS.split(collapse_spaces(_LOOSE_SIGN.sub(" ", cleaned)))
    return "".join(_titled(part) for part in parts)


def _titled(word: str) -> str:
    return word[:1].upper() + word[1:].lower()


def split_name(name: str) -> NameParts:
    """Surname, middle and given name of a normalised name.

    Vietnamese order (surname first) unless the name has the shape of an Ê Đê name, whose clan is last.
    """
    words = nfc(name).split()
    if not words:
        return NameParts(surname="", middle="", given="")
    if len(words) == 1:
        return NameParts(surname="", middle="", given=words[0])
    if _CLAN_LAST_PREFIX.match(straight_apostrophes(words[0]).lower()):
        *own, clan = words
        return NameParts(surname=clan, middle=" ".join(own[:-1]), given=own[-1])
    lead = 1
    if len(words) > lead + 1 and " ".join(words[: lead + 1]).lower() in _COMPOUND_SURNAMES:
        lead += 1
    return NameParts(
        surname=" ".join(words[:lead]), middle=" ".join(words[lead:-1]), given=words[-1]
    )
