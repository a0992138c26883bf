"""Pooling, unpooling, transposed convolution and interpolation of the labs equal torch's, whatever is asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from test_operate import assert_its_code_gives_it

from engine.operate import Operated, OperationError, operate

NUMBERS = st.floats(-100, 100, width=32)
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d}
Request = dict[str, Any]


def sizes(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


def pairs(low: int, high: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(sizes(low, high), sizes(low, high))


@st.composite
def pictures(draw: st.DrawFn) -> torch.Tensor:
    """(C, H, W), or (H, W)."""
    shape = draw(st.tuples(sizes(1, 3), sizes(1, 9), sizes(1, 9)))
    values = torch.from_numpy(draw(arrays(np.float64, shape, elements=NUMBERS)))
    return values[0] if shape[0] == 1 and draw(st.booleans()) else values


def same(found: Operated, wanted: torch.Tensor) -> None:
    assert found.output.shape == wanted.shape
    torch.testing.assert_close(found.output, wanted, rtol=1e-12, atol=1e-9)
    assert_its_code_gives_it(found)


def draw_explained(data: st.DataObject, found: Operated) -> None:
    """Any number of the output is the sum of the terms that are told."""
    index = data.draw(st.tuples(*(st.integers(0, n - 1) for n in found.output.shape)))
    if torch.isfinite(found.output).all():
        explanation = found.explanation(index)
        total = sum(term.product for term in explanation.terms) + (explanation.bias or 0.0)
        assert total == pytest.approx(float(found.output[index]), rel=1e-9, abs=1e-7)


def planes(x: torch.Tensor) -> torch.Tensor:
    """(C, H, W)."""
    return x if x.dim() == 3 else x[None]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_pooling_equals_torch(data: st.DataObject) -> None:
    x, kernel = data.draw(pictures()), data.draw(pairs(1, 4))
    padding = data.draw(st.tuples(*(sizes(0, k // 2) for k in kernel)))
    stride, ceil_mode = data.draw(st.none() | pairs(1, 4)), data.draw(st.booleans())
    maximum = data.draw(st.booleans())
    dilation = data.draw(pairs(1, 2)) if maximum else (1, 1)
    each = zip(planes(x).shape[1:], kernel, padding, dilation, strict=True)
    assume(all(n + 2 * p >= d * (k - 1) + 1 for n, k, p, d in each))
    request: Request = {"input": x.tolist(), "kernel_size": list(kernel), "padding": list(padding), "ceil_mode": ceil_mode}
    request |= {"stride": None if stride is None else list(stride)}
    if maximum:
        found = operate("max_pool2d", {**request, "dilation": list(dilation)})
        wanted, places = F.max_pool2d(planes(x), kernel, stride, padding, dilation, ceil_mode, return_indices=True)
        assert found.more["indices"].tolist() == (places[0] if x.dim() == 2 else places).tolist()
    else:
        counted = data.draw(st.booleans())
        found = operate("avg_pool2d", {**request, "count_include_pad": counted})
        wanted = F.avg_pool2d(planes(x), kernel, stride, padding, ceil_mode, counted)
    same(found, wanted[0] if x.dim() == 2 else wanted)
    assert [axis["output"] for axis in found.more["sizes"].values()] == list(wanted.shape[1:])
    draw_explained(data, found)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_pooling_of_series_equals_torch(data: st.DataObject) -> None:
    shape, kernel = data.draw(st.tuples(sizes(1, 3), sizes(1, 12))), data.draw(sizes(1, 4))
    x = torch.from_numpy(data.draw(arrays(np.float64, shape, elements=NUMBERS)))
    padding, stride, ceil_mode = data.draw(sizes(0, kernel // 2)), data.draw(st.none() | sizes(1, 4)), data.draw(st.booleans())
    maximum, plain = data.draw(st.booleans()), shape[0] == 1 and data.draw(st.booleans())
    dilation = data.draw(sizes(1, 2)) if maximum else 1
    assume(shape[1] + 2 * padding >= dilation * (kernel - 1) + 1)
    request: Request = {"input": (x[0] if plain else x).tolist(), "kernel_size": kernel, "padding": padding}
    request |= {"ceil_mode": ceil_mode, "stride": stride}
    if maximum:
        found = operate("max_pool1d", {**request, "dilation": dilation})
        wanted, places = F.max_pool1d(x, kernel, stride, padding, dilation, ceil_mode, return_indices=True)
        assert found.more["winners"].tolist() == (places[0] if plain else places).tolist()
    else:
        counted = data.draw(st.booleans())
        found = operate("avg_pool1d", {**request, "count_include_pad": counted})
        wanted = F.avg_pool1d(x, kernel, stride, padding, ceil_mode, counted)
    same(found, wanted[0] if plain else wanted)
    assert found.more["sizes"]["steps"]["output"] == wanted.shape[1]
    draw_explained(data, found)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_adaptive_pooling_equals_torch(data: st.DataObject) -> None:
    x, size = data.draw(pictures()), data.draw(pairs(1, 9))
    for op, function in {"adaptive_max_pool2d": F.adaptive_max_pool2d, "adaptive_avg_pool2d": F.adaptive_avg_pool2d}.items():
        found, wanted = operate(op, {"input": x.tolist(), "output_size": list(size)}), function(planes(x), size)
        same(found, wanted[0] if x.dim() == 2 else wanted)
        for (start, stop), row in zip(found.more["windows"]["rows"], range(size[0]), strict=True):
            cell = found.record.operation.window(found.record, (0, row, 0))[0]
            assert (cell["start"][1], cell["stop"][1]) == (start, stop)
        draw_explained(data, found)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_unpooling_equals_torch(data: st.DataObject) -> None:
    x, kernel, stride = data.draw(pictures()), data.draw(pairs(1, 3)), data.draw(pairs(1, 3))
    assume(all(n >= k for n, k in zip(planes(x).shape[1:], kernel, strict=True)))
    how = {"kernel_size": list(kernel), "stride": list(stride)}
    pooled, places = F.max_pool2d(planes(x)[None], kernel, stride, return_indices=True)
    wanted = F.max_unpool2d(pooled, places, kernel, stride, output_size=planes(x).shape[1:])[0]
    back = operate("max_unpool2d", {"input": x.tolist(), "pool_first": True, **how})
    same(back, wanted[0] if x.dim() == 2 else wanted)
    draw_explained(data, back)
    size = list(planes(x).shape[1:])
    request = {"input": pooled[0].tolist(), "indices": places[0].tolist(), "output_size": size, **how}
    legal = all(n > (m - 1) * s for n, m, s in zip(size, pooled.shape[2:], stride, strict=True))
    if legal:
        same(operate("max_unpool2d", request), wanted)
    corner = operate("max_unpool2d", {"input": x.tolist(), "pool_first": True, "places": "corner", **how})
    kept = planes(corner.output)[:, :: stride[0], :: stride[1]][:, : pooled.shape[2], : pooled.shape[3]]
    assert kept.tolist() == pooled[0].tolist()  # every value at the first cell of its window
    assert int((corner.output != 0).sum()) == int((pooled != 0).sum())


@pytest.mark.parametrize("dimensions", [1, 2])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_transposed_convolution_equals_torch(dimensions: int, data: st.DataObject) -> None:
    each = st.tuples(*[sizes(1, 5)] * dimensions)
    groups, per_group, shared = data.draw(sizes(1, 2)), data.draw(sizes(1, 2)), data.draw(sizes(1, 2))
    size, kernel, stride, dilation = data.draw(each), data.draw(each), data.draw(each), data.draw(each)
    padding = data.draw(st.tuples(*[sizes(0, 3)] * dimensions))
    more = tuple(data.draw(sizes(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    sides = zip(size, kernel, stride, padding, dilation, more, strict=True)
    assume(all((n - 1) * s - 2 * p + d * (k - 1) + o + 1 >= 1 for n, k, s, p, d, o in sides))
    x = torch.from_numpy(data.draw(arrays(np.float64, (groups * shared, *size), elements=NUMBERS)))
    weight = torch.from_numpy(data.draw(arrays(np.float64, (groups * shared, per_group, *kernel), elements=NUMBERS)))
    bias = torch.arange(groups * per_group, dtype=torch.float64) if data.draw(st.booleans()) else None
    request = {
        "input": x.tolist(),
        "kernel": weight.tolist(),
        "bias": None if bias is None else bias.tolist(),
        "groups": groups,
        **{
            name: list(value) if dimensions == 2 else value[0]
            for name, value in zip(HOW, (stride, padding, more, dilation), strict=True)
        },
    }
    found = operate(f"conv_transpose{dimensions}d", request)
    function: Any = TRANSPOSED[dimensions]
    same(found, function(x, weight, bias, stride, padding, more, groups, dilation))
    ones: Any = torch.ones(1, *size), torch.ones(1, 1, *kernel)
    assert torch.equal(found.more["coverage"].float(), function(*ones, None, stride, padding, more, 1, dilation)[0])
    draw_explained(data, found)


HOW = ("stride", "padding", "output_padding", "dilation")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_matrix_of_a_transposed_convolution_is_the_convolution_s_turned(data: st.DataObject) -> None:
    size, kernel = data.draw(pairs(1, 5)), data.draw(pairs(1, 3))
    stride, padding = data.draw(sizes(1, 2)), data.draw(sizes(0, 1))
    assume(all((n - 1) * stride - 2 * padding + k >= 1 for n, k in zip(size, kernel, strict=True)))
    groups, own, each = data.draw(sizes(1, 2)), data.draw(sizes(1, 2)), data.draw(sizes(1, 2))
    x = torch.from_numpy(data.draw(arrays(np.float64, (groups * own, *size), elements=NUMBERS)))
    weight = torch.from_numpy(data.draw(arrays(np.float64, (groups * own, each, *kernel), elements=NUMBERS)))
    bias = torch.arange(groups * each).double()
    how: Request = {"stride": stride, "padding": padding, "groups": groups}
    request = {"input": x.tolist(), "kernel": weight.tolist(), "bias": bias.tolist(), **how}
    found = operate("conv_transpose2d", request, ["matrix"])
    matrix, convolution = found.more["matrix"], found.more["convolution"]
    rest = found.output - bias[:, None, None]
    torch.testing.assert_close(matrix @ x.reshape(-1), rest.reshape(-1), rtol=1e-9, atol=1e-7)
    assert torch.equal(matrix.T, convolution)
    forward = operate("conv2d", {"input": found.output.tolist(), "kernel": weight.tolist(), **how}, ["matrix"])
    assert torch.equal(forward.more["matrix"], convolution)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_convolving_first_restores_the_size(data: st.DataObject) -> None:
    x, kernel = data.draw(pictures()), data.draw(pairs(1, 3))
    stride, padding, channels = data.draw(sizes(1, 3)), data.draw(sizes(0, 1)), planes(x).shape[0]
    assume(all(n + 2 * padding >= k for n, k in zip(planes(x).shape[1:], kernel, strict=True)))
    weight = torch.from_numpy(data.draw(arrays(np.float64, (2, channels, *kernel), elements=NUMBERS)))
    request = {"input": x.tolist(), "kernel": weight.tolist(), "stride": stride, "padding": padding, "convolve_first": True}
    found = operate("conv_transpose2d", request)
    assert planes(found.output).shape == planes(x).shape
    y = F.conv2d(planes(x), weight, None, stride, padding)
    assert torch.allclose(found.more["convolved"], y)
    left = [(n + 2 * padding - k) % stride for n, k in zip(planes(x).shape[1:], kernel, strict=True)]
    wanted = F.conv_transpose2d(y, weight, None, stride, padding, left)
    same(found, wanted[0] if x.dim() == 2 and channels == 1 else wanted)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_interpolation_equals_torch(data: st.DataObject) -> None:
    x, mode = data.draw(pictures()), data.draw(st.sampled_from(["nearest", "bilinear", "bicubic"]))
    aligned = data.draw(st.booleans()) if mode != "nearest" else None
    how: Request = {"size": list(data.draw(pairs(1, 15)))}
    if data.draw(st.booleans()):
        how = {"scale_factor": data.draw(st.sampled_from([1, 1.5, 2, 2.5, 3]))}
    found = operate("interpolate", {"input": x.tolist(), "mode": mode, "align_corners": bool(aligned), **how})
    wanted = F.interpolate(planes(x)[None], **how, mode=mode, align_corners=aligned)[0]
    same(found, wanted[0] if x.dim() == 2 else wanted)
    rows, columns = (matrix(found.more["axes"][axis]) for axis in ("rows", "columns"))
    assert torch.allclose(rows @ planes(x) @ columns.T, wanted, rtol=1e-9, atol=1e-7)
    draw_explained(data, found)


def matrix(axis: dict[str, Any]) -> torch.Tensor:
    """(output, input) weights as the answer tells them."""
    found = torch.zeros(axis["output"], axis["input"], dtype=torch.float64)
    for at, each in enumerate(axis["weights"]):
        found[at, each["cells"]] = torch.tensor(each["weights"], dtype=torch.float64)
    return found


X = [[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]
K = [[2, 0, 1], [0, 1, 2], [1, 0, 2]]

REFUSED: list[tuple[str, Request, str, str]] = [
    ("max_pool2d", {"input": X, "kernel_size": 3, "padding": 2}, "padding", "at most half the kernel, 1 rows"),
    ("max_pool2d", {"input": X, "kernel_size": 5}, "kernel_size", "at most 4 rows"),
    ("max_pool2d", {"input": X, "kernel_size": 3, "dilation": 2}, "kernel_size", "reaches over 5 rows"),
    ("avg_pool2d", {"input": X, "stride": 0}, "stride", "whole number from 1 to 64"),
    ("avg_pool2d", {"input": X, "dilation": 2}, "dilation", "has no field"),
    ("avg_pool2d", {"input": [X] * 9}, "input", "at most 8 channels"),
    ("adaptive_avg_pool2d", {"input": X, "output_size": 0}, "output_size", "from 1 to 64"),
    ("max_unpool2d", {"input": X}, "indices", "one whole number per value"),
    ("max_unpool2d", {"input": X, "indices": [[0]]}, "indices", "from 0 to 63 in the shape 1 x 4 x 4"),
    ("max_unpool2d", {"input": [[1]], "indices": [[4]]}, "indices", "from 0 to 3"),
    ("max_unpool2d", {"input": [[1]], "indices": [[0.5]]}, "indices", "whole numbers"),
    ("max_unpool2d", {"input": [[1]], "indices": [["NaN"]]}, "indices", "whole numbers"),
    ("max_unpool2d", {"input": [[1]], "places": "corner", "output_size": 4}, "output_size", "from 1 to 3 rows"),
    ("max_unpool2d", {"input": X, "pool_first": True, "output_size": 5}, "output_size", "the picture's own size [4, 4]"),
    ("conv_transpose2d", {"input": X, "kernel": K, "output_padding": 1}, "output_padding", "at most 0 rows"),
    ("conv_transpose2d", {"input": [[1]], "kernel": K, "padding": 2}, "padding", "at most 1 rows"),
    ("conv_transpose2d", {"input": [X, X], "kernel": [K]}, "kernel", "is for 1 channel(s), the input has 2"),
    ("conv_transpose2d", {"input": [X, X], "kernel": [K, K], "groups": 3}, "groups", "divides 2"),
    ("conv_transpose2d", {"input": X, "kernel": K, "bias": [1, 2]}, "bias", "one number per output channel, 1"),
    ("conv_transpose2d", {"input": [[1]], "kernel": K, "convolve_first": True}, "kernel", "reaches over 3 rows"),
    ("interpolate", {"input": X}, "size", "given, or scale_factor"),
    ("interpolate", {"input": X, "size": 8, "scale_factor": 2}, "size", "not both"),
    ("interpolate", {"input": X, "scale_factor": 0.1}, "scale_factor", "large enough"),
    ("interpolate", {"input": X, "size": 8, "align_corners": True}, "align_corners", "false with mode"),
]


@pytest.mark.parametrize(("op", "request_", "parameter", "sentence"), REFUSED)
def test_what_does_not_go_together_is_refused_by_name(op: str, request_: Request, parameter: str, sentence: str) -> None:
    with pytest.raises(OperationError) as refusal:
        operate(op, request_)
    assert refusal.value.parameter == parameter and refusal.value.legal
    assert sentence in refusal.value.message and parameter in refusal.value.zh


def test_the_matrix_of_a_round_trip_is_not_told() -> None:
    with pytest.raises(OperationError, match="convolve_first"):
        operate("conv_transpose2d", {"input": X, "kernel": K, "convolve_first": True}, ["matrix"])


def test_not_a_number_wins_a_maximum_and_spreads() -> None:
    assert torch.isnan(operate("max_pool2d", {"input": [[1, "NaN"], [3, 4]]}).output).all()
    spread = operate("conv_transpose2d", {"input": [[1, "inf"]], "kernel": [[1, 2]], "stride": 2})
    assert spread.output.tolist() == [[1, 2, torch.inf, torch.inf]]
