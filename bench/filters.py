"""The image filters of the lab: what a frame of one megapixel takes in the browser, and the camera from end to end."""

from __future__ import annotations

import os
import re
import shutil
import statistics
from collections.abc import Iterator
from typing import Any

from bench.pages import FLAGS, WINDOW, Figure, metrics
from bench.serving import server

CAMERA = ["--use-fake-device-for-media-stream=fps=30", "--use-fake-ui-for-media-stream"]  # Chromium's own moving test picture
BAR = 1000 / 15  # ms: fifteen frames a second
BARS = {"sobel_x", "sobel", "laplacian", "sharpen", "box", "gaussian", "emboss"}  # in grey; the rest is for comparison

FRAMES = """async ([filter, size, colour]) => {
  const { darkroom } = await import('/static/js/view/lab/darkroom.js');
  const { kernelsOf } = await import('/static/js/core/lab/kernels.js');
  const canvas = Object.assign(document.createElement('canvas'), { width: 1000, height: 1000 });
  const screen = Object.assign(document.createElement('canvas'), { width: 1180, height: 560 }).getContext('2d');
  const context = canvas.getContext('2d', { willReadFrequently: true }), develop = darkroom(), times = [];
  const kernels = kernelsOf({ filter, size, sigma: size / 5, angle: 30, wavelength: 6, k: [[1]], normalise: false });
  for (let i = 0; i < 24; i++) {
    context.fillStyle = `hsl(${i * 40}, 60%, 50%)`;
    context.fillRect((i * 97) % 900, (i * 61) % 900, 200, 200);
    const start = performance.now(), { data } = context.getImageData(0, 0, 1000, 1000);
    const frame = { key: `frame ${i}`, rows: 1000, columns: 1000, rgba: data };
    const { before, after } = develop(frame, { kernels, colour, noise: 0, seed: 1, look: 'middle', gain: 0.5 });
    for (const [at, sheet] of [[0, before], [590, after]]) screen.drawImage(sheet, at, 0, 560, 560);
    times.push(performance.now() - start);
    await new Promise((done) => setTimeout(done));
  }
  return times.slice(6);
}"""
CASES = [
    ("sobel_x", 3, False),
    ("sobel", 3, False),
    ("laplacian", 3, False),
    ("sharpen", 3, False),
    ("box", 9, False),
    ("gaussian", 9, False),
    ("emboss", 3, False),
    ("gaussian", 21, False),
    ("gabor", 15, False),
    ("sobel_x", 3, True),
    ("sobel", 3, True),
    ("gaussian", 9, True),
]


def figures() -> list[Figure]:
    """Milliseconds for each frame; none where there is no browser."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if chromium is None:
        return []
    from playwright.sync_api import sync_playwright

    with server() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS + CAMERA)
        page = browser.new_context(viewport=WINDOW, permissions=["camera"]).new_page()
        page.goto(f"{base}/lab/kernels?lang=en")
        page.locator("canvas.compare").wait_for()
        found = [*frames(page), *camera(page)]
        browser.close()
    return found


def frames(page: Any) -> Iterator[Figure]:
    """Reading a frame of 1000 by 1000, filtering it, painting it before and after."""
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")
    for name, size, colour in CASES:
        before = metrics(tools)["ThreadTime"]
        times = page.evaluate(FRAMES, [name, size, colour])
        work = 1000 * (metrics(tools)["ThreadTime"] - before) / 24  # the six frames of warming up are in it
        middle = statistics.median(times)
        beside = f"{1000 / middle:.0f} frames/s; {min(times):.0f} to {max(times):.0f} ms, {work:.0f} ms of CPU time"
        beside += f"; load {os.getloadavg()[0]:.1f}"
        bar = BAR if name in BARS and not colour and size < 10 else None
        what = f"a frame of 1 megapixel, {name} {size} x {size}{', in colour' if colour else ''}"
        yield Figure(what, middle, "ms", bar, beside)


def camera(page: Any) -> Iterator[Figure]:
    """The page's own reading, with the camera that Chromium makes up, 1280 by 720."""
    page.locator("[data-camera]").click()
    page.wait_for_timeout(6000)
    told = page.locator(".compare-tools").inner_text()
    found = re.search(r"(\d+) × (\d+) pixels · (\d+) frames", told)
    if not found:
        return
    columns, rows, rate = map(int, found.groups())
    beside = f"{rate} frames/s at {columns} x {rows}; load {os.getloadavg()[0]:.1f}"
    yield Figure("the camera through Sobel x, a frame", 1000 / rate, "ms", BAR, beside)
