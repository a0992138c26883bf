"""From a series of numbers to what a forecaster reads: checked, scaled by the mean and deviation of the training series."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import torch
from torch import Tensor

from engine.errors import InputError
from engine.models.spec import SeriesInput

LARGEST = 1e6  # beyond this the squared numbers of a network overflow float32


class MalformedValues(InputError):
    """The values are not the numbers that the network takes."""

    code = "malformed-values"


class EmptySeries(InputError):
    """There is no value."""

    code = "empty-series"


class SeriesTooShort(InputError):
    """Fewer steps than the network needs."""

    code = "series-too-short"


class SeriesTooLong(InputError):
    """More steps than the network is offered for."""

    code = "series-too-long"


@dataclass(frozen=True)
class PreparedSeries:
    """(1, steps, features) float32 for the network, the values as given, and how they were scaled."""

    tensor: Tensor
    values: tuple[tuple[float, ...], ...]
    steps: tuple[tuple[str, dict[str, Any]], ...]


def prepare_series(values: Sequence[Any], spec: SeriesInput) -> PreparedSeries:
    """Numbers, one per step, or one list of `spec.features` numbers per step.

    Raises EmptySeries, SeriesTooShort, SeriesTooLong and MalformedValues, which names the place that is no number.
    """
    _check_length(values, spec)
    rows = tuple(_row(value, place, spec.features) for place, value in enumerate(values))
    tensor = torch.tensor([rows], dtype=torch.float64)
    scaled = ((tensor - spec.mean) / spec.std).float()
    return PreparedSeries(
        scaled,
        rows,
        (
            ("values", {"count": len(rows), "minimum": float(tensor.min()), "maximum": float(tensor.max())}),
            ("scaled", {"mean": spec.mean, "std": spec.std}),
        ),
    )


def unscale(values: Tensor, spec: SeriesInput) -> Tensor:
    """What the network answers, in the unit of the series."""
    return values * spec.std + spec.mean


def _check_length(values: Sequence[Any], spec: SeriesInput) -> None:
    if not isinstance(values, Sequence) or isinstance(values, (str, bytes)):
        raise MalformedValues("Give the series as a list of numbers.")
    if not values:
        raise EmptySeries("The series is empty; give numbers, for instance [12.5, 13, 14.2].")
    if len(values) < spec.minimum_length:
        raise SeriesTooShort(f"The series has {len(values)} steps; give at least {spec.minimum_length}.")
    if len(values) > spec.max_length:
        raise SeriesTooLong(f"The series has {len(values):,} steps; give {spec.max_length:,} at most.")


def _row(value: Any, place: int, features: int) -> tuple[float, ...]:
    row = value if isinstance(value, Sequence) and not isinstance(value, (str, bytes)) else [value]
    if len(row) != features:
        each = "one number" if features == 1 else f"a list of {features} numbers"
        raise MalformedValues(f"Step {place + 1} of the series has {len(row)} numbers; give {each} per step.")
    return tuple(_number(number, place) for number in row)


def _number(value: Any, place: int) -> float:
    if not isinstance(value, Real) or isinstance(value, bool):
        raise MalformedValues(f"Step {place + 1} of the series, {str(value)[:40]!r}, is not a number.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not abs(number) <= LARGEST:
        raise MalformedValues(f"Step {place + 1} of the series is not finite or beyond a million; leave it out.")
    return number
