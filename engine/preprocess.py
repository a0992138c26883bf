"""Pictures to tensors, step by step, so that every step can be shown.

A photograph is cropped to a square and shrunk. A drawing is prepared as MNIST was: the strokes' bounding box is fitted
into 20x20 with anti-aliasing, and placed so that its centre of mass is the centre of a 28x28 picture (LeCun et al., the
MNIST database, 1998); LeNet's 32x32 input adds two cells of ground on each side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from engine.errors import InputError
from engine.models.spec import ImageInput

DIGIT_BOX = 20
"""MNIST's digits fit into 20x20 of their 28x28 pixels."""

INK = 0.08
"""Below this share of the strongest stroke a pixel counts as ground: paper noise, JPEG ringing."""

EDGE = 512
"""Drawings are measured at most at this size: a larger photograph of a sheet adds time, not accuracy."""


@dataclass(frozen=True)
class PreparationStep:
    """A picture on its way to the network: the step's name, the picture after it, and its figures."""

    name: str
    picture: Image.Image
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """tensor: (1, channels, height, width) float32; steps: how it came about, the upload first."""

    tensor: Tensor
    steps: tuple[PreparationStep, ...]


def prepare(picture: Image.Image, spec: ImageInput) -> Prepared:
    """The picture as the network takes it, with every step on the way.

    Raises InputError for an empty drawing: there is nothing to centre.
    """
    preparations: dict[str, Callable[[Image.Image, ImageInput], Iterator[PreparationStep]]] = {
        "photo": _photo,
        "drawing": _drawing,
    }
    steps = tuple(preparations[spec.preparation](picture, spec))
    return Prepared(to_tensor(steps[-1].picture, spec), steps)


def to_tensor(picture: Image.Image, spec: ImageInput) -> Tensor:
    """(pixel / 255 - mean) / std per channel, (1, C, H, W) float32."""
    pixels = np.asarray(picture, dtype=np.float32).reshape(spec.height, spec.width, spec.channels)
    scaled = (pixels / np.float32(255) - np.array(spec.mean, np.float32)) / np.array(spec.std, np.float32)
    return torch.from_numpy(np.ascontiguousarray(scaled.transpose(2, 0, 1))[None])


def _photo(picture: Image.Image, spec: ImageInput) -> Iterator[PreparationStep]:
    mode = "RGB" if spec.channels == 3 else "L"
    picture = picture.convert(mode)
    yield PreparationStep("decoded", picture, {"width": picture.width, "height": picture.height})
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    picture = picture.crop((left, top, left + side, top + side))
    yield PreparationStep("square", picture, {"left": left, "top": top, "side": side})
    # An area average when shrinking: the anti-aliasing that Tiny ImageNet's pictures have too.
    picture = picture.resize((spec.width, spec.height), Image.Resampling.BOX if side > spec.width else Image.Resampling.BICUBIC)
    yield PreparationStep("resized", picture, {"from": side, "width": spec.width, "height": spec.height})


def _drawing(picture: Image.Image, spec: ImageInput) -> Iterator[PreparationStep]:
    yield PreparationStep("decoded", picture, {"width": picture.width, "height": picture.height})
    picture = picture.convert("L")
    if max(picture.size) > EDGE:
        picture.thumbnail((EDGE, EDGE), Image.Resampling.BOX)
    yield PreparationStep("grey", picture)
    ground = _ground(picture)
    if ground > 127:
        picture = ImageOps.invert(picture)
        yield PreparationStep("inverted", picture, {"ground": ground})
    picture = _without_ground(picture)
    box = _ink_box(picture)
    picture = picture.crop(box)
    yield PreparationStep("cropped", picture, {"box": list(box)})
    picture = _fitted(picture)
    yield PreparationStep("fitted", picture, {"width": picture.width, "height": picture.height, "box": DIGIT_BOX})
    picture, centre = _centred(picture, spec)
    yield PreparationStep("centred", picture, {"centre_of_mass": centre})


def _ground(picture: Image.Image) -> int:
    """The grey of the paper: the median along the border."""
    pixels = np.asarray(picture)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return int(np.median(border))


def _without_ground(picture: Image.Image) -> Image.Image:
    """Strokes stretched to full white on a black ground; uneven paper below INK of the strongest stroke goes."""
    pixels = np.asarray(picture, dtype=np.float32)
    pixels = np.clip(pixels - float(_ground(picture)), 0, None)
    strongest = float(pixels.max(initial=0.0))
    if strongest < 16:
        raise InputError("This drawing is empty: draw a digit with a stroke that stands out from the ground.")
    share = pixels / strongest
    share[share < INK] = 0.0
    return Image.fromarray(np.rint(share * 255).astype(np.uint8))


def _ink_box(picture: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the strokes; faint specks do not count."""
    strokes = np.asarray(picture) > 64
    rows, columns = np.flatnonzero(strokes.any(axis=1)), np.flatnonzero(strokes.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _fitted(picture: Image.Image) -> Image.Image:
    """The longer side becomes 20 pixels, the shape is kept, grey levels come from anti-aliasing."""
    scale = DIGIT_BOX / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    shrinking = scale < 1
    fitted = picture.resize(size, Image.Resampling.BOX if shrinking else Image.Resampling.BICUBIC)
    strongest = max(1, np.asarray(fitted).max())
    return fitted.point([min(255, round(level * 255 / int(strongest))) for level in range(256)])


def _centred(picture: Image.Image, spec: ImageInput) -> tuple[Image.Image, list[float]]:
    """Pasted so that the centre of mass of the strokes is the centre of the network's input.

    MNIST's own centre is pixel 14 of 28 (measured over its training pictures: 13.99 and 14.00), not 13.5.
    """
    mass = np.asarray(picture, dtype=np.float64)
    rows, columns = np.indices(mass.shape)
    y, x = float((rows * mass).sum() / mass.sum()), float((columns * mass).sum() / mass.sum())
    left = min(max(round(spec.width / 2 - x), 0), spec.width - picture.width)
    top = min(max(round(spec.height / 2 - y), 0), spec.height - picture.height)
    centred = Image.new("L", (spec.width, spec.height))
    centred.paste(picture, (left, top))
    return centred, [round(x, 2), round(y, 2)]
