"""How often a model is right on pictures it has never met: the figures of its card, reproducible from the data."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..errors import EngineError
from ..models import WEIGHTS, find, read
from .data import Examples
from .recipes import RECIPES

BATCH = 256  # always the same batches, so that the figures are too


def evaluate(name: str, data: Path, weights: Path | None = None) -> dict[str, Any]:
    """The held-out figures of the model in a weights folder, as its card has them, those of simple methods included."""
    from .lessons import lesson_for  # which reads pictures by means of this module

    model, recipe = read(find(name), Path(weights or WEIGHTS)), RECIPES.get(name)
    if recipe is None:
        raise EngineError(f"{name!r} is set by hand, not trained: there is nothing to measure.")
    lesson = lesson_for(model.spec, recipe, Path(data), None)
    figures = lesson.figures(model.module)["held_out"]
    return {"model": name, "status": model.card["status"], "sha256": model.digest, **figures}


def scores(module: nn.Module, examples: Examples, classes: tuple[str, ...]) -> dict[str, Any]:
    """The figures of one module on one part of the data; row = true class, column = answer."""
    answers = logits_of(module, examples.images).argmax(1)
    count = len(classes)
    confusion = torch.bincount(examples.labels * count + answers, minlength=count * count).view(count, count)
    right, n = int(confusion.diagonal().sum()), len(examples)
    per_class = confusion.diagonal() / confusion.sum(1)
    return {
        "accuracy": round(right / n, 6),
        "right": right,
        "n": n,
        "interval_95": wilson(right, n),
        "per_class": {key: round(float(share), 4) for key, share in zip(classes, per_class, strict=True)},
        "confusion_matrix": confusion.tolist(),
    }


@torch.inference_mode()
def logits_of(module: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """The logits for uint8 pictures, batch by batch."""
    parts = [module(pixels(batch)) for batch in images.split(BATCH)]
    return torch.cat(parts).clone()


def pixels(images: Tensor) -> Tensor:
    """uint8 pictures as the networks take them: float32 in [0, 1]."""
    return images.float().div_(255).contiguous(memory_format=torch.channels_last)


def wilson(right: int, n: int) -> list[float]:
    """The 95 % interval of a share by Wilson's formula, which holds near 0 and 1 too."""
    z = 1.959964
    share = right / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return [round(middle - half, 4), round(middle + half, 4)]
