"""What in-place calls overwrite stays in the record, and whoever else sees that memory sees what torch would show."""

from __future__ import annotations

import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

import engine
from engine.in_place import ELSEWHERE
from engine.nodes import is_node
from engine.ops import name_of
from engine.record import tensors_in
from engine.recorder import Call


class Does(nn.Module):
    """A module that is one function of its input."""

    def __init__(self, does: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.does = does

    def forward(self, x: Tensor) -> Tensor:
        return self.does(x)


class Witness(TorchFunctionMode):
    """Copies everything at every call, the slow way that cannot be wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[list[Tensor], list[Tensor]]] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        before = [tensor.clone() for tensor in tensors_in((args, kwargs or {}))]
        result = func(*args, **(kwargs or {}))
        shown = args[0] if func is Tensor.__setitem__ else result
        if is_node(Call(func, args, kwargs or {}, shown, "")):
            self.seen.append((before, [tensor.clone() for tensor in tensors_in(shown)]))
        return result


def same(found: list[Tensor], expected: list[Tensor]) -> bool:
    return len(found) == len(expected) and all(
        a.dtype == b.dtype and np.array_equal(a.numpy(), b.numpy(), equal_nan=b.is_floating_point())
        for a, b in zip(found, expected, strict=True)
    )


def assert_as_witnessed(module: nn.Module, x: Tensor) -> engine.Trace:
    """Every record holds what its call was given and what it returned, and the answer is the one without a recorder."""
    witness, twin = Witness(), copy.deepcopy(module)
    with torch.inference_mode():
        with witness:
            expected = twin(x.clone())
        trace = engine.trace(module, x.clone())
    records = trace.records[1:]
    assert len(records) == len(witness.seen)
    for record, (before, after) in zip(records, witness.seen, strict=True):
        assert same(list(tensors_in((record.args, dict(record.kwargs)))), before), f"arguments of {record.name}"
        assert same(list(record.outputs), after), f"results of {record.name}"
    assert same([trace.records[-1].output], [expected])
    return trace


Function = Callable[[Tensor], Tensor]


def aliased(alias: Callable[[Tensor], Any], read: Callable[[Any], Tensor] = lambda kept: kept * 1) -> Function:
    """Somebody takes hold of a tensor, or of its memory; the tensor is overwritten; what he holds is read."""

    def does(x: Tensor) -> Tensor:
        y = x - 0.5
        kept = alias(y)
        y.relu_()
        return read(kept)

    return does


def overwritten(overwrite: Callable[[Tensor], Any]) -> Function:
    """A tensor is overwritten in some way, then read."""

    def does(x: Tensor) -> Tensor:
        y = x - 0.5
        overwrite(y)
        return y * 1

    return does


def made_from_numpy(x: Tensor) -> Tensor:
    array = (x - 0.5).numpy()
    y = torch.from_numpy(array)
    y.relu_()
    return y + torch.from_numpy(array.copy())


def identity_branch(x: Tensor) -> Tensor:
    y = x - 0.5
    identity = y
    return F.relu(y, inplace=True) + identity


def residual(x: Tensor) -> Tensor:
    y = F.relu(x - 0.5, inplace=True)
    y += x
    return F.relu(y, True) * 2


def looped(x: Tensor) -> Tensor:
    y = x * 2
    for _ in range(5):
        y.relu_().add_(-0.1)
    return y + y


def written_in_parts(x: Tensor) -> Tensor:
    y = torch.relu(x)
    for channel in range(y.shape[1]):
        y[:, channel] = y[:, channel] * channel
    return F.relu(y, True) + 1


def base_let_go(x: Tensor) -> Tensor:
    y = (x - 0.5)[:, ::2]
    return F.relu(y, True) + 1


def other_order(x: Tensor) -> Tensor:
    y = (x - 0.5).contiguous(memory_format=torch.channels_last)
    y.relu_()
    y += x
    return y.permute(0, 2, 3, 1) * 1


def other_order_of_the_target(x: Tensor) -> Tensor:
    y = x - 0.5
    y += x.contiguous(memory_format=torch.channels_last)
    return y.view(-1) * 1


HOSTILE: dict[str, Function] = {
    "a view made before": aliased(lambda y: y.view(-1)),
    "a view made and let go": overwritten(lambda y: (y.view(-1).sum(), y.relu_())),
    "a view overwritten": overwritten(lambda y: y.view(-1).relu_()),
    "a slice added to": overwritten(lambda y: y[:, 0].add_(3)),
    "a chunk overwritten": overwritten(lambda y: y.chunk(2, 1)[0].relu_()),
    "detached before": aliased(lambda y: y.detach()),
    "data kept": aliased(lambda y: y.data),
    "storage kept": aliased(lambda y: y.untyped_storage(), lambda kept: torch.tensor(list(kept), dtype=torch.uint8) + 1),
    "numpy shares the memory": aliased(lambda y: y.numpy(), lambda kept: torch.from_numpy(kept.copy()) + 1),
    "dlpack shares the memory": aliased(np.from_dlpack, lambda kept: torch.from_numpy(kept.copy()) + 1),
    "made from numpy": made_from_numpy,
    "an identity branch": identity_branch,
    "a residual block": residual,
    "chained": lambda x: (x - 0.5).relu_().mul_(2).add_(1).sigmoid_() * 1,
    "looped": looped,
    "written in parts": written_in_parts,
    "added to itself": overwritten(lambda y: y.add_(y).mul_(y.view(y.shape))),
    "broadcast": lambda x: (x - 0.5).mul_(x[:, :1]).add_(x[0, 0, 0]).sub_(0.25, alpha=2) + 1,
    "another type": lambda x: (x - 0.5).add_(x.double()).mul_(torch.ones(1, dtype=torch.int64)) + 1,
    "the base let go": base_let_go,
    "channels last": other_order,
    "channels last added": other_order_of_the_target,
    "under a keyword": overwritten(lambda y: F.relu(input=y, inplace=True)),
    "under a keyword of a built-in": overwritten(lambda y: torch.relu_(input=y)),
    "with options": lambda x: F.hardtanh(F.leaky_relu(x - 0.5, 0.3, True), -0.1, 0.2, inplace=True) + 1,
    "out given": overwritten(lambda y: (torch.mul(y, 2, out=y), y.relu_())),
    "empty": lambda x: F.relu(x[:, :0] + 1, True) + 1,
    "all in one list": overwritten(lambda y: torch.cat([y, y.relu_(), y], 1)),
    "not a number": lambda x: (x / 0 - x / 0).relu_().isnan() + 0,
    "the input itself": lambda x: x.relu_() + x,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_every_record_holds_what_its_call_saw(name: str) -> None:
    x = torch.rand(1, 4, 5, 3, generator=torch.Generator().manual_seed(0))
    assert_as_witnessed(Does(HOSTILE[name]), x)


def test_a_tensor_that_the_model_keeps_changes_with_the_call() -> None:
    class Keeps(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            self.kept = x - 0.5
            F.relu(self.kept, inplace=True)
            return self.kept + 1

    module = Keeps()
    assert_as_witnessed(module, torch.rand(1, 6))
    assert (module.kept >= 0).all()


def test_a_buffer_that_counts_is_not_moved() -> None:
    class Counts(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("count", torch.zeros(1))

        def forward(self, x: Tensor) -> Tensor:
            self.count.add_(1)
            return x * self.count

    module = Counts()
    address = module.count.data_ptr()
    assert_as_witnessed(module, torch.rand(1, 3))
    assert module.count == 1 and module.count.data_ptr() == address


def test_alone_in_its_memory_a_tensor_moves_and_nothing_is_cloned() -> None:
    addresses = []

    def does(x: Tensor) -> Tensor:
        y = x - 0.5
        addresses.append(y.data_ptr())
        returned = F.relu(y, inplace=True)
        assert returned is y
        addresses.append(y.data_ptr())
        return y * 2

    trace = engine.trace(Does(does), torch.rand(1, 8))
    assert [record.output.data_ptr() for record in (trace["add"], trace["relu"])] == addresses
    assert addresses[0] != addresses[1]


def test_outside_inference_mode_a_tensor_stays_where_it_is() -> None:
    addresses: list[int] = []

    def does(x: Tensor) -> Tensor:
        y = x * 2
        addresses.append(y.data_ptr())
        F.relu(y, inplace=True)
        addresses.append(y.data_ptr())
        return y.sum(dim=1)

    trace = engine.trace(Does(does), torch.tensor([[-1.0, 2.0]]))
    addresses.clear()
    found = engine.gradients(trace, 0)
    np.testing.assert_array_equal(found.nodes["input"], [0.0, 2.0])
    assert addresses[0] == addresses[1]


def test_a_recorder_around_a_recorder_keeps_what_the_inner_one_overwrites() -> None:
    inner = Does(lambda x: F.relu(x - 0.5, inplace=True) + 1)
    x = torch.rand(1, 9)

    def does(y: Tensor) -> Tensor:
        with torch.inference_mode():
            z = y * 1
            within.append(engine.trace(inner, z))
        return z + 0

    within: list[engine.Trace] = []
    outer = engine.trace(Does(does), x)
    assert torch.equal(within[0]["add"].output, x - 0.5) and torch.equal(within[0]["relu"].output, (x - 0.5).relu())
    assert torch.equal(outer["add"].output, x - 0.5) and torch.equal(outer["relu"].output, (x - 0.5).relu())


def test_threads_on_one_model_do_not_move_each_other_s_tensors() -> None:
    block = nn.Sequential(
        nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(True), nn.Conv2d(4, 4, 3, padding=1), Does(residual)
    ).requires_grad_(False)
    inputs = [torch.rand(1, 4, 9, 9, generator=torch.Generator().manual_seed(seed)) for seed in range(16)]
    alone = [assert_as_witnessed(block, x) for x in inputs]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda x: engine.trace(block, x), inputs))
    for one, many in zip(alone, together, strict=True):
        assert all(torch.equal(a.output, b.output) for a, b in zip(one, many, strict=True))


@pytest.mark.parametrize("function", ELSEWHERE, ids=lambda function: function.__qualname__)
def test_out_of_place_is_the_same_to_the_bit_and_has_the_same_name(function: Callable[..., Tensor]) -> None:
    x = torch.randn(1000, generator=torch.Generator().manual_seed(1)) * 4
    x[:4] = torch.tensor([0.0, -0.0, float("nan"), float("-inf")])
    more = (torch.randn(1000),) if name_of(function) in ("add", "mul") else ()
    elsewhere = ELSEWHERE[function]
    overwritten = x.clone()
    function(overwritten, *more, **({"inplace": True} if elsewhere is function else {}))
    apart = elsewhere(x, *more)
    assert apart.numpy().tobytes() == overwritten.numpy().tobytes()
    assert name_of(function) == name_of(elsewhere)
