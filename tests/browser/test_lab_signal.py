"""The lab of 1-D convolution: the sum is written out, the kernel slides by keys, ranges are numpy's, curves move."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from places import ask

pytestmark = pytest.mark.browser
READY = "() => document.querySelector('#stage svg text') && document.getElementById('caption').textContent"
X, K = [2, 6, 4, 8, 4], [1, 2, -3]


def opened(visit: Callable[..., Any], query: str, **options: Any) -> Any:
    page = visit(f"/lab/signal?{query}", reduced_motion="reduce", **options)
    page.wait_for_function(READY)
    ask(page, "calm")
    return page


def row(page: Any, grid: str) -> list[float]:
    """The numbers of a row, without the blank cells."""
    found = page.locator(f'[data-grid="{grid}"] g.cell:not(.blank):not(.later) text').all_text_contents()
    return [float(text.replace("−", "-")) for text in found]


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("flip", [1, 0])
def test_every_range_is_numpy_s(visit: Callable[..., Any], mode: str, flip: int) -> None:
    page = opened(visit, f"lang=en&x={'_'.join(map(str, X))}&k={'_'.join(map(str, K))}&mode={mode}&flip={flip}")
    expected = np.convolve(X, K, mode) if flip else np.correlate(X, K, mode)  # type: ignore[arg-type]
    assert row(page, "y") == expected.tolist()


def test_the_kernel_slides_by_keys_and_the_sum_is_written_out(visit: Callable[..., Any]) -> None:
    page = opened(visit, "lang=en&preset=memory")
    signal, kernel = [10, 0, 0, 5, 0, 0, 0, 10, 0, 0, 0, 0], [1, 0.6, 0.4, 0.3, 0.2, 0.1]
    output = np.convolve(signal, kernel)[: len(signal)]
    for step in range(9):
        page.keyboard.press("Space" if step else "PageDown")
        page.wait_for_function(f"() => new URLSearchParams(location.search).get('step') === '{step}'")
        terms = page.locator("#card .lab-terms").first
        values, weights = (
            [float(text) for text in terms.locator(f'[data-role="{role}"]').all_text_contents()] for role in ("value", "weight")
        )
        result = float(terms.locator('[data-role="result"]').text_content())
        assert result == pytest.approx(output[step]) == pytest.approx(np.dot(values, weights))
        assert weights == kernel[::-1]  # turned round
        assert row(page, "y") == pytest.approx(output[: step + 1].tolist())
        assert f"(f ∗ g)({step})" in page.locator("#card").inner_text()


def test_a_changed_number_changes_what_it_reaches(visit: Callable[..., Any]) -> None:
    page = opened(visit, "lang=zh&preset=wire")
    before = row(page, "y")
    page.locator('[data-grid="x"]').focus()
    page.keyboard.type("8")
    with page.expect_response(re.compile("/api/v1/ops/conv1d")):
        page.keyboard.press("Enter")
    ask(page, "calm")
    after = row(page, "y")
    assert [b - a for a, b in zip(before, after, strict=True)] == [8, 4, 2, *[0] * 7]
    page.reload()
    page.wait_for_function(READY)
    ask(page, "calm")
    assert row(page, "y") == after
    page.locator('[data-grid="x"] g[data-at="2"]').hover()
    ask(page, "calm")
    reached = page.locator('[data-grid="y"] g.cell.reach').count()
    assert reached == 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_curves_move_with_t(visit: Callable[..., Any], lang: str) -> None:
    page = opened(visit, f"lang={lang}&preset=boxes&step=15")
    assert page.locator(".lab-curves .strip").count() == 8  # half of the box lies under the other one
    assert page.locator("#card .result").text_content() == "0.5"
    page.keyboard.press("PageDown")
    page.wait_for_function("() => document.querySelectorAll('.lab-curves .strip').length === 9")
    box = page.locator(".lab-curves").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 50)
    page.mouse.down()
    page.wait_for_function("() => Number(new URLSearchParams(location.search).get('step')) > 40")
    page.mouse.up()
    assert page.locator("#stage svg:visible").count() == 1


def test_wide_strips_are_a_sum_and_narrow_ones_the_integral(visit: Callable[..., Any]) -> None:
    """The printed line is true, its strips are drawn, and narrower ones come closer to what was worked out by hand."""
    page = visit("/healthz", reduced_motion="reduce")
    exact = (2 - (1 - np.exp(-2))) / 3  # of a ramp (τ - 1) / 3 into a decay, at t = 3
    errors = []
    for strip in ("1", "0.5", "0.25", "0.125"):
        page.goto(f"/lab/signal?lang=en&preset=sum-to-integral&strip={strip}")
        page.wait_for_function(READY)
        ask(page, "calm")
        assert page.locator(".lab-curves .strip").count() == round(2 / float(strip))
        weight, value, result = (
            float(page.locator(f'#card [data-role="{role}"]').text_content()) for role in ("weight", "value", "result")
        )
        assert result == pytest.approx(weight * value, rel=5e-4) and weight == float(strip)
        errors.append(abs(result - exact))
    assert errors == sorted(errors, reverse=True) and errors[-1] < 1e-3 < errors[0]


def test_too_long_a_kernel_is_refused_in_the_reader_s_language(visit: Callable[..., Any]) -> None:
    page = visit("/lab/signal?lang=zh&x=1_2&k=1_2_3&mode=valid")
    page.wait_for_function("() => document.getElementById('message').textContent")
    assert re.search(r"kernel.*[\u4e00-\u9fff]", page.locator("#message").text_content())
    assert page.locator(".plane.editable").count() == 2  # to be put right
    visit.errors[:] = [error for error in visit.errors if "422" not in error]


@pytest.mark.parametrize(
    ("kind", "window", "hop", "margin", "dilation"), [("max", 3, 1, 1, 1), ("max", 2, 2, 0, 2), ("avg", 3, 2, 1, 1)]
)
def test_series_are_pooled_as_torch_pools_them(
    visit: Callable[..., Any], kind: str, window: int, hop: int, margin: int, dilation: int
) -> None:
    x = torch.tensor([[3.0, -1, 2, 5, 4, 0, 2]]).double()
    how = (F.max_pool1d(x, window, hop, margin, dilation) if kind == "max" else F.avg_pool1d(x, window, hop, margin))[0]
    address = f"lang=en&view=pool&x=3_-1_2_5_4_0_2&pool={kind}&window={window}&hop={hop}&margin={margin}&dilation={dilation}"
    page = opened(visit, address)
    assert row(page, "y") == pytest.approx(how.tolist(), rel=6e-3)
    for place in range(len(how)):
        page.locator(f'[data-grid="y"] [data-at="{place}"]').hover()
        ask(page, "calm")
        assert page.locator('[data-grid="y"] .here').get_attribute("data-at") == str(place)
        shown = float(page.locator('#card [data-role="result"]').get_attribute("data-text").replace("−", "-"))
        assert shown == pytest.approx(float(how[place]), rel=1e-9)


def test_a_transposed_convolution_lays_down_copies_and_adds_them(visit: Callable[..., Any]) -> None:
    page = opened(visit, "lang=zh&view=spread&x=1_2_3&k=1_2_-1&stride=2&dilation=2&cut=1")
    x, k = (torch.tensor([[values]]).double() for values in ([1, 2, 3], [1, 2, -1]))
    wanted = F.conv_transpose1d(x, k, stride=2, padding=1, dilation=2).flatten()
    inside = page.locator('[data-grid="y"] g.cell:not(.padding) text').all_text_contents()
    assert [float(text.replace("−", "-")) for text in inside] == wanted.tolist()
    page.keyboard.press("PageDown")
    page.wait_for_function("() => new URLSearchParams(location.search).get('step') === '0'")
    ask(page, "calm")
    assert row(page, "copies") == [1, 2, -1]  # the first copy alone
    page.locator('[data-grid="y"] [data-at="4"]').hover()
    ask(page, "calm")
    assert "1 份相加" in page.locator("#card").inner_text()
    page.goto("/lab/signal?lang=en&view=spread&x=1_nan_3&k=1_2&stride=2")
    page.wait_for_function(READY)
    ask(page, "calm")
    found = page.locator('[data-grid="copies"] g.cell:not(.blank) text').all_text_contents()
    assert found == ["1", "2", "NaN", "NaN", "3", "6"]  # what is no number is shown, too


def test_what_a_stride_cuts_off_is_struck_out(visit: Callable[..., Any]) -> None:
    page = opened(visit, "lang=en&x=1_2_3_4_5_6_7_8&k=1_2_1&mode=valid&stride=2")
    struck = page.locator('[data-grid="x"] g.cell.cut text')
    assert struck.all_text_contents() == ["8"] and "cut off" in page.locator("#side").inner_text()
    page.goto("/lab/signal?lang=en&view=pool&x=1_2_3_4_5_6_7_8&window=3&hop=3")
    page.wait_for_function(READY)
    ask(page, "calm")
    assert struck.all_text_contents() == ["7", "8"]
