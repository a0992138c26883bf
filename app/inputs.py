"""What a model takes, by the kind of its input: told to people, made from what they sent, or blank."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import torch
from torch import Tensor

from engine.models import ImageInput, Model, ModelSpec, SeriesInput, TextInput
from engine.preprocess import EDGE, prepare
from engine.series import LARGEST, prepare_series
from engine.text import prepare_text

from .problems import Problem
from .serialize import data_url
from .settings import Settings
from .store import Recipe
from .uploads import ROOMY, Upload, open_picture

InputSpec = ImageInput | TextInput | SeriesInput

TAKES = {"image": ("image", "sample", "values"), "text": ("text", "sample"), "series": ("values", "sample")}
HOW = {
    "image": "looks at pictures; send one in the field 'image', for instance -F image=@photo.jpg",
    "text": "reads text; send some in the field 'text', for instance -F text='so be it'",
    "series": "reads a series of numbers; send them as a JSON list in the field 'values', for instance -F 'values=[3, 1, 2]'",
}
BLANK_STEPS = 4  # of the run from which the graph is read


@dataclass(frozen=True)
class Taken:
    """The tensor for the model, and what the answer says of where it came from."""

    tensor: Tensor
    source: dict[str, Any] | None = None  # format, width, height and mode of a file
    preparation: list[dict[str, Any]] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)  # text, tokens, steps; values; language


# Told to people


def described(spec: InputSpec) -> dict[str, Any]:
    """The entry `input` of GET /models."""
    if isinstance(spec, ImageInput):
        return told(spec, "kind", "channels", "height", "width", "mean", "std", "preparation")
    if isinstance(spec, TextInput):
        return {**told(spec, "kind", "unit", "max_length", "lowercase"), "vocabulary_size": len(spec.vocabulary)}
    names = ("kind", "features", "mean", "std", "period", "minimum_length", "max_length")
    return {**told(spec, *names), "unit": spec.unit_name}


def told(spec: InputSpec, *names: str) -> dict[str, Any]:
    """Some fields by name."""
    return {name: getattr(spec, name) for name in names}


def vocabularies(spec: ModelSpec) -> dict[str, Any]:
    """The tokens a model reads, and those it writes where they are not the same; nothing for pictures and series."""
    read = spec.input.vocabulary if isinstance(spec.input, TextInput) else None
    written = spec.classes if spec.task in ("transduce", "caption") else None
    return {key: words for key, words in (("vocabulary", read), ("output_vocabulary", written)) if words is not None}


def check_kind(spec: ModelSpec, kind: str) -> None:
    """Raise Problem when the model cannot take that field."""
    if kind not in TAKES[spec.input.kind]:
        raise Problem("wrong-input", f"'{spec.id}' cannot take the field '{kind}': it {HOW[spec.input.kind]}.")


# Made from what they sent


def taken(recipe: Recipe, model: Model, settings: Settings) -> Taken:
    """The input of a recipe as the model takes it; raises Problem or InputError with what to send instead."""
    spec = model.spec.input
    if isinstance(spec, TextInput):
        return _text(recipe.data.decode(), spec)
    if isinstance(spec, SeriesInput):
        return _series(recipe.data, spec)
    if recipe.kind == "values":
        return Taken(values_tensor(recipe.data, spec))
    return _picture(recipe.data, spec, settings)


def _text(text: str, spec: TextInput) -> Taken:
    prepared = prepare_text(text, spec)
    tokens = [
        {"text": token.text, "id": token.id, "start": token.start, "stop": token.stop, "known": token.known}
        for token in prepared.tokens
    ]
    steps = [{"name": step.name, "detail": step.detail} for step in prepared.steps]
    return Taken(prepared.tensor, said={"text": text, "tokens": tokens, "steps": steps})


def _series(data: bytes, spec: SeriesInput) -> Taken:
    try:
        values = orjson.loads(data)
    except ValueError:
        example = "[112.5, 98.2, 130]" if spec.features == 1 else str([[1.0] * spec.features, [2.0] * spec.features])
        raise Problem(
            "malformed-values",
            f"The values are not JSON, where NaN and Infinity are no numbers; send a list such as {example}.",
        ) from None
    prepared = prepare_series(values, spec)
    steps = [{"name": name, "detail": detail} for name, detail in prepared.steps]
    return Taken(prepared.tensor, said={"values": values, "steps": steps})


def _picture(data: bytes, spec: ImageInput, settings: Settings) -> Taken:
    enough = EDGE if spec.preparation == "drawing" else ROOMY * max(spec.height, spec.width)
    upload = open_picture(data, settings.max_pixels, enough)
    prepared = prepare(upload.picture, spec)
    preparation = [_step(step.name, step.picture, step.detail) for step in prepared.steps]
    preparation[0]["detail"] = {**preparation[0]["detail"], "file_width": upload.width, "file_height": upload.height}
    return Taken(prepared.tensor, _source(upload), preparation)


def _step(name: str, picture: Any, detail: dict[str, Any]) -> dict[str, Any]:
    size = {"width": picture.width, "height": picture.height}
    return {"name": name, **size, "detail": detail, "picture": data_url(picture)}


def _source(upload: Upload) -> dict[str, Any]:
    return {"format": upload.format, "width": upload.width, "height": upload.height, "mode": upload.mode}


def values_tensor(data: bytes, spec: ImageInput) -> Tensor:
    """The caller's own numbers, nested as the network's input is: they are taken as they are."""
    try:
        array = np.asarray(orjson.loads(data))
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise _malformed(spec, "are not JSON numbers in equally long lists") from None
    if array.dtype.kind not in "iuf":  # numpy would read the string "1" as the number 1
        raise _malformed(spec, "hold something that is not a number")
    if array.shape != spec.shape:
        raise _malformed(spec, f"have the shape {list(array.shape)}")
    if not (np.abs(array) <= LARGEST).all():
        raise _malformed(spec, "hold a number that is not finite or beyond a million")
    return torch.from_numpy(array[None].astype(np.float32))


def _malformed(spec: ImageInput, fault: str) -> Problem:
    return Problem(
        "malformed-values", f"The values {fault}; send nested lists of numbers of the shape {list(spec.shape)} as JSON."
    )


# Blank


def blank(spec: ModelSpec) -> Tensor:
    """An input of zeros: names, hyperparameters and the shapes of a network do not depend on what it reads."""
    steps = steps_of_blank(spec) or 0
    if isinstance(spec.input, TextInput):
        return torch.zeros(1, steps, dtype=torch.int64)
    if isinstance(spec.input, SeriesInput):
        return torch.zeros(1, steps, spec.input.features)
    return torch.zeros(1, *spec.input.shape)


def steps_of_blank(spec: ModelSpec) -> int | None:
    """The steps of the blank input; None where there is no time."""
    if isinstance(spec.input, ImageInput):
        return None
    return max(BLANK_STEPS, getattr(spec.input, "minimum_length", 0))


def decoding(language: str) -> dict[str, str]:
    """The options of a decoder that can be told in which language to write."""
    return {"language": language} if language else {}


def default_language(spec: ModelSpec) -> str:
    """What a caption is written in when nobody says; empty for models that have no choice."""
    return "en" if spec.task == "caption" else ""
