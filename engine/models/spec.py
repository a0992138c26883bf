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
class TextInput:
    """A text as the network takes it: one id per token, (1, tokens). A token's id is its place in the vocabulary."""

    unit: Literal["character", "word"]
    vocabulary: tuple[str, ...] = field(default=(), repr=False)  # read with the weights
    max_length: int = 2000  # characters
    lowercase: bool = False
    normalisation: Literal["NFC", "NFD", "NFKC", "NFKD"] = "NFC"
    ends: str | None = None  # the token that ends a text, where the training texts have an end
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class SeriesInput:
    """A series of numbers as the network takes it: (value - mean) / std, (1, steps, features)."""

    features: int = 1
    unit_name: str | None = None  # key of the unit in content/
    mean: float = 0.0
    std: float = 1.0
    period: int | None = None  # steps after which the series about repeats itself
    minimum_length: int = 1
    max_length: int = 2000
    kind: Literal["series"] = "series"


Task = Literal["classify", "language", "tag", "transduce", "caption", "forecast", "worked"]
Pattern = Literal["one-to-one", "one-to-many", "many-to-one", "many-to-many", "many-to-many-delayed"]


@dataclass(frozen=True)
class ModelSpec:
    """One row of the table of models; `build` gives a fresh module that returns logits."""

    id: str
    build: Callable[[], nn.Module]
    input: ImageInput | TextInput | SeriesInput
    classes: tuple[str, ...]  # what each logit stands for: English keys, or the tokens that the model writes
    reference: str
    family: Literal["cnn", "rnn"] = "cnn"
    task: Task = "classify"
    cell: Literal["rnn", "lstm", "gru"] | None = None
    pattern: Pattern = "one-to-one"
    state_unit: float = 1.0  # states are shown in this unit; only a hand-set network has another one


@dataclass(frozen=True)
class Model:
    """A model ready to be run: in eval mode, its parameters frozen, with the card and digest of its weights."""

    spec: ModelSpec
    module: nn.Module = field(repr=False)
    card: dict[str, Any] = field(repr=False)
    digest: str  # sha256 of the weights file, or of the seeded random weights when there is none
