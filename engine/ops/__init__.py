"""The table of operations: torch's functions and the module that knows their arithmetic. The table is the list.

Each module of this package, and each entry of the tables in activations.py and losses.py, offers for a `LayerRecord` and
the index of one output element:
    name, parameters         the field's name; torch's argument names in order, with defaults
    hyperparameters(record)  what the layer was set to
    explain(record, index)   the terms behind one element (`Arithmetic`)
    by_hand(record)          the whole output in float64, the slow obvious way, to judge torch and us
    window(record, index)    which input cells the element looks at
    detail(record, index)    optional: what a step shows beside its window, such as the winner
    winners(record)          maximum pooling only: where every output cell was read
    batch_axis(record)       optional: where the batch of one is in the output, for operations that move or drop axes
Recurrent layers hold more numbers than their output, so they offer more: see recurrence.py, which the three cells share.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.ops import (
    activations,
    adaptive_avg_pool2d,
    adaptive_max_pool2d,
    add,
    avg_pool1d,
    avg_pool2d,
    batch_norm,
    cat,
    conv1d,
    conv2d,
    conv_transpose1d,
    conv_transpose2d,
    dropout,
    embedding,
    flatten,
    glu,
    gradient_times_input,
    group_norm,
    gru,
    input,
    instance_norm,
    interpolate,
    layer_norm,
    linear,
    local_response_norm,
    log_softmax,
    losses,
    lstm,
    matmul,
    max_pool1d,
    max_pool2d,
    max_unpool2d,
    mean,
    mul,
    relu,
    rnn,
    rrelu,
    select,
    sigmoid,
    softmax,
    softmin,
    tanh,
    transpose,
)

OPS: dict[Callable[..., Any], ModuleType | activations.Activation | losses.Loss] = {
    input.given: input,
    F.conv2d: conv2d,
    F.relu: relu,
    F.relu_: relu,
    torch.relu: relu,
    torch.relu_: relu,
    Tensor.relu: relu,
    Tensor.relu_: relu,
    F.max_pool2d: max_pool2d,
    F.max_pool2d_with_indices: max_pool2d,
    torch.max_pool2d: max_pool2d,
    F.avg_pool2d: avg_pool2d,
    **dict.fromkeys((F.max_pool1d, F.max_pool1d_with_indices, torch.max_pool1d), max_pool1d),
    F.avg_pool1d: avg_pool1d,
    F.adaptive_avg_pool2d: adaptive_avg_pool2d,
    F.adaptive_max_pool2d: adaptive_max_pool2d,
    F.adaptive_max_pool2d_with_indices: adaptive_max_pool2d,
    F.batch_norm: batch_norm,
    F.dropout: dropout,
    F.dropout2d: dropout,
    torch.flatten: flatten,
    Tensor.flatten: flatten,
    Tensor.view: flatten,
    Tensor.reshape: flatten,
    torch.reshape: flatten,
    Tensor.squeeze: flatten,
    torch.squeeze: flatten,
    Tensor.unsqueeze: flatten,
    torch.unsqueeze: flatten,
    Tensor.unflatten: flatten,
    F.linear: linear,
    F.softmax: softmax,
    torch.softmax: softmax,
    Tensor.softmax: softmax,
    **dict.fromkeys((F.log_softmax, torch.log_softmax, Tensor.log_softmax), log_softmax),
    F.softmin: softmin,
    F.glu: glu,
    **dict.fromkeys((F.rrelu, F.rrelu_, torch.rrelu), rrelu),
    **activations.FUNCTIONS,
    **losses.FUNCTIONS,
    F.embedding: embedding,
    F.layer_norm: layer_norm,
    F.instance_norm: instance_norm,
    F.group_norm: group_norm,
    F.local_response_norm: local_response_norm,
    F.conv1d: conv1d,
    F.conv_transpose1d: conv_transpose1d,
    F.conv_transpose2d: conv_transpose2d,
    F.interpolate: interpolate,
    F.max_unpool2d: max_unpool2d,
    **dict.fromkeys((torch.tanh, torch.tanh_, Tensor.tanh, Tensor.tanh_), tanh),
    **dict.fromkeys((torch.sigmoid, torch.sigmoid_, Tensor.sigmoid, Tensor.sigmoid_), sigmoid),
    **dict.fromkeys((torch.add, Tensor.add, Tensor.add_, *add.MINUS, *add.REVERSED), add),
    **dict.fromkeys((torch.mul, torch.multiply, Tensor.mul, Tensor.mul_, Tensor.multiply, *mul.DIVIDES), mul),
    **dict.fromkeys((torch.matmul, Tensor.matmul, Tensor.__matmul__, torch.bmm, Tensor.bmm, torch.mm, Tensor.mm), matmul),
    **dict.fromkeys((torch.cat, torch.concat, torch.stack), cat),
    **dict.fromkeys((torch.mean, Tensor.mean), mean),
    **dict.fromkeys((Tensor.__getitem__, torch.select, Tensor.select, torch.narrow, Tensor.narrow), select),
    **dict.fromkeys((torch.flip, Tensor.flip, Tensor.expand), select),
    **dict.fromkeys((torch.transpose, Tensor.transpose, torch.permute, Tensor.permute, torch.t, Tensor.t), transpose),
    **dict.fromkeys((torch.movedim, Tensor.movedim, Tensor.T.__get__, Tensor.mT.__get__), transpose),  # type: ignore[attr-defined]
}


RECURRENT: dict[Callable[..., Any], ModuleType] = {
    torch.lstm: lstm,
    torch.lstm_cell: lstm,
    torch.gru: gru,
    torch.gru_cell: gru,
    torch.rnn_tanh: rnn,
    torch.rnn_relu: rnn,
    torch.rnn_tanh_cell: rnn,
    torch.rnn_relu_cell: rnn,
}
OPS |= RECURRENT


def operation_of(function: Callable[..., Any]) -> Any:
    """The module that explains a call of `function`; functions without one get gradient x input, never a guess."""
    return OPS.get(function, gradient_times_input)


def name_of(function: Callable[..., Any]) -> str:
    """The operation's one name: from the table, or torch's own without the underscores of in-place and dunder forms."""
    if function in OPS:
        return str(OPS[function].name)
    plain = getattr(function, "__name__", type(function).__name__)
    if plain == "__get__":  # a property such as Tensor.T
        plain = getattr(getattr(function, "__self__", None), "__name__", plain)
    return plain.strip("_") or plain
