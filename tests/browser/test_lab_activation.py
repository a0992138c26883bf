"""The activation lab: the point, the curves laid over each other, the grid forward and back, neurons and gates."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen

import pytest
from places import ask
from test_labs import at, save

pytestmark = pytest.mark.browser
LAB = "activation"


def numbers(page: Any, selector: str) -> list[float]:
    """What is printed there, as numbers."""
    texts = page.locator(selector).all_text_contents()
    return [float(text.replace("−", "-").split("×10")[0]) for text in texts]


def engine(server: str, op: str, **request: Any) -> dict[str, Any]:
    """The API's own answer."""
    body = json.dumps(request).encode()
    with urlopen(Request(f"{server}/api/v1/ops/{op}", body, {"content-type": "application/json"})) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_the_point_prints_what_the_engine_says(visit: Callable[..., Any], server: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset="smooth", at="-1.3")
    for name in ("gelu", "silu", "mish", "softplus"):
        told = engine(server, name, input=[-1.3])
        printed = numbers(page, f'[data-curve="{name}"]')
        assert printed == pytest.approx([told["output"][0], told["derivative"][0]], abs=6e-4)


def test_the_point_moves_by_keys_by_mouse_and_by_touch(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce", has_touch=True)
    at(page, LAB)
    handle = page.locator(".plot-handle")
    handle.focus()
    before = float(handle.get_attribute("aria-valuenow"))
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(before) => Number(document.querySelector('.plot-handle').ariaValueNow) > before", arg=before)
    page.keyboard.press("Home")
    page.wait_for_function("() => document.querySelector('.plot-handle').ariaValueNow === '-5'")
    assert numbers(page, '[data-curve="relu"]') == [0, 0]
    box = page.locator(".lab-plot").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 200, middle[1])
    page.mouse.up()
    page.wait_for_function("() => Number(document.querySelector('.plot-handle').ariaValueNow) > 0.5")
    page.touchscreen.tap(middle[0] - 300, middle[1])
    page.wait_for_function("() => Number(document.querySelector('.plot-handle').ariaValueNow) < -1")
    ask(page, "calm")
    assert "at=-" in page.url
    shown = page.locator(".curve-table").inner_text()
    page.reload()
    page.wait_for_selector(".curve-table")
    ask(page, "calm")
    assert page.locator(".curve-table").inner_text() == shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_curves_are_laid_over_and_taken_away(visit: Callable[..., Any], lang: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, lang=lang)
    assert page.locator(".graph.main").count() == 3 and page.locator(".graph.dashed").count() == 3
    page.locator('[data-choice="gelu"]').click()
    page.wait_for_function("() => document.querySelectorAll('.graph.main').length === 4")
    page.locator(".drop-curve").first.click()
    page.wait_for_function("() => document.querySelectorAll('.graph.main').length === 3")
    page.locator('[data-field="derivatives"] input').uncheck()
    page.wait_for_function("() => !document.querySelector('.graph.dashed')")
    assert page.locator(".zone.dead").count() == 1
    page.locator('[data-field="zones"] input').uncheck()
    page.wait_for_function("() => !document.querySelector('.zone')")
    page.locator('[data-field="curve"] select').select_option("leaky_relu")
    page.locator('[data-field="negative_slope"] input').fill("0.5")
    page.wait_for_function("() => location.search.includes('negative_slope=0.5')")


def test_the_player_walks_the_point_along(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB)
    page.keyboard.press("PageDown")
    page.wait_for_function("() => document.querySelector('.plot-handle').ariaValueNow === '-5'")
    page.keyboard.press("k")
    page.wait_for_function("() => Number(document.querySelector('.plot-handle').ariaValueNow) > -5")


def test_forward_and_back_through_a_grid(visit: Callable[..., Any], server: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset="grid", curve="tanh", x="-2_1*0.5_3", g="1_2*-1_4")
    told = engine(server, "tanh", input=[[-2, 1], [0.5, 3]])
    for plane, wanted in (("y", told["output"]), ("d", told["derivative"])):
        assert numbers(page, f'[data-grid="{plane}"] .cell text') == pytest.approx([*wanted[0], *wanted[1]], abs=6e-3)
    back = [d * g for d, g in zip(itertools.chain(*told["derivative"]), (1, 2, -1, 4), strict=True)]
    assert numbers(page, '[data-grid="gx"] .cell text') == pytest.approx(back, abs=6e-3)
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    page.wait_for_function("() => location.search.includes('step=1')")
    assert numbers(page, '#card [data-role="gradient"]') == pytest.approx([back[1]], abs=1e-3)


def test_six_neurons_follow_the_cubic(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset="neurons")
    assert numbers(page, '[data-role="sums"]') == [-3.4, 0, -1, -0.3, 6.7]
    assert numbers(page, '.curve-table [data-role="sum"]') == [-0.3]
    names: dict[str, Any] = {}
    exec(save(page, "py").decode(), names)
    assert [round(y, 9) + 0.0 for (y,) in names["output"].tolist()] == [-3.4, 0, -1, -0.3, 6.7]


GATES = {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "nand": [1, 1, 1, 0], "xor": [0, 1, 1, 0], "goodfellow": [0, 1, 1, 0]}


@pytest.mark.parametrize("gate", GATES)
def test_every_gate_gives_its_table_on_the_page_and_in_its_code(visit: Callable[..., Any], gate: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset="and", lang="zh")
    page.locator('[data-field="gate"] select').select_option(gate)
    page.wait_for_function(f"() => '{gate}' === 'and' || location.search.includes('gate={gate}')")
    ask(page, "calm")
    assert numbers(page, '[data-role="truth"]') == GATES[gate]
    names: dict[str, Any] = {}
    exec(save(page, "py").decode(), names)
    assert names["output"].flatten().tolist() == GATES[gate]
    page.locator(".truth tbody tr").nth(1).click()
    page.wait_for_function("() => location.search.includes('step=1')")
    assert re.search(r"→ [01]|= 1", page.locator("#card").inner_text())
