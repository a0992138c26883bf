"""What a phone must not lack: legible digits, every channel by touch and keys, the looks; cards in sight of their maps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from places import NUMBERS, TINY, WIDE, at
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MANY = WIDE + "node=features.17&unit=3&at=3,3&"


def test_digits_on_every_card_are_legible(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", **PHONE)
    for name, place in NUMBERS.items():
        at(page, place, lang="en")
        sizes = page.locator(".card .num").evaluate_all("all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))")
        assert min(sizes) >= 14, name


def test_every_channel_is_reached_by_touch(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", **PHONE)
    at(page, MANY + "channel=34&", lang="en")
    slider = page.get_by_role("slider", name="Each channel")
    expect(slider).to_have_attribute("aria-valuenow", "34")
    assert slider.get_attribute("aria-valuetext").startswith("Input channel 34: ")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box["height"] >= 44
    page.touchscreen.tap(box["x"] + 0.25 * box["width"], box["y"] + 0.75 * box["height"])
    expect(page.get_by_role("slider", name="Each channel")).to_have_attribute("aria-valuenow", "80")
    page.get_by_role("button", name="Input channel 81:").tap()
    expect(page.locator(".stage")).to_have_attribute("data-group", "81")


def test_every_channel_is_reached_by_keys(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    at(page, MANY + "channel=34&", lang="en")
    slider = page.get_by_role("slider", name="Each channel")
    while not slider.evaluate("(one) => one === document.activeElement"):
        page.keyboard.press("Tab")
    for key, channel in (("ArrowRight", 35), ("ArrowDown", 99), ("Home", 0), ("End", 127), ("ArrowLeft", 126)):
        page.keyboard.press(key)
        expect(page.locator(".stage")).to_have_attribute("data-group", str(channel))
        expect(slider).to_be_focused()  # drawn anew, and still in hand
    assert "at=3,3" in page.url


def test_a_drag_along_the_strip_goes_through_the_channels(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    at(page, MANY + "channel=34&", lang="en")
    box = page.get_by_role("slider", name="Each channel").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 3)
    page.mouse.down()
    expect(page.locator(".stage")).to_have_attribute("data-group", "0")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 3, steps=4)
    expect(page.locator(".stage")).to_have_attribute("data-group", "32")
    page.mouse.up()
    page.mouse.move(box["x"] + 2, box["y"] + 3)
    expect(page.locator(".stage")).to_have_attribute("data-group", "32")


def test_the_looks_are_in_the_menu(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", **PHONE)
    at(page, TINY, lang="en")
    page.locator(".switch summary").tap()
    page.locator(".menu-look select").select_option("dark")
    page.wait_for_selector('html[data-profile="dark"]')
    assert "profile=dark" in page.url


def test_a_card_opens_at_its_top_and_a_tap_on_its_map_moves_nothing(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", **PHONE)
    at(page, NUMBERS["number, conv2d"], lang="en")
    assert page.locator("#scene").evaluate("one => one.scrollTop") == 0
    page.locator(".maps .out .heatmap").tap(position={"x": 60, "y": 40})
    page.wait_for_function("() => !location.search.includes('at=20,14')")
    assert page.locator("#scene").evaluate("one => one.scrollTop") == 0
    page.locator(".player .round").nth(2).tap()
    expect(page.locator(".stage")).to_be_in_viewport(ratio=0.6)


def test_stepping_back_plays_nothing_again(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    at(page, NUMBERS["number, conv2d"] + "step=11&", lang="en")
    moving = "() => document.getAnimations().filter(({ animationName }) => animationName === 'swept').length"
    page.keyboard.press("PageDown")
    page.wait_for_url("**step=12**")
    assert page.evaluate(moving) > 0
    page.keyboard.press("PageUp")
    page.wait_for_url("**step=11**")
    assert page.evaluate(moving) == 0
    at(page, NUMBERS["number, conv2d"], lang="en")
    page.keyboard.press("PageUp")  # with everything shown the state before is that without the result
    page.wait_for_url("**step=19**")
    assert page.locator(".total.later").count() == 1


def test_a_number_of_a_sequence_opens_with_its_arithmetic_beside_its_map(visit: Callable[..., Any]) -> None:
    """Maps in a row above the card, both on the first screen; steps bring what they are about into sight, and the maps stay."""
    page = visit("/healthz", **PHONE)
    for place in ("dates-attention?view=number&of=matmul&at=3,2", "sentiment-en-lstm?view=number&of=embedding&at=3,2"):
        page.goto(f"/rnn/{place}&lang=en")
        page.locator(".card .arithmetic").wait_for()
        first = page.locator(".card .arithmetic .num").first
        assert inside(page, first) and all(inside(page, one) for one in page.locator(".maps .heatmap").all()), place
    page.goto("/rnn/dates-attention?view=number&of=attend&at=3,2&lang=en")
    page.locator(".card .arithmetic").wait_for()
    for _ in range(14):
        page.keyboard.press("PageDown")
    expect(page.locator(".card .on").first).to_be_in_viewport()
    assert page.locator("#scene").evaluate("one => one.scrollTop") > 0
    assert inside(page, page.locator(".maps .out .heatmap"))
    page.goto("/rnn/sentiment-en-lstm?view=gate&gate=f&unit=3&lang=en&step=2")
    for step, part in ((3, ".gate-curve, [data-line=gate-f] .result"), (4, ".updates .cell-equation")):
        page.locator(".gate-view").wait_for()
        page.keyboard.press("PageDown")
        page.wait_for_url(f"**step={step}**")
        assert inside(page, page.locator(part).first) and inside(page, page.locator(part).last), step
    page.keyboard.press("Escape")
    page.locator(".cell-view").wait_for()
    assert page.locator("#scene").evaluate("one => one.scrollTop") == 0
    for gate in "fig":
        page.keyboard.press("PageDown") if gate != "f" else [page.keyboard.press("PageDown") for _ in range(2)]
        expect(page.locator(".gate-at.on .gate-box")).to_have_attribute("data-gate", gate)
        assert inside(page, page.locator(f'[data-line="gate-{gate}"]')) and inside(page, page.locator(".gate-at.on"))


def inside(page: Any, part: Any) -> bool:
    """Whether a part is in full sight: within the stage, nothing over its middle."""
    return part.evaluate("""(one) => {
        const { top, bottom, left, right } = one.getBoundingClientRect();
        const stage = document.getElementById('stage').getBoundingClientRect();
        const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return top >= stage.top - 1 && bottom <= stage.bottom + 1 && (one.contains(over) || over?.contains(one));
    }""")
