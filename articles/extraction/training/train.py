"""Train the network from the public encoder and annotated articles.

The shipped network takes two steps: wide networks, as wide as the encoder, learn from the annotators. Then a
narrow and faster one learns from them (`teachers`) and from the annotators.
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

#: Number of batches that measure importance before pruning.
PRUNING_BATCH_COUNT = 40


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """Number of epochs, learning rates, and weights of the loss."""

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


#: How to train a pruned network, and how to continue its training.
NARROW_PLAN = TrainingPlan(epochs=6.0, encoder_rate=1.5e-4, layer_decay=0.95, head_rate=5e-4, warm_up_steps=100)
SECOND_NARROW_PLAN = replace(NARROW_PLAN, epochs=4.0, encoder_rate=1.2e-4, head_rate=4e-4, warm_up_steps=60, seed=7)


def _parameter_groups(network: Network, plan: TrainingPlan) -> list[dict[str, object]]:
    """Return the parameters with their learning rates.

    Lower layers know most about the language, and learn more slowly.
    """
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


def _to_tensors(batch: list[Example], mask_id: int, rng: random.Random) -> Batch:
    longest = max(len(example.pieces) for example in batch)
    longest = (longest + 15) // 16 * 16
    pieces = torch.zeros(len(batch), longest, dtype=torch.long)
    features = torch.full((len(batch), longest), PADDING_FEATURE)
    labels = torch.full((len(batch), longest), IGNORED_LABEL)
    real = torch.zeros(len(batch), longest, dtype=torch.bool)
    links: list[Link] = []
    for row, example in enumerate(batch):
        size = len(example.pieces)
        pieces_read = [
            mask_id if 0 < i < size - 1 and rng.random() < MASKED_SHARE else p for i, p in enumerate(example.pieces)
        ]
        pieces[row, :size] = torch.tensor(pieces_read)
        features[row, :size] = torch.tensor(example.features)
        labels[row, :size] = torch.tensor(example.labels)
        real[row, :size] = True
        links.extend((row, cue, source, content) for cue, source, content in example.links)
    return pieces, features, labels, real, links


def _batch_losses(network: Network, batch: Batch, teachers: Sequence[Network] = ()) -> tuple[Tensor, Tensor]:
    """Return the loss of the labels and the loss of the links for one batch.

    With `teachers`, their predictions are part of the targets.
    """
    pieces, features, labels, real, links = batch
    teacher_transitions, teacher_links = None, None
    for teacher in teachers:
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            scores, query, key = teacher(pieces, features, real[:, None, None, :])
        probabilities = teacher.transition_probabilities(scores, labels >= 0) / len(teachers)
        teacher_transitions = probabilities if teacher_transitions is None else teacher_transitions + probabilities
        if links:
            with torch.no_grad():
                link_probabilities = teacher.link_scores(query, key, links).sigmoid() / len(teachers)
            teacher_links = link_probabilities if teacher_links is None else teacher_links + link_probabilities
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores, query, key = network(pieces, features, real[:, None, None, :])
    return network.tag_loss(scores, labels, teacher_transitions), network.link_loss(
        query, key, links, real, teacher_links
    )


def _load_teacher(checkpoint: Path) -> Network:
    """Return a trained network for prediction only."""
    teacher = Network.from_weights(torch.load(checkpoint, weights_only=True)["network"])
    teacher.eval().requires_grad_(False)
    return teacher


def _pruned_network(
    checkpoint: Path, batches: list[list[Example]], mask_id: int, rng: random.Random, plan: TrainingPlan
) -> Network:
    """Return a narrow network made of a trained one. Some batches measure importance."""
    wide = Network.from_weights(torch.load(checkpoint, weights_only=True)["network"])

    def loss(examples: list[Example]) -> Tensor:
        tag, linked = _batch_losses(wide, _to_tensors(examples, mask_id, rng))
        return tag + plan.link_weight * linked

    return prune_network(wide, (partial(loss, batch) for batch in batches[:PRUNING_BATCH_COUNT]), dropout=plan.dropout)


def _initial_network(
    begin: Path | None,
    teachers: Sequence[Path],
    articles: list[Article],
    vocabulary: WordPieces,
    encoder: Path,
    plan: TrainingPlan,
) -> Network:
    """Return the network to start from.

    This is a trained network (`begin`), else a pruned first teacher, else the public encoder.
    """
    if begin:
        return Network.from_weights(torch.load(begin, weights_only=True)["network"], plan.dropout)
    if teachers:
        rng = random.Random(plan.seed)  # noqa: S311 - order and variation, no secrets
        batches = build_batches(build_epoch(articles, vocabulary, rng), plan.batch_size, rng)
        return _pruned_network(teachers[0], batches, vocabulary.piece_id(MASK_PIECE), rng, plan)
    network = Network(plan.dropout)
    network.load_encoder(encoder / "model.safetensors")
    return network


def average_checkpoints(checkpoints: Sequence[Path], output: Path) -> None:
    """Write the mean of networks that were trained one from the other.

    The mean is often better than each of them.
    """
    networks = [torch.load(path, weights_only=True)["network"] for path in checkpoints]
    torch.save(
        {"network": {name: sum(network[name] for network in networks) / len(networks) for name in networks[0]}}, output
    )


def train_network(
    polnear: Path,
    encoder: Path,
    output: Path,
    plan: TrainingPlan,
    also: Path | None = None,
    teachers: Sequence[Path] = (),
    begin: Path | None = None,
) -> None:
    """Train a network and write the checkpoint `output`.

    Its "network" entry is the running average of the weights. `also` is a file of a newsroom's own reviewed articles
    (`corpus.load_reviewed`), used together with the corpus. `teachers` are checkpoints of wide networks: the first is
    pruned, and the result learns from all of them. `begin` is the checkpoint of a network to continue from instead.

    A checkpoint is saved every `plan.save_every_seconds`. If `output` exists, training resumes from it.
    """
    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    np.random.seed(plan.seed)
    vocabulary = WordPieces(encoder / ENCODER_PIECES)
    mask_id = vocabulary.piece_id(MASK_PIECE)
    articles, held_out = split_held_out(load_corpus(polnear / "train"))
    articles += load_reviewed(also) if also else []
    network = _initial_network(begin, teachers, articles, vocabulary, encoder, plan)
    teacher_networks = [_load_teacher(path) for path in teachers]
    average = copy.deepcopy(network).eval()
    optimizer = torch.optim.AdamW(_parameter_groups(network, plan), betas=(0.9, 0.98), fused=True)
    step, epochs_done, seconds_before, epoch = 0, 0.0, 0.0, 0
    if output.exists():
        saved = torch.load(output, weights_only=True)
        network.load_state_dict(saved["trained"])
        average.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        step, epochs_done, seconds_before, epoch = saved["step"], saved["done"], saved["seconds"], saved["reading"]

    start = last_save = time.monotonic()

    def save() -> None:
        checkpoint = {
            "network": average.state_dict(),
            "trained": network.state_dict(),
            "optimizer": optimizer.state_dict(),
            "step": step,
            "done": epochs_done,
            "seconds": seconds_before + time.monotonic() - start,
            "reading": epoch,
            "plan": asdict(plan),
        }
        partial = output.with_suffix(".partial")
        torch.save(checkpoint, partial)
        partial.replace(output)

    progress = 0.0
    while progress < 1.0:
        rng = random.Random(plan.seed * 1000 + epoch)  # noqa: S311 - order and variation, no secrets
        batches = build_batches(build_epoch(articles, vocabulary, rng), plan.batch_size, rng)
        network.train()
        losses = [0.0, 0.0]
        for batch in batches:
            elapsed = seconds_before + time.monotonic() - start
            progress = epochs_done / plan.epochs
            if progress >= 1.0:
                break
            scale = min(1.0, (step + 1) / plan.warm_up_steps) * max(0.01, 1.0 - progress)
            for group in optimizer.param_groups:
                group["lr"] = group["rate"] * scale
            tag, link = _batch_losses(network, _to_tensors(batch, mask_id, rng), teacher_networks)
            loss = tag + plan.link_weight * link
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            epochs_done += 1 / len(batches)
            losses = [losses[0] + tag.item(), losses[1] + link.item()]
            weight = min(plan.averaging_decay, (1 + step) / (10 + step))
            with torch.no_grad():
                for averaged, trained in zip(average.parameters(), network.parameters(), strict=True):
                    averaged.lerp_(trained, 1 - weight)
            if step % 50 == 0:
                sys.stdout.write(
                    f"epoch {epochs_done:.2f} step {step} tag {losses[0] / 50:.4f} link {losses[1] / 50:.4f} "
                    f"share {progress:.3f} {elapsed:.0f} s\n"
                )
                sys.stdout.flush()
                losses = [0.0, 0.0]
            if time.monotonic() - last_save > plan.save_every_seconds:
                save()
                last_save = time.monotonic()
        epoch += 1
        if epoch % plan.evaluate_every_epochs == 0 or progress >= 1.0:
            result = evaluate.evaluate_network(average, vocabulary, held_out, polnear)
            sys.stdout.write(f"held out after {epochs_done:.2f} epochs: {result}\n")
            sys.stdout.flush()
    save()
