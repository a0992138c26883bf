"""Network, layer, number and back: by mouse, by keys alone, by touch; in any language, profile, window; through the history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cards import check, matches_the_api
from places import TINY, ask, at, drawn
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
OPS = {
    "conv2d": "features.2",
    "relu": "features.3",
    "max_pool2d": "features.4",
    "flatten": "classifier.0",
    "linear": "classifier.1",
    "softmax": "softmax",
}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WINDOWS = {"laptop": (1366, 768), "4K": (3840, 2160), "phone": (390, 844)}


def level(page: Any, name: str) -> None:
    """Wait until the page is at a level."""
    page.wait_for_selector(f'#stage[data-level="{name}"]')
    drawn(page)


def true_card(page: Any, op: str) -> Any:
    """The card of an operation; what it prints adds up and is what the API says."""
    card = page.locator(f'[data-card="{op}"]')
    card.wait_for()
    matches_the_api(page, card, check(card))
    return card


def nothing_outside(page: Any) -> None:
    """No side-scrolling page, and no control out of reach."""
    assert page.evaluate(
        "() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"
    )
    assert [finding for finding in ask(page, "broken") if "leaves the window" in finding] == []


def test_every_operation_is_reached_by_mouse(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    at(page, TINY, lang="en")
    for op, node in OPS.items():
        page.locator(f'.head[data-node="{node}"]').click()
        level(page, "layer")
        open_a_number(page, "click")
        true_card(page, op)
        page.locator("#crumbs button").first.click()
        level(page, "network")


def open_a_number(page: Any, gesture: str) -> None:
    """On a cell of the output map, or on an entry of a vector."""
    target = page.locator("#scene .total-map .heatmap.pickable, #scene .bar-row, #scene .long .heatmap").first
    getattr(target, gesture)()
    page.wait_for_selector("[data-card]")


def test_the_whole_walk_by_keyboard_alone(visit: Callable[..., Any]) -> None:
    """One walk from end to end: right to the layer, Enter, down to a unit, Enter, around its cells, a step, and out again."""
    page = visit("/healthz")
    at(page, TINY, lang="zh")
    press = page.keyboard.press
    names = page.locator(".head").evaluate_all("heads => heads.map((head) => head.dataset.node)")
    press("Home")
    here = 0
    for op, node in OPS.items():
        for _ in range(names.index(node) - here):
            press("ArrowRight")
        here = names.index(node)
        expect(page.locator(".head.on")).to_have_attribute("data-node", node)
        press("Enter")
        level(page, "layer")
        for key in ("Home", "ArrowDown", "ArrowDown", "Enter"):
            press(key)
        card = true_card(page, op)
        assert card.get_attribute("data-node") == node and "unit=2" in page.url
        walk_around(page, op, card)
        press("PageDown")
        page.wait_for_url("**step=0**")
        press("Escape")
        level(page, "layer")
        press("Escape")
        level(page, "network")


def walk_around(page: Any, op: str, card: Any) -> None:
    """Each arrow leads to a neighbour whose card is true."""
    for key in ("ArrowDown", "ArrowRight", "ArrowUp"):
        before = card.get_attribute("data-index")
        page.keyboard.press(key)
        expect(card).not_to_have_attribute("data-index", before)
        true_card(page, op)


def test_every_operation_is_reached_by_touch(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", **PHONE)
    at(page, TINY, lang="zh")
    for op, node in OPS.items():
        page.locator(f'.head[data-node="{node}"]').tap()
        level(page, "layer")
        nothing_sideways(page)
        open_a_number(page, "tap")
        true_card(page, op)
        nothing_sideways(page)
        page.locator("#crumbs button").first.tap()
        level(page, "network")
        nothing_sideways(page)


def nothing_sideways(page: Any) -> None:
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_finger_has_room(visit: Callable[..., Any]) -> None:
    """What is tapped to go on is at least 44 px high and wide on a phone."""
    page = visit("/healthz", **PHONE)
    at(page, TINY + "node=features.2&unit=3&at=20,14&", lang="zh")
    boxes = page.locator(".tools button:visible, .player button:visible").evaluate_all(
        "all => all.map((one) => { const { width, height } = one.getBoundingClientRect(); return Math.min(width, height); })"
    )
    assert boxes and min(boxes) >= 43.5


@pytest.mark.parametrize("query", ["", "node=features.2&unit=3&", "node=features.2&unit=3&at=20,14&"])
def test_language_and_profile_change_where_one_is(visit: Callable[..., Any], query: str) -> None:
    page = visit("/healthz")
    at(page, TINY + query, lang="zh")
    place = page.url.replace("lang=zh", "")
    page.keyboard.press("l")
    page.wait_for_selector('html[lang="en"]')
    drawn(page)
    assert page.url.replace("lang=en", "") == place
    looks = set()
    for profile in ("light", "dark", "projector"):
        page.locator("#profile").select_option(profile)
        page.wait_for_selector(f'html[data-profile="{profile}"]')
        drawn(page)
        looks.add(page.evaluate("() => getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).font"))
    assert len(looks) == 3
    assert "profile=projector" in page.url
    page.reload()
    drawn(page)
    assert page.locator("html").get_attribute("data-profile") == "projector"


@pytest.mark.parametrize(
    "query", ["", "node=features.2&unit=3&", "node=features.4&unit=3&at=9,7&", "node=softmax&unit=2&at=2&"]
)
def test_the_window_is_used_at_every_size(visit: Callable[..., Any], query: str) -> None:
    page = visit("/healthz", viewport={"width": 1366, "height": 768})
    at(page, TINY + query, lang="en")
    for width, height in (*WINDOWS.values(), WINDOWS["laptop"]):
        page.set_viewport_size({"width": width, "height": height})
        drawn(page)
        nothing_outside(page)
        stage = page.locator("#stage").bounding_box()
        assert stage["width"] >= 0.95 * width
        if width > 1000:
            assert stage["height"] >= 0.6 * height
        if not query:
            the_overview_fits(page, width, height)


def the_overview_fits(page: Any, width: int, height: int) -> None:
    """The maps fill the room there is; where they need more, exactly one direction scrolls."""
    picture, view = page.locator("canvas.thumbs").bounding_box(), page.locator(".network").bounding_box()
    assert picture["width"] >= 0.9 * width or picture["height"] >= 0.6 * height
    over = page.locator(".network").evaluate("one => [one.scrollWidth > one.clientWidth, one.scrollHeight > one.clientHeight]")
    assert over != [True, True]
    assert over[0] or picture["x"] + picture["width"] <= view["x"] + view["width"] + 1
    assert over[1] or picture["y"] + picture["height"] <= view["y"] + view["height"] + 1


def test_the_maps_grow_with_the_window(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", viewport={"width": 1366, "height": 768})
    at(page, TINY, lang="en")
    heights = []
    for width, height in (WINDOWS["laptop"], WINDOWS["4K"]):
        page.set_viewport_size({"width": width, "height": height})
        drawn(page)
        heights.append(page.locator("canvas.thumbs").bounding_box()["height"])
    assert heights[1] > 2 * heights[0]


def test_back_and_forward_through_the_history(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    at(page, TINY, lang="en")
    page.locator('.head[data-node="features.2"]').click()
    level(page, "layer")
    page.keyboard.press("Enter")
    true_card(page, "conv2d")
    for _ in range(4):
        page.keyboard.press("ArrowRight")  # moving about inside a view makes no entries
    page.locator('.stop[data-node="features.4"]').click()
    level(page, "layer")
    page.go_back()
    level(page, "number")
    true_card(page, "conv2d")
    page.go_back()
    level(page, "layer")
    page.go_back()
    level(page, "network")
    page.go_forward()
    level(page, "layer")
    assert "node=features.2" in page.url
    page.go_forward()
    true_card(page, "conv2d")


def test_keys_go_on_working_after_a_click_anywhere(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    at(page, TINY + "node=features.2&unit=3&at=20,14&", lang="en")
    for spot in ("#caption", ".card h2", "#crumbs", ".player .round >> nth=0", ".player .round >> nth=2"):
        page.locator(spot).click()
        before = page.locator("[data-card]").get_attribute("data-index")
        page.keyboard.press("ArrowRight")
        expect(page.locator("[data-card]")).not_to_have_attribute("data-index", before)
