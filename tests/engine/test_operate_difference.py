"""Difference quotients and partial derivatives of the labs: f is torch's, the quotient is its difference, rounding shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from cases_of_curves import SETTINGS
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from test_operate import assert_its_code_gives_it
from test_operate_curves import plainly

from engine.operate import OperationError, operate
from engine.operate.difference import FUNCTIONS, OF

POINTS = st.floats(-8, 8)
STEPS = st.floats(1e-6, 2)
SCHEMES = st.sampled_from(["forward", "backward", "central"])
MORE = {
    "step": {"at_zero": st.sampled_from([0.0, 0.5, 1.0])},
    "prelu": {"weight": st.floats(-1, 2)},
    "glu": {"b": st.floats(-5, 5)},
}


def difference(f: Any, x: Any, h: Any, scheme: str) -> Any:
    """The definition."""
    upper, lower = {"forward": (1, 0), "backward": (0, 1), "central": (1, 1)}[scheme]
    return (f(x + upper * h) - f(x - lower * h)) / ((upper + lower) * h)


def near(found: Any, wanted: Any, h: Any) -> None:
    """Equal but for a rounding of f, which a small h makes large."""
    np.testing.assert_allclose(np.asarray(found), np.asarray(wanted), rtol=1e-9, atol=float(np.min(1e-13 / np.asarray(h))))


@settings(max_examples=60, deadline=None)
@given(coefficients=st.lists(st.floats(-5, 5), min_size=1, max_size=6), x=POINTS, h=STEPS, scheme=SCHEMES)
def test_of_a_polynomial(coefficients: list[float], x: float, h: float, scheme: str) -> None:
    found = operate("difference_quotient", {"input": x, "h": h, "scheme": scheme, "coefficients": coefficients})
    f, slope = np.poly1d(coefficients), np.poly1d(coefficients).deriv()
    scale = float(np.poly1d(np.abs(coefficients))(abs(x) + h)) + 1
    assert float(found.output) == pytest.approx(difference(f, x, h, scheme), rel=1e-9, abs=1e-14 * scale / h)
    assert float(found.more["derivative"]) == pytest.approx(slope(x), rel=1e-9, abs=1e-12 * scale)
    assert_its_code_gives_it(found)


@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name != "polynomial"])
@settings(max_examples=20, deadline=None)
@given(data=st.data(), x=POINTS, h=STEPS, scheme=SCHEMES)
def test_of_every_activation(function: str, data: st.DataObject, x: float, h: float, scheme: str) -> None:
    options = {key: data.draw(values) for key, values in (SETTINGS | MORE).get(function, {}).items()}
    request = {"input": x, "h": h, "scheme": scheme, "function": function, **options}

    def f(at: float) -> float:
        value = torch.tensor(at, dtype=torch.float64)
        return float(
            value * torch.sigmoid(torch.tensor(options["b"], dtype=torch.float64))
            if function == "glu"
            else plainly(function, value, options)
        )

    found = operate("difference_quotient", request)
    near(found.output, difference(f, x, h, scheme), h)
    assert_its_code_gives_it(found)
    wanted = operate(
        function, {"input": [x, options["b"]] if function == "glu" else [x], **{k: v for k, v in options.items() if k != "b"}}
    )
    assert float(found.more["derivative"]) == pytest.approx(float(wanted.more["derivative"][0]), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("at_zero", [0, 0.25, 1])
def test_the_step_s_height_at_zero_counts(at_zero: float) -> None:
    """Forward from zero the quotient is what is left of the jump, over h."""
    found = operate("difference_quotient", {"input": 0, "h": 0.5, "function": "step", "at_zero": at_zero})
    assert float(found.output) == (1 - at_zero) / 0.5 and float(found.more["values"]["x"]) == at_zero


def test_every_function_s_settings_are_asked_of_it() -> None:
    for name, curve in OF.items():
        for field in curve.fields:
            if field.name not in ("training", "seed", "weight"):
                with pytest.raises(OperationError) as refusal:
                    operate("difference_quotient", {"input": 1, "function": name, field.name: "?"})
                assert refusal.value.parameter == field.name and field.name in refusal.value.zh


@settings(max_examples=40, deadline=None)
@given(x=st.lists(POINTS, min_size=1, max_size=4), h=STEPS)
def test_several_points_or_several_steps(x: list[float], h: float) -> None:
    one = [float(operate("difference_quotient", {"input": point, "h": h}).output) for point in x]
    assert operate("difference_quotient", {"input": x, "h": h}).output.tolist() == one
    assert operate("difference_quotient", {"input": x, "h": [h] * len(x)}).output.tolist() == one
    steps = operate("difference_quotient", {"input": x[0], "h": [h, h / 2]})
    assert steps.output[0] == one[0] and steps.more["derivative"].shape == (2,)


def test_truncation_falls_with_the_step_and_rounding_grows() -> None:
    """Forward: the error is h f'' / 2, then eps / h; central: h^2 f''' / 6."""
    found = operate("difference_quotient", {"input": 1, "function": "tanh"}, ["errors"]).more["errors"]
    h = found["h"]
    at = {size: int(np.argmin(abs(h - size))) for size in (1e-1, 1e-2, 1e-4, 1e-12, 1e-16)}
    for dtype in ("float64", "float32"):
        forward, central = (np.asarray(found[dtype][scheme]) for scheme in ("forward", "central"))
        assert forward[at[1e-1]] / forward[at[1e-2]] == pytest.approx(10, rel=0.2)
        assert central[at[1e-1]] / central[at[1e-2]] == pytest.approx(100, rel=0.2)
        assert forward[at[1e-16]] == pytest.approx(1 / np.cosh(1) ** 2)  # x + h is x: the whole derivative is lost
        assert forward.min() < forward[0] / 1000 and h[forward.argmin()] == pytest.approx(
            found[dtype]["best"]["forward"], rel=50
        )
    exact, short = (np.asarray(found[dtype]["forward"]) for dtype in ("float64", "float32"))
    assert exact[at[1e-4]] < short[at[1e-4]] and 1e-6 < exact[at[1e-12]] < 1e-2


def test_a_step_that_is_lost_is_told() -> None:
    for dtype, h in (("float32", 1e-8), ("float64", 1e-16)):
        found = operate("difference_quotient", {"input": 1, "h": h, "dtype": dtype})
        assert found.output == 0 and [note["code"] for note in found.notes] == ["step-lost"]
    assert operate("difference_quotient", {"input": 1, "h": 1e-8}).notes == []
    assert operate("partial_derivatives", {"input": [1, 2, 3], "h": 1e-30}).notes[0]["code"] == "step-lost"


def test_at_a_corner_every_quotient_says_something_else() -> None:
    for scheme, wanted in (("forward", 1), ("backward", 0), ("central", 0.5)):
        found = operate("difference_quotient", {"input": 0, "function": "relu", "scheme": scheme})
        assert found.output == wanted and found.more["derivative"] == 0  # torch's choice


@settings(max_examples=80, deadline=None)
@given(data=st.data(), count=st.integers(1, 4), h=st.floats(1e-5, 0.1), scheme=SCHEMES)
def test_partial_derivatives(data: st.DataObject, count: int, h: float, scheme: str) -> None:
    rows = st.tuples(st.floats(-4, 4), *[st.integers(0, 4)] * count).map(list)
    terms = data.draw(st.lists(rows, min_size=1, max_size=5))
    point = data.draw(arrays(np.float64, count, elements=st.floats(-3, 3)))

    def f(x: Any) -> Any:
        return sum(row[0] * torch.prod(x ** torch.tensor(row[1:])) for row in terms)

    found = operate("partial_derivatives", {"input": point.tolist(), "terms": terms, "h": h, "scheme": scheme})
    moved = [torch.from_numpy(h * np.eye(count)[i]) for i in range(count)]
    x = torch.from_numpy(point)
    upper, lower = {"forward": (1, 0), "backward": (0, 1), "central": (1, 1)}[scheme]
    wanted = [float(f(x + upper * by) - f(x - lower * by)) / ((upper + lower) * h) for by in moved]
    np.testing.assert_allclose(found.output, wanted, rtol=1e-8, atol=1e-9 / h)
    slope = torch.autograd.functional.jacobian(f, x)
    for told in (found.more["autograd"], [each["value"] for each in found.more["formulas"]]):
        np.testing.assert_allclose(told, slope, rtol=1e-9, atol=1e-9)
    assume(found.output.numel() > 0)
    assert_its_code_gives_it(found)


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"h": 0}, "h", "from 1e-30 to 100"),
    ({"h": -0.1}, "h", "from 1e-30 to 100"),
    ({"h": "NaN"}, "h", "from 1e-30 to 100"),
    ({"h": "small"}, "h", "from 1e-30 to 100"),
    ({"input": [1, 2], "h": [0.1, 0.1, 0.1]}, "h", "2, one for each point"),
    ({"input": [[1]]}, "input", "0 or 1"),
    ({"scheme": "left"}, "scheme", "central"),
    ({"function": "x**2"}, "function", "polynomial"),
    ({"function": "relu", "alpha": 1}, "alpha", "relu has no alpha"),
    ({"function": "elu", "alpha": 0}, "alpha", "above 0"),
    ({"function": "hardtanh", "min_val": 2}, "max_val", "from min_val, 2, up"),
    ({"coefficients": []}, "coefficients", "1 to 10"),
    ({"coefficients": [1] * 11}, "coefficients", "1 to 10"),
    ({"coefficients": ["Infinity"]}, "coefficients", "finite"),
]


@pytest.mark.parametrize(("changes", "parameter", "legal"), REFUSED)
def test_what_is_refused_says_what_would_be_right(changes: dict[str, Any], parameter: str, legal: str) -> None:
    refused("difference_quotient", {"input": 1, **changes}, parameter, legal)


@pytest.mark.parametrize(
    ("changes", "parameter", "legal"),
    [
        ({"input": [1, 2]}, "input", "3 numbers, one for each variable"),
        ({"terms": [[1, 2.5, 0, 0]]}, "terms", "power from 0 to 9"),
        ({"terms": [[1, -1, 0, 0]]}, "terms", "power from 0 to 9"),
        ({"terms": [[1]]}, "terms", "per variable"),
        ({"terms": [[1, 1, 0, 0]] * 13}, "terms", "at most 12"),
        ({"terms": [["NaN", 1, 0, 0]]}, "terms", "finite"),
        ({"h": [0.1]}, "h", "from 1e-30 to 100"),
    ],
)
def test_what_is_refused_of_several_variables(changes: dict[str, Any], parameter: str, legal: str) -> None:
    refused("partial_derivatives", {"input": [1, 2, 3], **changes}, parameter, legal)


def refused(op: str, request: dict[str, Any], parameter: str, legal: str) -> None:
    with pytest.raises(OperationError) as refusal:
        operate(op, request)
    assert refusal.value.parameter == parameter and parameter in refusal.value.message
    assert legal in refusal.value.legal and parameter in refusal.value.zh
