"""What a model of ours is: how it is built, what it takes in, what it answers, and the card of its weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from torch import nn


@dataclass(frozen=True)
class ImageInput:
    """A picture as the network takes it: pixels in [0, 1], then (pixel - mean) / std per channel."""

    channels: int
    height: int
    width: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    preparation: Literal["photo", "drawing"]  # a drawing is centred, white strokes on black
    kind: Literal["image"] = "image"

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width), without the batch."""
        return (self.channels, self.height, self.width)


@dataclass(frozen=True)
class ModelSpec:
    """One row of the table of models; `build` gives a fresh module that returns logits."""

    id: str
    build: Callable[[], nn.Module]
    input: ImageInput
    classes: tuple[str, ...]  # English keys; the words for people live in content/
    reference: str
    family: str = "cnn"


@dataclass(frozen=True)
class Model:
    """A model ready to be run: in eval mode, its parameters frozen, with the card and digest of its weights."""

    spec: ModelSpec
    module: nn.Module = field(repr=False)
    card: dict[str, Any] = field(repr=False)
    digest: str  # sha256 of the weights file, or of the seeded random weights when there is none
