"""The public verification code of a certified copy: random, typable, silent about the person."""

import re
import secrets

from domain.errors import ErrorCode, HosoError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a code read aloud or typed from paper survives."""
_CHECK_ALPHABET = ALPHABET + "*~$=U"
_CHECK_PRIME = 37
_LETTERS = 16
"""16 letters are 80 random bits: a million guesses a second for a century find nothing."""
_GROUP = 4
_ADDRESS = "/V/"
"""What stands before the code in the address of a copy, in capitals."""
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_PRINTED = re.compile(r"(?<![\w-])\w{4}(?:\s?[-–—]\s?\w{4}){3}\s?[-–—]\s?\w(?![\w-])", re.ASCII)
"""A code as copies bear it: four groups and the check sign. A reader may see spaces and other dashes."""


def new_code() -> str:
    """A fresh code such as ``7K3M-9QXD-0VHT-2ZPA-8``: four groups and a check letter.

    Codes whose check sign would fall outside the alphabet are drawn again, so a code is always
    letters, digits and hyphens and needs no escaping in a URL.
    """
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(_LETTERS))
        check = _check_sign(body)
        if check in ALPHABET:
            return _grouped(body, check)


def canonical_code(given: str) -> str:
    """The code as issued, from what a person typed, pasted or scanned.

    Any case, spaces or none, O for 0, I or L for 1; an address that leads to the code (``…/v/CODE``); and
    the code with anything behind it: a QR holds three lines, and a browser that opens them all as one
    address drops the line breaks. The check sign finds every single wrong letter and every swap of
    neighbours (modulus 37).
    Raises ``certificate_not_found`` for what cannot be a code, so that callers need no second refusal.
    """
    upper = given.upper()
    _, is_address, behind = upper.partition(_ADDRESS)
    text = behind if is_address else upper
    letters = "".join(sign for sign in text.translate(_MISREAD) if sign.isalnum())
    body, check = letters[:_LETTERS], letters[_LETTERS : _LETTERS + 1]
    if not check or not {*body, check} <= set(ALPHABET) or _check_sign(body) != check:
        raise HosoError(ErrorCode.CERTIFICATE_NOT_FOUND)
    return _grouped(body, check)


def printed_codes(text: str) -> tuple[str, ...]:
    """Every code that stands in ``text`` as it is printed, with its check sign right; each once."""
    found: list[str] = []
    for printed in _PRINTED.findall(text):
        try:
            found.append(canonical_code(printed))
        except HosoError:
            continue
    return tuple(dict.fromkeys(found))


def addressed_codes(text: str) -> tuple[str, ...]:
    """As :func:`printed_codes`, of codes that an address of a verification page leads to (``…/v/CODE``)."""
    _, *behind = text.upper().split(_ADDRESS)
    first = (_PRINTED.match(part) for part in behind)
    return tuple(dict.fromkeys(code for one in first if one for code in printed_codes(one.group())))


def _check_sign(body: str) -> str:
    value = 0
    for sign in body:
        value = (value * len(ALPHABET) + ALPHABET.index(sign)) % _CHECK_PRIME
    return _CHECK_ALPHABET[value]


def _grouped(body: str, check: str) -> str:
    groups = [body[start : start + _GROUP] for start in range(0, _LETTERS, _GROUP)]
    return "-".join([*groups, check])
