"""The overview, the input dialog and the tour: what points, what lights up, what is kept, and what is told."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect
from test_explorer import drawn

pytestmark = pytest.mark.browser


def picture(width: int, height: int) -> bytes:
    image = Image.new("RGB", (width, height))
    image.putdata([(x * 255 // width, y * 255 // height, (x * y) % 256) for y in range(height) for x in range(width)])
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def unit(page: Any, node: str, unit: int) -> tuple[float, float]:
    """The middle of a unit's map on the screen: under its column's name, in a row of ten."""
    head, field = page.locator(f'.head[data-node="{node}"]').bounding_box(), page.locator(".field").bounding_box()
    return head["x"] + head["width"] / 2, field["y"] + field["height"] * (unit + 0.5) / 10


def test_pointing_lights_the_edges_and_tells_the_exact_range(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg?lang=en")
    drawn(page)
    assert page.locator(".lens").is_hidden()
    page.mouse.move(*unit(page, "features.2", 3))
    expect(page.locator(".lens strong")).to_have_text("Feature map 3")
    assert page.locator(".focus path.into").count() == 10
    expect(page.locator(".lens .num")).to_contain_text("from")
    expect(page.locator(".lens .num")).not_to_contain_text("≈")  # the exact numbers were asked for
    first = json.loads(page.locator("#first-trace").text_content())
    answer = page.request.get(f"/api/v1/traces/{first['id']}/nodes/features.2?channels=3&format=json").json()
    values = [value for row in answer["values"][0] for value in row]
    low, high = page.locator(".lens .num").inner_text().replace("−", "-").removeprefix("from ").split(" to ")
    assert float(low) == pytest.approx(min(values), rel=6e-3, abs=1e-6)
    assert float(high) == pytest.approx(max(values), rel=6e-3, abs=1e-6)
    page.mouse.move(700, 20)
    expect(page.locator(".lens")).to_be_hidden()


def test_the_scale_of_colours_is_a_choice_that_the_address_keeps(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg?lang=en")
    drawn(page)
    before = page.locator(".thumbs").screenshot()
    page.select_option("#scale", "global")
    page.wait_for_url(lambda url: "scale=global" in url)
    assert page.locator(".thumbs").screenshot() != before
    assert page.locator("#legend .num").last.inner_text() not in ("+", "")
    page.reload()
    drawn(page)
    assert page.locator("#scale").input_value() == "global"


def test_a_wide_network_scrolls_under_a_map_of_the_whole(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg-wide?lang=en")
    drawn(page)
    box = page.locator(".minimap").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.95, box["y"] + box["height"] / 2)
    end = "(view) => view.scrollLeft + view.clientWidth > view.scrollWidth - 4"
    page.wait_for_function(f"() => ({end})(document.querySelector('.network'))")
    frame = page.locator(".minimap .frame").bounding_box()
    assert frame["x"] + frame["width"] > box["x"] + box["width"] * 0.97
    page.set_viewport_size({"width": 3840, "height": 2160})
    page.wait_for_function(
        "() => document.querySelector('.field').clientWidth >= document.querySelector('.network').clientWidth - 60"
    )


@pytest.mark.parametrize("size", [(1, 1), (5, 7), (63, 20), (3000, 40)])
def test_pictures_of_any_size_are_taken(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    page = visit("/cnn/tinyvgg?lang=en")
    drawn(page)
    page.click('[data-action="input"]')
    page.set_input_files("#file", {"name": "small.png", "mimeType": "image/png", "buffer": picture(*size)})
    page.wait_for_url(lambda url: "input=trace:" in url)
    expect(page.locator(".preparation li").first).to_contain_text(f"{size[0]}×{size[1]}")
    expect(page.locator(".preparation .answered")).to_contain_text("%")


def test_a_picture_that_the_server_forgot_is_sent_again_by_itself(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg?lang=en")
    drawn(page)
    page.click('[data-action="input"]')
    page.set_input_files("#file", {"name": "a.png", "mimeType": "image/png", "buffer": picture(90, 70)})
    page.wait_for_url(lambda url: "input=trace:" in url)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    gone = {
        "status": 404,
        "content_type": "application/problem+json",
        "body": json.dumps({"code": "trace-expired", "detail": "gone"}),
    }
    forgotten = {"there": True}

    def answer(route: Any) -> None:
        if route.request.method == "GET" and forgotten["there"]:
            forgotten["there"] = False
            route.fulfill(**gone)
        else:
            route.continue_()

    page.route("**/api/v1/traces/**", answer)
    address = page.url
    page.reload()
    drawn(page)
    expect(page.locator("#message")).to_have_text("")
    assert page.url == address
    assert len(sent) == 1
    visit.errors[:] = [error for error in visit.errors if "404" not in error]


def test_a_camera_that_is_not_there_is_told_in_words(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg?lang=en")
    drawn(page)
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); }; }"
    )
    page.click('[data-action="input"]')
    page.click(".camera")
    expect(page.locator(".dialog-message")).to_contain_text("not allowed")


def test_strokes_are_undone(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/lenet5?lang=en")
    drawn(page)
    page.click('[data-action="input"]')
    box = page.locator("canvas.pad").bounding_box()
    dark = "(pad) => pad.getContext('2d').getImageData(0, 0, pad.width, pad.height).data.filter((v) => v < 128).length"
    ink = f"() => ({dark})(document.querySelector('canvas.pad'))"
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 150, steps=5)
    page.mouse.up()
    assert page.evaluate(ink) > 1000
    page.focus("canvas.pad")
    page.keyboard.press("Control+z")
    assert page.evaluate(ink) == 0


def test_the_tour_is_offered_once_walked_by_a_clicker_and_found_again(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg?lang=en")
    drawn(page)
    page.evaluate("localStorage.clear()")
    page.context.add_init_script("if (!sessionStorage.visited) { localStorage.clear(); sessionStorage.visited = 1; }")
    page.reload()
    drawn(page)
    expect(page.locator(".tour-card")).to_contain_text("First time")
    page.click(".tour-card .primary")
    titles = []
    for _ in range(6):
        titles.append(page.locator(".tour-card h2").inner_text())
        page.keyboard.press("PageDown")
        page.wait_for_timeout(50)
    assert len(set(titles)) == 6
    expect(page.locator(".tour-card")).to_be_hidden()
    assert "node=features.0" in page.url
    page.keyboard.press("Escape")
    page.wait_for_selector("#scene.layer")
    page.keyboard.press("?")
    page.click(".keys-dialog p button")
    expect(page.locator(".tour-card h2")).to_have_text(titles[0])
    page.keyboard.press("Escape")
    expect(page.locator(".tour-card")).to_be_hidden()


def test_the_home_page_shows_a_real_number_in_the_making(visit: Callable[..., Any]) -> None:
    page = visit("/?lang=en", reduced_motion="reduce")
    page.click('[data-stage-button="number"]')
    page.wait_for_selector(".mini-number")
    number = lambda text: float(text.replace("−", "-"))  # noqa: E731
    read = {
        role: [number(text) for text in page.locator(f'.mini [data-role="{role}"]').all_inner_texts()]
        for role in ("value", "weight", "product", "result")
    }
    assert len(read["product"]) == 9
    for value, weight, product in zip(read["value"], read["weight"], read["product"], strict=True):
        assert value * weight == pytest.approx(product, abs=6e-4)
    page.click("#mini-open")
    page.wait_for_selector('[data-card="conv2d"]')
    shown = number(page.locator('[data-card] [data-role="result"]').first.inner_text())
    assert shown == pytest.approx(read["result"][0], rel=5e-3)


def test_a_layer_of_many_channels_paints_what_is_seen_and_keeps_it(visit: Callable[..., Any]) -> None:
    """A step redraws none of 128 channels' maps; those far below are painted when they come near; the chosen unit is seen."""
    page = visit("/cnn/tinyvgg-wide?lang=en&tour=0&node=features.17&unit=40")
    page.locator(".fold").nth(127).wait_for(state="attached")
    page.evaluate("() => { window.kept = [...document.querySelectorAll('.fold')]; }")
    covered = """(row) => [...row.querySelectorAll('canvas')].map((one) => {
        const copy = new OffscreenCanvas(1, 1).getContext('2d');
        copy.drawImage(one, 0, 0, 1, 1);
        return copy.getImageData(0, 0, 1, 1).data[3];
    })"""
    assert page.locator(".fold").nth(3).evaluate(covered) == [255, 255, 255]
    assert page.locator(".fold").nth(120).evaluate(covered) == [0, 0, 0]
    assert page.locator('.unit[aria-pressed="true"]').evaluate(
        "(one) => { const { left, right } = one.getBoundingClientRect();"
        " const row = one.parentElement.getBoundingClientRect(); return left >= row.left && right <= row.right; }"
    )
    page.keyboard.press("PageDown")
    page.wait_for_url("**step=0**")
    assert page.evaluate("() => [...document.querySelectorAll('.fold')].every((row, i) => row === window.kept[i])")
    assert page.locator(".fold.on").count() == 1 and page.locator(".fold.later").count() == 127
    page.locator(".fold").nth(120).scroll_into_view_if_needed()
    last = "(row) => [...row.querySelectorAll('canvas')].every((one) => one.getContext('2d').getImageData(0, 0, 1, 1).data[3])"
    page.wait_for_function(f"() => ({last})(document.querySelectorAll('.fold')[120])")
