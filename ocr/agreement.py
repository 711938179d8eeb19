"""Independent readers of one line: where they agree.

Measured (findings.md): tokens on which a neural reader and Tesseract agree are right in 99.78 %. Where they
do not, ours stands (decision 9).
"""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from domain.syllables import is_vietnamese_syllable
from ocr.recogniser import Reading
from ocr.text_line import TextLine

_SAME_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´ʼ′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": ".",
        "\u00a0": " ",
    }
)
_LOOSE = re.compile(r"[\s.,;:\"_·•~\-()\[\]|!*]+|(?<!\w)'|'(?!\w)")
_LEADER = re.compile(r"[.,…·_]+")


def comparable(text: str) -> str:
    """``text`` without what the two readers typically render differently: spaces, case, small signs."""
    plain = unicodedata.normalize("NFC", text.translate(_SAME_SIGNS)).lower()
    return _LOOSE.sub("", plain)


class _Word(NamedTuple):
    """A word with its character range in the reader's text."""

    text: str
    start: int
    end: int


def agree(line: TextLine, second: Reading) -> TextLine:
    """The line as the first reader has it, each character flagged: does the second read the same word?"""
    if not comparable(line.text):
        # mere signs stay what they are; letters the second reader saw there cast doubt on them
        return replace(line, agreed=(not comparable(second.text),) * len(line.text))
    flags = [True] * len(line.text)
    last: _Word | None = None
    for mine, theirs in _blocks(_words(line.text), _words(second.text)):
        if not mine and last is not None:
            flags[last.start : last.end] = [False] * len(last.text)  # may belong to its field
        for word, same in _compared(mine, theirs):
            flags[word.start : word.end] = [same] * len(word.text)
            last = word
    if len(_lone_signs(line.text)) > len(_lone_signs(second.text)):
        for word in _lone_signs(line.text):
            flags[word.start : word.end] = [False] * len(word.text)  # may be a stroke of a rule
    for index, letter in enumerate(line.text):
        if letter.isspace():
            flags[index] = all(flags[max(0, index - 1) : index + 2])
    return replace(line, agreed=tuple(flags))


def _lone_signs(text: str) -> list[_Word]:
    """Signs that stand alone, leaders left out."""
    return [
        word
        for word in _words(text)
        if not comparable(word.text) and not _LEADER.fullmatch(word.text)
    ]


def _blocks(
    first: Sequence[_Word], second: Sequence[_Word]
) -> list[tuple[list[_Word], list[_Word]]]:
    """The two readings word against word; what differs is gathered into one block up to the next match.

    Mere signs take no part in the alignment: they go with the word before them.
    """
    keys = [comparable(word.text) for word in first]
    mine = [index for index, key in enumerate(keys) if key]
    theirs = [word for word in second if comparable(word.text)]
    blocks: list[tuple[list[_Word], list[_Word]]] = (
        [([word], []) for word in first[: mine[0]]] if mine else []
    )
    open_block = False
    for step in Levenshtein.opcodes(
        [keys[index] for index in mine], [comparable(word.text) for word in theirs]
    ):
        if step.tag == "equal":
            for offset in range(step.src_end - step.src_start):
                start = mine[step.src_start + offset]
                blocks.append(([first[start]], [theirs[step.dest_start + offset]]))
                blocks += [([word], []) for word in _signs_after(first, keys, start)]
            open_block = False
            continue
        if not open_block:
            blocks.append(([], []))
            open_block = True
        for index in mine[step.src_start : step.src_end]:
            blocks[-1][0].extend([first[index], *_signs_after(first, keys, index)])
        blocks[-1][1].extend(theirs[step.dest_start : step.dest_end])
    return blocks


def _signs_after(words: Sequence[_Word], keys: Sequence[str], index: int) -> list[_Word]:
    end = index + 1
    while end < len(words) and not keys[end]:
        end += 1
    return list(words[index + 1 : end])


def unless_contradicted(line: TextLine, other: str) -> TextLine:
    """The line, agreement taken back from words that another reading of it has otherwise.

    The text stays: it is the better one, but where readers differ nobody should be certain.
    """
    words = [word for word in _words(line.text) if comparable(word.text)]
    mine = [comparable(word.text) for word in words]
    theirs = [key for key in map(comparable, other.split()) if key]
    flags = list(line.agreed or (False,) * len(line.text))
    steps = Levenshtein.opcodes(mine, theirs)
    for equal, run in itertools.groupby(steps, key=lambda step: step.tag == "equal"):
        if equal:
            continue
        gap = list(run)
        first, last = gap[0].src_start, gap[-1].src_end
        if "".join(mine[first:last]) == "".join(theirs[gap[0].dest_start : gap[-1].dest_end]):
            continue  # only the spaces differ
        # a word that only the other saw may belong to the one before it
        for word in words[first:last] or words[max(0, first - 1) : max(1, first)]:
            flags[word.start : word.end] = [False] * (word.end - word.start)
    return replace(line, agreed=tuple(flags))


def _words(text: str) -> list[_Word]:
    return [_Word(match.group(), *match.span()) for match in re.finditer(r"\S+", text)]


def _compared(mine: Sequence[_Word], theirs: Sequence[_Word]) -> list[tuple[_Word, bool]]:
    """Words that stand against each other, one by one where they pair up."""
    keys = [comparable(word.text) for word in mine]
    others = [comparable(word.text) for word in theirs]
    if "".join(keys) == "".join(others):
        words = [part for word in mine for part in re.findall(r"[^\W\d_]+", word.text)]
        spaced = len(mine) == len(theirs) or all(map(is_vietnamese_syllable, words))
        return [(word, spaced) for word in mine]
    if len(mine) != len(theirs):
        return [(word, not key) for word, key in zip(mine, keys, strict=True)]
    return [(word, key == other) for word, key, other in zip(mine, keys, others, strict=True)]
