"""The projector profile at 1920 x 1080: nothing too small for the last row, nothing too pale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from places import ALL, ask, at

pytestmark = pytest.mark.browser
SIZE = {"width": 1920, "height": 1080}
TEXT, NUMBER = 28, 24  # px
WORDS, EDGES = 7.0, 3.0  # contrast ratios


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ALL)
def test_the_last_row_can_read_it(visit: Callable[..., Any], name: str, lang: str) -> None:
    page = visit("/healthz", viewport=SIZE)
    at(page, ALL[name], lang=lang, profile="projector")
    assert ask(page, "small", {"text": TEXT, "number": NUMBER}) == []
    assert ask(page, "pale", {"words": WORDS, "edges": EDGES}) == []
    visit.errors[:] = [error for error in visit.errors if "404" not in error or name != "missing"]


def test_no_text_is_painted_on_a_canvas(visit: Callable[..., Any]) -> None:
    """What a canvas holds has no computed size; so nothing may be written there."""
    page = visit("/healthz", viewport=SIZE)
    page.add_init_script(
        "window.written = []; for (const way of ['fillText', 'strokeText']) "
        "CanvasRenderingContext2D.prototype[way] = function (text) { window.written.push(text); };"
    )
    for name in ("network", "layer, conv2d", "number, conv2d", "number, relu"):
        at(page, ALL[name], lang="en", profile="projector")
        assert page.evaluate("() => window.written") == []
