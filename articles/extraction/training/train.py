"""Training: from the public encoder and the marked articles to the network's weights.

The shipped network is the second of two steps: networks as wide as the encoder learn from the annotators; a narrower
one learns from them and from the annotators (`teachers`), and reads faster.
"""

from __future__ import annotations

import copy
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from articles.extraction.tagger.windows import PADDING_FEATURE
from articles.extraction.tagger.wordpiece import MASK_PIECE, WordPieces
from articles.extraction.training import evaluate
from articles.extraction.training.corpus import Article, load_corpus, load_reviewed, split_held_out
from articles.extraction.training.examples import IGNORED_LABEL, MASKED_SHARE, Example, build_batches, build_epoch
from articles.extraction.training.model import ENCODER_PIECES, LAYER_COUNT, Link, Network
from articles.extraction.training.pruning import prune_network

#: Batches that a network is judged by before it is made narrower.
PRUNING_BATCH_COUNT = 40


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """How to train: readings of the corpus, rates, and what they are weighed with."""

    epochs: float = 7.5
    batch_size: int = 16
    encoder_rate: float = 2e-4
    layer_decay: float = 0.9
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    warm_up_steps: int = 150
    averaging_decay: float = 0.998
    link_weight: float = 2.0
    dropout: float = 0.1
    seed: int = 0
    threads: int = 2
    save_every_seconds: float = 180.0
    evaluate_every_epochs: int = 2  # epochs


#: How to train a narrower network that begins from what a wide one knows, and how to go on with it.
NARROW_PLAN = TrainingPlan(epochs=6.0, encoder_rate=1.5e-4, layer_decay=0.95, head_rate=5e-4, warm_up_steps=100)
SECOND_NARROW_PLAN = replace(NARROW_PLAN, epochs=4.0, encoder_rate=1.2e-4, head_rate=4e-4, warm_up_steps=60, seed=7)


def _parameter_groups(network: Network, plan: TrainingPlan) -> list[dict[str, object]]:
    """Parameters with their rates: lower layers, which know the most of the language, learn slower."""
    groups: list[dict[str, object]] = []
    for name, parameter in network.named_parameters():
        if name.startswith("layers."):
            rate = plan.encoder_rate * plan.layer_decay ** (LAYER_COUNT - 1 - int(name.split(".")[1]))
        elif name.startswith(("words", "positions", "norm")):
            rate = plan.encoder_rate * plan.layer_decay**LAYER_COUNT
        else:
            rate = plan.head_rate
        decay = plan.weight_decay if parameter.ndim > 1 and name != "transitions" else 0.0
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay, "rate": rate})
    return groups


Batch = tuple[Tensor, Tensor, Tensor, Tensor, list[Link]]


def _to_tensors(batch: list[Example], hidden: int, rng: random.Random) -> Batch:
    longest = max(len(example.pieces) for example in batch)
    longest = (longest + 15) // 16 * 16
    pieces = torch.zeros(len(batch), longest, dtype=torch.long)
    features = torch.full((len(batch), longest), PADDING_FEATURE)
    labels = torch.full((len(batch), longest), IGNORED_LABEL)
    real = torch.zeros(len(batch), longest, dtype=torch.bool)
    links: list[Link] = []
    for row, example in enumerate(batch):
        size = len(example.pieces)
        read = [
            hidden if 0 < i < size - 1 and rng.random() < MASKED_SHARE else p for i, p in enumerate(example.pieces)
        ]
        pieces[row, :size] = torch.tensor(read)
        features[row, :size] = torch.tensor(example.features)
        labels[row, :size] = torch.tensor(example.labels)
        real[row, :size] = True
        links.extend((row, cue, source, content) for cue, source, content in example.links)
    return pieces, features, labels, real, links


def _batch_losses(network: Network, batch: Batch, teachers: Sequence[Network] = ()) -> tuple[Tensor, Tensor]:
    """How far a network is from what is marked in a batch, and from what its teachers find: its labels, its links."""
    pieces, features, labels, real, links = batch
    steps, linked = None, None
    for teacher in teachers:
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            scores, query, key = teacher(pieces, features, real[:, None, None, :])
        chances = teacher.transition_probabilities(scores, labels >= 0) / len(teachers)
        steps = chances if steps is None else steps + chances
        if links:
            with torch.no_grad():
                found = teacher.link_scores(query, key, links).sigmoid() / len(teachers)
            linked = found if linked is None else linked + found
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores, query, key = network(pieces, features, real[:, None, None, :])
    return network.tag_loss(scores, labels, steps), network.link_loss(query, key, links, real, linked)


def _load_teacher(checkpoint: Path) -> Network:
    """A trained network that is only asked."""
    teacher = Network.from_weights(torch.load(checkpoint, weights_only=True)["network"])
    teacher.eval().requires_grad_(False)
    return teacher


def _pruned_network(
    checkpoint: Path, found: list[list[Example]], hidden: int, rng: random.Random, plan: TrainingPlan
) -> Network:
    """A narrower network out of a trained one, judged by some batches."""
    wide = Network.from_weights(torch.load(checkpoint, weights_only=True)["network"])

    def loss(examples: list[Example]) -> Tensor:
        tag, linked = _batch_losses(wide, _to_tensors(examples, hidden, rng))
        return tag + plan.link_weight * linked

    return prune_network(wide, (partial(loss, batch) for batch in found[:PRUNING_BATCH_COUNT]), dropout=plan.dropout)


def _initial_network(
    begin: Path | None,
    teachers: Sequence[Path],
    articles: list[Article],
    vocabulary: WordPieces,
    encoder: Path,
    plan: TrainingPlan,
) -> Network:
    """The network that training begins with: a trained one, a narrower one out of a teacher, or the public encoder."""
    if begin:
        return Network.from_weights(torch.load(begin, weights_only=True)["network"], plan.dropout)
    if teachers:
        rng = random.Random(plan.seed)  # noqa: S311 - order and variation, no secrets
        found = build_batches(build_epoch(articles, vocabulary, rng), plan.batch_size, rng)
        return _pruned_network(teachers[0], found, vocabulary.piece_id(MASK_PIECE), rng, plan)
    network = Network(plan.dropout)
    network.load_encoder(encoder / "model.safetensors")
    return network


def average_checkpoints(checkpoints: Sequence[Path], output: Path) -> None:
    """Write the mean of networks that one grew out of the other: often better than each of them."""
    found = [torch.load(path, weights_only=True)["network"] for path in checkpoints]
    torch.save({"network": {name: sum(one[name] for one in found) / len(found) for name in found[0]}}, output)


def train_network(
    polnear: Path,
    encoder: Path,
    output: Path,
    plan: TrainingPlan,
    also: Path | None = None,
    teachers: Sequence[Path] = (),
    begin: Path | None = None,
) -> None:
    """Write `output` (a checkpoint; its "network" entry is the running average of the weights).

    `also` is a newsroom's own judged articles (`corpus.load_judged`), read beside the corpus. `teachers` are
    checkpoints of wide networks: a narrower one is made of the first, and learns from all of them. With `begin`, the
    checkpoint of a network, that one learns.

    A checkpoint is written every few minutes; where `output` exists already, training goes on from it.
    """
    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    np.random.seed(plan.seed)
    vocabulary = WordPieces(encoder / ENCODER_PIECES)
    hidden = vocabulary.piece_id(MASK_PIECE)
    articles, aside = split_held_out(load_corpus(polnear / "train"))
    articles += load_reviewed(also) if also else []
    network = _initial_network(begin, teachers, articles, vocabulary, encoder, plan)
    asked = [_load_teacher(path) for path in teachers]
    average = copy.deepcopy(network).eval()
    optimizer = torch.optim.AdamW(_parameter_groups(network, plan), betas=(0.9, 0.98), fused=True)
    step, done, before, reading = 0, 0.0, 0.0, 0
    if output.exists():
        saved = torch.load(output, weights_only=True)
        network.load_state_dict(saved["trained"])
        average.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        step, done, before, reading = saved["step"], saved["done"], saved["seconds"], saved["reading"]

    start = last_save = time.monotonic()

    def save() -> None:
        kept = {
            "network": average.state_dict(),
            "trained": network.state_dict(),
            "optimizer": optimizer.state_dict(),
            "step": step,
            "done": done,
            "seconds": before + time.monotonic() - start,
            "reading": reading,
            "plan": asdict(plan),
        }
        partial = output.with_suffix(".partial")
        torch.save(kept, partial)
        partial.replace(output)

    share = 0.0
    while share < 1.0:
        rng = random.Random(plan.seed * 1000 + reading)  # noqa: S311 - order and variation, no secrets
        found = build_batches(build_epoch(articles, vocabulary, rng), plan.batch_size, rng)
        network.train()
        losses = [0.0, 0.0]
        for batch in found:
            elapsed = before + time.monotonic() - start
            share = done / plan.epochs
            if share >= 1.0:
                break
            scale = min(1.0, (step + 1) / plan.warm_up_steps) * max(0.01, 1.0 - share)
            for group in optimizer.param_groups:
                group["lr"] = group["rate"] * scale
            tag, linked = _batch_losses(network, _to_tensors(batch, hidden, rng), asked)
            loss = tag + plan.link_weight * linked
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            done += 1 / len(found)
            losses = [losses[0] + tag.item(), losses[1] + linked.item()]
            weight = min(plan.averaging_decay, (1 + step) / (10 + step))
            with torch.no_grad():
                for mine, theirs in zip(average.parameters(), network.parameters(), strict=True):
                    mine.lerp_(theirs, 1 - weight)
            if step % 50 == 0:
                sys.stdout.write(
                    f"reading {done:.2f} step {step} tag {losses[0] / 50:.4f} link {losses[1] / 50:.4f} "
                    f"share {share:.3f} {elapsed:.0f} s\n"
                )
                sys.stdout.flush()
                losses = [0.0, 0.0]
            if time.monotonic() - last_save > plan.save_every_seconds:
                save()
                last_save = time.monotonic()
        reading += 1
        if reading % plan.evaluate_every_epochs == 0 or share >= 1.0:
            result = evaluate.evaluate_network(average, vocabulary, aside, polnear)
            sys.stdout.write(f"held out after {done:.2f} readings: {result}\n")
            sys.stdout.flush()
    save()
