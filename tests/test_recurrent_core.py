"""The page's cells against the engine: golden files of small seeded layers, opened unit by unit, that node reads as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import engine

GOLDEN = Path(__file__).resolve().parent / "golden" / "cells"
STEPS, FEATURES = 5, 3


def layers() -> dict[str, nn.Module]:
    torch.manual_seed(5)
    return {
        "rnn": nn.RNN(FEATURES, 4, batch_first=True),
        "rnn_relu": nn.RNN(FEATURES, 4, nonlinearity="relu", batch_first=True),
        "lstm": nn.LSTM(FEATURES, 4, batch_first=True),
        "lstm_both": nn.LSTM(FEATURES, 3, 2, bidirectional=True, batch_first=True),
        "gru": nn.GRU(FEATURES, 4, batch_first=True),
        "gru_both": nn.GRU(FEATURES, 3, 2, bidirectional=True, bias=False, batch_first=True),
    }


NAMES = sorted(layers())


def golden(layer: nn.Module) -> dict[str, Any]:
    """The run with its gates, and every third unit of it explained."""
    torch.manual_seed(12)
    x = torch.randn(1, STEPS, FEATURES)
    trace = engine.trace(layer.eval(), x)
    record = next(record for record in trace.records if record.op in ("rnn", "lstm", "gru"))
    gates = engine.gates(trace, record.name)
    shape = (gates.layers, gates.directions, gates.steps, gates.hidden)
    places = [tuple(int(i) for i in torch.unravel_index(torch.tensor(p), shape)) for p in range(0, gates.h.size, 3)]
    starts = torch.zeros(gates.layers, gates.directions, gates.hidden)
    return {
        "record": {"name": record.name, "op": record.op, "inputs": list(record.inputs), "shape": list(record.shape)}
        | {"hyperparameters": record.hyperparameters},
        "x": values(x[0]),
        "params": {role: values(tensor) for role, tensor in layer.named_parameters()},
        "run": {
            **{name: getattr(gates, name) for name in ("cell", "layers", "directions", "steps", "hidden")},
            "gates": {name: values(torch.from_numpy(array)) for name, array in gates.gates.items()},
            "h": values(torch.from_numpy(gates.h)),
            "c": None if gates.c is None else values(torch.from_numpy(gates.c)),
            "initial": {"h": values(starts), "c": None if gates.c is None else values(starts)},
        },
        "explanations": [opened(trace, record.name, place) for place in places],
    }


def opened(trace: engine.Trace, node: str, place: tuple[int, ...]) -> dict[str, Any]:
    found = engine.explain(trace, node, place)
    return {"place": list(place), "result": found.result, "traced": found.traced, **found.extra}


def values(tensor: Tensor) -> dict[str, Any]:
    return {"shape": list(tensor.shape), "values": tensor.detach().reshape(-1).tolist()}


@pytest.mark.parametrize("name", NAMES)
def test_the_golden_file_is_what_the_engine_says_and_adds_up(name: str, request: pytest.FixtureRequest) -> None:
    file, fresh = GOLDEN / f"{name}.json", json.loads(json.dumps(golden(layers()[name])))
    if request.config.getoption("--update", default=False):
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(json.dumps(fresh) + "\n", encoding="utf-8")
    stored = json.loads(file.read_text(encoding="utf-8"))
    assert nearly(stored, fresh), f"{file.name} differs; renew it with pytest --update if the change is meant"
    for found in stored["explanations"]:
        assert found["result"] == pytest.approx(found["traced"], rel=1e-4, abs=1e-6)
        for gate in found["gates"]:
            for side in ("input", "recurrent"):
                assert sum(term["product"] for term in gate[side]) == pytest.approx(gate[f"{side}_sum"], abs=1e-9)


def nearly(one: Any, other: Any) -> bool:
    """Equal structure, numbers equal up to a float's rounding on another machine."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(nearly(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(nearly(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) or isinstance(other, float):
        return bool(one == pytest.approx(other, rel=1e-5, abs=1e-6))
    return bool(one == other)
