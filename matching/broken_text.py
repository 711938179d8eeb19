"""Text that lost its letters on the way: another encoding, letters turned to ``?``, spreadsheet errors.

Such text looks like a value, is taken for one, and later the right paper is blamed.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """Why a written value is not taken as it stands.

    ``reason`` is ``other_encoding``, ``letters_lost`` or ``spreadsheet_error``, ``birth_date_year_only``,
    or empty where the value is merely none of its kind; ``sign`` is what shows it, empty for the whole
    value; ``kept`` is what can be taken all the same. ``of_the_file`` says that a conversion broke the
    letters, which befalls whole files; a ``?`` for what the clerk did not know befalls one value.
    """

    reason: str = ""
    sign: str = ""
    kept: str | None = None
    of_the_file: bool = False


_SPREADSHEET = re.compile(
    r"=.*|@[a-z.]+\(.*|#(?:REF|N/A|VALUE|NAME|DIV/0|NUM|NULL|SPILL|CALC|FIELD|BLOCKED)[!?]?|#+",
    re.IGNORECASE,
)
"""What a cell shows whose formula failed, and a formula that was exported instead of its result."""
_FORMULA_BEGINS = tuple("=@#")
_LOST = re.compile(r"\ufffd|(?<=[^\W\d_])\?+|\?+(?=[^\W\d_])")
_CONVERTED = re.compile(r"\ufffd|(?<=[^\W\d_])\?+(?![?\s]*(?:$|[,;.)]))|\?+(?=[^\W\d_])")
"""Of these, what no clerk writes who is in doubt: ``Thôn Đông?`` and ``Nguyễn Thị ?`` may be doubts."""
_UTF_8_AS_LATIN = re.compile(
    r"á[º»ş]|[âÂ]€|[ÃĂ][\x80-\x9f¡-¿‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]|(?<=[a-z])Ã [a-z]|Ä[\x83\x90\x91‘ƒ‚¨©]"
    r"|[ÅĹ][¨©]|Æ[¡¯°]|Ć[ˇŻ°]|Ă[˘ˇŁłĄąşŻż˛ĽľŚśŤťŹź˝]|(?<=[a-z])ĂŞ|ĂŞ(?=[a-z])|\b[A-ZĐ]ĂŞ\b"
)
"""The bytes of Vietnamese letters in UTF-8, each shown as a letter of its own (à as ``Ã`` and a sign).

``BÃ¹i``, ``BĂ¹i`` and ``BĂši`` are Bùi read as the letters of Western (1252), Vietnamese (1258) and Central
Europe (1250). Left out are pairs that writing has too: ``Ã`` before a space (but ``ThÃ nh``), or before
``’``, and Romanian ``ĂŞ`` in capitals.
"""
_ODD_SIGN = re.compile(r"[\x80-¿×÷€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ‘˘ˇŁłĄąŞşŻż˛ĽľŚśŤťŹź˝]|Ã ")
"""Where none of these stands, ``_UTF_8_AS_LATIN`` has nothing to find: looking so is much cheaper."""
_NOT_LATIN_1 = re.compile(r"[^\x00-\xffĐđ‘’“”–—…]")
"""Holds a letter that neither a TCVN3 nor a VNI text can hold where its bytes are shown as Latin letters."""
_TCVN3 = re.compile(
    r"(?<=[^\W\d_])[¡-¦¨-¬®µ¶¸¹»-¾×÷]|[¡-¬®µ¶¸¹»-¾×÷](?=[^\W\d_])|(?<=[a-z])·(?!l)"
    r"|(?<=[a-zß-þđ])[ÆÇÈ-ÌÎÏÑ-ÖØÜ-Þ](?![A-ZÀ-ÖØ-ÞĐ])"
)
"""TCVN3 (ABC): ă is the byte of ``¨``, ễ that of ``Ô``: signs in words, capitals behind small letters."""
_TIMES = re.compile(r"(?<![^\W\d_])[A-Z]×[A-Z](?![^\W\d_])")
"""Two blocks of a house (``Nhà B×C``): the sign is no ``ì`` of TCVN3 there."""
_VNI = re.compile(
    r"a[àáåøû]|aâ(?=[cnuy])|aê(?=[a-z])|aõ|aù(?=[cimnoptuy])|eã(?!o)|eõ(?!e)|e[âåäøùû]"
    r"|o[âåäøù]|u[åõøùû]|y[õøùû]|ö[ôõøùûï]|ô[õøùûï]",
    re.IGNORECASE,
)
"""VNI: the mark stands behind its vowel as a letter of its own (``Nguyeãn Vaên``, ``Döông``).

Pairs of real names stay: ``Hoà``, ``Aê``, ``Raphaël``, ``Anaïs``, ``Raúl``, ``Leão``, ``Seán``.
"""
_VNI_PERHAPS = re.compile(r"a[äã].*[aeou]á|[aeou]á.*a[äã]", re.IGNORECASE)
"""``aä`` and ``aã`` are VNI beside another sign (``Quoác Laäp``): ``Aäron`` and ``Canaã`` are names."""
_LATIN = "A-Za-zÀ-ÖØ-öø-ƑƓ-ʯḀ-ỿ"
_NO_NAME = re.compile(
    rf"[^{_LATIN}\u0300-\u036f\s\d<>'’‘ʼʹ′`´\-–—.,/\\\"“”\[\]()_…·•*;:\u200e\u200f\u202a-\u202e]"
)
"""Signs that no name has. Those left are cleaned away, or refused elsewhere (digits, markup)."""
_OF_VIET_NAM = "ĂăĨĩŨũƠơƯưẠ-ỹ"
_PLAIN_LETTERS = "A-Za-zÀ-ÂÄ-ÖØ-öø-ÿĐđ" + _OF_VIET_NAM
_PLAIN_NAME = re.compile(rf"[A-Za-z ]+|[{_PLAIN_LETTERS} ]*[{_OF_VIET_NAM}][{_PLAIN_LETTERS} ]*")
"""Names about which nothing can be wrong, as nearly all: one look instead of five."""
_INSIDE_A_WORD = re.compile(r"(?<=[^\W\d_])[…•*]+(?=[^\W\d_])|\d|[<>]")


def flaw_of_text(text: str) -> Flaw | None:
    """What is broken about a free text (a place, a status), ``None`` where nothing shows."""
    sign = _other_encoding(text)
    if sign:
        return Flaw(reason="other_encoding", sign=sign, of_the_file=True)
    if text[:1] in _FORMULA_BEGINS and _SPREADSHEET.fullmatch(text):
        return Flaw(reason="spreadsheet_error", sign=text)
    if ("?" in text or "\ufffd" in text) and (found := _LOST.search(text)):
        converted = _CONVERTED.search(text) is not None
        return Flaw(reason="letters_lost", sign=found.group(), of_the_file=converted)
    return None


def _other_encoding(text: str) -> str:
    """What shows that the letters are another encoding's, empty where nothing does."""
    if text.isascii():
        return ""
    found = _UTF_8_AS_LATIN.search(text) if _ODD_SIGN.search(text) else None
    if found is None and not _NOT_LATIN_1.search(text):
        plain = _TIMES.sub("", text) if "×" in text else text
        found = _TCVN3.search(plain) or _VNI.search(plain) or _VNI_PERHAPS.search(plain)
    return found.group() if found is not None else ""


def flaw_of_name(text: str) -> Flaw | None:
    """As :func:`flaw_of_text`, and any sign or digit that no name has.

    Names of every people of Viet Nam and foreign names in Latin letters stay: apostrophes, hyphens, dots,
    marks of all kinds.
    """
    if _PLAIN_NAME.fullmatch(text):
        return None
    flaw = flaw_of_text(text)
    if flaw is not None:
        return flaw
    if "?" in text:
        return Flaw(reason="letters_lost", sign="?")
    found = _NO_NAME.search(text) or _INSIDE_A_WORD.search(text)
    if found is None:
        return None
    is_tcvn3 = _TCVN3.search(text) is not None
    reason = "other_encoding" if is_tcvn3 else ""
    return Flaw(reason=reason, sign=found.group(), of_the_file=is_tcvn3)
