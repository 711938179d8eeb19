"""Which letter groups are Vietnamese syllables: onset, rime, tone."""

from domain.text import nfc, strip_tones, tone_of

_ONSETS = frozenset("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split())
_CODAS_BY_NUCLEUS = {
    "a": "- c ch i m n ng nh o p t u y",
    "ă": "c m n ng p t",
    "â": "c m n ng p t u y",
    "e": "- c m n ng o p t",
    "ê": "- ch m n nh p t u",
    "i": "- a ch m n nh p t u",
    "iê": "c m n ng p t u",
    "o": "- a e c i m n ng p t",
    "oa": "c ch i m n ng nh o p t y",
    "oă": "c m n ng p t",
    "oe": "m n o t",
    "oo": "c n ng",
    "ô": "- c i m n ng p t",
    "ơ": "- c i m n ng p t",
    "u": "- a c i m n ng p t",
    "uâ": "n ng t y",
    "uê": "- ch n nh t u",
    "uô": "c i m n ng p t",
    "uơ": "- n t",
    "uy": "- a ch n nh p t u",
    "uyê": "n t",
    "ư": "- a c i m n ng t u",
    "ươ": "c i m n ng p t u",
    "y": "- n nh t",
    "yê": "m n ng t u",
}
_RIMES = frozenset(
    nucleus + coda.replace("-", "")
    for nucleus, codas in _CODAS_BY_NUCLEUS.items()
    for coda in codas.split()
)
_AFTER_QU = frozenset(
    nucleus + coda.replace("-", "")
    for nucleus in ("a", "ă", "â", "e", "ê", "i")
    for coda in _CODAS_BY_NUCLEUS[nucleus].split()
) | frozenset("ơ ôc y ych yn ynh yp yt yên yêt".split())
_Y_ONSETS = frozenset(["", "b", "d", "h", "k", "l", "m", "n", "p", "qu", "s", "t", "th", "tr", "v"])
_STOPS = ("c", "ch", "p", "t")
_STOP_TONES = ("\u0301", "\u0323")
"""Syllables that end in a stop carry sắc or nặng only."""
_FRONT = ("e", "ê", "i")


def is_vietnamese_syllable(word: str) -> bool:
    """Whether ``word`` can be one Vietnamese syllable by spelling, tone rules included.

    A recogniser that reads "Nguyẽnh" is wrong; ethnic and foreign names are often no syllables either,
    so this ranks readings and never refuses a name.
    """
    lowered = nfc(word).lower()
    bare, tone = strip_tones(lowered), tone_of(lowered)
    if not bare or (not tone and bare != lowered):
        return False
    return any(
        _fits(bare[:cut], bare[cut:], tone)
        for cut in range(min(4, len(bare)))
        if cut == 0 or bare[:cut] in _ONSETS
    )


def _fits(onset: str, rime: str, tone: str) -> bool:
    allowed = _AFTER_QU if onset == "qu" else _RIMES
    if rime not in allowed or not _spelling_fits(onset, rime):
        return False
    return not rime.endswith(_STOPS) or tone in _STOP_TONES


def _spelling_fits(onset: str, rime: str) -> bool:
    """c/k, g/gh, ng/ngh follow the vowel; iê is written yê, and i may be y, only where usage has it."""
    if rime.startswith("yê"):
        return onset in {"", "qu"}
    if rime.startswith("iê"):
        return onset not in {"", "c", "ng"}
    if rime.startswith("y"):
        return onset in _Y_ONSETS
    if not rime.startswith(_FRONT):
        return onset not in {"k", "gh", "ngh"}
    refused = {"c", "ng", "gi"} if rime.startswith("i") else {"c", "ng", "g"}
    return onset not in refused
