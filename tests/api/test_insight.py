"""Gradients are those of torch's autograd and of small differences; correlations are numpy's."""

from __future__ import annotations

import base64

import numpy as np
import pytest
import torch

import engine
from app import schemas
from engine.models import MODELS

from .conftest import TRACES, ask, encoded, photo, post, problem

TEXT = 'He said, "so be it." And so it was.'


def traced(client, model: str, text: str = TEXT) -> tuple[str, dict]:
    document = ask(client, model, text=text).json()
    return f"{TRACES}/{document['id']}", document


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("step", [0, 5, 34])
def test_the_gradient_of_the_embedding_is_autograd_s(tiny, cell, step):
    model = f"tiny-letters-{cell}"
    address, document = traced(tiny, model)
    response = tiny.get(f"{address}/gradients?target=4&step={step}")
    found = schemas.Gradients.model_validate_json(response.content)
    module = engine.load(model).module
    embedded = module.embedding(torch.tensor([[token["id"] for token in document["input"]["tokens"]]])).clone().requires_grad_()
    logit = module.head(getattr(module, cell)(embedded)[0])[0, step, 4]
    (expected,) = torch.autograd.grad(logit, embedded)
    np.testing.assert_allclose(found.nodes["embedding"], expected[0], rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(found.recurrent[cell].x, expected[0], rtol=1e-3, atol=1e-6)
    assert found.value == pytest.approx(logit.item(), rel=1e-4) and (found.target, found.step) == (4, step)
    assert not np.array(found.recurrent[cell].h)[0, 0, step + 1 :].any(), "what comes later cannot matter"


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_norms_are_those_of_the_gradients_and_every_node_has_its_shape(tiny, cell):
    address, document = traced(tiny, f"tiny-letters-{cell}")
    found = tiny.get(f"{address}/gradients?target=7").json()
    states = found["recurrent"][cell]
    for name in ("x", "h", "c"):
        if states[name] is not None:
            np.testing.assert_allclose(states["norms"][name], np.linalg.norm(states[name], axis=-1), rtol=1e-5, atol=1e-12)
    assert (states["c"] is None) == (cell != "lstm") and found["step"] == len(TEXT) - 1
    shapes = {node["name"]: node["shape"] for node in document["nodes"]}
    assert all(list(np.shape(values)) == shapes[name] for name, values in found["nodes"].items())


def test_a_verdict_s_gradients_need_no_step(tiny):
    address, _ = traced(tiny, "tiny-verdict-lstm", "not bad at all")
    found = schemas.Gradients.model_validate_json(tiny.get(f"{address}/gradients?target=1").content)
    head = engine.load("tiny-verdict-lstm").module.head.weight[1].numpy()
    assert found.step is None
    np.testing.assert_allclose(np.array(found.recurrent["lstm"].h)[0, 0, -1], head, rtol=1e-5)


def test_packed_gradients_are_the_same_numbers(tiny):
    address, _ = traced(tiny, "tiny-letters-lstm")
    listed = tiny.get(f"{address}/gradients?target=2").json()
    packed = tiny.get(f"{address}/gradients?target=2&format=packed").json()
    schemas.Gradients.model_validate(packed)
    entry = packed["recurrent"]["lstm"]["h"]
    values = np.frombuffer(base64.b64decode(entry["data"]), "<f4").reshape(entry["shape"])
    np.testing.assert_array_equal(values, np.array(listed["recurrent"]["lstm"]["h"], np.float32))


def test_a_picture_network_has_gradients_too(client):
    trace = post(client, encoded(photo())).json()
    found = schemas.Gradients.model_validate_json(client.get(f"{TRACES}/{trace['id']}/gradients?target=3").content)
    assert found.recurrent == {} and set(found.nodes) == {node["name"] for node in trace["nodes"]}
    model = engine.load("tinyvgg")
    pixels = np.array(client.get(f"{TRACES}/{trace['id']}/nodes/input").json()["values"], np.float32)
    given = torch.from_numpy(pixels)[None].requires_grad_()
    (expected,) = torch.autograd.grad(model.module(given)[0, 3], given)
    np.testing.assert_allclose(found.nodes["input"], expected[0], rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "malformed-parameters"),
        ("?target=a", "malformed-parameters"),
        ("?target=-1", "malformed-parameters"),
        ("?target=1&step=-1", "malformed-parameters"),
        ("?target=1&format=png", "malformed-parameters"),
        (f"?target={len(MODELS) * 1000}", "index-out-of-range"),
        ("?target=1&step=35", "index-out-of-range"),
        ("?target=99999999999999", "malformed-parameters"),
    ],
)
def test_wrong_questions_are_refused_in_words(tiny, query, code):
    address, _ = traced(tiny, "tiny-letters-gru")
    problem(tiny.get(f"{address}/gradients{query}"), 422, code)


# Correlations


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_unit_s_correlation_is_numpy_s(tiny, cell):
    address, _ = traced(tiny, f"tiny-letters-{cell}")
    found = schemas.Correlations.model_validate_json(tiny.get(f"{address}/nodes/{cell}/correlations").content)
    h = np.array(tiny.get(f"{address}/nodes/{cell}/gates").json()["h"])
    by_hand = {
        "position": np.arange(len(TEXT)),
        "space": np.array([letter.isspace() for letter in TEXT]),
        "vowel": np.array([letter.lower() in "aeiou" for letter in TEXT]),
    }
    assert len(found.units) == 5 and {unit.feature for unit in found.units} <= set(found.features)
    assert [abs(unit.r) for unit in found.units] == sorted((abs(unit.r) for unit in found.units), reverse=True)
    for unit in found.units:
        series = h[unit.layer, unit.direction, :, unit.unit]
        each = {name: np.corrcoef(series, values)[0, 1] for name, values in by_hand.items()}
        assert all(abs(r) <= abs(unit.r) + 1e-6 for r in each.values())
        if unit.feature in each:
            assert unit.r == pytest.approx(each[unit.feature], abs=1e-6)


def test_two_steps_are_too_few_to_correlate(tiny):
    address, _ = traced(tiny, "tiny-letters-lstm", "ab")
    assert tiny.get(f"{address}/nodes/lstm/correlations").json()["units"] == []


def test_only_recurrent_layers_that_read_the_text_are_correlated(tiny):
    address, _ = traced(tiny, "tiny-letters-lstm")
    problem(tiny.get(f"{address}/nodes/head/correlations"), 422, "not-recurrent")
    problem(tiny.get(f"{address}/nodes/nothing/correlations"), 404, "unknown-node")
    series = ask(tiny, "tiny-sunspots-gru", values="[1, 2, 3, 4]").json()["id"]
    problem(tiny.get(f"{TRACES}/{series}/nodes/gru/correlations"), 422, "invalid-input")
