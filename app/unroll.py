"""From a recipe to a trace: bytes to picture, picture to tensor, tensor through the network under the recorder."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import torch
from torch import Tensor

import engine
from engine.models import ImageInput
from engine.preprocess import EDGE, prepare

from .catalogue import Catalogue
from .problems import Problem
from .serialize import data_url
from .settings import Settings
from .store import Recipe, Unrolled
from .uploads import ROOMY, Upload, open_picture

LARGEST_VALUE = 1e6  # beyond this a deep network overflows float32


def unroll(recipe: Recipe, catalogue: Catalogue, settings: Settings) -> Unrolled:
    """Run the model on the recipe's input and keep everything."""
    model = catalogue.entry(recipe.model).model
    tensor, source, preparation = _input(recipe, model.spec.input, settings)
    trace = engine.trace(model, tensor)
    return Unrolled(recipe.id, trace, recipe.model, _kind(recipe), recipe.sample, source, preparation)


def _kind(recipe: Recipe) -> str:
    return "values" if recipe.kind == "values" else "image"


def _input(recipe: Recipe, spec: ImageInput, settings: Settings) -> tuple[Tensor, dict[str, Any] | None, list[dict[str, Any]]]:
    """The tensor, what the file was, and the steps between them."""
    if recipe.kind == "values":
        return values_tensor(recipe.data, spec), None, []
    enough = EDGE if spec.preparation == "drawing" else ROOMY * max(spec.height, spec.width)
    upload = open_picture(recipe.data, settings.max_pixels, enough)
    prepared = prepare(upload.picture, spec)
    preparation = [_step(step.name, step.picture, step.detail) for step in prepared.steps]
    preparation[0]["detail"] = {**preparation[0]["detail"], "file_width": upload.width, "file_height": upload.height}
    return prepared.tensor, _source(upload), preparation


def _step(name: str, picture: Any, detail: dict[str, Any]) -> dict[str, Any]:
    size = {"width": picture.width, "height": picture.height}
    return {"name": name, **size, "detail": detail, "picture": data_url(picture)}


def _source(upload: Upload) -> dict[str, Any]:
    return {"format": upload.format, "width": upload.width, "height": upload.height, "mode": upload.mode}


def values_tensor(data: bytes, spec: ImageInput) -> Tensor:
    """The caller's own numbers, nested as the network's input is: they are taken as they are."""
    try:
        array = np.asarray(orjson.loads(data), dtype=np.float32)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise _malformed(spec, "are not JSON numbers in equally long lists") from None
    if array.shape != spec.shape:
        raise _malformed(spec, f"have the shape {list(array.shape)}")
    if not (np.abs(array) <= LARGEST_VALUE).all():
        raise _malformed(spec, "hold a number that is not finite or beyond a million")
    return torch.from_numpy(array[None].copy())


def _malformed(spec: ImageInput, fault: str) -> Problem:
    return Problem(
        "malformed-values", f"The values {fault}; send nested lists of numbers of the shape {list(spec.shape)} as JSON."
    )
