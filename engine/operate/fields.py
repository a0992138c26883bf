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
    """A field of the request is outside its legal range. `parameter` names it, `legal` says the range, `zh` is the
    sentence in Chinese for the pages."""

    code = "malformed-operation"

    def __init__(self, parameter: str, legal: str, message: str, zh: str = "") -> None:
        super().__init__(message)
        self.parameter, self.legal, self.zh = parameter, legal, zh

    @property
    def extra(self) -> dict[str, Any]:
        text = {"text": {"en": self.message, "zh": self.zh}} if self.zh else {}
        return {"parameter": self.parameter, "legal": self.legal, **text}


@dataclass(frozen=True)
class Field:
    """One field of a request: `read` gives its value or raises OperationError; `default` stands where it is left out.
    kind: whole, number, pair (one whole number or a list), choice, flag or grid (nested lists)."""

    name: str
    legal: str
    read: Callable[[str, Any], Any]
    default: Any = None
    required: bool = False
    legal_zh: str = ""
    kind: str = "grid"


def refused(name: str, legal: str, given: Any, legal_zh: str = "") -> OperationError:
    """The sentences for a value outside its range."""
    many = isinstance(given, int) and abs(given) >= 10**20  # Python refuses to write thousands of digits
    shown = "a number of many digits" if many else repr(given)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    zh = f"{name} 应是{legal_zh}，现在是 {'位数过多的数' if many else shown}。" if legal_zh else ""
    return OperationError(name, legal, f"{name} must be {legal}; got {shown}.", zh)


def whole(name: str, low: int, high: int, default: int | None = None) -> Field:
    """A whole number from low to high."""
    legal, legal_zh = f"a whole number from {low} to {high}", f" {low} 到 {high} 的整数"

    def read(key: str, value: Any) -> int:
        return _whole(key, value, low, high, legal, legal_zh)

    return Field(name, legal, read, default, default is None, legal_zh, "whole")


def _whole(name: str, value: Any, low: int, high: int, legal: str, legal_zh: str = "") -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise refused(name, legal, value, legal_zh)
    return value


def seed_field() -> Field:
    """A seed as torch takes it, up to 2^31 - 1."""
    return whole("seed", 0, 2**31 - 1, 0)


def pair(name: str, low: int, high: int, default: Any) -> Field:
    """One whole number for both axes, or [rows, columns]. Read as a tuple of two."""
    legal = f"a whole number from {low} to {high}, or a list of two, [rows, columns]"
    legal_zh = f" {low} 到 {high} 的整数，或两个整数 [行, 列]"

    def read(key: str, value: Any) -> tuple[int, int] | None:
        if value is None and default is None:
            return None
        if isinstance(value, (list, tuple)):
            if len(value) != 2:
                raise refused(key, legal, value, legal_zh)
            rows, columns = (_whole(key, part, low, high, legal, legal_zh) for part in value)
            return rows, columns
        both = _whole(key, value, low, high, legal, legal_zh)
        return both, both

    return Field(name, legal, read, default, legal_zh=legal_zh, kind="pair")


def number(name: str, low: float, high: float, default: float | None = None, *, above: bool = False) -> Field:
    """A finite number from low to high; above: low itself is not legal."""
    legal = f"a number {'above' if above else 'from'} {low:g} {'and up ' if above else ''}to {high:g}"
    legal_zh = f"{'大于' if above else '不小于'} {low:g}、不大于 {high:g} 的数"

    def read(key: str, value: Any) -> float:
        wrong = isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) == math.inf
        if wrong or not (low < value if above else low <= value) or value > high:
            raise refused(key, legal, value, legal_zh)
        return float(value)

    return Field(name, legal, read, default, default is None, legal_zh, "number")


def choice(name: str, options: Sequence[str], default: str) -> Field:
    """One of some words."""
    words = ", ".join(f'"{option}"' for option in options)
    legal, legal_zh = f"one of {words}", f"其中之一：{words}"

    def read(key: str, value: Any) -> str:
        if not isinstance(value, str) or value not in options:
            raise refused(key, legal, value, legal_zh)
        return value

    return Field(name, legal, read, default, legal_zh=legal_zh, kind="choice")


def flag(name: str, default: bool) -> Field:
    """True or false."""
    legal, legal_zh = "true or false", " true 或 false"

    def read(key: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise refused(key, legal, value, legal_zh)
        return value

    return Field(name, legal, read, default, legal_zh=legal_zh, kind="flag")


def grid(name: str, ranks: Sequence[int], *, required: bool = True) -> Field:
    """Nested lists of numbers, all lists of a depth equally long; NaN and infinities as words."""
    depth = " or ".join(map(str, ranks))
    legal = f"nested lists of numbers, {depth} deep, rows equally long, at most {SIDE} long and {CELLS} numbers in all"
    legal_zh = f"嵌套 {depth.replace(' or ', ' 或 ')} 层的数字列表，各行等长，每边最多 {SIDE}，总共最多 {CELLS} 个数"

    def read(key: str, value: Any) -> Array | None:
        if value is None and not required:
            return None
        values = array_of(key, value, legal, legal_zh)
        if values.ndim not in ranks:
            raise refused(key, legal, value, legal_zh)
        return values

    return Field(name, legal, read, None, required, legal_zh)


def array_of(name: str, value: Any, legal: str, legal_zh: str = "") -> Array:
    """The nested lists as float64; raises OperationError where they are ragged, empty, too large or hold no numbers."""

    def wrong(en: str, zh: str) -> OperationError:
        return OperationError(
            name, legal, f"{name} {en}: it must be {legal}.", f"{name} {zh}：应是{legal_zh}。" if legal_zh else ""
        )

    def collect(value: Any, shape: Sequence[int]) -> None:
        """All numbers in reading order; raises OperationError at the first that is none or stands at another depth."""
        if not shape:
            numbers.append(_number(name, value, legal, legal_zh))
            return
        if not isinstance(value, (list, tuple)):
            raise wrong("has numbers where it has lists elsewhere", "有的地方是数，有的地方是列表")
        if len(value) != shape[0]:
            raise wrong("has rows of different lengths", "各行长度不一")
        for part in value:
            collect(part, shape[1:])

    numbers: list[float] = []
    shape = _shape(value)
    if len(shape) > DEEPEST:
        raise wrong("is nested too deeply", "嵌套太深")
    if 0 in shape or any(side > SIDE for side in shape) or math.prod(shape) > CELLS:
        sizes = " x ".join(map(str, shape))
        raise wrong(f"has the shape {sizes}", f"的大小是 {sizes}")
    collect(value, shape)
    return np.array(numbers, dtype=np.float64).reshape(shape)


def _shape(value: Any) -> tuple[int, ...]:
    """The shape by the first elements, as far as it may go."""
    shape: list[int] = []
    while isinstance(value, (list, tuple)) and len(shape) <= DEEPEST:
        shape.append(len(value))
        if not value:
            break
        value = value[0]
    return tuple(shape)


def _number(name: str, value: Any, legal: str, legal_zh: str) -> float:
    if isinstance(value, str) and value.strip().lower() in WORDS:
        return WORDS[value.strip().lower()]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise refused(name, legal, value, legal_zh)
    try:
        return float(value)
    except OverflowError:
        raise refused(name, legal, value, legal_zh) from None


def check_cells(parameter: str, count: int, most: int, what: str, zh: str = "结果") -> None:
    """Refuse what would take too much memory, before torch takes it."""
    if count > most:
        legal = f"smaller: {what} would hold {count:,} numbers, and at most {most:,} are computed"
        chinese = f"{parameter} 太大：{zh}会有 {count:,} 个数，最多计算 {most:,} 个。"
        raise OperationError(parameter, legal, f"{parameter} must be {legal}.", chinese)


def read_fields(op: str, fields: Sequence[Field], request: Mapping[str, Any]) -> dict[str, Any]:
    """The values of all fields by name. Raises OperationError for unknown, missing and illegal ones."""
    names = [field.name for field in fields]
    for name in request:
        if name not in names:
            legal = "one of " + ", ".join(names)
            shown, known = repr(str(name)[:60]), ", ".join(names)
            raise OperationError(
                str(name), legal, f"{op} has no field {shown}; it takes {known}.", f"{op} 没有 {shown} 这一项；它有 {known}。"
            )
    values = {}
    for field in fields:
        if field.required and request.get(field.name) is None:
            zh = f"缺少 {field.name}：应是{field.legal_zh}。" if field.legal_zh else ""
            raise OperationError(field.name, field.legal, f"{field.name} is missing: give {field.legal}.", zh)
        given = request.get(field.name, field.default)
        values[field.name] = field.read(field.name, field.default if given is None else given)
    return values
