"""1-D average pooling, for instance over time: 2-D pooling along one axis; torch gives it no divisor of one's own."""

from __future__ import annotations

from typing import Any

from engine.ops.avg_pool2d import by_hand, explain, window
from engine.ops.avg_pool2d import parameters as of_pictures
from engine.ops.pooling import series_hyperparameters
from engine.record import LayerRecord

name = "avg_pool1d"
parameters = {key: value for key, value in of_pictures.items() if key != "divisor_override"}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return series_hyperparameters(record) | {"count_include_pad": bool(record.argument("count_include_pad"))}


__all__ = ["by_hand", "explain", "hyperparameters", "name", "parameters", "window"]
