"""The gates that the API answers are torch's: recomputed here by nn.LSTMCell, nn.GRUCell and nn.RNNCell, step by step."""

from __future__ import annotations

import base64
import math

import numpy as np
import pytest
import torch

import engine
from app import schemas

from .conftest import TRACES, ask, encoded, photo, post, problem

TEXT = "明月 at dawn"


@pytest.fixture(scope="module", params=["rnn", "lstm", "gru"])
def opened(request, tiny):
    """(cell, the trace's address, the tokens' ids) of one text for each cell."""
    model = f"tiny-letters-{request.param}"
    document = ask(tiny, model, text=TEXT).json()
    return request.param, f"{TRACES}/{document['id']}", [token["id"] for token in document["input"]["tokens"]]


def unpacked(entry: dict) -> np.ndarray:
    return np.frombuffer(base64.b64decode(entry["data"]), np.dtype(entry["dtype"]).newbyteorder("<")).reshape(entry["shape"])


def by_cells(cell: str, ids: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """h and c of every step, computed with torch's single-step cells."""
    module = engine.load(f"tiny-letters-{cell}").module
    layer = getattr(module, cell)
    single = {"rnn": torch.nn.RNNCell, "lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell}[cell](4, 5)
    single.load_state_dict({name.removesuffix("_l0"): value for name, value in layer.state_dict().items()})
    h = c = torch.zeros(1, 5)
    all_h, all_c = [], []
    with torch.inference_mode():
        for x in module.embedding(torch.tensor(ids)):
            if cell == "lstm":
                h, c = single(x[None], (h, c))
            else:
                h = single(x[None], h)
            all_h.append(h[0].numpy())
            all_c.append(c[0].numpy())
    return np.array(all_h), np.array(all_c)


def test_the_states_are_those_of_torch_s_own_cells(tiny, opened):
    cell, address, ids = opened
    document = tiny.get(f"{address}/nodes/{cell}/gates").json()
    schemas.Gates.model_validate(document)
    h, c = by_cells(cell, ids)
    np.testing.assert_allclose(np.array(document["h"])[0, 0], h, atol=2e-6)
    if cell == "lstm":
        np.testing.assert_allclose(np.array(document["c"])[0, 0], c, atol=2e-6)
    else:
        assert document["c"] is None
    assert (document["layers"], document["directions"], document["steps"], document["hidden"]) == (1, 1, len(ids), 5)
    assert document["error"] < 1e-5


def test_the_gates_and_preactivations_satisfy_the_equations(tiny, opened):
    cell, address, _ = opened
    found = tiny.get(f"{address}/nodes/{cell}/gates?include=preactivations").json()
    gates = {name: np.array(values)[0, 0] for name, values in found["gates"].items()}
    before = {name: np.array(values)[0, 0] for name, values in found["preactivations"].items()}
    h, start = np.array(found["h"])[0, 0], np.array(found["initial"]["h"])[0, 0]
    earlier = np.vstack([start, h[:-1]])
    squash = {name: np.tanh if name in ("g", "n", "h") else lambda a: 1 / (1 + np.exp(-a)) for name in gates}
    for name, values in gates.items():
        np.testing.assert_allclose(values, squash[name](before[name]), atol=1e-6)
    if cell == "lstm":
        c = np.array(found["c"])[0, 0]
        earlier_c = np.vstack([np.array(found["initial"]["c"])[0, 0], c[:-1]])
        np.testing.assert_allclose(c, gates["f"] * earlier_c + gates["i"] * gates["g"], atol=1e-6)
        np.testing.assert_allclose(h, gates["o"] * np.tanh(c), atol=1e-6)
    elif cell == "gru":
        np.testing.assert_allclose(h, (1 - gates["z"]) * gates["n"] + gates["z"] * earlier, atol=1e-6)
    else:
        np.testing.assert_allclose(h, gates["h"], atol=1e-6)


def test_packed_gates_are_the_same_numbers(tiny, opened):
    cell, address, _ = opened
    listed = tiny.get(f"{address}/nodes/{cell}/gates?include=preactivations").json()
    packed = tiny.get(f"{address}/nodes/{cell}/gates?include=preactivations&format=packed").json()
    schemas.Gates.model_validate(packed)
    for part in ("gates", "preactivations", "initial"):
        for name, values in listed[part].items():
            np.testing.assert_array_equal(unpacked(packed[part][name]), np.array(values, np.float32))
    np.testing.assert_array_equal(unpacked(packed["h"]), np.array(listed["h"], np.float32))


@pytest.mark.parametrize(("asked", "legal"), [("2:5", (2, 5)), ("3", (3, 4)), ("7:", (7, 10)), (":2", (0, 2))])
def test_some_steps_can_be_asked_for(tiny, opened, asked, legal):
    cell, address, _ = opened
    whole = tiny.get(f"{address}/nodes/{cell}/gates").json()
    some = tiny.get(f"{address}/nodes/{cell}/gates?steps={asked}").json()
    assert some["range"] == list(legal) and some["steps"] == len(TEXT) == 10
    assert some["h"][0][0] == whole["h"][0][0][slice(*legal)]
    assert all(values[0][0] == whole["gates"][name][0][0][slice(*legal)] for name, values in some["gates"].items())


def test_a_layer_that_reads_both_ways_begins_at_both_ends(tiny):
    trace = ask(tiny, "tiny-tagger-gru", text="the good film .").json()
    found = tiny.get(f"{TRACES}/{trace['id']}/nodes/gru/gates").json()
    assert found["directions"] == 2 and np.shape(found["h"]) == (1, 2, 4, 5) and np.shape(found["initial"]["h"]) == (1, 2, 5)
    output = np.array(tiny.get(f"{TRACES}/{trace['id']}/nodes/gru").json()["values"])
    np.testing.assert_array_equal(output, np.concatenate(np.array(found["h"])[0], axis=1))


def test_every_unit_at_every_step_can_be_explained(tiny, opened):
    cell, address, ids = opened
    h = np.array(tiny.get(f"{address}/nodes/{cell}/gates").json()["h"])
    for step in range(len(ids)):
        response = tiny.get(f"{address}/nodes/{cell}/explain?index=0,0,{step},{step % 5}")
        found = schemas.Explanation.model_validate_json(response.content)
        assert found.result == pytest.approx(h[0, 0, step, step % 5], abs=2e-6)
        for gate in found.extra["gates"]:
            side = gate["input_sum"] + gate["bias_ih"]
            assert sum(term["product"] for term in gate["input"]) == pytest.approx(gate["input_sum"], abs=1e-6)
            other = sum(term["product"] for term in gate["recurrent"])
            assert other == pytest.approx(gate["recurrent_sum"], abs=1e-6)
            if gate["name"] != "n":  # there the reset gate stands between the two sides
                assert gate["preactivation"] == pytest.approx(side + other + gate["bias_hh"], abs=1e-6)


def test_the_steps_of_a_recurrent_layer_are_its_time_steps(tiny, opened):
    cell, address, ids = opened
    page = schemas.Steps.model_validate_json(tiny.get(f"{address}/nodes/{cell}/steps").content)
    assert page.total == len(ids) and [step.index[2] for step in page.steps] == list(range(len(ids)))


def test_half_lives_are_positive_and_endless_ones_null(tiny, opened):
    cell, address, _ = opened
    lives = np.ravel(tiny.get(f"{address}/nodes/{cell}/gates").json()["half_life"])
    assert lives.size == 5 and all(life is None or (life > 0 and math.isfinite(life)) for life in lives)


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("lstm/gates?steps=0:11", 422, "malformed-parameters"),
        ("lstm/gates?steps=5:5", 422, "malformed-parameters"),
        ("lstm/gates?steps=-1", 422, "malformed-parameters"),
        ("lstm/gates?steps=a", 422, "malformed-parameters"),
        ("lstm/gates?steps=", 422, "malformed-parameters"),
        ("lstm/gates?steps=1:2:3", 422, "malformed-parameters"),
        ("lstm/gates?include=everything", 422, "malformed-parameters"),
        ("lstm/gates?format=png", 422, "malformed-parameters"),
        ("head/gates", 422, "not-recurrent"),
        ("input/gates", 422, "not-recurrent"),
        ("gru/gates", 404, "unknown-node"),
        ("lstm/explain?index=0,0,0", 422, "index-out-of-range"),
        ("lstm/explain?index=0,0,10,0", 422, "index-out-of-range"),
        ("lstm/explain?index=0,1,0,0", 422, "index-out-of-range"),
        ("lstm/explain?index=0,0,0,5", 422, "index-out-of-range"),
        ("lstm/steps?start=10", 422, "index-out-of-range"),
    ],
)
def test_wrong_questions_are_refused_in_words(tiny, url, status, code):
    trace = ask(tiny, "tiny-letters-lstm", text=TEXT).json()["id"]
    problem(tiny.get(f"{TRACES}/{trace}/nodes/{url}"), status, code)


def test_a_picture_network_has_no_gates(client):
    trace = post(client, encoded(photo())).json()["id"]
    document = problem(client.get(f"{TRACES}/{trace}/nodes/features.0/gates"), 422, "not-recurrent")
    assert document["nodes"] == []


def test_a_kept_trace_s_gates_are_counted_as_its_memory(tiny):
    store = tiny.app.state.store
    trace = ask(tiny, "tiny-letters-lstm", text="so be it " * 50).json()["id"]
    before = store.bytes
    assert tiny.get(f"{TRACES}/{trace}/nodes/lstm/gates?include=preactivations").status_code == 200
    kept = store.get(trace)
    assert store.bytes == before and kept.bytes >= kept.trace.nbytes
