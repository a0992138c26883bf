"""Pixels on the page: from the whole to single ones, their planes, grey, levels and memory, by mouse, keys and fingers."""

from __future__ import annotations

import io
import json
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


CAMERA = """() => {
  const canvas = document.createElement('canvas'), context = canvas.getContext('2d');
  [canvas.width, canvas.height] = [320, 240];
  let count = 0;
  setInterval(() => { context.fillStyle = `hsl(${count++ * 7}, 80%, 50%)`; context.fillRect(0, 0, 320, 240); }, 30);
  navigator.mediaDevices.getUserMedia = async () => window.given = canvas.captureStream(30);
}"""


def drawn(page: Any) -> None:
    page.wait_for_selector("canvas.zoom:visible, .memory-figure:visible")
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
        assert numbers(page)[:3] == picture[row - 1, column - 1].tolist()
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
        assert numbers(page)[5] == answer["codes"][y][x]


def test_zooming_by_wheel_buttons_and_keys(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&view=planes&across=0")
    drawn(page)
    whole = page.evaluate(PAINTED)
    frame = page.locator("canvas.zoom").bounding_box()
    page.mouse.move(frame["x"] + frame["width"] * 0.12, frame["y"] + frame["height"] * 0.5)
    for _ in range(6):
        page.mouse.wheel(0, -100)
    page.wait_for_function(  # all six have come, for one that comes later would zoom on
        "() => Math.abs(new URLSearchParams(location.search).get('across') - 68) <= 2"
    )
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


def test_a_clicker_walks_over_the_pixels(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&view=planes&across=4&row=59&column=149")
    drawn(page)
    for at in ((57, 147), (57, 148)):
        page.keyboard.press("PageDown")
        page.wait_for_function(
            "(place) => document.getElementById('card').innerText.includes(place)", arg=f"row {at[0]}, column {at[1]}"
        )
        assert numbers(page)[:3] == bytes_of(page, "ladybug")[at[0] - 1, at[1] - 1].tolist()


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
    place = f"row {row}, column {column}"
    page.wait_for_function(
        "(place) => document.getElementById('card').innerText.includes(place)", arg=place
    )  # the answer is there
    assert numbers(page)[:3] == bytes_of(page, "ladybug")[row - 1, column - 1].tolist()


PINCH = """() => {
  const canvas = document.querySelector('canvas.zoom'), { left, top } = canvas.getBoundingClientRect();
  const send = (kind, pointerId, x, y) => canvas.dispatchEvent(
    new PointerEvent(kind, { pointerId, pointerType: 'touch', clientX: left + x, clientY: top + y, bubbles: true }));
  send('pointerdown', 1, 100, 100);
  send('pointerdown', 2, 140, 100);
  for (let apart = 50; apart <= 160; apart += 10) {
    send('pointermove', 1, 120 - apart / 2, 100);
    send('pointermove', 2, 120 + apart / 2, 100);
  }
  send('pointerup', 1, 40, 100);
  send('pointermove', 2, 140, 100); // the finger that is left moves on
  send('pointerup', 2, 140, 100);
}"""


def test_fingers_tap_and_pinch(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&view=levels&across=40", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    drawn(page)
    page.evaluate(PINCH)
    page.wait_for_function("() => new URLSearchParams(location.search).get('across') === '10'")  # four times as near
    assert 149 - 10 <= int(asked(page, "column") or 149) <= 149 + 10
    ask(page, "calm")
    frame = page.locator("canvas.zoom").bounding_box()
    before = asked(page, "row")
    page.touchscreen.tap(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] * 0.42)
    page.wait_for_function("(before) => new URLSearchParams(location.search).get('row') !== before", arg=before)


def test_sizes_and_memory(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&view=memory&batch=64&levels=4")
    drawn(page)
    page.wait_for_function("() => document.querySelectorAll('[data-role=memory]').length === 7")  # the files are there too
    told = page.locator("[data-role=memory]").all_text_contents()
    assert told[:5] == [
        "256 × 256 × 1 = 65,536 B = 64 KiB",
        "256 × 256 × 1 × 2 ÷ 8 = 16,384 B = 16 KiB",
        "256 × 256 × 3 = 196,608 B = 192 KiB",
        "256 × 256 × 3 × 4 = 786,432 B = 768 KiB",
        "64 × 256 × 256 × 3 × 4 = 50,331,648 B = 48 MiB",
    ]
    size = len(page.request.get("/api/v1/samples/ladybug.png").body())
    assert told[5].startswith(f"{size:,} B") and 1000 < int(told[6].split(" B")[0].replace(",", "")) < 100_000
    bars = [
        float(width)
        for width in page.eval_on_selector_all(".memory-row .bar", "all => all.map((bar) => bar.getAttribute('width'))")
    ]
    assert bars[2] / bars[0] == pytest.approx(3, rel=1e-6) and bars[3] / bars[2] == pytest.approx(4, rel=1e-6)


@pytest.mark.parametrize("method", ["luma709", "average", "lightness"])
def test_other_ways_to_grey_are_the_engines(visit: Callable[..., Any], method: str) -> None:
    page = visit("/healthz")
    with page.expect_response(re.compile("/ops/grey")) as answered:
        page.goto(f"{LAB}&view=grey&across=5&row=100&column=99&method={method}")
    drawn(page)
    answer = answered.value.json()
    assert json.loads(answered.value.request.post_data)["method"] == method
    assert numbers(page, "result") == [pytest.approx(answer["output"][2][2], abs=1e-4)]
    stored = int(re.search(r"rounded: (\d+)", page.locator("#card").inner_text())[1])
    assert abs(stored - answer["output"][2][2]) <= 0.5


def test_a_pixel_has_its_bits_at_every_number_of_levels(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&preset=level-numbers")
    drawn(page)
    r, g, b = bytes_of(page, "koala")[99, 127].astype(int).tolist()
    grey = (299 * r + 587 * g + 114 * b + 500) // 1000
    for bits in range(1, 9):
        answer = page.request.post("/api/v1/ops/quantise", data={"input": [[grey]], "levels": 2**bits}).json()
        cell = page.locator(f'.levels-table [data-role="bits"][data-levels="{2**bits}"]').text_content()
        assert len(cell) == bits and int(cell, 2) == answer["codes"][0][0]
        left = page.locator(f'.levels-table [data-role="left"][data-levels="{2**bits}"]').text_content()
        assert float(left) == pytest.approx(answer["output"][0][0], abs=0.51)


def test_the_camera_is_read_live_and_a_frame_is_kept(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&view=grey&across=8&row=120&column=160")
    drawn(page)
    page.evaluate(CAMERA)
    page.locator("[data-camera]").click()
    page.wait_for_selector("[data-freeze]:not([hidden])")
    first = page.evaluate(PAINTED)
    page.wait_for_function(f"(first) => ({PAINTED})() !== first", arg=first)
    page.wait_for_function("() => !document.querySelector('#player:not([hidden])')")  # nothing to step through while it runs
    page.locator("[data-freeze]").click()
    page.wait_for_function("() => new URLSearchParams(location.search).has('photo')")
    assert page.evaluate("() => given.getTracks().every((track) => track.readyState === 'ended')")
    page.wait_for_selector("#player:not([hidden])")
    r, g, b = numbers(page)[:3]
    assert numbers(page, "result") == [pytest.approx(0.299 * r + 0.587 * g + 0.114 * b, abs=1e-3)]
    ask(page, "turn", {"view": "memory"})
    page.wait_for_function("() => document.querySelector('[data-role=memory]')?.textContent.startsWith('240 × 320 × 1')")


def test_a_camera_that_is_refused_is_said(visit: Callable[..., Any]) -> None:
    page = visit(LAB)
    drawn(page)
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError') } }"
    )
    page.locator("[data-camera]").click()
    page.wait_for_function("() => document.querySelector('.compare-tools').innerText.includes('camera was not allowed')")
    assert page.locator("[data-camera]").inner_text() == "Camera"


def test_a_picture_of_ones_own_stays(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&view=memory")
    drawn(page)
    buffer = io.BytesIO()
    pixels = np.random.default_rng(4).integers(0, 256, (1200, 1500, 3), dtype=np.uint8)
    Image.fromarray(pixels, "RGB").save(buffer, "PNG")
    page.set_input_files("#lab-file", {"name": "own.png", "mimeType": "image/png", "buffer": buffer.getvalue()})
    page.wait_for_function("() => new URLSearchParams(location.search).has('photo')")
    page.wait_for_function(
        "() => document.querySelector('.memory-figure')?.textContent.includes('917 × 1146 × 3')"
    )  # a megapixel
    assert "reduced from 1500 × 1200" in page.locator(".compare-tools").inner_text()
    page.wait_for_function(
        "() => document.querySelectorAll('[data-role=memory]').length === 8"
    )  # the file, and two of the smaller one
    assert "the PNG file as it came, 1200 × 1500 pixels" in page.locator(".memory-figure").inner_html()
    ask(page, "turn", {"view": "numbers"})
    ask(page, "calm")
    card = page.locator("#card").inner_text()
    ask(page, "turn", {"view": "memory"})
    page.reload()
    page.wait_for_function("() => document.querySelector('.memory-figure')?.textContent.includes('917 × 1146 × 3')")
    ask(page, "turn", {"view": "numbers"})
    ask(page, "calm")
    assert page.locator("#card").inner_text() == card
