"""Sentences for people, Vietnamese and English: codes and facts come in, words go out.

The words are data (``errors.toml``, ``labels.toml``, ``reasons.toml``, ``interface.toml``); a test fails
when a code has no sentence in both languages.
"""

from api.explanations.locale import Locale
from api.explanations.sentences import Explanation, explain, label, title_of, wording

__all__ = ["Explanation", "Locale", "explain", "label", "title_of", "wording"]
