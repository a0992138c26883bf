"""The gallery's components against stored pictures: `pytest --update` renews them; a difference image is written on failure.

Fonts differ between machines, so the page is set in a font of ours (KaTeX's), pictures are compared at half size, and a small
part may differ a little: what moved, vanished or changed its colour is found, how an edge is smoothed is not.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageFilter

pytestmark = pytest.mark.browser
STORED = Path(__file__).resolve().parents[1] / "golden" / "pictures"
DIFFERENT = 56  # of 255, in any colour, after smoothing
MOST = 0.004  # the part of a picture that may be different


def half(picture: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> tuple[float, Image.Image]:
    """The part that differs, and where. A size a few pixels off is cut to the common part."""
    size = min(one.width, other.width), min(one.height, other.height)
    smooth = [image.crop((0, 0, *size)).filter(ImageFilter.BoxBlur(1)) for image in (one, other)]
    marks = ImageChops.difference(*smooth).convert("RGB").split()
    strongest = ImageChops.lighter(ImageChops.lighter(marks[0], marks[1]), marks[2]).point(
        lambda value: 255 if value > DIFFERENT else 0
    )
    return strongest.histogram()[255] / (size[0] * size[1]), strongest


def beside(stored: Image.Image, now: Image.Image, where: Image.Image) -> Image.Image:
    sheet = Image.new("RGB", (stored.width + now.width + where.width + 20, max(stored.height, now.height)), "grey")
    sheet.paste(stored, (0, 0))
    sheet.paste(now, (stored.width + 10, 0))
    sheet.paste(where, (stored.width + now.width + 20, 0))
    return sheet


def tiles(visit: Callable[..., Any]) -> dict[str, bytes]:
    """Every component's picture, when fonts and formulas are there."""
    page = visit("/gallery?lang=en", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page.evaluate("document.documentElement.dataset.font = 'own'")
    page.wait_for_selector("body[data-tiles]", state="attached")
    page.wait_for_function("() => [...document.querySelectorAll('.formula')].every((one) => one.querySelector('.katex'))")
    page.evaluate("() => document.fonts.load('16px KaTeX_Main').then(() => document.fonts.ready)")
    page.evaluate("() => dispatchEvent(new Event('resize'))")
    page.evaluate(
        "() => Promise.all([...document.images].map((one) => { one.loading = 'eager'; return one.decode().catch(() => {}); }))"
    )
    assert page.locator(".tile").count() == int(page.locator("body").get_attribute("data-tiles"))
    return {
        tile.get_attribute("data-tile"): tile.locator(".tile-body").screenshot(animations="disabled")
        for tile in page.locator(".tile").all()
    }


def test_every_component_looks_as_it_did(visit: Callable[..., Any], request: pytest.FixtureRequest, tmp_path: Path) -> None:
    now = {name.replace(" ", "-").replace(",", ""): half(picture) for name, picture in tiles(visit).items()}
    if request.config.getoption("--update"):
        STORED.mkdir(parents=True, exist_ok=True)
        for file in STORED.glob("*.png"):
            file.unlink()
        for name, image in now.items():
            image.quantize(128, dither=Image.Dither.NONE).save(STORED / f"{name}.png", optimize=True)
    assert {file.stem for file in STORED.glob("*.png")} == set(now), "a component came or went: pytest --update"
    changed = []
    for name, image in now.items():
        stored = Image.open(STORED / f"{name}.png").convert("RGB")
        part, where = difference(stored, image)
        resized = abs(stored.width - image.width) > 6 or abs(stored.height - image.height) > 6
        if part > MOST or resized:
            beside(stored, image, where.convert("RGB")).save(tmp_path / f"{name}.png")
            changed.append(f"{name}: {part:.2%} differs, {stored.size} -> {image.size}, see {tmp_path / name}.png")
    assert not changed, "\n".join(changed)


def test_a_difference_is_found_and_a_smoothed_edge_is_not() -> None:
    plain = Image.new("RGB", (300, 200), "white")
    plain.paste((20, 90, 80), (40, 40, 120, 120))
    moved = Image.new("RGB", (300, 200), "white")
    moved.paste((20, 90, 80), (48, 40, 128, 120))
    assert difference(plain, plain.filter(ImageFilter.GaussianBlur(0.6)))[0] <= MOST < difference(plain, moved)[0]
