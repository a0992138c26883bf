"""What a module says it calls is what torch's own forward calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

import engine
from engine.leaves import LEAVES

PICTURE = (1, 4, 9, 8)
MODULES: list[tuple[nn.Module, tuple[int, ...]]] = [
    (nn.ReLU(), PICTURE),
    (nn.ReLU(inplace=True), PICTURE),
    (nn.Conv2d(4, 6, 3), PICTURE),
    (nn.Conv2d(4, 6, (3, 2), (2, 1), "valid", (1, 2), 2, bias=False), PICTURE),
    (nn.Conv2d(4, 4, 3, padding="same"), PICTURE),
    (nn.Linear(4, 3), (1, 4)),
    (nn.Linear(8, 3, bias=False), PICTURE),
    (nn.MaxPool2d(2), PICTURE),
    (nn.MaxPool2d((3, 2), (2, 1), 1, (1, 2), ceil_mode=True), PICTURE),
    (nn.BatchNorm2d(4).eval(), PICTURE),
    (nn.BatchNorm2d(4, 1e-3, 0.3, affine=False).eval(), PICTURE),
    (nn.Flatten(), PICTURE),
    (nn.Flatten(2, 3), PICTURE),
    (nn.AdaptiveAvgPool2d((2, None)), PICTURE),
]
BY_THE_MODE: list[nn.Module] = [
    nn.Conv2d(4, 6, 3, padding=1, padding_mode="circular"),
    nn.BatchNorm2d(4, track_running_stats=False).eval(),
    nn.BatchNorm2d(4).train(),
    nn.MaxPool2d(2, return_indices=True),
    nn.BatchNorm2d(4, momentum=None).eval(),
]
ABOUT = ("dim", "__get__")  # torch's forward asks for these; they compute nothing


class Seen(TorchFunctionMode):
    """Every call as a function mode is given it."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, ...]] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if getattr(func, "__name__", "") not in ABOUT:
            self.calls.append((func, args, kwargs or {}))
        return func(*args, **(kwargs or {}))


def told(value: Any, weights: dict[int, str]) -> Any:
    """The same for equal calls: tensors by the name that the module has for them."""
    if isinstance(value, Tensor):
        return weights.get(id(value), "x")
    if isinstance(value, (tuple, list)):
        return [told(each, weights) for each in value]
    return {key: told(each, weights) for key, each in value.items()} if isinstance(value, dict) else value


def calls_of(module: nn.Module, x: Tensor) -> list[tuple[Any, ...]]:
    with torch.inference_mode(), Seen() as seen:
        module(x)
    return seen.calls


@pytest.mark.parametrize(("module", "shape"), MODULES, ids=lambda value: str(value)[:40])
def test_a_leaf_makes_the_call_that_it_says(module: nn.Module, shape: tuple[int, ...]) -> None:
    x = torch.randn(shape)
    weights = {id(tensor): name for name, tensor in (*module.named_parameters(), *module.named_buffers())}
    said = LEAVES[type(module)](module, x)
    assert said is not None
    ((function, args, kwargs),) = calls_of(module, x.clone())
    assert (said[0], told(said[1:], weights)) == (function, told((args, kwargs), weights))
    with torch.inference_mode():
        expected = module(x.clone())
    record = engine.trace(nn.Sequential(module), x.clone())["0"]
    assert record.function is function and told(record.args[1:], weights) == told(args[1:], weights)
    assert torch.equal(record.output, expected[0] if isinstance(expected, tuple) else expected)


def test_every_leaf_is_tried() -> None:
    assert {type(module) for module, _ in MODULES} == set(LEAVES)


@pytest.mark.parametrize("module", BY_THE_MODE, ids=str)
def test_modules_that_make_other_calls_go_by_the_mode(module: nn.Module) -> None:
    x = torch.randn(2, *PICTURE[1:])
    assert LEAVES[type(module)](module, x) is None
    functions = [function for function, _, _ in calls_of(module, x)]
    recorded = [record.function for record in engine.trace(nn.Sequential(module), x[:1])][1:]
    assert recorded == functions


def test_a_picture_of_the_wrong_rank_is_refused_as_ever() -> None:
    with pytest.raises(ValueError, match="expected 4D input"):
        engine.trace(nn.Sequential(nn.BatchNorm2d(4).eval()), torch.randn(1, 4, 9))


def test_a_subclass_and_a_forward_of_one_s_own_are_run() -> None:
    class Doubling(nn.ReLU):
        def forward(self, input: Tensor) -> Tensor:
            return F.relu(input * 2)

    shifted = nn.ReLU()
    shifted.forward = lambda input: F.relu(input + 1)  # type: ignore[method-assign]
    trace = engine.trace(nn.Sequential(Doubling(), shifted), torch.tensor([[-0.25, 3.0]]))
    assert trace.records[-1].output.tolist() == [[1.0, 7.0]]
    assert [record.op for record in trace] == ["input", "mul", "relu", "add", "relu"]


def test_a_mode_within_the_model_still_sees_its_calls() -> None:
    class Watched(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.relu = nn.ReLU()

        def forward(self, x: Tensor) -> Tensor:
            with seen:
                return self.relu(x)

    seen = Seen()
    trace = engine.trace(Watched(), torch.randn(1, 3))
    assert [function for function, _, _ in seen.calls] == [F.relu]
    assert trace.names == ("input", "relu")


def test_a_part_of_a_model_that_hides_its_calls_stays_hidden() -> None:
    class Hides(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.relu = nn.ReLU()

        def forward(self, x: Tensor) -> Tensor:
            with torch._C.DisableTorchFunction():
                return self.relu(x)

    assert engine.trace(nn.Sequential(Hides(), nn.ReLU()), torch.randn(1, 3)).names == ("input", "1")


@pytest.mark.parametrize("wrong", [lambda m, x: m(x, x), lambda m, x: m(), lambda m, x: m(input=x, other=1)])
def test_wrong_arguments_are_refused_by_torch_s_own_words(wrong: Callable[[nn.Module, Tensor], Any]) -> None:
    class Calls(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.part = nn.ReLU()

        def forward(self, x: Tensor) -> Any:
            return wrong(self.part, x)

    with pytest.raises(TypeError, match="argument"):
        engine.trace(Calls(), torch.randn(1, 3))
    assert engine.trace(nn.Sequential(nn.ReLU()), torch.randn(1, 3)).names == ("input", "0")
