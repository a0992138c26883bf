"""Opening a recurrent layer against running it, one torch thread; run with --torchlens it times TorchLens instead.

256 steps, hidden 128, inputs 128, batch one. Beside our gates stand a plain Python loop over torch's own cells, which is how
one gets at the states without us, and TorchLens over that loop: over the fused layer it sees one opaque call.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

import engine
from bench.timing import medians
from engine.recurrent import gates_of

STEPS, WIDTH = 256, 128
CELLS: dict[str, tuple[type[nn.RNNBase], type[nn.RNNCellBase]]] = {
    "lstm": (nn.LSTM, nn.LSTMCell),
    "gru": (nn.GRU, nn.GRUCell),
    "rnn": (nn.RNN, nn.RNNCell),
}
BARS = {"lstm": 2.0, "gru": 1.2, "rnn": 1.2}
ERROR_BAR = 2e-6


class Loop(nn.Module):
    """The same layer as a loop over torch's cell, so that every h is a tensor of its own."""

    def __init__(self, layer: nn.RNNBase, cell: type[nn.RNNCellBase]) -> None:
        super().__init__()
        self.cell: Any = cell(layer.input_size, layer.hidden_size)
        self.cell.load_state_dict({name.removesuffix("_l0"): tensor for name, tensor in layer.state_dict().items()})

    def forward(self, x: Tensor) -> Tensor:
        state, states = None, []
        for step in range(x.shape[1]):
            state = self.cell(x[:, step], state)
            states.append(state[0] if isinstance(state, tuple) else state)
        return torch.stack(states, 1)


def layer(name: str) -> tuple[nn.RNNBase, Loop, Tensor]:
    """A seeded layer, the loop over its cell, and an input."""
    torch.manual_seed(0)
    kind, cell = CELLS[name]
    module = kind(WIDTH, WIDTH, batch_first=True).eval().requires_grad_(False)
    return module, Loop(module, cell).eval().requires_grad_(False), torch.randn(1, STEPS, WIDTH)


def plain(module: nn.Module, x: Tensor) -> Callable[[], object]:
    def run() -> None:
        with torch.inference_mode():
            module(x)

    return run


def ratios(name: str, budget: float) -> dict[str, float]:
    """Over the fused forward: with all gates replayed, traced and replayed and checked, and the plain Python loop."""
    module, loop, x = layer(name)
    fused, record = plain(module, x), engine.trace(module, x)[name]

    def opened() -> None:
        fused()
        record.memory.pop("gates", None)
        gates_of(record)

    traced = lambda: engine.gates(engine.trace(module, x), name)  # noqa: E731
    times = medians({"fused": fused, "gates": opened, "traced": traced, "loop": plain(loop, x)}, budget)
    return {contender: seconds / times["fused"] for contender, seconds in times.items()}


def error(name: str) -> float:
    """The largest difference of any gate or state from the same in double precision."""
    module, _, x = layer(name)
    ours = engine.gates(engine.trace(module, x), name)
    exact = engine.gates(engine.trace(module.double(), x.double()), name)
    pairs = [(ours.gates[key], exact.gates[key]) for key in ours.gates] + [(ours.h, exact.h)]
    if ours.c is not None and exact.c is not None:
        pairs.append((ours.c, exact.c))
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def torchlens_ratios(budget: float) -> dict[str, float]:
    """TorchLens over the loop of cells / fused forward, from a process of its own; empty when it is not installed."""
    command = [sys.executable, "-m", "bench.recurrent", "--torchlens", str(budget)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(answer.stdout.splitlines()[-1]) if answer.returncode == 0 else {}


def _time_torchlens(budget: float) -> dict[str, float]:
    import torchlens

    found = {}
    for name in CELLS:
        module, loop, x = layer(name)
        before = medians({"fused": plain(module, x)}, budget / 2)
        times = medians({"torchlens": lambda m=loop, x=x: torchlens.trace(m, x)}, budget, 1)
        found[name] = times["torchlens"] / before["fused"]
    return found


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(json.dumps(_time_torchlens(float(sys.argv[2]))))
