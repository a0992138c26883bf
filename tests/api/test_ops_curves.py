"""POST /ops of activations, softmax and losses: the course's numbers, digit by digit."""

from __future__ import annotations

import math

import pytest

from .test_ops import ask, refused

Y = [0.1, 0.05, 0.6, 0, 0.05, 0.1, 0, 0.1, 0, 0]
TWO = [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
NEURONS = [[-5, -7.7], [-1.2, -1.3], [1.2, 1], [1.2, -0.2], [2, -1.1], [5, -5]]
SIGNS = [[-1, -1, -1, 1, 1, 1]]


@pytest.mark.parametrize(
    ("logits", "expected", "digits"),
    [
        ([1.2, 4.0, 0.2], [0.056, 0.923, 0.021], 3),
        ([3, 1, -1], [0.867, 0.117, 0.016], 3),
        ([0.3, 2.9, 4.0], [0.01821127, 0.24519181, 0.73659691], 8),
    ],
)
def test_the_courses_softmax(client, logits, expected, digits) -> None:
    answer = ask(client, "softmax", input=logits)
    assert [round(p, digits) for p in answer["output"]] == expected
    assert sum(answer["output"]) == pytest.approx(1, abs=1e-12)
    assert answer["explanation"]["extra"]["maximum"] == max(logits)


def test_overflow_is_seen_in_the_naive_form_alone(client) -> None:
    answer = ask(client, "softmax", input=[123, 456, 789])
    assert answer["output"][2] == 1 and answer["output"][0] == pytest.approx(math.exp(-666))
    assert answer["naive"]["exponentials"][2] == answer["naive"]["denominator"] == "Infinity"
    assert answer["naive"]["output"][2] == "NaN" and answer["naive"]["output"][0] == 0
    assert answer["stable"]["maximum"] == 789 and answer["stable"]["shifted"] == [-666, -333, 0]


def test_the_courses_losses(client) -> None:
    squared = ask(client, "mse_loss", input=Y, target=TWO, reduction="sum")
    assert squared["output"] / 2 == pytest.approx(0.0975, abs=1e-12)
    entropy = ask(client, "cross_entropy", input=Y, target=2, given="probabilities")
    assert round(entropy["output"], 4) == 0.5108 and entropy["output"] == pytest.approx(-math.log(0.6))
    assert entropy["gradients"]["input"] == pytest.approx([0, 0, -1 / 0.6, *[0] * 7])
    uniform = ask(client, "cross_entropy", input=[0] * 10, target=3)
    assert round(uniform["output"], 4) == 2.3026
    assert uniform["gradients"]["input"] == pytest.approx([0.1, 0.1, 0.1, -0.9, *[0.1] * 6])


def test_six_relu_neurons(client) -> None:
    hidden = ask(
        client,
        "linear",
        input=[[x] for x in (-2, -1, 0, 1, 2)],
        weight=[[w] for w, _ in NEURONS],
        bias=[b for _, b in NEURONS],
    )
    lit = ask(client, "relu", input=hidden["output"])
    total = ask(client, "linear", input=lit["output"], weight=SIGNS)
    assert [round(y, 9) + 0.0 for (y,) in total["output"]] == [-3.4, 0, -1, -0.3, 6.7]


def gate(client, inputs, weights, threshold) -> list[float]:
    sums = ask(client, "linear", input=inputs, weight=[weights], bias=[-threshold])["output"]
    return [y for (y,) in ask(client, "step", input=sums)["output"]]


def test_gates_of_the_course(client) -> None:
    table = [[0, 0], [0, 1], [1, 0], [1, 1]]
    both, either = gate(client, table, [0.5, 0.5], 0.7), gate(client, table, [0.5, 0.5], 0.2)
    assert both == [0, 0, 0, 1] and either == [0, 1, 1, 1]
    neither = gate(client, table, [-0.5, -0.5], -0.7)
    assert neither == [1, 1, 1, 0]
    assert gate(client, [[a, b] for a, b in zip(neither, either, strict=True)], [0.5, 0.5], 0.7) == [0, 1, 1, 0]


def test_goodfellows_net_for_exclusive_or(client) -> None:
    hidden = ask(client, "linear", input=[[0, 0], [0, 1], [1, 0], [1, 1]], weight=[[1, 1], [1, 1]], bias=[0, -1])
    lit = ask(client, "relu", input=hidden["output"])
    assert ask(client, "linear", input=lit["output"], weight=[1, -2])["output"] == [[0], [1], [1], [0]]


def test_a_derivative_beside_every_activation(client) -> None:
    answer = ask(client, "sigmoid", input=[[0, 2]])
    assert answer["derivative"][0] == pytest.approx([0.25, 0.10499358540350662])
    assert ask(client, "relu", input=[-1, 0, 3])["derivative"] == [0, 0, 1]


def test_refusals_name_the_parameter(client) -> None:
    told = refused(client, "softmax", {"input": [1, 2], "temperature": 0})
    assert told["parameter"] == "temperature" and "above 0" in told["legal"] and "temperature" in told["text"]["zh"]
    told = refused(client, "cross_entropy", {"input": [1, 2], "target": 7})
    assert told["parameter"] == "target" and "from 0 to 1" in told["legal"] and "got 7" in told["detail"]
    assert "and up to 1e+06" in refused(client, "softmax", {"input": [1, 2], "temperature": 0})["legal"]
