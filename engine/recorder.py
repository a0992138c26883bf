"""The recorder: a function mode that writes down every call of torch's functions while a model runs.

One mechanism for every model: it sees functional calls inside modules, residual additions and data-dependent control
flow alike. It is local to its thread and re-entrant. What it writes is raw and cheap; `engine.trace` makes sense of it
afterwards, so that tracing costs little more than running.
"""

from __future__ import annotations

import threading
import weakref
from collections import defaultdict
from collections.abc import Callable, Mapping
from types import MethodType
from typing import Any

from torch import Tensor, nn
from torch._C import DisableTorchFunction, _is_torch_function_mode_enabled, _len_torch_function_stack
from torch.overrides import TorchFunctionMode

from engine.in_place import MANNERS, Manner, out_of_place, overwritten, writes
from engine.leaves import LEAVES
from engine.ops.input import given
from engine.record import tensors_in


class Call:
    """One call as it happened: the very objects that torch was given and returned, so that identity tells the edges.

    before: id of a tensor -> what it held before this call wrote into its memory; None for calls that only read.
    forced: what was forced upon the call (`engine.ablation`).
    """

    __slots__ = ("args", "before", "forced", "function", "kwargs", "path", "result")

    def __init__(self, function: Callable[..., Any], args: Any, kwargs: Any, result: Any, path: str) -> None:
        self.function, self.args, self.kwargs, self.result, self.path = function, args, kwargs, result, path
        self.before: dict[int, Tensor] | None = None
        self.forced: tuple[Any, ...] = ()


class _Active(threading.local):
    """The recorder that is active in this thread, None when there is none."""

    recorder: Recorder | None = None


_active = _Active()
_instrumented: weakref.WeakSet[nn.Module] = weakref.WeakSet()
_instrumenting = threading.Lock()


def instrument(model: nn.Module) -> None:
    """Make every module say its path while a recorder is active. Done once per model; idle, it costs next to nothing."""
    if model in _instrumented:
        return
    with _instrumenting:
        if model not in _instrumented:
            for path, module in model.named_modules():
                _announce(module, path)
            _instrumented.add(model)


def _announce(module: nn.Module, path: str) -> None:
    """Wrap this module's forward. Torch's own forward hooks do the same at ten times the price: they send every
    call of every module through its slow path. Bound as a method, so that a deep copy of the model stays whole."""
    own = module.__dict__.get("forward")  # a forward set on the instance, already bound
    run = type(module).forward if own is None else lambda self, *args, **kwargs: own(*args, **kwargs)
    leaf = LEAVES.get(type(module)) if own is None else None

    def forward(self: nn.Module, *args: Any, **kwargs: Any) -> Any:
        recorder = _active.recorder
        if recorder is None:
            return run(self, *args, **kwargs)
        recorder.stack.append(path)
        try:
            if leaf and not kwargs and len(args) == 1 and type(args[0]) is Tensor and recorder.is_alone():
                made = leaf(self, args[0])
                if made is not None:
                    with DisableTorchFunction():
                        return recorder.__torch_function__(made[0], (), made[1], made[2])
            return run(self, *args, **kwargs)
        finally:
            recorder.stack.pop()

    module.forward = MethodType(forward, module)


ABOUT_TENSORS = {"to", "type", "float", "double", "half", "contiguous", "detach", "cpu", "clone", "requires_grad_", "data"}
"""Calls about dtype, device and memory: they are no nodes, their result stands for their argument."""


CONSTANTS = {
    *("zeros", "ones", "empty", "full", "arange", "linspace", "eye", "tensor", "as_tensor", "rand", "randn", "randint"),
    *("zeros_like", "ones_like", "empty_like", "full_like", "rand_like", "randn_like"),
    *("new_zeros", "new_ones", "new_empty", "new_full", "new_tensor"),
}
"""Calls whose result depends on no number of the run, such as an LSTM's initial state: no nodes either, but constants."""


def makes_constant(function: Callable[..., Any]) -> bool:
    """Whether a call of this function is left out of the trace, its result being a constant."""
    return getattr(function, "__name__", "") in CONSTANTS


def is_about_tensors(function: Callable[..., Any]) -> bool:
    """Whether a call of this function is left out of the trace."""
    plain = getattr(function, "__name__", "")
    if plain == "__get__":  # a property
        plain = getattr(getattr(function, "__self__", None), "__name__", "")
    return plain in ABOUT_TENSORS


class Recorder(TorchFunctionMode):
    """`with Recorder({"input": x}) as recorder: model(x)`; afterwards `recorder.calls` holds every call in order.

    The inputs come first, each a call of `given` whose path is the input's name. batch_axis: where their batch of one is,
    None where there is none.
    """

    def __init__(self, inputs: Mapping[str, Tensor], batch_axis: int | None = 0) -> None:
        super().__init__()
        self.stack = [""]  # of module paths; outside all modules there is none
        self.calls = [Call(given, (batch_axis,), {}, tensor, name) for name, tensor in inputs.items()]
        self._by_storage: defaultdict[int, list[Tensor]] = defaultdict(list)
        self._indexed = 0

    def __enter__(self) -> Recorder:
        self._outer, _active.recorder = _active.recorder, self
        super().__enter__()
        return self

    def __exit__(self, *exception: Any) -> None:
        super().__exit__(*exception)
        _active.recorder = self._outer

    def is_alone(self) -> bool:
        """Whether this is the one mode that would learn of a call."""
        return _is_torch_function_mode_enabled() and _len_torch_function_stack() == 1

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        call = Call(func, args, kwargs or {}, None, self.stack[-1])
        manner = MANNERS[func]
        may_write = manner is not None or (kwargs is not None and "out" in kwargs)
        result = self._run_in_place(call, manner) if may_write else self.run(call)
        call.result = args[0] if func is Tensor.__setitem__ else result
        self.calls.append(call)
        return result

    def run(self, call: Call) -> Any:
        """Let the call happen. Recorders that change what happens do it here."""
        return call.function(*call.args, **call.kwargs) if call.kwargs else call.function(*call.args)

    def _run_in_place(self, call: Call, manner: Manner | None) -> Any:
        """Let a call happen that may write in place, and keep what it overwrites."""
        args, kwargs = call.args, call.kwargs
        if manner is not None:
            if not writes(manner, args, kwargs) and "out" not in kwargs:
                return self.run(call)
            # A recorder around this one would not learn that the tensor moved: within another mode there are clones.
            elsewhere = None if _is_torch_function_mode_enabled() else out_of_place(manner, args, kwargs)
            if elsewhere is not None:
                return self._run_elsewhere(call, *elsewhere)
        for target in overwritten(manner, args, kwargs):
            self._keep_clones(call, target)
        return self.run(call)

    def _run_elsewhere(self, call: Call, function: Callable[..., Any], args: Any, kwargs: Any) -> Tensor:
        """The call out of place; its target moves to the result's memory and leaves the old one to the record."""
        target: Tensor = call.args[0]
        result = self.run(Call(function, args, kwargs, None, call.path))
        if result.stride() == target.stride():
            call.before = {id(target): target.detach()}
            target.data = result
        else:  # broadcast, or another order in memory
            call.before = {id(target): target.clone()}
            target.copy_(result)
        return target

    def _keep_clones(self, call: Call, target: Tensor) -> None:
        """Before `target` is overwritten, keep clones of all recorded tensors that share its memory."""
        storage = _storage(target)
        own = (tensor for tensor in tensors_in((call.args, call.kwargs)) if _storage(tensor) == storage)
        shared = {id(tensor): tensor for tensor in (*self._sharing(storage), *own)}
        kept = call.before or {}  # a call may have several targets
        call.before = {key: tensor.clone() for key, tensor in shared.items()} | kept

    def _sharing(self, storage: int) -> list[Tensor]:
        """Tensors in this memory that were recorded since it was last overwritten. The index grows call by call, for most
        models never write in place, and looking through all calls each time would be quadratic."""
        for call in self.calls[self._indexed :]:
            for tensor in tensors_in((call.args, call.kwargs, call.result)):
                self._by_storage[_storage(tensor)].append(tensor)
        self._indexed = len(self.calls)
        return self._by_storage.pop(storage, [])


def _storage(tensor: Tensor) -> int:
    """Address of the tensor's memory; views share it. All recorded tensors are alive, so none is given twice."""
    return tensor.untyped_storage().data_ptr()
