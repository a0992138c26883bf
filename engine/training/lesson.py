"""What a training run learns from: the loop knows only this, whether the examples are pictures, texts or numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from torch import Tensor, nn

from ..models import Model
from .recipes import Recipe

LossOf = Callable[[nn.Module], Tensor]


class Lesson(Protocol):
    """Data in three parts, and how a network is fitted to and judged on them."""

    about: dict[str, Any]  # for the card: name, licence, note
    teacher: Model | None

    def steps(self, recipe: Recipe) -> int:
        """Batches per epoch."""

    def prepare(self, module: nn.Module) -> nn.Module:
        """A fresh module as the lesson wants it, for instance with parts that are not to be trained."""

    def batches(self, epoch: int, recipe: Recipe, answers: dict[int, Tensor]) -> Iterator[LossOf]:
        """The losses of one epoch, batch by batch; `answers` keeps what a teacher said, from epoch to epoch."""

    def validate(self, module: nn.Module, recipe: Recipe) -> tuple[float, float]:
        """(a share or another figure for people, the loss that chooses the epoch) on the validation part."""

    def finish(self, module: nn.Module, recipe: Recipe) -> nn.Module:
        """The module as it is shipped."""

    def figures(self, module: nn.Module) -> dict[str, dict[str, Any]]:
        """The figures of each part: train, validation, held_out."""
