"""The recorder: a function mode that writes down every call of torch's functions while a model runs.

One mechanism for every model: it sees functional calls inside modules, residual additions and data-dependent control
flow alike. It is local to its thread and re-entrant. What it writes is raw and cheap; `engine.trace` makes sense of it
afterwards, so that tracing costs little more than running.
"""

from __future__ import annotations

import inspect
import threading
import weakref
from collections.abc import Callable
from typing import Any

from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from engine.ops.input import given
from engine.record import tensors_in


class Call:
    """One call as it happened.

    result: the object that torch returned, kept alive so that its identity means something.
    owners: id of an argument tensor -> position of the call that made it.
    frozen: id of a tensor -> its values before a later in-place call overwrote them; output_frozen: the same for results.
    """

    __slots__ = ("args", "frozen", "function", "kwargs", "output_frozen", "owners", "path", "result")

    def __init__(self, function: Callable[..., Any], args: Any, kwargs: Any, path: str, owners: dict[int, int]) -> None:
        self.function, self.args, self.kwargs, self.path, self.owners = function, args, kwargs, path, owners
        self.result: Any = None
        self.frozen: dict[int, Tensor] | None = None
        self.output_frozen: dict[int, Tensor] | None = None


class _Active(threading.local):
    """The module stack of the recorder that is active in this thread, None when there is none."""

    stack: list[str] | None = None


_active = _Active()
_instrumented: weakref.WeakSet[nn.Module] = weakref.WeakSet()
_instrumenting = threading.Lock()


def instrument(model: nn.Module) -> None:
    """Hook every module once so that a recorder knows where in the model it is. Idle hooks cost next to nothing."""
    with _instrumenting:
        if model in _instrumented:
            return
        for path, module in model.named_modules():
            _hook(module, path)
        _instrumented.add(model)


def _hook(module: nn.Module, path: str) -> None:
    def enter(*_: Any) -> None:
        stack = _active.stack
        if stack is not None:
            stack.append(path)

    def leave(*_: Any) -> None:
        stack = _active.stack
        if stack is not None:
            stack.pop()

    module.register_forward_pre_hook(enter)
    module.register_forward_hook(leave, always_call=True)


LEFT_OUT = {"to", "type", "float", "double", "half", "contiguous", "detach", "cpu", "clone", "requires_grad_", "data"}


def _inplace_position(function: Callable[..., Any]) -> int | None:
    """Which positional argument says `inplace`, for F.relu(x, True) and its like."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return None
    return names.index("inplace") if "inplace" in names else None


def _always_inplace(function: Callable[..., Any]) -> bool:
    """relu_, add_, __iadd__, __setitem__: torch's names of functions that write into their first argument."""
    plain = getattr(function, "__name__", "")
    if plain.startswith("__"):
        return plain == "__setitem__" or (plain.startswith("__i") and plain not in ("__index__", "__int__", "__invert__"))
    return plain.endswith("_")


_manners: dict[Callable[..., Any], tuple[bool, int | None, bool]] = {}


def _manner(function: Callable[..., Any]) -> tuple[bool, int | None, bool]:
    """(always in place, position of `inplace`, left out): looked up once per function."""
    manner = _manners.get(function)
    if manner is None:
        plain = getattr(function, "__name__", "")
        if plain == "__get__":
            plain = getattr(getattr(function, "__self__", None), "__name__", "")
        manner = (_always_inplace(function), _inplace_position(function), plain in LEFT_OUT)
        _manners[function] = manner
    return manner


class Recorder(TorchFunctionMode):
    """`with Recorder(x) as recorder: model(x)`; afterwards `recorder.calls` holds every call in order."""

    def __init__(self, *inputs: Tensor) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self._owners: dict[int, int] = {}  # id of a tensor -> position of the call that made it
        self._kept: list[Tensor] = []  # results left out, kept alive so that no other tensor gets their identity
        for tensor in inputs:
            self._write(Call(given, (), {}, "", {}), tensor)

    def __enter__(self) -> Recorder:
        self._outer, _active.stack = _active.stack, []
        super().__enter__()
        return self

    def __exit__(self, *exception: Any) -> None:
        super().__exit__(*exception)
        _active.stack = self._outer

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        always, position, left_out = _manners.get(func) or _manner(func)
        owners = self._find(args, kwargs)
        stack = _active.stack
        call = Call(func, args, kwargs, stack[-1] if stack else "", owners)
        in_place = always or (position is not None and self._asked(args, kwargs, position)) or "out" in kwargs
        if in_place:
            self._freeze(call, kwargs["out"] if "out" in kwargs else args[0])
        result = func(*args, **kwargs)
        if func is Tensor.__setitem__:
            self._write(call, args[0])
        elif type(result) is Tensor or any(True for _ in tensors_in(result)):
            if left_out:
                self._alias(args, result)
            else:
                self._write(call, result)
        return result

    @staticmethod
    def _asked(args: tuple[Any, ...], kwargs: dict[str, Any], position: int) -> bool:
        return bool(kwargs.get("inplace", args[position] if len(args) > position else False))

    def _find(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[int, int]:
        owners, found = self._owners, {}
        for value in (*args, *kwargs.values()) if kwargs else args:
            if isinstance(value, Tensor):
                if (owner := owners.get(id(value))) is not None:
                    found[id(value)] = owner
            elif isinstance(value, (list, tuple)):
                for tensor in tensors_in(value):
                    if (owner := owners.get(id(tensor))) is not None:
                        found[id(tensor)] = owner
        return found

    def _write(self, call: Call, result: Any) -> None:
        call.result = result
        if isinstance(result, Tensor):
            self._owners[id(result)] = len(self.calls)
        else:
            for tensor in tensors_in(result):
                self._owners[id(tensor)] = len(self.calls)
        self.calls.append(call)

    def _alias(self, args: tuple[Any, ...], result: Any) -> None:
        """A call about dtype or device is no node: its result stands for its argument."""
        source = next(tensors_in(args), None)
        owner = self._owners.get(id(source))
        if owner is not None and isinstance(result, Tensor):
            self._owners.setdefault(id(result), owner)
            self._kept.append(result)

    def _freeze(self, call: Call, target: Tensor) -> None:
        """Before `target` is overwritten, keep clones of all recorded tensors that share its memory."""
        storage = target.untyped_storage().data_ptr()
        clones: dict[int, Tensor] = {}

        def frozen(tensors: Any, before: dict[int, Tensor] | None) -> dict[int, Tensor] | None:
            for tensor in tensors_in(tensors):
                shared = tensor.untyped_storage().data_ptr() == storage
                if shared and (before is None or id(tensor) not in before):
                    clone = clones.get(id(tensor))
                    if clone is None:
                        clone = clones[id(tensor)] = tensor.clone()
                    before = {**(before or {}), id(tensor): clone}
            return before

        for earlier in self.calls:
            earlier.frozen = frozen((earlier.args, earlier.kwargs), earlier.frozen)
            earlier.output_frozen = frozen(earlier.result, earlier.output_frozen)
        call.frozen = frozen((call.args, call.kwargs), call.frozen)
