"""Calls that write into their arguments: which do, and how the record keeps what they are about to overwrite.

Keeping it by a clone costs two passes over the memory, the clone and the call. Where the tensor's memory is its own and
nobody else's, one is enough: the call runs out of place into fresh memory, the tensor moves there, and the old memory,
untouched, stays with the record. `has_memory_to_itself` decides; in doubt there is a clone.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.record import tensors_in

Function = Callable[..., Any]

ELSEWHERE: dict[Function, Function] = {
    **{each: each for each in (F.relu, F.relu6, F.leaky_relu, F.elu, F.selu, F.celu, F.silu, F.mish, F.hardtanh)},
    **{each: each for each in (F.hardswish, F.hardsigmoid)},
    **{torch.relu_: torch.relu, Tensor.relu_: Tensor.relu, torch.tanh_: torch.tanh, Tensor.tanh_: Tensor.tanh},
    **{torch.sigmoid_: torch.sigmoid, Tensor.sigmoid_: Tensor.sigmoid},
    **{Tensor.add_: Tensor.add, Tensor.sub_: Tensor.sub, Tensor.mul_: Tensor.mul, Tensor.div_: Tensor.div},
}
"""Functions that write in place -> the same out of place, to the bit: cell by cell, without chance. `y += x` is `add_`."""


class Manner(NamedTuple):
    """How a function writes into its first argument: always, or when the argument at `position` (`inplace`) says so."""

    always: bool
    position: int
    elsewhere: Function | None


class _Manners(dict[Function, Manner | None]):
    """The manner of every function met so far; None for those that never write into their first argument."""

    def __missing__(self, function: Function) -> Manner | None:
        manner = Manner(_writes_always(function), _inplace_position(function), ELSEWHERE.get(function))
        found = self[function] = manner if manner.always or manner.position >= 0 else None
        return found


MANNERS = _Manners()


def _writes_always(function: Function) -> bool:
    """relu_, add_, __iadd__, __setitem__: torch's names of functions that write into their first argument."""
    plain = getattr(function, "__name__", "")
    if plain.startswith("__"):
        return plain == "__setitem__" or (plain.startswith("__i") and plain not in ("__index__", "__int__", "__invert__"))
    return plain.endswith("_")


def _inplace_position(function: Function) -> int:
    """Which argument says `inplace`, for F.relu(x, True) and its like; -1 for functions that do not know the word."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return -1
    return names.index("inplace") if "inplace" in names else -1


def writes(manner: Manner, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether this call of a function with that manner writes into its first argument."""
    always, position, _ = manner
    return bool(always or kwargs.get("inplace", len(args) > position >= 0 and args[position]))


def overwritten(manner: Manner | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[Tensor]:
    """The tensors that this call is about to write into."""
    if "out" in kwargs:
        yield from tensors_in(kwargs["out"])
    if manner and writes(manner, args, kwargs):
        yield from tensors_in(args[0] if args else kwargs.get("input"))


def out_of_place(manner: Manner, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...] | None:
    """(function, args, kwargs) that compute elsewhere what this call would write into its first argument; None where
    that may differ, or where somebody else would notice that the tensor moved."""
    if manner.elsewhere is None or "out" in kwargs or not args or not has_memory_to_itself(args[0]):
        return None
    if not all(_keeps_type(value, args[0]) for value in (*args[1:], *kwargs.values())):
        return None
    if manner.position >= 0:
        args = tuple(False if place == manner.position else value for place, value in enumerate(args))
        kwargs = {key: False if key == "inplace" else value for key, value in kwargs.items()}
    return manner.elsewhere, args, kwargs


def _keeps_type(operand: Any, target: Tensor) -> bool:
    """Whether the result with this operand has the target's type: torch would convert it when it writes in place."""
    return operand.dtype == target.dtype if isinstance(operand, Tensor) else isinstance(operand, (bool, int, float))


def has_memory_to_itself(tensor: Tensor) -> bool:
    """Whether nothing but this one Python object leads to the tensor's memory, which it fills.

    Views, `detach` and `data` hold the memory; so does who asked for the storage. What DLPack exports holds the tensor.
    A numpy array does neither, but its memory may no longer be resized. Outside inference mode autograd may hold anything.
    """
    if type(tensor) is not Tensor or not tensor.is_inference() or not tensor.is_floating_point():
        return False
    storage = tensor.untyped_storage()
    if storage.nbytes() != tensor.nbytes or not storage.resizable():
        return False
    return (use_count(storage._cdata), sys.getrefcount(storage), tensor._use_count()) == _ALONE  # type: ignore[attr-defined]


def _alone() -> tuple[int, int, int] | None:
    """What is counted above, of a new tensor: references to its memory, to Python's handle on that memory, and to the
    tensor from outside Python. None where this release of torch does not tell: then everything is cloned."""
    try:
        tensor = torch.empty(1)
        storage = tensor.untyped_storage()
        return use_count(storage._cdata), sys.getrefcount(storage), tensor._use_count()  # type: ignore[attr-defined]
    except (AttributeError, TypeError):
        return None


use_count: Any = getattr(torch._C, "_storage_Use_Count", None)
_ALONE = _alone()
