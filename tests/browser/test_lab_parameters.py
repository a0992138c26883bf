"""Parameters of whole networks on the page: every row multiplies out, and the sums are the published ones."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from places import ask
from test_labs import at

pytestmark = pytest.mark.browser
TOTALS = {
    "lenet5-1998": 60_000,
    "alexnet": 61_100_840,
    "vgg16": 138_357_544,
    "resnet18": 11_689_512,
    "connected": 655_362_048,
}
LENET = {"C1": 156, "S2": 12, "C3": 1516, "S4": 32, "C5": 48_120, "F6": 10_164}


def whole(text: str | None) -> int:
    return int((text or "").replace(",", ""))


def evaluated(text: str) -> int:
    """5 × 5 × 60 + 16."""
    weights, _, biases = text.replace(",", "").partition(" + ")
    return math.prod(map(int, weights.split(" × "))) + int(biases or 0)


@pytest.mark.parametrize("network", TOTALS)
def test_rows_and_their_sum_are_the_published_counts(visit: Callable[..., Any], network: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "conv2d", preset=f"parameters-{network}")
    counts = [whole(text) for text in page.locator('[data-role="count"]').all_text_contents()]
    assert sum(counts) == whole(page.locator('[data-role="total"]').text_content()) == TOTALS[network]
    for i, count in enumerate(counts):
        ask(page, "turn", {"step": str(i)})
        ask(page, "calm")
        results = [whole(text) for text in page.locator('#card [data-role="result"]').all_text_contents()]
        assert sum(results) == count
        for line in page.locator("#card [data-layer]").all():
            factors, biases = (
                [whole(text) for text in line.locator(f'[data-role="{role}"]').all_text_contents()]
                for role in ("factor", "bias")
            )
            assert math.prod(factors) + sum(biases) == whole(line.locator('[data-role="result"]').text_content())
        assert whole(page.locator('[data-role="total"]').text_content()) == sum(counts[: i + 1])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_lenet_as_of_1998(visit: Callable[..., Any], lang: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "conv2d", preset="parameters-lenet5-1998", lang=lang)
    rows = {
        row.get_attribute("data-layer"): row.locator("text").all_text_contents() for row in page.locator(".layer-row").all()
    }
    assert {name: evaluated(texts[2]) for name, texts in rows.items()} == LENET
    assert {name: whole(texts[3]) for name, texts in rows.items()} == LENET
    page.locator('[data-layer="C3"]').first.click()
    page.wait_for_function("() => location.search.includes('step=2')")
    ask(page, "calm")
    assert "60" in page.locator("#card p").inner_text()


def test_by_keys_on_a_phone_and_away_again(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    at(page, "conv2d", preset="parameters-vgg16")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("PageDown")
    page.wait_for_function("() => document.querySelectorAll('[data-role=count]').length === 1")
    page.locator('[data-field="network"] select').select_option("alexnet")
    page.wait_for_function("() => document.querySelectorAll('.layer-row').length === 8")
    page.locator('[data-view="slide"]').click()
    page.wait_for_selector('[data-grid="y.0"]')
    ask(page, "calm")
    assert page.locator(".sheet-place").is_hidden() and re.search("view=slide", page.url)
