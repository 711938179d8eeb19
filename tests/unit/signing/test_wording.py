"""Words of the law as dated configuration."""

from datetime import date

import pytest

from domain.certificate import Regime
from domain.errors import ErrorCode, HosoError
from domain.form import FormCode
from domain.geometry import Box
from signing.ecopy import EcopyContent, EcopyPage, TextLine
from signing.wording import filled, title_of, wording_for

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("regime", Regime)
def test_each_regime_has_words_with_their_source_for_every_paper(regime: Regime) -> None:
    wording = wording_for(regime, TODAY)
    assert "Nghị định" in wording.citation
    assert set(wording.papers) == set(FormCode)
    assert wording.effective_from <= TODAY


def test_there_are_no_words_before_the_law() -> None:
    with pytest.raises(HosoError) as caught:
        wording_for(Regime.CERTIFIED_COPY, date(2019, 1, 1))
    assert caught.value.code is ErrorCode.CONFIG_INVALID


def test_every_placeholder_is_known() -> None:
    facts = dict.fromkeys(
        "agency number signed_at signer title code verification_url page_count".split(), "x"
    )
    for regime in Regime:
        wording = wording_for(regime, TODAY)
        for line in (*wording.block, *wording.statement, wording.document_title):
            assert "{" not in line.format_map(facts)


def test_line_without_its_fact_is_left_out() -> None:
    assert filled(("Số: {number}", "SAO Y"), {"number": ""}) == ("SAO Y",)


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("GIẤY CHỨNG TỬ", "Giấy chứng tử"),
        ("TRÍCH LỤC KHAI TỬ", "Trích lục khai tử"),
        ("", "Trích lục khai tử"),
    ],
)
def test_a_copy_is_called_by_the_title_that_its_paper_bears(printed: str, title: str) -> None:
    box = Box(corners=((0, 0), (9, 0), (9, 9), (0, 9)))
    lines = (TextLine(text="UBND XÃ A", box=box), TextLine(text=printed, box=box))
    content = EcopyContent(
        pages=(EcopyPage(jpeg=b"", width=9, height=9, dpi=300, lines=lines),),
        form=FormCode.DEATH_EXTRACT,
        agency_name="UBND xã A",
        regime=Regime.CERTIFIED_COPY,
        number=1,
        year=2026,
        code="7K3M",
        verification_url="https://hoso.example/v/7K3M",
        document_id="1",
    )
    assert title_of(content, wording_for(Regime.CERTIFIED_COPY, TODAY)) == title
