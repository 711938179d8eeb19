"""How well text is read: error rates of words and letters, aligned by words.

The truth of a real scan comes from another publication: line breaks differ, and the order of header
lines may. So words are aligned, never positions, and words found anywhere are counted too. Where the
paper itself differs from the publication, :func:`compare_where_agreed` leaves both out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from rapidfuzz.distance import Levenshtein

from domain.page import CleanPage
from domain.record import Line
from domain.text import fold, nfc

_ALIKE = str.maketrans({**dict.fromkeys("‘’‚`´", "'"), **dict.fromkeys("“”„«»", '"'),
                        **dict.fromkeys("‐‑‒–—―−", "-"), "…": " "})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LetterErrors:
    """Letters of a truth and how many a reading has otherwise; rates are shares (0.02 = 2 %)."""

    letters: int
    letter_errors: int
    bare_letter_errors: int
    """Letter errors that remain when diacritics are not regarded."""

    @property
    def cer(self) -> float:
        """Character error rate; what was skipped counts."""
        return self.letter_errors / max(1, self.letters)

    @property
    def bare_cer(self) -> float:
        """Character error rate without diacritics."""
        return self.bare_letter_errors / max(1, self.letters)


@dataclass(frozen=True, kw_only=True)
class TextAccuracy(LetterErrors):
    """Error counts of a reading against its truth; rates are shares (0.02 = 2 %)."""

    words: int
    words_found: int
    """Words of the truth that were read exactly, wherever they stand (as often as they stand)."""
    word_errors: int
    seconds: float = 0.0
    pages: int = 0

    @property
    def wer(self) -> float:
        """Word error rate, in order."""
        return self.word_errors / max(1, self.words)

    @property
    def found(self) -> float:
        """Share of the truth's words that were read exactly somewhere."""
        return self.words_found / max(1, self.words)

    @property
    def seconds_per_page(self) -> float:
        """Reading time (cleaning not included)."""
        return self.seconds / max(1, self.pages)


def compare_texts(truth: str, read: str, *, seconds: float = 0.0, pages: int = 0) -> TextAccuracy:
    """Compare a reading with the truth.

    Both are split into words (NFC, quotes and dashes made alike, mere rules and leaders left out) and
    aligned; blocks that differ are compared letter by letter, so that what was skipped or invented
    counts in full. Moved lines cost in every rate but ``found``.
    """
    wanted, got = _words(truth), _words(read)
    errors = bare = word_errors = 0
    for block in _blocks(wanted, got):
        if block.equal:
            continue
        first = " ".join(wanted[block.start : block.end])
        second = " ".join(got[block.read_start : block.read_end])
        errors += Levenshtein.distance(first, second)
        bare += Levenshtein.distance(fold(first), fold(second))
        word_errors += max(block.end - block.start, block.read_end - block.read_start)
    return TextAccuracy(
        words=len(wanted),
        words_found=sum((Counter(wanted) & Counter(got)).values()),
        word_errors=word_errors,
        letters=sum(len(word) for word in wanted) + max(0, len(wanted) - 1),
        letter_errors=errors,
        bare_letter_errors=bare,
        seconds=seconds,
        pages=pages,
    )


def _words(text: str) -> list[str]:
    alike = nfc(text).translate(_ALIKE)
    return [word for word in alike.split() if any(letter.isalnum() for letter in word)]


class _Block(NamedTuple):
    """A stretch of the truth and of the reading: equal, or different from its first word to its last."""

    equal: bool
    start: int
    end: int
    read_start: int
    read_end: int


def _blocks(wanted: Sequence[str], got: Sequence[str]) -> list[_Block]:
    """Both texts in stretches; a word read as two is one difference, not a changed and an added word."""
    blocks: list[_Block] = []
    for step in Levenshtein.opcodes(wanted, got):
        equal = step.tag == "equal"
        start, read_start = step.src_start, step.dest_start
        if blocks and not equal and not blocks[-1].equal:
            last = blocks.pop()
            start, read_start = last.start, last.read_start
        blocks.append(_Block(equal, start, step.src_end, read_start, step.dest_end))
    return blocks


@dataclass(frozen=True, kw_only=True)
class AgreedAccuracy:
    """Errors of one reader where at least one reader of the run agrees with the truth."""

    words: int
    """Words of the truth that some reader read exactly; the same for every reader of the run."""
    word_errors: int
    letters: int
    letter_errors: int

    @property
    def cer(self) -> float:
        """Letter errors by letters of the counted words and the spaces after them."""
        return self.letter_errors / max(1, self.letters)

    @property
    def wer(self) -> float:
        """Share of the counted words that were not read exactly."""
        return self.word_errors / max(1, self.words)


@dataclass(kw_only=True)
class _Aligned:
    """One reader along the truth: errors per word, and words added before each (or at the end)."""

    exact: list[bool]
    errors: list[int]
    added: dict[int, tuple[str, ...]] = field(default_factory=dict)


def compare_where_agreed(
    truth: str, readings: Mapping[str, str], *, makes: Mapping[str, str] | None = None
) -> dict[str, AgreedAccuracy]:
    """Compare readers on those words of the truth that at least one of them read exactly in place.

    Every reader is aligned by words in the same way. Within a stretch that differs, letters are
    aligned and each error belongs to the word it falls on; letters added between words belong to the
    word before them. Words added where the truth has none are errors of that word too, unless a
    reader of another make (``makes``: reader to make, a reader alone being its own) added the same
    word there: then it stands on the paper, and the truth's publication lacks it. What is read before
    the first or after the last word of the truth (stamps, signatures) is not compared.
    """
    wanted = _words(truth)
    aligned = {name: _align(wanted, _words(text)) for name, text in readings.items()}
    counted = [any(one.exact[index] for one in aligned.values()) for index in range(len(wanted))]
    letters = sum(len(word) + 1 for word, counts in zip(wanted, counted, strict=True) if counts)
    printed = _printed_though_not_in_truth(aligned, makes or {})
    scores = {}
    for name, one in aligned.items():
        errors = list(one.errors)
        for place, words in one.added.items():
            strange = [word for word in words if (place, word) not in printed]
            if 0 < place < len(wanted):
                errors[place - 1] += sum(len(word) + 1 for word in strange)
        scores[name] = AgreedAccuracy(
            words=sum(counted),
            word_errors=sum(
                not exact for exact, counts in zip(one.exact, counted, strict=True) if counts
            ),
            letters=letters,
            letter_errors=sum(e for e, counts in zip(errors, counted, strict=True) if counts),
        )
    return scores


def _printed_though_not_in_truth(
    aligned: Mapping[str, _Aligned], makes: Mapping[str, str]
) -> set[tuple[int, str]]:
    """Place and word of what readers of at least two makes added at the same place."""
    witnesses: dict[tuple[int, str], set[str]] = {}
    for name, one in aligned.items():
        for place, words in one.added.items():
            for word in words:
                witnesses.setdefault((place, word), set()).add(makes.get(name, name))
    return {added for added, by in witnesses.items() if len(by) > 1}


def _align(wanted: Sequence[str], got: Sequence[str]) -> _Aligned:
    result = _Aligned(exact=[False] * len(wanted), errors=[0] * len(wanted))
    for block in _blocks(wanted, got):
        start, end = block.start, block.end
        words = tuple(got[block.read_start : block.read_end])
        if block.equal:
            result.exact[start:end] = [True] * (end - start)
        elif start == end:
            result.added[start] = words
        else:
            _blame(result.errors, wanted, start, end, " ".join(words))
    return result


def _blame(errors: list[int], wanted: Sequence[str], start: int, end: int, read: str) -> None:
    """Add the letter errors of ``read`` for the words ``start`` … ``end`` to those words."""
    text = " ".join(wanted[start:end])
    owners = [
        index
        for index in range(start, end)
        for _ in range(
            len(wanted[index]) + (index < end - 1)
        )  # the space belongs to the word before
    ]
    for edit in Levenshtein.editops(text, read):
        errors[owners[min(edit.src_pos, len(owners) - 1)]] += 1


def truth_covered(truth: str, readings: Iterable[str]) -> str:
    """The truth up to the last place where a reading runs along it: what a part of a scan shows."""
    words = truth.split()
    last = 0
    for reading in readings:
        for step in Levenshtein.opcodes(words, reading.split()):
            if step.tag == "equal" and step.src_end - step.src_start >= 4:
                last = max(last, step.src_end)
    return " ".join(words[:last])


@dataclass(frozen=True, kw_only=True)
class LineAccuracy(LetterErrors):
    """Errors of a page's reading, counted line by line of the truth, wherever the line was read."""

    lines: int
    exact: int

    @property
    def exact_rate(self) -> float:
        """Share of the lines that were read without any error."""
        return self.exact / max(1, self.lines)

    def __add__(self, other: "LineAccuracy") -> "LineAccuracy":
        """Both pages together."""
        return LineAccuracy(
            lines=self.lines + other.lines,
            exact=self.exact + other.exact,
            letters=self.letters + other.letters,
            letter_errors=self.letter_errors + other.letter_errors,
            bare_letter_errors=self.bare_letter_errors + other.bare_letter_errors,
        )


NO_LINES = LineAccuracy(lines=0, exact=0, letters=0, letter_errors=0, bare_letter_errors=0)


def compare_lines(truth: Sequence[str], read: str) -> LineAccuracy:
    """Compare each line of a page's truth with the place in the page's reading that fits it best.

    The order of lines and columns costs nothing, a skipped line counts in full, and what a reader
    invents beside the lines is not counted (``TextAccuracy`` counts it).
    """
    text = " ".join(_words(read))
    bare = fold(text)
    total = NO_LINES
    for line in truth:
        wanted = " ".join(_words(line))
        errors = _distance_within(wanted, text)
        total += LineAccuracy(
            lines=1,
            exact=int(f" {wanted} " in f" {text} "),
            letters=len(wanted),
            letter_errors=errors,
            bare_letter_errors=min(errors, _distance_within(fold(wanted), bare)),
        )
    return total


def _distance_within(wanted: str, text: str) -> int:
    """Smallest edit distance between ``wanted`` and any stretch of ``text`` (Sellers, 1980)."""
    if wanted in text:
        return 0
    there = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    steps = np.arange(len(there) + 1, dtype=np.int32)
    row = np.zeros(len(there) + 1, np.int32)
    for count, letter in enumerate(wanted, start=1):
        below = row + 1
        below[1:] = np.minimum(below[1:], row[:-1] + (there != ord(letter)))
        below[0] = count
        row = np.minimum.accumulate(below - steps) + steps
    return int(row.min())


class PageReader(Protocol):
    """Whatever reads pages; the engine does."""

    def read_page(self, page: CleanPage) -> tuple[Line, ...]:
        """The lines of a page in reading order."""
        ...


def measure_reading(
    pages: Iterable[CleanPage], truth: str, engine: PageReader, *, clock: Callable[[], float]
) -> TextAccuracy:
    """Read cleaned pages and compare the text with the truth.

    ``clock`` tells seconds (``time.process_time`` for CPU time); only reading is timed.
    """
    texts: list[str] = []
    seconds, count = 0.0, 0
    for page in pages:
        began = clock()
        lines = engine.read_page(page)
        seconds += clock() - began
        texts += [line.text for line in lines]
        count += 1
    return compare_texts(truth, "\n".join(texts), seconds=seconds, pages=count)
