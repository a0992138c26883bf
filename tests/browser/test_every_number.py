"""Every operation of the sequence networks: the printed formula gives the printed result, and Enter walks back."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from cards import half_unit, number, reads
from places import ask
from test_random_positions import CHECKS, check_line, check_products, check_same, one, texts

pytestmark = pytest.mark.browser
POSITIONS = 3  # of each operation of each network, the first and the last number among them
CELLS = {"rnn", "lstm", "gru"}  # their numbers have pages of their own, tested in test_sequence_numbers.py
MODELS = (
    "sentiment-zh-lstm",
    "sentiment-en-rnn",
    "tagger-en-gru",
    "shakespeare-gru",
    "tang-lstm",
    "dates-lstm",
    "dates-attention",
    "caption-lstm",
    "sunspots-gru",
    "worked-lstm",
)
Card = dict[str, Any]


def check_sum(card: Card) -> str:
    """value x weight = product; the largest of them, the others and the bias are the line."""
    assert reads(math.fsum(map(number, check_products(card["rows"]))), card["line"][0])
    return check_line(card["line"])


def check_addition(card: Card) -> str:
    result = one(card["numbers"], "result")
    assert reads(math.fsum(map(number, texts(card["numbers"], "value"))), result)
    return result


def check_tanh(card: Card) -> str:
    result = one(card["numbers"], "result")
    assert reads(math.tanh(number(one(card["numbers"], "value"))), result)
    return result


def check_softmax(card: Card) -> str:
    """Every listed row; the exponentials with those of the others make the denominator."""
    maximum, denominator = one(card["numbers"], "maximum"), one(card["numbers"], "denominator")
    rows = [{cell["role"]: cell["text"] for cell in row} for row in card["rows"]]
    assert number(maximum) == max(number(row["logit"]) for row in rows)
    others = [number(text) for text in texts(card["numbers"], "others")]
    assert reads(math.fsum([number(row["exponential"]) for row in rows] + others), denominator)
    for row in rows:
        assert reads(number(row["logit"]) - number(maximum), row["shifted"])
        assert reads(math.exp(number(row["shifted"])), row["exponential"])
        assert reads(number(row["exponential"]) / number(denominator), row["probability"])
    own, result = one(card["numbers"], "own-exponential"), one(card["numbers"], "result")
    assert reads(number(own) / number(denominator), result)
    return result


def check_given(card: Card) -> str:
    """A token's number, or (value - mean) / deviation of a series; a pixel stands for itself."""
    result, values = one(card["numbers"], "result"), texts(card["numbers"], "value")
    if values:
        mean, std = (number(one(card["numbers"], role)) for role in ("mean", "std"))
        assert reads((number(values[0]) - mean) / std, result)
    return result


MINE: dict[str, Callable[[Card], str]] = {
    "linear": check_sum,
    "matmul": check_sum,
    "add": check_addition,
    "tanh": check_tanh,
    "softmax": check_softmax,
    "embedding": check_same,
    "dropout": check_same,
    "select": check_same,
    "transpose": check_same,
    "cat": check_same,
    "input": check_given,
}


@pytest.fixture(scope="module")
def api(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server) as client:
        yield client


def opened(page: Any, model: str) -> dict[str, Any]:
    """The page with its first run drawn, and that run."""
    page.goto(f"/rnn/{model}?lang=en")
    page.locator(".timeline canvas").first.wait_for()
    return page.evaluate("() => JSON.parse(document.getElementById('first-trace').textContent)")


def card_at(page: Any, node: str, index: list[int]) -> Card:
    spelt = ",".join(map(str, index))
    return ask(page, "cardAt", {"query": f"view=number&of={node}&at={spelt}", "node": node, "index": spelt})


def picks(chance: random.Random, shape: list[int]) -> list[list[int]]:
    ends = [[0 for _ in shape], [size - 1 for size in shape]]
    return [*ends, *([chance.randrange(size) for size in shape] for _ in range(POSITIONS - len(ends)))]


@pytest.mark.parametrize("model", MODELS)
def test_the_printed_formula_gives_the_printed_result(visit: Callable[..., Any], api: httpx.Client, model: str) -> None:
    page, chance = visit("/healthz"), random.Random(model)
    trace = opened(page, model)
    for node in trace["nodes"]:
        if node["op"] in CELLS:
            continue
        for index in picks(chance, node["shape"]):
            card = card_at(page, node["name"], index)
            flat = MINE if len(node["shape"]) < 3 else {"input": check_given}
            check = {**CHECKS, **flat}.get(node["op"])
            assert check, node["op"]
            result = check(card)
            place = f"{node['name']}/explain?index={card['index']}"
            explained = api.get(f"/api/v1/traces/{trace['id']}/nodes/{place}").json()
            slack = half_unit(result) + 2e-6 * max(1.0, abs(explained["result"]))
            assert abs(explained["result"] - number(result)) <= slack, (node["name"], index)


PLACE = """() => {
    const { level } = document.getElementById('stage').dataset;
    const here = document.querySelector('#scene [data-card], #scene [data-cell-view]');
    const { card, node, index, at } = here?.dataset ?? {};
    return [level, card, node, index, at].filter(Boolean).join(' ');
}"""
"""What is in view: "number softmax softmax_1 9,3", "cell 0,0,9,3", "network"."""


def press(page: Any, key: str) -> str:
    """Press a key and wait until another place is in view."""
    before = page.evaluate(PLACE)
    page.keyboard.press(key)
    moved = f"(before) => ({PLACE})() !== before && document.getElementById('stage').ariaBusy !== 'true'"
    page.wait_for_function(moved, arg=before)
    return page.evaluate(PLACE)


@pytest.mark.parametrize("model", MODELS)
def test_by_keyboard_alone_from_the_answer_to_what_was_read_and_out_again(visit: Callable[..., Any], model: str) -> None:
    page = visit("/healthz")
    opened(page, model)
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement?.dataset.keep") == "to-number":
            break
    way = [press(page, "Enter")]
    while not way[-1].startswith("number input"):
        assert len(way) < 30, way
        way.append(press(page, "Enter"))
    assert any(one.startswith("gate") for one in way), way
    address = page.url
    page.reload()
    page.locator('[data-card="input"]').wait_for()
    assert page.url == address and page.evaluate(PLACE) == way[-1]
    for _ in range(60):
        if press(page, "Escape").startswith("network"):
            return
    raise AssertionError("Escape never led out")


def test_an_operand_is_opened_by_a_click_and_the_crumbs_lead_back(visit: Callable[..., Any]) -> None:
    page = visit("/rnn/dates-attention?lang=en&view=number&of=matmul_1&at=3,5")
    page.locator('[data-card="matmul"]').wait_for()
    value = page.locator('[data-card="matmul"] tr[data-term]').first.locator('[data-role="weight"]')
    shown, way = value.inner_text(), value.get_attribute("data-way")
    assert way.startswith("encoder@")
    value.click()
    page.wait_for_selector('#stage[data-level="cell"]')
    result = page.locator('.cell-story [data-line="h"] [data-role="result"]').inner_text()
    assert abs(number(result) - number(shown)) <= half_unit(result) + half_unit(shown)
    page.locator("#crumbs button", has_text="matmul_1[3, 5]").click()
    page.wait_for_selector('[data-card="matmul"][data-index="3,5"]')
    assert "trail" not in page.url


def test_attention_and_answers_open_their_numbers(visit: Callable[..., Any]) -> None:
    page = visit("/rnn/dates-attention?lang=en")
    canvas = page.locator(".attention canvas")
    canvas.click(position={"x": 3, "y": 3})
    page.wait_for_selector('[data-card="softmax"][data-node="softmax"][data-index="0,0"]')
    page.goto("/rnn/tagger-en-gru?lang=en&t=2")
    page.locator(".choice-open").first.click()
    page.wait_for_selector('[data-card="softmax"][data-index^="2,"]')
    assert page.locator(".card .num.result").inner_text()
