"""Words and figure of a probability agree, and neither says more than is known."""

import pytest

from api.explanations import Locale, label
from api.web.likelihood import likelihood, percent


@pytest.mark.parametrize(
    ("probability", "figure", "words"),
    [
        (1.0, "trên 99,99", "certain"),
        (0.9999996, "trên 99,99", "certain"),
        (0.999996, "99,99", "certain"),
        (0.999, "99,90", "certain"),
        (0.998999, "99,89", "very_likely"),
        (0.99, "99,00", "very_likely"),
        (0.989999, "98,99", "likely"),
        (0.9, "90,00", "likely"),
        (0.899999, "89,99", "open"),
        (0.5, "50,00", "open"),
        (0.499999, "49,99", "open"),
        (0.29, "29,00", "open"),
        (0.1, "10,00", "open"),
        (0.099999, "9,99", "unlikely"),
        (0.001, "0,10", "unlikely"),
        (0.000099, "dưới 0,01", "unlikely"),
        (0.0, "dưới 0,01", "unlikely"),
    ],
)
def test_near_a_limit_words_and_figure_say_the_same(
    probability: float, figure: str, words: str
) -> None:
    assert (percent(probability, Locale.VI), likelihood(probability)) == (figure, words)
    assert label("probability", words, Locale.VI) != words


def test_no_two_words_stand_beside_one_figure() -> None:
    words_of: dict[str, set[str]] = {}
    for step in range(0, 1_000_001, 7):
        probability = step / 1_000_000
        words_of.setdefault(percent(probability, Locale.EN), set()).add(likelihood(probability))
    assert all(len(words) == 1 for words in words_of.values())
    assert "100.00" not in words_of
