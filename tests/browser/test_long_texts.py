"""Every text of the product doubled, and every one replaced by X: nothing overlaps, nothing is cut off."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from places import ALL, PAGES, ask, at, drawn, turn

from app.content import content
from app.main import create_app
from app.settings import Settings

pytestmark = pytest.mark.browser
SIZES = {"laptop": (1440, 900, "light"), "projector": (1920, 1080, "projector"), "phone": (390, 844, "light")}
CHANGES: dict[str, Callable[[str], str]] = {
    "doubled": lambda text: f"{text} {text}",
    "X": lambda text: re.sub(r"^.+$", "X", text, flags=re.S),
}


def changed(document: Any, change: Callable[[str], str]) -> Any:
    """A document with every text changed; codes and identifiers stay."""
    if isinstance(document, dict):
        return {
            key: value if key in ("id", "kind", "models") and isinstance(value, list | str) else changed(value, change)
            for key, value in document.items()
        }
    if isinstance(document, list):
        return [changed(entry, change) for entry in document]
    return change(document) if isinstance(document, str) else document


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The address of an app, served in a thread."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    runner = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=runner.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 120
    while not runner.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    runner.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module", params=CHANGES)
def odd(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    """A page of the same app with other words."""
    with served(with_words(CHANGES[request.param])) as address:
        context = browser.new_context(base_url=address)
        yield context.new_page()
        context.close()


def with_words(change: Callable[[str], str]) -> Any:
    """The app with every text of its catalogues changed."""
    app, words = create_app(Settings()), content()
    samples = {key: replace(sample, title=changed(sample.title, change)) for key, sample in words.samples.items()}
    app.state.catalogue.content = replace(words, documents=changed(words.documents, change), samples=samples)
    return app


def look(page: Any, name: str, size: str) -> list[str]:
    """What is broken at a place, at a size of window."""
    width, height, profile = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    if name in PAGES:
        at(page, ALL[name], lang="en", profile=profile)
    else:
        turn(page, profile=profile)
    return [f"{size}: {finding}" for finding in ask(page, "broken")]


@pytest.mark.parametrize("name", ALL)
def test_no_view_overlaps_or_clips(odd: Any, name: str) -> None:
    at(odd, ALL[name], lang="en", profile="light")
    assert [finding for size in SIZES for finding in look(odd, name, size)] == []


@pytest.mark.parametrize("action", ["keys", "input"])
def test_no_dialog_overlaps_or_clips(odd: Any, action: str) -> None:
    for size, (width, height, profile) in SIZES.items():
        odd.set_viewport_size({"width": 1440, "height": 900})
        at(odd, "/cnn/lenet5?tour=0&", lang="en", profile=profile)
        odd.locator(f'[data-action="{action}"]').click()
        odd.wait_for_selector("dialog[open]")
        odd.set_viewport_size({"width": width, "height": height})
        drawn(odd)
        assert [f"{size}: {finding}" for finding in ask(odd, "broken")] == []
