"""A probability for people: words and figure say the same, and neither says more than is known."""

from api.explanations import Locale, wording
from api.explanations.locale import written_number

_LIKELY = ((99_90, "certain"), (99_00, "very_likely"), (90_00, "likely"), (10_00, "open"))
_WHOLE = 100_00


def _hundredths(probability: float) -> int:
    """Hundredths of a per cent, never rounded up (but to a millionth, as verdicts are kept: 0.29 is 29 %)."""
    return round(probability * 1_000_000) // 100


def likelihood(probability: float) -> str:
    """Code of the words for a probability (kind ``probability``), by the figure that stands beside them."""
    figure = _hundredths(probability)
    return next((code for least, code in _LIKELY if figure >= least), "unlikely")


def percent(probability: float, locale: Locale) -> str:
    """The figure before the sign for per cent; nobody is certain, and nobody is ruled out altogether."""
    figure = _hundredths(probability)
    if figure >= _WHOLE:
        return wording("document.percent_above", locale, bound=_written(_WHOLE - 1, locale))
    if figure < 1:
        return wording("document.percent_below", locale, bound=_written(1, locale))
    return _written(figure, locale)


def _written(figure: int, locale: Locale) -> str:
    return written_number(figure / 100, locale, digits=2)
