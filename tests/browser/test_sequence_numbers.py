"""Random steps, gates and units of the three cells on the real page: what is printed, evaluated, gives what is printed."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from cards import half_unit, number, reads

pytestmark = pytest.mark.browser
PLACES = 9  # of each network, each with all its gates
NETWORKS = {
    "lstm": "sentiment-zh-lstm",
    "gru": "sentiment-zh-gru",
    "rnn": "sentiment-zh-rnn",
    "both directions": "tagger-en-gru",
}
GATES = {"lstm": "figo", "gru": "rzn", "rnn": "h"}
SQUASH: dict[str, Callable[[float], float]] = {"σ": lambda a: 1 / (1 + math.exp(-a)), "tanh": math.tanh, "": lambda a: a}

LINES = """root => {
  const text = one => one.matches('.num') ? one.dataset.text ?? one.textContent : one.textContent.trim();
  const lines = [...root.querySelectorAll('[data-line]')];
  return Object.fromEntries(lines.map(line => [line.dataset.line, [...line.querySelectorAll('.num, .sign')].map(text)]));
}"""
ROWS = """root => {
  const text = (row, role) => row.querySelector(`[data-role=${role}]`)?.textContent ?? null;
  const terms = (side, list) => [...side.querySelectorAll(`${list} [data-term]`)].map(
    row => ['value', 'weight', 'product'].map(role => text(row, role)));
  return [...root.querySelectorAll('.side')].map(side => ({
    which: side.dataset.side, terms: terms(side, '.products'), rest: terms(side, '.rest-list'),
    others: text(side, 'others'), sum: text(side, 'side-sum')}));
}"""


def evaluated(tokens: list[str]) -> float:
    """What stands between two equals signs, with Python's own arithmetic."""
    text = ""
    for position, token in enumerate(tokens):
        plain = token.replace("×", "*").replace("−", "-").replace("σ(", "sigmoid(").replace("max(0,", "max(0.0,")
        signed_before = position and tokens[position - 1] in ("+", "−")
        try:
            value = number(token)
            plain = repr(abs(value) if signed_before else value)
        except ValueError:
            pass
        text += plain
    return float(eval(text, {"__builtins__": {}}, {"sigmoid": SQUASH["σ"], "tanh": math.tanh, "max": max}))


def check_line(name: str, tokens: list[str]) -> str:
    """Every side of every equals sign evaluates to the printed result."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token == "=":
            parts.append([])
        else:
            parts[-1].append(token)
    (result,) = parts[-1]
    sides = [part for part in parts[:-1] if part]
    assert sides, (name, tokens)
    for side in sides:
        assert reads(evaluated(side), result), (name, side, result)
    return result


def check_sides(rows: list[dict[str, Any]]) -> None:
    assert [row["which"] for row in rows] == ["input", "recurrent"]
    for row in rows:
        for value, weight, product in [*row["terms"], *row["rest"]]:
            assert reads(number(value) * number(weight), product), row["which"]
        listed = [number(product) for _, _, product in row["terms"]]
        others = [] if row["others"] is None else [number(row["others"])]
        assert reads(math.fsum(listed + others), row["sum"])
        if row["rest"]:
            assert reads(math.fsum(number(product) for _, _, product in row["rest"]), row["others"])


@pytest.mark.parametrize("which", NETWORKS)
def test_what_is_printed_of_a_cell_holds_and_is_what_the_api_says(
    visit: Callable[..., Any], api: httpx.Client, which: str
) -> None:
    model = NETWORKS[which]
    page = visit("/healthz")
    page.goto(f"/rnn/{model}?lang=en")
    trace = page.evaluate("() => JSON.parse(document.getElementById('first-trace').textContent)")
    (layer,) = trace["recurrent"]
    cell, chance = layer["cell"], random.Random(which)
    for turn in range(PLACES):
        direction, step, unit = (chance.randrange(layer[size]) for size in ("directions", "steps", "hidden"))
        told = ["", "&biases=one", "&update=complement"][turn % 3]
        where = f"t={step}&unit={unit}&direction={direction}{told}"
        at = f"0,{direction},{step},{unit}"
        extra = api.get(f"/api/v1/traces/{trace['id']}/nodes/{layer['node']}/explain?index={at}").json()
        for gate in GATES[cell]:
            open_at(page, model, f"view=gate&gate={gate}&{where}", ".gate-view", at)
            root = page.locator(".gate-view")
            for summary in root.locator(".rest > summary").all():
                summary.click()
            check_sides(root.evaluate(ROWS))
            lines = root.evaluate(LINES)
            results = {name: check_line(name, tokens) for name, tokens in lines.items()}
            compare(results, extra["extra"], gate, told)
        open_at(page, model, f"view=cell&{where}", ".cell-view", at)
        for name, tokens in page.locator(".cell-view").evaluate(LINES).items():
            check_line(name, tokens)


def open_at(page: Any, model: str, query: str, kind: str, at: str) -> None:
    """Change what the address says within the page, as the history would; views draw at once."""
    page.evaluate(
        "address => { history.pushState(null, '', address); dispatchEvent(new PopStateEvent('popstate')); }",
        f"/rnn/{model}?lang=en&{query}",
    )
    page.wait_for_selector(f'{kind}[data-at="{at}"]')


def compare(results: dict[str, str], extra: dict[str, Any], name: str, told: str) -> None:
    """The gate and the states are the API's, which explains them in float64 from torch's float32."""
    gate = next(one for one in extra["gates"] if one["name"] == name)
    value = 1 - gate["value"] if name == "z" and "complement" in told else gate["value"]
    near(results[f"gate-{name}"], value)
    for line in extra["update"]:
        if line["name"] in results:
            near(results[line["name"]], line["value"])


def near(text: str, value: float) -> None:
    assert abs(number(text) - value) <= half_unit(text) + 2e-6, (text, value)


def test_the_worked_memory_cell_shows_both_arithmetics_and_says_which(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    seen = {}
    for slide in ("0", "1"):
        for step in range(5):
            page.goto(f"/rnn/worked-lstm?lang=en&view=cell&t={step}&slide={slide}")
            page.wait_for_selector(f'.cell-view[data-at="0,0,{step},0"]')
            lines = page.locator(".cell-story").evaluate(LINES)
            seen[slide, step] = check_line("c", lines["c"]), check_line("h", lines["h"])
            assert page.locator(".arithmetic-switch [aria-pressed=true]").inner_text() == (
                "Slide arithmetic" if slide == "1" else "Real sigmoids"
            )
    assert [seen["1", step] for step in range(5)] == [("3", "0"), ("7", "0"), ("7", "0"), ("7", "7"), ("0", "0")]
    assert page.locator("#legend .num").all_inner_texts() == ["−7.0", "7.0"] * 2  # as large as the states are told
    assert seen["0", 2][0] == "6.99977"  # 6.999773 in exact arithmetic, 6.999772 in torch's float32


def test_the_all_ones_network_counts_2_6_16(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    for step, hidden in enumerate(("2", "6", "16")):
        page.goto(f"/rnn/worked-rnn?lang=en&view=cell&t={step}")
        page.wait_for_selector(f'.cell-view[data-at="0,0,{step},0"]')
        lines = page.locator(".cell-story").evaluate(LINES)
        assert check_line("a-h", lines["a-h"]) == check_line("gate-h", lines["gate-h"]) == hidden
        assert page.locator(".gate-sum").inner_text() == f"max(0, {hidden}) = {hidden}"


def test_a_gate_is_opened_by_keys_and_the_focus_stays_where_it_was(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    page.goto("/rnn/sentiment-zh-gru?lang=en&view=cell&t=3&unit=5")
    page.wait_for_selector(".cell-view")
    strip = page.locator('[data-keep="units-r"]')
    page.keyboard.press("Tab")
    strip.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('.cell-view[data-at="0,0,3,6"]')
    assert page.evaluate("() => document.activeElement.dataset.keep") == "units-r"
    page.locator('[data-keep="open-r"]').press("Enter")
    page.wait_for_selector('.gate-view[data-gate-view="r"][data-at="0,0,3,6"]')


def test_what_the_update_reads_leads_to_where_it_was_made(visit: Callable[..., Any]) -> None:
    """A state to the step that left it, a gate to its numbers, a decoder's start to its encoder; zeros lead nowhere."""
    page = visit("/healthz")
    page.goto("/rnn/sentiment-zh-lstm?lang=en")

    def result_of(line: str) -> str:
        return page.locator(f'.cell-story [data-line="{line}"] .result').inner_text()

    def follow(place: str, way: str, to: str) -> str:
        """Open what a printed operand leads to; the operand as it was printed."""
        operand = page.locator(f"{place} .way{way}").first
        text = operand.inner_text()
        operand.click()
        page.wait_for_selector(to)
        return text

    open_at(page, "sentiment-zh-lstm", "view=gate&gate=o&t=3&unit=5", ".gate-view", "0,0,3,5")
    assert page.locator('.updates .way[data-role="o"]').count() == 0  # that is where one is
    before = follow(".updates", '[data-role="c_previous"]', '.cell-view[data-at="0,0,2,5"]')
    near(result_of("c"), number(before))
    page.keyboard.press("Escape")
    page.wait_for_selector('.cell-view[data-at="0,0,3,5"]')
    gate = follow(".cell-story", '[data-role="i"]', '.gate-view[data-gate-view="i"]')
    near(page.locator('[data-line="gate-i"] .result').inner_text(), number(gate))
    open_at(page, "sentiment-zh-lstm", "view=cell&t=0&unit=5", ".cell-view", "0,0,0,5")
    assert page.locator('.cell-story [data-role="c_previous"]').count() == 1
    assert page.locator('.cell-story .way[data-role="c_previous"], .coming .way').count() == 0
    for model, at, to, way in (
        ("sentiment-zh-gru", "t=3&unit=5", "0,0,2,5", "[data-role=on-wire-h_previous]"),
        ("sentiment-zh-rnn", "t=3&unit=5", "0,0,2,5", ":not(.num)"),
        ("dates-lstm", "node=decoder&t=0&unit=7", None, "[data-role=on-wire-c_previous]"),
    ):
        page.goto(f"/rnn/{model}?lang=en&view=cell&{at}")
        page.locator(".diagram").wait_for()
        last = page.evaluate("() => JSON.parse(document.getElementById('first-trace').textContent).recurrent[0].steps - 1")
        follow(".diagram", way, f'.cell-view[data-at="{to or f"0,0,{last},7"}"]')


@pytest.fixture(scope="module")
def api(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server) as client:
        yield client
