"""The network: six encoder layers, a tag for each word (a linear-chain CRF) and links from cues to their spans."""

from __future__ import annotations

import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from articles.extraction.tagger.windows import FEATURES

LABELS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
HIDDEN, LAYERS, HEADS, INNER, VOCABULARY, POSITIONS = 384, 6, 12, 1536, 30522, 512
LINK = 128
FORBIDDEN = -1e4
#: Where the public encoder lists its word pieces, one a line.
ENCODER_PIECES = "vocab.txt"
#: A cue with what belongs to it: the row, the piece of the cue, its source's pieces, its content's pieces.
Link = tuple[int, int, list[int], list[int]]


def forbidden() -> Tensor:
    """(7, 7): FORBIDDEN from label i to label j where j goes on with a span that i is not part of, else 0."""
    table = torch.zeros(len(LABELS), len(LABELS))
    for inside in (2, 4, 6):
        for before in range(len(LABELS)):
            if before not in (inside, inside - 1):
                table[before, inside] = FORBIDDEN
    return table


class Layer(nn.Module):
    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query = nn.Linear(HIDDEN, HIDDEN)
        self.key = nn.Linear(HIDDEN, HIDDEN)
        self.value = nn.Linear(HIDDEN, HIDDEN)
        self.output = nn.Linear(HIDDEN, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.rise = nn.Linear(HIDDEN, INNER)
        self.fall = nn.Linear(INNER, HIDDEN)
        self.last_norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, _ = x.shape
        split = (batch, length, HEADS, HIDDEN // HEADS)
        query = self.query(x).reshape(split).transpose(1, 2)
        key = self.key(x).reshape(split).transpose(1, 2)
        value = self.value(x).reshape(split).transpose(1, 2)
        rate = self.dropout if self.training else 0.0
        if torch.onnx.is_in_onnx_export():
            weights = torch.softmax(query @ key.transpose(2, 3) / math.sqrt(HIDDEN // HEADS), -1)
            seen = weights @ value
        else:
            seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=0.0)
        seen = self.output(seen.transpose(1, 2).reshape(batch, length, HIDDEN))
        x = self.norm(functional.dropout(seen, rate) + x)
        inner = self.fall(functional.gelu(self.rise(x)))
        return self.last_norm(functional.dropout(inner, rate) + x)


class Network(nn.Module):
    """pieces, features -> tag scores (b, l, 7), link queries and keys (b, l, 2 * LINK)."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, HIDDEN)
        self.positions = nn.Embedding(POSITIONS, HIDDEN)
        self.features = nn.Embedding(FEATURES, HIDDEN)
        nn.init.zeros_(self.features.weight)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList([Layer(dropout) for _ in range(LAYERS)])
        self.tag = nn.Linear(HIDDEN, len(LABELS))
        self.link_query = nn.Linear(HIDDEN, 2 * LINK)
        self.link_key = nn.Linear(HIDDEN, 2 * LINK)
        self.link_bias = nn.Parameter(torch.tensor([-3.0, -3.0]))
        self.transitions = nn.Parameter(torch.zeros(len(LABELS), len(LABELS)))
        self.dropout = dropout

    def forward(self, pieces: Tensor, features: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        length = pieces.shape[1]
        x = self.words(pieces) + self.features(features) + self.positions.weight[:length]
        rate = self.dropout if self.training else 0.0
        x = functional.dropout(self.norm(x), rate)
        for layer in self.layers:
            x = layer(x, mask)
        x = functional.dropout(x, rate)
        return self.tag(x), self.link_query(x), self.link_key(x)

    def chain(self) -> Tensor:
        """Scores of a label after a label, the impossible ones included."""
        return self.transitions + forbidden().to(self.transitions.device)

    def tag_loss(self, scores: Tensor, labels: Tensor) -> Tensor:
        """Negative log likelihood of the labels, per labelled word; a label of -100 is no word."""
        scores = scores.float()
        chain = self.chain()
        batch, length, _ = scores.shape
        real = labels >= 0
        label = labels.clamp(min=0)
        total = self._total(scores, real)
        gold = torch.where(real, scores.gather(2, label[..., None])[..., 0], torch.zeros(())).sum()
        index = torch.arange(length).expand(batch, length)
        last = torch.where(real, index, -1).cummax(1).values
        before = torch.cat([torch.full((batch, 1), -1), last[:, :-1]], 1)
        previous = torch.where(before >= 0, label.gather(1, before.clamp(min=0)), 0)
        gold = gold + torch.where(real, chain[previous, label], torch.zeros(())).sum()
        return (total.sum() - gold) / real.sum()

    def _total(self, scores: Tensor, real: Tensor) -> Tensor:
        """The logarithm of the sum over all sequences of labels, for each window."""
        batch, _, size = scores.shape
        neutral = torch.full((size, size), FORBIDDEN).fill_diagonal_(0.0)
        steps = torch.where(real[:, :, None, None], self.chain()[None, None] + scores[:, :, None, :], neutral)
        while steps.shape[1] > 1:  # a product of matrices, pair by pair, in logarithms
            if steps.shape[1] % 2:
                steps = torch.cat([steps, neutral.expand(batch, 1, size, size)], 1)
            left, right = steps[:, 0::2], steps[:, 1::2]
            steps = torch.logsumexp(left[..., :, :, None] + right[..., None, :, :], dim=-2)
        return torch.logsumexp(steps[:, 0, 0], -1)  # a window begins as if after O

    def link_loss(
        self,
        query: Tensor,
        key: Tensor,
        links: list[Link],
        real: Tensor,
    ) -> Tensor:
        """Binary cross-entropy of the links, per cue."""
        if not links:
            return query.sum() * 0.0
        rows = torch.tensor([link[0] for link in links])
        scores = self.link_scores(query, key, links)
        target = torch.zeros_like(scores)
        for number, (_, _, source, content) in enumerate(links):
            target[number, 0, source] = 1
            target[number, 1, content] = 1
        weight = real[rows].float()
        loss = functional.binary_cross_entropy_with_logits(scores, target, reduction="none") * weight[:, None, :]
        return (loss.sum((1, 2)) / weight.sum(1)).mean()

    def link_scores(self, query: Tensor, key: Tensor, links: list[Link]) -> Tensor:
        """(links, 2, l): how readily each piece is linked to a cue, as its source and as its content."""
        rows = torch.tensor([link[0] for link in links])
        cues = torch.tensor([link[1] for link in links])
        query = query.float()[rows, cues].reshape(len(links), 2, LINK)
        key = key.float().reshape(*key.shape[:2], 2, LINK)[rows]
        return torch.einsum("nrd,nlrd->nrl", query, key) / math.sqrt(LINK) + self.link_bias[:, None]

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
            for number in range(LAYERS):
                for mine, theirs in names.items():
                    own[f"layers.{number}.{mine}.{part}"] = raw[f"encoder.layer.{number}.{theirs}.{part}"]
        missing, unexpected = self.load_state_dict(own, strict=False)
        if unexpected or any(name.startswith(("words", "positions", "layers", "norm")) for name in missing):
            raise ValueError(f"{path} is not the encoder this network begins from: {missing} {unexpected}")
