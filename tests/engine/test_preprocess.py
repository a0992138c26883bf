"""Preparing pictures: a drawing becomes what MNIST's digits are, a photograph a small square, step by step."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.errors import InputError
from engine.models import MODELS
from engine.preprocess import Prepared, prepare

LENET, TINYVGG = MODELS["lenet5"].input, MODELS["tinyvgg"].input


def stroke(ground: int, ink: int, at: tuple[int, int] = (60, 200), size: int = 280, width: int = 18) -> Image.Image:
    """A seven, drawn with a pen somewhere on a sheet."""
    picture = Image.new("L", (size, size), ground)
    x, y = at
    ImageDraw.Draw(picture).line([(x, y - 70), (x + 60, y - 70), (x + 20, y + 40)], fill=ink, width=width, joint="curve")
    return picture


def cells(prepared: Prepared) -> np.ndarray:
    return prepared.tensor[0, 0].numpy()


def test_a_drawing_is_fitted_centred_and_white_on_black() -> None:
    prepared = prepare(stroke(255, 0), LENET)
    pixels = cells(prepared)
    assert pixels.shape == (32, 32) and pixels.dtype == np.float32
    assert pixels.min() >= 0 and pixels.max() == 1.0 and (pixels == 0).mean() > 0.5
    rows, columns = np.nonzero(pixels > 0.25)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in (19, 20)
    centre = [(axis * pixels).sum() / pixels.sum() for axis in np.indices(pixels.shape)]
    assert centre == pytest.approx([16.0, 16.0], abs=0.75)
    assert ((pixels > 0.05) & (pixels < 0.95)).any(), "edges must be anti-aliased"


def test_the_steps_are_told_in_order_and_end_in_what_the_network_sees() -> None:
    prepared = prepare(stroke(255, 0), LENET)
    assert [step.name for step in prepared.steps] == ["decoded", "grey", "inverted", "cropped", "fitted", "centred"]
    np.testing.assert_allclose(np.asarray(prepared.steps[-1].picture) / 255, cells(prepared), atol=1e-6)
    white_on_black = prepare(stroke(0, 255), LENET)
    assert "inverted" not in [step.name for step in white_on_black.steps]


def test_place_size_and_colour_of_a_drawing_do_not_matter() -> None:
    reference = cells(prepare(stroke(255, 0), LENET))
    variants = [
        stroke(0, 255),
        stroke(255, 0, at=(190, 120)),
        stroke(235, 30),
        stroke(255, 0).convert("RGB"),
        stroke(255, 0).resize((840, 840), Image.Resampling.LANCZOS),
    ]
    for variant in variants:
        assert np.abs(cells(prepare(variant, LENET)) - reference).mean() < 0.02


def test_uneven_paper_does_not_count_as_ink() -> None:
    noise = np.random.default_rng(0).normal(0, 4, (280, 280))
    photographed = Image.fromarray(np.clip(np.asarray(stroke(225, 40), float) + noise, 0, 255).astype(np.uint8))
    assert np.abs(cells(prepare(photographed, LENET)) - cells(prepare(stroke(255, 0), LENET))).mean() < 0.03


@pytest.mark.parametrize("ground", [0, 128, 255])
def test_an_empty_drawing_is_refused_with_advice(ground: int) -> None:
    with pytest.raises(InputError, match="draw a digit"):
        prepare(Image.new("L", (100, 100), ground), LENET)


@pytest.mark.parametrize("shape", [(1, 300), (300, 1), (2, 2)])
def test_thin_drawings_survive(shape: tuple[int, int]) -> None:
    picture = Image.new("L", (320, 320))
    ImageDraw.Draw(picture).rectangle((5, 5, 5 + shape[0], 5 + shape[1]), fill=255)
    assert cells(prepare(picture, LENET)).max() > 0.9


@pytest.mark.parametrize("size", [(640, 480), (480, 640), (64, 64), (20, 31), (1, 1), (2000, 3)])
def test_a_photograph_of_any_size_becomes_the_centre_square(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    picture = Image.fromarray(rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))
    prepared = prepare(picture, TINYVGG)
    assert prepared.tensor.shape == (1, 3, 64, 64)
    assert 0 <= float(prepared.tensor.min()) <= float(prepared.tensor.max()) <= 1
    square = prepared.steps[1].detail
    assert square["side"] == min(size) and square["left"] == (size[0] - min(size)) // 2


def test_a_photograph_of_the_network_s_size_is_taken_pixel_by_pixel() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    tensor = prepare(Image.fromarray(pixels), TINYVGG).tensor[0].numpy()
    np.testing.assert_array_equal(tensor, (pixels / np.float32(255)).transpose(2, 0, 1))
