"""Normalisation and dropout over POST /ops: the course's numbers, the statistics, the refusals."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from .conftest import problem

X = [[[[1, 2], [3, 4]], [[0, -1], [5, 2]]], [[[2, 2], [1, 0]], [[-3, 1], [4, 6]]]]


def ask(client: TestClient, op: str, **request: Any) -> dict[str, Any]:
    response = client.post(f"/api/v1/ops/{op}", json=request)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_keeping_four_fifths_scales_by_one_and_a_quarter(client: TestClient) -> None:
    numbers = [[1, 2, 3, 4], [5, 6, 7, 8]]
    answer = ask(client, "dropout", input=numbers, p=0.2, seed=1, index=[0, 3])
    assert answer["scale"] == pytest.approx(1.25)
    expected = [[x * kept * 1.25 for x, kept in zip(*rows, strict=True)] for rows in zip(numbers, answer["mask"], strict=True)]
    assert answer["output"] == [pytest.approx(row) for row in expected]
    assert {kept for row in answer["mask"] for kept in row} <= {0, 1}
    assert "torch.manual_seed(1)" in answer["code"]
    assert "1 - p" in answer["explanation"]["formula"]
    still = ask(client, "dropout", input=numbers, p=0.2, seed=1, training=False)
    assert still["explanation"]["formula"] == "y = x"
    assert still["output"] == numbers and still["scale"] == 1


def test_who_shares_a_mean(client: TestClient) -> None:
    counts = {}
    for op, more in (("batch_norm", {}), ("layer_norm", {}), ("instance_norm", {}), ("group_norm", {"num_groups": 2})):
        answer = ask(client, op, input=X, **more)
        shared = answer["statistics"]
        counts[op] = (shared["axes"], shared["count"])
        assert answer["shape"] == [2, 2, 2, 2] and len(answer["steps"]) == 16
        told = answer["explanation"]
        assert told["result"] == pytest.approx(answer["output"][0][0][0][0]) and told["formula"]
    assert counts == {
        "batch_norm": ([0, 2, 3], 8),
        "layer_norm": ([1, 2, 3], 8),
        "instance_norm": ([2, 3], 4),
        "group_norm": ([1, 2, 3], 4),
    }


def test_batch_normalisation_by_hand(client: TestClient) -> None:
    answer = ask(client, "batch_norm", input=[[1, 10], [3, 30]], eps=1, running_mean=0, running_var=1, momentum=0.5)
    assert answer["statistics"]["mean"] == [[2, 20]] and answer["statistics"]["variance"] == [[1, 100]]
    assert answer["output"][0][0] == pytest.approx(-1 / 2**0.5)
    assert answer["running"] == {"mean": [1, 10], "variance": [1.5, 100.5]}  # torch takes the unbiased variance here
    still = ask(
        client, "batch_norm", input=[[1, 10], [3, 30]], training=False, running_mean=[1, 10], running_var=[3, 99], eps=1
    )
    assert still["output"] == [pytest.approx([0, 0]), pytest.approx([1, 2])]


def test_strong_neighbours_make_a_response_small(client: TestClient) -> None:
    weak = ask(client, "local_response_norm", input=[[[1]], [[0]], [[0]]], size=3, alpha=3, beta=1, k=1)
    strong = ask(client, "local_response_norm", input=[[[1]], [[3]], [[0]]], size=3, alpha=3, beta=1, k=1)
    assert weak["output"][0] == [[pytest.approx(1 / 2)]] and strong["output"][0] == [[pytest.approx(1 / 11)]]
    assert strong["statistics"]["squares"] == [[[10]], [[10]], [[9]]] and strong["statistics"]["neighbours"] == [
        [0, 2],
        [0, 3],
        [1, 3],
    ]


def test_a_refusal_names_the_field_in_both_languages(client: TestClient) -> None:
    refusal = problem(client.post("/api/v1/ops/group_norm", json={"input": X, "num_groups": 3}), 422, "malformed-operation")
    assert refusal["parameter"] == "num_groups" and "divides the 2 channels" in refusal["legal"]
    assert "num_groups" in refusal["text"]["zh"] and refusal["text"]["en"] == refusal["detail"]
