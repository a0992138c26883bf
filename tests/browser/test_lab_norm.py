"""The lab of normalisation and dropout: printed lines are true at every place, one colour is one mean, seeds keep the mean."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from places import ask, unfold

pytestmark = pytest.mark.browser
CONTENT = Path(__file__).parents[2] / "content/labs/norm.json"
READY = "() => document.querySelector('#stage svg text') && document.getElementById('caption').textContent"
X = torch.tensor(
    [
        [[[1, 2], [3, 4]], [[0, 0], [4, 4]], [[10, 20], [30, 40]], [[-1, 1], [-1, 1]]],
        [[[5, 6], [7, 8]], [[0, 4], [4, 0]], [[20, 30], [40, 10]], [[1, 3], [-3, -1]]],
    ],
    dtype=torch.float64,
)
BY_TORCH: dict[str, Callable[[], torch.Tensor]] = {
    "batch": lambda: F.batch_norm(X, None, None, training=True),
    "running": lambda: F.batch_norm(X, torch.tensor([4.5, 2, 25, 0]).double(), torch.tensor([6.0, 4, 125, 4]).double()),
    "layer": lambda: F.layer_norm(X, X.shape[1:]),
    "instance": lambda: F.instance_norm(X),
    "group": lambda: F.group_norm(X, 2),
    "affine": lambda: 2 * F.batch_norm(X, None, None, training=True) + 1,
}


def opened(visit: Callable[..., Any], query: str, **options: Any) -> Any:
    page = visit(f"/lab/norm?{query}", reduced_motion="reduce", **options)
    page.wait_for_function(READY)
    ask(page, "calm")
    return page


def number(text: str | None) -> float:
    return float((text or "").replace("−", "-").replace("×10⁻⁵", "e-5").replace("×10⁻³", "e-3"))


def said(page: Any, line: str, role: str) -> float:
    return number(page.locator(f'#card [data-line="{line}"] [data-role="{role}"]').get_attribute("data-text"))


@pytest.mark.parametrize("preset", BY_TORCH)
def test_what_is_printed_is_true_and_torch_s(visit: Callable[..., Any], preset: str) -> None:
    page, expected = opened(visit, f"lang=en&preset={preset}"), BY_TORCH[preset]()
    for index in (0, 3, 9, 14, 21, 31):
        ask(page, "turn", {"step": str(index)})
        ask(page, "calm")
        x, mean, variance, eps, gamma, beta, result = (
            said(page, "result", role) for role in ("x", "mean", "variance", "eps", "gamma", "beta", "result")
        )
        assert x == X.flatten()[index]
        assert result == pytest.approx(gamma * (x - mean) / (variance + eps) ** 0.5 + beta, abs=6e-3, rel=6e-3)
        assert result == pytest.approx(float(expected.flatten()[index]), abs=6e-3, rel=6e-3)


@pytest.mark.parametrize(
    ("preset", "groups", "count"), [("batch", 4, 8), ("layer", 2, 16), ("instance", 8, 4), ("group", 4, 8)]
)
def test_one_colour_is_one_mean(visit: Callable[..., Any], preset: str, groups: int, count: int) -> None:
    page = opened(visit, f"lang=zh&preset={preset}&step=20")
    colours = page.eval_on_selector_all('[data-grid^="x."] g.cell rect', "all => all.map((one) => one.getAttribute('fill'))")
    assert len(colours) == 32 and len(set(colours)) == groups
    assert page.locator('[data-grid^="x."] g.cell.window').count() == count
    assert page.locator('[data-grid="mean"] g.cell').count() == groups
    own = page.locator('[data-grid="mean"] g.cell.window rect').get_attribute("fill")
    assert colours.count(own) == count
    assert str(count) in page.locator("#card p").inner_text()
    page.locator('[data-grid="x.0.0"] g[data-at="1"]').hover()
    ask(page, "calm")
    assert "样本 0，通道 0，第 1 行第 2 列" in page.locator("#card p").inner_text()


def test_a_changed_number_moves_everything_that_shares_its_mean(visit: Callable[..., Any]) -> None:
    page = opened(visit, "lang=en&preset=instance")
    cells = '[data-grid^="y."] g.cell text'
    before = page.locator(cells).all_text_contents()
    page.locator('[data-grid="x.1.0"]').focus()
    page.keyboard.type("9")
    with page.expect_response(re.compile("/api/v1/ops/instance_norm")):
        page.keyboard.press("Enter")
    ask(page, "calm")
    after = page.locator(cells).all_text_contents()
    changed = [i for i, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
    assert changed and set(changed) <= {16, 17, 18, 19}
    page.reload()
    page.wait_for_function(READY)
    ask(page, "calm")
    assert page.locator(cells).all_text_contents() == after


def test_inference_ignores_the_batch_and_takes_the_running_statistics(visit: Callable[..., Any]) -> None:
    page = opened(visit, "lang=en&preset=running")
    assert page.locator('[data-grid^="x."] g.cell.window').count() == 1
    page.locator('[data-grid="m"]').focus()
    page.keyboard.type("1")
    with page.expect_response(re.compile("/api/v1/ops/batch_norm")):
        page.keyboard.press("Enter")
    ask(page, "calm")
    assert said(page, "result", "mean") == 1 and said(page, "result", "result") == 0
    assert page.locator('[data-grid="new_m"]').count() == 0
    page.locator('[data-field="training"] input').check()
    page.wait_for_selector('[data-grid="new_m"]')
    assert page.locator('[data-grid="new_m"] g[data-at="0"] text').text_content() == "1.35"  # 0.9 × 1 + 0.1 × 4.5


def test_strong_neighbours_hold_a_number_down(visit: Callable[..., Any]) -> None:
    page = opened(visit, "lang=en&preset=response&step=8")
    assert said(page, "squares", "squares") == 101  # 0² + 10² + (−1)²
    assert said(page, "result", "result") == pytest.approx(10 / (1 + 101 / 3) ** 0.75, rel=1e-3)
    assert page.locator('[data-grid^="x."] g.cell.window').count() == 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_dropout_keeps_the_mean_over_the_seeds(visit: Callable[..., Any], lang: str) -> None:
    page = opened(visit, f"lang={lang}&preset=keep&masks=400")
    assert "1.25" in page.locator("#beside").inner_text()

    def cells(grid: str) -> list[float]:
        return [number(text) for text in page.locator(f'[data-grid="{grid}"] text:not(.plane-label)').all_text_contents()]

    for step in range(3):
        page.keyboard.press("PageDown")
        page.wait_for_function(f"() => new URLSearchParams(location.search).get('step') === '{step}'")
        torch.manual_seed(step)
        expected = F.dropout(torch.tensor(cells("d"), dtype=torch.float64).reshape(4, 4), 0.2)
        assert cells("out") == pytest.approx(expected.flatten().tolist())
        kept = torch.tensor(cells("mask"))
        assert set(kept.tolist()) <= {0.0, 1.0} and torch.equal(kept == 0, expected.flatten() == 0)
    page.keyboard.press("Escape")
    page.wait_for_function("() => !new URLSearchParams(location.search).has('step')")
    ask(page, "calm")
    assert cells("mean") == pytest.approx(cells("d"), rel=0.1)
    page.locator('[data-field="training"] input').uncheck()
    page.wait_for_function("() => !document.querySelector('[data-grid=mask]')")
    assert cells("out") == cells("d")


def test_the_running_statistics_move_by_the_momentum(visit: Callable[..., Any]) -> None:
    page = opened(visit, "lang=en&preset=batch&momentum=0.3&m=1_2_3_4&v=2_2_2_2")
    mean, variance = torch.tensor([1.0, 2, 3, 4]).double(), torch.full((4,), 2.0).double()
    F.batch_norm(X, mean, variance, training=True, momentum=0.3)
    for channel, index in enumerate((1, 5, 10, 14)):
        ask(page, "turn", {"step": str(index)})
        ask(page, "calm")
        for name, expected, factor in (("mean", mean, 1), ("variance", variance, 8 / 7)):
            part = page.locator(f'[data-role="update-{name}"]')
            old, now, new = (
                number(part.locator(f'[data-role="{role}"]').get_attribute("data-text")) for role in ("old", "now", "new")
            )
            assert new == pytest.approx(float(expected[channel]), rel=2e-3)
            assert 0.7 * old + 0.3 * now * factor == pytest.approx(new, rel=2e-3, abs=2e-3)
        spread = [number(text) for text in page.locator('[data-line="variance"] [data-role="away"]').all_text_contents()]
        told = said(page, "variance", "variance")
        assert sum(away**2 for away in spread) / 8 == pytest.approx(told, rel=2e-3, abs=2e-3)
    assert page.locator('[data-line="update"]').count() == 1
    ask(page, "turn", {"training": "0"})
    ask(page, "calm")
    assert page.locator('[data-line="update"]').count() == 0


def test_alexnet_s_alpha_is_not_divided(visit: Callable[..., Any]) -> None:
    page = opened(visit, "lang=en&preset=alexnet&step=8")
    assert said(page, "squares", "squares") == 102  # 1² + 0² + 10² + (−1)²
    expected = 10 / (2 + 1e-4 * 102) ** 0.75
    assert said(page, "result", "result") == pytest.approx(expected, rel=1e-3)
    cells = page.locator('[data-grid="y.0.2"] g.cell text').all_text_contents()
    assert number(cells[0]) == pytest.approx(expected, abs=6e-3)
    assert "0.0005" in page.locator("#card").inner_text()
    unfold(page)
    page.locator('[data-field="paper"] input').uncheck()
    ask(page, "calm")
    assert said(page, "result", "result") == pytest.approx(10 / (2 + 1e-4 / 5 * 102) ** 0.75, rel=1e-3)


def test_groups_that_do_not_divide_are_explained(visit: Callable[..., Any]) -> None:
    page = opened(visit, "lang=zh&preset=group")
    page.locator('[data-field="num_groups"] .nudge').last.click()
    page.wait_for_function("() => document.getElementById('message').textContent.includes('整除 4 个通道')")
    assert not page.locator('[data-grid^="y."]').count() and page.locator('[data-grid^="x."]').count() == 8
    assert not page.locator('[data-grid^="d"]').count()  # the grid of dropout does not matter here
    page.locator('[data-field="num_groups"] .nudge').last.click()
    page.wait_for_selector('[data-grid="y.0.0"]')
    assert page.locator('[data-grid="mean"] g.cell').count() == 8
    visit.errors[:] = [error for error in visit.errors if "422" not in error]


def test_a_constant_channel_is_kept_finite_by_epsilon(visit: Callable[..., Any]) -> None:
    page = opened(visit, "lang=en&preset=constant&step=5")
    assert said(page, "result", "variance") == 0 and said(page, "result", "result") == 0
    assert set(page.locator('[data-grid="y.0.1"] g.cell text').all_text_contents()) == {"0"}


def test_a_phone_has_scale_shift_and_running_statistics(visit: Callable[..., Any]) -> None:
    page = opened(visit, "lang=zh&preset=batch", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for grid in ("g", "b", "m", "v", "new_m", "new_v", "mean", "variance"):
        box = page.locator(f'[data-grid="{grid}"]').bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390, grid
        sizes = page.eval_on_selector_all(
            f'[data-grid="{grid}"] text', "all => all.map((text) => parseFloat(getComputedStyle(text).fontSize))"
        )
        assert min(sizes) >= 10, grid
    page.locator('[data-grid="g"] g[data-at="0"]').tap()
    with page.expect_response(re.compile("/api/v1/ops/batch_norm")):
        page.locator(".cell-editor .nudge").last.tap()
    ask(page, "calm")
    assert page.locator('[data-grid="g"] g[data-at="0"] text').text_content() == "2"


@pytest.mark.parametrize(("p", "output"), [("1", 0.0), ("0", 1.0)])
def test_dropping_all_and_dropping_none(visit: Callable[..., Any], p: str, output: float) -> None:
    page = opened(visit, f"lang=en&preset=keep&p={p}")
    told = page.locator('[data-grid="out"] text:not(.plane-label)').all_text_contents()
    given = page.locator('[data-grid="d"] text:not(.plane-label)').all_text_contents()
    assert [number(text) for text in told] == [number(text) * output for text in given]
    means = page.locator('[data-role="means"]').inner_text()
    assert "input 4.5" in means and f"outputs {4.5 * output:g}" in means


def test_a_larger_tensor_is_read_plane_by_plane(visit: Callable[..., Any]) -> None:
    """The clicker and a click on the table bring a plane; its numbers can be changed; what is printed is torch's."""
    page = opened(visit, "lang=en&preset=pictures")
    for step in range(5):
        page.keyboard.press("PageDown")
        page.wait_for_function(f"() => location.search.includes('step={step}')")
    assert page.locator('[data-grid="x.1.0"]').count() == 1 and page.locator('[data-grid="x.0.0"]').count() == 0
    assert page.locator('[data-grid="means"] .cell').count() == 12
    page.locator('[data-grid="means"] .cell').nth(11).click()
    page.wait_for_selector('[data-grid="y.2.3"]')
    ask(page, "calm")
    preset = next(each for each in json.loads(CONTENT.read_text())["presets"] if each["id"] == "pictures")
    x = torch.tensor(preset["values"]["x"]).double()
    expected = F.group_norm(x, 2)[2, 3, 0, 0]
    mean, variance, result = (
        said(page, line, role) for line, role in (("mean", "mean"), ("variance", "variance"), ("result", "result"))
    )
    assert mean == pytest.approx(float(x[2, 2:].mean()), rel=1e-3) and result == pytest.approx(float(expected), rel=2e-3)
    assert variance == pytest.approx(float(x[2, 2:].var(correction=0)), rel=1e-3)
    page.locator('[data-grid="x.2.3"] g[data-at="0"]').click()
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    ask(page, "calm")
    assert said(page, "mean", "mean") == pytest.approx((float(x[2, 2:].sum()) - float(x[2, 3, 0, 0]) + 99) / 288, rel=1e-3)


@pytest.mark.parametrize("p", ["0.3", "0.35"])
def test_a_dropped_number_s_line_is_true_in_the_digits_that_it_prints(visit: Callable[..., Any], p: str) -> None:
    page = opened(visit, f"lang=en&preset=keep&p={p}&d=6.9_3.17*-8.13_0.777&masks=37")
    for cell in range(4):
        page.locator('[data-grid="d"] .cell').nth(cell).hover()
        page.wait_for_function(
            f"() => document.getElementById('card').innerText.includes('Row {cell // 2 + 1}, column {cell % 2 + 1}')"
        )
        for line in ("result", "mean"):
            text = page.locator(f'[data-line="{line}"]').inner_text().split("average:")[-1].replace("−", "-").replace("×", "*")
            sum_, last = text.replace(" ", "").replace("\n", "").split("=")
            unit = 10 ** -len(last.split(".")[1]) if "." in last else 1
            assert abs(eval(sum_) - float(last)) <= 0.51 * unit, text
