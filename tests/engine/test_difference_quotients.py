"""A difference quotient of every loss is, to the square of its step, the gradient that autograd gives."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from engine.operate import OperationError, operate

Z, ROWS = [1.37, -0.83, 2.91, 0.04], [[0.3, 2.9, 4.0], [3, 1, -1]]
P, T = [0.2, 0.6, 0.1, 0.1], [0, 1, 0, 0.5]
CASES: list[tuple[str, dict[str, Any]]] = [
    ("cross_entropy", {"input": Z, "target": 2}),
    ("cross_entropy", {"input": Z, "target": 1, "label_smoothing": 0.2}),
    ("cross_entropy", {"input": ROWS, "target": [2, 0], "reduction": "none"}),
    ("cross_entropy", {"input": P, "target": 1, "given": "probabilities"}),
    ("nll_loss", {"input": Z, "target": 3}),
    ("binary_cross_entropy", {"input": P, "target": T}),
    ("binary_cross_entropy_with_logits", {"input": Z, "target": T, "reduction": "sum"}),
    ("mse_loss", {"input": Z, "target": T}),
    ("l1_loss", {"input": Z, "target": T}),
    ("smooth_l1_loss", {"input": Z, "target": T, "beta": 0.7}),
    ("huber_loss", {"input": ROWS, "target": [[0, 0, 0], [3.1, 3, 0]], "delta": 0.5}),
]


@pytest.mark.parametrize(("op", "request_"), CASES)
def test_quotients_are_the_gradient(op: str, request_: dict[str, Any]) -> None:
    found = operate(op, request_, ["difference"])
    told, gradient = found.more["difference"], found.more["gradients"]["input"]
    assert told["quotient"].shape == gradient.shape == torch.tensor(request_["input"]).shape
    torch.testing.assert_close((told["above"] - told["below"]) / (2 * told["step"]), told["quotient"])
    torch.testing.assert_close(told["quotient"], gradient, rtol=1e-4, atol=1e-5)


def test_the_two_losses_are_those_of_moved_numbers() -> None:
    told = operate("mse_loss", {"input": [1, 5], "target": [0, 2], "reduction": "sum"}, ["difference"]).more["difference"]
    assert told["above"].tolist() == pytest.approx([1.001**2 + 9, 1 + 3.001**2])
    assert told["below"].tolist() == pytest.approx([0.999**2 + 9, 1 + 2.999**2])


def test_beyond_the_end_of_a_probability_there_is_none() -> None:
    told = operate("binary_cross_entropy", {"input": [0.5, 0, 1], "target": [1, 0, 1]}, ["difference"]).more["difference"]
    assert torch.isnan(told["quotient"]).tolist() == [False, True, True]


def test_only_when_asked_and_for_a_few() -> None:
    assert "difference" not in operate("mse_loss", {"input": [1], "target": [0]}).more
    grid = torch.zeros(17, 17).tolist()
    with pytest.raises(OperationError, match="256") as refusal:
        operate("mse_loss", {"input": grid, "target": grid}, ["difference"])
    assert refusal.value.parameter == "include"
