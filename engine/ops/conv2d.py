"""2-D convolution (cross-correlation, as torch computes it): windows, products and sums.

out[o, y, x] = bias[o] + sum over c, i, j of weight[o, c, i, j] * input[c, y s - p + i d, x s - p + j d]
Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.arithmetic import Arithmetic, Floats, by_channel, weighted_sum
from engine.ops.windows import block, pair, places, reach
from engine.record import LayerRecord

name = "conv2d"
parameters = {"input": None, "weight": None, "bias": None, "stride": 1, "padding": 0, "dilation": 1, "groups": 1}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    weight = record.argument("weight")
    return {
        "in_channels": weight.shape[1] * record.argument("groups"),
        "out_channels": weight.shape[0],
        "kernel_size": list(weight.shape[2:]),
        "stride": list(pair(record.argument("stride"))),
        "padding": list(leading_padding(record)),
        "dilation": list(pair(record.argument("dilation"))),
        "groups": record.argument("groups"),
        "bias": record.argument("bias") is not None,
    }


def leading_padding(record: LayerRecord) -> tuple[int, int]:
    """Rows above and columns to the left. "same" puts the odd cell below and to the right, as torch does."""
    padding = record.argument("padding")
    if padding == "valid":
        return 0, 0
    if padding == "same":
        spans = zip(record.argument("weight").shape[2:], pair(record.argument("dilation")), strict=True)
        rows, columns = ((kernel - 1) * dilation // 2 for kernel, dilation in spans)
        return rows, columns
    return pair(padding)


def axes(record: LayerRecord, index: Sequence[int]) -> tuple[range, range, range]:
    """Channels, rows and columns of the input under the kernel for output element (o, y, x)."""
    weight, (o, y, x) = record.argument("weight"), index
    out_channels, per_group = weight.shape[:2]
    first = o // (out_channels // record.argument("groups")) * per_group
    sides = zip(
        (y, x),
        weight.shape[2:],
        pair(record.argument("stride")),
        leading_padding(record),
        pair(record.argument("dilation")),
        strict=True,
    )
    rows, columns = (reach(*side) for side in sides)
    return range(first, first + per_group), rows, columns


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    """Terms in the kernel's order (channel, row, column); one group per input channel."""
    values = record.array("input")
    channels, rows, columns = axes(record, index)
    sources = places((channels, rows, columns))
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
        grouped=by_channel(len(rows) * len(columns), channels),
    )


def by_hand(record: LayerRecord) -> Floats:
    """The whole output, (out_channels, rows, columns): gather every window, then one product per group."""
    values, weight = record.float64("input"), record.float64("weight")
    height, width = record.shape[1:]
    out_channels, per_group = weight.shape[:2]
    top, left = leading_padding(record)
    span = [(k - 1) * d for k, d in zip(weight.shape[2:], pair(record.argument("dilation")), strict=True)]
    (sy, sx), (dy, dx) = pair(record.argument("stride")), pair(record.argument("dilation"))
    bottom = max(0, (height - 1) * sy + span[0] + 1 - top - values.shape[1])
    right = max(0, (width - 1) * sx + span[1] + 1 - left - values.shape[2])
    padded = np.pad(values, ((0, 0), (top, bottom), (left, right)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (span[0] + 1, span[1] + 1), axis=(1, 2))
    windows = windows[:, ::sy, ::sx, ::dy, ::dx][:, :height, :width]  # (C, H, W, kh, kw)
    groups = record.argument("groups")
    shared = out_channels // groups
    output = np.concatenate(
        [
            np.einsum("chwij,ocij->ohw", windows[g * per_group : (g + 1) * per_group], weight[g * shared : (g + 1) * shared])
            for g in range(groups)
        ]
    )
    bias = record.argument("bias")
    return output if bias is None else output + record.float64("bias")[:, None, None]


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return [block(record.source("input"), axes(record, index))]
