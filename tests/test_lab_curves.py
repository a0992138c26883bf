"""The page's activations against torch: what is plotted while one drags is what the engine would answer."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
import torch
from test_core import ROOT, node

from engine.operate import OPERATIONS, operate
from engine.operate.curves import CURVES

PLACES = [-9.5, -6, -3.01, -2.4, -1, -0.51, -0.2, -1e-3, 0.0, 1e-3, 0.3, 0.49, 1, 1.7, 2.99, 4.4, 6.2, 9.5]
SETTINGS: dict[str, dict[str, Any]] = {
    "leaky_relu": {"negative_slope": 0.13},
    "prelu": {"weight": -0.4},
    "elu": {"alpha": 1.7},
    "celu": {"alpha": 0.6},
    "gelu": {"approximate": "none"},
    "softplus": {"beta": 2.3},
    "hardtanh": {"min_val": -2.3, "max_val": 1.1},
    "softshrink": {"lambd": 0.5},
    "hardshrink": {"lambd": 0.5},
    "step": {"at_zero": 0.5},
    "threshold": {"threshold": 0.7, "value": -1.2},
    "rrelu": {"lower": 0.05, "upper": 0.4},
}
ASKED = [(curve.name, SETTINGS.get(curve.name, {})) for curve in CURVES] + [
    ("gelu", {"approximate": "tanh"}),
    ("glu", {"b": -0.6}),
]
SCRIPT = """
import { CURVES, NAMES, TAUGHT, zonesOf } from './static/js/core/lab/curves.js';
const { asked, places } = JSON.parse(process.argv[1]);
const over = (f, s) => places.map((x) => f(x, s));
const told = asked.map(([name, s]) => ({ f: over(CURVES[name].f, s), d: over(CURVES[name].d, s) }));
const hard = zonesOf('hardtanh', { min_val: -1, max_val: 1 }, -3, 3);
const zones = { relu: zonesOf('relu', {}, -5, 5), sigmoid: zonesOf('sigmoid', {}, -6, 6), hardtanh: hard };
const band = [-2, 3].map((x) => CURVES.rrelu.band(x, { lower: 0.05, upper: 0.4 }));
process.stdout.write(JSON.stringify({ told, names: NAMES, taught: TAUGHT, zones, band }));
"""


@pytest.fixture(scope="module")
def page() -> Any:
    """What the page's own module says."""
    given = json.dumps({"asked": ASKED, "places": PLACES})
    done = subprocess.run(
        [node(), "--input-type=module", "-e", SCRIPT, given], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("i", range(len(ASKED)), ids=lambda i: f"{ASKED[i][0]}-{i}")
def test_the_plotted_curve_and_its_derivative_are_torch_s(page: Any, i: int) -> None:
    """To six digits: torch keeps some constants (celu's 1 / alpha, hardsigmoid's 1 / 6) in float32 even for float64."""
    name, settings = ASKED[i]
    if name == "glu":  # the value's half moves, the gate's is held
        found = operate(name, {"input": [[x, settings["b"]] for x in PLACES]})
        wanted = (found.output[:, 0], found.more["derivative"][:, 0])
    else:
        found = operate(name, {"input": PLACES, **settings})
        wanted = (found.output, found.more["derivative"])
    for mine, theirs in zip("fd", wanted, strict=True):
        torch.testing.assert_close(torch.tensor(page["told"][i][mine], dtype=torch.float64), theirs, rtol=1e-6, atol=1e-12)


def test_the_page_has_every_activation_of_the_engine(page: Any) -> None:
    assert sorted(page["names"]) == sorted(["glu", *(curve.name for curve in CURVES)]) == sorted(page["taught"])


ACROSS = {"Softmax", "Softmax2d", "Softmin", "LogSoftmax"}  # of several numbers at once: the softmax lab's
NOT_SHOWN = {"MultiheadAttention"}  # a layer with parameters; attention has its own pages


def test_every_activation_of_torch_nn_is_on_the_page_or_in_the_softmax_lab(page: Any) -> None:
    spelled = {"LeakyReLU": "leaky_relu", "LogSigmoid": "logsigmoid", "Softmax2d": "softmax", "LogSoftmax": "log_softmax"}
    for name in set(torch.nn.modules.activation.__all__) - NOT_SHOWN:
        op = spelled.get(name, name.lower())
        assert OPERATIONS[op].labs == ("softmax",) if name in ACROSS else op in page["names"], name


def test_an_address_of_before_means_the_same_curves(page: Any) -> None:
    """Curves are counted in it: presets and addresses that were sent keep what they show."""
    counted = {
        0: "identity",
        4: "relu",
        8: "elu",
        12: "silu",
        17: "hardsigmoid",
        23: "threshold",
        24: "rrelu",
        25: "glu",
        26: "sinc",
    }
    assert {i: page["names"][i] for i in counted} == counted and len(page["names"]) == 27
    assert page["taught"].index("rrelu") == page["taught"].index("prelu") + 1


def test_the_band_of_slopes_drawn_in_training(page: Any) -> None:
    """Every drawn value lies in it, and a thousand draws come near to both ends."""
    lower, upper = 0.05, 0.4
    drawn = operate("rrelu", {"input": [[-2.0] * 50] * 20, "lower": lower, "upper": upper, "training": True}).output
    low, high = page["band"]
    assert low == [upper * -2, lower * -2] and high == [3, 3]
    assert low[0] <= drawn.min() < low[0] + 0.01 and low[1] - 0.01 < drawn.max() <= low[1]


def test_dead_and_saturated_stretches(page: Any) -> None:
    assert [(zone["kind"], round(zone["from"], 3), round(zone["to"], 3)) for zone in page["zones"]["relu"]] == [("dead", -5, 0)]
    ends = [(zone["kind"], zone["to"] if zone["from"] == -6 else zone["from"]) for zone in page["zones"]["sigmoid"]]
    # the logistic curve's slope is 0.05 at plus and minus log((1 + sqrt(0.8)) / (1 - sqrt(0.8))) = 2.887
    assert [kind for kind, _ in ends] == ["saturated"] * 2 and all(abs(abs(at) - 2.887) < 0.03 for _, at in ends)
    assert [zone["kind"] for zone in page["zones"]["hardtanh"]] == ["dead", "dead"]


LOSSES_SCRIPT = """
import { SHAPES, curveAsked, familyOf } from './static/js/core/lab/loss-curves.js';
const values = { d: 1.7, p: 0.3, logit: -2.5, rate: 0.15, limit: 0.6 };
const told = SHAPES.map((shape) => {
  const asked = curveAsked({ ...values, shape });
  const { f } = familyOf(shape).curves[shape];
  return { shape, asked, places: asked.body.input, curve: asked.body.input.map((x) => f(x, 0.6)) };
});
process.stdout.write(JSON.stringify(told));
"""


def test_a_loss_that_is_plotted_is_the_engine_s() -> None:
    """Every place of the walk; a squared error behind a sigmoid is asked of the probabilities."""
    done = subprocess.run(
        [node(), "--input-type=module", "-e", LOSSES_SCRIPT], capture_output=True, text=True, cwd=ROOT, check=True
    )
    told = json.loads(done.stdout)
    assert len(told) == 8
    for each in told:
        found = operate(each["asked"]["op"], {key: value for key, value in each["asked"]["body"].items() if key != "steps"})
        if each["shape"] == "square_z":
            places = torch.special.logit(torch.tensor(each["places"], dtype=torch.float64))
            assert torch.allclose(found.output, torch.sigmoid(-places) ** 2)
        else:
            torch.testing.assert_close(torch.tensor(each["curve"], dtype=torch.float64), found.output, rtol=1e-9, atol=1e-12)
