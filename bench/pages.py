"""The page in a real browser: bytes, hosts, time to drawn, time to a card, busy main thread, memory, frame times."""

from __future__ import annotations

import os
import shutil
import statistics
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from bench.serving import photograph, server

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WATCH = (Path(__file__).parent / "watch.js").read_text(encoding="utf-8")
WINDOW = {"width": 1440, "height": 900}
CARDS = {
    "conv2d": "node=features.2&unit=3",
    "relu": "node=features.3&unit=3",
    "max_pool2d": "node=features.4&unit=3",
    "flatten": "node=classifier.0&unit=7",
    "linear": "node=classifier.1&unit=3",
    "softmax": "node=softmax&unit=3",
}
FRAME = 1000 / 60


@dataclass(frozen=True)
class Figure:
    """One measured figure with its unit, its bar (None: for comparison) and what to know about it."""

    what: str
    value: float
    unit: str
    bar: float | None = None
    beside: str = ""


def figures() -> list[Figure]:
    """All of them, on a server of our own; none where there is no browser."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if chromium is None:
        return []
    from playwright.sync_api import sync_playwright

    with server() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        parts = (first_visit, navigation, new_image, cards, playing, fifty_cards, sweeps, large_views)
        found = [figure for part in parts for figure in part(browser, base)]
        browser.close()
    return found


@contextmanager
def opened(browser: Any, base: str, path: str) -> Iterator[tuple[Any, Any]]:
    """A first visit, nothing cached, drawn to the end: the page and its developer tools."""
    context = browser.new_context(viewport=WINDOW, locale="en-US")
    page = context.new_page()
    page.add_init_script(WATCH)
    tools = context.new_cdp_session(page)
    tools.send("Performance.enable")
    tools.send("Network.enable")
    page.goto(base + path, wait_until="commit")
    settled(page)
    yield page, tools
    context.close()


def visit(browser: Any, base: str, query: str = "", model: str = "tinyvgg") -> AbstractContextManager[tuple[Any, Any]]:
    """The same for a network of pictures."""
    return opened(browser, base, f"/cnn/{model}?lang=en&{query}")


def settled(page: Any) -> float:
    """Wait until nothing was painted, changed or moved for a while; when the last of it was on screen, in ms."""
    page.wait_for_function("() => window.watch?.isSettled()")
    return page.evaluate("() => window.watch.last")


def first_visit(browser: Any, base: str) -> Iterator[Figure]:
    """Bytes on the wire, headers included, and the hosts they came from."""
    context = browser.new_context(viewport=WINDOW, locale="en-US")
    page = context.new_page()
    page.add_init_script(WATCH)
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    sizes: dict[str, int] = {}
    numbers: set[str] = set()  # requests for values of the trace
    hosts: set[str] = set()
    tools.on("Network.requestWillBeSent", lambda event: "/api/" in event["request"]["url"] and numbers.add(event["requestId"]))
    tools.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(f"{base}/cnn/tinyvgg?lang=en")
    settled(page)
    overview, requests = sum(sizes.values()), len(sizes)
    page.locator('.head[data-node="features.2"]').click()
    settled(page)
    page.keyboard.press("Enter")
    page.locator("[data-card]").wait_for()
    settled(page)
    foreign = {host for host in hosts if host and host != urlsplit(base).netloc}
    context.close()
    yield Figure("first visit, overview, all compressed bytes", overview / 1000, "KB", 400, f"{requests} requests")
    exact = sum(size for request, size in sizes.items() if request in numbers)
    beside = f"{len(sizes)} requests; beside it {exact / 1000:.0f} KB of exact values of the layer looked at"
    yield Figure("with a layer, a card, formulas and fonts", (sum(sizes.values()) - exact) / 1000, "KB", None, beside)
    yield Figure("foreign hosts contacted", len(foreign), "hosts", 0, ", ".join(sorted(foreign)))


def navigation(browser: Any, base: str) -> Iterator[Figure]:
    """From the start of the navigation to the last change of the overview, with nothing cached."""
    for model in ("tinyvgg", "tinyvgg-wide"):
        times, work = [], []
        for _ in range(7):
            with visit(browser, base, model=model) as (page, tools):
                assert page.evaluate("() => window.watch.overviewIsThere()")
                times.append(page.evaluate("() => window.watch.last"))
                work.append(1000 * metrics(tools)["ThreadTime"])
        beside = f"{spread(times)}; {statistics.median(work):.0f} ms of the main thread's CPU time"
        yield Figure(f"navigation to overview drawn, {model}", statistics.median(times), "ms", 800, beside)


def new_image(browser: Any, base: str) -> Iterator[Figure]:
    """From the choice of a 500 KB photograph to the last change of its overview, motion included."""
    picture = photograph()
    for model in ("tinyvgg", "tinyvgg-wide"):
        times = []
        with visit(browser, base, model=model) as (page, _tools):
            page.locator('[data-action="input"]').click()
            for count in range(7):
                file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture + bytes([count])}
                settled(page)
                before = page.url
                page.set_input_files("#file", file)
                page.wait_for_function("(before) => location.href !== before", arg=before)
                times.append(settled(page) - page.evaluate("() => window.watch.asked"))
        yield Figure(f"new image to overview drawn, {model}", statistics.median(times[1:]), "ms", 600, spread(times[1:]))


def cards(browser: Any, base: str) -> Iterator[Figure]:
    """From the key that opens a card to its last change: the median of ten openings for each operation, and the first one."""
    medians: dict[str, float] = {}
    first: dict[str, float] = {}
    for op, query in CARDS.items():
        with visit(browser, base, query) as (page, _tools):
            page.locator("#scene:not([hidden])").wait_for()
            times = [opening(page) for _ in range(11)]
            first[op], medians[op] = times[0], statistics.median(times[1:])
    worst = max(medians, key=medians.__getitem__)
    yield Figure("opening an arithmetic card", medians[worst], "ms", 100, listed(medians))
    yield Figure("opening the first card of a visit", max(first.values()), "ms", 100, listed(first))
    with visit(browser, base, "node=features.17&unit=3", model="tinyvgg-wide") as (page, _tools):
        page.locator("#scene:not([hidden])").wait_for()
        times = [opening(page) for _ in range(6)]
    yield Figure("opening a card of 128 channels", statistics.median(times[1:]), "ms", 100, spread(times[1:]))


def opening(page: Any) -> float:
    """Open the card of the chosen unit and close it again; how long the opening took."""
    page.keyboard.press("Enter")
    page.locator("[data-card]").wait_for()
    took = settled(page) - page.evaluate("() => window.watch.asked")
    page.keyboard.press("Escape")
    page.locator("[data-card]").wait_for(state="detached")
    settled(page)
    return took


def playing(browser: Any, base: str) -> Iterator[Figure]:
    """The share of eight seconds that the main thread is busy while a card plays, at the usual and at the highest speed."""
    for speed, bar in (("1", 20), ("4", None)):
        shares = {}
        for op in ("conv2d", "linear", "softmax"):
            with visit(browser, base, CARDS[op]) as (page, tools):
                page.keyboard.press("Enter")
                page.locator("[data-card]").wait_for()
                page.locator(".player select").select_option(speed)
                settled(page)
                page.evaluate("() => document.activeElement.blur()")
                page.keyboard.press("k")
                shares[op] = busy(page, tools, 8)
        worst = max(shares, key=shares.__getitem__)
        yield Figure(f"main thread busy while a card plays, speed {speed}", shares[worst], "%", bar, listed(shares, "%"))


def busy(page: Any, tools: Any, seconds: float) -> float:
    """Percent of the time that the main thread worked."""
    before = metrics(tools)
    page.wait_for_timeout(1000 * seconds)
    after = metrics(tools)
    return 100 * (after["TaskDuration"] - before["TaskDuration"]) / (after["Timestamp"] - before["Timestamp"])


def metrics(tools: Any) -> dict[str, float]:
    return {entry["name"]: entry["value"] for entry in tools.send("Performance.getMetrics")["metrics"]}


def fifty_cards(browser: Any, base: str) -> Iterator[Figure]:
    """What fifty cards leave behind once closed: heap after a forced collection, nodes, listeners, timers, frames."""
    with visit(browser, base, CARDS["conv2d"]) as (page, tools):
        page.locator("#scene:not([hidden])").wait_for()
        open_and_close(page, 50)  # what is kept once, is kept now
        before = left_behind(tools)
        open_and_close(page, 50)
        after = left_behind(tools)
        timers = page.evaluate("() => window.watch.live()")
    grown = {name: after[name] - before[name] for name in before}
    beside = (
        f"of {after['JSHeapUsedSize'] / 1e6:.1f} MB; {grown['Nodes']:+.0f} nodes, {grown['JSEventListeners']:+.0f} listeners"
    )
    yield Figure("heap grown by 50 cards opened and closed", max(0.0, grown["JSHeapUsedSize"] / 1000), "KB", 100, beside)
    yield Figure("live timers and frames after 50 cards", timers, "timers", 0)


def open_and_close(page: Any, times: int) -> None:
    for count in range(times):
        page.keyboard.press("Enter")
        page.locator("[data-card]").wait_for()
        if count % 5 == 0:
            page.keyboard.press("k")
            page.wait_for_timeout(60)
        page.keyboard.press("Escape")
        page.locator("[data-card]").wait_for(state="detached")
    settled(page)


def left_behind(tools: Any) -> dict[str, float]:
    for _ in range(3):
        tools.send("HeapProfiler.collectGarbage")
    found = metrics(tools)
    return {name: found[name] for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")}


def sweeps(browser: Any, base: str) -> Iterator[Figure]:
    """Frame times while the pointer sweeps over a view, and while steps are made; the bar is a frame and one of tolerance."""
    places = {
        "overview": ("tinyvgg", "", ".field"),
        "overview, wide": ("tinyvgg-wide", "", ".field"),
        "layer": ("tinyvgg", "node=features.0&unit=3", "#scene"),
        "card": ("tinyvgg", "node=features.0&unit=3&at=20,20", "#scene"),
    }
    for name, (model, query, selector) in places.items():
        with visit(browser, base, query, model) as (page, tools):
            before = metrics(tools)["TaskDuration"]
            frames = sweep(page, page.locator(selector).bounding_box())
            work = 1000 * (metrics(tools)["TaskDuration"] - before) / len(frames)
        beside = f"median {statistics.median(frames):.1f}, worst {max(frames):.0f}; {work:.1f} ms of work a frame"
        yield Figure(f"frame time, hover sweep over the {name}, 95th", percentile(frames, 95), "ms", 2 * FRAME, beside)
    keys = ["ArrowRight"] * 30 + ["ArrowDown"] * 30 + ["PageDown"] * 30
    with visit(browser, base, "node=features.0&unit=3&at=20,20") as (page, _tools):
        yield framed("moving and stepping through a card", held(page, keys))


def held(page: Any, keys: list[str]) -> list[float]:
    """Times between frames in ms while keys are held down: they repeat about 30 times a second."""
    page.evaluate("() => window.watch.recordFrames()")
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(33)
    return page.evaluate("() => window.watch.frames()")


def framed(what: str, frames: list[float]) -> Figure:
    beside = f"median {statistics.median(frames):.1f}, worst {max(frames):.0f}; load {os.getloadavg()[0]:.1f}"
    return Figure(f"frame time, {what}, 95th", percentile(frames, 95), "ms", 2 * FRAME, beside)


def large_views(browser: Any, base: str) -> Iterator[Figure]:
    """A text of 200 characters scrubbed, and a lab of 64 x 64 numbers pointed at and stepped through."""
    text = quote("To be, or not to be, that is the question. " * 5)[:600].rsplit("%", 1)[0]
    with opened(browser, base, f"/rnn/shakespeare-lstm?lang=en&input=text:{text}&t=20") as (page, _tools):
        yield framed("scrubbing a text of 200 characters", held(page, ["ArrowRight"] * 60 + ["ArrowLeft"] * 30))
    grid = "*".join("_".join(str((7 * row + 3 * column) % 10) for column in range(64)) for row in range(64))
    with opened(browser, base, f"/lab/conv2d?lang=en&padding=1&x={grid}") as (page, _tools):
        page.locator('[data-grid="y.0"]').wait_for()
        yield framed("pointing over 64 x 64 results", sweep(page, page.locator('[data-grid="y.0"]').bounding_box()))
        yield framed("stepping through 64 x 64 results", held(page, ["PageDown"] * 60))


def sweep(page: Any, box: dict[str, float]) -> list[float]:
    """Times between frames in ms while the pointer goes to and fro over a box."""
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.evaluate("() => window.watch.recordFrames()")
    for row in range(1, 7):
        y = box["y"] + row * min(box["height"], WINDOW["height"] - box["y"]) / 8
        for column in range(41):
            along = column if row % 2 else 40 - column
            page.mouse.move(box["x"] + 2 + along * (min(box["width"], WINDOW["width"]) - 4) / 40, y)
    return page.evaluate("() => window.watch.frames()")


def percentile(values: list[float], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1]


def spread(times: list[float]) -> str:
    return f"{min(times):.0f} to {max(times):.0f}; load {os.getloadavg()[0]:.1f}"


def listed(values: dict[str, float], unit: str = "ms") -> str:
    return ", ".join(f"{name} {value:.0f}" for name, value in values.items()) + f" {unit}; load {os.getloadavg()[0]:.1f}"
