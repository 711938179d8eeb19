"""``python -m ocr.training --size tiny --minutes 60 --out DIR --fonts DIR… [--resume]``."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

import torch

from ocr.training import fonts, heldout
from ocr.training.quantisation import EXACT, calibration_lines
from ocr.training.train import Plan, Trainer


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ocr.training", description=__doc__)
    parser.add_argument("--size", choices=("tiny", "small"), default="tiny")
    parser.add_argument("--minutes", type=float, default=60.0, help="processor minutes per thread")
    parser.add_argument("--out", type=Path, required=True, help="checkpoints, log and curve")
    parser.add_argument(
        "--fonts",
        type=Path,
        nargs="+",
        default=[Path("/usr/share/fonts")],
        help="folders to search for fonts with all Vietnamese letters",
    )
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    parser.add_argument("--workers", type=int, default=1, help="rendering processes")
    parser.add_argument("--threads", type=int, default=1, help="threads of the network")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--body-rate", type=float, default=Plan.body_rate)
    parser.add_argument("--head-rate", type=float, default=Plan.head_rate)
    parser.add_argument(
        "--sieve",
        type=Path,
        metavar="MODEL",
        help="leave out lines that this model reads with ease",
    )
    parser.add_argument(
        "--again",
        type=float,
        default=Plan.again,
        metavar="SHARE",
        help="share of the batches made of lines met before and not learned",
    )
    parser.add_argument(
        "--restyled",
        type=float,
        default=Plan.restyled,
        metavar="SHARE",
        help="share of the lines seen through random filters",
    )
    parser.add_argument(
        "--eight-bits",
        action="store_true",
        help="learn with the rounding of the quantised model; for the last minutes of a run",
    )
    return parser.parse_args()


def main() -> None:
    """Train one recogniser."""
    wanted = _arguments()
    torch.manual_seed(wanted.seed)
    torch.set_num_threads(wanted.threads)
    wanted.out.mkdir(parents=True, exist_ok=True)
    training, held = fonts.split(fonts.collect(wanted.fonts))
    plan = Plan(
        size=wanted.size,
        minutes=wanted.minutes,
        out=wanted.out,
        workers=wanted.workers,
        seed=wanted.seed,
        body_rate=wanted.body_rate,
        head_rate=wanted.head_rate,
        sieve=wanted.sieve,
        again=wanted.again,
        restyled=wanted.restyled,
    )
    trainer = Trainer(plan)
    if wanted.resume:
        trainer.resume()
    if wanted.eight_bits:
        trainer.use_eight_bits(
            EXACT[wanted.size], [torch.from_numpy(line) for line in calibration_lines(training)]
        )
    # A polite kill saves the checkpoint on its way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    trainer.run(training, heldout.questions(held, plan.exam_lines))


if __name__ == "__main__":
    main()
