"""What all labs share beside their controls: changing numbers, taking changes back, the address, the keys of a clicker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from places import unfold

pytestmark = pytest.mark.browser

PASTE = """(text) => { const clipboardData = new DataTransfer(); clipboardData.setData('text/plain', text);
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData })) }"""


def cell(page: Any, index: int) -> Any:
    return page.locator(f'[data-grid="x.0"] [data-at="{index}"]')


def shows(page: Any, index: int, text: str) -> None:
    """Waits until a cell of the input shows that."""
    page.wait_for_function(
        "([at, text]) => document.querySelector(`[data-grid='x.0'] [data-at='${at}'] text`)?.textContent === text",
        arg=[index, text],
    )


def test_changes_are_taken_back_one_by_one_and_made_again(visit: Callable[..., Any]) -> None:
    page = visit("/lab/conv2d?lang=en")
    cell(page, 0).click()
    page.keyboard.type("７，５")  # as a Chinese keyboard gives them
    page.keyboard.press("Enter")
    shows(page, 0, "7.5")
    assert page.evaluate("document.activeElement.dataset.grid") == "x.0"
    with page.expect_download() as saved:
        page.locator('[data-save="csv"]').click()
    assert saved.value.suggested_filename == "conv2d-own.csv"  # no longer the preset's numbers
    page.locator(".presets").select_option(index=3)
    page.wait_for_url("**preset=*")
    page.keyboard.press("Control+z")
    shows(page, 0, "7.5")
    page.keyboard.press("Control+z")
    shows(page, 0, "1")
    page.keyboard.press("Control+z")  # there is nothing left to take back, and the page stays
    page.keyboard.press("Control+y")
    shows(page, 0, "7.5")


def test_what_cannot_be_set_is_refused_with_its_name_and_what_is_legal(visit: Callable[..., Any]) -> None:
    page = visit("/lab/conv2d?lang=en&padding=99&padding_mode=mirror")
    message = page.locator("#message.problem")
    message.wait_for()
    assert message.inner_text().startswith("Padding cannot be “99”: a whole number from 0 to 8.")
    assert "cannot be “mirror”: one of " in message.inner_text()
    box = page.locator('[data-field="padding"] input')
    for typed in ("2.5", "-1", "abc"):
        box.fill(typed)
        box.press("Enter")
        page.wait_for_function("(text) => document.getElementById('message').textContent.includes(text)", arg=typed)
        assert box.input_value() == "0"  # nothing is lost
    box.fill("1")
    box.press("Enter")
    page.wait_for_url("**padding=1*")
    assert message.count() == 0


def test_a_large_grid_is_in_the_address_behind_what_a_server_reads(visit: Callable[..., Any]) -> None:
    page = visit("/lab/conv2d?lang=en")
    cell(page, 0).click()
    page.keyboard.press("Escape")
    rows = ["\t".join(f"{(y * x) % 1000 / 10}".replace(".", ",") for x in range(64)) for y in range(64)]
    page.evaluate(PASTE, "\n".join(rows))
    page.wait_for_url(lambda url: "#x=" in url)
    address = page.url
    assert len(address.split("#")[0]) < 2000 < len(address)
    page.locator(".skip").evaluate("(link) => link.click()")  # its own # changes nothing
    page.reload()
    page.locator(".map").first.wait_for()
    assert page.url == address
    page.keyboard.press("l")
    page.wait_for_url("**lang=zh**")
    assert page.url.split("#")[1] == address.split("#")[1]
    page.evaluate("history.replaceState(null, '', '/lab/conv2d?lang=en')")
    page.reload()
    cell(page, 0).click()
    page.keyboard.press("Escape")
    page.evaluate(PASTE, "1\t2\n3\t")
    page.wait_for_function("() => document.getElementById('message').textContent.includes('Row 2 has an empty cell')")
    message, stage = (page.locator(name).bounding_box() for name in ("#message", "#stage"))
    assert message["y"] + message["height"] <= stage["y"]  # it covers no number
    shows(page, 0, "1")


def test_keys_of_a_clicker_work_after_any_click_and_cells_that_keys_reach_are_pointed_at(visit: Callable[..., Any]) -> None:
    page = visit("/lab/conv2d?lang=en&padding=1")
    page.locator(".reach, .window").first.wait_for()
    unfold(page)
    page.locator('[data-field="flip"] input').click()
    page.keyboard.press("PageDown")
    page.wait_for_url("**step=0**")
    page.locator('[data-field="padding"] input').click()
    page.keyboard.press("PageDown")
    page.wait_for_url("**step=1**")
    page.locator('[data-grid="x.0"]').focus()
    page.keyboard.press("ArrowRight")
    page.locator(".reach").first.wait_for()
    page.keyboard.press("PageDown")
    page.wait_for_url("**step=2**")
    assert page.locator(".reach").count() == 0  # the step is looked at again
    assert page.locator('[data-grid="x.0"] .window').count() == 9
    page.keyboard.press("?")
    assert "In a grid: paste a table or a picture" in page.locator(".keys-dialog").inner_text()


def test_the_lines_can_be_copied_where_the_browser_has_no_clipboard(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    page.add_init_script("delete Navigator.prototype.clipboard")  # as over http from another machine
    page.goto("/lab/pool?lang=en")
    page.locator(".lab-code summary").click()
    page.locator(".lab-code button").click()
    page.wait_for_function("() => document.querySelector('.lab-code [role=status]').textContent.startsWith('Copied')")
    assert page.evaluate("navigator.clipboard") is None
    page.keyboard.press("p")
    page.wait_for_url("**profile=projector**")
    assert "profile=projector" in page.locator(".switch a[href*=norm]").get_attribute("href")


def test_a_finger_drawn_over_a_large_grid_takes_the_lens_along(visit: Callable[..., Any]) -> None:
    rows = "*".join("_".join(str(y * 100 + x) for x in range(30)) for y in range(30))
    page = visit(f"/lab/conv2d?lang=en#x={rows}", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    label = page.locator('[data-lens="x.0"] .plane-label')
    label.wait_for()
    assert label.text_content().startswith("rows 1–")
    box = page.locator('[data-grid="x.0"].map image').bounding_box()
    finger = page.context.new_cdp_session(page)
    for part in (0.2, 0.5, 0.9):
        point = {"x": box["x"] + part * box["width"], "y": box["y"] + part * box["height"]}
        kind = "touchStart" if part == 0.2 else "touchMove"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    page.wait_for_function("() => document.querySelector('[data-lens=\"x.0\"] .plane-label').textContent.includes('–30')")
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert page.evaluate("scrollY") == 0
