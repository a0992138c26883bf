"""What a request to one operation may say: each field knows its legal range and names it when the given value is outside."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError

SIDE, CHANNELS, KERNELS = 64, 8, 16  # the largest grids
CELLS = SIDE * SIDE * CHANNELS
OUTPUTS = 8 * CELLS  # numbers of a result
WINDOWS = 2**23  # numbers of all windows side by side, which torch lays out to convolve in float64: 64 MB
DEEPEST = 4
WORDS = {"nan": math.nan, "infinity": math.inf, "inf": math.inf, "+inf": math.inf, "-infinity": -math.inf, "-inf": -math.inf}

Array = NDArray[Any]


class OperationError(InputError):
    """A field of the request is outside its legal range. `parameter` names it, `legal` says the range."""

    code = "malformed-operation"

    def __init__(self, parameter: str, legal: str, message: str) -> None:
        super().__init__(message)
        self.parameter, self.legal = parameter, legal

    @property
    def extra(self) -> dict[str, str]:
        return {"parameter": self.parameter, "legal": self.legal}


@dataclass(frozen=True)
class Field:
    """One field of a request: `read` gives its value or raises OperationError; `default` stands where it is left out."""

    name: str
    legal: str
    read: Callable[[str, Any], Any]
    default: Any = None
    required: bool = False


def refused(name: str, legal: str, given: Any) -> OperationError:
    """The sentence for a value outside its range."""
    shown = repr(given) if not isinstance(given, int) or abs(given) < 10**20 else "a number of many digits"
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return OperationError(name, legal, f"{name} must be {legal}; got {shown}.")


def whole(name: str, low: int, high: int, default: int | None = None) -> Field:
    """A whole number from low to high."""
    legal = f"a whole number from {low} to {high}"
    return Field(name, legal, lambda key, value: _whole(key, value, low, high, legal), default, default is None)


def _whole(name: str, value: Any, low: int, high: int, legal: str) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise refused(name, legal, value)
    return value


def pair(name: str, low: int, high: int, default: Any) -> Field:
    """One whole number for both axes, or [rows, columns]. Read as a tuple of two."""
    legal = f"a whole number from {low} to {high}, or a list of two, [rows, columns]"

    def read(key: str, value: Any) -> tuple[int, int] | None:
        if value is None and default is None:
            return None
        if isinstance(value, (list, tuple)):
            if len(value) != 2:
                raise refused(key, legal, value)
            return _whole(key, value[0], low, high, legal), _whole(key, value[1], low, high, legal)
        both = _whole(key, value, low, high, legal)
        return both, both

    return Field(name, legal, read, default)


def number(name: str, low: float, high: float, default: float | None = None, *, above: bool = False) -> Field:
    """A finite number from low to high; above: low itself is not legal."""
    legal = f"a number {'above' if above else 'from'} {low:g} {'and up' if above else ''}to {high:g}"

    def read(key: str, value: Any) -> float:
        wrong = isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value)
        if wrong or not (low < value if above else low <= value) or value > high:
            raise refused(key, legal, value)
        return float(value)

    return Field(name, legal, read, default, default is None)


def choice(name: str, options: Sequence[str], default: str) -> Field:
    """One of some words."""
    legal = "one of " + ", ".join(f'"{option}"' for option in options)

    def read(key: str, value: Any) -> str:
        if not isinstance(value, str) or value not in options:
            raise refused(key, legal, value)
        return value

    return Field(name, legal, read, default)


def flag(name: str, default: bool) -> Field:
    """True or false."""

    def read(key: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise refused(key, "true or false", value)
        return value

    return Field(name, "true or false", read, default)


def grid(name: str, ranks: Sequence[int], *, required: bool = True) -> Field:
    """Nested lists of numbers, all lists of a depth equally long; NaN and infinities as words."""
    depth = " or ".join(map(str, ranks))
    legal = f"nested lists of numbers, {depth} deep, rows equally long, at most {SIDE} long and {CELLS} numbers in all"

    def read(key: str, value: Any) -> Array | None:
        if value is None and not required:
            return None
        values = array_of(key, value, legal)
        if values.ndim not in ranks:
            raise refused(key, legal, value)
        return values

    return Field(name, legal, read, None, required)


def array_of(name: str, value: Any, legal: str) -> Array:
    """The nested lists as float64; raises OperationError where they are ragged, empty, too large or hold no numbers."""
    shape = _shape(name, value, legal)
    if 0 in shape or any(side > SIDE for side in shape) or math.prod(shape) > CELLS:
        raise OperationError(name, legal, f"{name} has the shape {' x '.join(map(str, shape))}: it must be {legal}.")
    numbers: list[float] = []
    _collect(name, value, shape, legal, numbers)
    return np.array(numbers, dtype=np.float64).reshape(shape)


def _shape(name: str, value: Any, legal: str) -> tuple[int, ...]:
    """The shape by the first elements; `_collect` finds out whether the others agree."""
    shape: list[int] = []
    while isinstance(value, (list, tuple)):
        shape.append(len(value))
        if len(shape) > DEEPEST:
            raise OperationError(name, legal, f"{name} is nested too deeply: it must be {legal}.")
        if not value:
            break
        value = value[0]
    return tuple(shape)


def _collect(name: str, value: Any, shape: Sequence[int], legal: str, numbers: list[float]) -> None:
    """All numbers in reading order; raises OperationError at the first that is none or stands at another depth."""
    if not shape:
        numbers.append(_number(name, value, legal))
        return
    if not isinstance(value, (list, tuple)):
        raise OperationError(name, legal, f"{name} has numbers where it has lists elsewhere: it must be {legal}.")
    if len(value) != shape[0]:
        raise OperationError(name, legal, f"{name} has rows of different lengths: it must be {legal}.")
    for part in value:
        _collect(name, part, shape[1:], legal, numbers)


def _number(name: str, value: Any, legal: str) -> float:
    if isinstance(value, str) and value.strip().lower() in WORDS:
        return WORDS[value.strip().lower()]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise refused(name, legal, value)
    try:
        return float(value)
    except OverflowError:
        raise refused(name, legal, value) from None


def check_cells(parameter: str, count: int, most: int, what: str) -> None:
    """Refuse what would take too much memory, before torch takes it."""
    if count > most:
        legal = f"smaller: {what} would hold {count:,} numbers, and at most {most:,} are computed"
        raise OperationError(parameter, legal, f"{parameter} must be {legal}.")


def read_fields(op: str, fields: Sequence[Field], request: Mapping[str, Any]) -> dict[str, Any]:
    """The values of all fields by name. Raises OperationError for unknown, missing and illegal ones."""
    names = [field.name for field in fields]
    for name in request:
        if name not in names:
            legal = "one of " + ", ".join(names)
            raise OperationError(str(name), legal, f"{op} has no field {str(name)[:60]!r}; it takes {', '.join(names)}.")
    values = {}
    for field in fields:
        if field.required and request.get(field.name) is None:
            raise OperationError(field.name, field.legal, f"{field.name} is missing: give {field.legal}.")
        given = request.get(field.name, field.default)
        values[field.name] = field.read(field.name, field.default if given is None else given)
    return values
