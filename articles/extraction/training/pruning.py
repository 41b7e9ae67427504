"""Prune the attention heads and inner units that matter least.

The importance of each is the change of the loss if it were scaled down: the absolute gradient of a factor of one,
summed over batches (Michel, Levy and Neubig, "Are Sixteen Heads Really Better than One?", 2019). The narrow network
then learns from the wide ones (`train.train_network` with teachers).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from articles.extraction.training.model import HEAD_SIZE, Network

#: Size of the shipped network: a third of the heads and of the inner units is pruned.
NARROW_HEAD_COUNT, NARROW_INNER_SIZE = 8, 1024


class _ImportanceProbe:
    """Factors of one on each head and inner unit. Their gradients measure importance."""

    def __init__(self, network: Network) -> None:
        self.heads = [torch.ones(layer.heads, requires_grad=True) for layer in network.layers]
        self.inner = [torch.ones(layer.fall.in_features, requires_grad=True) for layer in network.layers]
        self.hooks = []
        for layer, heads, inner in zip(network.layers, self.heads, self.inner, strict=True):
            self.hooks.append(layer.output.register_forward_pre_hook(self._masking_hook(heads, HEAD_SIZE)))
            self.hooks.append(layer.fall.register_forward_pre_hook(self._masking_hook(inner, 1)))

    @staticmethod
    def _masking_hook(factors: Tensor, repeats: int) -> Callable[[nn.Module, tuple[Tensor]], tuple[Tensor]]:
        return lambda _, inputs: (inputs[0] * factors.repeat_interleave(repeats),)

    def take_importance(self) -> list[Tensor]:
        """Return the absolute gradients per layer, first of heads, then of inner units.

        The gradients are reset.
        """
        gradients = []
        for factors in (*self.heads, *self.inner):
            if factors.grad is None:
                raise ValueError("No batch was read.")
            gradients.append(factors.grad.abs())
            factors.grad = None
        return gradients

    def remove(self) -> None:
        for hook in self.hooks:
            hook.remove()


def prune_network(
    network: Network,
    losses: Iterable[Callable[[], Tensor]],
    heads: int = NARROW_HEAD_COUNT,
    inner: int = NARROW_INNER_SIZE,
    dropout: float = 0.1,
) -> Network:
    """Return the network with the most important heads and inner units of each layer.

    `losses` compute the loss of `network` on one batch each. Raise ValueError if there are none.
    """
    network.eval()
    probe = _ImportanceProbe(network)
    importance: list[Tensor] = []
    try:
        for loss in losses:
            loss().backward()
            batch_importance = probe.take_importance()
            importance = (
                [a + b for a, b in zip(importance, batch_importance, strict=True)] if importance else batch_importance
            )
            network.zero_grad(set_to_none=True)
    finally:
        probe.remove()
    if not importance:
        raise ValueError("Pruning needs at least one batch.")
    weights = dict(network.state_dict())
    count = len(network.layers)
    for index in range(count):
        layer = f"layers.{index}."
        kept_heads = importance[index].topk(heads).indices.sort().values
        head_rows = (kept_heads[:, None] * HEAD_SIZE + torch.arange(HEAD_SIZE)).flatten()
        kept_inner = importance[count + index].topk(inner).indices.sort().values
        for part in ("query", "key", "value"):
            for kind in ("weight", "bias"):
                weights[f"{layer}{part}.{kind}"] = weights[f"{layer}{part}.{kind}"][head_rows]
        weights[f"{layer}output.weight"] = weights[f"{layer}output.weight"][:, head_rows]
        for kind in ("weight", "bias"):
            weights[f"{layer}rise.{kind}"] = weights[f"{layer}rise.{kind}"][kept_inner]
        weights[f"{layer}fall.weight"] = weights[f"{layer}fall.weight"][:, kept_inner]
    return Network.from_weights(weights, dropout)
