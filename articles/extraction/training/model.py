"""The network: encoder layers, a tag for each word (a linear-chain CRF) and links from cues to their spans."""

from __future__ import annotations

import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from articles.extraction.tagger.windows import FEATURE_COUNT

LABELS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
HIDDEN_SIZE, LAYER_COUNT, HEAD_COUNT, INNER_SIZE, VOCABULARY_SIZE, MAX_POSITIONS = 384, 6, 12, 1536, 30522, 512
HEAD_SIZE = HIDDEN_SIZE // HEAD_COUNT
LINK_SIZE = 128
#: How much of what is learnt comes from teachers, where there are any; the rest from the annotators.
TEACHER_SHARE = 0.7
FORBIDDEN_SCORE = -1e4
#: Where the public encoder lists its word pieces, one a line.
ENCODER_PIECES = "vocab.txt"
#: A cue with what belongs to it: the row, the piece of the cue, its source's pieces, its content's pieces.
Link = tuple[int, int, list[int], list[int]]


def forbidden_transitions() -> Tensor:
    """(7, 7): FORBIDDEN from label i to label j where j goes on with a span that i is not part of, else 0."""
    table = torch.zeros(len(LABELS), len(LABELS))
    for inside in (2, 4, 6):
        for before in range(len(LABELS)):
            if before not in (inside, inside - 1):
                table[before, inside] = FORBIDDEN_SCORE
    return table


def _identity_step() -> Tensor:
    """(7, 7): a step that leaves every label as it is."""
    return torch.full((len(LABELS), len(LABELS)), FORBIDDEN_SCORE).fill_diagonal_(0.0)


def _log_partition(steps: Tensor) -> Tensor:
    """(b): the logarithm of the sum over all sequences of labels."""
    while steps.shape[1] > 1:  # a product of matrices, pair by pair, in logarithms
        if steps.shape[1] % 2:
            steps = torch.cat([steps, _identity_step().expand(len(steps), 1, len(LABELS), len(LABELS))], 1)
        left, right = steps[:, 0::2], steps[:, 1::2]
        steps = torch.logsumexp(left[..., :, :, None] + right[..., None, :, :], dim=-2)
    return torch.logsumexp(steps[:, 0, 0], -1)  # a window begins as if after O


class Layer(nn.Module):
    def __init__(self, dropout: float, heads: int = HEAD_COUNT, inner: int = INNER_SIZE) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(HIDDEN_SIZE, heads * HEAD_SIZE)
        self.key = nn.Linear(HIDDEN_SIZE, heads * HEAD_SIZE)
        self.value = nn.Linear(HIDDEN_SIZE, heads * HEAD_SIZE)
        self.output = nn.Linear(heads * HEAD_SIZE, HIDDEN_SIZE)
        self.norm = nn.LayerNorm(HIDDEN_SIZE, eps=1e-12)
        self.rise = nn.Linear(HIDDEN_SIZE, inner)
        self.fall = nn.Linear(inner, HIDDEN_SIZE)
        self.last_norm = nn.LayerNorm(HIDDEN_SIZE, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, _ = x.shape
        split = (batch, length, self.heads, HEAD_SIZE)
        query = self.query(x).reshape(split).transpose(1, 2)
        key = self.key(x).reshape(split).transpose(1, 2)
        value = self.value(x).reshape(split).transpose(1, 2)
        rate = self.dropout if self.training else 0.0
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=0.0)
        seen = self.output(seen.transpose(1, 2).reshape(batch, length, self.heads * HEAD_SIZE))
        x = self.norm(functional.dropout(seen, rate) + x)
        inner = self.fall(functional.gelu(self.rise(x)))
        return self.last_norm(functional.dropout(inner, rate) + x)


class Network(nn.Module):
    """pieces, features -> tag scores (b, l, 7), link queries and keys (b, l, 2 * LINK)."""

    def __init__(self, dropout: float = 0.1, heads: int = HEAD_COUNT, inner: int = INNER_SIZE) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY_SIZE, HIDDEN_SIZE)
        self.positions = nn.Embedding(MAX_POSITIONS, HIDDEN_SIZE)
        self.features = nn.Embedding(FEATURE_COUNT, HIDDEN_SIZE)
        nn.init.zeros_(self.features.weight)
        self.norm = nn.LayerNorm(HIDDEN_SIZE, eps=1e-12)
        self.layers = nn.ModuleList([Layer(dropout, heads, inner) for _ in range(LAYER_COUNT)])
        self.tag = nn.Linear(HIDDEN_SIZE, len(LABELS))
        self.link_query = nn.Linear(HIDDEN_SIZE, 2 * LINK_SIZE)
        self.link_key = nn.Linear(HIDDEN_SIZE, 2 * LINK_SIZE)
        self.link_bias = nn.Parameter(torch.tensor([-3.0, -3.0]))
        self.transitions = nn.Parameter(torch.zeros(len(LABELS), len(LABELS)))
        self.dropout = dropout

    @classmethod
    def from_weights(cls, weights: dict[str, Tensor], dropout: float = 0.1) -> Network:
        """The network these weights are of, as wide as they are."""
        heads = len(weights["layers.0.query.weight"]) // HEAD_SIZE
        network = cls(dropout, heads, len(weights["layers.0.rise.weight"]))
        network.load_state_dict(weights)
        return network

    def forward(self, pieces: Tensor, features: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        length = pieces.shape[1]
        x = self.words(pieces) + self.features(features) + self.positions.weight[:length]
        rate = self.dropout if self.training else 0.0
        x = functional.dropout(self.norm(x), rate)
        for layer in self.layers:
            x = layer(x, mask)
        x = functional.dropout(x, rate)
        return self.tag(x), self.link_query(x), self.link_key(x)

    def transition_scores(self) -> Tensor:
        """Scores of a label after a label, the impossible ones included."""
        return self.transitions + forbidden_transitions().to(self.transitions.device)

    def tag_loss(self, scores: Tensor, labels: Tensor, taught: Tensor | None = None) -> Tensor:
        """Negative log likelihood of the labels, per labelled word; a label of -100 is no word.

        `taught`, (b, l, 7, 7): how probable each step from a label to the next is by the teachers (`steps_chances`).
        The cross-entropy with the sequences they would label counts with the marked one, then.
        """
        scores = scores.float()
        chain = self.transition_scores()
        batch, length, _ = scores.shape
        real = labels >= 0
        label = labels.clamp(min=0)
        steps = self._step_scores(scores, real)
        total = _log_partition(steps).sum()
        gold = torch.where(real, scores.gather(2, label[..., None])[..., 0], torch.zeros(())).sum()
        index = torch.arange(length).expand(batch, length)
        last = torch.where(real, index, -1).cummax(1).values
        before = torch.cat([torch.full((batch, 1), -1), last[:, :-1]], 1)
        previous = torch.where(before >= 0, label.gather(1, before.clamp(min=0)), 0)
        gold = gold + torch.where(real, chain[previous, label], torch.zeros(())).sum()
        if taught is not None:
            gold = (1 - TEACHER_SHARE) * gold + TEACHER_SHARE * (taught * steps).sum()
        return (total - gold) / real.sum()

    def transition_probabilities(self, scores: Tensor, real: Tensor) -> Tensor:
        """(b, l, 7, 7): the probability of each step from a label to the next, over all sequences of labels."""
        with torch.enable_grad():
            steps = self._step_scores(scores.float().detach(), real).detach().requires_grad_()
            (chances,) = torch.autograd.grad(_log_partition(steps).sum(), steps)
        return chances

    def _step_scores(self, scores: Tensor, real: Tensor) -> Tensor:
        """(b, l, 7, 7): the score of going from a label to the next at each piece; what is no word changes nothing."""
        return torch.where(
            real[:, :, None, None], self.transition_scores()[None, None] + scores[:, :, None, :], _identity_step()
        )

    def link_loss(
        self,
        query: Tensor,
        key: Tensor,
        links: list[Link],
        real: Tensor,
        taught: Tensor | None = None,
    ) -> Tensor:
        """Binary cross-entropy of the links, per cue; with `taught`, (links, 2, l), what teachers think of them too."""
        if not links:
            return query.sum() * 0.0
        rows = torch.tensor([link[0] for link in links])
        scores = self.link_scores(query, key, links)
        target = torch.zeros_like(scores)
        for number, (_, _, source, content) in enumerate(links):
            target[number, 0, source] = 1
            target[number, 1, content] = 1
        if taught is not None:
            target = (1 - TEACHER_SHARE) * target + TEACHER_SHARE * taught
        weight = real[rows].float()
        loss = functional.binary_cross_entropy_with_logits(scores, target, reduction="none") * weight[:, None, :]
        return (loss.sum((1, 2)) / weight.sum(1)).mean()

    def link_scores(self, query: Tensor, key: Tensor, links: list[Link]) -> Tensor:
        """(links, 2, l): how readily each piece is linked to a cue, as its source and as its content."""
        rows = torch.tensor([link[0] for link in links])
        cues = torch.tensor([link[1] for link in links])
        query = query.float()[rows, cues].reshape(len(links), 2, LINK_SIZE)
        key = key.float().reshape(*key.shape[:2], 2, LINK_SIZE)[rows]
        return torch.einsum("nrd,nlrd->nrl", query, key) / math.sqrt(LINK_SIZE) + self.link_bias[:, None]

    def load_encoder(self, path: Path) -> None:
        """Begin from the public encoder (a BERT of six layers, model.safetensors)."""
        from safetensors.torch import load_file

        raw = {name.removeprefix("bert."): value for name, value in load_file(path).items()}
        own: dict[str, Tensor] = {
            "words.weight": raw["embeddings.word_embeddings.weight"],
            # there is one kind of segment here, so its embedding is added to the positions
            "positions.weight": raw["embeddings.position_embeddings.weight"]
            + raw["embeddings.token_type_embeddings.weight"][0],
        }
        names = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "output": "attention.output.dense",
            "norm": "attention.output.LayerNorm",
            "rise": "intermediate.dense",
            "fall": "output.dense",
            "last_norm": "output.LayerNorm",
        }
        for part in ("weight", "bias"):
            own[f"norm.{part}"] = raw[f"embeddings.LayerNorm.{part}"]
            for number in range(LAYER_COUNT):
                for mine, theirs in names.items():
                    own[f"layers.{number}.{mine}.{part}"] = raw[f"encoder.layer.{number}.{theirs}.{part}"]
        missing, unexpected = self.load_state_dict(own, strict=False)
        if unexpected or any(name.startswith(("words", "positions", "layers", "norm")) for name in missing):
            raise ValueError(f"{path} is not the encoder this network begins from: {missing} {unexpected}")
