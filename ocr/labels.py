"""Printed labels found in lines read with errors: by similarity of letters without tones and signs."""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from domain.text import nfc
from ocr.values import fold_letters

_SHORT_LABEL = 4
"""Letters up to which a label must be read without error."""
_FAIREST = 0.72
"""Below this similarity nothing is a label."""
_COLON_REACH = 4
"""How far behind the label its colon or leaders may stand."""
_PLAIN = 5
"""Letters from which a label needs no colon: alone in its line, or leading it and read without error."""
_BARE_LEAST, _FREE_LEAST, _LONG = 0.88, 0.82, 15
"""Short labels without a colon must be read well: "Nguyễn Văn" is like "Nguyên quán"."""
_MARKED_LEAST = 0.85
"""… and with their tones: "Nguyễn Quang" is a name, "Nguyên quán" a label."""
_UNMISTAKABLE = 8
"""Labels with more letters than this may lack the colon they are written with, before a capital."""
_NUMBERED = "Số"
_NUMBER_LEAST = 0.88
"""Labels of numbers must be read well: "căn cước công dân số …" is a value, "Số căn cước" a label."""
_ROW_NUMBER = re.compile(r"\s*\d{1,2}\s+")
_LIST_SIGN = re.compile(
    r"(?:^(?:[-–•]\s)?\d{1,2},|(?:^|(?<=\s))(?:[-–•]\s)?[(\[]?(?:\d{1,2}|[a-zđ]|[IVX]{1,4})[.)\]/]+)\s*$"
)
"""``3.``, ``(3)``, ``a)``, a misread ``3,`` at the line's beginning: how forms number their lines."""

SEPARATORS = re.compile(r"\s*(?:[-–;,/&]|và)\s*")
"""What stands between labels that share a colon: ``Dân tộc - Quốc tịch:``."""

_OWNER = re.compile(r"\s+của\s+(?:người\s+)?(mẹ|cha|bố|vợ|chồng)(?=\s*[:.…]|\s*$)", re.IGNORECASE)
_CLAUSE_ENDS = ("", ",", ";", "(")
"""What stands before a label of running text; at the beginning of a row it stands in the row above."""
_VALIDITY = re.compile(
    r"(?<!\w)(?:giá trị|(?:hết|thời|có) hạn|sử dụng)(?: đến)?\s*$", re.IGNORECASE
)
"""How the words before ``đến ngày``, or its second word, end where a paper's validity is told."""
_BORN = re.compile(r"\s*sinh\s|\s*giới tính\s")
_CLAUSE_NAME = re.compile(r"\s+([^\W\d_]+(?:\s+[^\W\d_]+){1,6})\s*(?:[,;(]|$)")
"""What may be a name that ends its clause: in capitals, ``xác nhận bà`` before it needs no colon."""


@dataclass(frozen=True, kw_only=True)
class LabelHit:
    """A label at characters ``start`` … ``end`` of a line (the colon not included)."""

    label: str
    start: int
    end: int
    similarity: float
    colon: bool
    clause: bool = False
    """It begins a clause of running text (``…, dân tộc Kinh, …``): in small letters, without a colon."""
    owner: str = ""
    """Whose it says it is (``mẹ``)."""


@dataclass(frozen=True, kw_only=True)
class _Words:
    """The words of a line: where each begins and ends in it, and in its squeezed letters."""

    letters: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    letter_starts: tuple[int, ...]
    letter_ends: tuple[int, ...]
    colons: tuple[int, ...]
    """Gaps with a colon before each word."""


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """Letters and digits of ``text`` in lower case without diacritics, nothing else."""
    return "".join(letter for letter in fold_letters(text) if letter.isalnum())


def find_labels(text: str, labels: Iterable[str], loose: Iterable[str] = ()) -> list[LabelHit]:
    """Labels in one line, in order, not overlapping; the longest and most similar ones win.

    A label must stand at the line's beginning or have its colon (or leaders) behind it, unless it is
    one of the ``loose`` labels of running text. One that is written with a colon has it, or a
    name behind it that ends its clause.
    """
    return list(_found(text, frozenset(labels), frozenset(loose)))


@lru_cache(maxsize=8192)
def _found(text: str, labels: frozenset[str], free: frozenset[str]) -> tuple[LabelHit, ...]:
    """What :func:`find_labels` finds; the steps of an extraction ask for the same lines again and again."""
    words = _words(text)
    pairs = letter_pairs(words.letters)
    hits = [hit for label in labels if _may_hold(pairs, label) for hit in _hits(text, words, label)]
    usable = [hit for hit in hits if _is_label(text, hit, free)]
    usable += [replace(hit, clause=True) for hit in hits
               if hit not in usable and _begins_clause(text, hit)]  # fmt: skip
    usable += _in_a_row_of_labels(text, hits, usable)
    usable.sort(
        key=lambda hit: (
            -(hit.similarity**2) * len(squeeze(hit.label)) - hit.colon,
            hit.start,
            hit.label,
        )
    )
    taken: list[LabelHit] = []
    for hit in usable:
        if all(hit.end <= other.start or hit.start >= other.end for other in taken):
            taken.append(hit)
    taken.sort(key=lambda hit: hit.start)
    return tuple(_with_owner(text, _with_list_sign(text, hit)) for hit in taken)


def _in_a_row_of_labels(
    text: str, hits: Sequence[LabelHit], usable: Sequence[LabelHit]
) -> list[LabelHit]:
    """The other hits, read without error, that stand between labels: ``Năm sinh, dân tộc, quốc tịch:``."""
    found: list[LabelHit] = []
    for hit in hits:
        others = [*usable, *found]
        after = any(SEPARATORS.fullmatch(text[other.end : hit.start]) for other in others)
        before = any(SEPARATORS.fullmatch(text[hit.end : other.start]) for other in usable)
        printed = nfc(text[hit.start : hit.end]).lower()
        if after and before and printed == nfc(hit.label).lower() and hit not in usable:
            found.append(hit)
    return found


def _with_owner(text: str, hit: LabelHit) -> LabelHit:
    """The hit with whose it is, where that follows: ``Nơi cư trú của mẹ:``."""
    owner = _OWNER.match(text, hit.end)
    if owner is None:
        return hit
    end = owner.end()
    return replace(
        hit, end=end, colon=_has_colon(text[end : end + _COLON_REACH]), owner=owner[1].lower()
    )


def _with_list_sign(text: str, hit: LabelHit) -> LabelHit:
    """The hit with the number before it, in lines whose first label is numbered too."""
    sign = _LIST_SIGN.search(text[: hit.start])
    numbered = sign is not None and (sign.start() == 0 or _LIST_SIGN.match(text.split(" ", 1)[0]))
    return replace(hit, start=sign.start()) if sign is not None and numbered else hit


def similarity(text: str, label: str) -> float:
    """How similar two squeezed texts are, 0 … 1."""
    return Levenshtein.normalized_similarity(squeeze(text), squeeze(label))


def _words(text: str) -> _Words:
    folded = fold_letters(text)
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    index = 0
    while index < len(folded):
        if not folded[index].isalnum():
            index += 1
            continue
        start = index
        index += 1
        # "tạiỦy ban": no blank was read between label and value
        while index < len(folded) and folded[index].isalnum() and not _begins_word(text, index):
            index += 1
        letters.append(folded[start:index])
        starts.append(start)
        ends.append(index)
    reach = tuple(itertools.accumulate(map(len, letters)))
    parted = (":" in text[end:start] for end, start in zip(ends, starts[1:], strict=False))
    return _Words(
        letters="".join(letters),
        starts=tuple(starts),
        ends=tuple(ends),
        letter_starts=(0, *reach)[:-1],
        letter_ends=reach,
        colons=tuple(itertools.accumulate(parted, initial=0)),
    )


def _begins_word(text: str, index: int) -> bool:
    return text[index].isupper() and text[index - 1].islower()


def letter_pairs(squeezed: str) -> frozenset[str]:
    """The distinct pairs of neighbouring letters."""
    return frozenset(map("".join, itertools.pairwise(squeezed)))


@lru_cache(maxsize=4096)
def _needed_pairs(label: str) -> tuple[frozenset[str], int]:
    """A label's letter pairs, and how many of them any line that holds it must have.

    An edit touches two pairs at most (the q-gram lemma: Ukkonen 1992), so nothing is lost by asking.
    """
    target = squeeze(label)
    slack, least = _tolerance(target)
    pairs = letter_pairs(target)
    return pairs, len(pairs) - 2 * int((1 - least) * (len(target) + slack) + 1e-9)


def _may_hold(pairs: frozenset[str], label: str) -> bool:
    wanted, least = _needed_pairs(label)
    return least <= 0 or len(wanted & pairs) >= least


def _tolerance(target: str) -> tuple[int, float]:
    """By how many letters a reading of a label may be longer or shorter, and its least similarity."""
    if len(target) <= _SHORT_LABEL:
        return 0, 1.0
    return max(1, len(target) // 5), _FAIREST


def _hits(text: str, words: _Words, label: str) -> list[LabelHit]:
    target = squeeze(label)
    slack, least = _tolerance(target)
    shortest, longest = len(target) - slack, len(target) + slack
    found: list[LabelHit] = []
    for first, start in enumerate(words.letter_starts):
        best: LabelHit | None = None
        nearest = bisect_left(words.letter_ends, start + shortest, lo=first)
        furthest = bisect_right(words.letter_ends, start + longest, lo=nearest)
        for last in range(nearest, furthest):
            if words.colons[last] > words.colons[first]:
                break  # what follows a colon is a value, however like the label's end it looks
            joined = words.letters[start : words.letter_ends[last]]
            score = Levenshtein.normalized_similarity(joined, target, score_cutoff=least)
            if score >= least and (best is None or score > best.similarity):
                end = words.ends[last]
                best = LabelHit(
                    label=label,
                    start=words.starts[first],
                    end=end,
                    similarity=score,
                    colon=_has_colon(text[end : end + _COLON_REACH]),
                )
        if best is not None:
            found.append(best)
    return found


def _least(length: int) -> float:
    if length <= _SHORT_LABEL:
        return 1.0
    return 0.85 if length <= 8 else 0.78


def _has_colon(behind: str) -> bool:
    stripped = behind.lstrip(" )")
    return (
        stripped[:1] in {":", ";", "…"} or stripped[:2] in {"..", ".:", ". "} or behind[:1] == "."
    )


def _is_label(text: str, hit: LabelHit, free: frozenset[str]) -> bool:
    letters, leads = len(squeeze(hit.label)), _leads(text, hit)
    least = _NUMBER_LEAST if hit.label.startswith(_NUMBERED) else _least(letters)
    if hit.similarity < least:
        return leads and hit.colon and least < _NUMBER_LEAST  # badly read, yet in a label's place
    marked = _marked_similarity(text[hit.start : hit.end], hit.label) >= _MARKED_LEAST
    free_standing = hit.label in free and marked and _stands_free(text, hit)
    # leaders end a value as often as they follow a label: "tỉnh Nam Định …" holds no "Năm sinh"
    parted = ":" in text[hit.end : hit.end + _COLON_REACH] or leads or marked
    if hit.label.endswith(":") and not hit.colon:
        exact = nfc(text[hit.start : hit.end]).lower() == nfc(hit.label[:-1]).lower()
        behind = text[hit.end :].lstrip()
        # of forms printed without colons; "Nơi đăng ký thường trú" is another label
        clear = letters > _UNMISTAKABLE and hit.similarity == 1
        bare = leads and clear and (not behind or behind[:1].isupper())
        return bare or (exact and _names_a_person(text[hit.end :]))
    if (
        hit.label in free
        and hit.label.endswith("ngày")
        and not hit.colon
        and not _before_figure(text, hit)
    ):
        return False  # "kể từ ngày cấp" is no beginning of a period
    if (hit.colon and parted) or (free_standing and hit.similarity >= _FREE_LEAST):
        return True
    # "Nam Định" on a row of its own is the end of an address, not "Năm sinh"
    sound = marked or hit.similarity == 1
    alone = sound and not any(letter.isalnum() for letter in text[hit.end :])
    clean = nfc(text[hit.start : hit.end]) == nfc(hit.label)
    if leads:
        read_well = hit.similarity >= (_BARE_LEAST if letters <= _LONG else _least(letters))
        return (letters > 7 and read_well and marked) or (letters >= _PLAIN and (alone or clean))
    of_number = hit.label.startswith(_NUMBERED)
    in_row = _ROW_NUMBER.fullmatch(text[: hit.start]) is not None and letters > _UNMISTAKABLE
    return letters > _PLAIN and clean and (in_row or not of_number)


def _names_a_person(behind: str) -> bool:
    """Whether a name in capitals ends its clause, or one in small letters with ``sinh ngày …`` behind it."""
    name = _CLAUSE_NAME.match(behind)
    if name is None:
        return False
    told = _BORN.match(behind, name.end()) is not None and name[1].istitle()
    return name[1].isupper() or told


def _begins_clause(text: str, hit: LabelHit) -> bool:
    """Whether a label stands in running text, exact and in small letters, between a comma and its value."""
    printed, before = nfc(text[hit.start : hit.end]), text[: hit.start].rstrip()
    behind = text[hit.end :].lstrip()
    small = printed[:1].islower() and printed.lower() == nfc(hit.label).lower()
    if hit.colon or not small or len(squeeze(printed)) <= _PLAIN or before[-1:] not in _CLAUSE_ENDS:
        return False
    figures = hit.label.startswith(_NUMBERED) or hit.label.endswith("ngày")
    if not behind:
        return bool(before)
    return behind[:1].isdigit() or (
        not figures and (behind[:1].isupper() or printed.endswith("tại"))
    )


def _marked_similarity(text: str, label: str) -> float:
    """As :func:`similarity`, tones and signs regarded."""
    return Levenshtein.normalized_similarity(nfc(text).lower(), nfc(label).lower())


def _stands_free(text: str, hit: LabelHit) -> bool:
    """A short label of running text (``số``, ``ngày``) is one only before a figure."""
    if len(squeeze(hit.label)) > 8:
        return True
    return _before_figure(text, hit)


def _before_figure(text: str, hit: LabelHit) -> bool:
    behind = text[hit.end :].lstrip(" .:…_-(")
    dated = hit.label.endswith("ngày") and not hit.label.startswith("từ")
    valid = dated and _VALIDITY.search(nfc(text[: hit.start])) is not None
    return not valid and (behind[:1].isdigit() or not behind)


def _leads(text: str, hit: LabelHit) -> bool:
    before = _LIST_SIGN.sub("", text[: hit.start])
    return not any(letter.isalnum() for letter in before)
