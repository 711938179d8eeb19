"""Every syllable Vietnamese spelling allows, from the table of initials, rimes and tones.

Names are the place where rare syllables matter, so the recogniser must have seen each tone on each
vowel, not only the frequent words.
"""

from __future__ import annotations

import unicodedata

from ocr.training.alphabet import TONES

INITIALS = (
    *"b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split(),
    "",
)
RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây e ec "
    "em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip "
    "it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo "
    "oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây "
    "uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt uynh uyt "
    "uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yên yêt yêu yêm"
).split()
_AFTER_QU_ONLY = ("ynh", "yt", "ych")
_VOWELS = frozenset("aăâeêioôơuưy")
_MARKED = frozenset("ăâêôơư")
_STOPS = ("c", "t", "p", "ch")


def tone_seat(rime: str) -> int:
    """Index of the vowel that carries the tone, in the traditional placement."""
    vowels = [index for index, letter in enumerate(rime) if letter in _VOWELS]
    marked = [index for index in vowels if rime[index] in _MARKED]
    if marked:
        return marked[-1]
    if len(vowels) == 1:
        return vowels[0]
    if len(vowels) == 3:
        return vowels[1]
    return vowels[-1] if rime[-1] not in _VOWELS else vowels[-2]


def with_tone(initial: str, rime: str, tone: str, *, modern: bool = False) -> str:
    """Spell a syllable; ``modern`` puts the tone of ``oa oe uy`` on the last vowel (``hoà``)."""
    seat = tone_seat(rime)
    if (modern or initial == "qu") and rime in {"oa", "oe", "uy"}:
        seat = 1
    return unicodedata.normalize("NFC", initial + rime[: seat + 1] + tone + rime[seat + 1 :])


def _fits(initial: str, rime: str) -> bool:
    """Orthography: ``k gh ngh`` before ``e ê i y``, ``c g ng`` elsewhere, ``qu`` swallows a ``u``."""
    if rime in _AFTER_QU_ONLY:
        return initial == "qu"
    front = rime[0] in "eêiy"
    if initial in {"k", "gh", "ngh"}:
        return front
    if initial in {"c", "g", "ng"}:
        return not front
    if initial == "qu":
        return rime[0] in "aăâeêiơoy" and not rime.startswith(("oa", "oe", "oă", "oo"))
    if initial == "gi":
        return rime[0] not in "iy" and not rime.startswith(("iê", "yê"))
    return not (rime.startswith("yê") and initial)


def table() -> list[str]:
    """All syllables, tones included, in a stable order."""
    found: dict[str, None] = {}
    for initial in INITIALS:
        for rime in (*RIMES, *_AFTER_QU_ONLY):
            if not _fits(initial, rime):
                continue
            tones = TONES if not rime.endswith(_STOPS) else (TONES[2], TONES[5])
            for tone in tones:
                found[with_tone(initial, rime, tone)] = None
                found[with_tone(initial, rime, tone, modern=True)] = None
    return list(found)
