"""A trained network made narrower: the attention heads and inner numbers that matter least are left out.

What each is worth is how much the loss would change if it were dimmed, summed over the size of that change in each
batch (Michel, Levy and Neubig, "Are Sixteen Heads Really Better than One?", 2019). The narrow network then learns
from the wide ones it comes from (`train.train` with teachers).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from articles.extraction.training.model import HEAD_SIZE, Network

#: How wide the network is that is shipped: a third of the heads and of the inner numbers is left out.
NARROW_HEAD_COUNT, NARROW_INNER_SIZE = 8, 1024


class _ImportanceProbe:
    """A one beside each head and inner number of a network, to be multiplied with; its gradient says what it is worth."""

    def __init__(self, network: Network) -> None:
        self.heads = [torch.ones(layer.heads, requires_grad=True) for layer in network.layers]
        self.inner = [torch.ones(layer.fall.in_features, requires_grad=True) for layer in network.layers]
        self.hooks = []
        for layer, heads, inner in zip(network.layers, self.heads, self.inner, strict=True):
            self.hooks.append(layer.output.register_forward_pre_hook(self._masking_hook(heads, HEAD_SIZE)))
            self.hooks.append(layer.fall.register_forward_pre_hook(self._masking_hook(inner, 1)))

    @staticmethod
    def _masking_hook(ones: Tensor, each: int) -> Callable[[nn.Module, tuple[Tensor]], tuple[Tensor]]:
        return lambda _, given: (given[0] * ones.repeat_interleave(each),)

    def take_importance(self) -> list[Tensor]:
        """The gradients so far, layer by layer: all heads', then all inner numbers'; they begin anew."""
        found = []
        for ones in (*self.heads, *self.inner):
            if ones.grad is None:
                raise ValueError("nothing was read")
            found.append(ones.grad.abs())
            ones.grad = None
        return found

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
    """The network with the worthiest `heads` and `inner` numbers of each of its layers.

    `losses` reckon the loss of `network` on a batch each. Raises ValueError where there is none.
    """
    network.eval()
    dimmers = _ImportanceProbe(network)
    worth: list[Tensor] = []
    try:
        for loss in losses:
            loss().backward()
            found = dimmers.take_importance()
            worth = [a + b for a, b in zip(worth, found, strict=True)] if worth else found
            network.zero_grad(set_to_none=True)
    finally:
        dimmers.remove()
    if not worth:
        raise ValueError("nothing to judge the network by")
    weights = dict(network.state_dict())
    count = len(network.layers)
    for number in range(count):
        layer = f"layers.{number}."
        kept = worth[number].topk(heads).indices.sort().values
        rows = (kept[:, None] * HEAD_SIZE + torch.arange(HEAD_SIZE)).flatten()
        columns = worth[count + number].topk(inner).indices.sort().values
        for part in ("query", "key", "value"):
            for kind in ("weight", "bias"):
                weights[f"{layer}{part}.{kind}"] = weights[f"{layer}{part}.{kind}"][rows]
        weights[f"{layer}output.weight"] = weights[f"{layer}output.weight"][:, rows]
        for kind in ("weight", "bias"):
            weights[f"{layer}rise.{kind}"] = weights[f"{layer}rise.{kind}"][columns]
        weights[f"{layer}fall.weight"] = weights[f"{layer}fall.weight"][:, columns]
    return Network.from_weights(weights, dropout)
