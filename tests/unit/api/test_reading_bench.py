"""The figures of ``hoso bench reading``: scored, put into tables, a page and a chart."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from api import reading_bench
from api.bench_tables import Circumstances
from api.cli import bench_reading
from api.cli.bench_reading import choose
from api.reading_bench import Entrant, Result, Run, measure_readers
from api.reading_chart import Panel, chart, draw_chart
from api.reading_material import Material
from api.reading_report import grids, markdown, remarks
from api.reading_scores import score_generated, score_scan
from domain.errors import HosoError
from ingest.samples.damage import DamageLevel
from ocr.peers.catalogue import PEERS, Peer
from ocr.peers.process import Batch, Outcome, ReaderFailedError

SCAN = Material(
    batch=Batch(name="scan", files=("scan.pdf",), pages=("1.png", "2.png")),
    truth="Điều một hai\nba bốn năm sáu bảy",
)
DRAWN = Material(
    batch=Batch(name="generated", pages=("1.png", "2.png")),
    lines=(("Họ tên: An", "Giới tính: Nữ"), ("Quê quán",)),
    levels=(DamageLevel.LIGHT, DamageLevel.HEAVY),
)
HOSO = Entrant(key="hoso", name="Hoso, as installed", make="Hoso", reader="pipeline", about="ours")
LINES = Entrant(
    key="tiny", name="tiny, lines", make="Hoso", reader="paddle-lines", reads_lines=True
)
OTHER = Entrant(key="other", name="other 1.0", make="other", reader="other", about="theirs")
READ = {
    "finder": {"scan": (("", ""), ("",)), "generated": (("", ""), ("",))},
    "pipeline": {
        "scan": (("Điều một hai",), ("ba bốn năm sáu bảy",)),
        "generated": (("Giới tính: Nữ", "Họ tên: An"), ("Quê quan",)),
    },
    "paddle-lines": {
        "scan": (("Điều mốt hai",), ("ba bốn năm sáu bảy",)),
        "generated": (("Họ tên: An", "Giới tính: Nữ"), ("Quê quán",)),
    },
}


def outcome(reader: str) -> Outcome:
    return Outcome(
        pages=READ[reader],
        seconds={"scan": 4.0, "generated": 1.0},
        load_seconds=2.5,
        peak_bytes=700_000_000,
    )


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    asked: list[str] = []

    def fake_reader(_command: tuple[str, ...], *, reader: str, **_rest: object) -> Outcome:
        if reader not in READ:
            msg = "could not be installed: no | such thing"
            raise ReaderFailedError(msg)
        return outcome(reader)

    monkeypatch.setattr(reading_bench, "run_reader", fake_reader)
    done = measure_readers(
        (HOSO, LINES, OTHER), (SCAN, DRAWN), cache=tmp_path, work=tmp_path, on_reader=asked.append
    )
    assert asked == ["finding the lines", HOSO.name, LINES.name, OTHER.name]
    return done


def test_one_reader_that_fails_keeps_its_row_and_stops_nobody(run: Run) -> None:
    assert [one.failure for one in run.results] == [
        "",
        "",
        "could not be installed: no | such thing",
    ]
    scan, drawn, _ = grids(run)
    assert scan.rows[2][:2] == (OTHER.name, "did not run: could not be installed: no / such thing")
    assert drawn.rows[2][:2] == (OTHER.name, "did not run")
    for grid in (scan, drawn):
        assert [len(row) for row in grid.rows] == [len(grid.header)] * 3


def test_a_missing_program_is_a_reason_and_nothing_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    peer = Peer(
        key="p", version="1", requirements=(), reads_lines=False, programs=("no-such-tool",)
    )
    entrant = Entrant(key="p", name="p", make="p", reader="p", peer=peer)
    monkeypatch.setattr(reading_bench, "prepare_environment", None)
    done = measure_readers(
        (entrant,), (SCAN,), cache=tmp_path, work=tmp_path, on_reader=lambda _: None
    )
    assert done.results[0].failure == "needs a program that is not installed: no-such-tool"
    assert done.lines == 0


def test_a_line_reader_pays_for_finding_the_lines(run: Run) -> None:
    ours, lines, _ = run.results
    assert ours.seconds_per_page == {"scan": 2.0, "generated": 0.5}
    assert lines.seconds_per_page == {"scan": 4.0, "generated": 1.0}
    assert run.lines == 6
    assert ours.milliseconds_per_line is None
    assert lines.milliseconds_per_line == pytest.approx(5000 / 6)


def test_tables_give_shares_in_per_cent_and_ratios_against_the_product(run: Run) -> None:
    scan, drawn, lines = grids(run)
    ours, tiny, _ = (dict(zip(scan.header, row, strict=True)) for row in scan.rows)
    assert (ours["CER %"], tiny["CER %"], tiny["without marks"]) == ("0.00", "3.23", "0.00")
    assert (tiny["CPU s/page"], tiny["time × Hoso"], tiny["peak MB"]) == ("4.00", "2.00 ×", "700")
    assert (ours["CER × Hoso"], tiny["CER × Hoso"]) == ("–", "–")  # no error to compare with
    ours, tiny, _ = (dict(zip(drawn.header, row, strict=True)) for row in drawn.rows)
    assert (ours["CER % light"], ours["CER % heavy"], ours["exact lines % heavy"]) == (
        *("0.00", "12.50"),
        "0.0",
    )
    assert tiny["CER × Hoso"] == "0.00 ×"
    assert lines.rows == ((LINES.name, "833.3", "1.00 ×", "2.5", "700"),)


def test_order_of_lines_costs_nothing_on_drawn_papers() -> None:
    (score,) = score_generated(DRAWN, {"a": READ["pipeline"]["generated"]}).values()
    assert score.by_level[DamageLevel.LIGHT].cer == 0
    assert (score.lines.lines, score.lines.exact, score.lines.letter_errors) == (3, 2, 1)
    assert score.text.wer > 0


def test_a_part_of_the_scan_is_compared_with_the_truth_it_reaches() -> None:
    part = Material(batch=SCAN.batch, truth=f"{SCAN.truth} tám chín mười", whole=False)
    readings = {"a": READ["pipeline"]["scan"]}
    assert score_scan(part, readings, {})["a"].text.cer == 0
    whole = Material(batch=SCAN.batch, truth=part.truth)
    assert score_scan(whole, readings, {})["a"].text.cer > 0
    assert score_scan(whole, readings, {})["a"].agreed.cer == 0


def test_the_page_tells_how_it_was_made(run: Run) -> None:
    how = Circumstances(
        date="2026-11-22", command="hoso bench reading --write", cores=2, processor="EPYC",
        load=0.5, python="3.11.7",
    )  # fmt: skip
    page = markdown(run, how, chart="reading.svg")
    assert "- Date: 2026-11-22\n- Command: `hoso bench reading --write`" in page
    assert "EPYC, 2 cores; load 0.5 when the run began" in page
    assert "![Errors and seconds of each reader](reading.svg)" in page
    assert "| reader | CER %, any reader agrees | CER % |" in page
    assert "| other 1.0 | did not run: could not be installed: no / such thing | – |" in page
    assert "- **other 1.0** (`other`): theirs; did not run: could not be installed" in page
    assert page.count("\n## ") == 5


def test_the_page_tells_how_steady_the_machine_was(run: Run) -> None:
    assert run.steadiness is not None
    assert run.steadiness >= 1
    how = Circumstances(date="", command="", cores=1, processor="", load=0, python="")
    page = markdown(replace(run, steadiness=1.5), how, chart="c.svg")
    assert "took up to 1.50 × its shortest time" in page


def test_the_chart_has_a_bar_per_figure_and_marks_ours(run: Run) -> None:
    svg = ET.fromstring(chart(run))  # noqa: S314 - our own text
    texts = [node.text for node in svg.iter() if node.tag.endswith("text")]
    assert {HOSO.name, LINES.name, "CER %, real scan", "CPU seconds per page"} <= set(texts)
    assert OTHER.name not in texts
    bars = [node for node in svg.iter() if node.tag.endswith("rect")][1:]
    assert len(bars) == 6
    assert len({bar.get("fill") for bar in bars}) == 1


def test_a_bar_far_beyond_the_others_is_cut_off_but_keeps_its_figure() -> None:
    panels = [Panel(title="t", values=(1.0, 2.0, 20.0, None))]
    svg = ET.fromstring(draw_chart(["a", "b", "c", "d<"], [True, False, False, False], panels))  # noqa: S314
    lengths = [float(node.get("width", 0)) for node in svg.iter() if node.tag.endswith("rect")][1:]
    assert lengths[0] * 2 == lengths[1] < lengths[2] == 190
    assert "20.00" in [node.text for node in svg.iter() if node.tag.endswith("text")]


def test_readers_are_chosen_by_name_or_make() -> None:
    known = (HOSO, LINES, OTHER)
    assert choose(known, peers=True, only=[]) == known
    assert choose(known, peers=False, only=[]) == (HOSO, LINES)
    assert choose(known, peers=False, only=["other"]) == (OTHER,)
    with pytest.raises(HosoError, match="nobody"):
        choose(known, peers=True, only=["nobody"])


def test_peers_are_pinned_and_run_on_our_onnx_runtime() -> None:
    assert len({peer.key for peer in PEERS}) == len(PEERS)
    for peer in PEERS:
        assert all("==" in one for one in peer.requirements)
        assert peer.requirements[0] == f"{peer.key}=={peer.version}"


def test_a_result_without_figures_is_no_division_by_nothing() -> None:
    empty = Run(results=(Result(entrant=HOSO, failure="no"),), pages={"scan": 1}, lines=0)
    assert grids(empty)[0].rows[0][1] == "did not run: no"
    assert "<svg" in chart(empty)


def test_reading_alone_is_set_against_ocrmypdf() -> None:
    def result(reader: str, scan: float) -> Result:
        entrant = Entrant(key=reader, name=reader, make=reader, reader=reader)
        return Result(entrant=entrant, seconds_per_page={"scan": scan, "generated": 1.0})

    results = (result("reading", 1.0), result("ocrmypdf", 4.0))
    (remark,) = remarks(Run(results=results, pages={"scan": 1, "generated": 1}, lines=0))
    assert "0.25 × on the scan and 1.00 × on drawn papers" in remark
    assert remarks(Run(results=results[:1], pages={"scan": 1}, lines=0)) == ()


def test_the_command_writes_the_page_only_when_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench_reading, "entrants", lambda **_: (HOSO, LINES, OTHER))
    monkeypatch.setattr(bench_reading, "scan_material", lambda *_, **__: SCAN)
    monkeypatch.setattr(bench_reading, "generated_material", lambda *_, **__: DRAWN)
    monkeypatch.setattr(bench_reading, "measure_readers", lambda *_, **__: run)
    page = tmp_path / "reading.md"
    bench_reading.reading(path=page)
    assert not list(tmp_path.glob("reading.*"))
    bench_reading.reading(path=page, write=True, tessdata_best=tmp_path)
    text = page.read_text(encoding="utf-8")
    assert "`hoso bench reading --generated 12 --tessdata-best FOLDER --write`" in text
    assert str(tmp_path) not in text
    assert "<svg" in page.with_suffix(".svg").read_text(encoding="utf-8")
