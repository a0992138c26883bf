"""Arithmetic by hand = torch, for every operation over random shapes and hyperparameters, borders included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from cases_of_curves import CASES as CURVES
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

import engine
from engine.ops import OPS
from engine.record import LayerRecord

RELATIVE = 1e-5
RECURRENT_NAMES = {"rnn", "lstm", "gru"}

Drawn = tuple[Callable[[Tensor], Tensor], tuple[int, ...]]


class Call(nn.Module):
    """A model of one functional call."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x)


def sizes(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


def int_or_pair(low: int, high: int) -> st.SearchStrategy[Any]:
    return st.one_of(sizes(low, high), st.tuples(sizes(low, high), sizes(low, high)))


def both(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else tuple(value)


def fits(shape: tuple[int, int], kernel: Any, padding: Any = 0, dilation: Any = 1) -> bool:
    """Whether the dilated kernel fits into the padded input at all."""
    quadruples = zip(shape, both(kernel), both(padding), both(dilation), strict=True)
    return all(n + 2 * p >= d * (k - 1) + 1 for n, k, p, d in quadruples)


@st.composite
def convolutions(draw: st.DrawFn) -> Drawn:
    groups, per_group, shared = draw(sizes(1, 3)), draw(sizes(1, 3)), draw(sizes(1, 3))
    kernel = draw(st.tuples(sizes(1, 4), sizes(1, 4)))
    dilation, shape = draw(int_or_pair(1, 3)), draw(st.tuples(sizes(1, 11), sizes(1, 11)))
    padding = draw(st.one_of(int_or_pair(0, 3), st.sampled_from(["same", "valid"])))
    stride = 1 if padding == "same" else draw(int_or_pair(1, 3))
    amount = {"same": 9, "valid": 0}.get(padding, padding) if isinstance(padding, str) else padding
    assume(fits(shape, kernel, amount, dilation))
    weight = torch.randn(groups * shared, per_group, *kernel)
    bias = torch.randn(groups * shared) if draw(st.booleans()) else None
    return (
        lambda x: F.conv2d(x, weight, bias, stride, padding, dilation, groups),
        (groups * per_group, *shape),
    )


@st.composite
def pools(draw: st.DrawFn, kind: str) -> Drawn:
    kernel = draw(int_or_pair(1, 4))
    padding = draw(st.integers(0, min(both(kernel)) // 2))
    stride = draw(st.one_of(st.none(), int_or_pair(1, 3)))
    dilation = draw(int_or_pair(1, 2)) if kind == "max" else 1
    shape, ceil_mode = draw(st.tuples(sizes(1, 11), sizes(1, 11))), draw(st.booleans())
    assume(fits(shape, kernel, padding, dilation))
    channels = draw(sizes(1, 3))
    if kind == "max":
        return lambda x: F.max_pool2d(x, kernel, stride, padding, dilation, ceil_mode), (channels, *shape)
    counted, divisor = draw(st.booleans()), draw(st.one_of(st.none(), sizes(1, 9)))
    return lambda x: F.avg_pool2d(x, kernel, stride, padding, ceil_mode, counted, divisor), (channels, *shape)


@st.composite
def pools_of_series(draw: st.DrawFn, kind: str) -> Drawn:
    kernel = draw(sizes(1, 4))
    padding, stride = draw(st.integers(0, kernel // 2)), draw(st.one_of(st.none(), sizes(1, 3)))
    dilation, ceil_mode = draw(sizes(1, 2)) if kind == "max" else 1, draw(st.booleans())
    channels, steps = draw(sizes(1, 3)), draw(sizes(1, 11))
    assume(steps + 2 * padding >= dilation * (kernel - 1) + 1)
    if kind == "max":
        return lambda x: F.max_pool1d(x, kernel, stride, padding, dilation, ceil_mode), (channels, steps)
    counted = draw(st.booleans())
    return lambda x: F.avg_pool1d(x, kernel, stride, padding, ceil_mode, counted), (channels, steps)


@st.composite
def adaptive(draw: st.DrawFn, function: Callable[..., Tensor]) -> Drawn:
    shape = draw(st.tuples(sizes(1, 3), sizes(1, 12), sizes(1, 12)))
    output_size = draw(int_or_pair(1, 7))
    return lambda x: function(x, output_size), shape


@st.composite
def elementwise(draw: st.DrawFn, function: Callable[[Tensor], Tensor]) -> Drawn:
    return function, tuple(draw(st.lists(sizes(1, 6), min_size=1, max_size=3)))


@st.composite
def linears(draw: st.DrawFn) -> Drawn:
    rows, features, units = draw(st.lists(sizes(1, 3), max_size=1)), draw(sizes(1, 12)), draw(sizes(1, 6))
    weight = torch.randn(units, features)
    bias = torch.randn(units) if draw(st.booleans()) else None
    return lambda x: F.linear(x, weight, bias), (*rows, features)


@st.composite
def softmaxes(draw: st.DrawFn) -> Drawn:
    shape = tuple(draw(st.lists(sizes(1, 6), min_size=1, max_size=3)))
    dim = draw(st.integers(1, len(shape)))
    dim = dim - len(shape) - 1 if draw(st.booleans()) else dim
    return lambda x: F.softmax(100 * x, dim=dim), shape


@st.composite
def batch_norms(draw: st.DrawFn) -> Drawn:
    channels = draw(sizes(1, 5))
    mean, variance = torch.randn(channels), torch.rand(channels) + 0.01
    gamma, beta = (torch.randn(channels), torch.randn(channels)) if draw(st.booleans()) else (None, None)
    training, eps = draw(st.booleans()), draw(st.sampled_from([1e-5, 1e-3]))
    return (
        lambda x: F.batch_norm(x, mean.clone(), variance.clone(), gamma, beta, training, eps=eps),
        (channels, draw(sizes(2, 6)), draw(sizes(2, 6))),
    )


@st.composite
def dropouts(draw: st.DrawFn) -> Drawn:
    p, training = draw(st.sampled_from([0.0, 0.2, 0.5, 1.0])), draw(st.booleans())
    return lambda x: F.dropout(x, p, training), tuple(draw(st.lists(sizes(1, 6), min_size=1, max_size=3)))


@st.composite
def recurrent(draw: st.DrawFn, kind: type[nn.RNNBase], projected: bool = False) -> Drawn:
    inputs, hidden, steps = draw(sizes(1, 5)), draw(sizes(2, 6)), draw(sizes(1, 9))
    options: dict[str, Any] = {"proj_size": draw(sizes(0, hidden - 1))} if projected else {}
    if kind is nn.RNN:
        options["nonlinearity"] = draw(st.sampled_from(["tanh", "relu"]))
    layers, both_ways = draw(sizes(1, 3)), draw(st.booleans())
    layer = kind(inputs, hidden, layers, bidirectional=both_ways, bias=draw(st.booleans()), batch_first=True, **options)
    return layer.requires_grad_(False), (steps, inputs)


def shapes(low: int, high: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(sizes(1, 5), min_size=low, max_size=high).map(tuple)


@st.composite
def pairs(draw: st.DrawFn, both: Callable[[Tensor, Any], Tensor]) -> Drawn:
    """Two operands: two nodes, a node and a broadcast part of it, a node and a constant, a constant and a node."""
    shape, kind = draw(shapes(1, 3)), draw(st.sampled_from(["node", "part", "number", "tensor", "turned"]))
    constant = torch.randn(shape[-1:])
    other: dict[str, Callable[[Tensor], Any]] = {
        "node": torch.tanh,
        "part": lambda x: torch.tanh(x[..., :1]),
        "number": lambda x: 0.7,
        "tensor": lambda x: constant,
    }
    if kind == "turned":
        return lambda x: both(constant, x), shape
    return lambda x: both(x, other[kind](x)), shape


@st.composite
def matrix_products(draw: st.DrawFn) -> Drawn:
    batch, rows, inner = draw(shapes(0, 1)), draw(sizes(1, 5)), draw(sizes(1, 5))
    shape, vector, weights = (*batch, rows, inner), torch.randn(inner), torch.randn(inner, draw(sizes(1, 5)))
    functions: list[Callable[[Tensor], Tensor]] = [
        lambda x: x @ torch.tanh(x).mT,
        lambda x: torch.matmul(x, weights),
        lambda x: x @ vector,
        lambda x: torch.matmul(vector, x.mT),
    ]
    return draw(st.sampled_from(functions)), shape


@st.composite
def concatenations(draw: st.DrawFn) -> Drawn:
    shape, more = draw(shapes(2, 3)), draw(sizes(1, 3))
    dim = draw(st.integers(1, len(shape)))
    if draw(st.booleans()):
        return lambda x: torch.stack([x] + [torch.tanh(x)] * more, dim), shape
    return lambda x: torch.cat([x] + [torch.tanh(x)] * more, dim - len(shape) - 1 if more == 1 else dim), shape


@st.composite
def means(draw: st.DrawFn) -> Drawn:
    shape, keepdim = draw(shapes(1, 3)), draw(st.booleans())
    dims = draw(st.lists(st.integers(1, len(shape)), min_size=1, unique=True))
    if draw(st.booleans()):
        return lambda x: x.mean(dims[0], keepdim), shape
    return lambda x: torch.mean(x, dim=dims, keepdim=keepdim), shape


@st.composite
def selections(draw: st.DrawFn) -> Drawn:
    shape = draw(shapes(2, 3))
    step, size = draw(st.integers(-shape[0], shape[0] - 1)), shape[0]
    functions: list[Callable[[Tensor], Tensor]] = [
        lambda x: x[:, step],
        lambda x: x[:, step % size :, :1],
        lambda x: x[:, [step, 0, step]],
        lambda x: x[..., None, 0],
        lambda x: x.select(1, step),
        lambda x: x.narrow(1, step % size, 1),
        lambda x: x.flip(1),
        lambda x: x[:, :1].expand(-1, 4, *shape[1:]),
    ]
    return draw(st.sampled_from(functions)), shape


@st.composite
def axis_exchanges(draw: st.DrawFn) -> Drawn:
    shape = draw(shapes(2, 2))
    functions: list[Callable[[Tensor], Tensor]] = [
        lambda x: x.transpose(1, 2),
        lambda x: x.transpose(0, 1),
        lambda x: x.permute(2, 0, 1),
        lambda x: x.mT,
        lambda x: x.movedim(2, 0),
    ]
    return draw(st.sampled_from(functions)), shape


@st.composite
def embeddings(draw: st.DrawFn) -> Drawn:
    table, steps = torch.randn(draw(sizes(1, 9)), draw(sizes(1, 5))), draw(sizes(1, 7))
    return lambda x: F.embedding((x.abs() * 100).long() % len(table), table), (steps,)


@st.composite
def layer_norms(draw: st.DrawFn) -> Drawn:
    shape = draw(shapes(1, 3))
    normalised = shape[-draw(st.integers(1, len(shape))) :]
    affine = [torch.randn(normalised), torch.randn(normalised)] if draw(st.booleans()) else []
    return lambda x: F.layer_norm(x, normalised, *affine, eps=0.01), shape


@st.composite
def channel_norms(draw: st.DrawFn, kind: str) -> Drawn:
    channels, places = draw(sizes(1, 6)), draw(st.lists(sizes(2, 4), min_size=1, max_size=2))
    affine = [torch.randn(channels), torch.randn(channels)] if draw(st.booleans()) else [None, None]
    if kind == "instance":
        mean, variance, own = torch.randn(channels), torch.rand(channels) + 0.1, draw(st.booleans())
        return lambda x: F.instance_norm(x, mean, variance, *affine, use_input_stats=own, momentum=0.0), (channels, *places)
    if kind == "group":
        groups = draw(st.sampled_from([g for g in range(1, channels + 1) if channels % g == 0]))
        # eps: of nearly equal numbers torch's own variance, the mean of squares less the square of the mean, is mostly rounding
        return lambda x: F.group_norm(x, groups, *affine, eps=0.01), (channels, *places)
    size, alpha, beta, k = draw(sizes(1, 7)), draw(st.sampled_from([1e-4, 1.0])), draw(st.sampled_from([0.5, 0.75])), 2.0
    return lambda x: F.local_response_norm(x, size, alpha, beta, k), (channels, *places)


@st.composite
def convolutions_over_time(draw: st.DrawFn) -> Drawn:
    groups, per_group, shared, kernel = draw(sizes(1, 3)), draw(sizes(1, 3)), draw(sizes(1, 3)), draw(sizes(1, 4))
    dilation, steps = draw(sizes(1, 3)), draw(sizes(1, 11))
    padding = draw(st.one_of(sizes(0, 3), st.sampled_from(["same", "valid"])))
    stride = 1 if padding == "same" else draw(sizes(1, 3))
    amount = {"same": 9, "valid": 0}.get(padding, padding) if isinstance(padding, str) else padding
    assume(steps + 2 * amount >= dilation * (kernel - 1) + 1)
    weight, bias = torch.randn(groups * shared, per_group, kernel), torch.randn(groups * shared)
    given_bias = bias if draw(st.booleans()) else None
    return lambda x: F.conv1d(x, weight, given_bias, stride, padding, dilation, groups), (groups * per_group, steps)


@st.composite
def transposed_convolutions(draw: st.DrawFn, dimensions: int) -> Drawn:
    """stride, padding, output_padding, groups and dilation, as far as an output is left."""
    groups, per_group, shared = draw(sizes(1, 3)), draw(sizes(1, 3)), draw(sizes(1, 3))
    each = st.tuples(*[sizes(1, 4)] * dimensions)
    kernel, shape, stride, dilation = draw(each), draw(each), draw(each), draw(st.tuples(*[sizes(1, 3)] * dimensions))
    padding = draw(st.tuples(*[sizes(0, 3)] * dimensions))
    more = tuple(draw(sizes(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    sides = zip(shape, kernel, stride, padding, dilation, more, strict=True)
    assume(all((n - 1) * s - 2 * p + d * (k - 1) + o + 1 >= 1 for n, k, s, p, d, o in sides))
    weight = torch.randn(groups * shared, per_group, *kernel)
    bias = torch.randn(groups * per_group) if draw(st.booleans()) else None
    function: Any = F.conv_transpose1d if dimensions == 1 else F.conv_transpose2d
    return lambda x: function(x, weight, bias, stride, padding, more, groups, dilation), (groups * shared, *shape)


@st.composite
def interpolations(draw: st.DrawFn) -> Drawn:
    shape, mode = draw(st.tuples(sizes(1, 3), sizes(1, 7), sizes(1, 7))), draw(st.sampled_from(MODES))
    aligned = draw(st.booleans()) if mode in ("bilinear", "bicubic") else None
    if draw(st.booleans()):
        size = draw(st.tuples(sizes(1, 15), sizes(1, 15)))
        return lambda x: F.interpolate(x, size=size, mode=mode, align_corners=aligned), shape
    factor = draw(st.sampled_from([1.0, 1.5, 2.0, 2.3, 3.0]))
    return lambda x: F.interpolate(x, scale_factor=factor, mode=mode, align_corners=aligned), shape


MODES = ("nearest", "nearest-exact", "bilinear", "bicubic", "area")


@st.composite
def unpoolings(draw: st.DrawFn) -> Drawn:
    """Places that a pooling remembers; with overlapping windows several values share a place."""
    kernel, stride = draw(sizes(1, 3)), draw(sizes(1, 3))
    pooled = draw(st.tuples(sizes(1, 3), sizes(1, 5), sizes(1, 5)))
    full = [(n - 1) * stride + kernel for n in pooled[1:]]
    _, places = F.max_pool2d(torch.randn(1, pooled[0], *full), kernel, stride, return_indices=True)
    return lambda x: F.max_unpool2d(x, places, kernel, stride, output_size=full), pooled


CASES: dict[str, st.SearchStrategy[Drawn]] = {
    "conv2d": convolutions(),
    "relu": elementwise(F.relu),
    "max_pool2d": pools("max"),
    "avg_pool2d": pools("avg"),
    "max_pool1d": pools_of_series("max"),
    "avg_pool1d": pools_of_series("avg"),
    "adaptive_avg_pool2d": adaptive(F.adaptive_avg_pool2d),
    "adaptive_max_pool2d": adaptive(F.adaptive_max_pool2d),
    "flatten": st.one_of(
        elementwise(lambda x: torch.flatten(x, 1)),
        elementwise(lambda x: x.unsqueeze(-1)),
        elementwise(lambda x: x.squeeze(0).unsqueeze(0)),
        elementwise(lambda x: x.squeeze(0).unsqueeze(1)),
    ),
    "linear": linears(),
    "softmax": softmaxes(),
    "batch_norm": batch_norms(),
    "dropout": dropouts(),
    "input": elementwise(lambda x: x),
    "tanh": elementwise(torch.tanh),
    "sigmoid": elementwise(lambda x: torch.sigmoid(30 * x)),
    "add": st.one_of(pairs(lambda a, b: a + b), pairs(lambda a, b: a - b), pairs(lambda a, b: torch.add(a, b, alpha=3))),
    "mul": st.one_of(pairs(lambda a, b: a * b), pairs(lambda a, b: a / b)),
    "matmul": matrix_products(),
    "cat": concatenations(),
    "mean": means(),
    "select": selections(),
    "transpose": axis_exchanges(),
    "embedding": embeddings(),
    "layer_norm": layer_norms(),
    "instance_norm": channel_norms("instance"),
    "group_norm": channel_norms("group"),
    "local_response_norm": channel_norms("response"),
    "conv1d": convolutions_over_time(),
    "conv_transpose1d": transposed_convolutions(1),
    "conv_transpose2d": transposed_convolutions(2),
    "interpolate": interpolations(),
    "max_unpool2d": unpoolings(),
    "rnn": recurrent(nn.RNN),
    "lstm": recurrent(nn.LSTM, projected=True),
    "gru": recurrent(nn.GRU),
    **CURVES,
}


def test_every_op_has_a_case() -> None:
    assert {operation.name for operation in OPS.values()} == set(CASES)


@pytest.mark.parametrize("op", CASES)
@settings(max_examples=80, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**31))
def test_by_hand_equals_torch(op: str, data: st.DataObject, seed: int) -> None:
    torch.manual_seed(seed)
    function, shape = data.draw(CASES[op])
    record = run(function, shape, op)
    assert record.op == op
    by_hand = record.operation.by_hand(record)
    assert by_hand.shape == record.shape
    finite = record.result[np.isfinite(record.result)]
    scale = max(1.0, float(np.abs(finite).max(initial=0.0)))
    np.testing.assert_allclose(by_hand, record.result, rtol=RELATIVE, atol=RELATIVE * scale)


@pytest.mark.parametrize("op", CASES)
@settings(max_examples=80, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**31))
def test_the_shown_terms_make_the_shown_cell(op: str, data: st.DataObject, seed: int) -> None:
    torch.manual_seed(seed)
    function, shape = data.draw(CASES[op])
    trace = engine.trace(Call(function), torch.randn(1, *shape))
    record = trace.records[-1]
    index = data.draw(st.tuples(*(st.integers(0, size - 1) for size in record.shape)))
    explanation = engine.explain(trace, record.name, index)
    assert explanation.traced == float(record.result[index])
    assert explanation.error < RELATIVE
    assert_terms_add_up(explanation)
    assert_terms_are_where_they_say(trace, explanation)


def run(function: Callable[[Tensor], Tensor], shape: tuple[int, ...], op: str) -> LayerRecord:
    trace = engine.trace(Call(function), torch.randn(1, *shape))
    return trace.records[0] if op == "input" else trace.records[-1]


def assert_terms_add_up(explanation: engine.Explanation) -> None:
    total = sum(term.product for term in explanation.terms)
    if explanation.op in ("softmax", "softmin"):
        own = explanation.terms[explanation.extra["term"]].product
        assert own / total == pytest.approx(explanation.result, rel=1e-12)
    elif explanation.op != "input" and np.isfinite(explanation.result):
        assert total + (explanation.bias or 0.0) == pytest.approx(explanation.result, rel=1e-9, abs=1e-9)
        assert all(term.weight is None or term.weight * term.value == term.product for term in explanation.terms)
    for group in explanation.groups:
        part = sum(term.product for term in explanation.terms[group.start : group.stop])
        assert part == pytest.approx(group.sum, rel=1e-9, abs=1e-9)
    if explanation.groups:
        ends = [0, *(group.stop for group in explanation.groups)]
        assert [group.start for group in explanation.groups] == ends[:-1]
        assert ends[-1] == len(explanation.terms)


def assert_terms_are_where_they_say(trace: engine.Trace, explanation: engine.Explanation) -> None:
    for term in explanation.terms:
        if term.source is None:
            assert term.label != "padding" or term.value == 0.0
        elif trace[term.source.node].op in RECURRENT_NAMES:
            seen = engine.explain(trace, term.source.node, term.source.index).traced
            assert seen == pytest.approx(term.value, rel=1e-6, abs=1e-7)
        else:
            assert float(trace[term.source.node].result[term.source.index]) == term.value
        if term.weight_source is not None:
            assert float(trace[term.weight_source.node].result[term.weight_source.index]) == term.weight


@settings(max_examples=40, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**31))
def test_a_step_s_window_covers_the_terms_of_its_cell(data: st.DataObject, seed: int) -> None:
    torch.manual_seed(seed)
    function, shape = data.draw(CASES[data.draw(st.sampled_from(["conv2d", "max_pool2d", "avg_pool2d", "linear"]))])
    trace = engine.trace(Call(function), torch.randn(1, *shape))
    record = trace.records[-1]
    size = int(np.prod(record.shape))
    start = data.draw(st.integers(0, size - 1))
    page = engine.steps(trace, record.name, start, 3)
    assert page.total == size and [step.position for step in page.steps] == list(range(start, min(start + 3, size)))
    for step in page.steps:
        (window,) = step.window
        axes = [range(*each) for each in zip(window["start"], window["stop"], window["step"], strict=True)]
        explanation = engine.explain(trace, record.name, step.index)
        assert step.result == explanation.traced
        for term in explanation.terms:
            assert term.source is None or all(i in axis for i, axis in zip(term.source.index, axes, strict=True))


def test_relu_of_not_a_number_is_not_hidden() -> None:
    trace = engine.trace(Call(F.relu), torch.tensor([[float("nan"), float("inf"), -1.0]]))
    assert np.isnan(engine.explain(trace, "relu", (0,)).result)
    assert engine.explain(trace, "relu", (1,)).result == float("inf")
    assert engine.explain(trace, "relu", (2,)).result == 0.0


def test_max_pooling_takes_the_first_of_equal_cells() -> None:
    trace = engine.trace(Call(lambda x: F.max_pool2d(x, 2)), torch.ones(1, 1, 2, 2))
    assert engine.explain(trace, "max_pool2d", (0, 0, 0)).extra["winner_index"] == [0, 0, 0]


@pytest.mark.parametrize("op", ["max_pool1d", "max_pool2d", "adaptive_max_pool2d"])
@settings(max_examples=40, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**31))
def test_the_winners_of_a_layer_are_those_of_its_cells(op: str, data: st.DataObject, seed: int) -> None:
    torch.manual_seed(seed)
    function, shape = data.draw(CASES[op])
    record = run(function, shape, op)
    places = record.operation.winners(record)
    assert places.shape == (*record.shape, len(record.shape) - 1)
    for index in np.ndindex(*record.shape):
        winner = record.operation.explain(record, index).extra["winner_index"]
        assert winner is None or winner[1:] == places[index].tolist()


X = [[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]
X5 = [[1, 2, 3, 0, 1], [0, 1, 2, 3, 0], [3, 0, 1, 2, 3], [2, 3, 0, 1, 2], [1, 2, 3, 0, 1]]
K = [[2, 0, 1], [0, 1, 2], [1, 0, 2]]
DUMOULIN = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
DUMOULIN_K = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]


@pytest.mark.parametrize(
    ("picture", "kernel", "bias", "options", "expected"),
    [
        (X, K, None, {}, [[15, 16], [6, 15]]),
        (X, K, 3.0, {}, [[18, 19], [9, 18]]),
        (X, K, None, {"padding": 1}, [[7, 12, 10, 2], [4, 15, 16, 10], [10, 6, 15, 6], [8, 10, 4, 3]]),
        (X5, K, None, {"stride": 2}, [[15, 17], [17, 15]]),
        (DUMOULIN, DUMOULIN_K, None, {}, [[12, 12, 17], [10, 17, 19], [9, 6, 14]]),
        (DUMOULIN, DUMOULIN_K, None, {"stride": 2, "padding": 1}, [[6, 17, 3], [8, 17, 13], [6, 4, 4]]),
    ],
)
def test_the_course_s_convolutions_come_out_exactly(
    picture: Any, kernel: Any, bias: float | None, options: dict[str, int], expected: Any
) -> None:
    weight = torch.tensor(kernel, dtype=torch.float32)[None, None]
    shift = None if bias is None else torch.tensor([bias])
    record = run(lambda x: F.conv2d(torch.tensor([[picture]]).float(), weight, shift, **options), (1,), "conv2d")
    assert record.operation.by_hand(record)[0].tolist() == expected
    assert record.result[0].tolist() == expected


def test_the_course_s_max_pooling_comes_out_exactly() -> None:
    record = run(lambda x: F.max_pool2d(torch.tensor([[DUMOULIN]]).float(), 3, 1), (1,), "max_pool2d")
    assert record.operation.by_hand(record)[0].tolist() == [[3, 3, 3], [3, 3, 3], [3, 2, 3]]


@pytest.mark.parametrize(
    ("logits", "expected"), [((1.2, 4.0, 0.2), (0.056, 0.923, 0.021)), ((3, 1, -1), (0.867, 0.117, 0.016))]
)
def test_the_course_s_softmax_comes_out(logits: tuple[float, ...], expected: tuple[float, ...]) -> None:
    trace = engine.trace(Call(lambda x: F.softmax(x, -1)), torch.tensor([logits], dtype=torch.float32))
    shown = [round(engine.explain(trace, "softmax", (i,)).result, 3) for i in range(3)]
    assert shown == list(expected)


def test_softmax_of_large_logits_does_not_overflow() -> None:
    trace = engine.trace(Call(lambda x: F.softmax(x, -1)), torch.tensor([[123.0, 456.0, 789.0]]))
    assert engine.explain(trace, "softmax", (2,)).result == 1.0
