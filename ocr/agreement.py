"""Two independent readers of one line: where they agree, and whose word counts where they do not.

Measured (findings.md): tokens on which a neural reader and Tesseract agree are right in 99.78 %.
"""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from domain.syllables import is_vietnamese_syllable
from domain.text import fold
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
_SWITCH = 0.12
"""The second reader must be this much more believable (0 … 1) to overrule the first."""


def comparable(text: str) -> str:
    """``text`` without what the two readers typically render differently: spaces, case, small signs."""
    plain = unicodedata.normalize("NFC", text.translate(_SAME_SIGNS)).lower()
    return _LOOSE.sub("", plain)


@dataclass(frozen=True, kw_only=True)
class _Word:
    """A word with its character range in the reader's text."""

    text: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, kw_only=True)
class _Chosen:
    """One word of the common text; ``span`` are the columns it covers in the line's crop."""

    text: str
    sure: tuple[float, ...]
    agreed: bool
    positions: tuple[tuple[float, float], ...]


def agree(line: TextLine, second: Reading) -> TextLine:
    """The line as both readers together see it, each character flagged as agreed or not."""
    if not comparable(line.text):
        # mere signs stay what they are; letters the second reader saw there cast doubt on them
        return replace(line, agreed=(not comparable(second.text),) * len(line.text))
    first_words = _words(line.text, line.sure)
    sure = second.confidences or (second.confidence,) * len(second.text)
    second_words = _words(second.text, sure)
    chosen: list[_Chosen] = []
    for mine, theirs in _blocks(first_words, second_words):
        if not mine:
            if chosen:
                chosen[-1] = replace(chosen[-1], agreed=False)  # it may belong to that word's field
            continue
        chosen += _settle(line, mine, theirs)
    return _rebuilt(line, chosen)


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


def unless_contradicted(line: TextLine, other: Reading) -> TextLine:
    """The line, agreement taken back from words that another reading of it has otherwise.

    The text stays: the other reader is the weaker one, but where it differs nobody should be certain.
    """
    words = [word for word in _words(line.text, line.sure) if comparable(word.text)]
    mine = [comparable(word.text) for word in words]
    theirs = [key for key in map(comparable, other.text.split()) if key]
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


def agree_on_figures(line: TextLine, second: Reading) -> TextLine:
    """The line with agreement on figures only: for a second reader without Vietnamese letters.

    Its letters prove nothing (it cannot see most tones), so words with letters stay unconfirmed and the
    first reader's text is never changed.
    """
    first_words = _words(line.text, line.sure)
    second_words = _words(
        second.text, second.confidences or (second.confidence,) * len(second.text)
    )
    flags = [False] * len(line.text)
    steps = Levenshtein.opcodes(
        [fold(comparable(word.text)) for word in first_words],
        [fold(comparable(word.text)) for word in second_words],
    )
    for step in steps:
        if step.tag != "equal":
            continue
        for word in first_words[step.src_start : step.src_end]:
            figures = any(letter.isdigit() for letter in word.text)
            flags[word.start : word.end] = [figures] * (word.end - word.start)
    for index, letter in enumerate(line.text):
        if letter.isspace():
            flags[index] = True
    return replace(line, agreed=tuple(flags), figures_only=True)


def _words(text: str, sure: Sequence[float]) -> list[_Word]:
    return [
        _Word(
            text=match.group(),
            start=match.start(),
            end=match.end(),
            confidence=min(sure[match.start() : match.end()]),
        )
        for match in re.finditer(r"\S+", text)
    ]


def _settle(line: TextLine, mine: Sequence[_Word], theirs: Sequence[_Word]) -> list[_Chosen]:
    """Words that stand against each other, decided one by one where they pair up."""
    first = comparable("".join(word.text for word in mine))
    second = comparable("".join(word.text for word in theirs))
    if first == second:
        words = [part for word in mine for part in re.findall(r"[^\W\d_]+", word.text)]
        spaced = len(mine) == len(theirs) or all(map(is_vietnamese_syllable, words))
        return [_kept(line, word, agreed=spaced) for word in mine]
    if len(mine) != len(theirs):
        return [_kept(line, word, agreed=not comparable(word.text)) for word in mine]
    return [_vote(line, *pair) for pair in zip(mine, theirs, strict=True)]


def _kept(line: TextLine, word: _Word, *, agreed: bool) -> _Chosen:
    return _Chosen(
        text=word.text,
        sure=line.sure[word.start : word.end],
        agreed=agreed,
        positions=line.positions[word.start : word.end],
    )


def _vote(line: TextLine, mine: _Word, theirs: _Word) -> _Chosen:
    if comparable(mine.text) == comparable(theirs.text):
        return _kept(line, mine, agreed=True)
    if (
        believable(theirs.text, theirs.confidence)
        < believable(mine.text, mine.confidence) + _SWITCH
    ):
        return _kept(line, mine, agreed=False)
    positions = line.positions[mine.start : mine.end]
    if positions:
        left, right = positions[0][0], positions[-1][1]
        step = (right - left) / len(theirs.text)
        positions = tuple(
            (left + index * step, left + (index + 1) * step) for index in range(len(theirs.text))
        )
    return _Chosen(
        text=theirs.text,
        sure=(theirs.confidence,) * len(theirs.text),
        agreed=False,
        positions=positions,
    )


def believable(word: str, confidence: float) -> float:
    """How far a reader's word may be trusted, 0 … 1: its confidence, and whether the word can be."""
    core = word.strip(".,;:'\"()-–…")
    if not core:
        return confidence / 2
    if core.isdigit() or re.fullmatch(r"[\d/.,:\-]+", core):
        return confidence
    if not core.isalpha():
        return confidence * 0.6
    mixed = not (core.islower() or core.isupper() or core.istitle())
    return confidence * (1.0 if is_vietnamese_syllable(core) else 0.7) * (0.8 if mixed else 1.0)


def _rebuilt(line: TextLine, chosen: Sequence[_Chosen]) -> TextLine:
    text: list[str] = []
    sure: list[float] = []
    agreed: list[bool] = []
    positions: list[tuple[float, float]] = []
    placed = all(len(word.positions) == len(word.text) for word in chosen)
    for word in chosen:
        if text:
            text.append(" ")
            sure.append(min(sure[-1], word.sure[0]))
            agreed.append(agreed[-1] and word.agreed)
            if placed:
                positions.append((positions[-1][1], word.positions[0][0]))
        text.append(word.text)
        sure += word.sure
        agreed += [word.agreed] * len(word.text)
        if placed:
            positions += word.positions
    return replace(
        line,
        text="".join(text),
        sure=tuple(sure),
        confidence=sum(sure) / len(sure) if sure else 0.0,
        agreed=tuple(agreed),
        positions=tuple(positions) if placed else (),
    )
