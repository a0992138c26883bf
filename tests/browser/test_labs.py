"""Every lab alike: its presets give the published numbers, it is worked by keys and by fingers, and what it exports is true."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import torch
from PIL import Image
from places import ask

pytest.importorskip("axe_playwright_python")
from test_accessibility import LOOKS, findings
from test_projector import EDGES, NUMBER, SIZE, TEXT, WORDS

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).parents[2] / "content" / "labs"
LABS = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
EXPECTED = [(lab, each["id"]) for lab, about in LABS.items() for each in about["presets"] if "expect" in each]
DRAWN = "() => document.querySelector('#stage svg text, #stage canvas') && document.getElementById('caption').textContent"


def at(page: Any, lab: str, **query: str) -> None:
    """Open a lab and wait until it is drawn."""
    page.goto(f"/lab/{lab}?" + "&".join(f"{key}={value}" for key, value in {"lang": "en", **query}.items()))
    page.wait_for_function(DRAWN)
    ask(page, "calm")


def texts(page: Any, selector: str = "#stage .plane text") -> list[str]:
    """What is printed in the cells of the figure."""
    found: list[str] = page.locator(selector).all_text_contents()
    return found


def near(found: Any, wanted: Any, digits: float = 5e-7) -> bool:
    return bool(torch.allclose(torch.tensor(found, dtype=torch.float64), torch.tensor(wanted, dtype=torch.float64), 0, digits))


@pytest.mark.parametrize(("lab", "preset"), EXPECTED)
def test_a_preset_gives_the_published_numbers(visit: Callable[..., Any], lab: str, preset: str) -> None:
    page = visit("/healthz")
    about = next(each for each in LABS[lab]["presets"] if each["id"] == preset)
    with page.expect_response(re.compile(r"/api/v1/ops/")) as answered:
        page.goto(f"/lab/{lab}?preset={preset}&lang=en")
    answer = answered.value.json()
    assert near(answer["output"], about["expect"], about.get("digits", 5e-7)), answer["output"]
    if "view" not in about and isinstance(about["expect"], list):  # what the engine answered is what stands on the page
        page.wait_for_function(DRAWN)
        numbers = torch.tensor(about["expect"], dtype=torch.float64).flatten().tolist()
        whole = [str(int(number)).replace("-", "−") for number in numbers if number.is_integer()]
        assert set(whole) <= set(texts(page, "#stage text")), whole


@pytest.mark.parametrize("lab", LABS)
def test_every_preset_opens(visit: Callable[..., Any], lab: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    for preset in LABS[lab]["presets"]:
        if "elsewhere" not in preset:
            at(page, lab, preset=preset["id"], lang="zh")
            assert page.locator("#message").text_content() == "", preset["id"]
            assert "lab." not in page.locator("body").inner_text()


@pytest.mark.parametrize("lab", LABS)
def test_axe_finds_nothing_grave(visit: Callable[..., Any], lab: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    for profile, lang in LOOKS:
        at(page, lab, lang=lang, profile=profile)
        assert findings(page) == [], profile


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("lab", LABS)
def test_the_last_row_can_read_it(visit: Callable[..., Any], lab: str, lang: str) -> None:
    page = visit("/healthz", viewport=SIZE, reduced_motion="reduce")
    at(page, lab, lang=lang, profile="projector")
    assert ask(page, "small", {"text": TEXT, "number": NUMBER}) == []
    assert ask(page, "pale", {"words": WORDS, "edges": EDGES}) == []


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_nothing_leaves_the_window(visit: Callable[..., Any], lab: str, size: tuple[int, int]) -> None:
    page = visit("/healthz", viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    for lang in ("zh", "en"):
        at(page, lab, lang=lang)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), lang


@pytest.mark.parametrize("lab", LABS)
def test_by_keys_alone(visit: Callable[..., Any], lab: str) -> None:
    """Tab to a number, type another, step through to the end, play: without a mouse."""
    page = visit("/healthz", reduced_motion="reduce")
    at(page, lab)
    if page.locator(".plane.editable").count():
        reached = "document.activeElement?.getAttribute('data-grid')"
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(reached):
                break
        assert page.evaluate(reached)
        with page.expect_response(re.compile(r"/api/v1/ops/")):
            page.keyboard.type("7")
            page.keyboard.press("Enter")
        ask(page, "calm")
        assert "7" in texts(page, f'[data-grid="{page.evaluate(reached)}"] text')
    page.keyboard.press("Escape")
    if page.locator("#player").is_visible():
        count = int(page.locator("#player input[type=range]").get_attribute("max") or 0) + 1
        for step in range(min(count, 5)):
            page.keyboard.press("PageDown")
            page.wait_for_function(f"() => new URLSearchParams(location.search).get('step') === '{step}'")
        page.keyboard.press("PageUp")
        page.keyboard.press("k")
        page.wait_for_function("() => document.querySelector('.player .round:nth-child(2)').textContent === '❚❚'")
        page.keyboard.press("k")


@pytest.mark.parametrize("lab", LABS)
def test_by_touch_alone(visit: Callable[..., Any], lab: str) -> None:
    page = visit("/healthz", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce")
    at(page, lab)
    cell = page.locator(".plane.editable g.cell:not(.padding)").first
    if cell.count():
        before = cell.locator("text").text_content()
        cell.tap()
        with page.expect_response(re.compile(r"/api/v1/ops/")):
            page.locator(".cell-editor .nudge").last.tap()
        page.wait_for_function("(before) => document.querySelector('.cell-editor input').value !== before", arg=before)
    if page.locator("#player").is_visible():
        page.locator("#player .round").last.tap()
        page.wait_for_function("() => new URLSearchParams(location.search).has('step')")


@pytest.mark.parametrize("lab", LABS)
def test_a_reload_shows_the_same(visit: Callable[..., Any], lab: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, lab, preset=LABS[lab]["presets"][-1]["id"])
    if page.locator("#player").is_visible():
        page.keyboard.press("PageDown")
    spin = page.locator(".spinner:visible .nudge:not(:disabled)").last
    if spin.count():
        spin.click()
    ask(page, "calm")
    shown, address = (page.locator("#card").inner_text(), texts(page)), page.url
    page.goto(address)
    page.wait_for_function(DRAWN)
    ask(page, "calm")
    assert (page.locator("#card").inner_text(), texts(page)) == shown


@pytest.mark.parametrize("lab", LABS)
def test_what_it_exports_is_true(visit: Callable[..., Any], lab: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    answers: list[Any] = []
    page.on("response", lambda response: answers.append(response.json()) if "/api/v1/ops/" in response.url else None)
    at(page, lab)
    code = save(page, "py").decode()
    names: dict[str, Any] = {}
    exec(compile(code, lab, "exec"), names)  # the lab's own lines
    if answers:
        assert near(names["output"].tolist(), answers[-1]["output"], 1e-9)
    rows = save(page, "csv").decode()
    assert rows.startswith("# ") and re.search(r"\d", rows)
    picture = Image.open(io.BytesIO(save(page, "png")))
    assert picture.width > 300 and len(picture.convert("L").getcolors(256) or range(257)) > 2
    if page.locator("#stage svg").count():
        drawing = ElementTree.fromstring(save(page, "svg"))
        assert drawing.findall(".//{http://www.w3.org/2000/svg}text")
    if page.locator("#player").is_visible():
        moving = Image.open(io.BytesIO(save(page, "gif")))
        assert moving.n_frames > 1


def save(page: Any, kind: str) -> bytes:
    """Press one of the save buttons and read what comes."""
    with page.expect_download(timeout=120_000) as coming:
        page.locator(f'[data-save="{kind}"]').click()
    return Path(coming.value.path()).read_bytes()


@pytest.mark.parametrize("lab", LABS)
def test_an_address_with_too_many_steps_shows_the_last(visit: Callable[..., Any], lab: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, lab, step="99999")
    if page.locator("#player").is_visible():
        last = page.locator("#player input[type=range]").get_attribute("max")
        page.wait_for_function("(last) => new URLSearchParams(location.search).get('step') === last", arg=last)
