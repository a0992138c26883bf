"""The lab of upsampling: copies of the kernel add up to torch's result, matrices, there and back, both corners, unpooling."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from places import ask, unfold
from test_lab_pool import grid, number, written
from test_labs import at, texts

pytest.importorskip("axe_playwright_python")
from test_accessibility import PROFILES, findings
from test_projector import EDGES, NUMBER, SIZE, TEXT, WORDS

pytestmark = pytest.mark.browser
CONTENT = json.loads((Path(__file__).parents[2] / "content/labs/upsample.json").read_text("utf-8"))
ANIMATED = {each["id"]: each["values"] for each in CONTENT["presets"] if each["id"].endswith("_transposed")}
SIZES = {  # of the outputs, Dumoulin & Visin 2016
    "no_padding_no_strides_transposed": 4,
    "arbitrary_padding_no_strides_transposed": 5,
    "same_padding_no_strides_transposed": 5,
    "full_padding_no_strides_transposed": 5,
    "no_padding_strides_transposed": 5,
    "padding_strides_transposed": 5,
    "padding_strides_odd_transposed": 6,
}


def kept(page: Any) -> list[float]:
    """The numbers of the output that are not in the border that is cut off."""
    return [number(text) for text in texts(page, '[data-grid="y.0"] [data-at]:not(.padding) text')]


def transposed(x: Any, kernel: Any, **how: int) -> torch.Tensor:
    return F.conv_transpose2d(torch.tensor([x]).double(), torch.tensor(kernel).double(), **how)[0, 0]


@pytest.mark.parametrize("preset", SIZES)
def test_the_seven_animations_end_at_torch_s_numbers(visit: Callable[..., Any], preset: str) -> None:
    """The last step is added up by the page alone; without a step the engine's numbers stand there: both are torch's."""
    values = dict(ANIMATED[preset])
    wanted = transposed(values.pop("x"), values.pop("k"), **values)
    assert wanted.shape == (SIZES[preset], SIZES[preset])
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "upsample", preset=preset)
    assert kept(page) == wanted.flatten().tolist()
    [x] = ANIMATED[preset]["x"]
    before = len(x) ** 2 - 1
    at(page, "upsample", preset=preset, step=str(before))
    assert kept(page) == wanted.flatten().tolist()
    partial = torch.tensor(x).double().flatten()
    partial[2:] = 0
    so_far = transposed(partial.reshape(1, len(x), -1).tolist(), ANIMATED[preset]["k"], **values)
    at(page, "upsample", preset=preset, step="1")
    assert kept(page) == so_far.flatten().tolist()


def test_dilation_can_be_set_here(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "upsample", preset="overlap")
    unfold(page)
    page.locator('[data-field="dilation"] .nudge').last.click()
    page.wait_for_function("() => document.querySelectorAll('[data-grid=\"y.0\"] [data-at]').length === 49")
    ask(page, "calm")
    values = next(each["values"] for each in CONTENT["presets"] if each["id"] == "overlap")
    assert kept(page) == transposed(values["x"], values["k"], stride=2, dilation=2).flatten().tolist()


def test_the_conv2d_lab_leads_here(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "conv2d")
    page.get_by_label("Example").select_option("padding_strides_transposed")
    page.wait_for_url(re.compile(r"/lab/upsample\?preset=padding_strides_transposed"))
    page.wait_for_function("() => document.querySelector('#stage [data-grid=\"y.0\"]')")


@pytest.mark.parametrize("seed", range(5))
def test_every_result_is_the_sum_that_is_written(visit: Callable[..., Any], seed: int) -> None:
    chance = random.Random(seed)
    side, stride = chance.randint(1, 3), chance.randint(1, 3)
    x = torch.tensor([[chance.randint(-3, 9) for _ in range(3)] for _ in range(2)])
    kernel = torch.tensor([[chance.choice([-1, 0, 0.5, 2, 3]) for _ in range(side)] for _ in range(side)])
    padding = chance.randint(0, 1) if side > 2 else 0
    more = chance.randint(0, stride - 1)
    wanted = transposed([x.tolist()], [[kernel.tolist()]], stride=stride, padding=padding, output_padding=more)
    settings = {"x": written(x), "k": written(kernel), "stride": stride, "padding": padding, "output_padding": more}
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "upsample", **{key: str(value) for key, value in settings.items()})
    assert kept(page) == wanted.flatten().tolist()
    index = chance.randrange(wanted.numel())
    page.locator('[data-grid="y.0"] [data-at]:not(.padding)').nth(index).hover()
    ask(page, "calm")
    terms = page.evaluate(
        """() => [...document.querySelectorAll('#card .term')]
        .map((term) => [...term.querySelectorAll('.num')].map((one) => one.dataset.text))"""
    )
    total = sum(number(value) * number(weight) for value, weight in (term for term in terms if len(term) == 2))
    assert total == pytest.approx(float(wanted.flatten()[index]), abs=1e-9)
    assert page.locator('[data-grid="x.0"] .window').count() == len([term for term in terms if len(term) == 2])


def sums(page: Any) -> tuple[float, float]:
    """What the terms of the card and its bias add up to, and the result that is printed."""
    number_of = "(all) => all.map((one) => one.dataset.text)"
    found = {
        role: [number(text) for text in page.locator(f'#card [data-role="{role}"]').evaluate_all(number_of)]
        for role in ("value", "weight", "bias", "result")
    }
    products = sum(value * weight for value, weight in zip(found["value"], found["weight"], strict=True))
    return products + sum(found["bias"]), found["result"][0]


@pytest.mark.parametrize("groups", [1, 2])
def test_every_channel_spreads_to_those_of_its_group(visit: Callable[..., Any], groups: int) -> None:
    """Sums so far and at the end, what is written in every view, and the lines of matrices, with channels and a bias."""
    chance = torch.Generator().manual_seed(groups)
    x = torch.randint(-3, 9, (2, 2, 3), generator=chance).double()
    kernel = torch.randint(-2, 4, (2, 2, 2, 2), generator=chance).double()
    bias = torch.randint(-5, 6, (2 * groups,), generator=chance).double()
    how = {"stride": 1, "groups": groups}
    settings = {"x": written(x), "k": written(kernel), "b": written(bias), **{key: str(value) for key, value in how.items()}}
    page = visit("/healthz", reduced_motion="reduce")
    for step in (None, 4, 8):
        given = x if step is None else torch.where(torch.arange(12).reshape(2, 2, 3) <= step, x, 0)
        wanted = F.conv_transpose2d(given[None], kernel, bias, **how)[0]
        at(page, "upsample", preset="none", **settings, **({} if step is None else {"step": str(step)}))
        for out, plane in enumerate(wanted):
            shown = grid(page, f"y.{out}")
            reached = page.locator(f'[data-grid="y.{out}"] .cell:not(.later)').count()
            assert step is not None or reached == plane.numel()
            assert shown == plane.flatten().tolist()
        page.locator('[data-grid="y.1"] [data-at="5"]').hover()
        ask(page, "calm")
        total, result = sums(page) if page.locator("#card .result").count() else (float(bias[1]), float(bias[1]))
        assert total == pytest.approx(result) and result == pytest.approx(float(wanted[1].flatten()[5]))
        page.mouse.move(2, 2)
    wanted = F.conv_transpose2d(x[None], kernel, bias, **how)[0]
    for view in ("coverage", "matrix"):
        at(page, "upsample", preset="none", view=view, step="17", **settings)
        assert sums(page) == pytest.approx([float(wanted.flatten()[17])] * 2)
        assert view != "matrix" or grid(page, "column") == wanted.flatten().tolist()
    at(page, "upsample", preset="none", view="back", p=written(x[:, :2]), step="1", **settings)
    picture = torch.stack([x[channel % 2, :2] for channel in range(2 * groups)])
    middle = F.conv2d(picture[None], kernel, None, groups=groups)[0]
    again = F.conv_transpose2d(middle[None], kernel, None, groups=groups)[0]
    assert grid(page, "c.0") == middle[0].flatten().tolist() and grid(page, "y.1") == again[1].flatten().tolist()
    assert sums(page) == pytest.approx([float(again.flatten()[1])] * 2)


def test_an_address_is_fitted_and_a_preset_stays_one(visit: Callable[..., Any]) -> None:
    """A second input channel alone repeats the kernel for it; a preset of several channels is not taken for own numbers."""
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "upsample", preset="overlap", x="1_2*3_4**1_0*0_0")
    assert page.locator('[data-grid^="k."]').count() == 2 and grid(page, "y.0")[:3] == [2, 4, 4]
    at(page, "upsample", preset="groups")
    assert page.locator("#controls select").first.input_value() == "groups"


def test_channels_follow_each_other(visit: Callable[..., Any]) -> None:
    """One more input channel brings kernels for it, kernels for one more bring a channel; groups, biases."""
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "upsample", preset="course")
    page.locator(".edit-grid").click()
    page.get_by_label("Channels").fill("2")
    page.keyboard.press("Enter")
    page.locator(".grid-dialog select").select_option("1")
    assert page.get_by_label("Channels").input_value() == "2"
    page.get_by_label("Outputs").fill("3")
    page.keyboard.press("Enter")
    page.get_by_label("Channels").fill("1")
    page.keyboard.press("Enter")
    page.locator(".grid-dialog header button").click()
    page.wait_for_function("() => document.querySelectorAll('[data-grid^=\"y.\"]').length === 3")
    assert page.locator('[data-grid^="x."]').count() == 1 and page.locator('[data-grid="b"] .cell').count() == 3
    assert set(grid(page, "y.2")) == {0} and grid(page, "y.0")[:3] == [55, 110, 55]  # new kernels are empty
    assert page.locator("#message").inner_text() == ""


def test_interpolation_and_unpooling_take_every_channel_by_itself(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "upsample", preset="colours")
    x = torch.tensor(next(each["values"]["x"] for each in CONTENT["presets"] if each["id"] == "colours")).double()
    wanted = F.interpolate(x[None], scale_factor=2, mode="bilinear")[0]
    shown = [number(text) for text in texts(page, '[data-grid="y.2"] .cell:not(.head) text')]
    assert shown == pytest.approx(wanted[2].flatten().tolist(), rel=6e-3)
    page.locator('[data-grid="y.2"] .cell:not(.head)').nth(5).hover()
    ask(page, "calm")
    assert sums(page) == pytest.approx([float(wanted[2].flatten()[5])] * 2)
    assert page.locator('[data-grid="x.2"] .window').count() == 4 and page.locator('[data-grid="x.0"] .window').count() == 0
    picture = torch.randint(0, 90, (2, 4, 4), generator=torch.Generator().manual_seed(1)).double()
    pooled, places = F.max_pool2d(picture, 2, return_indices=True)
    at(page, "upsample", preset="remembered", p=written(picture), step="5")
    assert grid(page, "pooled.1") == pooled[1].flatten().tolist() and grid(page, "indices.1") == places[1].flatten().tolist()
    assert page.locator('[data-grid="y.1"] .cell:not(.later)').count() == 2
    assert page.locator('[data-grid="y.1"] .here').get_attribute("data-at") == str(int(places[1].flatten()[1]))


def test_grids_of_64_are_spread_through_a_lens_and_the_limit_is_named(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    x = torch.randint(0, 10, (1, 64, 64), generator=torch.Generator().manual_seed(0))
    kernel = torch.tensor([[[[1, 2], [3, 4]]]])
    settings = {"preset": "none", "x": written(x), "k": written(kernel), "stride": "2"}
    at(page, "upsample", **settings, step="2100")
    wanted = F.conv_transpose2d(torch.where(torch.arange(4096).reshape(1, 1, 64, 64) <= 2100, x, 0), kernel, stride=2).flatten()
    shown = page.locator('[data-lens="y.0"] [data-at]').evaluate_all(
        "(all) => all.map((one) => [Number(one.dataset.at), one.textContent])"
    )
    assert len(shown) >= 9 and all(number(text) == wanted[place] for place, text in shown)
    row, column = divmod(2100, 64)
    assert {(2 * row + y) * 128 + 2 * column + z for y in range(2) for z in range(2)} <= {place for place, _ in shown}
    cell = page.locator('[data-lens="x.0"] [data-at="2100"]')
    cell.click()
    with page.expect_response(re.compile("/api/v1/ops/conv_transpose2d")):
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
    ask(page, "calm")
    assert number(cell.locator("text").text_content()) == x.flatten()[2100] + 1
    large = written(torch.ones(1, 1, 16, 16).long())
    page.goto(f"/lab/upsample?lang=en&preset=none&x={settings['x']}&k={large}&stride=8")
    page.wait_for_function("() => document.getElementById('message').textContent.includes('at most 262,144')")
    assert page.locator("#message").inner_text().startswith("stride must be smaller")
    visit.errors.clear()  # the browser notes the refusal


def test_the_matrix_is_the_convolution_s_and_gives_the_output(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "upsample", preset="matrix")
    matrix = torch.tensor(grid(page, "convolution")).reshape(4, 16)
    assert (torch.tensor(grid(page, "input")) @ matrix).tolist() == grid(page, "column")
    page.locator('[data-grid="convolution"] [data-at="21"]').hover()  # its second row, sixth column
    ask(page, "calm")
    assert page.locator('[data-grid="column"] .here').get_attribute("data-at") == "5"
    assert "row 2, column 2" in page.locator("#card").inner_text()


def test_there_and_back_restores_the_size_alone(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "upsample", preset="back")
    assert grid(page, "c.0") == [15, 16, 6, 15] and len(grid(page, "y.0")) == len(grid(page, "p.0")) == 16
    assert "0 of 16 numbers are as before" in page.locator("#card").inner_text()
    at(page, "upsample", preset="back", stride="2", lang="zh")  # 4 x 4 by 3 x 3 with stride 2: a row is left over and restored
    assert len(grid(page, "y.0")) == 16 and "不是求逆" in page.locator("#caption").inner_text()


def test_the_checkerboard_is_counted_and_named(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "upsample", preset="checkerboard", view="coverage")
    assert grid(page, "coverage") == grid(page, "y.0") and set(grid(page, "coverage")) == {1, 2, 4}
    assert "checkerboard" in page.locator(".lab-notes").inner_text()
    at(page, "upsample", preset="even", view="coverage")
    inner = torch.tensor(grid(page, "coverage")).reshape(8, 8)[1:-1, 1:-1]
    assert set(inner.flatten().tolist()) == {4} and page.locator(".lab-notes").count() == 0


def test_both_corner_conventions_say_where_each_output_lies(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "upsample", preset="areas")
    assert page.locator(".views").is_hidden()  # the other views belong to transposed convolution
    heads = [number(text) for text in texts(page, '[data-grid="y.0"] .head text') if text]
    assert heads == [1, 1.25, 1.75, 2.25] * 2
    page.locator('[data-grid="y.0"] [data-at="13"]').hover()
    ask(page, "calm")
    assert page.locator('[data-grid="x.0"] .window').count() == 4 and page.locator("#card .result").inner_text() == "12.5"
    page.get_by_label("Align corners").check()
    page.wait_for_function("() => document.getElementById('caption').textContent.includes('corners agree')")
    corners = [number(text) for text in texts(page, '[data-grid="y.0"] [data-at]:not(.head) text')]
    wanted = F.interpolate(torch.tensor([[[[0.0, 10], [20, 30]]]]), scale_factor=2, mode="bilinear", align_corners=True)
    assert corners == pytest.approx(wanted.flatten().tolist(), rel=6e-3)


def test_unpooling_with_and_without_places(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "upsample", preset="remembered")
    assert grid(page, "indices.0") == [5, 2, 12, 15] and grid(page, "pooled.0") == [5, 6, 7, 8]
    assert [i for i, value in enumerate(grid(page, "y.0")) if value] == [2, 5, 12, 15]
    page.locator('[data-grid="pooled.0"] [data-at="1"]').hover()
    ask(page, "calm")
    assert page.locator('[data-grid="p.0"] .winner').get_attribute("data-at") == "2"
    page.locator('[data-field="places"] select').select_option("corner")
    page.wait_for_function("() => document.getElementById('caption').textContent.includes('Nothing was remembered')")
    assert [i for i, value in enumerate(grid(page, "y.0")) if value] == [0, 2, 8, 10]


def test_editing_by_keys_stepping_and_reloading(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "upsample", preset="overlap", lang="zh")
    page.locator('[data-grid="x.0"]').focus()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('[data-grid=\"y.0\"] [data-at=\"0\"] text').textContent === '5'")
    page.keyboard.press("Escape")
    page.locator("#caption").click()
    for step in range(2):
        page.keyboard.press(" ")
        page.wait_for_function(f"() => new URLSearchParams(location.search).get('step') === '{step}'")
    assert "第 2 个输入，共 4 个" in page.locator("#caption").inner_text()
    assert page.locator('[data-grid="y.0"] .won').count() == 3  # where both copies lie
    shown, address = texts(page), page.url
    page.goto(address)
    page.wait_for_function("() => document.querySelector('[data-grid=\"y.0\"] [data-at=\"0\"] text')?.textContent === '5'")
    ask(page, "calm")
    assert texts(page) == shown


def test_what_cannot_be_is_explained(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    page.goto("/lab/upsample?lang=zh&preset=course&output_padding=1")
    page.wait_for_function("() => document.getElementById('message').textContent.includes('output_padding')")
    assert "小于步幅" in page.locator("#message").inner_text()
    visit.errors.clear()  # the browser notes the refusal


VIEWS = [
    ("upsample", "padding_strides_odd_transposed", "spread"),
    ("upsample", "even", "coverage"),
    ("upsample", "no_padding_strides_transposed", "coverage"),
    ("upsample", "back", "back"),
    ("upsample", "areas", "spread"),
    ("upsample", "corner", "spread"),
    ("pool", "padded", "pool"),
    ("pool", "global", "pool"),
    ("pool", "shift", "shift"),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("lab", "preset", "view"), VIEWS)
def test_every_view_can_be_read_by_all(visit: Callable[..., Any], lab: str, preset: str, view: str, lang: str) -> None:
    """From the last row, in every colour scheme, and by what axe knows of other readers."""
    page = visit("/healthz", viewport=SIZE, reduced_motion="reduce")
    for profile in PROFILES:
        at(page, lab, preset=preset, view=view, lang=lang, profile=profile)
        assert findings(page) == [], profile
    at(page, lab, preset=preset, view=view, lang=lang, profile="projector")
    assert ask(page, "small", {"text": TEXT, "number": NUMBER}) == []
    assert ask(page, "pale", {"words": WORDS, "edges": EDGES}) == []
