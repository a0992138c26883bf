"""A real server on a free port and a real Chromium; skipped where there is no Chromium."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn

playwright_api = pytest.importorskip("playwright.sync_api")

from app.main import create_app  # noqa: E402
from app.settings import Settings  # noqa: E402

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # the shell hints as full Chromium does, or the gallery's pictures would differ
]
# The headless shell first: it opens a window in half the time of the whole browser.
BROWSERS = "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome"
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the app, served in a thread."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    runner = uvicorn.Server(uvicorn.Config(create_app(Settings(port=port)), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=runner.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 120
    while not runner.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert runner.started
    yield f"http://127.0.0.1:{port}"
    runner.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """One Chromium for all tests: the system's, or the one that Playwright installed."""
    with playwright_api.sync_playwright() as playwright:
        bundled = Path(playwright.chromium.executable_path)
        if not CHROMIUM and not bundled.exists():
            pytest.skip("no Chromium here")
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def visit(browser: object, server: str) -> Iterator[Callable[..., object]]:
    """visit(path, lang="en", ...) opens a page; at the end no request may have left the origin and no error been logged."""
    contexts, foreign, errors = [], [], []

    def visit(path: str, lang: str = "en-US", **options: object) -> object:
        options.setdefault("viewport", {"width": 1440, "height": 900})
        context = browser.new_context(locale=lang, base_url=server, **options)
        contexts.append(context)
        context.add_init_script("try { localStorage.setItem('unrolled-tour', 'seen') } catch {}")  # not a first visit
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda request: foreign.append(request.url) if not own(request.url, server) else None)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        return page

    visit.errors = errors
    yield visit
    for context in contexts:
        context.close()
    assert foreign == []
    assert errors == []


def own(url: str, server: str) -> bool:
    return url.startswith((server, "data:", "blob:"))
