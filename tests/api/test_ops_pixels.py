"""POST /ops/grey, /ops/quantise, and image filters by /ops/conv2d: answers, refusals, and the exported code, executed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.signal import convolve2d

OPS = "/api/v1/ops"
PLANES = [[[255, 10], [0, 200]], [[0, 20], [128, 100]], [[0, 30], [7, 50]]]


def executed(code: str) -> Any:
    names: dict[str, Any] = {}
    exec(code, names)  # the answer's own lines
    return names["output"].tolist()


def test_grey(client) -> None:
    answer = client.post(f"{OPS}/grey", json={"input": PLANES, "index": [1, 1]}).json()
    wanted = np.tensordot([0.299, 0.587, 0.114], np.array(PLANES), 1)
    np.testing.assert_allclose(answer["output"], wanted, atol=1e-9)
    assert [term["weight"] for term in answer["explanation"]["terms"]] == [0.299, 0.587, 0.114]
    assert [term["value"] for term in answer["explanation"]["terms"]] == [200, 100, 50]
    assert executed(answer["code"]) == answer["output"]


def test_quantise(client) -> None:
    answer = client.post(f"{OPS}/quantise", json={"input": [[0, 42, 43], [128, 200, 255]], "levels": 4, "index": [1, 0]}).json()
    assert answer["output"] == [[0, 0, 85], [170, 170, 255]]
    assert answer["codes"] == [[0, 0, 1], [2, 2, 3]]
    assert (answer["levels"], answer["step"], answer["bits"]) == ([0, 85, 170, 255], 85, 2)
    assert executed(answer["code"]) == answer["output"]
    assert answer["explanation"]["result"] == 170


def test_every_line_of_a_quantised_number_is_told_and_adds_up(client) -> None:
    body = {"input": [[42, 200], [9, 300]], "levels": 4, "low": 10, "high": 250}
    for at, x in (([0, 0], 42), ([0, 1], 200), ([1, 0], 9), ([1, 1], 300)):
        answer = client.post(f"{OPS}/quantise", json={**body, "index": at}).json()
        assert "clamp" in answer["explanation"]["formula"] and "formula" not in answer
        shifted, position, nearest, level, output = answer["explanation"]["extra"]["chain"]
        assert [operand["value"] for operand in shifted["operands"]] == [x, 10] and shifted["result"] == x - 10
        assert [operand["value"] for operand in position["operands"]] == [x - 10, 80] and position["result"] == (x - 10) / 80
        assert nearest["result"] == round((x - 10) / 80) and level["result"] == min(3, max(0, nearest["result"]))
        assert [operand["name"] for operand in level["operands"]] == ["nearest", "min", "max"]
        assert output["result"] == 10 + 80 * level["result"] == answer["output"][at[0]][at[1]]
        step = answer["steps"][2 * at[0] + at[1]]
        assert step["extra"] == {line["name"]: line["result"] for line in (shifted, position, nearest, level)}
        assert executed(answer["code"]) == answer["output"]


@pytest.mark.parametrize(
    "method, by_hand",
    [
        ("luma709", lambda r, g, b: 0.2126 * r + 0.7152 * g + 0.0722 * b),
        ("average", lambda r, g, b: (r + g + b) / 3),
        ("lightness", lambda r, g, b: (max(r, g, b) + min(r, g, b)) / 2),
    ],
)
def test_other_ways_to_grey(client, method: str, by_hand: Any) -> None:
    answer = client.post(f"{OPS}/grey", json={"input": PLANES, "method": method, "index": [1, 1]}).json()
    wanted = [[by_hand(*(plane[y][x] for plane in PLANES)) for x in range(2)] for y in range(2)]
    np.testing.assert_allclose(answer["output"], wanted, atol=1e-9)
    told = answer["explanation"]
    assert sum(term["product"] for term in told["terms"]) == pytest.approx(wanted[1][1]) and not told["extra"]
    assert executed(answer["code"]) == answer["output"]


def test_sobel_is_scipys_symmetric_convolution(client) -> None:
    picture, kernel = np.random.default_rng(1).integers(0, 256, (11, 14)), [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    how = {"padding": "same", "padding_mode": "symmetric", "flip": True}
    for each in (kernel, np.transpose(kernel).tolist()):
        answer = client.post(f"{OPS}/conv2d", json={"input": picture.tolist(), "kernel": each, **how}).json()
        assert answer["output"] == convolve2d(picture, each, boundary="symm", mode="same").tolist()
        assert executed(answer["code"]) == answer["output"]


@pytest.mark.parametrize(
    "op, body, parameter",
    [
        ("grey", {"input": [[1]]}, "input"),
        ("grey", {"input": PLANES, "weights": [1, 1]}, "weights"),
        ("grey", {"input": PLANES, "method": "lightness", "weights": [1, 1, 1]}, "weights"),
        ("grey", {"input": PLANES, "method": "hue"}, "method"),
        ("quantise", {"input": [[1]], "levels": 1}, "levels"),
        ("quantise", {"input": [[1]], "levels": 4, "high": 0}, "high"),
        ("quantise", {"input": [["NaN"]], "levels": 4}, "input"),
    ],
)
def test_refusals_name_the_field_and_its_range(client, op: str, body: dict[str, Any], parameter: str) -> None:
    refusal = client.post(f"{OPS}/{op}", json=body)
    assert refusal.status_code == 422 and refusal.headers["content-type"] == "application/problem+json"
    assert refusal.json()["parameter"] == parameter
    assert refusal.json()["legal"] and parameter in refusal.json()["detail"]
