"""How well text is read: error rates of words and letters, aligned by words.

The truth of a real scan comes from another publication: line breaks differ, and the order of header
lines may. So words are aligned, never positions, and words found anywhere are counted too.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from domain.page import CleanPage
from domain.text import fold, nfc
from ocr.engine import ReadingEngine

_ALIKE = str.maketrans({**dict.fromkeys("‘’‚`´", "'"), **dict.fromkeys("“”„«»", '"'),
                        **dict.fromkeys("‐‑‒–—―−", "-"), "…": " "})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TextAccuracy:
    """Error counts of a reading against its truth; rates are shares (0.02 = 2 %)."""

    words: int
    words_found: int
    """Words of the truth that were read exactly, wherever they stand (as often as they stand)."""
    word_errors: int
    letters: int
    letter_errors: int
    bare_letter_errors: int
    """Letter errors that remain when diacritics are not regarded."""
    seconds: float = 0.0
    pages: int = 0

    @property
    def cer(self) -> float:
        """Character error rate over the aligned text; skipped text counts, moved lines do not."""
        return self.letter_errors / max(1, self.letters)

    @property
    def bare_cer(self) -> float:
        """Character error rate without diacritics."""
        return self.bare_letter_errors / max(1, self.letters)

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
    for step in Levenshtein.opcodes(wanted, got):
        if step.tag == "equal":
            continue
        first = " ".join(wanted[step.src_start : step.src_end])
        second = " ".join(got[step.dest_start : step.dest_end])
        errors += Levenshtein.distance(first, second)
        bare += Levenshtein.distance(fold(first), fold(second))
        word_errors += max(step.src_end - step.src_start, step.dest_end - step.dest_start)
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


def measure_reading(
    pages: Iterable[CleanPage], truth: str, engine: ReadingEngine, *, clock: Callable[[], float]
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
