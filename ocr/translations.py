"""Bilingual forms: the English behind or below a Vietnamese label is no part of the value."""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Levenshtein

from ocr.text_line import TextLine

_WORDS = frozenset(
    "full name surname given names first last middle date day month year of birth death sex gender ethnic "
    "group ethnicity nationality citizenship place native origin home hometown town residence residential "
    "permanent temporary current address personal identification identity number no id card document "
    "documents paper papers passport mother mothers father fathers wife wifes husband husbands spouse head "
    "household declarant declarants registrant relationship registered registration at issue issued issuing "
    "authority by in words word note notes cause time hour marital status valid until expiry from to "
    "marriage married birthplace the and or with people committee".split()
)
_BARE = frozenset(
    "sex gender nationality ethnicity note notes residence address name relationship".split()
)
"""Words that are a label alone on a line of their own."""
_PHRASE = r"[A-Za-z][A-Za-z'’.\- ]*"
_IN_BRACKETS = re.compile(rf"\(\s*({_PHRASE})\s*\)(?=\s*(?::|$))")
"""Where a label ends: before its colon, or with its cell."""
_BEHIND_SLASH = re.compile(rf"(?<=\S)\s*[/|]\s*({_PHRASE})(?=\s*(?::|$))")
_ALONE = re.compile(rf"\s*\(?({_PHRASE})\)?\s*:?\s*")
_LONG = 6
"""Letters from which a word is known with one of them misread."""
_MOSTLY = 0.6
"""Share of the words that must be known: readers of Vietnamese misread some English."""


def without_english(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines without English labels, emptied where they are nothing else; lines keep their number.

    A line that stands beside a label is its value, whatever the language.
    """
    waiting = {(line.page, line.row) for line in lines if line.text.rstrip().endswith(":")}
    return [_bare(line, is_value=(line.page, line.row) in waiting) for line in lines]


def _bare(line: TextLine, *, is_value: bool) -> TextLine:
    alone = None if is_value else _ALONE.fullmatch(line.text)
    if alone is not None and _is_label(alone.group(1), alone=True):
        return line.keeping(())
    cuts = [match.span() for match in _found(line.text)]
    if not cuts:
        return line
    return line.keeping(
        [at for at in range(len(line.text)) if not any(low <= at < high for low, high in cuts)]
    )


def _found(text: str) -> Iterator[re.Match[str]]:
    for pattern in (_IN_BRACKETS, _BEHIND_SLASH):
        for match in pattern.finditer(text):
            # at the end of a line it may end a value, unless the line is all label
            ends = match.end() == len(text.rstrip()) and ":" in text
            if match.start() > 0 and not ends and _is_label(match.group(1), alone=False):
                yield match


def _is_known(word: str) -> bool:
    """Whether a word is of English labels, one letter misread or two run together."""
    if word in _WORDS or any(
        word[:at] in _WORDS and word[at:] in _WORDS for at in range(2, len(word))
    ):
        return True
    return len(word) >= _LONG and any(
        Levenshtein.distance(word, known, score_cutoff=1) <= 1 for known in _WORDS
    )


def _is_label(phrase: str, *, alone: bool) -> bool:
    words = re.findall(r"[a-z]+", phrase.lower())
    # a line of its own may be a name: "Toby Mather"
    known = sum(word in _WORDS if alone else _is_known(word) for word in words)
    if len(words) == 1 and alone:
        return words[0] in _BARE
    return bool(words) and known >= _MOSTLY * len(words) and known >= min(2, len(words))
