"""Dropout: the identity at inference; in training kept cells are scaled by 1 / (1 - p) (inverted dropout).

Srivastava et al., "Dropout" (JMLR 2014). Which cells were dropped in training is read off torch's output.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, single
from engine.ops.windows import same_cell
from engine.record import LayerRecord

name = "dropout"
parameters = {"input": None, "p": 0.5, "training": True, "inplace": False}
window = same_cell


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {"p": record.argument("p"), "training": bool(record.argument("training"))}


def scale(record: LayerRecord) -> Floats:
    """What every cell is multiplied by, in the output's shape."""
    if not record.argument("training"):
        return np.ones(record.shape)
    kept = record.result != 0
    p = record.argument("p")
    return np.where(kept, 1.0 / (1.0 - p) if p < 1 else 0.0, 0.0)


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    at = tuple(index)
    return single(float(record.array("input")[at]), float(scale(record)[at]), index)


def by_hand(record: LayerRecord) -> Floats:
    return record.float64("input") * scale(record)
