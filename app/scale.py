"""The colours of rendered maps: diverging, safe for colour-blind eyes, zero white, the same on both sides."""

from __future__ import annotations

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# ColorBrewer's RdBu without its middle: orange-red below zero, blue above.
NEGATIVE = ((255, 255, 255), (253, 219, 199), (244, 165, 130), (214, 96, 77), (178, 24, 43))
POSITIVE = ((255, 255, 255), (209, 229, 240), (146, 197, 222), (67, 147, 195), (33, 102, 172))
ZERO, MOST, GAP = 127, 127, 255  # palette entries 0..254 are values, 127 is zero; 255 is the line between tiles
GAP_COLOUR = (128, 128, 128)


def _palette() -> bytes:
    levels = np.abs(np.arange(255) - ZERO) / MOST * (len(POSITIVE) - 1)
    stops = np.arange(len(POSITIVE))
    sides = [np.array(side, float) for side in (NEGATIVE, POSITIVE)]
    colours = np.empty((256, 3))
    for side, where in zip(sides, (slice(0, ZERO), slice(ZERO, 255)), strict=True):
        colours[where] = np.stack([np.interp(levels[where], stops, side[:, c]) for c in range(3)], axis=1)
    colours[GAP] = GAP_COLOUR
    return np.rint(colours).astype(np.uint8).tobytes()


PALETTE = _palette()


def bound_of(values: NDArray[np.floating]) -> float:
    """The end of a symmetric range that holds all finite values; 1 where all are zero."""
    finite = values[np.isfinite(values)] if not np.isfinite(values).all() else values
    return float(np.abs(finite).max(initial=0.0)) or 1.0


def picture_of(values: NDArray[np.floating], bound: float) -> bytes:
    """A PNG with one pixel per value: channels (C, H, W) as tiles in a near-square grid, a vector as one row."""
    maps = values.reshape((-1, *values.shape[-2:])) if values.ndim > 1 else values.reshape(1, 1, -1)
    levels = np.rint(np.clip(np.nan_to_num(maps) / bound, -1, 1) * MOST).astype(np.int16) + ZERO
    picture = Image.fromarray(_tiles(levels.astype(np.uint8)), "P")
    picture.putpalette(PALETTE)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _tiles(maps: NDArray[np.uint8]) -> NDArray[np.uint8]:
    count, height, width = maps.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    sheet = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), GAP, np.uint8)
    for position, tile in enumerate(maps):
        top, left = position // columns * (height + 1), position % columns * (width + 1)
        sheet[top : top + height, left : left + width] = tile
    return sheet
