"""Activations, softmax and losses of the labs: torch's numbers for random ones, both forms of softmax, what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from cases_of_curves import SETTINGS
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from test_operate import assert_its_code_gives_it

from engine.operate import OperationError, fields_of, operate
from engine.operate.curves import CURVES

CLOSE = 1e-6
numbers = st.floats(-30, 30)
grids = st.lists(st.integers(1, 4), max_size=3).flatmap(lambda shape: arrays(np.float64, tuple(shape), elements=numbers))
rows = st.integers(1, 7).flatmap(lambda n: arrays(np.float64, (n,), elements=numbers))
units = st.floats(0.001, 0.999)
reductions = st.sampled_from(["mean", "sum", "none"])


def close(found: Any, wanted: Any) -> None:
    np.testing.assert_allclose(np.asarray(found), np.asarray(wanted), rtol=CLOSE, atol=CLOSE)


def plainly(name: str, x: torch.Tensor, options: dict[str, Any]) -> torch.Tensor:
    """The same by torch, called directly."""
    if name == "identity":
        return x
    if name == "step":
        return torch.heaviside(x, torch.tensor(options.get("at_zero", 0.0), dtype=x.dtype))
    if name == "sinc":
        return torch.where(x == 0, 1.0, torch.sin(x) / x)
    if name in ("sigmoid", "tanh"):
        return getattr(torch, name)(x)
    if name == "prelu":
        return torch.where(x > 0, x, options.get("weight", 0.25) * x)
    return getattr(F, name)(x, **({"threshold": 0.0, "value": 0.0} if name == "threshold" else {}) | options)


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
@settings(max_examples=30, deadline=None)
@given(data=st.data(), x=grids)
def test_every_activation_is_torch_s_and_its_line_and_derivative_hold(curve: Any, data: st.DataObject, x: Any) -> None:
    options = {key: data.draw(values) for key, values in SETTINGS.get(curve.name, {}).items()}
    found = operate(curve.name, {"input": x.tolist(), **options})
    close(found.output, plainly(curve.name, torch.from_numpy(x), options))
    assert_its_code_gives_it(found)
    assert found.more["derivative"].shape == x.shape
    line = eval(found.more["plain"], {"torch": torch, "x": torch.from_numpy(x)})
    close(line, found.output)
    step = 1e-6
    ahead, here, behind = (plainly(curve.name, torch.from_numpy(np.asarray(x + by)), options) for by in (step, 0, -step))
    sides = np.stack([np.asarray(ahead - here) / step, np.asarray(here - behind) / step])
    smooth = np.abs(sides[0] - sides[1]) < 1e-3  # at a corner every slope between the two sides is right
    difference = np.abs(sides.mean(0) - np.asarray(found.more["derivative"]))
    assert (difference[smooth] < 1e-3 * (1 + np.abs(sides[0][smooth]))).all()


def test_what_is_no_number_stays_in_its_own_cell() -> None:
    for curve in CURVES:
        found = operate(curve.name, {"input": [1.0, "NaN", 2.0]})
        if curve.name == "step":  # torch's own step says 0, so the answer has to say that it did
            assert found.output.tolist() == [1, 0, 1] and found.notes[0]["code"] == "nan-lost"
        else:
            assert torch.isnan(found.output).tolist() == [False, True, False], curve.name
        assert torch.isfinite(found.more["derivative"])[[0, 2]].all(), curve.name


@settings(max_examples=60, deadline=None)
@given(x=grids, ends=st.tuples(st.floats(-1, 2), st.floats(-1, 2)).map(sorted), seed=st.integers(0, 2**31 - 1))
def test_slopes_drawn_by_seed(x: Any, ends: list[float], seed: int) -> None:
    lower, upper = ends
    request = {"input": x.tolist(), "lower": lower, "upper": upper, "training": True, "seed": seed}
    before = torch.get_rng_state()
    found = operate("rrelu", request)
    assert torch.equal(before, torch.get_rng_state()), "chance outside is disturbed"
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        close(found.output, F.rrelu(torch.from_numpy(x), lower, upper, training=True))
    with torch.random.fork_rng():
        assert_its_code_gives_it(found)
    slope = found.more["derivative"]
    assert ((slope == 1) | ((slope >= lower - 1e-9) & (slope <= upper + 1e-9))).all()
    close(eval(found.more["plain"], {"torch": torch, "x": torch.from_numpy(x), "slope": slope}), found.output)
    assert torch.equal(operate("rrelu", request).output, found.output)
    close(operate("rrelu", request | {"training": False}).output, np.where(x > 0, x, x * (lower + upper) / 2))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), x=grids.filter(lambda x: x.ndim > 0))
def test_half_of_the_numbers_gate_the_other_half(data: st.DataObject, x: Any) -> None:
    dim = data.draw(st.integers(-x.ndim, x.ndim - 1))
    x = np.concatenate([x, data.draw(arrays(np.float64, x.shape, elements=numbers))], dim)
    found = operate("glu", {"input": x.tolist(), "dim": dim}, ["gradients"])
    leaf = torch.from_numpy(x).requires_grad_()
    wanted = F.glu(leaf, dim)
    close(found.output, wanted.detach())
    assert_its_code_gives_it(found)
    close(found.more["value"] * found.more["open"], found.output)
    close(found.more["derivative"], torch.autograd.grad(wanted.sum(), leaf)[0])
    close(found.more["gradients"]["input"], found.more["derivative"])
    close(eval(found.more["plain"], {"torch": torch, "x": torch.from_numpy(x)}), found.output)
    for index in np.ndindex(*found.output.shape):
        assert found.explanation(index).error < CLOSE


NOT_SERVED = {"MultiheadAttention"}  # a layer with parameters of its own; attention has its own pages
AS = {"LeakyReLU": "leaky_relu", "LogSigmoid": "logsigmoid", "Softmax2d": "softmax", "LogSoftmax": "log_softmax"}
NEEDS: dict[str, dict[str, Any]] = {"Threshold": {"threshold": 0.5, "value": -1.0}}
ALONG = {"Softmax": 1, "Softmin": 1, "LogSoftmax": 1, "GLU": 1, "Softmax2d": 0}  # the axis, in a picture of channels


def test_every_activation_of_torch_nn_is_served() -> None:
    x = torch.linspace(-7, 7, 4 * 3 * 2, dtype=torch.float64).reshape(4, 3, 2)[:, [2, 0, 1, 1]]
    for name in set(torch.nn.modules.activation.__all__) - NOT_SERVED:
        op, own = AS.get(name, name.lower()), NEEDS.get(name, {})
        dim = {"dim": ALONG[name]} if name in ALONG else {}
        layer = getattr(torch.nn, name)(**own, **({} if name == "Softmax2d" else dim)).double().eval()
        found = operate(op, {"input": x.tolist(), **({"weight": 0.25} if name == "PReLU" else {}), **own, **dim})
        close(found.output, layer(x).detach())
        defaults = {field.name: field.default for field in fields_of(op)}
        for setting, value in vars(layer).items():  # left out, a setting is torch's own
            if setting in defaults and setting not in ("training", *own, *dim):
                assert defaults[setting] == value, (name, setting)


def test_a_slope_for_every_channel() -> None:
    found = operate("prelu", {"input": [[-1, 2], [-4, -6]], "weight": [0.5, 0.25]})
    assert found.output.tolist() == [[-0.5, 2], [-1, -1.5]]
    assert found.more["derivative"].tolist() == [[0.5, 1], [0.25, 0.25]]


@settings(max_examples=60, deadline=None)
@given(x=grids.filter(lambda x: x.ndim > 0), temperature=st.floats(0.05, 50), data=st.data())
def test_softmax_along_any_axis_at_any_temperature(x: Any, temperature: float, data: st.DataObject) -> None:
    dim = data.draw(st.integers(-x.ndim, x.ndim - 1))
    found = operate("softmax", {"input": x.tolist(), "dim": dim, "temperature": temperature})
    close(found.output, torch.softmax(torch.from_numpy(x) / temperature, dim))
    assert_its_code_gives_it(found)
    stable = found.more["stable"]
    close(stable["exponentials"] / stable["denominator"].unsqueeze(dim), found.output)
    if x.ndim == 1:
        rows = torch.autograd.functional.jacobian(lambda z: torch.softmax(z / temperature, 0), torch.from_numpy(x))
        close(found.more["jacobian"], rows)
    close(operate("log_softmax", {"input": x.tolist(), "dim": dim}).output, torch.log_softmax(torch.from_numpy(x), dim))
    smallest = operate("softmin", {"input": x.tolist(), "dim": dim, "temperature": temperature})
    close(smallest.output, F.softmin(torch.from_numpy(x) / temperature, dim))
    assert_its_code_gives_it(smallest)
    close(smallest.more["stable"]["exponentials"] / smallest.more["stable"]["denominator"].unsqueeze(dim), smallest.output)
    if x.ndim == 1:
        rows = torch.autograd.functional.jacobian(lambda z: F.softmin(z / temperature, 0), torch.from_numpy(x))
        close(smallest.more["jacobian"], rows)


def test_the_naive_form_overflows_and_the_stable_one_does_not() -> None:
    for dtype, z in (("float64", [123, 456, 789]), ("float32", [12, 45, 89])):
        found = operate("softmax", {"input": z, "dtype": dtype})
        naive = found.more["naive"]
        assert naive["denominator"] == math.inf and naive["exponentials"][2] == math.inf
        assert torch.isnan(naive["output"][2]) and found.output.tolist()[2] == 1.0
        assert torch.isfinite(found.output).all() and found.output.dtype == getattr(torch, dtype)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), reduction=reductions)
@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"])
def test_losses_number_by_number(name: str, data: st.DataObject, reduction: str) -> None:
    x = data.draw(grids)
    target = data.draw(arrays(np.float64, x.shape, elements=numbers))
    more = {"smooth_l1_loss": {"beta": data.draw(st.floats(0, 3))}, "huber_loss": {"delta": data.draw(st.floats(0.1, 3))}}
    check_loss(name, x, target, reduction, more.get(name, {}))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), reduction=reductions)
def test_binary_losses(data: st.DataObject, reduction: str) -> None:
    x = data.draw(grids)
    target = data.draw(arrays(np.float64, x.shape, elements=st.floats(0, 1)))
    check_loss("binary_cross_entropy_with_logits", x, target, reduction, {})
    check_loss("binary_cross_entropy", data.draw(arrays(np.float64, x.shape, elements=units)), target, reduction, {})


def check_loss(name: str, x: Any, target: Any, reduction: str, more: dict[str, Any]) -> None:
    found = operate(name, {"input": x.tolist(), "target": target.tolist(), "reduction": reduction, **more})
    leaf = torch.from_numpy(x.copy()).requires_grad_()
    wanted = getattr(F, name)(leaf, torch.from_numpy(target), reduction=reduction, **more)
    close(found.output, wanted.detach())
    assert_its_code_gives_it(found)
    close(found.more["gradients"]["input"], torch.autograd.grad(wanted.sum(), leaf)[0])
    close(found.more["elements"], getattr(F, name)(leaf, torch.from_numpy(target), reduction="none", **more).detach())


@settings(max_examples=60, deadline=None)
@given(data=st.data(), reduction=reductions, smoothing=st.sampled_from([0.0, 0.1, 1.0]), several=st.booleans())
def test_cross_entropy_of_classes_and_of_probabilities(
    data: st.DataObject, reduction: str, smoothing: float, several: bool
) -> None:
    shape = (data.draw(st.integers(1, 4)), data.draw(st.integers(1, 6))) if several else (data.draw(st.integers(1, 6)),)
    x = data.draw(arrays(np.float64, shape, elements=numbers))
    if data.draw(st.booleans()):
        target = torch.from_numpy(data.draw(arrays(np.float64, shape, elements=st.floats(0, 1))))
    else:
        target = torch.from_numpy(data.draw(arrays(np.int64, shape[:-1], elements=st.integers(0, shape[-1] - 1))))
    request = {"input": x.tolist(), "target": target.tolist(), "reduction": reduction, "label_smoothing": smoothing}
    found = operate("cross_entropy", request)
    leaf = torch.from_numpy(x).requires_grad_()
    wanted = F.cross_entropy(leaf, target, reduction=reduction, label_smoothing=smoothing)
    close(found.output, wanted.detach())
    assert_its_code_gives_it(found)
    close(found.more["gradients"]["input"], torch.autograd.grad(wanted.sum(), leaf)[0])
    close(found.more["parts"].sum(-1), found.more["elements"])
    if not target.is_floating_point():
        logs = torch.log_softmax(leaf.detach(), -1)
        again = operate("nll_loss", {"input": logs.tolist(), "target": target.tolist(), "reduction": reduction})
        close(again.output, F.nll_loss(logs, target, reduction=reduction))


def test_linear_layers() -> None:
    found = operate("linear", {"input": [[1, 2], [3, 4]], "weight": [[1, 1], [1, -1]], "bias": [0, 10]})
    assert found.output.tolist() == [[3, 9], [7, 9]]
    assert operate("linear", {"input": [1, 1], "weight": [0.5, 0.5]}).output.tolist() == [1.0]


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("elu", {"input": [1], "alpha": 0}, "alpha", "above 0"),
    ("hardtanh", {"input": [1], "min_val": 2, "max_val": 1}, "max_val", "from min_val, 2, up"),
    ("rrelu", {"input": [1], "lower": 0.5, "upper": 0.25}, "upper", "from lower, 0.5, up"),
    ("rrelu", {"input": [1], "lower": "NaN"}, "lower", "a number"),
    ("rrelu", {"input": [1], "training": True, "seed": -1}, "seed", "whole number from 0"),
    ("glu", {"input": [1, 2, 3]}, "input", "an even number"),
    ("glu", {"input": [[1, 2]], "dim": 2}, "dim", "-2 to 1"),
    ("glu", {"input": 1}, "input", "1 or 2"),
    ("softmin", {"input": [1, 2], "dim": 3}, "dim", "-1 to 0"),
    ("prelu", {"input": [[1], [2]], "weight": [1, 2, 3]}, "weight", "one number, or 2"),
    ("softshrink", {"input": [1], "lambd": -1}, "lambd", "from 0"),
    ("gelu", {"input": [1], "approximate": "erf"}, "approximate", "tanh"),
    ("softmax", {"input": [1, 2], "dim": 1}, "dim", "-1 to 0"),
    ("softmax", {"input": [1, 2], "temperature": 0}, "temperature", "above 0"),
    ("cross_entropy", {"input": [1, 2], "target": 2}, "target", "from 0 to 1"),
    ("cross_entropy", {"input": [1, 2], "target": [0.5, 1.5]}, "target", "from 0 to 1"),
    ("cross_entropy", {"input": [[1, 2]], "target": 1}, "target", "one per row"),
    ("cross_entropy", {"input": [0.5, 1.5], "target": 0, "given": "probabilities"}, "input", "from 0 to 1"),
    ("nll_loss", {"input": [1, 2], "target": 0.5}, "target", "from 0 to 1"),
    ("binary_cross_entropy", {"input": [1.5], "target": [1]}, "input", "from 0 to 1"),
    ("binary_cross_entropy", {"input": ["NaN"], "target": [1]}, "input", "from 0 to 1"),
    ("mse_loss", {"input": [1, 2], "target": [1]}, "target", "shape, 2"),
    ("huber_loss", {"input": [1], "target": [1], "delta": 0}, "delta", "above 0"),
    ("linear", {"input": [1, 2], "weight": [[1, 2, 3]]}, "weight", "rows of 2"),
    ("linear", {"input": [1, 2], "weight": [[1, 2]], "bias": [1, 2]}, "bias", "one number per unit, 1"),
]


@pytest.mark.parametrize(("op", "request_", "parameter", "legal"), REFUSED)
def test_what_is_refused_says_what_would_be_right(op: str, request_: dict[str, Any], parameter: str, legal: str) -> None:
    with pytest.raises(OperationError) as refusal:
        operate(op, request_)
    assert refusal.value.parameter == parameter and parameter in refusal.value.message
    assert legal in refusal.value.legal and parameter in refusal.value.zh


@settings(max_examples=40, deadline=None)
@given(data=st.data(), rows=st.integers(1, 3), classes=st.integers(2, 6), reduction=reductions, single=st.booleans())
def test_cross_entropy_of_two_given_distributions(data: Any, rows: int, classes: int, reduction: str, single: bool) -> None:
    shape = (classes,) if single else (rows, classes)
    raw = data.draw(arrays(np.float64, shape, elements=units))
    p, t = (
        raw / raw.sum(-1, keepdims=True),
        data.draw(arrays(np.float64, shape, elements=st.floats(0, 1).map(lambda v: round(v, 2)))),
    )
    request = {"input": p.tolist(), "target": t.tolist(), "given": "probabilities", "reduction": reduction}
    found = operate("cross_entropy", request, ["difference"])
    logits = torch.from_numpy(np.log(p)).requires_grad_()  # softmax of them is p again
    wanted = F.cross_entropy(logits, torch.from_numpy(t), reduction=reduction)
    close(found.output, wanted.detach())
    close(found.more["parts"], -t * np.log(p))
    close(found.more["gradients"]["input"], -t / p / (rows if reduction == "mean" and not single else 1))
    assert_its_code_gives_it(found)


def test_a_class_that_is_not_meant_may_have_no_probability() -> None:
    request = {"input": [0.6, 0.4, 0], "target": [0.5, 0.5, 0], "given": "probabilities"}
    found = operate("cross_entropy", request, ["difference"])
    assert float(found.output) == pytest.approx(-0.5 * math.log(0.24)) and found.more["gradients"]["input"][2] == 0
    assert float(operate("cross_entropy", {**request, "target": [0.5, 0.4, 0.1]}).output) == math.inf
