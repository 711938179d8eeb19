"""The start-up proof: it passes the shipped model and catches one that lost a letter or misreads."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from domain.errors import ErrorCode, HosoError
from domain.page import Pixels
from ocr.engine import OWN_MODELS, proven, shipped_model
from ocr.paddle import PaddleRecogniser
from ocr.recogniser import Reading
from ocr.self_test import letters_of, pangram, prove
from ocr.training.alphabet import VIETNAMESE

_ALL = frozenset(VIETNAMESE)


@dataclass
class _Reciter:
    """Says the pangram by heart, but for one slip."""

    alphabet: frozenset[str] = _ALL
    name: str = "reciter"
    slip: tuple[str, str] = ("", "")
    asked: int = field(default=0)

    def read(self, crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        self.asked += len(crops)
        return tuple(Reading(text=text.replace(*self.slip), confidence=1) for text, _ in pangram())


def test_the_lines_hold_all_134_letters() -> None:
    assert letters_of([text for text, _ in pangram()]) == _ALL
    assert len(_ALL) == 134


@pytest.mark.parametrize("name", OWN_MODELS)
def test_the_shipped_models_pass(name: str) -> None:
    prove(PaddleRecogniser(shipped_model(name)))
    proven(shipped_model(name))


def test_a_model_without_a_letter_is_unfit_before_it_reads() -> None:
    reader = _Reciter(alphabet=_ALL - {"ẵ"})
    with pytest.raises(HosoError) as raised:
        prove(reader)
    assert raised.value.code is ErrorCode.MODEL_UNFIT
    assert raised.value.facts["missing"] == "ẵ"
    assert reader.asked == 0


def test_a_model_that_loses_one_tone_is_unfit() -> None:
    with pytest.raises(HosoError) as raised:
        prove(_Reciter(slip=("bẳm", "băm")))
    assert raised.value.code is ErrorCode.MODEL_UNFIT
