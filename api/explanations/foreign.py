"""Words out of a stranger's file, fit to stand beside ours: on one line, steering nothing, not too long."""

_STANDS_FOR_IT = "\ufffd"
_NO_BYTES_OF_UTF8 = ("\udc80", "\udcff")
_LONGEST = 80
"""Letters of one value: the full names of agencies are shorter."""


def harmless(text: str) -> str:
    """``text`` on one line, as long as before: a sign that breaks it is a space, others that steer ``�``.

    These are control characters (C0, C1) and formatting ones (bidi, zero width): on a terminal they could
    clear the screen and write a verdict of their own. Bytes of a file name that are no UTF-8 come as lone
    surrogates and stay: they are printed as escapes, by which the file is found.
    """
    return text if text.isprintable() else "".join(map(_harmless_sign, text))


def _harmless_sign(sign: str) -> str:
    if sign.isprintable() or _NO_BYTES_OF_UTF8[0] <= sign <= _NO_BYTES_OF_UTF8[1]:
        return sign
    return " " if sign.isspace() else _STANDS_FOR_IT


def shown(text: str, *, most: int = _LONGEST) -> str:
    """A value out of somebody's file: harmless, without blanks to push it aside, cut to ``most`` letters."""
    words = " ".join(harmless(text).split())
    return words if len(words) <= most else f"{words[:most]}…"
