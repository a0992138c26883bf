"""Trace against plain forward, one torch thread.

TorchLens patches torch globally, so it gets a process of its own, with its own plain forward as the yardstick. So does ours
once more with malloc as it comes: `bench.run` sets malloc as the server does, for both sides of a ratio.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import torch
from torch import Tensor, nn

import engine
from bench import networks
from bench.timing import medians

SMALL = ("tinyvgg", "lenet5", "tinyvgg-wide")
LARGE: dict[str, Callable[[], nn.Module]] = {
    "resnet18": networks.resnet18,
    "googlenet": networks.googlenet,
    "vgg16": networks.vgg16,
}
BARS = {"tinyvgg": 1.25, "lenet5": 1.25, "resnet18": 1.10, "googlenet": 1.10, "vgg16": 1.10}


def network(name: str) -> tuple[nn.Module, Tensor]:
    """A fresh module that no recorder has seen, and an input for it."""
    if name in LARGE:
        return LARGE[name](), torch.rand(1, 3, 224, 224)
    spec = engine.MODELS[name]
    return spec.build().eval(), torch.rand(1, *spec.input.shape)


def plain(module: nn.Module, x: Tensor) -> Callable[[], object]:
    def run() -> None:
        with torch.inference_mode():
            module(x)

    return run


def trace_ratios(budget: float) -> dict[str, float]:
    """Median of engine.trace over median of the plain forward, per network."""
    ratios = {}
    for name in (*SMALL, *LARGE):
        (module, x), (traced, _) = network(name), network(name)
        times = medians({"plain": plain(module, x), "trace": lambda m=traced, x=x: engine.trace(m, x)}, budget)
        ratios[name] = times["trace"] / times["plain"]
    return ratios


def elsewhere(what: str, budget: float) -> dict[str, float]:
    """Ratios from a process of its own: of "torchlens", empty when it is not installed, or of ours with malloc's "defaults"."""
    command = [sys.executable, "-m", "bench.tracing", what, str(budget)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(answer.stdout.splitlines()[-1]) if answer.returncode == 0 else {}


def _time_torchlens(budget: float) -> dict[str, float]:
    import torchlens

    ratios = {}
    for name in (*SMALL, *LARGE):
        module, x = network(name)
        before = medians({"plain": plain(module, x)}, budget / 2)
        times = medians({"torchlens": lambda m=module, x=x: torchlens.trace(m, x)}, budget, 1)
        ratios[name] = times["torchlens"] / before["plain"]
    return ratios


if __name__ == "__main__":
    torch.set_num_threads(1)
    measure = {"torchlens": _time_torchlens, "defaults": trace_ratios}[sys.argv[1]]
    print(json.dumps(measure(float(sys.argv[2]))))
