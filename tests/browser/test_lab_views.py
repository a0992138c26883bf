"""Views of the labs that are not the first to be seen: what axe finds, sizes for the last row, and room on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from places import ask

pytest.importorskip("axe_playwright_python")
from test_accessibility import PROFILES, findings
from test_labs import at
from test_projector import NUMBER, SIZE, TEXT

pytestmark = pytest.mark.browser
VIEWS = [
    *(("pixels", view) for view in ("planes", "grey", "levels", "memory")),
    *(("softmax", view) for view in ("naive", "loss")),
    *(("norm", view) for view in ("group", "response", "dropout")),
    *(("conv2d", view) for view in ("sizes", "cost", "parameters")),
]


@pytest.mark.parametrize(("lab", "view"), VIEWS)
def test_other_views_are_as_good(visit: Callable[..., Any], lab: str, view: str) -> None:
    page = visit("/healthz", viewport=SIZE, reduced_motion="reduce")
    for profile in PROFILES:
        at(page, lab, view=view, profile=profile, lang="zh")
        assert findings(page) == [], profile
    at(page, lab, view=view, profile="projector")
    assert ask(page, "small", {"text": TEXT, "number": NUMBER}) == []
    page.set_viewport_size({"width": 390, "height": 844})
    at(page, lab, view=view)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
