"""The explorer of sequences: axe finds nothing grave, the last row can read it, nothing leaves the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from places import ask

pytest.importorskip("axe_playwright_python")
from test_accessibility import LOOKS, findings
from test_projector import EDGES, NUMBER, SIZE, TEXT, WORDS

pytestmark = pytest.mark.browser
HERE = "/rnn/sentiment-zh-lstm?input=sample:late-but-good&"
DATES = "/rnn/dates-attention?"
VIEWS = {
    "network": (HERE + "t=5", ".tl-map canvas"),
    "tagger": ("/rnn/tagger-en-gru?", ".tl-map canvas"),
    "translator": ("/rnn/dates-attention?", ".attention canvas"),
    "series": ("/rnn/sunspots-rnn?", ".tl-curve"),
    "cell": (HERE + "view=cell&t=5&unit=3", "#scene > *"),
    "gru cell": ("/rnn/sentiment-zh-gru?view=cell&t=5&unit=3", "#scene > *"),
    "gate": (HERE + "view=gate&gate=f&t=5&unit=3", "#scene > *"),
    "compare": (HERE + "view=compare", ".compared"),
    "read": (HERE + "view=read&unit=3", ".found"),
    "what if": (HERE + "view=whatif", ".one-run"),
    "write": ("/rnn/tang-gru?view=write", ".written"),
    "free run": ("/rnn/sunspots-rnn?view=write", ".ahead"),
    "layer": (DATES + "view=layer&of=softmax&at=3,5", ".matrix-frame canvas"),
    "number, embedding": (HERE + "view=number&of=embedding&at=3,7", "[data-card=embedding]"),
    "number, head": ("/rnn/tang-gru?view=number&of=head&at=3,12", "[data-card=linear]"),
    "number, softmax": ("/rnn/tang-gru?view=number&of=softmax&at=3,12", "[data-card=softmax]"),
    "number, attention": (DATES + "view=number&of=softmax&at=3,12", "[data-card=softmax]"),
    "number, context": (DATES + "view=number&of=matmul_1&at=3,5", "[data-card=matmul]"),
    "number, score": (DATES + "view=number&of=matmul&at=3,5", "[data-card=matmul]"),
    "number, cat": (DATES + "view=number&of=cat&at=3,130", "[data-card=cat]"),
    "number, tanh": (DATES + "view=number&of=tanh&at=3,9", "[data-card=tanh]"),
    "number, transpose": (DATES + "view=number&of=transpose&at=5,9", "[data-card=transpose]"),
    "number, token": (DATES + "view=number&of=written&at=3", "[data-card=input]"),
    "number, add": ("/rnn/sunspots-rnn?view=number&of=add&at=20,0", "[data-card=add]"),
    "number, value": ("/rnn/sunspots-rnn?view=number&of=input&at=20,0", "[data-card=input]"),
    "patterns": ("/patterns?", ".pattern-column"),
}


def at(page: Any, name: str, lang: str, profile: str) -> None:
    """Open a view and wait until it is drawn."""
    path, sign = VIEWS[name]
    page.goto(f"{path}{'' if path.endswith('?') else '&'}lang={lang}&profile={profile}")
    page.locator(sign).first.wait_for(timeout=60_000)
    page.evaluate("() => document.fonts.ready")
    page.wait_for_timeout(200)


@pytest.mark.parametrize("name", VIEWS)
def test_axe_finds_nothing_grave(visit: Callable[..., Any], name: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    for profile, lang in LOOKS:
        at(page, name, lang, profile)
        assert findings(page) == [], profile


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [name for name in VIEWS if name != "patterns"])
def test_the_last_row_can_read_it(visit: Callable[..., Any], name: str, lang: str) -> None:
    page = visit("/healthz", viewport=SIZE, reduced_motion="reduce")
    at(page, name, lang, "projector")
    assert ask(page, "small", {"text": TEXT, "number": NUMBER}) == []
    assert ask(page, "pale", {"words": WORDS, "edges": EDGES}) == []


@pytest.mark.parametrize("name", VIEWS)
def test_a_phone_never_scrolls_sideways_nor_cuts_a_sentence(visit: Callable[..., Any], name: str) -> None:
    page = visit("/healthz", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    at(page, name, "zh", "light")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    lines = page.locator("#scene > p, #scene > * > p").evaluate_all(
        "all => all.filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.textContent)"
    )
    assert lines == []
