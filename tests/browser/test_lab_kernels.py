"""Image filters on the page: the same numbers as the engine's, one's own photograph and camera, kernels typed by hand."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from places import ask, unfold
from scipy.signal import convolve2d

pytestmark = pytest.mark.browser
LAB = "/lab/kernels?lang=en"
SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
FILTERED = """async ([url, places]) => {
  const { convolve, greyOf } = await import('/static/js/core/lab/filter.js');
  const { kernelsOf } = await import('/static/js/core/lab/kernels.js');
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement('canvas'), { width, height } = image;
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const grey = (_, i) => greyOf(data[4 * i], data[4 * i + 1], data[4 * i + 2]);
  const picture = Array.from({ length: width * height }, grey);
  const about = (filter) => {
    const kernels = kernelsOf({ filter, size: 7, sigma: 1.5, angle: 30, wavelength: 5 });
    const plane = convolve(picture, height, width, kernels);
    return { kernel: kernels[0], values: places.map(([y, x]) => plane[y * width + x]) };
  };
  return Object.fromEntries(['sobel_x', 'gaussian', 'gabor'].map((filter) => [filter, about(filter)]));
}"""
PAINTED = "() => { const c = document.querySelector('canvas.compare'); return c.width + c.toDataURL(); }"


def grey(page: Any, sample: str) -> np.ndarray[Any, Any]:
    """The sample's brightness as whole numbers, as the page counts it."""
    data = page.request.get(f"/api/v1/samples/{sample}.png").body()
    colours = np.array(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
    return np.asarray((colours @ [299, 587, 114] + 500) // 1000)


def drawn(page: Any) -> None:
    page.wait_for_selector("canvas.compare")
    ask(page, "calm")


def developed(page: Any) -> None:
    """Wait until no worker is at work on what is set."""
    ask(page, "calm")
    page.wait_for_selector('canvas.compare[aria-busy="false"]')


def asked(page: Any) -> dict[str, str]:
    return dict(re.findall(r"[?&](\w+)=([^&]*)", page.url))


def results(page: Any) -> list[float]:
    return [float(text.replace("−", "-")) for text in page.locator('#card [data-role="result"]').all_text_contents()]


def test_the_browser_filters_as_the_engine_does(visit: Callable[..., Any]) -> None:
    page = visit(LAB)
    picture, rng = grey(page, "koala"), np.random.default_rng(2)
    places = [[0, 0], [255, 17], *rng.integers(0, 256, (18, 2)).tolist()]
    found = page.evaluate(FILTERED, ["/api/v1/samples/koala.png", places])
    for name, about in found.items():
        reach = len(about["kernel"]) // 2
        around = np.pad(picture, reach, mode="symmetric")
        for (y, x), value in zip(places, about["values"], strict=True):
            window = around[y : y + 2 * reach + 1, x : x + 2 * reach + 1].tolist()
            body = {"input": window, "kernel": about["kernel"], "flip": True, "steps": False}
            answer = page.request.post("/api/v1/ops/conv2d", data=body).json()
            assert value == pytest.approx(answer["output"][0][0], abs=1e-3), (name, y, x)


def test_a_pixels_sum_is_scipys(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&sample=school-bus")
    drawn(page)
    picture = grey(page, "school-bus")
    x = convolve2d(picture, SOBEL, boundary="symm", mode="same")
    for row, column in ((1, 1), (193, 63), (256, 256), (92, 174)):
        ask(page, "turn", {"row": str(row), "column": str(column)})
        ask(page, "calm")
        assert results(page) == [x[row - 1, column - 1]]
    ask(page, "turn", {"filter": "sobel", "row": "193", "column": "63"})
    ask(page, "calm")
    y = convolve2d(picture, np.transpose(SOBEL), boundary="symm", mode="same")
    assert results(page) == [x[192, 62], y[192, 62], pytest.approx(np.hypot(x[192, 62], y[192, 62]), abs=0.006)]
    under = [int(text) for text in page.locator(".patch .num").all_text_contents()]
    assert under == picture[191:194, 61:64].flatten().tolist()


def reading(text: str) -> float:
    return float(text.strip("()").replace("−", "-"))


@pytest.mark.parametrize(
    "query", ["filter=gaussian&size=5&colour=1", "filter=gaussian&size=7", "filter=own&k=-1_0_2_0_1*1_1_1_1_1&colour=1"]
)
def test_a_long_sum_is_written_row_by_row(visit: Callable[..., Any], query: str) -> None:
    page = visit(f"{LAB}&sample=school-bus&row=92&column=174&{query}")
    drawn(page)
    lines = page.locator(".filter-sum")
    page.locator(".filter-rows summary").first.click()
    ask(page, "calm")
    for i in range(lines.count()):
        line = lines.nth(i)
        sums = [reading(text) for text in line.locator('[data-sum] [data-role="sum"]').all_text_contents()]
        signs = [-1 if text.startswith("−") else 1 for text in line.locator("[data-sum] .term:not(.total)").all_text_contents()]
        totals = [abs(value) * sign for value, sign in zip(sums, signs, strict=True)]
        result = line.locator('[data-role="result"]').inner_text()
        assert sum(totals) == pytest.approx(reading(result), abs=0.5001 * 10 ** -len(result.partition(".")[2]))
        for row, total in zip(line.locator("[data-row]").all(), totals, strict=True):
            values, weights = (
                [reading(text) for text in row.locator(f'[data-role="{role}"]').all_text_contents()]
                for role in ("value", "weight")
            )
            assert np.dot(values, weights) == pytest.approx(total, abs=0.00501)
        assert line.locator("[data-row]").count() == (7 if "size=7" in query else 5 if "size" in query else 2)


def test_the_sums_of_a_large_kernel_are_those_of_its_rows(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&filter=box&size=21&row=100&column=100")
    drawn(page)
    picture = grey(page, "school-bus")[89:110, 89:110]
    found = [reading(text) for text in page.locator('[data-sum] [data-role="sum"]').all_text_contents()]
    assert found == pytest.approx((picture.sum(1) / 441).tolist(), abs=0.00501)
    assert results(page) == [pytest.approx(picture.mean(), abs=0.00501)]


DIGITS = """() => [...document.querySelectorAll('.kernel-grid > *')].map((cell) => ({
  size: parseFloat(getComputedStyle(cell).fontSize), cut: cell.scrollWidth > cell.clientWidth + 1,
}))"""


def test_a_projector_has_legible_kernels_and_a_picture(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&profile=projector&filter=gabor&size=3", viewport={"width": 1920, "height": 1080})
    drawn(page)
    for view in ("compare", "beside"):
        for size in ("3", "5", "7", "21"):
            ask(page, "turn", {"view": view, "size": size})
            ask(page, "calm")
            cells = page.evaluate(DIGITS)
            assert len(cells) == (2 * int(size) ** 2 if int(size) < 9 else 0)
            assert all(cell["size"] >= 24 and not cell["cut"] for cell in cells), (view, size, min(c["size"] for c in cells))
            frame = page.locator("canvas.compare").bounding_box()
            assert frame["width"] > 580 if view == "beside" else frame["height"] > 540
            assert page.locator("#card").evaluate("(card) => card.scrollHeight <= card.clientHeight + 1")  # with its result
    summary = page.locator(".filter-rows summary")
    assert summary.locator('[data-role="result"]').is_visible() and not page.locator("[data-sum]").is_visible()
    summary.click()
    assert page.locator('[data-sum] [data-role="sum"]').count() == 21


def test_a_sum_of_nothing_has_no_dust(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&filter=gabor&size=15")
    drawn(page)
    data = {"name": "even.png", "mimeType": "image/png", "buffer": b""}
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (120, 120, 120)).save(buffer, "PNG")
    page.set_input_files("#lab-file", {**data, "buffer": buffer.getvalue()})
    page.wait_for_function("() => document.querySelector('.compare-tools').innerText.includes('40 × 30')")
    ask(page, "calm")
    assert page.locator('#card [data-role="result"]').inner_text() == "0"
    assert all(len(text) < 9 for text in page.locator('[data-sum] [data-role="sum"]').all_text_contents())


def test_a_gabor_kernel_shows_what_its_numbers_mean(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&preset=gabor-edge")
    drawn(page)
    ellipse = page.locator(".kernel-guide ellipse")
    assert [float(ellipse.get_attribute(name)) for name in ("rx", "ry")] == [3, 6]
    assert "rotate(20)" in ellipse.evaluate("(one) => one.parentElement.getAttribute('transform')")
    page.locator('[data-save="svg"]').click()
    page.wait_for_function("() => document.getElementById('message').textContent")  # what explains the kernel is no picture
    unfold(page)
    page.locator('[data-field="aspect"] input').fill("1")
    ask(page, "calm")
    assert float(page.locator(".kernel-guide ellipse").get_attribute("ry")) == 3
    page.locator('[data-field="filter"] select').select_option("box")
    ask(page, "calm")
    assert page.locator(".kernel-guide").count() == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_line_between_before_and_after(visit: Callable[..., Any], lang: str) -> None:
    page = visit(f"/lab/kernels?lang={lang}")
    drawn(page)
    before = page.evaluate(PAINTED)
    page.locator("canvas.compare").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => new URLSearchParams(location.search).get('divider') === '52'")
    assert page.evaluate(PAINTED) != before
    frame = page.locator("canvas.compare").bounding_box()
    y, x = frame["y"] + frame["height"] / 2, frame["x"] + frame["width"]
    page.mouse.move(frame["x"] + 0.52 * frame["width"], y)
    page.mouse.down()
    page.mouse.move(x - 0.25 * frame["width"], y, steps=4)
    page.mouse.up()
    page.wait_for_function("() => Math.abs(new URLSearchParams(location.search).get('divider') - 75) <= 1")
    page.reload()
    drawn(page)
    line = page.locator("canvas.compare")
    assert line.get_attribute("aria-valuenow") in ("74", "75", "76")
    for at in ("100", "90", "80"):  # a clicker takes it over the picture
        page.keyboard.press("PageDown")
        page.wait_for_selector(f'canvas.compare[aria-valuenow="{at}"]')
    line.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => new URLSearchParams(location.search).get('divider') === '78'")
    assert "step" not in asked(page)


def test_pointing_shows_the_sum_and_a_click_keeps_it(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&view=beside")
    drawn(page)
    frame = page.locator("canvas.compare").bounding_box()
    resting = page.locator("#card").inner_text()
    page.mouse.move(frame["x"] + frame["width"] * 0.8, frame["y"] + frame["height"] * 0.4)
    page.wait_for_function("(resting) => document.getElementById('card').innerText !== resting", arg=resting)
    pointed = page.locator("#card").inner_text()
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(5, 5)
    ask(page, "calm")
    assert page.locator("#card").inner_text() == pointed
    row, column = (int(asked(page)[name]) for name in ("row", "column"))
    assert f"row {row}, column {column}" in pointed
    picture = grey(page, "school-bus")
    assert results(page) == [convolve2d(picture, SOBEL, boundary="symm", mode="same")[row - 1, column - 1]]


def test_keys_move_the_pixel(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&row=256&column=63")
    drawn(page)
    page.locator("canvas.compare").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowDown", "ArrowDown"):
        page.keyboard.press(f"Shift+{key}")
        ask(page, "calm")
    assert "row 256, column 65" in page.locator("#card").inner_text()
    assert results(page) == [convolve2d(grey(page, "school-bus"), SOBEL, boundary="symm", mode="same")[255, 64]]


PINCH = """() => {
  const canvas = document.querySelector('canvas.compare'), { left, top } = canvas.getBoundingClientRect();
  const send = (kind, pointerId, x) => canvas.dispatchEvent(
    new PointerEvent(kind, { pointerId, pointerType: 'touch', clientX: left + x, clientY: top + 80, bubbles: true }));
  send('pointerdown', 1, 60);
  send('pointerdown', 2, 100);
  for (let apart = 50; apart <= 160; apart += 10) {
    send('pointermove', 1, 80 - apart / 2);
    send('pointermove', 2, 80 + apart / 2);
  }
  send('pointerup', 1, 0);
  send('pointerup', 2, 160);
}"""
LOOK = "() => ['across', 'middle_row', 'middle_column'].map((key) => +new URLSearchParams(location.search).get(key))"


def test_zooming_by_wheel_keys_and_dragging(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&divider=20")
    drawn(page)
    whole = page.evaluate(PAINTED)
    frame = page.locator("canvas.compare").bounding_box()
    x, y = frame["x"] + 0.75 * frame["width"], frame["y"] + 0.5 * frame["height"]
    page.mouse.move(x, y)
    for _ in range(8):
        page.mouse.wheel(0, -100)
    page.wait_for_function(f"() => {{ const [across] = ({LOOK})(); return Math.abs(across - 43) <= 2 }}")
    assert page.evaluate(PAINTED) != whole
    before = page.evaluate(LOOK)
    page.mouse.down()
    page.mouse.move(x - 150, y - 60, steps=4)
    page.mouse.up()
    page.wait_for_function(f"(before) => ({LOOK})()[1] > before[1] && ({LOOK})()[2] > before[2]", arg=before)
    across, row, column = page.evaluate(LOOK)
    assert across == before[0]
    moved = (column - before[2]) * frame["width"] / across
    assert moved == pytest.approx(150, abs=1.5 * frame["width"] / across)
    page.mouse.click(x, y)
    place = [round(row - 0), round(column + 0.25 * across)]
    page.wait_for_function("(row) => Math.abs(new URLSearchParams(location.search).get('row') - row) <= 1", arg=place[0])
    assert int(asked(page)["column"]) == pytest.approx(place[1], abs=1)
    ask(page, "calm")
    row, column = (int(asked(page)[name]) for name in ("row", "column"))
    expected = convolve2d(grey(page, "school-bus"), SOBEL, boundary="symm", mode="same")[row - 1, column - 1]
    assert results(page) == [expected]
    page.locator("canvas.compare").focus()
    page.keyboard.press("-")
    page.wait_for_function(f"(before) => ({LOOK})()[0] > before", arg=across)
    page.keyboard.press("0")
    page.wait_for_function("() => !new URLSearchParams(location.search).has('across')")
    assert page.locator('[data-zoom="zoom_whole"]').is_disabled()
    page.locator('[data-zoom="zoom_in"]').click()
    page.wait_for_function(f"() => ({LOOK})()[0] === 160")
    page.locator('[data-field="sample"] select').select_option("orange")  # another picture is shown whole
    page.wait_for_function("() => !new URLSearchParams(location.search).has('across')")


def test_two_fingers_zoom_and_one_scrolls_the_page(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&divider=100", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    drawn(page)
    touch = page.context.new_cdp_session(page)
    frame = page.locator("canvas.compare").bounding_box()
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + 200

    def swipe() -> None:
        for i, kind in enumerate(["touchStart", *["touchMove"] * 10, "touchEnd"]):
            points = [] if kind == "touchEnd" else [{"x": x, "y": y - 12 * i}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    swipe()
    page.wait_for_function("() => document.scrollingElement.scrollTop > 40 || scrollY > 40")
    assert "across" not in page.url
    page.evaluate("() => scrollTo(0, 0)")
    page.evaluate(PINCH)
    page.wait_for_function(f"() => ({LOOK})()[0] === 64")  # four times as near
    ask(page, "calm")
    row, scrolled = page.evaluate(LOOK)[1], page.evaluate("() => scrollY")
    swipe()  # now the picture moves, and the page stays
    page.wait_for_function(f"(row) => ({LOOK})()[1] > row", arg=row)
    assert page.evaluate("() => scrollY") == scrolled


GIVEN = """async ([kind, width]) => {
  const canvas = Object.assign(document.createElement('canvas'), { width, height: 50 });
  canvas.getContext('2d').fillRect(0, 0, 20, 20);
  const data = new DataTransfer(), blob = await new Promise((done) => canvas.toBlob(done));
  data.items.add(new File([blob], 'own.png', { type: 'image/png' }));
  const how = { bubbles: true, cancelable: true };
  const pasted = () => new ClipboardEvent(kind, { clipboardData: data, ...how });
  document.dispatchEvent(kind === 'paste' ? pasted() : new DragEvent(kind, { dataTransfer: data, ...how }));
}"""


@pytest.mark.parametrize("lab, place", [("kernels?", ".compare-tools"), ("pixels?view=memory&", "#stage")])
def test_a_picture_dropped_or_pasted(visit: Callable[..., Any], lab: str, place: str) -> None:
    page = visit(f"/lab/{lab}lang=en")
    page.wait_for_selector("#stage canvas, #stage .memory-figure")
    ask(page, "calm")
    for kind, width in (("drop", 70), ("paste", 90)):
        page.evaluate(GIVEN, [kind, width])
        size = f"{width} × 50" if "kernels" in lab else f"50 × {width} × 3"
        page.wait_for_function("([place, size]) => document.querySelector(place).textContent.includes(size)", arg=[place, size])


def test_a_kernel_typed_by_hand(visit: Callable[..., Any]) -> None:
    page = visit(LAB)
    drawn(page)
    before = page.evaluate(PAINTED)
    cell = page.locator(".kernel-grid input").nth(4)
    cell.fill("3")
    cell.press("Enter")
    page.wait_for_function("() => new URLSearchParams(location.search).get('filter') === 'own'")
    ask(page, "calm")
    assert asked(page)["k"] == "-1_0_1*-2_3_2*-1_0_1"
    assert page.evaluate(PAINTED) != before
    page.locator('[data-size="5"]').click()
    ask(page, "calm")
    assert page.locator(".kernel-grids input").count() == 25
    cell = page.locator(".kernel-grids input").first
    cell.fill("what")
    cell.press("Enter")
    assert cell.input_value() == "0"
    page.locator('[data-field="normalise"] input').check()
    page.wait_for_function("() => document.getElementById('side').innerText.includes('adds up to 1')")
    page.reload()
    drawn(page)
    assert page.locator(".kernel-grids input").nth(12).input_value() == "3"


def test_pixel_by_pixel(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&preset=corner", reduced_motion="reduce")
    page.wait_for_selector("#stage svg .plane")
    ask(page, "calm")
    assert page.locator(".cell.padding").count() == 7 + 6
    for step in range(3):
        page.keyboard.press(" ")
        page.wait_for_function(f"() => new URLSearchParams(location.search).get('step') === '{step}'")
    assert page.locator('[data-grid="y.0"] .later').count() == 25 - 3
    picture = grey(page, "school-bus")
    blurred = convolve2d(picture, np.full((3, 3), 1 / 9), boundary="symm", mode="same")
    assert results(page) == [pytest.approx(blurred[0, 2], abs=0.6)]
    page.keyboard.press("k")
    page.wait_for_function("() => +new URLSearchParams(location.search).get('step') > 2")
    page.keyboard.press("k")
    page.get_by_role("button", name="Change this kernel").click()
    page.wait_for_selector('[data-grid="k.0"].editable')
    page.set_input_files("#crop-file", photograph())
    page.wait_for_function("() => new URLSearchParams(location.search).has('photo')")
    ask(page, "calm")
    under = page.locator('[data-grid="x.0"] text').first.text_content()
    page.set_input_files("#crop-file", {"name": "no.txt", "mimeType": "text/plain", "buffer": b"no picture"})
    page.wait_for_function("() => document.getElementById('side').innerText.includes('choose a JPEG')")
    assert page.locator('[data-grid="x.0"] text').first.text_content() == under  # nothing is lost


def photograph(seed: int = 0) -> dict[str, Any]:
    buffer = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    Image.fromarray(pixels, "RGB").resize((480, 360)).save(buffer, "PNG")
    return {"name": "own.png", "mimeType": "image/png", "buffer": buffer.getvalue()}


def test_a_picture_of_ones_own_is_kept_in_this_browser(visit: Callable[..., Any]) -> None:
    page = visit(LAB)
    drawn(page)
    page.set_input_files("#lab-file", photograph())
    page.wait_for_function("() => document.querySelector('.compare-tools').innerText.includes('480 × 360')")
    ask(page, "calm")
    address, painted = page.url, page.evaluate(PAINTED)
    assert int(asked(page)["photo"]) > 0
    page.reload()
    page.wait_for_function("() => document.querySelector('.compare-tools')?.innerText.includes('480 × 360')")
    ask(page, "calm")
    assert page.evaluate(PAINTED) == painted
    elsewhere = visit(address)
    drawn(elsewhere)
    assert "no longer has that picture" in elsewhere.locator(".compare-tools").inner_text()
    assert "256 × 256" in elsewhere.locator(".compare-tools").inner_text()
    page.locator('[data-field="sample"] select').select_option("orange")
    page.wait_for_function("() => document.querySelector('.compare-tools').innerText.includes('256 × 256')")
    assert "photo" not in asked(page)
    page.set_input_files("#lab-file", {"name": "no.png", "mimeType": "image/png", "buffer": b"no picture"})
    page.wait_for_function("() => document.querySelector('.compare-tools').innerText.includes('choose a JPEG')")


CAMERA = """() => {
  const canvas = document.createElement('canvas'), context = canvas.getContext('2d');
  [canvas.width, canvas.height] = [320, 240];
  let count = 0;
  setInterval(() => { context.fillStyle = `hsl(${count++ * 7}, 80%, 50%)`; context.fillRect(count % 300, 0, 30, 240); }, 30);
  navigator.mediaDevices.getUserMedia = async () => window.given = canvas.captureStream(30);
}"""


def test_the_camera_is_filtered_live_and_let_go(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&filter=sobel&colour=1")
    drawn(page)
    page.evaluate(CAMERA)
    page.locator("[data-camera]").click()
    page.wait_for_function("() => /320 × 240 pixels · \\d+ frames/.test(document.querySelector('.compare-tools').innerText)")
    first = page.evaluate(PAINTED)
    page.wait_for_function(f"(first) => ({PAINTED})() !== first", arg=first)
    page.get_by_role("button", name="Keep this frame").click()
    page.wait_for_function("() => new URLSearchParams(location.search).has('photo')")
    assert page.evaluate("() => given.getTracks().every((track) => track.readyState === 'ended')")
    page.reload()
    page.wait_for_function("() => document.querySelector('.compare-tools')?.innerText.includes('320 × 240')")


def test_a_camera_that_is_refused_is_said(visit: Callable[..., Any]) -> None:
    page = visit(LAB)
    drawn(page)
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError') } }"
    )
    page.locator("[data-camera]").click()
    page.wait_for_function("() => document.querySelector('.compare-tools').innerText.includes('camera was not allowed')")
    assert page.locator("[data-camera]").inner_text() == "Camera"


def painted_megapixel() -> dict[str, Any]:
    """A picture large enough for workers, with detail everywhere."""
    buffer = io.BytesIO()
    small = np.random.default_rng(4).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    Image.fromarray(small, "RGB").resize((1200, 860), Image.Resampling.BICUBIC).save(buffer, "PNG")
    return {"name": "large.png", "mimeType": "image/png", "buffer": buffer.getvalue()}


def printed(page: Any) -> np.ndarray[Any, Any]:
    """What the stage shows, as bytes."""
    address = page.evaluate("() => document.querySelector('canvas.compare').toDataURL()")
    return np.array(Image.open(io.BytesIO(base64.b64decode(address.split(",")[1]))).convert("RGB")).astype(int)


@pytest.mark.parametrize("query", ["filter=gabor&size=15&sigma=3&angle=30", "filter=sobel&colour=1&noise=20"])
def test_a_large_picture_is_filtered_by_workers_as_without_them(visit: Callable[..., Any], query: str) -> None:
    found = []
    for workers in (True, False):
        page = visit("/healthz")
        if not workers:
            page.add_init_script("delete window.Worker")
        page.goto(f"{LAB}&{query}")
        drawn(page)
        page.set_input_files("#lab-file", painted_megapixel())
        page.wait_for_function("() => document.querySelector('.compare-tools').innerText.includes('1200 × 860')")
        developed(page)
        assert bool(page.workers) == workers
        found.append(printed(page))
    assert np.abs(found[0] - found[1]).max() <= 1  # float32 here, float64 there


def test_a_worker_that_fails_is_done_without(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    page.add_init_script("window.Worker = class { constructor() { throw new Error('no workers here'); } }")
    page.goto(f"{LAB}&filter=gaussian&size=21")
    drawn(page)
    before = page.evaluate(PAINTED)
    page.set_input_files("#lab-file", painted_megapixel())
    page.wait_for_function("() => document.querySelector('.compare-tools').innerText.includes('1200 × 860')")
    developed(page)
    assert page.evaluate(PAINTED) != before


def test_the_newest_setting_wins_while_workers_are_busy(visit: Callable[..., Any]) -> None:
    page = visit(f"{LAB}&filter=gaussian&size=21&sigma=1&colour=1")
    drawn(page)
    page.set_input_files("#lab-file", painted_megapixel())
    page.wait_for_function("() => document.querySelector('.compare-tools').innerText.includes('1200 × 860')")
    developed(page)
    slider = page.locator('[data-field="sigma"] input')
    for value in ("2", "3", "5", "6.5", "3.5"):
        slider.fill(value)
    developed(page)
    dragged = page.evaluate(PAINTED)
    page.reload()
    page.wait_for_function("() => document.querySelector('.compare-tools')?.innerText.includes('1200 × 860')")
    developed(page)
    assert page.evaluate(PAINTED) == dragged and asked(page)["sigma"] == "3.5"
