"""Letter statistics: what is written comes back, the past is forgotten step by step, figures are all one."""

from pathlib import Path

import pytest

from domain.errors import ErrorCode, HosoError
from ocr.engine import shipped_language
from ocr.language_model import START, LanguageModel, folded
from ocr.training.language import prices, write

LINES = ("Nguyễn Văn An",) * 8 + ("Nguyễn Thị Ân", "ngày 12/05/1987", "ngày 30/11/2004") * 4


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    file = tmp_path_factory.mktemp("language") / "letters.npz"
    write(prices(LINES), file)
    return LanguageModel(file)


def test_folding_keeps_the_number_of_letters() -> None:
    text = "ĐẶNG İ ß 07/1989 ½"
    assert len(folded(text)) == len(text)
    assert folded("Đặng 1989") == "đặng 0000"


def test_what_often_follows_is_likelier(counted: LanguageModel) -> None:
    after = "yễn "
    assert counted.log_probability(after, "v") > counted.log_probability(after, "t")
    assert counted.log_probability(after, "t") > counted.log_probability(after, "x")


def test_counts_come_back_as_shares(counted: LanguageModel) -> None:
    assert counted.log_probability(START, "n") == pytest.approx(0.0, abs=0.05)
    assert counted.log_probability("yễn ", "v") == pytest.approx(-0.405, abs=0.05)  # 8 of 12


def test_an_unknown_past_is_forgotten_at_a_price(counted: LanguageModel) -> None:
    known = counted.log_probability("n ", "v")
    assert counted.log_probability("qqn ", "v") < known
    assert counted.log_probability("", "☃") < counted.log_probability("", "v")


def test_no_figure_is_likelier_than_another(counted: LanguageModel) -> None:
    past = folded("ngày 1")
    assert counted.log_probability(past, folded("2")) == counted.log_probability(past, folded("9"))


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 broken"])
def test_a_missing_or_broken_file_has_a_remedy(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "letters.npz"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(HosoError) as raised:
        LanguageModel(file)
    assert raised.value.code is ErrorCode.MODELS_MISSING


def test_the_shipped_statistics_know_vietnamese() -> None:
    language = LanguageModel(shipped_language())
    assert language.log_probability("nguy", "ễ") > language.log_probability("nguy", "ẽ")
    assert language.log_probability("được", " ") > language.log_probability("được", "k")
