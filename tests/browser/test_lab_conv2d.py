"""The lab of 2-D convolution: pointing, changing, pasting, dragging; its arithmetic is true; what cannot be is explained."""

from __future__ import annotations

import io
import math
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from places import ask
from test_labs import at, save, texts

pytestmark = pytest.mark.browser
OPS = re.compile(r"/api/v1/ops/")


def number(text: str) -> float:
    return float(text.replace("−", "-").strip("() "))


def whole(text: str | None) -> int:
    return int((text or "").replace(",", ""))


def grid(page: Any, name: str) -> list[float]:
    return [number(text) for text in texts(page, f'[data-grid="{name}"] g.cell text, [data-grid="{name}"] [data-at] text')]


def printed(page: Any) -> tuple[float, float]:
    """What the printed line comes to, and the result that it prints."""
    terms = page.evaluate(
        """() => [...document.querySelectorAll('#card .lab-terms:not([data-sum]) .term, #card .lab-terms[data-sum] .term')]
        .map((term) => [...term.querySelectorAll('.num')].map((one) => [one.dataset.role, one.dataset.text]))"""
    )
    total, result = 0.0, float("nan")
    for parts in terms:
        found = {role: number(text) for role, text in parts}
        if "weight" in found:
            total += found["weight"] * found["value"]
        total += found.get("bias", 0.0)
        result = found.get("result", result)
    return total, result


def written(values: torch.Tensor) -> str:
    """As an address holds it."""
    if values.dim() == 0:
        return f"{values.item():g}"
    return ("_", "*", "**", "***")[values.dim() - 1].join(map(written, values))


def test_pointing_at_a_result_marks_its_window_and_writes_its_sum(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "conv2d", preset="padded")
    page.locator('[data-grid="y.0"] [data-at="5"]').hover()
    ask(page, "calm")
    assert page.locator('[data-grid="x.0"] .window').count() == 9
    assert printed(page) == (15, 15)
    page.locator('[data-grid="x.0"] [data-at="14"]').hover()  # row 2, column 2 of the padded grid: nine results read it
    ask(page, "calm")
    assert page.locator('[data-grid="y.0"] .reach').count() == 9


@pytest.mark.parametrize("seed", range(6))
def test_random_settings_come_out_as_torch_computes_them(visit: Callable[..., Any], seed: int) -> None:
    """Everything in the address; every result, pointed at, is written as a sum that holds."""
    chance = random.Random(seed)
    channels, kernels, size = chance.randint(1, 2), chance.randint(1, 2), chance.randint(1, 3)
    x = torch.tensor(
        [[[chance.choice([-1.5, 0, 0.25, 1, 2, 3.125]) for _ in range(5)] for _ in range(6)] for _ in range(channels)]
    )
    k = torch.tensor(
        [
            [[[chance.choice([-2, 0, 0.5, 1, 3]) for _ in range(size)] for _ in range(size)] for _ in range(channels)]
            for _ in range(kernels)
        ]
    )
    stride, padding = chance.randint(1, 2), chance.randint(0, 2)
    mode = chance.choice(["zeros", "reflect", "replicate", "circular"])
    address = {"x": written(x), "k": written(k), "b": "_".join(["0.5"] * kernels)}
    address |= {"stride": str(stride), "padding": str(padding), "padding_mode": mode}
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "conv2d", **address)
    padded = F.pad(x[None].double(), (padding,) * 4, mode="constant" if mode == "zeros" else mode)
    wanted = F.conv2d(padded, k.double(), torch.full((kernels,), 0.5, dtype=torch.float64), stride)[0]
    for out in range(kernels):
        for index in chance.sample(range(wanted[out].numel()), 3):
            page.locator(f'[data-grid="y.{out}"] [data-at="{index}"]').hover()
            ask(page, "calm")
            total, result = printed(page)
            assert result == pytest.approx(wanted[out].flatten()[index].item(), abs=1e-9)
            assert total == pytest.approx(result, abs=1e-9)


def test_products_of_matrices_hold_as_they_are_shown(visit: Callable[..., Any]) -> None:
    """With a bias, and with groups: what stands left of the sign comes to what stands right of it."""
    page = visit("/healthz", reduced_motion="reduce")

    def shown(name: str) -> torch.Tensor:
        return torch.tensor(grid(page, name))

    at(page, "conv2d", preset="depthwise", b="3_-2", view="columns")
    product = shown("weights").reshape(2, 18) @ shown("columns").reshape(18, 9) + shown("bias")[:, None]
    assert torch.equal(product.flatten(), shown("product"))
    at(page, "conv2d", preset="depthwise", view="columns")
    assert page.locator("select.presets").input_value() == "depthwise"  # opened as it is, it is no table of one's own
    at(page, "conv2d", preset="bias", view="matrix")
    assert torch.equal(shown("matrix").reshape(4, 16) @ shown("input") + shown("bias"), shown("column"))


def test_an_address_at_odds_with_itself_is_made_to_fit(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "conv2d", x="1_2*3_4**5_6*7_8", k="1", b="1_2_3")  # two channels, a kernel of one, biases of three
    assert grid(page, "y.0") == [7, 9, 11, 13] and page.locator("#message").text_content() == ""


def test_a_copy_in_the_border_is_the_same_number(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "conv2d", preset="padded", padding_mode="circular")
    page.locator('[data-grid="x.0"] [data-at="7"]').hover()  # the first number: also below, at the right, and in the corner
    ask(page, "calm")
    assert page.locator('[data-grid="x.0"] .here').count() == 4
    assert page.locator('[data-grid="y.0"] .reach').count() == 9
    at(page, "conv2d", preset="padding_strides_odd")
    assert page.locator('[data-grid="x.0"] .cut').count() == 15  # the last row and the last column of eight


def test_what_counts_is_walked_through_and_exported(visit: Callable[..., Any]) -> None:
    """A layer factor by factor, a block branch by branch, a size along its side: each ends where its sum stands."""
    page = visit("/healthz", reduced_motion="reduce")
    for preset, steps in (("inception", 13), ("inception-course", 5), ("stack", 4), ("alexnet-224", 7)):
        at(page, "conv2d", preset=preset)
        assert int(page.locator("#player input[type=range]").get_attribute("max") or 0) == steps - 1
        before = texts(page, "#stage svg text")
        captions = set()
        for step in range(steps):
            page.keyboard.press("PageDown")
            page.wait_for_function(f"() => new URLSearchParams(location.search).get('step') === '{step}'")
            ask(page, "calm")
            captions.add(page.locator("#caption").inner_text())
            for line in page.locator("#card .lab-terms").all():
                factors = [whole(text) for text in line.locator('[data-role="factor"]').all_text_contents()]
                if factors:
                    assert math.prod(factors) == whole(line.locator('[data-role="product"]').text_content())
        assert len(captions) == steps
        if preset != "alexnet-224":
            assert texts(page, "#stage svg text") == before  # all of it is there again
            names: dict[str, Any] = {}
            exec(compile(save(page, "py").decode(), preset, "exec"), names)  # the lab's own lines
            rows = save(page, "csv").decode()
            assert all(str(count) in rows for count in names["output"].tolist())
    moving = Image.open(io.BytesIO(save(page, "gif")))
    assert moving.n_frames == 7


def test_a_spreadsheet_is_pasted_and_makes_the_grid_as_large(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "conv2d")
    page.locator('[data-grid="x.0"] [data-at="0"]').click()
    page.keyboard.press("Escape")
    with page.expect_response(OPS) as answered:
        page.evaluate(
            """(text) => {
                const data = new DataTransfer();
                data.setData('text/plain', text);
                document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
            }""",
            "1\t2\t3\t4\t5\r\n6\t7\t8\t9\t1,5\r\n1\t1\t1\t1\t-2",
        )
    assert answered.value.json()["shape"] == [1, 1, 3]
    ask(page, "calm")
    assert grid(page, "x.0") == [1, 2, 3, 4, 5, 6, 7, 8, 9, 1.5, 1, 1, 1, 1, -2]
    page.go_back()  # a change is an entry of the history
    page.wait_for_function("() => document.querySelectorAll('[data-grid=\"x.0\"] [data-at]').length === 16")


def test_dragging_up_makes_a_number_larger(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "conv2d")
    box = page.locator('[data-grid="k.0.0"] [data-at="4"]').bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, box["y"] - 40, steps=5)
    page.mouse.up()
    ask(page, "calm")
    assert grid(page, "k.0.0")[4] == 1 + 3


def test_what_cannot_be_is_explained_and_nothing_is_lost(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    page.goto("/lab/conv2d?dilation=2&lang=en")
    page.wait_for_function("() => document.getElementById('message').textContent")
    ask(page, "calm")
    assert grid(page, "x.0")[:4] == [1, 2, 3, 0] and not page.locator('[data-grid="y.0"]').count()
    message = page.locator("#message")
    assert "dilation must be at most 1" in message.inner_text()
    visit.errors[:] = [error for error in visit.errors if "422" not in error]
    page.locator('[data-field="dilation"] .nudge').first.click()
    page.wait_for_function("() => document.getElementById('message').textContent === ''")
    assert grid(page, "y.0") == [15, 16, 6, 15]
    page.locator('[data-grid="x.0"] [data-at="3"]').click()
    page.keyboard.type("three")
    page.keyboard.press("Enter")
    assert "three" in message.inner_text()
    page.keyboard.press("Escape")
    assert grid(page, "x.0")[3] == 0


def test_nan_and_infinity_are_shown(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "conv2d")
    page.locator('[data-grid="x.0"] [data-at="0"]').click()
    with page.expect_response(OPS):
        page.keyboard.type("inf")
        page.keyboard.press("Enter")
    ask(page, "calm")
    assert texts(page, '[data-grid="y.0"] text')[1] == "∞" or "∞" in texts(page, '[data-grid="y.0"] text')


def test_a_seed_gives_the_same_grid_again(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    found = []
    for _ in range(2):
        at(page, "conv2d")
        page.locator(".edit-grid").click()
        page.locator(".grid-dialog button", has_text="Random").click()
        page.locator(".grid-dialog header button").click()
        ask(page, "calm")
        found.append(grid(page, "x.0"))
    assert found[0] == found[1] and len(set(found[0])) > 3


def test_a_language_and_a_look_keep_the_numbers(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, "conv2d", preset="numbers", step="4")
    page.keyboard.press("l")
    page.wait_for_function("() => document.documentElement.lang === 'zh-CN' && document.querySelector('#stage text')")
    page.keyboard.press("p")
    ask(page, "calm")
    assert page.evaluate("() => document.documentElement.dataset.profile") == "projector"
    assert grid(page, "y.0")[:5] == [12, 12, 17, 10, 17]
    assert "step=4" in page.url


LARGE = written(torch.arange(64 * 64).reshape(64, 64).remainder(7))
READ = "(all) => all.map((cell) => parseFloat(getComputedStyle(cell).fontSize))"


def test_a_large_grid_has_a_lens_whose_numbers_can_be_read_and_changed(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    at(page, "conv2d", x=LARGE, padding="1", profile="projector")
    assert page.locator('[data-grid="x.0"] image').count() == 1  # colours alone, in one picture
    sizes = page.locator('[data-lens="x.0"] g.cell text').evaluate_all(READ)
    assert len(sizes) >= 9 and min(sizes) >= 24
    box = page.locator('[data-grid="y.0"] image').bounding_box()
    page.mouse.move(box["x"] + box["width"] * (30.5 / 64), box["y"] + box["height"] * (20.5 / 64))
    ask(page, "calm")
    assert page.locator('[data-lens="y.0"] .here').get_attribute("data-at") == str(20 * 64 + 30)
    assert page.locator('[data-lens="x.0"] .window').count() == 9
    total, result = printed(page)
    assert total == result == number(page.locator('[data-lens="y.0"] .here text').text_content())
    page.locator('[data-lens="x.0"] .window').nth(4).click()
    page.keyboard.type("9")
    with page.expect_response(OPS):
        page.keyboard.press("Enter")
    ask(page, "calm")
    assert "9" in texts(page, '[data-lens="x.0"] g.cell text')


def test_a_finger_moves_the_lens_and_then_a_number(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce")
    at(page, "conv2d", x=LARGE)
    box = page.locator('[data-grid="x.0"] image').bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * (40.5 / 64), box["y"] + box["height"] * (50.5 / 64))
    ask(page, "calm")
    assert not page.locator(".cell-editor").is_visible()  # a look first
    cell = page.locator(f'[data-lens="x.0"] [data-at="{50 * 64 + 40}"]')
    before = int(cell.locator("text").text_content() or "")
    assert before == (50 * 64 + 40) % 7 and min(page.locator('[data-lens="x.0"] g.cell text').evaluate_all(READ)) >= 11
    cell.tap()
    with page.expect_response(OPS):
        page.locator(".cell-editor .nudge").last.tap()
    page.wait_for_function("(before) => document.querySelector('.cell-editor input').value === String(before + 1)", arg=before)


def test_one_of_many_channels_is_in_full_and_the_others_can_be_chosen(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    x = torch.arange(6 * 81).reshape(6, 9, 9).remainder(11) / 4 - 1
    at(page, "conv2d", x=written(x), k=written(torch.ones(1, 6, 3, 3)), profile="projector")
    full = page.locator('[data-grid^="x."]:not(.map), [data-lens^="x."]')
    assert full.count() == 1 and page.locator('[data-grid^="x."].map').count() >= 5
    page.locator('[data-grid="x.4"]').click(position={"x": 4, "y": 4})
    ask(page, "calm")
    assert page.locator('[data-lens="x.4"], [data-grid="x.4"]:not(.map)').count() == 1


def test_the_products_stand_as_the_window_does(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
    for lang in ("zh", "en"):
        at(page, "conv2d", preset="padded", step="5", lang=lang)
        boxes = page.locator("#card .window .term").evaluate_all(
            "(all) => all.map((one) => one.getBoundingClientRect().toJSON())"
        )
        rows = sorted({round(box["top"]) for box in boxes})
        assert len(boxes) == 9 and len(rows) == 3
        assert all(len({round(box["left"]) for box in boxes[i::3]}) == 1 for i in range(3))
        size, text = page.evaluate(
            """() => [document.querySelector('#card .window .num'), document.querySelector('#caption')]
            .map((one) => parseFloat(getComputedStyle(one).fontSize))"""
        )
        assert size > 1.3 * text
        fits = "() => { const card = document.getElementById('card'); return card.scrollHeight <= card.clientHeight + 1; }"
        assert page.evaluate(fits)


DECIMALS = written((torch.arange(64).reshape(8, 8) * 7).remainder(19) / 4 - 2.24)
FAR = {
    "padding, two decimals": ("conv2d", {"x": DECIMALS, "padding": "1"}),
    "reflected, two decimals": ("conv2d", {"x": DECIMALS, "padding": "1", "padding_mode": "reflect"}),
    "three channels": ("conv2d", {"preset": "channels"}),
    "sparse matrix": ("conv2d", {"preset": "sparse"}),
    "windows of 8 x 8": ("conv2d", {"x": DECIMALS, "view": "columns"}),
    "coverage 9": ("upsample", {"preset": "arbitrary_padding_no_strides_transposed", "view": "coverage"}),
    "coverage 11": ("upsample", {"preset": "full_padding_no_strides_transposed", "view": "coverage"}),
}


@pytest.mark.parametrize("name", FAR)
def test_grids_are_read_from_the_last_row_or_through_a_lens(visit: Callable[..., Any], name: str) -> None:
    page = visit("/healthz", viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    lab, query = FAR[name]
    for lang in ("zh", "en"):
        at(page, lab, profile="projector", lang=lang, **query)
        sizes = page.locator("#stage g.cell text").evaluate_all(READ)
        assert sizes and min(sizes) >= 24
        whole = page.evaluate(
            """() => { const stage = document.getElementById('stage').getBoundingClientRect();
            return [...document.querySelectorAll('#stage rect, #stage image, #stage text')]
                .map((one) => one.getBoundingClientRect())
                .every(({ left, right, top, bottom, width }) => !width || (left >= stage.left - 3 && right <= stage.right + 3
                    && top >= stage.top - 3 && bottom <= stage.bottom + 3)); }"""
        )
        assert whole
        maps = page.locator("#stage .map[data-grid]").evaluate_all("(all) => all.map((one) => one.dataset.grid)")
        shown = page.locator("#stage [data-lens]").evaluate_all("(all) => all.map((one) => one.dataset.lens)")
        assert set(shown) <= set(maps) and (shown or not maps or "channels" in name)
