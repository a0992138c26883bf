"""1-D convolution (cross-correlation, as torch computes it), for instance over time: windows, products and sums.

out[o, t] = bias[o] + sum over c, i of weight[o, c, i] * input[c, t s - p + i d]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, by_channel, weighted_sum
from engine.ops.windows import block, places, reach
from engine.record import LayerRecord

name = "conv1d"
parameters = {"input": None, "weight": None, "bias": None, "stride": 1, "padding": 0, "dilation": 1, "groups": 1}


def one(value: int | Sequence[int]) -> int:
    """Torch takes a number or a list of one."""
    return value if isinstance(value, int) else value[0]


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    out_channels, per_group, kernel = record.argument("weight").shape
    return {
        "in_channels": per_group * record.argument("groups"),
        "out_channels": out_channels,
        "kernel_size": kernel,
        "stride": one(record.argument("stride")),
        "padding": leading_padding(record),
        "dilation": one(record.argument("dilation")),
        "groups": record.argument("groups"),
        "bias": record.argument("bias") is not None,
    }


def leading_padding(record: LayerRecord) -> int:
    """Cells before the first. "same" puts the odd cell behind the last, as torch does."""
    padding, kernel = record.argument("padding"), record.argument("weight").shape[2]
    if padding == "valid":
        return 0
    return (kernel - 1) * one(record.argument("dilation")) // 2 if padding == "same" else one(padding)


def axes(record: LayerRecord, index: Sequence[int]) -> tuple[range, range]:
    """Channels and steps of the input under the kernel for output element (o, t)."""
    (o, t), (out_channels, per_group, kernel) = index, record.argument("weight").shape
    first = o // (out_channels // record.argument("groups")) * per_group
    stride, dilation = one(record.argument("stride")), one(record.argument("dilation"))
    return range(first, first + per_group), reach(t, kernel, stride, leading_padding(record), dilation)


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """Terms in the kernel's order (channel, step); one group per input channel."""
    values, (channels, steps) = record.array("input"), axes(record, index)
    sources = places((channels, steps))
    padding = ((sources < 0) | (sources >= values.shape)).any(axis=1)
    window = np.zeros(len(sources))
    window[~padding] = values[tuple(sources[~padding].T)]
    kernel = record.array("weight")[index[0]].reshape(-1).astype(np.float64)
    bias = record.argument("bias")
    return weighted_sum(
        window,
        kernel,
        sources,
        bias=None if bias is None else float(record.array("bias")[index[0]]),
        padding=padding,
        grouped=by_channel(len(steps), channels),
    )


def by_hand(record: LayerRecord) -> Floats:
    """The whole output, (out_channels, steps), cell by cell."""
    values, weight, output = record.float64("input"), record.float64("weight"), np.zeros(record.shape)
    for index in np.ndindex(*record.shape):
        channels, steps = axes(record, index)
        for place, step in enumerate(steps):
            if 0 <= step < values.shape[1]:
                output[index] += values[channels.start : channels.stop, step] @ weight[index[0], :, place]
    return output if record.argument("bias") is None else output + record.float64("bias")[:, None]


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return [block(record.source("input"), axes(record, index))]
