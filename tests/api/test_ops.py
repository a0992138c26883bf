"""POST /ops/{op}: the course's convolutions, refusals as problem+json, NaN and infinity as words, what GET /ops promises."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from lab_examples import EXAMPLES, K, X

from engine.operate import OPERATIONS

from .conftest import problem

OPS = "/api/v1/ops"
X5 = [[1, 2, 3, 0, 1], [0, 1, 2, 3, 0], [3, 0, 1, 2, 3], [2, 3, 0, 1, 2], [1, 2, 3, 0, 1]]
DUMOULIN = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
DUMOULIN_K = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
ANIMATED = [  # Dumoulin & Visin's figures: input, kernel, padding, stride, dilation, output
    (4, 3, 0, 1, 1, 2),
    (5, 4, 2, 1, 1, 6),
    (5, 3, 1, 1, 1, 5),
    (5, 3, 2, 1, 1, 7),
    (5, 3, 0, 2, 1, 2),
    (5, 3, 1, 2, 1, 3),
    (6, 3, 1, 2, 1, 3),
    (7, 3, 0, 1, 2, 3),
]


def ones(*shape: int) -> Any:
    return np.ones(shape).tolist()


def ask(client, op: str, **body: Any) -> dict[str, Any]:
    """The answer to a legal request."""
    response = client.post(f"{OPS}/{op}", json=body)
    assert response.status_code == 200, response.text[:500]
    return response.json()


def refused(client, op: str, body: Any) -> dict[str, Any]:
    """The problem document of an illegal one."""
    return problem(client.post(f"{OPS}/{op}", content=json.dumps(body), headers=JSON), 422, "malformed-operation")


TYPES = {"whole", "number", "pair", "choice", "flag", "grid"}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"input": X, "kernel": K}, [[15, 16], [6, 15]]),
        ({"input": X, "kernel": K, "bias": 3}, [[18, 19], [9, 18]]),
        ({"input": X, "kernel": K, "padding": 1}, [[7, 12, 10, 2], [4, 15, 16, 10], [10, 6, 15, 6], [8, 10, 4, 3]]),
        ({"input": X5, "kernel": K, "stride": 2}, [[15, 17], [17, 15]]),
        ({"input": DUMOULIN, "kernel": DUMOULIN_K}, [[12, 12, 17], [10, 17, 19], [9, 6, 14]]),
        ({"input": DUMOULIN, "kernel": DUMOULIN_K, "stride": 2, "padding": 1}, [[6, 17, 3], [8, 17, 13], [6, 4, 4]]),
    ],
)
def test_the_course_s_convolutions_come_out_exactly(client, body: dict[str, Any], expected: Any) -> None:
    assert ask(client, "conv2d", **body)["output"] == expected


def test_cross_correlation_and_true_convolution_of_the_same_numbers(client) -> None:
    signal, response = [1, 2, 3, 4], [1, 10, 100]
    assert ask(client, "conv1d", input=signal, kernel=response)["output"] == [321, 432]
    assert ask(client, "conv1d", input=signal, kernel=response, flip=True)["output"] == [123, 234]
    sums = [sum(signal[tau] * response[n - tau] for tau in range(4) if 0 <= n - tau < 3) for n in range(6)]
    assert ask(client, "conv1d", input=signal, kernel=response, flip=True, padding=2)["output"] == sums
    assert ask(client, "conv1d", input=signal, kernel=response, flip=True, causal=True)["output"] == sums[:4]


@pytest.mark.parametrize(("size", "kernel", "padding", "stride", "dilation", "output"), ANIMATED)
def test_the_published_animations_have_their_sizes(client, size, kernel, padding, stride, dilation, output) -> None:
    shape = {"padding": padding, "stride": stride, "dilation": dilation}
    found = ask(client, "conv2d", input=ones(size, size), kernel=ones(kernel, kernel), steps=False, **shape)
    assert found["shape"] == [output, output]
    assert found["sizes"]["rows"]["output"] == found["sizes"]["columns"]["output"] == output
    assert bool(found["sizes"]["rows"]["cut"]) == bool(found["notes"]) == ((size + 2 * padding - kernel) % stride > 0)


def test_the_course_s_size_and_the_fraction_that_is_cut_off(client) -> None:
    found = ask(client, "conv2d", input=ones(28, 31), kernel=ones(5, 5), padding=2, stride=3, steps=False)
    assert found["shape"] == [10, 11] and found["notes"] == []
    alexnet = [ask(client, "conv1d", input=ones(n), kernel=ones(11), stride=4)["sizes"]["steps"]["exact"] for n in (59, 56)]
    assert alexnet == [13, 12.25]  # 227 = 59 + 4 * 42 comes out even, 224 = 56 + 4 * 42 does not


def test_the_sparse_matrix_of_a_3x3_kernel_on_4x4(client) -> None:
    found = ask(client, "conv2d", input=X, kernel=K, include=["matrix", "im2col"])
    matrix = np.array(found["matrix"])
    assert matrix.shape == (4, 16)
    assert (matrix @ np.ravel(X)).tolist() == [15, 16, 6, 15] == found["im2col"]["product"][0]
    assert np.array(found["im2col"]["weights"]).tolist() == [np.ravel(K).tolist()]
    assert np.array(found["im2col"]["columns"]).shape == (9, 4)


def test_what_an_answer_holds(client) -> None:
    found = ask(client, "conv2d", input=X, kernel=K, bias=[3], index=[1, 1], padding=1, padding_mode="symmetric")
    assert {
        "op",
        "output",
        "shape",
        "dtype",
        "steps",
        "steps_total",
        "explanation",
        "code",
        "notes",
        "sizes",
        "padded",
        "macs",
    } <= set(found)
    assert found["steps_total"] == len(found["steps"]) == 16 and found["macs"] == 16 * 9
    assert [step["index"] for step in found["steps"]] == [list(index) for index in np.ndindex(4, 4)]
    assert found["steps"][5]["result"] == found["output"][1][1] == found["explanation"]["result"]
    assert found["explanation"]["index"] == [1, 1] and found["explanation"]["formula"]
    total = sum(term["weight"] * term["value"] for term in found["explanation"]["terms"]) + found["explanation"]["bias"]
    assert total == found["output"][1][1]
    padded = np.array(found["padded"]["values"])
    assert found["padded"]["before"] == [1, 1] and padded[0].tolist() == np.pad(X, 1, "symmetric").tolist()
    for term in found["explanation"]["terms"]:  # where a value was read leads into the answer itself
        assert term["source"]["node"] == "padded" and padded[tuple(term["source"]["index"])] == term["value"]
    assert "steps" not in ask(client, "conv2d", input=X, kernel=K, steps=False)


def test_several_channels_kernels_and_groups(client) -> None:
    found = ask(client, "conv2d", input=[X, X], kernel=[[K], [K], [K], [K]], groups=2, bias=[0, 1, 2, 3], steps=False)
    assert found["shape"] == [4, 2, 2] and found["output"][3] == [[18, 19], [9, 18]]
    found = ask(client, "conv2d", input=[X, X], kernel=[K, K], index=[0, 1, 0])
    assert found["output"] == [[[30, 32], [12, 30]]] and [group["sum"] for group in found["explanation"]["groups"]] == [6, 6]


def test_a_fully_connected_layer_as_a_convolution(client) -> None:
    weights = np.arange(1.0, 17).reshape(1, 1, 4, 4)
    found = ask(client, "conv2d", input=X, kernel=weights.tolist(), bias=[2])
    assert found["output"] == [[float(np.ravel(X) @ weights.ravel() + 2)]]


def test_nan_and_infinity_are_words_both_ways(client) -> None:
    found = ask(client, "conv1d", input=[1, "NaN", 2, "Infinity", "-inf"], kernel=[1], index=[1])
    assert found["output"] == [1, "NaN", 2, "Infinity", "-Infinity"]
    assert [step["result"] for step in found["steps"]] == found["output"]
    assert found["explanation"]["result"] == "NaN" and found["explanation"]["terms"][0]["value"] == "NaN"
    assert ask(client, "conv2d", input=[["Infinity"]], kernel=[[0]])["output"] == [["NaN"]]
    raw = client.post(f"{OPS}/conv1d", content='{"input": [NaN, 1e999], "kernel": [1]}', headers=JSON)
    assert raw.json()["output"] == ["NaN", "Infinity"]


def test_where_float32_rounds_everything_away_it_says_so(client) -> None:
    request = {"input": [[1e20], [2e20]]}  # the variance, 2.5e39, is beyond float32
    exact = ask(client, "batch_norm", **request)
    assert exact["output"][0] == pytest.approx([-1]) and exact["notes"] == [] and exact["explanation"]["error"] < 1e-9
    rounded = ask(client, "batch_norm", **request, dtype="float32")
    assert rounded["output"] == [[0], [0]] and rounded["explanation"] is None and rounded["notes"][0]["code"] == "rounded"


@pytest.mark.parametrize(
    ("changes", "parameter", "legal"),
    [
        ({"stride": 0}, "stride", "from 1 to 64"),
        ({"stride": "2"}, "stride", "from 1 to 64"),
        ({"stride": True}, "stride", "from 1 to 64"),
        ({"stride": 1.5}, "stride", "from 1 to 64"),
        ({"stride": [1, 2, 3]}, "stride", "rows, columns"),
        ({"dilation": 65}, "dilation", "from 1 to 64"),
        ({"padding": -1}, "padding", "from 0 to 64"),
        ({"padding": "full"}, "padding", '"same" or "valid"'),
        ({"padding": [[1, 2], [3]]}, "padding", "[[top, bottom], [left, right]]"),
        ({"padding_mode": "mirror"}, "padding_mode", '"symmetric"'),
        ({"groups": 0}, "groups", "from 1 to 8"),
        ({"flip": 1}, "flip", "true or false"),
        ({"bias": [1, 2]}, "bias", "one number per kernel"),
        ({"dtype": "int8"}, "dtype", '"float32"'),
        ({"input": [[1, 2], [3]]}, "input", "rows equally long"),
        ({"input": [[1, 2], [[3], [4]]]}, "input", "nested lists of numbers"),
        ({"input": []}, "input", "nested lists"),
        ({"input": [[]]}, "input", "nested lists"),
        ({"input": [["one"]]}, "input", "nested lists of numbers"),
        ({"input": [[True]]}, "input", "nested lists of numbers"),
        ({"input": 5}, "input", "2 or 3 deep"),
        ({"input": None}, "input", "nested lists"),
        ({"input": np.ones((65, 2)).tolist()}, "input", "at most 64 long"),
        ({"kernel": np.ones((5, 5)).tolist()}, "kernel", "at most 4 rows"),
        ({"kernal": [[1]]}, "kernal", "kernel"),
        ({"index": [9, 9]}, "index", "0 to 1"),
        ({"index": "0,0"}, "index", "2 whole numbers"),
        ({"index": [True, 0]}, "index", "2 whole numbers"),
        ({"steps": 1}, "steps", "true or false"),
        ({"include": "gradients"}, "include", "list of words"),
        ({"include": ["everything"]}, "include", "im2col"),
        ({"include": [["gradients"]]}, "include", "im2col"),
        ({"grad_output": [[1]]}, "grad_output", "2 x 2"),
    ],
)
def test_a_refusal_names_the_parameter_and_what_is_legal(client, changes: dict[str, Any], parameter: str, legal: str) -> None:
    body = {"input": X, "kernel": K, "include": ["gradients"], **changes}
    told = refused(client, "conv2d", body)
    assert told["parameter"] == parameter and parameter in told["detail"] and legal in told["legal"], told
    assert told["text"]["en"] == told["detail"] and parameter in told["text"]["zh"]


DEEP = "[" * 900 + "1" + "]" * 900


@pytest.mark.parametrize("value", [DEEP, f"[[1, {DEEP}]]", f"[[1], {DEEP}]", "1" * 4000, f"[[{'9' * 400}]]"])
def test_numbers_made_to_break_it_are_refused_too(client, value: str) -> None:
    response = client.post(f"{OPS}/conv2d", content=f'{{"kernel": [[1]], "input": {value}}}', headers=JSON)
    assert response.status_code in (400, 422) and response.headers["content-type"] == "application/problem+json"


def test_what_is_no_request_at_all(client) -> None:
    problem(client.post(f"{OPS}/conv2d", content="{", headers=JSON), 400, "malformed-json")
    problem(client.post(f"{OPS}/conv2d", content="[1]", headers=JSON), 400, "malformed-json")
    problem(client.post(f"{OPS}/conv2d", data={"input": "1"}), 415, "wrong-content-type")
    problem(client.post(f"{OPS}/conv2d", content=" " * 1_000_001, headers=JSON), 413, "upload-too-large")
    problem(client.get(f"{OPS}/conv2d"), 405, "method-not-allowed")
    assert "conv2d" in problem(client.post(f"{OPS}/conv2", json={}), 404, "unknown-operation")["detail"]


@pytest.mark.parametrize("op", OPERATIONS)
def test_every_operation_is_answered_and_listed(client, op: str) -> None:
    found = ask(client, op, **EXAMPLES[op])
    assert found["op"] == op and found["shape"] == list(np.shape(found["output"]))
    assert found["explanation"]["traced"] == np.ravel(found["output"])[0]
    assert found["explanation"]["formula"], f"{op} is explained without a formula"
    assert refused(client, op, {**EXAMPLES[op], "nonsense": 1})["parameter"] == "nonsense"
    (entry,) = [entry for entry in client.get(OPS).json()["ops"] if entry["op"] == op]
    assert {"input", "dtype"} <= {field["name"] for field in entry["fields"]} and "gradients" in entry["include"]
    assert all(field["legal"] and field["type"] in TYPES for field in entry["fields"])


def test_the_document_describes_it(client) -> None:
    document = client.get("/api/openapi.json").json()
    told = document["paths"]["/api/v1/ops/{op}"]["post"]
    body = told["requestBody"]["content"]["application/json"]
    assert body["examples"]["conv2d"]["value"]["kernel"] == K
    assert told["parameters"][0]["schema"]["default"] == next(iter(body["examples"])) == "conv2d"
    for op, example in body["examples"].items():
        ask(client, op, **example["value"])
    assert body["schema"]["$ref"].rsplit("/", 1)[1] in document["components"]["schemas"]
    assert {"200", "404", "422"} <= set(told["responses"])
    assert told["parameters"][0]["schema"]["enum"] == list(OPERATIONS)
