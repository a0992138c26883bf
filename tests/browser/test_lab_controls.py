"""The strip of controls that all labs share: one line of what there is room for, and a panel for the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.browser

LINES = """() => new Set([...document.querySelectorAll('#controls .control, .views, .more-controls, .edit-grid')]
    .filter(each => each.offsetParent && getComputedStyle(each).visibility === 'visible')
    .map(each => { const { top, bottom } = each.getBoundingClientRect(); return Math.round((top + bottom) / 40) })).size"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_strip_is_one_line_and_the_rest_is_one_key_away(visit: Callable[..., object], lang: str) -> None:
    page = visit(f"/lab/signal?lang={lang}&profile=projector&dilation=2", viewport={"width": 1920, "height": 1080})
    more, panel, folded = (page.locator(name) for name in (".more-controls", "#folded-controls", '[data-field="dilation"]'))
    more.wait_for()
    assert page.evaluate(LINES) == 1
    assert (more.get_attribute("aria-expanded"), more.get_attribute("aria-controls")) == ("false", "folded-controls")
    word = {"zh": "膨胀 2", "en": "Dilation 2"}[lang]
    assert word in more.get_attribute("aria-label")  # what is set out of sight is said
    assert folded.is_hidden()
    tall = page.locator("#stage").bounding_box()["height"]

    more.focus()
    page.keyboard.press("Enter")
    assert more.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Tab")
    assert panel.evaluate("panel => panel.contains(document.activeElement)")
    folded.locator(".nudge").last.click()
    page.wait_for_url("**dilation=3**")
    assert page.locator("#stage").bounding_box()["height"] < tall  # the panel covers nothing

    folded.locator("input").focus()
    page.keyboard.press("Escape")
    assert folded.is_hidden()
    assert more.evaluate("button => button === document.activeElement")
    assert word.replace("2", "3") in more.get_attribute("aria-label")
    page.keyboard.press("Escape")  # with nothing open it is the player's again
    assert "step=" not in page.url

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("p")  # there is more room on the same screen with smaller letters
    more.wait_for(state="hidden")
    assert folded.is_visible()
    assert page.evaluate(LINES) == 1


def test_on_a_phone_the_numbers_come_soon(visit: Callable[..., object]) -> None:
    page = visit("/lab/kernels?filter=gabor", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.locator(".more-controls").wait_for()
    assert page.evaluate(LINES) <= 3
    page.locator(".more-controls").tap()
    page.locator('[data-field="phase"]').scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".more-controls").tap()
    assert page.locator('[data-field="phase"]').is_hidden()
