"""What select and transpose share: they only move numbers, so the same call on running numbers says where each was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.ops.arithmetic import Arithmetic, Floats, weighted_sum
from engine.ops.operands import Place, blocks, operand
from engine.record import LayerRecord, tensors_in, without


def running_numbers(record: LayerRecord) -> NDArray[np.int64]:
    """For every element of the output, the batch included, the running number of the input cell that it was."""
    if "moved" not in record.memory:
        values, *more = record.args
        with torch.inference_mode():
            numbers = torch.arange(values.numel()).reshape(values.shape)
            record.memory["moved"] = next(tensors_in(record.function(numbers, *more, **record.kwargs))).numpy()
    moved: NDArray[np.int64] = record.memory["moved"]
    return moved


def place(record: LayerRecord, index: Sequence[int]) -> Place:
    """Where in the input the element stood, counted as torch does, with the batch."""
    number = int(running_numbers(record)[record.full(index)])
    return tuple(int(i) for i in np.unravel_index(number, record.args[0].shape))


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    each, where = operand(record, record.args[0]), place(record, index)
    return weighted_sum(
        np.array([each.value(where)]), np.ones(1), [each.source(where)], readers=[each.origin], labels=[each.label]
    )


def by_hand(record: LayerRecord) -> Floats:
    values = record.args[0].detach().double().numpy().reshape(-1)
    return without(values[running_numbers(record)], record.batch_axis)


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    return blocks([(operand(record, record.args[0]), [place(record, index)])])
