"""Grey and levels equal plain arithmetic; the symmetric convolution equals scipy's, with the filters of the page and others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from kernels_of_lab import Floats, presets
from scipy.signal import convolve2d

from engine.operate import OperationError, operate


def same_as_scipy(picture: Floats, kernel: Floats) -> None:
    request = {
        "input": picture.tolist(),
        "kernel": kernel.tolist(),
        "padding": "same",
        "padding_mode": "symmetric",
        "flip": True,
    }
    found = operate("conv2d", request)
    expected = convolve2d(picture, kernel, boundary="symm", mode="same")
    assert found.output.shape == expected.shape
    np.testing.assert_allclose(found.output.numpy(), expected, rtol=1e-9, atol=1e-9 * max(1.0, np.abs(expected).max()))


@pytest.mark.parametrize("name, how, kernel", presets(), ids=lambda part: part if isinstance(part, str) else "")
@pytest.mark.parametrize("shape", [(24, 31), (64, 64), (5, 3)])
def test_every_filter_of_the_page_is_scipys_symmetric_convolution(
    name: str, how: dict[str, float], kernel: Floats, shape: tuple[int, int]
) -> None:
    picture = np.random.default_rng(3).integers(0, 256, shape).astype(np.float64)
    same_as_scipy(picture, kernel)


sides = st.integers(1, 7)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 20), st.integers(1, 20), sides, sides, st.integers(0, 2**32 - 1))
def test_random_kernels_odd_and_even_are_scipys(rows: int, columns: int, tall: int, wide: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    same_as_scipy(rng.normal(0, 100, (rows, columns)), rng.normal(0, 3, (tall, wide)))


def executed(code: str) -> torch.Tensor:
    scope: dict[str, Any] = {}
    exec(code, scope)
    return scope["output"]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32 - 1), st.booleans())
def test_grey_is_the_weighted_sum_of_the_planes(rows: int, columns: int, seed: int, own: bool) -> None:
    rng = np.random.default_rng(seed)
    planes = rng.integers(0, 256, (3, rows, columns)).astype(np.float64)
    weights = rng.normal(0, 1, 3) if own else np.array([0.299, 0.587, 0.114])
    found = operate("grey", {"input": planes.tolist(), **({"weights": weights.tolist()} if own else {})})
    np.testing.assert_allclose(found.output.numpy(), np.tensordot(weights, planes, 1), rtol=1e-12, atol=1e-9)
    assert torch.equal(executed(found.code), found.output)
    told = found.explanation((rows - 1, columns - 1))
    assert [term.value for term in told.terms] == planes[:, -1, -1].tolist()
    assert told.result == pytest.approx(float(found.output[-1, -1]), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 256),
    st.floats(-300, 300),
    st.floats(0.5, 500),
    st.integers(0, 2**32 - 1),
    st.sampled_from([(4, 5), (3, 2, 4)]),
)
def test_levels_are_the_nearest_of_evenly_spaced_ones(
    levels: int, low: float, span: float, seed: int, shape: tuple[int, ...]
) -> None:
    values = np.random.default_rng(seed).uniform(low - 0.3 * span, low + 1.3 * span, shape)
    found = operate("quantise", {"input": values.tolist(), "levels": levels, "low": low, "high": low + span})
    spaced = np.linspace(low, low + span, levels)
    nearest = np.abs(np.clip(values, low, low + span)[..., None] - spaced).min(-1)
    output = found.output.numpy()
    np.testing.assert_allclose(
        np.abs(np.clip(values, low, low + span) - output), nearest, rtol=0, atol=1e-9 * (1 + abs(low) + span)
    )
    np.testing.assert_allclose(spaced[found.more["codes"].numpy()], output, rtol=1e-9, atol=1e-9)
    assert 2 ** found.more["bits"] >= levels > 2 ** (found.more["bits"] - 1)
    assert torch.equal(executed(found.code), found.output)
    told = found.explanation((0,) * len(shape))
    assert told.result == pytest.approx(float(output[(0,) * len(shape)]), rel=1e-12, abs=1e-9)
    assert not told.extra.get("approximation")


def test_levels_of_a_byte() -> None:
    row = [0, 31, 32, 63, 64, 127, 128, 200, 255, 300, -5, float("inf")]
    assert operate("quantise", {"input": [row], "levels": 256}).output.tolist() == [[*row[:9], 255, 0, 255]]
    two = operate("quantise", {"input": [row], "levels": 2})
    assert two.output.tolist() == [[0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 255]]
    assert (two.more["bits"], two.more["step"], two.more["levels"]) == (1, 255.0, [0.0, 255.0])
    four = operate("quantise", {"input": [row], "levels": 4})
    assert four.output.tolist() == [[0, 0, 0, 85, 85, 85, 170, 170, 255, 255, 0, 255]]


@pytest.mark.parametrize(
    "op, request_, parameter",
    [
        ("grey", {"input": [[1, 2], [3, 4]]}, "input"),
        ("grey", {"input": [[[1]], [[2]]]}, "input"),
        ("grey", {"input": [[[1]], [[2]], [[3]]], "weights": [1, 2]}, "weights"),
        ("grey", {"input": [[[1]], [[2]], [[3]]], "weights": [1, 2, "nan"]}, "weights"),
        ("quantise", {"input": [[1]], "levels": 1}, "levels"),
        ("quantise", {"input": [[1]], "levels": 257}, "levels"),
        ("quantise", {"input": [[1]], "levels": 2.5}, "levels"),
        ("quantise", {"input": [[1]], "levels": 4, "low": 9, "high": 9}, "high"),
        ("quantise", {"input": [["nan"]], "levels": 4}, "input"),
        ("quantise", {"input": [[1]]}, "levels"),
    ],
)
def test_what_makes_no_sense_is_named(op: str, request_: dict[str, Any], parameter: str) -> None:
    with pytest.raises(OperationError) as refusal:
        operate(op, request_)
    assert refusal.value.parameter == parameter
    assert refusal.value.legal and parameter in str(refusal.value)


GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "lab" / "filters.json"


def golden_filters() -> dict[str, Any]:
    """What scipy makes of one small picture with every filter, for the page's own filters to be judged by in node."""
    picture = np.random.default_rng(5).integers(0, 256, (13, 17))
    cases = presets() + [(f"random_{n}", {}, np.random.default_rng(n).normal(0, 1, (n, 9 - n))) for n in range(1, 9)]
    told = [
        {
            "filter": name,
            **how,
            "kernel": kernel.tolist(),
            "output": np.round(convolve2d(picture, kernel, "same", "symm"), 6).tolist(),
        }
        for name, how, kernel in cases
    ]
    return {"picture": picture.tolist(), "cases": told}


def test_the_golden_filters_are_what_scipy_says(request: pytest.FixtureRequest) -> None:
    fresh = golden_filters()
    if request.config.getoption("--update", default=False):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(json.dumps(fresh) + "\n", encoding="utf-8")
    stored = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert stored["picture"] == fresh["picture"]
    for old, new in zip(stored["cases"], fresh["cases"], strict=True):
        assert {k: v for k, v in old.items() if k not in ("kernel", "output")} == {
            k: v for k, v in new.items() if k not in ("kernel", "output")
        }
        np.testing.assert_allclose(old["kernel"], new["kernel"], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(old["output"], new["output"], rtol=0, atol=2e-6)
