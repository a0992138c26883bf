"""POST /ops of the derivative as a difference quotient: the course's numbers as they are printed."""

from __future__ import annotations

import pytest

from .test_ops import ask, refused


@pytest.mark.parametrize(("x", "printed", "limit"), [(1, 2.0001, 2), (2, 4.0001, 4)])
def test_the_course_s_derivative_of_x_squared_plus_one(client, x, printed, limit) -> None:
    answer = ask(client, "difference_quotient", input=x, h=0.0001, coefficients=[1, 0, 1])
    assert round(answer["output"], 4) == printed and answer["output"] == pytest.approx(printed, abs=1e-10)
    assert answer["derivative"] == limit and answer["error"] == pytest.approx(0.0001, rel=1e-6)
    assert answer["places"] == {"ahead": x + 0.0001, "x": x}
    assert answer["values"]["x"] == x**2 + 1 and answer["rise"] / answer["run"] == answer["output"]
    assert answer["explanation"]["extra"]["divisor"] == 0.0001
    central = ask(client, "difference_quotient", input=x, h=0.0001, scheme="central")
    assert central["output"] == pytest.approx(limit, abs=1e-10)  # a parabola's central quotient is its slope


def test_the_course_s_partial_derivatives(client) -> None:
    answer = ask(client, "partial_derivatives", input=[1, 2, 3], h=0.0001)
    assert [round(quotient, 4) for quotient in answer["output"]] == [8.0001, 7.0001, 27.0009]
    assert answer["value"] == 1 + 6 + 4 + 27
    assert answer["autograd"] == [each["value"] for each in answer["formulas"]] == [2 * 1 + 3 * 2, 3 * 1 + 2 * 2, 3 * 3**2]
    assert [each["terms"] for each in answer["formulas"]] == [
        [[2, 1, 0, 0], [3, 0, 1, 0]],
        [[3, 1, 0, 0], [2, 0, 1, 0]],
        [[3, 0, 0, 2]],
    ]
    assert answer["places"]["ahead"][1] == [1, 2.0001, 3]


def test_smaller_is_not_always_nearer(client) -> None:
    steps = [1, 0.1, 1e-4, 1e-12]
    answer = ask(client, "difference_quotient", input=1, h=steps, include=["errors"])
    error = answer["error"]
    assert error[0] > error[1] > error[2] < error[3]
    assert len(answer["errors"]["h"]) == len(answer["errors"]["float32"]["central"]) == 65


def test_refusals_name_the_parameter(client) -> None:
    told = refused(client, "difference_quotient", {"input": 1, "h": 0})
    assert told["parameter"] == "h" and "1e-30" in told["legal"] and "h" in told["text"]["zh"]
    told = refused(client, "partial_derivatives", {"input": [1, 2]})
    assert told["parameter"] == "input" and "3" in told["text"]["zh"]
