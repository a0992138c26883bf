"""Texts and series are traced as torch computes them, answered step by step, and described completely."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
import torch

import engine
from app import schemas
from app.content import content
from engine.models import MODELS

from . import tiny as tiny_networks
from .conftest import TRACES, ask, encoded, photo, problem
from .test_traces import picture_for

GIVEN = {
    "tiny-verdict-lstm": {"text": "Not bad at all, this film."},
    "tiny-letters-rnn": {"text": "So be it 🙂"},
    "tiny-letters-lstm": {"text": "明月 at dawn\n"},
    "tiny-letters-gru": {"text": "a"},
    "tiny-tagger-gru": {"text": "the good film."},
    "tiny-dates-lstm": {"text": "May 5, 2021"},
    "tiny-sunspots-gru": {"values": "[58, 62.6, 70, 55.7]"},
    "tiny-worked-rnn": {"values": "[[1, 1], [1, 1], [2, 2]]"},
}
PER_STEP = ("tiny-letters-rnn", "tiny-letters-lstm", "tiny-letters-gru", "tiny-tagger-gru", "tiny-dates-lstm")


def traced(client, model: str, query: str = "", **more: str) -> dict:
    response = ask(client, model, query, **{**GIVEN[model], **more})
    assert response.status_code == 201, response.text[:500]
    return response.json()


def unpacked(entry: dict) -> np.ndarray:
    return np.frombuffer(base64.b64decode(entry["data"]), "<f4").reshape(entry["shape"])


def plainly(model: str, document: dict) -> torch.Tensor:
    """The model's own output for the tokens or values that the answer says were read."""
    overview = document["overview"]
    inputs = [node["name"] for node in document["nodes"] if node["op"] == "input"]
    tensors = [torch.from_numpy(unpacked(overview[name]).copy())[None] for name in inputs]
    reads_text = MODELS[model].input.kind == "text"
    with torch.inference_mode():
        return engine.load(model).module(*(tensor.long() if reads_text else tensor for tensor in tensors))[0]


@pytest.mark.parametrize("model", GIVEN)
def test_the_answer_keeps_to_its_schema_and_comes_again(tiny, model):
    response = ask(tiny, model, "?include=overview,all", **GIVEN[model])
    document = schemas.Trace.model_validate_json(response.content)
    assert document.max_error < 1e-5 and document.recurrent
    again = tiny.get(response.headers["location"] + "?include=overview,all")
    assert again.content == response.content
    schemas.Trace.model_validate_json(tiny.get(response.headers["location"]).content)


@pytest.mark.parametrize("model", GIVEN)
def test_the_overview_of_a_sequence_is_exact(tiny, model):
    document = traced(tiny, model, "?include=overview,all")
    for node in document["nodes"]:
        entry = document["overview"][node["name"]]
        if "derived_from" not in entry:
            np.testing.assert_array_equal(unpacked(entry), np.array(node["values"], np.float32), err_msg=node["name"])


def test_a_long_text_s_overview_stays_small_and_keeps_the_states_exact(tiny):
    text = "so be it, said the king. " * 79
    response = ask(tiny, "tiny-letters-lstm", "?include=overview", text=text)
    document = response.json()
    assert document["overview"]["lstm"]["dtype"] == "float32" and len(document["answers"]) == len(text)
    assert sum(np.prod(e["shape"]) for e in document["overview"].values() if e.get("dtype") == "float32") <= 200_000
    assert "step" in document["overview"]["softmax"]


@pytest.mark.parametrize("model", PER_STEP)
def test_the_answers_are_the_most_probable_labels_of_torch_s_own_output(tiny, model):
    document = traced(tiny, model, "?include=overview")
    probabilities = torch.softmax(plainly(model, document), -1).numpy()
    labels = MODELS[model].classes
    assert document["predictions"] == [] and [answer["step"] for answer in document["answers"]] == list(
        range(len(probabilities))
    )
    for answer, expected in zip(document["answers"], probabilities, strict=True):
        assert len(answer["top"]) == min(5, len(labels))
        assert answer["top"][0]["index"] == expected.argmax()
        for guess in answer["top"]:
            assert guess["label"] == labels[guess["index"]]
            assert guess["probability"] == pytest.approx(expected[guess["index"]], rel=1e-5)


def test_a_verdict_has_predictions_and_no_answers_per_step(tiny):
    document = traced(tiny, "tiny-verdict-lstm", "?include=overview")
    expected = torch.softmax(plainly("tiny-verdict-lstm", document), -1).numpy()
    assert "answers" not in document
    found = {prediction["label"]: prediction["probability"] for prediction in document["predictions"]}
    assert found == pytest.approx({"negative": expected[0], "positive": expected[1]}, rel=1e-5)


def test_a_forecast_is_answered_in_the_unit_of_the_series(tiny):
    document = traced(tiny, "tiny-sunspots-gru", "?include=overview")
    spec = MODELS["tiny-sunspots-gru"].input
    scaled = (np.array([58, 62.6, 70, 55.7]) - spec.mean) / spec.std
    np.testing.assert_allclose(unpacked(document["overview"]["input"])[:, 0], scaled, rtol=1e-5)
    expected = plainly("tiny-sunspots-gru", document).numpy()[:, 0] * spec.std + spec.mean
    assert [answer["value"] for answer in document["answers"]] == pytest.approx(expected.tolist(), rel=1e-5)


def test_the_tokens_are_stretches_of_the_text_and_the_unknown_are_marked(tiny):
    text = "a 🙂 ß 明\nb"
    found = ask(tiny, "tiny-letters-lstm", text=text).json()["input"]
    assert found["kind"] == "text" and found["text"] == text
    assert [token["text"] for token in found["tokens"]] == list(text)
    for token in found["tokens"]:
        assert text[token["start"] : token["stop"]] == token["text"]
        assert token["known"] == (token["text"] in tiny_networks.LETTERS)
    assert found["steps"] and all(step["name"] for step in found["steps"])


def test_what_a_decoder_wrote_is_what_it_was_fed_one_step_later(tiny):
    document = traced(tiny, "tiny-dates-lstm", "?include=all")
    fed = next(node for node in document["nodes"] if node["name"] == "y")["values"]
    tokens = document["output"]["tokens"]
    assert [tiny_networks.DIGITS[index] for index in fed[1:]] == tokens[:-1]
    before_end = tokens[: tokens.index("<end>")] if "<end>" in tokens else tokens
    assert document["output"]["text"] == "".join(token for token in before_end if not token.startswith("<"))


def test_a_caption_is_written_in_the_language_asked_for(tiny):
    picture = ("digit.png", picture_for("lenet5"), "image/png")

    def caption(**fields: str) -> dict:
        response = tiny.post(TRACES + "?include=all", data={"model": "tiny-caption-lstm", **fields}, files={"image": picture})
        assert response.status_code == 201, response.text[:300]
        schemas.Trace.model_validate_json(response.content)
        return response.json()

    chinese, english, silent = caption(language="zh"), caption(language="en"), caption()
    for document, first in ((chinese, "<zh>"), (english, "<en>")):
        fed = next(node for node in document["nodes"] if node["name"] == "y")["values"]
        assert tiny_networks.NAMES[fed[0]] == first
    assert chinese["input"]["language"] == "zh" and chinese["input"]["kind"] == "image" and chinese["input"]["preparation"]
    assert silent == english and chinese["id"] != english["id"]


FORCED = [{"node": "lstm", "gate": "f", "value": 0.0}]


def test_an_intervention_is_carried_out_said_and_part_of_the_id(tiny):
    plain = traced(tiny, "tiny-letters-lstm")
    forced = traced(tiny, "tiny-letters-lstm", interventions=json.dumps(FORCED))
    assert plain["id"] != forced["id"]
    assert [node["name"] for node in forced["nodes"] if node.get("forced")] == ["lstm"]
    assert [entry["gate"] for entry in forced["input"]["interventions"]] == ["f"]
    gates = tiny.get(f"{TRACES}/{forced['id']}/nodes/lstm/gates").json()
    assert not np.array(gates["gates"]["f"]).any() and np.array(gates["gates"]["i"]).all()
    schemas.Trace.model_validate(forced)


def test_the_same_intervention_written_otherwise_has_the_same_id(tiny):
    spelled = [{"value": 0, "steps": None, "layer": 0, "direction": 0, "gate": "f", "node": "lstm"}]
    ids = {traced(tiny, "tiny-letters-lstm", interventions=json.dumps(given, indent=2))["id"] for given in (FORCED, spelled)}
    assert len(ids) == 1
    assert traced(tiny, "tiny-letters-lstm", interventions="[]")["id"] == traced(tiny, "tiny-letters-lstm")["id"]


def test_a_pinned_state_keeps_its_value(tiny):
    pinned = json.dumps([{"node": "lstm", "state": "c", "units": [3], "value": 0.5, "steps": [2, 5]}])
    trace = traced(tiny, "tiny-letters-lstm", interventions=pinned)["id"]
    cells = np.array(tiny.get(f"{TRACES}/{trace}/nodes/lstm/gates").json()["c"])[0, 0]
    assert (cells[2:5, 3] == 0.5).all() and (cells[:2, 3] != 0.5).all() and (cells[5:, 3] != 0.5).all()


# What is offered


def test_models_say_what_they_take(tiny):
    models = {model["id"]: model for model in tiny.get("/api/v1/models").json()["models"]}
    schemas.ModelList.model_validate({"models": list(models.values())})
    text = models["tiny-verdict-lstm"]["input"]
    assert text == {"kind": "text", "unit": "word", "vocabulary_size": 11, "max_length": 2000, "lowercase": True}
    series = models["tiny-sunspots-gru"]["input"]
    assert (series["kind"], series["features"], series["period"], series["minimum_length"]) == ("series", 1, 12, 3)
    assert models["tiny-letters-gru"]["classes"] == [] and len(models["tiny-tagger-gru"]["classes"]) == 3
    assert {models[f"tiny-letters-{cell}"]["group"] for cell in tiny_networks.CELLS} == {"tiny-letters"}
    assert models["tinyvgg"]["family"] == "cnn" and models["tinyvgg"]["input"]["kind"] == "image"


@pytest.mark.parametrize("model", [*GIVEN, "tiny-caption-lstm"])
def test_details_have_the_graph_and_the_vocabulary(tiny, model):
    response = tiny.get(f"/api/v1/models/{model}")
    detail = schemas.ModelDetail.model_validate_json(response.content)
    assert {node.op for node in detail.graph.nodes} & {"rnn", "lstm", "gru"}
    spec = MODELS[model]
    assert detail.vocabulary == (list(spec.input.vocabulary) if spec.input.kind == "text" else None)
    assert detail.output_vocabulary == (list(spec.classes) if spec.task in ("transduce", "caption") else None)


def test_samples_of_texts_and_series_are_listed_as_they_are(client):
    samples = schemas.SampleList.model_validate_json(client.get("/api/v1/samples").content).samples
    ours = content().samples
    assert {sample.id for sample in samples} == {name for name, sample in ours.items() if set(sample.models) & set(MODELS)}
    for sample in samples:
        assert set(sample.models) <= set(MODELS)
        if sample.kind in ("text", "series"):
            assert sample.url is None and (sample.text or sample.values) and not sample.painted
        else:
            assert client.get(sample.url).status_code == 200
    problem(client.get("/api/v1/samples/romeo.png"), 404, "unknown-sample")


SEQUENTIAL = [name for name, spec in MODELS.items() if spec.family == "rnn"]
PAIRS = [(model, sample.id) for sample in content().samples.values() for model in sample.models if model in SEQUENTIAL]


@pytest.mark.parametrize(("model", "sample"), PAIRS)
def test_every_sample_of_ours_is_traced_and_made_again_when_forgotten(client, app, model, sample):
    made = ask(client, model, sample=sample)
    assert made.status_code == 201, made.text[:500]
    document = schemas.Trace.model_validate_json(made.content)
    assert document.input.sample == sample and document.max_error < 1e-5
    app.state.store._kept.pop(document.id)
    assert client.get(made.headers["location"]).content == made.content


def test_a_picture_network_is_answered_as_ever(client):
    document = client.post(TRACES, data={"model": "tinyvgg"}, files={"image": ("a.png", encoded(photo()))}).json()
    assert not {"answers", "output", "recurrent"} & set(document) and set(document["input"]) == {
        "kind",
        "shape",
        "classes",
        "sample",
        "source",
        "preparation",
    }
