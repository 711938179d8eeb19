"""The figures that `hoso bench signing` prints."""

from signing.bench import measure


def test_certifying_stays_affordable() -> None:
    figures = measure(documents=1, dpi=100)
    assert 0 < figures.compose < figures.total
    # processor time, so a busy machine does not matter; the budget for signing is 0.4 s
    assert figures.sign < 0.4
    assert figures.total < 1.0
