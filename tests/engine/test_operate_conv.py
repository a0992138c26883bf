"""Convolutions of the labs equal torch's, for every border, stride, dilation and group; flipped ones equal scipy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.signal import convolve, convolve2d
from test_operate import assert_its_code_gives_it

from engine.operate import OperationError, operate

BORDERS = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap", "symmetric": "symmetric"}
NUMBERS = st.floats(-100, 100, width=32)
CONVOLVE = {1: F.conv1d, 2: F.conv2d}


def sizes(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


@st.composite
def requests(draw: st.DrawFn, dimensions: int) -> dict[str, Any]:
    """Any legal request: channels, groups and all."""
    groups, per_group, shared = draw(sizes(1, 2)), draw(sizes(1, 2)), draw(sizes(1, 2))
    size, kernel = draw(st.tuples(*[sizes(1, 8)] * dimensions)), draw(st.tuples(*[sizes(1, 3)] * dimensions))
    stride, dilation = draw(st.tuples(*[sizes(1, 3)] * dimensions)), draw(st.tuples(*[sizes(1, 2)] * dimensions))
    mode = draw(st.sampled_from(sorted(BORDERS)))
    sides = draw(st.tuples(*[st.tuples(sizes(0, 2), sizes(0, 2))] * dimensions))
    most = {"reflect": -1, "circular": 0}.get(mode, 99)
    for n, k, d, side in zip(size, kernel, dilation, sides, strict=True):
        assume(max(side) <= n + most and n + sum(side) >= d * (k - 1) + 1)
    request = {
        "input": draw(arrays(np.float64, (groups * per_group, *size), elements=NUMBERS)).tolist(),
        "kernel": draw(arrays(np.float64, (groups * shared, per_group, *kernel), elements=NUMBERS)).tolist(),
        "bias": draw(st.none() | arrays(np.float64, (groups * shared,), elements=NUMBERS).map(np.ndarray.tolist)),
        "stride": list(stride) if dimensions == 2 else stride[0],
        "dilation": list(dilation) if dimensions == 2 else dilation[0],
        "padding": [list(side) for side in sides] if dimensions == 2 else list(sides[0]),
        "padding_mode": mode,
        "groups": groups,
        "flip": draw(st.booleans()),
    }
    return request


def by_torch(request: dict[str, Any], dimensions: int) -> torch.Tensor:
    """numpy pads, torch convolves."""
    sides = request["padding"] if dimensions == 2 else [request["padding"]]
    padded = np.pad(np.array(request["input"]), [(0, 0), *map(tuple, sides)], mode=BORDERS[request["padding_mode"]])
    kernel = np.array(request["kernel"])
    if request["flip"]:
        kernel = np.flip(kernel, tuple(range(2, 2 + dimensions))).copy()
    bias = None if request["bias"] is None else torch.tensor(request["bias"], dtype=torch.float64)
    options = {name: request[name] for name in ("stride", "dilation", "groups")}
    return CONVOLVE[dimensions](torch.from_numpy(padded)[None], torch.from_numpy(kernel), bias, **options)[0]


@pytest.mark.parametrize("dimensions", [1, 2])
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_every_convolution_is_torch_s(dimensions: int, data: st.DataObject) -> None:
    request = data.draw(requests(dimensions))
    found, expected = operate(f"conv{dimensions}d", request), by_torch(request, dimensions)
    assert found.output.shape == expected.shape
    torch.testing.assert_close(found.output, expected, rtol=1e-6, atol=1e-6)
    assert [axis["output"] for axis in found.more["sizes"].values()] == list(expected.shape[1:])
    assert_its_code_gives_it(found)
    index = tuple(data.draw(sizes(0, side - 1)) for side in expected.shape)
    assert found.explanation(index).result == pytest.approx(float(expected[index]), rel=1e-6, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), size=st.tuples(sizes(1, 9), sizes(1, 9)), kernel=st.sampled_from([1, 3, 5]))
def test_the_symmetric_border_is_scipy_s(data: st.DataObject, size: tuple[int, int], kernel: int) -> None:
    assume(min(size) >= kernel)
    picture = data.draw(arrays(np.float64, size, elements=NUMBERS))
    weights = data.draw(arrays(np.float64, (kernel, kernel), elements=NUMBERS))
    request = {"input": picture.tolist(), "kernel": weights.tolist(), "padding": "same", "padding_mode": "symmetric"}
    found = operate("conv2d", {**request, "flip": True})
    expected = convolve2d(picture, weights, mode="same", boundary="symm")
    np.testing.assert_allclose(found.output.numpy(), expected, rtol=1e-6, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), steps=sizes(1, 12), taps=sizes(1, 4))
def test_a_flipped_kernel_is_true_convolution_and_a_causal_one_sees_no_future(
    data: st.DataObject, steps: int, taps: int
) -> None:
    signal = data.draw(arrays(np.float64, (steps,), elements=NUMBERS))
    response = data.draw(arrays(np.float64, (taps,), elements=NUMBERS))
    request = {"input": signal.tolist(), "kernel": response.tolist(), "flip": True, "causal": True}
    found = operate("conv1d", request)
    np.testing.assert_allclose(found.output.numpy(), convolve(signal, response)[:steps], rtol=1e-6, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_products_of_matrices_are_the_convolution(data: st.DataObject) -> None:
    request = {**data.draw(requests(2)), "groups": 1, "bias": None}
    request["kernel"] = [[channel[0] for _ in request["input"]] for channel in request["kernel"]][:1]
    request["kernel"] = [[np.resize(kernel, (2, 2)).tolist() for kernel in request["kernel"][0]]]
    request |= {"padding": 1, "padding_mode": "zeros", "dilation": 1}
    found = operate("conv2d", request, ["im2col", "matrix"])
    form, flat = found.more["im2col"], found.output.reshape(-1)
    torch.testing.assert_close(form["weights"] @ form["columns"], form["product"])
    torch.testing.assert_close(form["product"].reshape(-1), flat, rtol=1e-6, atol=1e-6)
    if len(request["input"]) == 1:
        cells = torch.tensor(request["input"], dtype=torch.float64).reshape(-1)
        torch.testing.assert_close(found.more["matrix"] @ cells, flat, rtol=1e-6, atol=1e-6)


def test_weights_of_groups_are_blocks_along_the_diagonal() -> None:
    x, kernel = torch.arange(75.0).reshape(3, 5, 5).sin(), torch.arange(27.0).reshape(3, 1, 3, 3).cos()
    request = {"input": x.tolist(), "kernel": kernel.tolist(), "groups": 3, "stride": 2}
    form = operate("conv2d", request, ["im2col"]).more["im2col"]
    assert form["weights"].shape == (3, 27) and int(torch.count_nonzero(form["weights"])) == 27
    torch.testing.assert_close(form["product"].reshape(3, 2, 2), F.conv2d(x.double(), kernel.double(), stride=2, groups=3))


def test_the_transposed_sparse_matrix_is_the_transposed_convolution() -> None:
    grid, kernel = np.arange(16.0).reshape(4, 4), np.arange(1.0, 10).reshape(3, 3)
    matrix = operate("conv2d", {"input": grid.tolist(), "kernel": kernel.tolist()}, ["matrix"]).more["matrix"]
    assert matrix.shape == (4, 16) and int(torch.count_nonzero(matrix)) == 36
    back = F.conv_transpose2d(torch.ones(1, 1, 2, 2).double(), torch.from_numpy(kernel)[None, None])
    torch.testing.assert_close(matrix.T @ torch.ones(4).double(), back.reshape(-1))


def test_a_fraction_of_a_window_is_cut_off_and_told() -> None:
    found = operate(
        "conv2d", {"input": np.zeros((28, 31)).tolist(), "kernel": np.zeros((5, 5)).tolist(), "padding": 2, "stride": 3}
    )
    assert list(found.output.shape) == [10, 11]
    assert found.more["sizes"]["rows"] | {"exact": 10.0, "cut": 0} == found.more["sizes"]["rows"]
    found = operate("conv1d", {"input": [0.0] * 10, "kernel": [1, 1, 1], "stride": 2})
    assert found.more["sizes"]["steps"]["exact"] == 4.5 and found.more["sizes"]["steps"]["cut"] == 1
    (note,) = found.notes
    assert note["code"] == "cut-off" and note["axis"] == "steps" and "4.5" in note["text"]["en"] and "4.5" in note["text"]["zh"]


@pytest.mark.parametrize(
    ("changes", "parameter", "sentence"),
    [
        ({"stride": 0}, "stride", "stride must be a whole number from 1 to 64"),
        ({"kernel": np.ones((5, 5)).tolist()}, "kernel", "kernel reaches over 5 rows but the padded input has only 4"),
        ({"padding_mode": "reflect", "padding": 4}, "padding", "padding must be at most 3"),
        ({"padding_mode": "circular", "padding": 5}, "padding", "padding must be at most 4"),
        ({"padding": "same", "stride": 2}, "padding", "needs stride 1"),
        ({"groups": 2}, "groups", "divides the 1 input channels and the 1 kernels: 1; got 2"),
        ({"kernel": [[[[1]], [[1]]]]}, "kernel", "1 channel in each kernel"),
        ({"bias": [1, 2]}, "bias", "one number per kernel, 1"),
        ({"input": np.zeros((9, 4, 4)).tolist(), "kernel": np.zeros((9, 1, 1)).tolist()}, "input", "9 channels: at most 8"),
        ({"kernel": np.zeros((17, 1, 1, 1)).tolist()}, "kernel", "17 kernels: at most 16"),
        ({"input": np.zeros((4, 65)).tolist()}, "input", "at most 64 long"),
        (
            {
                "input": np.zeros((8, 64, 64)).tolist(),
                "kernel": np.zeros((8, 40, 40)).tolist(),
                "padding": 39,
            },
            "kernel",
            "at most 8,388,608",
        ),
    ],
)
def test_what_does_not_go_together_is_named(changes: dict[str, Any], parameter: str, sentence: str) -> None:
    request = {"input": np.zeros((4, 4)).tolist(), "kernel": [[1, 0], [0, 1]], **changes}
    with pytest.raises(OperationError) as refusal:
        operate("conv2d", request)
    assert refusal.value.parameter == parameter and sentence in refusal.value.message, refusal.value.message


@pytest.mark.parametrize(("kernel", "dilation"), [(3, 4), (3, 8), (2, 7), (7, 1), (9, 2), (8, 3)])
def test_what_is_said_to_be_legal_is_the_last_that_is(kernel: int, dilation: int) -> None:
    """A window too large for 6 steps: the range that the refusal names is taken to its end, and no further."""

    def ask(kernel: int, dilation: int) -> None:
        operate("conv1d", {"input": [0.0] * 6, "kernel": [1.0] * kernel, "dilation": dilation})

    with pytest.raises(OperationError) as refusal:
        ask(kernel, dilation)
    most = int(refusal.value.legal.split()[2])
    assert f"{most}" in refusal.value.zh
    asked = {"kernel": kernel, "dilation": dilation}
    ask(**{**asked, refusal.value.parameter: most})
    with pytest.raises(OperationError):
        ask(**{**asked, refusal.value.parameter: most + 1})


def test_a_causal_convolution_pads_by_itself() -> None:
    with pytest.raises(OperationError, match="padding must be left out with causal"):
        operate("conv1d", {"input": [1, 2, 3], "kernel": [1, 1], "causal": True, "padding": 1})
    found = operate(
        "conv1d", {"input": [1, 2, 3, 4], "kernel": [1, 10], "causal": True, "dilation": 2, "padding_mode": "replicate"}
    )
    assert found.output.tolist() == [11, 21, 31, 42] and found.more["padded"]["before"] == [2]
