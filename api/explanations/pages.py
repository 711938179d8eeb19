"""The pages of its file that a document stands on, in words: ``trang 3–4``."""

from collections.abc import Sequence
from itertools import groupby

from api.explanations.locale import Locale
from api.explanations.sentences import wording


def written_pages(pages: Sequence[int], locale: Locale) -> str:
    """``page 2``, ``pages 3–4, 7``; empty where no page is known."""
    if not pages:
        return ""
    key = "pages.one" if len(pages) == 1 else "pages.several"
    return wording(key, locale, numbers=", ".join(_runs(pages)))


def _runs(pages: Sequence[int]) -> list[str]:
    # numbers that follow one another are as far from their places as the first of them
    runs = (list(run) for _, run in groupby(enumerate(pages), key=lambda one: one[1] - one[0]))
    ends = [(run[0][1], run[-1][1]) for run in runs]
    return [str(first) if first == last else f"{first}–{last}" for first, last in ends]
