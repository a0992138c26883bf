"""What all operations of the labs have in common: the output is torch's, the code gives it again, every field is checked."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import numpy as np
import pytest
import torch
from lab_examples import EXAMPLES

from engine.errors import IndexOutOfRange
from engine.operate import OPERATIONS, Operated, OperationError, UnknownOperation, fields_of, operate

NEVER = [{}, {"a": 1}, [[[[[1]]]]], [[1, 2], [3]], [[1], [[2]]], [1, [[2]]], [[1, 2], [[3], [4]]], 10**400]
SELDOM = [True, "x", "", [], [[]], -1, 0.5, 10**30, 1e300, float("nan"), float("inf"), [1, 2, 3, 4, 5, 6], [-1, -1], [True], 65]


COUNTING = {"conv2d_size", "linear_size", "network_size"}


def executed(code: str) -> torch.Tensor:
    """What the exported lines leave in `output`, run where nothing else is known."""
    namespace: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, namespace)
    assert "tensor" in printed.getvalue()
    output = namespace["output"]
    assert isinstance(output, torch.Tensor)
    return output


def assert_its_code_gives_it(found: Operated) -> None:
    output = executed(found.code)
    assert output.shape == found.output.shape and output.dtype == found.output.dtype
    torch.testing.assert_close(output, found.output, rtol=0, atol=0, equal_nan=True)


def test_every_operation_has_an_example() -> None:
    assert set(EXAMPLES) == set(OPERATIONS)


@pytest.mark.parametrize("op", OPERATIONS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_code_and_the_explanations_of_every_operation(op: str, dtype: str) -> None:
    found = operate(op, {**EXAMPLES[op], "dtype": dtype}, ["gradients"])
    assert found.output.dtype in (getattr(torch, dtype), torch.int64)
    assert_its_code_gives_it(found)
    steps = found.steps()
    assert len(steps) == found.output.numel()
    for index in np.ndindex(*found.output.shape):
        explanation = found.explanation(index)
        assert explanation.traced == float(found.output[index])
        assert explanation.error < 1e-6
        assert "approximation" not in explanation.extra, f"{op} has no arithmetic of its own"
    assert [found.index(step.index) for step in steps] == list(np.ndindex(*found.output.shape))
    if op in COUNTING:  # whole numbers have no derivatives
        assert found.more["gradients"] == {}
        return
    assert found.more["gradients"]["input"].shape == np.shape(EXAMPLES[op]["input"])


@pytest.mark.parametrize(("op", "field"), [(op, field.name) for op in OPERATIONS for field in fields_of(op)])
def test_no_value_of_a_field_gets_through_unread(op: str, field: str) -> None:
    for value in (*NEVER, *SELDOM):
        try:
            operate(op, {**EXAMPLES[op], field: value})
        except OperationError as refusal:
            assert refusal.parameter in [each.name for each in fields_of(op)], (value, refusal.message)
            assert refusal.legal and refusal.parameter in refusal.message, (value, refusal.message)
            assert len(refusal.message) < 400 and refusal.parameter in refusal.zh, (value, refusal.zh)
        else:
            assert value not in NEVER, f"{op} takes {field}={value}"


@pytest.mark.parametrize("op", OPERATIONS)
def test_what_is_required_is_asked_for(op: str) -> None:
    for field in fields_of(op):
        if field.required:
            with pytest.raises(OperationError, match=f"{field.name} is missing"):
                operate(op, {key: value for key, value in EXAMPLES[op].items() if key != field.name})


@pytest.mark.parametrize("op", OPERATIONS)
def test_the_fields_are_told_as_json(op: str) -> None:
    for field in fields_of(op):
        json.dumps(field.default, allow_nan=False)
        assert field.legal and not field.legal.endswith(".")


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownOperation, match="conv2d"):
        operate("conv2", {})
    with pytest.raises(OperationError, match="it takes input, kernel") as refusal:
        operate("conv2d", {**EXAMPLES["conv2d"], "strides": 1})
    assert refusal.value.parameter == "strides"
    with pytest.raises(OperationError, match="include"):
        operate("conv2d", EXAMPLES["conv2d"], ["everything"])
    with pytest.raises(IndexOutOfRange):
        operate("conv2d", EXAMPLES["conv2d"]).explanation((5, 5))


def test_numbers_that_json_lacks_come_as_words() -> None:
    found = operate("conv1d", {"input": [1, "NaN", 1, 1, "-Infinity", 1, 1, "inf"], "kernel": [1]})
    assert torch.isnan(found.output[1]) and found.output[4] == -torch.inf and found.output[7] == torch.inf
    assert_its_code_gives_it(found)


def test_the_gradient_from_above_is_carried_back() -> None:
    request = {"input": [1, 2, 3], "kernel": [4, 5], "grad_output": [10, 1]}
    gradients = operate("conv1d", request, ["gradients"]).more["gradients"]
    assert gradients["input"].tolist() == [40, 54, 5] and gradients["kernel"].tolist() == [12, 23]
    with pytest.raises(OperationError, match="grad_output must be in the output's shape"):
        operate("conv1d", {**request, "grad_output": [1]}, ["gradients"])


def test_an_operation_s_own_gradient_stands_where_autograd_has_none() -> None:
    request = {"input": [0.5, 0, 0.5], "target": 0, "given": "probabilities"}
    for include in ([], ["gradients"]):
        assert operate("cross_entropy", request, include).more["gradients"]["input"].tolist() == [-2, 0, 0]
