"""The state's motto, with which papers begin: text alone, so that small commands load no reader for it."""

from rapidfuzz import fuzz

from ocr.labels import squeeze

_WHOLE, _LIKE = "doclaptudohanhphuc", 90


def is_motto(text: str) -> bool:
    """Whether a line is the state's motto, as well as it was read: a paper begins there."""
    letters = squeeze(text)
    return (
        len(letters) * 100 >= len(_WHOLE) * _LIKE and fuzz.partial_ratio(_WHOLE, letters) >= _LIKE
    )
