"""Dates written out in Vietnamese words, both ways (`../shared/domain.md` § 5)."""

import re
from collections.abc import Sequence
from datetime import date

from domain.text import fold

_DIGITS = {
    word: digit
    for digit, words in enumerate(
        ("khong", "mot", "hai", "ba", "bon tu", "nam lam nham", "sau", "bay", "tam", "chin")
    )
    for word in words.split()
}
_TEN = "muoi"
_TWENTY_SHORT = "ham"
_THOUSANDS = ("nghin", "ngan")
_HUNDRED = "tram"
_FILLERS = ("linh", "le")
_VOCABULARY = {*_DIGITS, _TEN, _TWENTY_SHORT, *_THOUSANDS, _HUNDRED, *_FILLERS}
_MONTH_NAMES = {"gieng": 1, "chap": 12}
_BESIDES = frozenset("ngay mung mong thang nam".split())
_CENTURIES = (18, 19, 20)
_LAST_DAY = 31
_LAST_MONTH = 12
_MUNG_UNTIL = 10
_DIGITS_OF_YEAR = 4
_DIGITS_OF_TENS = 2
_UNIT_WORDS = "không một hai ba bốn năm sáu bảy tám chín".split()
_TOKEN = re.compile(r"[a-z]+")
_WORD_OR_SIGN = re.compile(r"[a-z]+|[^a-z\s]")
_CLAUSE_END = re.compile(r"[;)\n]")


def parse_date_words(text: str) -> str | None:
    """``YYYY-MM-DD``, or ``YYYY`` where only a year is written out, of a date in words.

    Accepts mùng/mồng, nghìn/ngàn, linh/lẻ, tư/bốn, lăm/năm/nhăm, mốt/một, mươi left out, tháng giêng and
    tháng chạp, and years digit by digit (``một chín bảy ba``); marks that a reader lost do not matter.
    ``None`` for anything else and for impossible dates.
    """
    clause = _CLAUSE_END.split(text.strip(" ()\n"), maxsplit=1)[0]
    tokens = _TOKEN.findall(fold(clause))
    if "thang" not in tokens:
        return _year_alone(tokens)
    at = tokens.index("thang")
    day = _small(_vocabulary_suffix(tokens[:at]))
    month, year = _month_and_year(tokens[at + 1 :])
    if day is None or month is None or year is None:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def parse_one_date_in_words(text: str) -> str | None:
    """As :func:`parse_date_words`, of words that say one date and nothing else: each has its place in it.

    ``None`` where a day, a month or a year is said twice, or anything is said besides.
    """
    tokens = _WORD_OR_SIGN.findall(fold(text))
    if "thang" not in tokens:
        return _year_alone(tokens)
    at = tokens.index("thang")
    day = _small(_without_day_words(_without_comma(tokens[:at])))
    rest = tokens[at + 1 :]
    for cut in (place for place, word in enumerate(rest) if word == "nam"):
        month, year = _month(_without_comma(rest[:cut])), _year(rest[cut + 1 :])
        if day is None or month is None or year is None:
            continue
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            return None
    return None


def _without_comma(tokens: Sequence[str]) -> Sequence[str]:
    """Commas stand before ``tháng`` and ``năm`` only: ``hai, ba`` are two days, not the 23rd."""
    return tokens[:-1] if tokens[-1:] == [","] else tokens


def _without_day_words(tokens: Sequence[str]) -> Sequence[str]:
    if tokens[:1] == ["ngay"]:
        tokens = tokens[1:]
    return tokens[1:] if tokens[:1] in (["mung"], ["mong"]) else tokens


def goes_on_in_words(text: str) -> bool:
    """Whether a row begins with number words in small letters: a date in words that broke above goes on.

    ``Nam`` in capitals is a sex, not a five.
    """
    first = text.strip(" .,;()").split(" ", 1)[0].strip(".,;()")
    return first.islower() and fold(first) in _VOCABULARY


def is_in_words(text: str) -> bool:
    """Whether a text consists of number words, months and years among them, and of nothing else."""
    words = set(re.findall(r"\w+", fold(text)))
    return bool(words) and words <= _VOCABULARY | _MONTH_NAMES.keys() | _BESIDES


def _year_alone(tokens: Sequence[str]) -> str | None:
    words = list(tokens)
    if words[:1] == ["sinh"]:
        words = words[1:]
    if words[:1] == ["nam"]:
        words = words[1:]
    year = _year(words)
    return None if year is None else str(year)


def _vocabulary_suffix(tokens: Sequence[str]) -> Sequence[str]:
    start = len(tokens)
    while start > 0 and tokens[start - 1] in _VOCABULARY:
        start -= 1
    return tokens[start:]


def _month_and_year(tokens: Sequence[str]) -> tuple[int | None, int | None]:
    """``năm`` is both "year" and "five": take the first reading in which both sides make sense."""
    for cut in (at for at, word in enumerate(tokens) if word == "nam"):
        month = _month(tokens[:cut])
        year = _longest_year(tokens[cut + 1 :])
        if month is not None and year is not None:
            return month, year
    return None, None


def _month(tokens: Sequence[str]) -> int | None:
    if len(tokens) == 1 and tokens[0] in _MONTH_NAMES:
        return _MONTH_NAMES[tokens[0]]
    month = _small(tokens)
    return month if month is not None and 1 <= month <= _LAST_MONTH else None


def _longest_year(tokens: Sequence[str]) -> int | None:
    end = 0
    while end < len(tokens) and tokens[end] in _VOCABULARY:
        end += 1
    for stop in range(end, 0, -1):
        year = _year(tokens[:stop])
        if year is not None:
            return year
    return None


def _year(tokens: Sequence[str]) -> int | None:
    if len(tokens) == _DIGITS_OF_YEAR and all(token in _DIGITS for token in tokens):
        year = int("".join(str(_DIGITS[token]) for token in tokens))
        return year if year // 100 in _CENTURIES else None
    if len(tokens) < len(("hai", "nghin")) or tokens[1] not in _THOUSANDS:
        return None
    thousands = _DIGITS.get(tokens[0])
    rest = tokens[2:]
    hundreds = 0
    if len(rest) > 1 and rest[1] == _HUNDRED and rest[0] in _DIGITS:
        hundreds = _DIGITS[rest[0]]
        rest = rest[2:]
    tens = _tens(rest)
    if thousands is None or tens is None or thousands * 10 + hundreds not in _CENTURIES:
        return None
    return thousands * 1000 + hundreds * 100 + tens


def _tens(tokens: Sequence[str]) -> int | None:
    """What follows the hundreds: nothing, ``linh tám``, ``bảy mươi ba``, ``bảy ba``; never one digit bare."""
    if not tokens:
        return 0
    if tokens[0] in _FILLERS:
        return _DIGITS.get(tokens[1]) if len(tokens) == _DIGITS_OF_TENS else None
    if len(tokens) == 1 and tokens[0] != _TEN:
        return None
    return _below_hundred(tokens)


def _below_hundred(tokens: Sequence[str]) -> int | None:
    words = list(tokens)
    if words[:1] == [_TEN]:
        tens, words = 1, words[1:]
    elif words[:1] == [_TWENTY_SHORT]:
        tens, words = 2, words[1:]
    elif words and words[0] in _DIGITS:
        tens, words = _DIGITS[words[0]], words[1:]
        if not words:
            return tens
        if words[0] == _TEN:
            words = words[1:]
    else:
        return None
    if not words:
        return tens * 10
    return tens * 10 + _DIGITS[words[0]] if len(words) == 1 and words[0] in _DIGITS else None


def _small(tokens: Sequence[str]) -> int | None:
    """A day or month number; ``mùng`` has been dropped as it is no number word."""
    number = _below_hundred(tokens)
    return number if number is not None and 1 <= number <= _LAST_DAY else None


def date_in_words(iso: str) -> str:
    """A date in the words registrars use, lower case: ``ngày mùng chín tháng mười một năm một nghìn …``.

    ``YYYY`` gives the year alone (``năm …``). Raises ``ValueError`` for anything else.
    """
    if len(iso) == _DIGITS_OF_YEAR and iso.isdigit():
        return f"năm {_year_words(int(iso))}"
    day = date.fromisoformat(iso)
    return f"ngày {_day_words(day.day)} tháng {_month_words(day.month)} năm {_year_words(day.year)}"


def _day_words(day: int) -> str:
    return f"mùng {_number_words(day)}" if day <= _MUNG_UNTIL else _number_words(day)


def _month_words(month: int) -> str:
    return {1: "một", 4: "tư"}.get(month, _number_words(month))


def _number_words(number: int) -> str:
    """1–99 with the customary mốt, tư after mươi, and lăm."""
    tens, unit = divmod(number, 10)
    if tens == 0:
        return _UNIT_WORDS[unit]
    head = "mười" if tens == 1 else f"{_UNIT_WORDS[tens]} mươi"
    if unit == 0:
        return head
    special = {5: "lăm"} if tens == 1 else {1: "mốt", 4: "tư", 5: "lăm"}
    return f"{head} {special.get(unit, _UNIT_WORDS[unit])}"


def _year_words(year: int) -> str:
    thousands, rest = divmod(year, 1000)
    hundreds, tens = divmod(rest, 100)
    words = f"{_UNIT_WORDS[thousands]} nghìn"
    if hundreds or tens:
        words += f" {_UNIT_WORDS[hundreds]} trăm"
    if 0 < tens < len(_UNIT_WORDS):
        words += f" linh {_UNIT_WORDS[tens]}"
    elif tens:
        words += f" {_number_words(tens)}"
    return words
