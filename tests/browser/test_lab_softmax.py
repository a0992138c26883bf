"""The softmax lab: logits dragged, the stable table, the overflow, and losses whose printed numbers add up."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from places import ask, unfold
from test_labs import at

pytestmark = pytest.mark.browser
LAB = "softmax"
POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def number(text: str) -> float:
    """What a printed number says: −0.5, 2.6×10⁵³, ∞, NaN."""
    plain = text.replace("−", "-").replace("∞", "inf").replace("×10", "e").translate(POWERS)
    return float(plain.split("=")[-1])


def numbers(page: Any, selector: str) -> list[float]:
    return [number(text) for text in page.locator(selector).all_text_contents()]


def column(page: Any, which: int) -> list[float]:
    return numbers(page, f'.bar-number[data-column="{which}"]')


COURSE = [
    ("three", 3, [0.867, 0.117, 0.016]),
    ("scores", 3, [0.056, 0.923, 0.021]),
    ("signals", 8, [0.01821127, 0.24519181, 0.73659691]),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("preset", "digits", "wanted"), COURSE)
def test_the_courses_probabilities_stand_on_the_page(
    visit: Callable[..., Any], preset: str, digits: int, wanted: list[float], lang: str
) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset=preset, lang=lang)
    assert [round(p, digits) for p in column(page, 2)] == wanted


@pytest.mark.parametrize("z", [[3, 1, -1], [0.3, 2.9, 4.0], [0, 0, 0, 0], [5.25, -2.125, 1.5, 8, -3]])
@pytest.mark.parametrize("temperature", [1, 2.5])
def test_every_row_of_the_stable_table_reads(visit: Callable[..., Any], z: list[float], temperature: float) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, z="_".join(map(str, z)), temperature=str(temperature))
    table = {role: numbers(page, f'.stable-table [data-role="{role}"]') for role in ("logit", "shifted", "exponential")}
    printed = page.locator('.stable-table [data-role="probability"]').all_text_contents()
    biggest, total = (number(page.locator(f'[data-role="{role}-end"]').text_content()) for role in ("logit", "exponential"))
    assert table["logit"] == pytest.approx([v / temperature for v in z], abs=1e-3) and biggest == max(table["logit"])
    assert [v - biggest for v in table["logit"]] == pytest.approx(table["shifted"], abs=1e-9)
    assert [math.exp(v) for v in table["shifted"]] == pytest.approx(table["exponential"], rel=1e-2)
    for exponential, text in zip(table["exponential"], printed, strict=True):
        unit = 10 ** -len(text.split(".")[1]) if "." in text else 1
        assert abs(exponential / total - number(text)) <= 0.51 * unit


def test_a_logit_is_dragged_by_mouse_and_moved_by_keys(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce", has_touch=True)
    at(page, LAB)
    bar = page.locator('[data-bar="2"]')
    bar.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('[data-bar=\"2\"]').ariaValueNow === '-0.9'")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("() => document.activeElement.dataset.bar") == "1"
    knob = page.locator('[data-bar="2"] circle').bounding_box()
    start = (knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 120, start[1], steps=4)
    page.mouse.up()
    ask(page, "calm")
    z, p = column(page, 0), column(page, 2)
    assert z[2] > 0 and "z=" in page.url
    total = sum(math.exp(v) for v in z)
    assert p == pytest.approx([math.exp(v) / total for v in z], abs=6e-5)
    ground = page.locator('[data-bar="0"] .bar-reach').bounding_box()
    page.touchscreen.tap(ground["x"] + 30, ground["y"] + ground["height"] / 2)
    ask(page, "calm")
    assert column(page, 0)[0] < 0
    shown = page.locator("#stage").inner_html()
    page.reload()
    page.wait_for_selector(".bar-number")
    ask(page, "calm")
    assert re.findall(r">([^<>]+)</text>", page.locator("#stage").inner_html()) == re.findall(r">([^<>]+)</text>", shown)


def test_a_logit_is_typed_in_its_place(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB)
    field = page.locator(".bar-field input")
    page.locator('[data-edit="1"]').click()
    assert field.input_value() == "1"
    page.keyboard.type("2.75")
    page.keyboard.press("Enter")  # and on to the next
    ask(page, "calm")
    assert column(page, 0) == [3, 2.75, -1] and field.is_hidden()
    assert page.evaluate("() => document.activeElement.dataset.bar") == "2"
    page.keyboard.type("-1e3")  # a digit or a sign opens the field where the keys are
    page.keyboard.press("Tab")
    ask(page, "calm")
    assert column(page, 0) == [3, 2.75, -1000] and column(page, 2)[2] == 0
    page.keyboard.press("Enter")
    page.keyboard.type("three")
    page.keyboard.press("Enter")
    assert field.is_visible() and "three" in page.locator("#side").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.getElementById('side').innerText.includes('three')")
    assert column(page, 0)[2] == -1000
    for typed, shown in (("inf", "∞"), ("nan", "NaN"), ("1e400", "∞")):
        page.locator('[data-edit="0"]').click()
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        ask(page, "calm")
        assert page.locator('.bar-number[data-column="0"]').first.text_content() == shown
        assert page.locator('.bar-number[data-column="2"]').first.text_content() == "NaN"  # as torch has it
    page.reload()
    page.wait_for_selector(".bar-number")
    ask(page, "calm")
    assert page.locator('.bar-number[data-column="0"]').all_text_contents() == ["∞", "2.75", "−1000"]


def test_a_logit_is_typed_by_touch(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce")
    at(page, LAB)
    page.locator('[data-edit="2"]').tap()
    for _ in range(3):
        page.locator(".bar-field .nudge").last.tap()
    page.wait_for_function("() => document.querySelectorAll('.bar-number[data-column=\"0\"]')[2].textContent === '−0.7'")
    box = page.locator(".bar-field .nudge").last.bounding_box()
    assert box["height"] >= 40 and box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.locator(".bar-field input").fill("4")
    page.locator("#caption").tap()
    ask(page, "calm")
    assert column(page, 0) == [3, 1, 4] and page.locator(".bar-field").is_hidden()


def test_the_player_brings_the_steps_of_the_stable_form(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB)
    page.keyboard.press("PageDown")
    page.wait_for_function("() => document.querySelectorAll('.stable-table tr.later').length === 3")
    assert page.locator('.bar-number[data-column="2"]').count() == 0
    page.keyboard.press("k")
    page.wait_for_function("() => document.querySelectorAll('.bar-number[data-column=\"2\"]').length === 3", timeout=30_000)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_overflow_is_seen_beside_the_form_that_holds(visit: Callable[..., Any], lang: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset="overflow", lang=lang)
    cells = {grid: page.locator(f'[data-grid="{grid}"] .cell text').all_text_contents() for grid in ("e", "sum", "p", "ps")}
    assert cells["e"][2] == "∞" and cells["sum"] == ["∞"] and cells["p"] == ["0", "0", "NaN"] and cells["ps"][2] == "1"
    assert number(cells["e"][0]) == pytest.approx(math.exp(123), rel=0.05)
    at(page, LAB, preset="overflow", z="1_2_3")
    assert "NaN" not in page.locator("#stage").inner_text() and "∞" not in page.locator("#stage").inner_text()


def test_the_courses_losses_stand_on_the_page(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset="squares")
    assert numbers(page, '#card [data-role="half"]') == [0.0975]
    at(page, LAB, preset="digit")
    assert round(numbers(page, '#card [data-role="result"]')[0], 4) == 0.5108
    at(page, LAB, preset="uniform")
    assert numbers(page, '#card [data-role="result"]') == [2.3026]
    assert column(page, 3) == pytest.approx([0.1] * 2 + [-0.9] + [0.1] * 7)


LOSSES = ["cross_entropy", "binary_cross_entropy", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("z", ["1.37_-0.83_2.91_0.04", "0.2_0.7_0.05_0.05"])
def test_printed_parts_make_the_printed_loss(visit: Callable[..., Any], loss: str, z: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, view="loss", loss=loss, z=z, t="0_1_0_0", limit="0.6")
    total = page.locator('#card [data-role="result"]').text_content()
    parts, unit = numbers(page, '#card [data-role="part"]'), 10 ** -len(total.split(".")[1])
    mean = len(parts) if loss != "cross_entropy" else 1
    assert abs(sum(parts) / mean - number(total)) <= 0.51 * unit
    for step in range(4):
        page.keyboard.press("PageDown")
        page.wait_for_function(f"() => location.search.includes('step={step}')")
        line = page.locator('[data-role="written"]').text_content()
        said, right = line.split("=")[-2:] if ":" not in line else line.split(":")[-1].split("=")
        said = re.sub(r"\|(.*?)\|", r"abs(\1)", said.replace("−", "-").replace("×", "*").replace("÷", "/").replace("²", "**2"))
        if "t" not in said:  # a part that is 0 whatever p
            found = eval(re.sub(r"ln ([\d.]+)", r"math.log(\1)", said))
            decimals = len(right.strip().split(".")[1]) if "." in right else 0
            assert abs(found - number(right)) <= 0.51 * 10**-decimals, line


def evaluated(text: str) -> float:
    """What a printed sum comes to."""
    plain = re.sub(r"sign\(([^)]*)\)", r"math.copysign(1, \1)", text.replace("−", "-").replace("×", "*").replace("÷", "/"))
    return float(eval(plain))


@pytest.mark.parametrize("given", ["logits", "probabilities"])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_follows_its_rule_and_a_difference_quotient(visit: Callable[..., Any], loss: str, given: str) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, view="loss", loss=loss, given=given, z="0.2_0.7_0.05_0.05", t="0_1_0_0", limit="0.6", digits="5")
    for step in range(4):
        page.keyboard.press("PageDown")
        page.wait_for_function(f"() => location.search.includes('step={step}')")
        ask(page, "calm")
        printed = page.locator('[data-role="gradient"]').text_content()
        unit = 10 ** -len(printed.split(".")[1]) if "." in printed else 1
        assert abs(evaluated(page.locator('[data-role="rule"]').text_content()) - number(printed)) <= 0.51 * unit
        quotient = page.locator('[data-role="quotient"]').text_content()
        unit = 10 ** -len(quotient.split(".")[1]) if "." in quotient else 1
        assert abs(evaluated(page.locator('[data-role="quotient-sum"]').text_content()) - number(quotient)) <= 0.51 * unit
        assert number(quotient) == pytest.approx(number(printed), abs=2e-3, rel=2e-3)


def test_softmin_is_softmax_of_the_numbers_turned(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset="softmin", temperature="2")
    e = [math.exp(-z / 2) for z in (0.5, 1, 2.5)]
    assert column(page, 2) == pytest.approx([v / sum(e) for v in e], abs=6e-5)
    assert numbers(page, '.stable-table [data-role="logit"]') == [-0.25, -0.5, -1.25]
    unfold(page)
    page.locator('[data-field="softmin"] input').uncheck()
    page.wait_for_function("() => document.querySelectorAll('.bar-number[data-column=\"2\"]')[2].textContent > '0.5'")


def test_where_a_loss_ends_there_is_no_quotient(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, view="loss", loss="binary_cross_entropy", given="probabilities", z="1_0.5", t="1_0", step="0")
    assert "not defined" in page.locator("#card").inner_text() and not page.locator('[data-role="quotient"]').count()
    at(page, LAB, view="loss", loss="cross_entropy", smoothing="0.1", z="3_1_-1", t="1_0_0", step="0")
    assert "0.93333" in page.locator('[data-role="rule"]').text_content()  # 0.9 + 0.1 / 3


def test_the_target_is_chosen_and_the_engine_asked(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    asked: list[dict[str, Any]] = []
    page.on("request", lambda request: asked.append(json.loads(request.post_data)) if "/api/v1/ops/" in request.url else None)
    at(page, LAB, preset="wrong")
    page.locator('[data-target="1"]').click()
    page.wait_for_function("() => document.querySelector('[data-target=\"1\"]').ariaPressed === 'true'")
    ask(page, "calm")
    assert asked[-1]["target"] == 1 and page.locator('[data-target="0"]').get_attribute("aria-pressed") == "false"
    page.locator('[data-field="loss"] select').select_option("binary_cross_entropy")
    ask(page, "calm")
    page.locator('[data-target="2"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('.bar-target.on').length === 2")
    page.locator('[data-field="given"] select').select_option("probabilities")
    ask(page, "calm")
    assert all(0 <= y <= 1 for y in column(page, 0)) and page.locator("#message").text_content() == ""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_descent_on_two_losses_is_seen(visit: Callable[..., Any], lang: str) -> None:
    """Equal hops across the corner of |d|, shrinking ones on the square; what is printed is the step that is taken."""
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, preset="sizes-curve", lang=lang)
    for step in range(3):
        page.keyboard.press("PageDown")
        page.wait_for_function(f"() => location.search.includes('step={step}')")
        ask(page, "calm")
        assert page.locator(".hop").count() == step and evaluated(page.locator('[data-role="moved"]').text_content()) == (
            pytest.approx(number(page.locator('[data-role="next"]').text_content()))
        )
    assert numbers(page, '[data-role="loss"][data-shape="l1_loss"]') == [1.7]
    page.locator('button.curve-name:has-text("d²")').click()
    page.wait_for_function("() => location.search.includes('shape=mse_loss')")
    ask(page, "calm")
    at(page, LAB, view="curve", shape="log_p", p="0.25", lang=lang)
    assert numbers(page, '[data-role="loss"][data-shape="log_p"]') == [1.386]
    box = page.locator('[data-box="p"]')
    box.fill("7")
    assert box.get_attribute("aria-invalid") == "true"
    box.press("Enter")
    ask(page, "calm")
    assert numbers(page, '[data-role="loss"][data-shape="log_p"]') == [0] and "p=1" in page.url
    page.locator(".plot-handle").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => location.search.includes('p=0.99')")


def test_both_forms_come_step_by_step_and_are_written_out(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", reduced_motion="reduce")
    at(page, LAB, view="naive", z="1.2_4_0.2")
    for _ in range(3):
        page.keyboard.press("PageDown")
    page.wait_for_function("() => location.search.includes('step=2')")
    assert page.locator('[data-grid="shifted"] .cell.later').count() == 3
    assert page.locator('[data-line="naive"]').count() == 1 and page.locator('[data-line="stable"]').count() == 0
    assert evaluated(page.locator('[data-line="naive"] [data-role="quotient"]').text_content()) == pytest.approx(
        0.923, abs=5e-4
    )
    page.locator('[data-grid="p"] .cell').first.hover()
    page.wait_for_function("() => document.querySelector('[data-role=\"share\"]').textContent === '0.05614'")
    at(page, LAB, preset="overflow")
    assert page.locator('[data-line="naive"]').text_content().endswith("∞ ÷ ∞ = NaN")


@pytest.mark.parametrize(("view", "size"), [("bars", (1920, 1080)), ("loss", (390, 844))])
def test_sixty_four_classes_show_the_numbers_that_matter(visit: Callable[..., Any], view: str, size: tuple[int, int]) -> None:
    """Every class has its bar; numbers stand by the largest, none over another; tables and sums add up the rest."""
    z = [round(3 * math.sin(7.3 * i), 1) for i in range(64)]
    z[40] = 6.0
    page = visit("/healthz", reduced_motion="reduce", viewport=dict(zip(("width", "height"), size, strict=True)))
    at(page, LAB, view=view, z="_".join(map(str, z)), t="_".join(["0"] * 40 + ["1"] + ["0"] * 23), profile="projector")
    assert page.locator(".bar-handle").count() == 64 and page.locator('.bar-number[data-row="40"]').count() >= 2
    tops = page.eval_on_selector_all(
        '.bar-number[data-column="0"]',
        "all => all.map((each) => each.getBoundingClientRect()).map((box) => [box.top, box.bottom])",
    )
    assert 8 < len(tops) < 64 and all(above[1] <= below[0] + 12 for above, below in itertools.pairwise(sorted(tops)))
    if view == "bars":
        exponentials = numbers(page, '.stable-table [data-role="exponential"], .stable-table [data-role="exponential-rest"]')
        total = number(page.locator('[data-role="exponential-end"]').text_content())
        assert len(exponentials) == 9 and sum(exponentials) == pytest.approx(total, rel=1e-3)
    else:
        assert "59" in page.locator("#card .lab-terms .quiet").first.inner_text()
        assert sum(numbers(page, '#card [data-role="part"]')) == pytest.approx(numbers(page, '#card [data-role="result"]')[0])
