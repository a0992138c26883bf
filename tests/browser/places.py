"""The places of the product that every look is given to, and waiting until such a place is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TINY, WIDE = "/cnn/tinyvgg?tour=0&", "/cnn/tinyvgg-wide?tour=0&"
LAYERS = {
    "network": TINY,
    "network, first visit": "/cnn/tinyvgg?",
    "network, pointed": TINY + "step=5&unit=3&",
    "network, wide": WIDE,
    "network, digits": "/cnn/lenet5?tour=0&",
    "layer, input": TINY + "node=input&",
    "layer, conv2d": TINY + "node=features.2&unit=3&",
    "layer, conv2d, step": TINY + "node=features.2&unit=3&step=4&",
    "layer, relu": TINY + "node=features.3&unit=3&",
    "layer, max_pool2d": TINY + "node=features.4&unit=3&",
    "layer, flatten": TINY + "node=classifier.0&",
    "layer, linear": TINY + "node=classifier.1&unit=2&",
    "layer, softmax": TINY + "node=softmax&unit=2&",
}
NUMBERS = {
    "number, conv2d": TINY + "node=features.2&unit=3&at=20,14&",
    "number, conv2d, padding": TINY + "node=features.0&unit=3&at=0,0&",
    "number, relu": TINY + "node=features.3&unit=3&at=20,14&",
    "number, max_pool2d": TINY + "node=features.4&unit=3&at=9,7&",
    "number, flatten": TINY + "node=classifier.0&unit=40&at=40&",
    "number, linear": TINY + "node=classifier.1&unit=2&at=2&",
    "number, softmax": TINY + "node=softmax&unit=2&at=2&",
    "number, batch_norm": WIDE + "node=features.1&unit=3&at=20,14&",
    "number, adaptive_avg_pool2d": WIDE + "node=avgpool&unit=3&at=0,0&",
}
PAGES = {"home": "/?", "missing": "/cnn/nothing?"}
EXPLORER = {**LAYERS, **NUMBERS}
ALL = {**PAGES, **EXPLORER}

LOOKING = (Path(__file__).parent / "looking.js").read_text(encoding="utf-8")


def ask(page: Any, question: str, about: Any = None) -> Any:
    """The answer of one of the functions in looking.js."""
    return page.evaluate(f"(about) => {{ {LOOKING}\n return {question}(about); }}", about)


def drawn(page: Any) -> None:
    """Wait until the place is there, its fonts are, and nothing moves any more."""
    page.wait_for_function(f"() => {{ {LOOKING}\n return drawn(); }}")
    page.evaluate("() => document.fonts.ready")
    ask(page, "calm")


def at(page: Any, path: str, **query: str) -> None:
    """Go to a place of this table by a full load, and wait until it is drawn."""
    page.goto(path + "&".join(f"{key}={value}" for key, value in query.items()))
    drawn(page)


def unfold(page: Any) -> None:
    """Open the controls that a lab's strip has no room for, if there are any."""
    page.evaluate("() => document.querySelector('.more-controls[aria-expanded=\"false\"]:not([hidden])')?.click()")


def turn(page: Any, **query: Any) -> None:
    """Change what the address says within the page, as the history would, and wait."""
    ask(page, "turn", query)
    drawn(page)
