"""The activation lab: the point, the curves laid over each other, the grid forward and back, neurons and gates."""

from __future__ import annotations

import io
import itertools
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen
from xml.etree import ElementTree

import pytest
from PIL import Image
from places import ask, unfold

pytest.importorskip("axe_playwright_python")
from test_accessibility import PROFILES, findings
from test_labs import at, save
from test_projector import EDGES, NUMBER, SIZE, TEXT, WORDS

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
    unfold(page)
    page.locator('[data-field="derivatives"] input').uncheck()
    page.wait_for_function("() => !document.querySelector('.graph.dashed')")
    assert page.locator(".zone.dead").count() == 1
    unfold(page)
    page.locator('[data-field="zones"] input').uncheck()
    page.wait_for_function("() => !document.querySelector('.zone')")
    page.locator('[data-field="curve"] select').select_option("leaky_relu")
    unfold(page)
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


XOR = [0, 1, 1, 0]
GATES = {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "nand": [1, 1, 1, 0], "xor": XOR, "half": XOR, "goodfellow": XOR}


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


def word(page: Any, selector: str) -> str:
    """What is printed there, with a plain minus."""
    return page.locator(selector).inner_text().replace("−", "-").strip()


def test_where_the_point_is_can_be_typed(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB)
    box = page.locator('[data-box="x"]')
    box.fill("−2,25")
    box.press("Enter")
    page.wait_for_function("() => location.search.includes('at=-2.25')")
    assert numbers(page, '[data-curve="relu"][data-role="value"]') == [0]
    box.fill("far away")
    assert box.get_attribute("aria-invalid") == "true"
    box.press("Enter")
    assert box.input_value() == "−2.25" and "at=-2.25" in page.url
    page.locator(".number-box .nudge").last.click()
    page.wait_for_function("() => location.search.includes('at=-1.75')")


def test_the_band_of_drawn_slopes_and_the_gate(visit: Callable[..., Any], server: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset="rrelu")
    band = page.locator(".lab-plot .band").bounding_box()
    line = page.locator(".graph.main.series-0").bounding_box()
    assert band["y"] < line["y"] + line["height"] < band["y"] + band["height"]  # the mean's line is within it
    at(page, LAB, preset="rrelu-grid")
    drawn = numbers(page, '[data-grid="y"] .cell text')
    unfold(page)
    page.locator('[data-field="seed"] .nudge').last.click()
    page.wait_for_function("() => location.search.includes('seed=4')")
    ask(page, "calm")
    told = engine(server, "rrelu", input=[[-1, -1, -1, 2], [-4, -4, -4, 5]], lower=0.1, upper=0.3, training=True, seed=4)
    shown = numbers(page, '[data-grid="y"] .cell text')
    assert shown == pytest.approx([*told["output"][0], *told["output"][1]], abs=6e-3) and shown != drawn
    at(page, LAB, preset="glu")
    unfold(page)
    page.locator('[data-field="b"] input').fill("2")
    page.wait_for_function("() => location.search.includes('b=2')")
    told = engine(server, "glu", input=[3, 2])
    assert numbers(page, '[data-curve="glu"][data-role="value"]') == pytest.approx(told["output"], abs=6e-4)
    at(page, LAB, preset="grid")
    page.locator('[data-field="curve"] select').select_option("glu")  # the grid gets an even number of columns
    page.wait_for_function("() => document.querySelectorAll('[data-grid=\"gx\"] .cell').length === 8")
    assert page.locator('[data-grid="y"] .cell').count() == 4 and word(page, "#message") == ""


@pytest.mark.parametrize(("preset", "printed", "limit"), [("difference", "2.0001", "2"), ("difference-2", "4.0001", "4")])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_course_s_difference_quotients_stand_on_the_page(
    visit: Callable[..., Any], preset: str, printed: str, limit: str, lang: str
) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset=preset, lang=lang)
    assert [word(page, f'#card [data-role="{role}"]') for role in ("quotient", "derivative")] == [printed, limit]
    upper, lower = (float(word(page, f'#card [data-role="{role}"]')) for role in ("upper", "lower"))
    assert round(upper - lower, 12) == float(page.locator('#card [data-role="rise"]').first.inner_text())
    assert page.locator(".lab-plot .graph.secant").count() == 2 and page.locator(".lab-plot .lens").count() == 1


def test_steps_shrink_by_player_by_keys_by_buttons_and_by_typing(visit: Callable[..., Any], server: str) -> None:
    page = visit("/healthz", reduced_motion="reduce", has_touch=True)
    at(page, LAB, preset="secant", h="1")
    steps = [1, 0.5, 0.2, 0.1, 0.05]
    told = engine(server, "difference_quotient", input=-1, h=steps, function="sigmoid")
    for step, quotient in enumerate(told["output"]):
        page.keyboard.press("PageDown")
        page.wait_for_function(f"() => new URLSearchParams(location.search).get('step') === '{step}'")
        assert float(word(page, '#card [data-role="quotient"]')) == pytest.approx(quotient, abs=1e-6)
    page.locator('[data-box="h"]').locator("xpath=../button").first.click()  # ten times smaller than the shown step
    page.wait_for_function("() => location.search.includes('h=0.005') && !location.search.includes('step')")
    page.locator(".error-handle").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => location.search.includes('h=0.002')")
    box = page.locator('[data-box="h"]')
    box.fill("-3")
    assert box.get_attribute("aria-invalid") == "true"
    box.fill("nothing")
    box.press("Enter")
    assert box.input_value() == "0.002"
    box.fill("1e-9")
    box.press("Enter")
    page.wait_for_function("() => location.search.includes('h=1e-9')")
    page.wait_for_selector('[data-why="rounding"], [data-why="both"]')
    plot = page.locator(".error-plot").bounding_box()
    page.touchscreen.tap(plot["x"] + plot["width"] * 0.9, plot["y"] + plot["height"] / 2)
    page.wait_for_selector('[data-why="truncation"]')


def test_digits_cancel_in_both_precisions(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    for preset, query in (("cancellation", {}), ("difference", {"dtype": "float32", "h": "1e-6"})):
        at(page, LAB, preset=preset, **query)
        assert page.locator('#card [data-why="rounding"]').count() == 1 and page.locator("#card .beyond").count() >= 1
    at(page, LAB, preset="difference", dtype="float32", h="1e-9")
    assert page.locator('#card [data-why="lost"]').count() == 1 and word(page, '#card [data-role="quotient"]') == "0"
    assert page.locator(".lab-notes li").count() == 1
    at(page, LAB, preset="corner")
    assert page.locator('#card [data-why="corner"]').count() == 1


def test_a_polynomial_s_coefficients_are_typed_where_they_stand(visit: Callable[..., Any], server: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset="difference", h="0.1")
    page.locator(".coefficient-buttons .nudge").last.click()
    page.wait_for_function("() => location.search.includes('coefficients=1_1_0_1')")
    page.locator('[data-coefficient="1"]').fill("-2.5")
    page.locator('[data-coefficient="1"]').press("Enter")
    page.wait_for_function("() => location.search.includes('coefficients=1_1_-2.5_1')")
    page.locator('[data-coefficient="0"]').fill("one")
    page.locator('[data-coefficient="0"]').press("Enter")
    ask(page, "calm")
    told = engine(server, "difference_quotient", input=1, h=0.1, coefficients=[1, 1, -2.5, 1])
    assert float(word(page, '#card [data-role="quotient"]')) == pytest.approx(told["output"], abs=1e-6)
    assert "x³ + x² − 2.5x + 1" in page.locator(".lab-plot .readout").first.text_content()
    names: dict[str, Any] = {}
    exec(save(page, "py").decode(), names)
    assert names["output"][3].item() == told["output"]  # the fourth of the player's steps
    shown, address = page.locator("#card").inner_text(), page.url
    page.goto(address)
    page.wait_for_selector('#card [data-role="quotient"]')
    ask(page, "calm")
    assert page.locator("#card").inner_text() == shown


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_partial_derivatives_hold_the_others_still(visit: Callable[..., Any], lang: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset="partial", lang=lang)
    assert numbers(page, '[data-grid="q"] .cell text') == [8.0001, 7.0001, 27.0009]
    for grid in ("formula", "autograd"):
        assert numbers(page, f'[data-grid="{grid}"] .cell text') == [8, 7, 27]
    card = page.locator("#card").inner_text().replace("\n", " ")
    assert "2x + 3y = 2 × 1 + 3 × 2 = 8" in card and "3x + 2y = 3 × 1 + 2 × 2 = 7" in card and "3z² = 3 × 3² = 27" in card
    assert page.locator(".slice").count() == 3 and page.locator(".slice .dot").count() == 9
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    page.wait_for_function("() => location.search.includes('step=1')")
    page.wait_for_selector(".slice-frame.here")
    assert page.locator("#card .lab-terms").count() == 1 and "2.0001" in page.locator("#card .lab-terms").inner_text()
    page.locator('[data-grid="p"] .cell').first.click()
    page.keyboard.type("-2")
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('p=-2_2_3')")
    ask(page, "calm")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.search.includes('step')")
    assert numbers(page, '[data-grid="formula"] .cell text') == [2, -2, 27]
    page.locator('[data-grid="h"] .cell').first.click()
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('message').textContent.includes('h')")
    assert page.locator('[data-grid="q"]').count() == 0  # no result beside what is refused
    visit.errors[:] = [error for error in visit.errors if "422" not in error]


@pytest.mark.parametrize("preset", ["difference", "cancellation", "partial", "glu-grid", "rrelu"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_new_views_are_read_from_the_last_row(visit: Callable[..., Any], preset: str, lang: str) -> None:
    page = visit("/healthz", viewport=SIZE, reduced_motion="reduce")
    at(page, LAB, preset=preset, lang=lang, profile="projector")
    assert ask(page, "small", {"text": TEXT, "number": NUMBER}) == []
    assert ask(page, "pale", {"words": WORDS, "edges": EDGES}) == []
    assert page.locator("#beside, .curve-side, #card").evaluate_all(
        "(all) => all.every((e) => e.scrollWidth <= e.clientWidth + 1)"
    )


@pytest.mark.parametrize("view", ["difference", "partial"])
def test_axe_finds_nothing_grave_in_the_new_views(visit: Callable[..., Any], view: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    for profile in PROFILES:
        at(page, LAB, preset=view, lang="zh", profile=profile)
        assert findings(page) == [], profile


@pytest.mark.parametrize("preset", ["difference", "cancellation", "partial", "glu-grid"])
def test_a_phone_shows_all_of_it(visit: Callable[..., Any], preset: str) -> None:
    page = visit("/healthz", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce")
    for lang in ("zh", "en"):
        at(page, LAB, preset=preset, lang=lang)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), lang
        assert page.locator("#card").evaluate("(card) => card.scrollWidth <= card.clientWidth + 1"), lang
        sizes = page.locator("#stage .cell text").evaluate_all("(all) => all.map((e) => e.getBoundingClientRect().height)")
        assert all(size >= 11 for size in sizes), min(sizes)


def test_what_an_address_says_wrongly_can_be_put_right(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    for query, grid in (({"h": "-1"}, "h."), ({"coefficients": "nan_1"}, "coefficients.")):
        page.goto(f"/lab/{LAB}?lang=en&preset=difference&" + "&".join(f"{key}={value}" for key, value in query.items()))
        page.locator(f'[data-grid="{grid}"]').focus()
        assert word(page, "#message").startswith(next(iter(query)))
        page.keyboard.type("1")
        page.keyboard.press("Enter")
        page.wait_for_selector('#card [data-role="quotient"]')
        assert word(page, "#message") == ""
    visit.errors[:] = [error for error in visit.errors if "422" not in error]


def test_central_and_backward_partial_derivatives_show_the_place_that_is_moved(visit: Callable[..., Any], server: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    for scheme, moved in (("backward", [0.9, 2, 3]), ("central", [1.1, 2, 3])):
        at(page, LAB, preset="partial", scheme=scheme, h="0.1")
        told = engine(server, "partial_derivatives", input=[1, 2, 3], h=0.1, scheme=scheme)
        assert numbers(page, '[data-grid^="at"] .cell text')[:3] == moved
        assert numbers(page, '[data-grid="q"] .cell text') == pytest.approx(told["output"], abs=1e-6)


@pytest.mark.parametrize(("preset", "op"), [("difference", "difference_quotient"), ("partial", "partial_derivatives")])
def test_what_the_new_views_export_is_true(visit: Callable[..., Any], server: str, preset: str, op: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    with page.expect_response(re.compile(rf"/api/v1/ops/{op}$")) as answered:
        at(page, LAB, preset=preset)
    answer = answered.value.json()
    names: dict[str, Any] = {}
    exec(save(page, "py").decode(), names)
    assert names["output"].tolist() == answer["output"]
    rows = save(page, "csv").decode()
    assert all(repr(number).removesuffix(".0") in rows for number in answer["output"])
    picture = Image.open(io.BytesIO(save(page, "png")))
    assert picture.width > 1000 and len(set(picture.convert("L").resize((64, 64)).tobytes())) > 8
    drawing = ElementTree.fromstring(save(page, "svg"))
    texts = [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert ("x² + 1" if preset == "difference" else "8.0001") in texts
    moving = Image.open(io.BytesIO(save(page, "gif")))
    assert moving.n_frames == (13 if preset == "difference" else 3)


def test_the_point_and_the_cell_are_written_out(visit: Callable[..., Any]) -> None:
    """The sum with the numbers in it comes to what is printed; so does the product of the way back."""
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset="saturation")
    assert page.locator('#card [data-line="value"]').text_content() == "f(5) = 1 ÷ (1 + e⁻⁵) = 0.9933"
    sum_ = page.locator('#card [data-line="slope"] [data-role="sum"]').text_content().replace("×", "*").replace("−", "-")
    assert eval(sum_.rstrip("= ")) == pytest.approx(numbers(page, '#card [data-role="slope"]')[0], abs=5.1e-7)
    at(page, LAB, view="grid", curve="tanh", x="-2_-0.5*1_3", g="3_-7*0.3_1")
    for step in range(4):
        page.keyboard.press("PageDown")
        page.wait_for_function(f"() => location.search.includes('step={step}')")
        ask(page, "calm")
        up, slope = (
            numbers(page, '#card [data-role="upstream"]')[0],
            float(page.locator('#card [data-role="slope"]').get_attribute("data-text").replace("−", "-")),
        )
        printed = page.locator('#card [data-role="gradient"]').text_content()
        unit = 10 ** -len(printed.split(".")[1]) if "." in printed else 1
        assert abs(up * slope - float(printed.replace("−", "-"))) <= 0.51 * unit
