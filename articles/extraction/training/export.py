"""Export the trained network as one ONNX file with 8-bit integer weights.

The graph is written by hand instead of traced. So the file has only the operators that onnxruntime runs fastest on
one core, and the same weights give the same file, byte for byte.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from articles.extraction.tagger.inference import NETWORK, WORD_PIECES
from articles.extraction.tagger.windows import WINDOW_PIECES
from articles.extraction.training.model import ENCODER_PIECES, HEAD_SIZE, LAYER_COUNT

MICROSOFT_DOMAIN = "com.microsoft"
OPSET = 17
IR_VERSION = 8
# Integer weights go up to this, not to 127. Processors without VNNI instructions add two 8-bit products in 16 bits:
# larger weights could overflow there and change the result.
MAX_WEIGHT = 100
MAX_WORD_WEIGHT = 127  # of the word table, which is only looked up and never multiplied in integers
EPSILON = 1e-12
# Gelu is never below -0.17. If a row has a number above 0.17, that is also its largest absolute value.
MIN_ROW_MAXIMUM = 0.17

Array = NDArray[np.float32]


class _Graph:
    """An ONNX graph under construction."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add_constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add_node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def add_split(self, x: str, outputs: list[str], size: int) -> None:
        sizes = self.add_constant(f"{x}.split", np.array([size] * len(outputs), np.int64))
        self.nodes.append(helper.make_node("Split", [x, sizes], outputs, name=f"{x}.parts", axis=-1))

    def add_linear(self, x: str, weight: Array, bias: Array, name: str, *, largest: str = "") -> str:
        """Add x @ weight.T + bias in integers, with one scale per column of the weights.

        onnxruntime uses one scale for all of x. `largest` is the name of the largest number of each row of x. If
        given, the rows are first scaled to the same size. Then large activations of one word do not reduce the
        precision of others.
        """
        columns = weight.T
        scale = (np.abs(columns).max(0) / MAX_WEIGHT).astype(np.float32)
        scale[scale == 0] = 1.0
        whole = np.clip(np.rint(columns / scale), -MAX_WEIGHT, MAX_WEIGHT).astype(np.int8)
        inputs = [
            x,
            self.add_constant(f"{name}.weight", whole),
            self.add_constant(f"{name}.scale", scale),
            self.add_constant(f"{name}.zero", np.zeros(len(scale), np.int8)),
        ]
        shift = self.add_constant(f"{name}.bias", bias)
        if not largest:
            return self.add_node("DynamicQuantizeMatMul", [*inputs, shift], name, MICROSOFT_DOMAIN)
        shrunk = self.add_node(
            "Reciprocal", [largest], f"{name}.shrunk"
        )  # one reciprocal and a product are faster than a division per number
        inputs[0] = self.add_node("Mul", [x, shrunk], f"{name}.even")
        product = self.add_node("DynamicQuantizeMatMul", inputs, f"{name}.product", MICROSOFT_DOMAIN)
        return self.add_node("Add", [self.add_node("Mul", [product, largest], f"{name}.sized"), shift], name)

    def add_row_maximum(self, x: str) -> str:
        """Add the largest number of each row of x, with a lower limit for safe division."""
        found = self.add_node("ReduceMax", [x], f"{x}.found", axes=[-1], keepdims=1)
        if "least" not in {constant.name for constant in self.constants}:
            self.add_constant("least", np.array(MIN_ROW_MAXIMUM, np.float32))
        return self.add_node("Max", [found, "least"], f"{x}.largest")


def _add_word_table(graph: _Graph, table: Array) -> str:
    """Add the word embeddings, stored as integers with one scale per word."""
    scale = (np.abs(table).max(1, keepdims=True) / MAX_WORD_WEIGHT).astype(np.float32)
    scale[scale == 0] = 1.0
    whole = graph.add_constant("words.table", np.rint(table / scale).astype(np.int8))
    rows = graph.add_node("Gather", [whole, "pieces"], "words.rows")
    scales = graph.add_node("Gather", [graph.add_constant("words.scales", scale), "pieces"], "words.row_scales")
    numbers = graph.add_node("Cast", [rows], "words.numbers", to=TensorProto.FLOAT)
    return graph.add_node("Mul", [numbers, scales], "words")


def build_model(weights: dict[str, torch.Tensor]) -> onnx.ModelProto:
    """Return the network as an ONNX model.

    Inputs: pieces and features (1, l), begins (w). Outputs: tag (1, w, 7), link_query and link_key (1, w, 256).
    `begins` holds the indexes of pieces that begin a word. Only words are labelled, so the last layer is computed
    for these only.
    """
    values: dict[str, Array] = {name: value.float().numpy() for name, value in weights.items()}
    width = len(values["layers.0.query.bias"])
    graph = _Graph()

    def joined(layer: str, parts: tuple[str, ...], kind: str) -> Array:
        return np.concatenate([values[f"{layer}{part}.{kind}"] for part in parts])

    def vector(name: str) -> str:
        return graph.add_constant(name, values[name])

    def norm(x: str, name: str) -> str:
        return graph.add_node(
            "LayerNormalization", [x, vector(f"{name}.weight"), vector(f"{name}.bias")], name, axis=-1, epsilon=EPSILON
        )

    def linear(x: str, name: str, largest: str = "") -> str:
        return graph.add_linear(x, values[f"{name}.weight"], values[f"{name}.bias"], name, largest=largest)

    def added(x: str, y: str, name: str) -> str:
        return graph.add_node("Add", [x, y], name)

    features = graph.add_node(
        "Gather", [graph.add_constant("features.table", values["features.weight"]), "features"], "features.rows"
    )
    places = graph.add_constant("positions.table", values["positions.weight"][: WINDOW_PIECES + 2])
    zero = graph.add_constant("zero", np.array([0], np.int64))
    length = graph.add_node("Shape", ["pieces"], "length", start=1, end=2)
    positions = graph.add_node("Slice", [places, zero, length, zero], "positions")
    x = norm(
        added(added(_add_word_table(graph, values["words.weight"]), features, "described"), positions, "placed"),
        "norm",
    )
    for number in range(LAYER_COUNT):
        layer = f"layers.{number}."
        parts = [f"{layer}{part}" for part in ("query", "key", "value")]
        if number < LAYER_COUNT - 1:
            queries, packed_parts = x, parts
        else:
            queries, packed_parts = graph.add_node("Gather", [x, "begins"], "words_only", axis=1), parts[1:]
            linear(queries, parts[0])
        names = tuple(part.removeprefix(layer) for part in packed_parts)
        packed = graph.add_linear(x, joined(layer, names, "weight"), joined(layer, names, "bias"), f"{layer}packed")
        graph.add_split(packed, packed_parts, width)
        attended = graph.add_node(
            "MultiHeadAttention", parts, f"{layer}seen", MICROSOFT_DOMAIN, num_heads=width // HEAD_SIZE
        )
        x = norm(added(linear(attended, f"{layer}output"), queries, f"{layer}sum"), f"{layer}norm")
        size = graph.add_row_maximum(graph.add_node("Abs", [x], f"{layer}bare"))
        curve = graph.add_node("Gelu", [linear(x, f"{layer}rise", size)], f"{layer}curve", MICROSOFT_DOMAIN)
        x = norm(
            added(linear(curve, f"{layer}fall", graph.add_row_maximum(curve)), x, f"{layer}last_sum"),
            f"{layer}last_norm",
        )
    link_names = ("link_query", "link_key")
    half = len(values["link_query.bias"])
    links = graph.add_linear(x, joined("", link_names, "weight"), joined("", link_names, "bias"), "links")
    graph.add_split(links, list(link_names), half)
    product = graph.add_node("MatMul", [x, graph.add_constant("tag.weight", values["tag.weight"].T)], "tag.product")
    added(product, graph.add_constant("tag.bias", values["tag.bias"]), "tag")
    outputs = {"tag": len(values["tag.bias"]), "link_query": half, "link_key": half}
    graph_proto = helper.make_graph(
        graph.nodes,
        "attribution tagger",
        [
            *(
                helper.make_tensor_value_info(name, TensorProto.INT64, [1, "length"])
                for name in ("pieces", "features")
            ),
            helper.make_tensor_value_info("begins", TensorProto.INT64, ["count"]),
        ],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "count", size]) for name, size in outputs.items()],
        graph.constants,
    )
    domains = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT_DOMAIN, 1)]
    return helper.make_model(graph_proto, opset_imports=domains, ir_version=IR_VERSION)


def export_network(checkpoint: Path, encoder: Path, folder: Path) -> None:
    """Write the averaged weights of a checkpoint, and copy the encoder's word pieces."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(build_model(torch.load(checkpoint, weights_only=True)["network"]), folder / NETWORK)
    shutil.copyfile(encoder / ENCODER_PIECES, folder / WORD_PIECES)
