"""Embedding: each token id picks its row of a table, y[step, unit] = weight[id, unit].

The same as a matrix product with a one-hot vector, and shown as that: the one term that is not zero is 1 * weight[id, unit].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.windows import block
from engine.record import LayerRecord

name = "embedding"
parameters = {"input": None, "weight": None, "padding_idx": None}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    num_embeddings, embedding_dim = record.argument("weight").shape
    padding = record.argument("padding_idx")
    return {"num_embeddings": num_embeddings, "embedding_dim": embedding_dim, "padding_idx": padding}


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    *place, unit = index
    token = int(record.array("input")[tuple(place)])
    weight = float(record.array("weight")[token, unit])
    labels = [f"one_hot[{token}]"]
    return weighted_sum(np.ones(1), np.array([weight]), [()], readers=[None], labels=labels, extra={"id": token, "row": token})


def by_hand(record: LayerRecord) -> Floats:
    return record.float64("weight")[record.array("input")]


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    """The token id that picks the row."""
    return [block(record.source("input"), [range(i, i + 1) for i in index[:-1]])]
