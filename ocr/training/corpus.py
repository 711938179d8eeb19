"""What the training lines say: a seeded stream of texts in the proportions of civil records."""

from __future__ import annotations

import json
import random
import unicodedata
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from ocr.training import addresses, alphabet, codes, numbers, syllables

_TEXTS = Path(__file__).parent / "texts"
_HELD_OUT_SHARE = 12
"""One syllable, place and sentence in this many is kept away from training."""
_CLOSED_SHARE = 0.015
"""How many lines end in ``./.``, as every official text does."""
_ELECTRONIC_SHARE, _UNMARKED_SHARE, _CODED_SHARE = 0.015, 0.012, 0.03
"""How many lines are an electronic address, are written without any mark, have figures among letters."""
_BRACKETS = (("(", ")"), ("[", "]"), ("“", "”"), ('"', '"'), ("‘", "’"), ("«", "»"), ("'", "'"))


def lines_of(name: str) -> list[str]:
    """The non-empty lines of one text file of this package."""
    text = (_TEXTS / f"{name}.txt").read_text(encoding="utf-8")
    return [unicodedata.normalize("NFC", line) for line in text.splitlines() if line.strip()]


def words_of(name: str) -> list[str]:
    """The distinct words of one text file of this package."""
    return list(dict.fromkeys(" ".join(lines_of(name)).split()))


def is_held_out(item: str) -> bool:
    """Whether a syllable, place or sentence belongs to the held-out part; stable across runs."""
    return zlib.crc32(item.lower().encode()) % _HELD_OUT_SHARE == 0


@lru_cache(maxsize=1)
def places() -> list[str]:
    """Administrative units of before and after the 2025 reform, when their package is installed."""
    spec = find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        return lines_of("places")
    data = Path(spec.origin).parent / "data"
    found: dict[str, None] = dict.fromkeys(lines_of("places"))
    for name in ("parser_from_2025.json", "parser_legacy.json"):
        _gather_names(json.loads((data / name).read_text(encoding="utf-8")), found)
    return list(found)


def _gather_names(node: object, found: dict[str, None]) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"province", "district", "ward"} and isinstance(value, str):
                found[unicodedata.normalize("NFC", value)] = None
            else:
                _gather_names(value, found)
    elif isinstance(node, list):
        for item in node:
            _gather_names(item, found)


class Corpus:
    """A stream of normalised texts; the same seed gives the same stream."""

    def __init__(self, seed: int, *, held_out: bool = False) -> None:
        """``held_out`` swaps in the syllables, places and sentences that training never shows."""
        self._rng = random.Random(seed)
        self._held_out = held_out

        def part(items: Sequence[str]) -> list[str]:
            return [item for item in items if is_held_out(item) == held_out]

        self._syllables = part(syllables.table())
        self._places = part(places())
        self._prose = part(lines_of("prose"))
        self._labels = lines_of("labels")
        self._words = words_of("words")
        self._surnames = words_of("surnames")
        self._middles = words_of("middles")
        self._givens = part(words_of("givens"))
        self._minority = part(lines_of("minority_names"))
        self._foreign = part(lines_of("foreign_names"))
        self._makers: list[tuple[float, Callable[[], str]]] = [
            (0.20, self._random_syllables),
            (0.15, self._name),
            (0.13, self._place),
            (0.15, self._labelled_value),
            (0.13, self._sentence),
            (0.06, self._common_words),
            (0.05, lambda: numbers.date(self._rng)),
            (0.06, lambda: numbers.identifier(self._rng)),
            (0.01, lambda: numbers.machine_readable(self._rng)),
            (0.02, self._random_letters),
            (0.02, self._random_signs),
            (0.02, self._enumerated),
        ]

    def line(self, letters: int) -> str:
        """A line of about ``letters`` letters: short makers are joined, long ones cut at a word."""
        text = self._mixed(letters)
        # The examination's lines stay those of its first day.
        return text if self._held_out else self._rarely_otherwise(text)

    def _rarely_otherwise(self, text: str) -> str:
        """What the examination did not foresee."""
        rng = self._rng
        kinds = ("closed", "electronic", "unmarked", "coded", "")
        shares = (_CLOSED_SHARE, _ELECTRONIC_SHARE, _UNMARKED_SHARE, _CODED_SHARE)
        match rng.choices(kinds, (*shares, 1 - sum(shares)))[0]:
            case "closed":
                return alphabet.normalise(text.rstrip(" .,:;…") + "./.")
            case "electronic":
                return addresses.electronic(rng, self._syllables)
            case "unmarked":
                return addresses.unmarked(text)
            case "coded":
                value = codes.code(rng)
                return alphabet.normalise(rng.choice((value, f"{text} {value}", f"{value} {text}")))
        return text

    def _mixed(self, letters: int) -> str:
        rng = self._rng
        weights, makers = zip(*self._makers, strict=True)
        text = rng.choices(makers, weights)[0]()
        while len(text) < letters * 0.75:
            joint = rng.choices(
                (" ", ", ", " - ", "; ", ": ", ". ", " ... "), (6, 5, 1, 1, 1, 1, 0.5)
            )[0]
            text += joint + rng.choices(makers, weights)[0]()
        return alphabet.normalise(self._cased(self._cut(text, letters))) or "A"

    def _cut(self, text: str, letters: int) -> str:
        """A window of whole words: lines of a page begin and end in mid-sentence."""
        if len(text) <= letters:
            return text
        words = text.split(" ")
        first = self._rng.randrange(len(words)) if self._rng.random() < 0.5 else 0
        kept = ""
        for word in words[first:]:
            if kept and len(kept) + len(word) >= letters:
                break
            kept = f"{kept} {word}" if kept else word
        return kept[: int(letters * 1.3)]

    def _cased(self, text: str) -> str:
        draw = self._rng.random()
        if draw < 0.24:
            return text.upper().replace("SS", "ß" if "ß" in text else "SS")
        if draw < 0.32:
            return text.title()
        if draw < 0.36:
            return text.lower()
        return text

    def _random_syllables(self) -> str:
        rng = self._rng
        chosen = [rng.choice(self._syllables) for _ in range(rng.randint(1, 8))]
        if rng.random() < 0.4:
            chosen = [word[:1].upper() + word[1:] for word in chosen]
        if rng.random() < 0.2:
            place = rng.randrange(len(chosen))
            chosen[place] += rng.choice(",.;:!?)")
        return " ".join(chosen)

    def _name(self) -> str:
        rng = self._rng
        draw = rng.random()
        if draw < 0.10:
            return rng.choice(self._minority)
        if draw < 0.16:
            return rng.choice(self._foreign)
        parts = [rng.choice(self._surnames), *rng.sample(self._middles, rng.randint(1, 2))]
        if rng.random() < 0.3:
            syllable = rng.choice(self._syllables)
            parts.append(syllable[:1].upper() + syllable[1:])
        else:
            parts.append(rng.choice(self._givens))
        return " ".join(parts)

    def _place(self) -> str:
        rng = self._rng
        chain = [rng.choice(self._places) for _ in range(rng.randint(1, 3))]
        if rng.random() < 0.4:
            prefix = rng.choice(
                (
                    "thôn",
                    "xóm",
                    "bản",
                    "ấp",
                    "tổ dân phố",
                    "khu phố",
                    "buôn",
                    "làng",
                    "số nhà",
                    "đường",
                )
            )
            tail = rng.choice(
                (rng.choice(self._givens), str(rng.randint(1, 99)), self._random_word())
            )
            chain.insert(0, f"{prefix} {tail}")
        if rng.random() < 0.4:
            chain = [unit[:1].lower() + unit[1:] for unit in chain]
        return rng.choice((", ", ", ", " - ")).join(chain)

    def _random_word(self) -> str:
        return self._rng.choice(self._syllables).capitalize()

    def _labelled_value(self) -> str:
        rng = self._rng
        label = rng.choice(self._labels)
        draw = rng.random()
        if draw < 0.25 or not label.endswith(":"):
            return label
        if draw < 0.32:
            return f"{label} ..."
        value = rng.choice(
            (self._name, self._place, self._date, self._identifier, self._random_syllables)
        )
        return f"{label}{rng.choice((' ', ' ', ' ', ''))}{value()}"

    def _date(self) -> str:
        return numbers.date(self._rng)

    def _identifier(self) -> str:
        return numbers.identifier(self._rng)

    def _sentence(self) -> str:
        rng = self._rng
        sentence = rng.choice(self._prose)
        if rng.random() < 0.5:
            # Swap words, so that letters are read and sentences are not recited.
            words = sentence.split(" ")
            for _ in range(max(1, len(words) // 4)):
                words[rng.randrange(len(words))] = rng.choice(
                    (rng.choice(self._words), rng.choice(self._syllables))
                )
            sentence = " ".join(words)
        return sentence

    def _common_words(self) -> str:
        rng = self._rng
        chosen = [rng.choice(self._words) for _ in range(rng.randint(3, 14))]
        if rng.random() < 0.5:
            chosen[0] = chosen[0].capitalize()
        if rng.random() < 0.2:
            chosen[rng.randrange(len(chosen))] += rng.choice((",", ";", ":", "."))
        if rng.random() < 0.15:
            opening, closing = rng.choice(_BRACKETS)
            first = rng.randrange(len(chosen))
            last = rng.randrange(first, len(chosen))
            chosen[first] = opening + chosen[first]
            chosen[last] += closing
        return " ".join(chosen)

    def _random_letters(self) -> str:
        rng = self._rng
        pool = alphabet.VIETNAMESE + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        return "".join(
            " " if rng.random() < 0.15 else rng.choice(pool) for _ in range(rng.randint(3, 16))
        )

    def _random_signs(self) -> str:
        rng = self._rng
        letters = [rng.choice(alphabet.LETTERS) for _ in range(rng.randint(2, 10))]
        return " ".join(
            letter if rng.random() < 0.5 else letter + rng.choice(self._words) for letter in letters
        )

    def _enumerated(self) -> str:
        rng = self._rng
        mark = rng.choice(
            (
                f"{rng.randint(1, 60)}.",
                f"{rng.choice('abcdđeghikl')})",
                "-",
                "+",
                "–",
                "•",
                f"({rng.randint(1, 9)})",
                f"{rng.choice(('I', 'II', 'III', 'IV', 'V', 'VI', 'IX', 'X'))}.",
                f"Điều {rng.randint(1, 200)}.",
                "*",
                "§",
                "№",
            )
        )
        return f"{mark} {rng.choice((self._sentence, self._common_words, self._labelled_value))()}"
