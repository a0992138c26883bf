"""The lab of pooling: windows, winners and reach; the mean's division; what a shift leaves; random settings against torch."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from places import ask, unfold
from test_labs import at, texts

pytestmark = pytest.mark.browser


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("∞", "inf"))


def grid(page: Any, name: str) -> list[float]:
    return [number(text) for text in texts(page, f'[data-grid="{name}"] [data-at] text')]


def written(values: torch.Tensor) -> str:
    """As an address holds it."""
    if values.dim() == 0:
        return f"{values.item():g}"
    return ("_", "*", "**", "***")[values.dim() - 1].join(map(written, values))


def test_pointing_marks_windows_winners_and_reach(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "pool", preset="numbers")
    page.locator('[data-grid="y.0"] [data-at="8"]').hover()
    ask(page, "calm")
    assert page.locator('[data-grid="x.0"] .window').count() == 9
    assert page.locator('[data-grid="x.0"] .winner').get_attribute("data-at") == "14"
    line = " ".join(page.locator("#card").inner_text().split())
    assert line == "Row 3, column 3 max( 2, 2, 3, 0, 2, 2, 0, 0, 1 ) = 3 from row 3, column 5"
    page.locator('[data-grid="x.0"] [data-at="12"]').hover()  # the middle lies in every window
    ask(page, "calm")
    assert page.locator('[data-grid="y.0"] .reach').count() == 9


@pytest.mark.parametrize("seed", range(6))
def test_random_settings_come_out_as_torch_computes_them(visit: Callable[..., Any], seed: int) -> None:
    """All results stand on the page; one of them, pointed at, is the maximum or mean of the numbers written below."""
    chance = random.Random(seed)
    channels, k, stride = chance.randint(1, 2), chance.randint(1, 3), chance.randint(1, 3)
    x = torch.tensor([[[chance.randint(-9, 9) for _ in range(6)] for _ in range(5)] for _ in range(channels)]).double()
    padding, up, kind = chance.randint(0, k // 2), chance.random() < 0.5, chance.choice(["max", "avg"])
    counted = chance.random() < 0.5
    wanted = (
        F.max_pool2d(x, k, stride, padding, ceil_mode=up)
        if kind == "max"
        else F.avg_pool2d(x, k, stride, padding, up, count_include_pad=counted)
    )
    page = visit("/healthz", reduced_motion="reduce")
    settings = {"x": written(x), "pool": kind, "k": k, "stride": stride, "padding": padding}
    flags = {"ceil_mode": int(up), "count_include_pad": int(counted)}
    at(page, "pool", **{key: str(value) for key, value in {**settings, **flags}.items()})
    for channel in range(channels):
        found = grid(page, f"y.{channel}")
        assert found == pytest.approx(wanted[channel].flatten().tolist(), rel=6e-3, abs=1e-9)
    index = chance.randrange(wanted[0].numel())
    page.locator(f'[data-grid="y.0"] [data-at="{index}"]').hover()
    ask(page, "calm")
    result = float(wanted[0].flatten()[index])
    inside = [
        number(text)
        for text in page.locator('#card [data-role="value"]').evaluate_all("(all) => all.map((one) => one.dataset.text)")
    ]
    assert number(page.locator('#card [data-role="result"]').get_attribute("data-text")) == pytest.approx(result, rel=1e-9)
    if kind == "max":
        assert max(inside) == result
    else:
        divisor = int(re.findall(r"/\s*(\d+)", page.locator("#card").inner_text())[-1])
        assert sum(inside) / divisor == pytest.approx(result, rel=1e-9, abs=1e-12)


def test_a_shift_leaves_maxima_and_no_mean(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "pool", preset="shift")
    assert [text for text in texts(page, "#stage .plane-label") if "stay" in text] == [
        "Moved: 2 of 36 stay",
        "Moved: 10 of 16 stay",
    ]
    assert page.locator('[data-grid="y.1"] .winner, [data-grid="y.1"] .here').count() == 10
    page.get_by_label("Take").select_option("avg")
    page.wait_for_function("() => document.getElementById('stage').textContent.includes('0 of 16')")
    assert "pool=avg" in page.url
    at(page, "pool", preset="detector")
    assert [text for text in texts(page, "#stage .plane-label") if "stay" in text] == [
        "Moved: 0 of 4 stay",
        "Moved: 2 of 4 stay",
    ]
    assert grid(page, "y.0") == [1, 1, 1, 0.2] and grid(page, "y.1") == [0.1, 1, 1, 1]


def test_both_lines_of_a_shift_stand_beside_each_other_on_the_projector(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    for preset, lang in (("shift", "en"), ("shift", "zh"), ("shift-average", "en"), ("detector", "en")):
        at(page, "pool", preset=preset, lang=lang, profile="projector")
        tops = page.locator("#card .lab-beside > *").evaluate_all("(all) => all.map((one) => one.offsetTop)")
        assert tops[0] == tops[1], (preset, lang)
        assert (
            page.evaluate(
                "() => { const card = document.getElementById('card'); return card.scrollHeight - card.clientHeight; }"
            )
            <= 1
        )
        assert page.locator('[data-field="dx"]').is_visible()  # what the view is about is not folded away
    at(page, "pool", preset="shift")
    assert (
        page.locator("#card p").inner_text().endswith("the maximum is at row 2, column 2; after the move, at row 2, column 3")
    )


def test_a_lens_stands_at_the_window_and_not_among_the_winners(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    x = torch.randint(0, 10, (1, 64, 64), generator=torch.Generator().manual_seed(0))
    at(page, "pool", preset="none", x=written(x), step="700")  # row 21, column 28
    cells = set(page.locator('[data-lens="x.0"] [data-at]').evaluate_all("(all) => all.map((one) => Number(one.dataset.at))"))
    row, column = divmod(700, 32)
    assert {(2 * row + y) * 64 + 2 * column + z for y in range(2) for z in range(2)} <= cells
    assert page.locator('[data-grid="x.0"] .won-outline').count() == 0  # 700 frames would hide the picture


def test_editing_by_keys_and_stepping_with_the_blank(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "pool", preset="halves", lang="zh")
    page.locator('[data-grid="x.0"]').focus()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('[data-grid=\"y.0\"] [data-at=\"0\"] text').textContent === '9'")
    page.keyboard.press("Escape")
    page.locator("#caption").click()
    page.keyboard.press(" ")
    page.wait_for_function("() => new URLSearchParams(location.search).get('step') === '0'")
    assert "共 4 个" in page.locator("#caption").inner_text() and "没有参数" in page.locator("#side").inner_text()
    assert page.locator('[data-grid="y.0"] .later').count() == 3
    address = page.url
    page.goto(address)
    page.wait_for_function("() => document.querySelector('[data-grid=\"y.0\"] [data-at=\"0\"] text')?.textContent === '9'")


def test_channels_are_kept_and_global_means_one_number_each(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "pool", preset="global")
    assert [grid(page, f"y.{channel}") for channel in range(3)] == [[4.75], [4.31], [4.31]]
    assert "channels: 3 in, 3 out" in page.locator("#side").inner_text()


def test_what_cannot_be_pooled_is_explained(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    page.goto("/lab/pool?lang=zh&k=2&padding=2")
    page.wait_for_function("() => document.getElementById('message').textContent.includes('padding')")
    assert "一半" in page.locator("#message").inner_text()
    visit.errors.clear()  # the browser notes the refusal


def test_a_dilated_window_skips_and_only_maxima_have_one(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "pool", preset="numbers", k="2", stride="1")
    unfold(page)
    page.locator('[data-field="dilation"] .nudge').last.click()
    page.wait_for_function("() => document.querySelectorAll('[data-grid=\"y.0\"] [data-at]').length === 9")
    ask(page, "calm")
    x = torch.tensor(grid(page, "x.0")).reshape(1, 5, 5)
    assert grid(page, "y.0") == F.max_pool2d(x, 2, 1, dilation=2).flatten().tolist()
    assert page.locator('[data-grid="x.0"] .window').evaluate_all("(all) => all.map((one) => one.dataset.at)") == [
        "0",
        "2",
        "10",
        "12",
    ]
    page.get_by_label("Take").select_option("avg")
    assert page.locator('[data-field="dilation"]').is_hidden()
