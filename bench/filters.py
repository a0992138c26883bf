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
SHARE = 0.5  # of the main thread, while the camera runs

FRAMES = """async ([filter, size, aspect, colour]) => {
  const { darkroom } = await import('/static/js/view/lab/darkroom.js');
  const { kernelsOf } = await import('/static/js/core/lab/kernels.js');
  const { greyOf } = await import('/static/js/core/lab/filter.js');
  const canvas = Object.assign(document.createElement('canvas'), { width: 1000, height: 1000 });
  const screen = Object.assign(document.createElement('canvas'), { width: 1180, height: 560 }).getContext('2d');
  const context = canvas.getContext('2d', { willReadFrequently: true }), times = [];
  let arrived = () => {};
  const room = darkroom(() => arrived()), side = Array.from({ length: 21 }, (_, i) => i);
  const k = side.map((y) => side.map((x) => Math.sin(x * y + x) / 40));
  const kernels = kernelsOf({ filter, size, sigma: size / 5, angle: 30, wavelength: 6, aspect, phase: 0, k, normalise: false });
  const how = { kernels, colour, noise: 0, seed: 1, look: 'middle', gain: 0.5 };
  for (let i = 0; i < 24; i++) {
    context.fillStyle = `hsl(${i * 40}, 60%, 50%)`;
    context.fillRect((i * 97) % 900, (i * 61) % 900, 200, 200);
    const start = performance.now(), { data } = context.getImageData(0, 0, 1000, 1000), before = room.shown();
    const there = new Promise((done) => { arrived = done; });
    room.develop({ key: `frame ${i}`, rows: 1000, columns: 1000, rgba: data }, how);
    if (room.shown() === before) await there;
    for (const [at, sheet] of [[0, room.shown().before], [590, room.shown().after]]) screen.drawImage(sheet, at, 0, 560, 560);
    times.push(performance.now() - start);
    await new Promise((done) => setTimeout(done));
  }
  return times.slice(6);
}"""
CASES = [  # name, size, aspect, in colour; an aspect other than 1, and `own`, are no sums of few products
    ("sobel_x", 3, 1, False),
    ("sobel", 3, 1, False),
    ("laplacian", 3, 1, False),
    ("sharpen", 3, 1, False),
    ("box", 9, 1, False),
    ("gaussian", 9, 1, False),
    ("emboss", 3, 1, False),
    ("gaussian", 21, 1, False),
    ("gabor", 15, 1, False),
    ("sobel_x", 3, 1, True),
    ("sobel", 3, 1, True),
    ("gaussian", 9, 1, True),
    ("gaussian", 21, 1, True),
    ("gabor", 15, 1, True),
    ("gabor", 21, 1, True),
    ("gabor", 15, 0.5, True),
    ("gabor", 21, 0.5, True),
    ("own", 21, 1, True),
]
FILMS = [
    "filter=sobel_x",
    "filter=sobel&colour=1",
    "filter=gabor&size=15&sigma=3&angle=30&colour=1",
    "filter=gabor&size=21&sigma=4&angle=30&aspect=0.5&colour=1",
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
        found = [*frames(page), *(figure for query in FILMS for figure in camera(page, f"{base}/lab/kernels?lang=en&{query}"))]
        browser.close()
    return found


def frames(page: Any) -> Iterator[Figure]:
    """Reading a frame of 1000 by 1000, filtering it, painting it before and after; the next one only then."""
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")
    for name, size, aspect, colour in CASES:
        before = metrics(tools)["ThreadTime"]
        times = page.evaluate(FRAMES, [name, size, aspect, colour])
        work = 1000 * (metrics(tools)["ThreadTime"] - before) / 24  # the six frames of warming up are in it
        middle = statistics.median(times)
        beside = (
            f"{1000 / middle:.0f} frames/s; {min(times):.0f} to {max(times):.0f} ms, {work:.0f} ms of them on the main thread"
        )
        beside += f"; load {os.getloadavg()[0]:.1f}"
        shape = "" if aspect == 1 else f", aspect {aspect}"
        what = f"a frame of 1 megapixel, {name} {size} x {size}{shape}{', in colour' if colour else ''}"
        yield Figure(what, middle, "ms", BAR, beside)


def camera(page: Any, address: str) -> Iterator[Figure]:
    """The page's own reading, with the camera that Chromium makes up, 1280 by 720; and how busy the page is with it."""
    page.goto(address)
    page.locator("canvas.compare").wait_for()
    page.locator("[data-camera]").click()
    page.wait_for_timeout(2500)
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")
    before = metrics(tools)
    page.wait_for_timeout(4000)
    after = metrics(tools)
    told = page.locator(".compare-tools").inner_text()
    found = re.search(r"(\d+) × (\d+) pixels · (\d+) frames", told)
    if not found:
        return
    columns, rows, rate = map(int, found.groups())
    share = (after["ThreadTime"] - before["ThreadTime"]) / (after["Timestamp"] - before["Timestamp"])
    query = address.partition("&")[2]
    beside = f"{rate} frames/s at {columns} x {rows}; load {os.getloadavg()[0]:.1f}"
    yield Figure(f"the camera through {query}, a frame", 1000 / rate, "ms", BAR, beside)
    yield Figure(f"the main thread's share, the camera through {query}", 100 * share, "%", 100 * SHARE, f"{rate} frames/s")
