"""A picture goes in, a person walks to one number, and what the card prints is true."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cards import check, check_contributions, matches_the_api, number, texts
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import expect

from app import bundle
from app.scripts import scripts

pytestmark = pytest.mark.browser
PHOTOS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "photos" / "cc0_or_public_domain"


def photograph() -> bytes:
    """A JPEG like a camera's: large, not square, with texture and an EXIF rotation."""
    noise = random.Random(3)
    image = Image.new("RGB", (900, 640))
    draw = ImageDraw.Draw(image)
    for y in range(640):
        draw.line([(0, y), (900, y)], fill=(120 + y // 8, 150 + y // 12, 210 - y // 5))
    for _ in range(400):
        x, y, r = noise.randrange(900), noise.randrange(320, 640), noise.randrange(4, 40)
        draw.ellipse([x - r, y - r, x + r, y + r], fill=(noise.randrange(60, 200), noise.randrange(60, 180), 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(2)).save(buffer, "JPEG", quality=88, exif=exif.tobytes())
    return buffer.getvalue()


def drawn(page: Any) -> None:
    """Wait for the overview."""
    page.wait_for_selector("#stage[data-level]")
    page.wait_for_selector(".thumbs[aria-label], #scene:not([hidden])", state="attached")


def card_of(page: Any, op: str) -> Any:
    page.wait_for_selector(f'[data-card="{op}"]')
    return page.locator(f'[data-card="{op}"]')


def verified(page: Any, op: str) -> str:
    card = card_of(page, op)
    result = check(card)
    matches_the_api(page, card, result)
    return result


def upload(page: Any, picture: bytes, name: str = "photo.jpg") -> None:
    page.click('[data-action="input"]')
    page.set_input_files("#file", {"name": name, "mimeType": "image/jpeg", "buffer": picture})
    page.wait_for_url(lambda url: "input=trace:" in url)
    expect(page.locator("#message")).to_have_text("")


def write_a_seven(page: Any) -> None:
    page.click('[data-action="input"]')
    box = page.locator("canvas.pad").bounding_box()
    points = [(0.28, 0.25), (0.5, 0.24), (0.72, 0.22), (0.62, 0.45), (0.52, 0.65), (0.46, 0.82)]
    page.mouse.move(box["x"] + points[0][0] * box["width"], box["y"] + points[0][1] * box["height"])
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
    page.mouse.up()
    page.click("button.primary")
    page.wait_for_url(lambda url: "input=trace:" in url)
    page.wait_for_selector(".preparation li")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_uploaded_photograph_is_followed_to_its_numbers_by_mouse(visit: Callable[..., Any], lang: str) -> None:
    page = visit(f"/cnn/tinyvgg?lang={lang}")
    drawn(page)
    upload(page, photograph())
    assert page.locator(".preparation li").count() >= 3
    page.locator(".input-dialog header button").click()
    for node, op in (("features.0", "conv2d"), ("features.1", "relu"), ("features.4", "max_pool2d")):
        page.locator("#crumbs button").first.click() if page.locator("#crumbs button").count() else None
        page.locator(f'.head[data-node="{node}"]').click()
        page.locator(".total-map .heatmap").click(position={"x": 60, "y": 70})
        verified(page, op)
    page.locator('.stop[data-node="softmax"]').click()
    page.locator(".bar-row").first.click()
    verified(page, "softmax")
    page.locator('.stop[data-node="classifier.1"]').click()
    page.locator(".bar-row").nth(2).click()
    verified(page, "linear")
    check_the_same_after_reload(page)


def check_the_same_after_reload(page: Any) -> None:
    url, shown = page.url, page.locator(".arithmetic").inner_text()
    page.reload()
    page.wait_for_selector("[data-card]")
    assert page.url == url
    assert page.locator(".arithmetic").inner_text() == shown


def test_a_drawn_digit_is_read_and_followed_by_keyboard_alone(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/lenet5?lang=zh")
    drawn(page)
    write_a_seven(page)
    page.keyboard.press("Escape")
    names = [head.get_attribute("data-node") for head in page.locator(".head").all()]
    wanted = {"conv2d": 1, "relu": 2, "max_pool2d": 3, "softmax": len(names) - 1}
    for op, steps in wanted.items():
        page.keyboard.press("Home")
        for _ in range(steps):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        page.wait_for_selector("#scene.layer")
        page.keyboard.press("Enter")
        verified(page, op)
        before = card_of(page, op).get_attribute("data-index")
        page.keyboard.press("ArrowDown")
        expect(page.locator("[data-card]")).not_to_have_attribute("data-index", before)
        verified(page, op)
        if op == "softmax":
            check_the_same_after_reload(page)
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.wait_for_selector('#stage[data-level="network"]')


def test_steps_build_the_sum_and_go_back(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg?lang=en&node=features.2&unit=1&at=20,20&step=0")
    card = card_of(page, "conv2d")
    waiting = card.locator(".entry.later:not(.closing)")
    assert card.locator(".cell.later").count() == 8
    page.keyboard.press("PageDown")
    assert card.locator(".cell.later").count() == 7
    assert waiting.count() == 11
    for _ in range(8):
        page.keyboard.press(" ")
    assert waiting.count() == 10
    for _ in range(11):
        page.keyboard.press(" ")
    assert card.locator(".later").count() == 0
    assert "step=20" in page.url
    page.keyboard.press("PageUp")
    assert card.locator(".total.later").count() == 1
    page.keyboard.press("k")
    page.wait_for_url(lambda url: "at=20,21" in url)
    page.keyboard.press("k")


def test_numbers_all_over_the_network_add_up(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg?lang=en&node=features.0&unit=0&at=0,0")
    picks = random.Random(5)
    for node, op, size in (("features.7", "conv2d", 26), ("features.6", "relu", 28), ("features.9", "max_pool2d", 13)):
        for _ in range(8):
            unit, y, x = picks.randrange(10), picks.randrange(size), picks.randrange(size)
            go(page, f"node={node}&unit={unit}&at={y},{x}")
            verified(page, op)
    for node, op in (("classifier.0", "flatten"), ("classifier.1", "linear"), ("softmax", "softmax")):
        for unit in range(0, 10, 3):
            go(page, f"node={node}&unit={unit}&at={unit}")
            verified(page, op)


def test_batch_normalisation_adds_up(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg-wide?lang=en&node=features.1&unit=0&at=0,0")
    picks = random.Random(8)
    for _ in range(8):
        go(page, f"node=features.1&unit={picks.randrange(16)}&at={picks.randrange(64)},{picks.randrange(64)}")
        verified(page, "batch_norm")


def go(page: Any, query: str) -> None:
    """Another place of the same page, as the history would go there."""
    page.evaluate("q => { history.pushState(null, '', '?lang=en&' + q); dispatchEvent(new PopStateEvent('popstate')); }", query)
    index = dict(part.split("=") for part in query.split("&"))
    wanted = index["at"] if "," not in index["at"] else f"{index['unit']},{index['at']}"
    page.wait_for_selector(f'[data-node="{index["node"]}"][data-index="{wanted}"]')


def test_language_profile_and_history(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg", lang="zh-CN")
    drawn(page)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.keyboard.press("p")
    assert page.locator("html").get_attribute("data-profile") == "projector"
    page.locator('.head[data-node="features.2"]').click()
    page.wait_for_selector("#scene.layer .fold")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-card]")
    page.keyboard.press("l")
    page.wait_for_selector('html[lang="en"] [data-card]')
    assert page.locator("html").get_attribute("data-profile") == "projector"
    page.go_back()
    page.wait_for_selector("#scene.layer .fold")


def test_a_trace_that_the_server_lost_is_told_plainly(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg?lang=en&input=trace:0123456789abcdef&node=features.0")
    expect(page.locator("#message")).to_contain_text("no longer holds")
    visit.errors[:] = [error for error in visit.errors if "404" not in error]


def test_a_file_that_is_no_picture_is_refused_in_words(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg?lang=en")
    drawn(page)
    page.click('[data-action="input"]')
    page.set_input_files("#file", {"name": "notes.png", "mimeType": "image/png", "buffer": b"not a picture at all"})
    page.wait_for_selector("#message.problem")
    assert "JPEG" in page.locator("#message").inner_text()
    visit.errors[:] = [error for error in visit.errors if "415" not in error]


def test_an_empty_pad_says_so(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/lenet5?lang=en")
    drawn(page)
    page.click('[data-action="input"]')
    page.click("button.primary")
    expect(page.locator("#message.problem")).not_to_be_empty()


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the shared photographs are not here")
def test_a_real_photograph_goes_through(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg-wide?lang=en")
    drawn(page)
    upload(page, sorted(PHOTOS.glob("*.jpg"))[0].read_bytes())
    shares = page.locator(".answer .share").all_inner_texts()
    assert len(shares) == 10


def test_a_phone_reaches_a_number_by_touch(visit: Callable[..., Any]) -> None:
    page = visit("/cnn/tinyvgg?lang=zh", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    drawn(page)
    page.locator('.head[data-node="features.1"]').tap()
    page.wait_for_selector("#scene.layer")
    page.locator(".total-map .heatmap").tap()
    verified(page, "relu")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert math.isfinite(number(texts(page, "result")[0]))


@pytest.fixture
def plain_modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The server gives out the modules one by one, so that one of them can be changed on its way."""
    scripts.cache_clear()
    monkeypatch.setattr(bundle, "is_fresh", lambda static: False)
    yield
    scripts.cache_clear()


@pytest.mark.usefixtures("plain_modules")
@pytest.mark.parametrize("slope", [False, True], ids=["exact", "gradient times input"])
def test_an_operation_without_a_file_shows_the_engines_terms_and_says_when_they_are_a_slope(
    visit: Callable[..., Any], slope: bool
) -> None:
    def without_pooling(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(" max_pool2d,", ""))

    def approximated(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "extra": {"approximation": "gradient x input"}})

    page = visit("/cnn/tinyvgg?lang=en")
    page.context.route("**/ops/index.js", without_pooling)
    if slope:
        page.context.route("**/explain?*", approximated)
    page.goto("/cnn/tinyvgg?lang=en&node=features.4&unit=2&at=9,7")
    card = card_of(page, "max_pool2d")
    assert ("Approximation" in card.inner_text()) == slope
    assert card.locator(".way").count() >= 4  # each cell of the window leads to where it was read
    if not slope:
        assert check_contributions(card) == texts(card, "result")[0]
    matches_the_api(page, card, texts(card, "result")[0])
    page.keyboard.press("Escape")
    page.wait_for_selector("#scene.layer")
