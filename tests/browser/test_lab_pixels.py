"""Pixels on the page: from the whole to single ones, their planes, grey, levels and memory, by mouse, keys and fingers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from places import ask

pytestmark = pytest.mark.browser
LAB = "/lab/pixels?lang=en"
PAINTED = "() => { const c = document.querySelector('canvas.zoom'); return c.width + c.toDataURL(); }"
PRINTED = """() => {
  window.printed = [];
  const paint = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    window.printed.push([text, this.font]);
    return paint.call(this, text, ...rest);
  };
}"""


def drawn(page: Any) -> None:
    page.wait_for_selector("canvas.zoom")
    ask(page, "calm")


def asked(page: Any, name: str) -> str | None:
    found = re.search(rf"[?&]{name}=([^&]*)", page.url)
    return found[1] if found else None


def bytes_of(page: Any, sample: str) -> np.ndarray[Any, Any]:
    data = page.request.get(f"/api/v1/samples/{sample}.png").body()
    return np.array(Image.open(io.BytesIO(data)).convert("RGB"))


def numbers(page: Any, role: str = "value") -> list[float]:
    return [float(text) for text in page.locator(f'#card [data-role="{role}"]').all_text_contents()]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_pixel_says_its_bytes(visit: Callable[..., Any], lang: str) -> None:
    page = visit(f"/lab/pixels?lang={lang}")
    drawn(page)
    picture = bytes_of(page, "ladybug")
    for row, column in ((59, 149), (1, 1), (256, 256), (100, 99)):
        ask(page, "turn", {"row": str(row), "column": str(column)})
        ask(page, "calm")
        assert numbers(page) == picture[row - 1, column - 1].tolist()
        assert "#" + "".join(f"{value:02X}" for value in picture[row - 1, column - 1]) in page.locator("#card").inner_text()


def test_single_pixels_have_their_numbers_printed(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&profile=projector&preset=grey&across=5", viewport={"width": 1920, "height": 1080})
    drawn(page)
    page.evaluate(PRINTED)
    ask(page, "turn", {"row": "181"})
    ask(page, "calm")
    printed = page.evaluate("() => printed")
    picture = bytes_of(page, "sports-car").astype(int)
    grey = (picture @ [299, 587, 114] + 500) // 1000
    shown = {text for text, _ in printed}
    assert {str(value) for value in grey[178:183, 192:197].flatten()} <= shown
    assert {str(value) for value in picture[178:183, 192:197].flatten()} <= shown
    sizes = [float(re.match(r"[\d.]+", font)[0]) for _, font in printed]
    assert max(sizes) >= 24


def test_grey_is_the_engines_weighted_sum(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    with page.expect_response(re.compile("/ops/grey")) as answered:
        page.goto(f"{LAB}&preset=grey")
    drawn(page)
    answer = answered.value.json()
    assert numbers(page, "result") == [pytest.approx(answer["output"][2][2], abs=1e-9)]
    row, column = 180, 195
    r, g, b = bytes_of(page, "sports-car")[row - 1, column - 1].tolist()
    assert numbers(page, "result") == [pytest.approx(0.299 * r + 0.587 * g + 0.114 * b)]
    for step in range(3):
        page.keyboard.press(" ")
        page.wait_for_function(f"() => new URLSearchParams(location.search).get('step') === '{step}'")
    ask(page, "calm")
    assert numbers(page, "result") == [pytest.approx(answer["output"][0][2], abs=1e-9)]
    page.keyboard.press("k")
    page.wait_for_function("() => +new URLSearchParams(location.search).get('step') > 2")


@pytest.mark.parametrize("levels, scale", [(2, "bytes"), (4, "bytes"), (8, "unit"), (256, "bytes")])
def test_levels_are_the_engines(visit: Callable[..., Any], levels: int, scale: str) -> None:
    page = visit("/healthz")
    with page.expect_response(re.compile("/ops/quantise")) as answered:
        page.goto(f"{LAB}&preset=level-numbers&levels={levels}&scale={scale}")
    drawn(page)
    answer = answered.value.json()
    assert len(answer["levels"]) == levels
    for y, x in ((3, 3), (0, 0), (5, 2)):
        ask(page, "turn", {"step": str(6 * y + x)})
        ask(page, "calm")
        assert numbers(page, "result") == [pytest.approx(answer["output"][y][x], abs=1e-4)]
        assert numbers(page)[2] == answer["codes"][y][x]


def test_zooming_by_wheel_buttons_and_keys(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&view=planes&across=0")
    drawn(page)
    whole = page.evaluate(PAINTED)
    frame = page.locator("canvas.zoom").bounding_box()
    page.mouse.move(frame["x"] + frame["width"] * 0.12, frame["y"] + frame["height"] * 0.5)
    for _ in range(6):
        page.mouse.wheel(0, -100)
    page.wait_for_function("() => +new URLSearchParams(location.search).get('across') > 30")
    ask(page, "calm")
    assert page.evaluate(PAINTED) != whole
    page.locator('[data-zoom="zoom_pixels"]').click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('across') === '8'")
    page.locator("canvas.zoom").focus()
    row = int(asked(page, "row") or 59)
    page.keyboard.press("ArrowDown")
    page.wait_for_function(f"() => new URLSearchParams(location.search).get('row') === '{row + 1}'")
    page.keyboard.press("+")
    page.wait_for_function("() => new URLSearchParams(location.search).get('across') === '6'")
    page.keyboard.press("0")
    page.wait_for_function("() => new URLSearchParams(location.search).get('across') === '0'")


def test_dragging_moves_and_a_click_chooses(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&view=grey&across=10&row=100&column=100")
    drawn(page)
    frame = page.locator("canvas.zoom").bounding_box()
    x, y = frame["x"] + frame["width"] * 0.25, frame["y"] + frame["height"] * 0.5
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y, steps=4)
    page.mouse.up()
    page.wait_for_function("() => +new URLSearchParams(location.search).get('column') > 100")
    ask(page, "calm")
    page.mouse.move(x + 90, y - 60)
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(3, 3)
    page.wait_for_function("() => +new URLSearchParams(location.search).get('row') < 100")
    ask(page, "calm")
    row, column = int(asked(page, "row") or 0), int(asked(page, "column") or 0)
    assert f"row {row}, column {column}" in page.locator("#card").inner_text()
    assert numbers(page)[:3] == bytes_of(page, "ladybug")[row - 1, column - 1].tolist()


PINCH = """() => {
  const canvas = document.querySelector('canvas.zoom'), { left, top } = canvas.getBoundingClientRect();
  canvas.setPointerCapture = () => {};
  const send = (kind, pointerId, x, y) => canvas.dispatchEvent(
    new PointerEvent(kind, { pointerId, pointerType: 'touch', clientX: left + x, clientY: top + y, bubbles: true }));
  send('pointerdown', 1, 100, 100);
  send('pointerdown', 2, 140, 100);
  for (let apart = 50; apart <= 160; apart += 10) {
    send('pointermove', 1, 120 - apart / 2, 100);
    send('pointermove', 2, 120 + apart / 2, 100);
  }
  send('pointerup', 1, 40, 100);
  send('pointerup', 2, 200, 100);
}"""


def test_fingers_tap_and_pinch(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&view=levels&across=40", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    drawn(page)
    page.evaluate(PINCH)
    page.wait_for_function("() => +new URLSearchParams(location.search).get('across') < 20")
    ask(page, "calm")
    frame = page.locator("canvas.zoom").bounding_box()
    before = asked(page, "row")
    page.touchscreen.tap(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] * 0.42)
    page.wait_for_function("(before) => new URLSearchParams(location.search).get('row') !== before", arg=before)


def test_sizes_and_memory(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&batch=64")
    drawn(page)
    told = page.locator("#side").inner_text()
    assert "256 × 256 × 3 = 196,608 B = 192 KiB" in told
    assert "256 × 256 × 3 × 4 = 786,432 B = 768 KiB" in told
    assert "64 × 256 × 256 × 3 × 4 = 48 MiB" in told
    ask(page, "turn", {"view": "levels", "levels": "4"})
    page.wait_for_function("() => document.getElementById('side').innerText.includes('2 ÷ 8 = 16,384 B')")


def test_a_picture_of_ones_own_stays(visit: Callable[..., Any]) -> None:
    page = visit(LAB)
    drawn(page)
    buffer = io.BytesIO()
    pixels = np.random.default_rng(4).integers(0, 256, (1200, 1500, 3), dtype=np.uint8)
    Image.fromarray(pixels, "RGB").save(buffer, "PNG")
    page.set_input_files("#lab-file", {"name": "own.png", "mimeType": "image/png", "buffer": buffer.getvalue()})
    page.wait_for_function("() => new URLSearchParams(location.search).has('photo')")
    page.wait_for_function("() => document.getElementById('side').innerText.includes('917 × 1146 × 3')")  # a megapixel
    card = page.locator("#card").inner_text()
    page.reload()
    page.wait_for_function("() => document.getElementById('side').innerText.includes('917 × 1146 × 3')")
    ask(page, "calm")
    assert page.locator("#card").inner_text() == card
