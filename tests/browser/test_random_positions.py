"""Sixty random positions of each operation: the printed formula gives the printed result, and so says the API."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from cards import half_unit, number, reads
from places import ask, drawn

pytestmark = pytest.mark.browser
POSITIONS = 60
# operation -> the network and its layers of that kind
PLACES = {
    "conv2d": ("tinyvgg", ["features.0", "features.2", "features.5", "features.7"]),
    "relu": ("tinyvgg", ["features.1", "features.3", "features.6", "features.8"]),
    "max_pool2d": ("tinyvgg", ["features.4", "features.9"]),
    "flatten": ("tinyvgg", ["classifier.0"]),
    "linear": ("lenet5", ["classifier.1", "classifier.3"]),
    "softmax": ("tinyvgg", ["softmax"]),
    "batch_norm": ("tinyvgg-wide", ["features.1", "features.4", "features.8", "features.18"]),
    "adaptive_avg_pool2d": ("tinyvgg-wide", ["avgpool"]),
}

SAMPLES = {"softmax": ["school-bus", "sports-car", "orange", "pizza", "koala", "espresso"]}  # ten classes each


def texts(numbers: list[dict[str, Any]], role: str) -> list[str]:
    return [one["text"] for one in numbers if one["role"] == role]


def one(numbers: list[dict[str, Any]], role: str) -> str:
    (text,) = set(texts(numbers, role))
    return text


def check_products(rows: list[list[dict[str, Any]]]) -> list[str]:
    """value x weight = product, in every row or window; the printed products."""
    for row in rows:
        values, weights, products = (texts(row, role) for role in ("value", "weight", "product"))
        assert len(values) == len(weights) == len(products) > 0
        for x, w, p in zip(values, weights, products, strict=True):
            assert reads(number(x) * number(w), p), (x, w, p)
    return [text for row in rows for text in texts(row, "product")]


def check_line(line: list[str]) -> str:
    """a + b - c ... = result, as it is written."""
    total, sign = 0.0, 1.0
    for part in line[: line.index("=")]:
        if part in "+−":
            sign = -1.0 if part == "−" else 1.0
        else:
            total, sign = total + sign * number(part), 1.0
    assert reads(total, line[-1]), line
    return line[-1]


def check_ledger(card: dict[str, Any]) -> None:
    """Every line of the ledger, added up, is what it closes with."""
    assert reads(math.fsum(number(entry["text"]) for entry in card["ledger"]), card["closing"])


def check_conv2d(card: dict[str, Any]) -> str:
    """The chosen channel's products give its sum; the channels' sums and the bias give the result."""
    (group,) = card["groups"]
    total = one(group, "group-sum")
    assert reads(math.fsum(map(number, check_products([group]))), total)
    check_products(card["rows"])
    check_ledger(card)
    (chosen,) = [entry["text"] for entry in card["ledger"] if entry["on"] and entry["role"] == "channel-sum"]
    assert chosen == total
    assert reads(math.fsum(map(number, texts(card["ledger"], "channel-sum"))), card["line"][0])
    assert card["closing"] == card["line"][-1]
    return check_line(card["line"])


def check_linear(card: dict[str, Any]) -> str:
    """The largest products, their sum, the others, the bias; and, by map, the same once more."""
    assert reads(math.fsum(map(number, check_products(card["rows"]))), card["line"][0])
    if card["closing"]:
        check_ledger(card)
        assert abs(number(card["closing"]) - number(card["line"][-1])) <= half_unit(card["closing"]) + half_unit(
            card["line"][-1]
        )
    return check_line(card["line"])


def check_relu(card: dict[str, Any]) -> str:
    result = one(card["numbers"], "result")
    assert reads(max(0.0, number(one(card["numbers"], "value"))), result)
    return result


def check_largest(card: dict[str, Any]) -> str:
    result = one(card["numbers"], "result")
    (winner,) = [cell["text"] for cell in card["numbers"] if cell["winner"]]
    assert max(map(number, texts(card["numbers"], "value"))) == number(winner) == number(result)
    return result


def check_same(card: dict[str, Any]) -> str:
    result = one(card["numbers"], "result")
    assert one(card["numbers"], "value") == result
    return result


def check_softmax(card: dict[str, Any]) -> str:
    maximum, denominator = one(card["numbers"], "maximum"), one(card["numbers"], "denominator")
    rows = [{cell["role"]: cell["text"] for cell in row} for row in card["rows"]]
    assert number(maximum) == max(number(row["logit"]) for row in rows)
    assert reads(math.fsum(number(row["exponential"]) for row in rows), denominator)
    for row in rows:
        assert reads(number(row["logit"]) - number(maximum), row["shifted"])
        assert reads(math.exp(number(row["shifted"])), row["exponential"])
        assert reads(number(row["exponential"]) / number(denominator), row["probability"])
    result = one(card["numbers"], "result")
    assert result == rows[int(card["index"])]["probability"]
    return result


def check_normalisation(card: dict[str, Any]) -> str:
    names = ("gamma", "value", "mean", "variance", "eps", "beta")
    gamma, x, mean, variance, eps, beta = (number(one(card["numbers"], name)) for name in names)
    result = one(card["numbers"], "result")
    assert reads(gamma * (x - mean) / math.sqrt(variance + eps) + beta, result)
    return result


def check_mean(card: dict[str, Any]) -> str:
    values, result = texts(card["numbers"], "value"), one(card["numbers"], "result")
    divisor = number(one(card["numbers"], "divisor"))
    assert divisor == len(values)
    assert reads(math.fsum(map(number, values)), one(card["numbers"], "total"))
    assert reads(number(one(card["numbers"], "total")) / divisor, result)
    return result


CHECKS: dict[str, Callable[[dict[str, Any]], str]] = {
    "conv2d": check_conv2d,
    "linear": check_linear,
    "relu": check_relu,
    "max_pool2d": check_largest,
    "flatten": check_same,
    "softmax": check_softmax,
    "batch_norm": check_normalisation,
    "adaptive_avg_pool2d": check_mean,
}


@pytest.mark.parametrize("op", PLACES)
def test_the_printed_formula_gives_the_printed_result(visit: Callable[..., Any], api: httpx.Client, op: str) -> None:
    model, nodes = PLACES[op]
    page, samples = visit("/healthz"), SAMPLES.get(op, [""])
    for sample in samples:
        asked = f"&input=sample:{sample}" if sample else ""
        page.goto(f"/cnn/{model}?lang=en{asked}")
        drawn(page)
        trace = ask(page, "firstTrace")
        for node, index in picks(op + sample, nodes, trace["shapes"], POSITIONS // len(samples)):
            result = CHECKS[op](card(page, node, index, asked))
            explained = api.get(f"/api/v1/traces/{trace['id']}/nodes/{node}/explain?index={spelt(index)}").json()
            # the browser computes in float32 where the engine explains in float64
            slack = half_unit(result) + 2e-6 * max(1.0, abs(explained["result"]))
            assert abs(explained["result"] - number(result)) <= slack, (sample, node, index)


@pytest.fixture(scope="module")
def api(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server) as client:
        yield client


def card(page: Any, node: str, index: list[int], asked: str) -> dict[str, Any]:
    """What stands on the card of a position, with one of its first three channels on the stage."""
    unit, *at = index
    query = f"node={node}&unit={unit}&at={spelt(at or index)}&channel={index[-1] % 3}{asked}"
    return ask(page, "cardAt", {"query": query, "node": node, "index": spelt(index)})


def spelt(index: list[int]) -> str:
    return ",".join(map(str, index))


def picks(seed: str, nodes: list[str], shapes: dict[str, list[int]], count: int) -> list[tuple[str, list[int]]]:
    """Anywhere, the corners among them; every entry of a short vector; the same in every run."""
    chance = random.Random(seed)
    if shapes[nodes[0]] == [count]:
        return [(nodes[0], [i]) for i in range(count)]
    corners = [(node, [end * (size - 1) for size in shapes[node]]) for node in nodes for end in (0, 1)]
    chosen = [chance.choice(nodes) for _ in range(count - len(corners))]
    return corners + [(node, [chance.randrange(size) for size in shapes[node]]) for node in chosen]
