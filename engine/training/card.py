"""The model card: what the weights are, how they were made, how good they are and where they fail, as JSON."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as bytes_from_tensors
from torch import nn

from ..models import Model, ModelSpec
from .data import SPLIT_SEED
from .recipes import Recipe

DATE = "2026-11-20"  # of the recipes; a card without a clock is the same each time

FIELDS = (
    "model",
    "status",
    "reference",
    "data",
    "command",
    "seed",
    "epochs",
    "hyperparameters",
    "teacher",
    "held_out",
    "validation",
    "train",
    "classes",
    "confusion_matrix",
    "parameters",
    "bytes",
    "sha256",
    "date",
    "torch",
    "limits",
)


@dataclass(frozen=True)
class Outcome:
    """What came out of a training run: the module for plain pixels and the figures of each part of the data."""

    spec: ModelSpec
    recipe: Recipe
    teacher: Model | None
    module: nn.Module
    epochs: dict[str, int]  # planned, run, kept
    figures: dict[str, dict[str, Any]]  # by part: train, validation, held_out
    source: dict[str, Any]  # of the data: name, licence, note


def save(outcome: Outcome, out: Path) -> dict[str, Any]:
    """Write `<id>.safetensors` and `<id>.json` into a folder and return the card."""
    tensors = {key: tensor.contiguous() for key, tensor in outcome.module.state_dict().items()}
    data = bytes_from_tensors(tensors)
    card = json.dumps(describe(outcome, data), ensure_ascii=False, indent=1) + "\n"
    out.mkdir(parents=True, exist_ok=True)
    _replace(out / f"{outcome.spec.id}.safetensors", data)
    _replace(out / f"{outcome.spec.id}.json", card.encode())
    return json.loads(card)  # what a reader of the file gets, lists for tuples included


def describe(outcome: Outcome, data: bytes) -> dict[str, Any]:
    """The card of these weights, whose file holds `data`; its keys are FIELDS."""
    spec, recipe, figures = outcome.spec, outcome.recipe, outcome.figures
    elsewhere = ("data", "teacher", "limits", "then")
    stages = [_told(stage, elsewhere) for stage in recipe.stages()]
    return {
        "model": spec.id,
        "status": "trained",
        "reference": spec.reference,
        "data": {
            **outcome.source,
            "split_seed": SPLIT_SEED,
            "sizes": {part: scores["n"] for part, scores in figures.items()},
        },
        "command": f"unrolled train {spec.id} --data DIR",
        "seed": recipe.seed,
        "epochs": outcome.epochs,
        "hyperparameters": stages,
        "teacher": outcome.teacher and {"model": outcome.teacher.spec.id, "sha256": outcome.teacher.digest},
        "held_out": {key: value for key, value in figures["held_out"].items() if key != "confusion_matrix"},
        "validation": _short(figures["validation"]),
        "train": _short(figures["train"]),
        "classes": list(spec.classes) if spec.task == "classify" else len(spec.classes),
        "confusion_matrix": figures["held_out"].get("confusion_matrix"),
        "parameters": sum(p.numel() for p in outcome.module.parameters()),
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "date": DATE,
        "torch": torch.__version__,
        "limits": recipe.limits,
    }


def _told(stage: Recipe, elsewhere: tuple[str, ...]) -> dict[str, Any]:
    """A stage's hyperparameters; of a sequence's only those that differ from a recipe's defaults."""
    values = {key: value for key, value in dataclasses.asdict(stage).items() if key not in elsewhere}
    if stage.augment != "none":
        return {key: value for key, value in values.items() if key not in ("clip", "threads", "word_dropout")}
    defaults = {field.name: field.default for field in dataclasses.fields(stage)}
    return {key: value for key, value in values.items() if key != "augment" and value != defaults[key]}


def _short(figures: dict[str, Any]) -> dict[str, Any]:
    """What is said of the parts that are no test."""
    if "accuracy" in figures and "confusion_matrix" in figures:
        return {key: figures[key] for key in ("accuracy", "n")}
    return figures


def _replace(file: Path, data: bytes) -> None:
    half = file.with_name(file.name + ".part")
    half.write_bytes(data)
    half.replace(file)
