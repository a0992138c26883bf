"""Normalisations and dropout of the labs equal torch's over random shapes and settings; their statistics are numpy's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from test_operate import assert_its_code_gives_it

from engine.operate import Operated, OperationError, operate

NUMBERS = st.floats(-100, 100, width=32)
X = np.arange(32.0).reshape(2, 4, 2, 2) ** 2 % 7


def tensors(draw: st.DrawFn, shape: tuple[int, ...], elements: st.SearchStrategy[float] = NUMBERS) -> torch.Tensor:
    return torch.from_numpy(draw(arrays(np.float64, shape, elements=elements)))


@st.composite
def cases(draw: st.DrawFn, op: str) -> tuple[dict[str, Any], torch.Tensor]:
    """A request and what torch makes of it."""
    n, c, h, w = (draw(st.integers(low, high)) for low, high in ((1, 3), (1, 5), (1, 3), (2, 3)))
    x = tensors(draw, (n, c, h, w))
    request: dict[str, Any] = {"input": x.tolist()}
    eps = request["eps"] = draw(st.sampled_from([1e-5, 1e-2, 1.0]))
    affine: list[torch.Tensor | None] = [None, None]
    shape = (c, h, w)[draw(st.integers(0, 2)) :] if op == "layer_norm" else (c,)
    if draw(st.booleans()) and op != "local_response_norm":
        affine = [tensors(draw, shape), tensors(draw, shape)]
        request |= {"weight": affine[0].tolist(), "bias": affine[1].tolist()}
    if op == "batch_norm":
        training, momentum = draw(st.booleans()), draw(st.sampled_from([0.0, 0.1, 1.0]))
        mean, variance = tensors(draw, (c,)), tensors(draw, (c,), st.floats(0, 100, width=32))
        request |= {"training": training, "momentum": momentum, "running_mean": mean.tolist(), "running_var": variance.tolist()}
        return request, F.batch_norm(x, mean, variance, *affine, training, momentum, eps)
    if op == "layer_norm":
        request["normalized_shape"] = list(shape)
        return request, F.layer_norm(x, shape, *affine, eps)
    if op == "instance_norm":
        return request, F.instance_norm(x, None, None, *affine, eps=eps)
    if op == "group_norm":
        request["num_groups"] = draw(st.sampled_from([g for g in range(1, c + 1) if c % g == 0]))
        return request, F.group_norm(x, request["num_groups"], *affine, eps)
    del request["eps"]
    request |= {"size": draw(st.integers(1, 7)), "alpha": draw(st.sampled_from([0, 1e-4, 1])), "beta": 0.75, "k": 2}
    return request, F.local_response_norm(x, request["size"], request["alpha"], 0.75, 2)


NORMS = ["batch_norm", "layer_norm", "instance_norm", "group_norm", "local_response_norm"]


@pytest.mark.parametrize("op", NORMS)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_every_normalisation_is_torch_s(op: str, data: st.DataObject) -> None:
    request, expected = data.draw(cases(op))
    found = operate(op, request)
    torch.testing.assert_close(found.output, expected, rtol=1e-6, atol=1e-6)
    assert_its_code_gives_it(found)
    index = tuple(data.draw(st.integers(0, side - 1)) for side in expected.shape)
    explanation = found.explanation(index)
    assert explanation.result == pytest.approx(float(expected[index]), rel=1e-6, abs=1e-6)
    assert_the_statistics_make_it(found, request, index)


def assert_the_statistics_make_it(found: Operated, request: dict[str, Any], index: tuple[int, ...]) -> None:
    """What is told as shared gives the number, and is what the window's cells come to."""
    told, extra = found.more["statistics"], found.explanation(index).extra
    (window,) = found.steps(int(np.ravel_multi_index(index, found.output.shape)), 1)[0].window
    values = np.array(request["input"])
    if len(window["start"]) < values.ndim:
        values = values[0]  # a record leaves the batch of one out
    cells = values[tuple(slice(start, stop) for start, stop in zip(window["start"], window["stop"], strict=True))]
    if found.op == "local_response_norm":
        assert float(told["squares"][index]) == pytest.approx(float((cells**2).sum()), abs=1e-9)
        assert extra["divisor"] == pytest.approx(float(told["divisor"][index]))
        return
    mean, variance = (float(torch.broadcast_to(told[key], found.output.shape)[index]) for key in ("mean", "variance"))
    assert (extra["mean"], extra["variance"]) == (pytest.approx(mean, abs=1e-9), pytest.approx(variance, abs=1e-9))
    if request.get("training", True):
        assert told["count"] == cells.size
        assert mean == pytest.approx(float(cells.mean()), abs=1e-9)
        assert variance == pytest.approx(float(cells.var()), rel=1e-9, abs=1e-9)
    y = extra["gamma"] * (np.array(request["input"])[index] - mean) / np.sqrt(variance + extra["eps"]) + extra["beta"]
    assert float(found.output[index]) == pytest.approx(float(y), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("op", NORMS)
def test_three_axes_are_one_sample(op: str) -> None:
    one, four = operate(op, {"input": X[0].tolist()} | needs(op)), operate(op, {"input": X[:1].tolist()} | needs(op))
    assert one.output.shape == (4, 2, 2) and four.output.shape == (1, 4, 2, 2)
    torch.testing.assert_close(one.output, four.output[0], rtol=0, atol=0)
    assert one.explanation((3, 1, 1)).result == four.explanation((0, 3, 1, 1)).result
    for key in ("mean", "variance"):
        if key in one.more["statistics"]:
            assert torch.equal(one.more["statistics"][key], four.more["statistics"][key][0])


def needs(op: str) -> dict[str, Any]:
    return {"group_norm": {"num_groups": 2}, "local_response_norm": {"alpha": 1}}.get(op, {})


def test_one_group_is_layer_and_a_group_per_channel_is_instance_normalisation() -> None:
    request = {"input": X.tolist()}
    whole, single = operate("group_norm", {**request, "num_groups": 1}), operate("group_norm", {**request, "num_groups": 4})
    torch.testing.assert_close(whole.output, operate("layer_norm", request).output)
    torch.testing.assert_close(single.output, operate("instance_norm", request).output)


def test_training_moves_the_running_statistics_as_torch_does() -> None:
    request = {"input": X.tolist(), "running_mean": [0, 1, 2, 3], "running_var": [1, 1, 2, 2], "momentum": 0.25}
    found = operate("batch_norm", request)
    layer = torch.nn.BatchNorm2d(4, momentum=0.25, affine=False).double()
    layer.running_mean, layer.running_var = torch.tensor([0.0, 1, 2, 3]).double(), torch.tensor([1.0, 1, 2, 2]).double()
    torch.testing.assert_close(found.output, layer(torch.from_numpy(X)), rtol=0, atol=0)
    torch.testing.assert_close(found.more["running"]["mean"], layer.running_mean)
    torch.testing.assert_close(found.more["running"]["variance"], layer.running_var)
    assert "running_mean = torch.tensor([0., 1., 2., 3.]" in found.code  # as given, not as left behind
    again = operate("batch_norm", {**request, "training": False}, ["gradients"])
    assert set(again.more["gradients"]) == {"input"} and "running" not in again.more


@settings(max_examples=60, deadline=None)
@given(data=st.data(), p=st.sampled_from([0, 0.2, 0.5, 0.9, 1]), seed=st.integers(0, 2**31 - 101), training=st.booleans())
def test_dropout_is_torch_s_with_that_seed(data: st.DataObject, p: float, seed: int, training: bool) -> None:
    x = torch.from_numpy(data.draw(arrays(np.float64, st.lists(st.integers(1, 4), min_size=1, max_size=4), elements=NUMBERS)))
    found = operate("dropout", {"input": x.tolist(), "p": p, "seed": seed, "training": training}, ["masks"])
    torch.manual_seed(seed)
    torch.testing.assert_close(found.output, F.dropout(x, p, training), rtol=0, atol=0)
    torch.testing.assert_close(found.output, x * found.more["mask"] * found.more["scale"])
    assert_its_code_gives_it(found)
    assert found.more["masks"].shape == (100, *x.shape) and torch.equal(found.more["masks"][0], found.more["mask"])
    torch.manual_seed(seed + 99)
    assert torch.equal(found.more["masks"][99], (F.dropout(torch.ones_like(x), p, training) != 0).long())


def test_keeping_four_fifths_scales_by_one_and_a_quarter_and_keeps_the_mean() -> None:
    request = {"input": [[1, 2], [3, 4]], "p": 0.2, "seed": 0, "masks": 512}
    found = operate("dropout", request, ["masks"])
    assert found.more["scale"] == pytest.approx(1.25, abs=1e-12)
    mean = (found.more["masks"].double() * torch.tensor(request["input"]) * found.more["scale"]).mean(dim=0)
    torch.testing.assert_close(mean, torch.tensor(request["input"]).double(), rtol=0.1, atol=0)
    still = operate("dropout", {**request, "training": False})
    assert still.more["scale"] == 1 and still.more["mask"].min() == 1 and still.output.tolist() == request["input"]


def test_seeds_are_kept_apart_and_leave_the_generator_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    request = {"input": X.tolist(), "p": 0.5}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda seed: operate("dropout", {**request, "seed": seed % 4}).output, range(64)))
    assert all(torch.equal(output, found[i % 4]) for i, output in enumerate(found))
    assert not torch.equal(found[0], found[1])
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize(
    ("op", "changes", "parameter", "sentence"),
    [
        ("batch_norm", {"training": False}, "running_mean", "one number per channel, 4, with training false"),
        ("batch_norm", {"running_mean": [0, 0, 0, 0]}, "running_var", "together with running_mean"),
        ("batch_norm", {"running_mean": 0, "running_var": [1, 1, -1, 1]}, "running_var", "never negative"),
        ("batch_norm", {"weight": [1, 2]}, "weight", "one number per channel, 4"),
        ("batch_norm", {"eps": 0}, "eps", "above 0"),
        ("batch_norm", {"momentum": 2}, "momentum", "from 0 to 1"),
        ("batch_norm", {"input": [[1, 2, 3]]}, "input", "at least two numbers in each channel"),
        ("instance_norm", {"input": [[[1]], [[2]]]}, "input", "at least two numbers"),
        ("layer_norm", {"normalized_shape": [3]}, "normalized_shape", "[4, 2, 2], [2, 2], [2]"),
        ("layer_norm", {"normalized_shape": [2, 4, 2, 2]}, "normalized_shape", "the sizes of the last axes"),
        ("layer_norm", {"weight": [1, 2]}, "weight", "4 x 2 x 2"),
        ("group_norm", {"num_groups": 3}, "num_groups", "divides the 4 channels"),
        ("group_norm", {"num_groups": 2, "input": [[1, 2]]}, "input", "at least two numbers in each group"),
        ("local_response_norm", {"size": 0}, "size", "from 1 to 64"),
        ("dropout", {"p": 1.5}, "p", "from 0 to 1"),
        ("dropout", {"seed": -1}, "seed", "from 0 to 2147483647"),
    ],
)
def test_what_is_wrong_is_named(op: str, changes: dict[str, Any], parameter: str, sentence: str) -> None:
    with pytest.raises(OperationError) as refusal:
        operate(op, {"input": X.tolist(), **changes})
    assert refusal.value.parameter == parameter and sentence in refusal.value.message, refusal.value.message


def test_a_constant_channel_and_what_is_no_number_are_seen() -> None:
    assert operate("instance_norm", {"input": [[[2, 2]], [[1, 3]]]}).output[0].tolist() == [[0, 0]]
    spoilt = operate("layer_norm", {"input": [[1, "NaN"], [1, 2]]}).output
    assert spoilt[0].isnan().all() and spoilt[1].isfinite().all()
    zero = operate("local_response_norm", {"input": [[[0.0, 1.0]]], "k": 0, "alpha": 1, "size": 1})
    assert zero.output[0, 0, 0].isnan() and zero.output[0, 0, 1] == 1
