"""The recorder: a function mode that writes down every call of torch's functions while a model runs.

One mechanism for every model: it sees functional calls inside modules, residual additions and data-dependent control
flow alike. It is local to its thread and re-entrant. What it writes is raw and cheap; `engine.trace` makes sense of it
afterwards, so that tracing costs little more than running.
"""

from __future__ import annotations

import inspect
import threading
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from types import MethodType
from typing import Any

from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from engine.ops.input import given
from engine.record import tensors_in


class Call:
    """One call as it happened: the very objects that torch was given and returned, so that identity tells the edges.

    frozen: id of a tensor -> its values before a later in-place call overwrote them; output_frozen: the same for results.
    forced: what was forced upon the call (`engine.ablation`).
    """

    __slots__ = ("args", "forced", "frozen", "function", "kwargs", "output_frozen", "path", "result")

    def __init__(self, function: Callable[..., Any], args: Any, kwargs: Any, result: Any, path: str) -> None:
        self.function, self.args, self.kwargs, self.result, self.path = function, args, kwargs, result, path
        self.frozen: dict[int, Tensor] = {}
        self.output_frozen: dict[int, Tensor] = {}
        self.forced: tuple[Any, ...] = ()


class _Active(threading.local):
    """The module stack of the recorder that is active in this thread, None when there is none."""

    stack: list[str] | None = None


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

    def forward(self: nn.Module, *args: Any, **kwargs: Any) -> Any:
        stack = _active.stack
        if stack is None:
            return run(self, *args, **kwargs)
        stack.append(path)
        try:
            return run(self, *args, **kwargs)
        finally:
            stack.pop()

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


def _writes_always(function: Callable[..., Any]) -> bool:
    """relu_, add_, __iadd__, __setitem__: torch's names of functions that write into their first argument."""
    plain = getattr(function, "__name__", "")
    if plain.startswith("__"):
        return plain == "__setitem__" or (plain.startswith("__i") and plain not in ("__index__", "__int__", "__invert__"))
    return plain.endswith("_")


def _inplace_position(function: Callable[..., Any]) -> int:
    """Which argument says `inplace`, for F.relu(x, True) and its like; -1 for functions that do not know the word."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return -1
    return names.index("inplace") if "inplace" in names else -1


_manners: dict[Callable[..., Any], tuple[bool, int]] = {}


def _manner(function: Callable[..., Any]) -> tuple[bool, int]:
    """(writes in place always, position of `inplace`), looked up once per function."""
    manner = _manners[function] = (_writes_always(function), _inplace_position(function))
    return manner


class Recorder(TorchFunctionMode):
    """`with Recorder({"input": x}) as recorder: model(x)`; afterwards `recorder.calls` holds every call in order.

    The inputs come first, each a call of `given` whose path is the input's name. batch_axis: where their batch of one is,
    None where there is none.
    """

    def __init__(self, inputs: Mapping[str, Tensor], batch_axis: int | None = 0) -> None:
        super().__init__()
        self.calls = [Call(given, (batch_axis,), {}, tensor, name) for name, tensor in inputs.items()]
        self._by_storage: defaultdict[int, list[tuple[Tensor, dict[int, Tensor]]]] = defaultdict(list)
        self._indexed = 0

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
        stack = _active.stack
        call = Call(func, args, kwargs or {}, None, stack[-1] if stack else "")
        always, position = _manners.get(func) or _manner(func)
        if always or position >= 0 or (kwargs and "out" in kwargs):
            for target in _overwritten(call, always, position):
                self._freeze(call, target)
        result = self.run(call)
        call.result = args[0] if func is Tensor.__setitem__ else result
        self.calls.append(call)
        return result

    def run(self, call: Call) -> Any:
        """Let the call happen. Recorders that change what happens do it here."""
        return call.function(*call.args, **call.kwargs) if call.kwargs else call.function(*call.args)

    def _freeze(self, call: Call, target: Tensor) -> None:
        """Before `target` is overwritten, keep clones of all recorded tensors that share its memory."""
        storage = target.untyped_storage().data_ptr()
        clones: dict[int, Tensor] = {}
        own = [(tensor, call.frozen) for tensor in tensors_in((call.args, call.kwargs)) if _storage(tensor) == storage]
        for tensor, frozen in (*self._sharing(storage), *own):
            if id(tensor) not in frozen:
                if id(tensor) not in clones:
                    clones[id(tensor)] = tensor.clone()
                frozen[id(tensor)] = clones[id(tensor)]

    def _sharing(self, storage: int) -> list[tuple[Tensor, dict[int, Tensor]]]:
        """Recorded tensors in this memory, each with where its clone belongs. The index grows call by call, for most
        models never write in place, and looking through all calls each time would be quadratic."""
        for call in self.calls[self._indexed :]:
            for tensor in tensors_in((call.args, call.kwargs)):
                self._by_storage[_storage(tensor)].append((tensor, call.frozen))
            for tensor in tensors_in(call.result):
                self._by_storage[_storage(tensor)].append((tensor, call.output_frozen))
        self._indexed = len(self.calls)
        return self._by_storage[storage]


def _storage(tensor: Tensor) -> int:
    """Address of the tensor's memory; views share it. All recorded tensors are alive, so none is given twice."""
    return tensor.untyped_storage().data_ptr()


def _overwritten(call: Call, always: bool, position: int) -> Iterator[Tensor]:
    """The tensors that this call is about to write into."""
    args, kwargs = call.args, call.kwargs
    if "out" in kwargs:
        yield from tensors_in(kwargs["out"])
    asked = kwargs.get("inplace", len(args) > position >= 0 and args[position])
    if (always or asked) and args:
        yield from tensors_in(args[0])
