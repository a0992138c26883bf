"""Reading the numbers off a card and doing its arithmetic again."""

from __future__ import annotations

import math
import re
from typing import Any

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def number(text: str) -> float:
    """The number that a printed text says."""
    return float(text.strip().replace("−", "-").replace("×10", "e").translate(RAISED))


def half_unit(text: str) -> float:
    """Half a unit of the last printed place."""
    mantissa, _, power = text.partition("×10")
    decimals = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** ((int(power.translate(RAISED)) if power else 0) - decimals)


def reads(value: float, text: str) -> bool:
    """Whether a value rounded as the text is reads as the text."""
    return abs(value - number(text)) <= half_unit(text) + 1e-12


def texts(place: Any, role: str) -> list[str]:
    """The printed numbers with a role."""
    return place.locator(f'[data-role="{role}"]').evaluate_all("nodes => nodes.map((n) => n.dataset.text ?? n.textContent)")


def check(card: Any) -> str:
    """Evaluate the card's formula on its printed numbers; its printed result."""
    return CHECKS[card.get_attribute("data-card")](card)


def check_channels(card: Any) -> str:
    """The staged channel's products give its sum; all channels' sums, as the ledger has them, the sum in the line."""
    stage = card.locator(".group .matrix")
    values, weights, products = (texts(stage, role) for role in ("value", "weight", "product"))
    assert values and len(values) == len(weights) == len(products)
    for x, w, p in zip(values, weights, products, strict=True):
        assert reads(number(x) * number(w), p), (x, w, p)
    (staged,) = texts(card.locator(".group"), "group-sum")
    assert reads(math.fsum(map(number, products)), staged)
    assert staged in texts(card.locator(".ledger .on"), "channel-sum")
    assert reads(math.fsum(map(number, texts(card, "channel-sum"))), texts(card.locator(".sum"), "sum")[0])
    return check_line(card)


def check_line(card: Any) -> str:
    line = card.locator(".sum")
    (result,) = texts(line, "result")
    assert reads(sum(map(number, texts(line, "sum") + texts(line, "bias"))), result)
    return result


def check_contributions(card: Any) -> str:
    for row in card.locator("[data-term]").all():
        (x,), (w,), (p,) = (texts(row, role) for role in ("value", "weight", "product"))
        assert reads(number(x) * number(w), p)
    assert reads(math.fsum(map(number, texts(card.locator("[data-term]"), "product"))), texts(card.locator(".sum"), "sum")[0])
    return check_line(card)


def check_relu(card: Any) -> str:
    (x,), (result,) = texts(card, "value"), texts(card, "result")
    assert reads(max(0.0, number(x)), result)
    return result


def check_largest(card: Any) -> str:
    values, (result,) = texts(card, "value"), texts(card, "result")
    assert max(map(number, values)) == number(result)
    assert card.locator(".winner").count() == 1
    return result


def check_softmax(card: Any) -> str:
    (maximum,), denominator = texts(card, "maximum"), texts(card, "denominator")[0]
    assert reads(sum(map(number, texts(card.locator("tbody"), "exponential"))), denominator)
    for row in card.locator("tbody tr").all():
        (z,), (shifted,), (e,), (p,) = (texts(row, role) for role in ("logit", "shifted", "exponential", "probability"))
        assert reads(number(z) - number(maximum), shifted)
        assert reads(math.exp(number(shifted)), e)
        assert reads(number(e) / number(denominator), p)
    (result,) = texts(card, "result")
    return result


def check_same(card: Any) -> str:
    (x,), (result,) = texts(card, "value"), texts(card, "result")
    assert x == result
    return result


def check_normalisation(card: Any) -> str:
    line = card.locator(".equation")
    x, mean, variance, eps, gamma, beta = (
        number(texts(line, role)[0]) for role in ("value", "mean", "variance", "eps", "gamma", "beta")
    )
    (result,) = texts(line, "result")
    assert reads(gamma * (x - mean) / math.sqrt(variance + eps) + beta, result)
    return result


CHECKS = {
    "batch_norm": check_normalisation,
    "conv2d": check_channels,
    "linear": check_contributions,
    "relu": check_relu,
    "max_pool2d": check_largest,
    "softmax": check_softmax,
    "flatten": check_same,
}


def matches_the_api(page: Any, card: Any, result: str) -> None:
    """The printed result is the API's explanation of the same number."""
    trace = re.search(r"input=(sample|trace):([\w-]+)", page.url)
    identity = page.evaluate("() => JSON.parse(document.getElementById('first-trace').textContent)?.id")
    if trace and trace[1] == "trace":
        identity = trace[2]
    node, index = card.get_attribute("data-node"), card.get_attribute("data-index")
    answer = page.request.get(f"/api/v1/traces/{identity}/nodes/{node}/explain?index={index}")
    assert answer.ok
    explained = answer.json()
    assert reads(explained["result"], result) or abs(explained["result"] - number(result)) <= half_unit(result) + 2e-6
    assert explained["error"] < 1e-4
