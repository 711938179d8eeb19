"""The figures that `hoso bench signing` prints."""

from signing.bench import measure


def test_every_step_is_clocked_beside_the_stock_signer() -> None:
    figures = measure(documents=1, dpi=100)
    assert figures.documents == figures.pages == 1
    clocked = (figures.compose, figures.sign, figures.verify, figures.peer_sign)
    assert min(clocked) > 0
    assert figures.total == sum(clocked[:3])
    # the process that verifies alone has a Python to start besides
    assert figures.verify_contained_elapsed > 0
