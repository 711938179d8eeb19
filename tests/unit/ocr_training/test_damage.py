"""Damage: same shape, same type, still ink on paper, and the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.training import damage

EVERY = [
    harm
    for stage in (damage.INK, damage.PAPER, damage.OPTICS, damage.SENSOR, damage.CLEANUP)
    for _, harm in stage
]


def _printed(height: int, width: int) -> damage.Image:
    page = np.full((height, width), 255, np.uint8)
    page[height // 4 : -height // 4, 3:-3:4] = 0
    return page


@pytest.mark.parametrize("harm", EVERY, ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("shape", [(17, 9), (48, 300), (90, 1800)])
def test_each_damage_keeps_shape_and_type(harm: damage.Damage, shape: tuple[int, int]) -> None:
    for seed in range(4):
        result = harm(_printed(*shape), np.random.default_rng(seed))
        assert result.shape == shape
        assert result.dtype == np.uint8


def test_the_chain_is_repeatable_and_varied() -> None:
    page = _printed(40, 400)
    twice = [damage.damaged(page, np.random.default_rng(8)) for _ in range(2)]
    assert np.array_equal(twice[0], twice[1])
    others = {damage.damaged(page, np.random.default_rng(seed)).tobytes() for seed in range(30)}
    assert len(others) > 20


def test_damage_leaves_the_original_alone() -> None:
    page = _printed(40, 200)
    before = page.copy()
    for seed in range(30):
        damage.damaged(page, np.random.default_rng(seed))
    assert np.array_equal(page, before)
