"""The network: encoder layers, word tags (a linear-chain CRF) and links from cues."""

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
#: Weight of the teachers in the loss, if there are any; the rest is the annotators'.
TEACHER_SHARE = 0.7
FORBIDDEN_SCORE = -1e4
#: The public encoder's file of word pieces, one per line.
ENCODER_PIECES = "vocab.txt"
#: A cue with its source and content: row in the batch, cue piece, source pieces, content pieces.
Link = tuple[int, int, list[int], list[int]]


def forbidden_transitions() -> Tensor:
    """Return a table (7, 7): FORBIDDEN_SCORE for impossible label transitions, else 0.

    A transition from i to j is impossible if j continues a span that i is not part of.
    """
    table = torch.zeros(len(LABELS), len(LABELS))
    for inside in (2, 4, 6):
        for before in range(len(LABELS)):
            if before not in (inside, inside - 1):
                table[before, inside] = FORBIDDEN_SCORE
    return table


def _identity_step() -> Tensor:
    """Return a table (7, 7) of a step that leaves every label unchanged."""
    return torch.full((len(LABELS), len(LABELS)), FORBIDDEN_SCORE).fill_diagonal_(0.0)


def _log_partition(steps: Tensor) -> Tensor:
    """Return (b): the logarithm of the sum over all label sequences."""
    while steps.shape[1] > 1:  # a product of matrices in log space, pair by pair
        if steps.shape[1] % 2:
            steps = torch.cat([steps, _identity_step().expand(len(steps), 1, len(LABELS), len(LABELS))], 1)
        left, right = steps[:, 0::2], steps[:, 1::2]
        steps = torch.logsumexp(left[..., :, :, None] + right[..., None, :, :], dim=-2)
    return torch.logsumexp(steps[:, 0, 0], -1)  # a window begins as if after label O


class Layer(nn.Module):
    """A BERT encoder layer."""

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
        attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=0.0)
        attended = self.output(attended.transpose(1, 2).reshape(batch, length, self.heads * HEAD_SIZE))
        x = self.norm(functional.dropout(attended, rate) + x)
        inner = self.fall(functional.gelu(self.rise(x)))
        return self.last_norm(functional.dropout(inner, rate) + x)


class Network(nn.Module):
    """The tagger's network. See `forward` for shapes."""

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
        """Return a network with these weights. Its width follows from their shapes."""
        heads = len(weights["layers.0.query.weight"]) // HEAD_SIZE
        network = cls(dropout, heads, len(weights["layers.0.rise.weight"]))
        network.load_state_dict(weights)
        return network

    def forward(self, pieces: Tensor, features: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Return tag scores (b, l, 7), link queries and link keys (b, l, 2 * LINK_SIZE)."""
        length = pieces.shape[1]
        x = self.words(pieces) + self.features(features) + self.positions.weight[:length]
        rate = self.dropout if self.training else 0.0
        x = functional.dropout(self.norm(x), rate)
        for layer in self.layers:
            x = layer(x, mask)
        x = functional.dropout(x, rate)
        return self.tag(x), self.link_query(x), self.link_key(x)

    def transition_scores(self) -> Tensor:
        """Return the scores of all label transitions, including impossible ones."""
        return self.transitions + forbidden_transitions().to(self.transitions.device)

    def tag_loss(self, scores: Tensor, labels: Tensor, taught: Tensor | None = None) -> Tensor:
        """Return the negative log likelihood of the labels, per labelled word.

        A label of -100 marks a piece that is not labelled. `taught` (b, l, 7, 7) holds the teachers' probability of
        each transition (see `transition_probabilities`). With it, the cross-entropy with the teachers' sequences is
        mixed in.
        """
        scores = scores.float()
        transitions = self.transition_scores()
        batch, length, _ = scores.shape
        is_labelled = labels >= 0
        label = labels.clamp(min=0)
        steps = self._step_scores(scores, is_labelled)
        log_partition = _log_partition(steps).sum()
        marked_score = torch.where(is_labelled, scores.gather(2, label[..., None])[..., 0], torch.zeros(())).sum()
        index = torch.arange(length).expand(batch, length)
        last = torch.where(is_labelled, index, -1).cummax(1).values
        before = torch.cat([torch.full((batch, 1), -1), last[:, :-1]], 1)
        previous = torch.where(before >= 0, label.gather(1, before.clamp(min=0)), 0)
        marked_score = marked_score + torch.where(is_labelled, transitions[previous, label], torch.zeros(())).sum()
        if taught is not None:
            marked_score = (1 - TEACHER_SHARE) * marked_score + TEACHER_SHARE * (taught * steps).sum()
        return (log_partition - marked_score) / is_labelled.sum()

    def transition_probabilities(self, scores: Tensor, real: Tensor) -> Tensor:
        """Return (b, l, 7, 7): the probability of each transition over all sequences."""
        with torch.enable_grad():
            steps = self._step_scores(scores.float().detach(), real).detach().requires_grad_()
            (probabilities,) = torch.autograd.grad(_log_partition(steps).sum(), steps)
        return probabilities

    def _step_scores(self, scores: Tensor, real: Tensor) -> Tensor:
        """Return (b, l, 7, 7): the score of each transition at each piece.

        Pieces that do not begin a word get the identity step.
        """
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
        """Return the binary cross-entropy of the links, per cue.

        `taught` (links, 2, l) holds the teachers' link probabilities, which are mixed in.
        """
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
        """Return (links, 2, l): each piece's link score with a cue, as source and content."""
        rows = torch.tensor([link[0] for link in links])
        cues = torch.tensor([link[1] for link in links])
        query = query.float()[rows, cues].reshape(len(links), 2, LINK_SIZE)
        key = key.float().reshape(*key.shape[:2], 2, LINK_SIZE)[rows]
        return torch.einsum("nrd,nlrd->nrl", query, key) / math.sqrt(LINK_SIZE) + self.link_bias[:, None]

    def load_encoder(self, path: Path) -> None:
        """Load the public encoder's weights (a BERT of six layers, model.safetensors)."""
        from safetensors.torch import load_file

        raw = {name.removeprefix("bert."): value for name, value in load_file(path).items()}
        weights: dict[str, Tensor] = {
            "words.weight": raw["embeddings.word_embeddings.weight"],
            # There is only one segment type, so its embedding is added to the positions.
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
            weights[f"norm.{part}"] = raw[f"embeddings.LayerNorm.{part}"]
            for number in range(LAYER_COUNT):
                for own_name, encoder_name in names.items():
                    weights[f"layers.{number}.{own_name}.{part}"] = raw[
                        f"encoder.layer.{number}.{encoder_name}.{part}"
                    ]
        missing, unexpected = self.load_state_dict(weights, strict=False)
        if unexpected or any(name.startswith(("words", "positions", "layers", "norm")) for name in missing):
            raise ValueError(f"{path} is not the expected encoder. Missing: {missing}, unexpected: {unexpected}.")
