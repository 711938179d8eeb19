"""``hoso bench matching`` on a real database; Splink's environment is not made here."""

from pathlib import Path

import pytest

from api import matching_peers
from api.matching_bench import measure_matching
from ocr.peers.process import ReaderFailedError


def test_every_way_is_asked_for_the_same_people(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_network(*_: object) -> Path:
        msg = "could not be installed: no network"
        raise ReaderFailedError(msg)

    monkeypatch.setattr(matching_peers, "prepare_environment", no_network)
    done: list[tuple[str, int]] = []
    run = measure_matching(
        papers=60, population=1500, seed=5, cache=tmp_path, peers=True,
        on_done=lambda stage, count: done.append((stage, count)),
    )  # fmt: skip
    ours, equality, trigrams, fuzzy, splink = run.tallies
    assert done[-1] == ("matching", 60)
    assert run.population >= 1500
    assert ours.persons == equality.persons == trigrams.persons == fuzzy.persons >= 60
    assert ours.wrong == 0
    assert ours.right > 0.8 * ours.present
    assert equality.right > 0.5 * equality.present
    assert ours.seen >= max(0.95 * ours.present, equality.seen)
    assert trigrams.seen > equality.seen
    assert trigrams.preparation > 0
    assert all(one.seconds > 0 for one in (ours, equality, trigrams, fuzzy))
    assert splink.failure == "could not be installed: no network"
    assert run.findings.planted > 0
    assert run.findings.found_share > 0.8
