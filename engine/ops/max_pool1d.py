"""1-D maximum pooling, for instance over time: 2-D pooling along one axis, with the same rules for padding and ties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch.nn.functional as F
from numpy.typing import NDArray

from engine.ops.max_pool2d import by_hand, explain, parameters, window, winner_of
from engine.ops.pooling import series_hyperparameters
from engine.ops.windows import pair
from engine.record import LayerRecord

name = "max_pool1d"


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return series_hyperparameters(record) | {"dilation": pair(record.argument("dilation"))[0]}


def winners(record: LayerRecord) -> NDArray[np.int64]:
    """For every output step the step of its winner in the input, (C, L, 1)."""
    arguments = {key: value for key, value in record.arguments.items() if key != "return_indices"}
    _, places = F.max_pool1d_with_indices(**arguments)
    found: NDArray[np.int64] = places.reshape(record.shape)[..., None].numpy()
    return found


def detail(record: LayerRecord, index: Sequence[int]) -> dict[str, Any]:
    return winner_of(record, index, winners, explain)


__all__ = ["by_hand", "detail", "explain", "hyperparameters", "name", "parameters", "window", "winners"]
