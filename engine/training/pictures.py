"""The lesson of a classifier of pictures: augmented views, mixing, and a teacher's softened answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from ..models import ImageInput, Model, ModelSpec
from .augment import AUGMENT, mix
from .data import DATA, Examples, load_splits
from .errors import TrainingError
from .evaluate import logits_of, pixels, scores
from .lesson import LossOf
from .recipes import Recipe

CHUNK = 512  # pictures augmented at once: fits the cache of a laptop


class Pictures:
    """Classes of pictures; see `lesson.Lesson`."""

    def __init__(self, spec: ModelSpec, recipe: Recipe, folder: Path, teacher: Model | None) -> None:
        assert isinstance(spec.input, ImageInput)
        self.spec, self.side, self.teacher = spec, spec.input.height, teacher
        self.splits = load_splits(recipe.data, folder)
        source = DATA[recipe.data]
        self.about = {"name": source.name, "licence": source.licence, "note": source.note}
        if teacher:
            channels_last(teacher.module)

    def steps(self, recipe: Recipe) -> int:
        # A last batch of a few pictures would upset batch normalisation; what it leaves out differs in each epoch.
        return max(1, len(self.splits.train) // recipe.batch_size)

    def prepare(self, module: nn.Module) -> nn.Module:
        return channels_last(module)

    def batches(self, epoch: int, recipe: Recipe, answers: dict[int, Tensor]) -> Iterator[LossOf]:
        images = self._views(recipe, epoch)
        taught = self._answers(epoch, recipe, images, answers)
        labels, classes = self.splits.train.labels, len(self.spec.classes)
        generator = generator_of(recipe.seed, epoch, 1)
        order = torch.randperm(len(labels), generator=generator)
        mixing = recipe.mix if epoch < 0.85 * recipe.epochs else 0.0
        for step in range(self.steps(recipe)):
            chosen = order[step * recipe.batch_size : (step + 1) * recipe.batch_size]
            x, targets = pixels(images[chosen]), F.one_hot(labels[chosen], classes).float()
            if torch.rand((), generator=generator) < mixing:
                x, targets = mix(x, targets, recipe.mix_alpha, generator)
            yield partial(_loss_of, x, targets, taught[chosen] if taught is not None else None, recipe)

    def validate(self, module: nn.Module, recipe: Recipe) -> tuple[float, float]:
        examples = self.splits.validation
        logits = logits_of(lambda x: module(_normalised(x, recipe)), examples.images)
        right = (logits.argmax(1) == examples.labels).float().mean()
        return float(right), float(F.cross_entropy(logits, examples.labels))

    def finish(self, module: nn.Module, recipe: Recipe) -> nn.Module:
        return fold_normalisation(module, recipe.mean, recipe.std)

    def figures(self, module: nn.Module) -> dict[str, dict[str, Any]]:
        parts: dict[str, Examples] = vars(self.splits)
        return {name: scores(module, part, self.spec.classes) for name, part in parts.items()}

    def _views(self, recipe: Recipe, epoch: int) -> Tensor:
        """This epoch's variation of every training picture, as uint8 and in the order of the data."""
        view = epoch % recipe.rounds if recipe.rounds else epoch
        generator = generator_of(recipe.seed, view, 0)
        size = _size(recipe, epoch, self.side)
        vary = AUGMENT[recipe.augment]
        parts = [vary(pixels(images), size, generator) for images in self.splits.train.images.split(CHUNK)]
        return torch.cat([(part * 255).round().to(torch.uint8) for part in parts])

    def _answers(self, epoch: int, recipe: Recipe, images: Tensor, answers: dict[int, Tensor]) -> Tensor | None:
        """The teacher's logits for these views; asked once where the views repeat."""
        if self.teacher is None:
            return None
        if recipe.rounds is None:
            return logits_of(self.teacher.module, images)
        view = epoch % recipe.rounds
        if view not in answers:
            answers[view] = logits_of(self.teacher.module, images)
        return answers[view]


def fold_normalisation(module: nn.Module, mean: float, std: float) -> nn.Module:
    """The same network for plain pixels: W ((x - mean) / std) + b = (W / std) x + (b - sum(W) mean / std).

    Exact only if the first convolution has a bias and does not pad: padding with 0 means another thing before and
    after normalisation.
    """
    if (mean, std) == (0.0, 1.0):
        return module
    first = next(layer for layer in module.modules() if isinstance(layer, nn.Conv2d))
    if first.bias is None or first.padding != (0, 0):
        raise TrainingError(f"{first} has padding or no bias, so mean {mean} and std {std} cannot be folded into it")
    with torch.no_grad():
        weight = first.weight.double() / std
        first.bias.copy_(first.bias.double() - weight.sum((1, 2, 3)) * mean)
        first.weight.copy_(weight)
    return module


def channels_last(module: nn.Module) -> nn.Module:
    """The layout of memory that convolutions on a CPU are quickest in."""
    return module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in torch's types


def generator_of(seed: int, epoch: int, purpose: int) -> Generator:
    """The random numbers of one epoch for one purpose, whatever came before."""
    return Generator().manual_seed((seed * 1_000_003 + epoch) * 10 + purpose)


def _size(recipe: Recipe, epoch: int, size: int) -> int:
    for begin, side in recipe.sizes:
        if epoch >= begin * recipe.epochs:
            size = side
    return size


def _normalised(x: Tensor, recipe: Recipe) -> Tensor:
    return ((x - recipe.mean) / recipe.std).contiguous(memory_format=torch.channels_last)


def _loss_of(x: Tensor, targets: Tensor, answers: Tensor | None, recipe: Recipe, module: nn.Module) -> Tensor:
    logits = module(_normalised(x, recipe))
    from_labels = F.cross_entropy(logits, targets, label_smoothing=recipe.label_smoothing)
    if answers is None:
        return from_labels
    t = recipe.temperature
    # Times t squared, so that the gradient keeps its size whatever the temperature (Hinton et al., 2015).
    from_teacher = (
        t * t * F.kl_div(F.log_softmax(logits / t, 1), F.log_softmax(answers / t, 1), reduction="batchmean", log_target=True)
    )
    return torch.lerp(from_labels, from_teacher, recipe.teacher_share)
