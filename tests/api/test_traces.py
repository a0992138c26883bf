"""The numbers that the API answers are torch's own, complete, and the same however one asks."""

from __future__ import annotations

import base64
import io
import json
import random
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
import torch
from PIL import Image

import engine
from app import answers, inputs, schemas, serialize
from app.content import content
from app.store import Recipe
from app.unroll import unroll
from engine.models import MODELS

from .conftest import TRACES, encoded, photo, post

FORWARD = {
    "conv2d",
    "relu",
    "max_pool2d",
    "flatten",
    "linear",
    "softmax",
    "batch_norm",
    "adaptive_avg_pool2d",
    "dropout",
    "input",
}

CNNS = [name for name, spec in MODELS.items() if spec.family == "cnn"]


def picture_for(model: str, seed: int = 0) -> bytes:
    """A photograph, or a figure drawn in black on white."""
    if MODELS[model].input.preparation == "photo":
        return encoded(photo(seed=seed))
    canvas = np.full((120, 120), 255, np.uint8)
    canvas[20:100, 50 + seed : 62 + seed] = 0
    canvas[20:32, 30:62] = 0
    return encoded(Image.fromarray(canvas, "L"))


@pytest.fixture(scope="session")
def everything(client):
    """A model's trace with every value, asked for once."""

    @cache
    def ask(model: str) -> dict:
        response = post(client, picture_for(model), model, "?include=all")
        assert response.status_code == 201
        return response.json()

    return ask


def plain_run(model: str, prepared: np.ndarray) -> dict[str, np.ndarray]:
    """Torch's own forward pass, module by module, without our recorder."""
    module = engine.load(model).module
    outputs: dict[str, np.ndarray] = {}
    hooks = [
        part.register_forward_hook(lambda _m, _i, out, name=name: outputs.__setitem__(name, out[0].clone().numpy()))
        for name, part in module.named_modules()
        if not any(part.children())
    ]
    with torch.inference_mode():
        logits = module(torch.from_numpy(prepared)[None])
    for hook in hooks:
        hook.remove()
    outputs["softmax"] = torch.softmax(logits, -1)[0].numpy()
    return outputs


@pytest.mark.parametrize("model", CNNS)
def test_all_values_equal_torchs_own_forward_pass(client, everything, model):
    document = everything(model)
    values = {node["name"]: np.array(node["values"], np.float32) for node in document["nodes"]}
    expected = plain_run(model, values.pop("input"))
    assert values.keys() == expected.keys()
    for name, array in values.items():
        np.testing.assert_allclose(array, expected[name], rtol=1e-5, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("model", CNNS)
def test_include_all_is_complete(client, everything, model):
    document = everything(model)
    parameters = dict(engine.load(model).module.named_parameters())
    seen = set()
    for node in document["nodes"]:
        assert node["op"] in FORWARD
        assert list(np.shape(node["values"])) == node["shape"]
        if node["op"] in ("conv2d", "linear"):
            assert set(node["kernels"]) == set(node["parameters"]) >= {"weight"}
        for key, name in node["parameters"].items():
            if name in parameters:
                seen.add(name)
                np.testing.assert_array_equal(np.array(node["kernels"][key], np.float32), parameters[name].numpy())
        if node["op"] == "max_pool2d":
            source = next(other for other in document["nodes"] if other["name"] == node["inputs"][0])
            plane, winners = np.array(source["values"]), np.array(node["winners"])
            channels = np.arange(node["shape"][0])[:, None, None]
            np.testing.assert_array_equal(plane[channels, winners[..., 0], winners[..., 1]], np.array(node["values"]))
    assert seen == set(parameters)


@pytest.mark.parametrize("query", ["", "?include=overview", "?include=all", "?include=all,overview&format=packed"])
@pytest.mark.parametrize("model", CNNS)
def test_answers_keep_to_their_schema_and_come_again(client, model, query):
    response = post(client, picture_for(model), model, query)
    document = schemas.Trace.model_validate_json(response.content)
    assert response.headers["location"] == f"{TRACES}/{document.id}" and len(document.id) == 20
    again = client.get(response.headers["location"] + query)
    assert again.status_code == 200 and again.content == response.content


def test_the_json_keeps_every_bit_of_a_float(client, traced):
    exact = client.get(f"{TRACES}/{traced['id']}/nodes/features.0?format=packed").json()
    unpacked = np.frombuffer(base64.b64decode(exact["data"]), "<f4").reshape(exact["shape"])
    assert (exact["dtype"], exact["byte_order"]) == ("float32", "little")
    listed = client.get(f"{TRACES}/{traced['id']}/nodes/features.0").json()["values"]
    np.testing.assert_array_equal(np.array(listed, np.float32), unpacked)


@pytest.mark.parametrize(("asked", "legal"), [("0:4", [0, 4]), ("3", [3, 4]), ("8:", [8, 10]), (":2", [0, 2])])
def test_channels_are_a_slice(client, traced, asked, legal):
    document = client.get(f"{TRACES}/{traced['id']}/nodes/features.2?channels={asked}").json()
    node = next(node for node in traced["nodes"] if node["name"] == "features.2")
    assert document["channels"] == legal and document["shape"] == node["shape"]
    assert document["values"] == node["values"][slice(*legal)]
    packed = client.get(f"{TRACES}/{traced['id']}/nodes/features.2?channels={asked}&format=packed").json()
    data = np.frombuffer(base64.b64decode(packed["data"]), "<f4")
    np.testing.assert_array_equal(data, np.array(document["values"], np.float32).ravel())


def test_a_rendered_map_is_white_at_zero_and_coloured_by_sign(client, traced):
    response = client.get(f"{TRACES}/{traced['id']}/nodes/features.0?channels=0&format=png")
    assert response.headers["content-type"] == "image/png"
    picture = np.asarray(Image.open(io.BytesIO(response.content)).convert("RGB")).astype(int)
    node = next(node for node in traced["nodes"] if node["name"] == "features.0")
    values = np.array(node["values"])
    bound = np.abs(values).max()
    assert picture.shape[:2] == values.shape[1:]
    red_minus_blue = picture[..., 0] - picture[..., 2]
    assert (red_minus_blue[values[0] > bound / 20] < 0).all() and (red_minus_blue[values[0] < -bound / 20] > 0).all()
    relu = client.get(f"{TRACES}/{traced['id']}/nodes/features.1?channels=0&format=png").content
    zeros = np.asarray(Image.open(io.BytesIO(relu)).convert("RGB"))[values[0] < 0]
    assert (zeros == 255).all()


@pytest.mark.parametrize("model", CNNS)
@pytest.mark.parametrize("node", ["input", "softmax"])
def test_every_kind_of_node_can_be_rendered(client, everything, model, node):
    trace = everything(model)["id"]
    for name in (node, "features.0", "features.2"):
        picture = Image.open(io.BytesIO(client.get(f"{TRACES}/{trace}/nodes/{name}?format=png").content))
        picture.load()


@pytest.mark.parametrize("model", CNNS)
def test_the_overview_is_right_within_half_a_level_and_small(client, everything, model):
    response = post(client, picture_for(model), model, "?include=overview")
    document = response.json()
    assert len(response.content) <= (200_000 if model == "tinyvgg" else 400_000)
    exact = {node["name"]: np.array(node["values"], np.float32) for node in everything(model)["nodes"]}
    assert document["overview"].keys() == exact.keys()
    for name, entry in document["overview"].items():
        if source := entry.get("derived_from"):
            assert source in document["overview"]
            continue
        raw = base64.b64decode(entry["data"])
        step = entry.get("step", [1] * exact[name].ndim)
        expected = exact[name][tuple(slice(None, None, n) for n in step)]
        assert list(expected.shape) == entry["shape"]
        if entry["dtype"] == "float32":
            np.testing.assert_array_equal(np.frombuffer(raw, "<f4").reshape(entry["shape"]), expected)
            continue
        level = (entry["high"] - entry["low"]) / 255
        shown = entry["low"] + np.frombuffer(raw, np.uint8).reshape(entry["shape"]) * level
        assert np.abs(shown - expected).max() <= level * 0.501, name
        assert entry["low"] in (0, -entry["high"])


def test_the_overview_of_tiny_vgg_keeps_every_cell(client):
    overview = post(client, picture_for("tinyvgg"), query="?include=overview").json()["overview"]
    assert not any("step" in entry for entry in overview.values())
    assert overview["features.1"] == {"derived_from": "features.0"}


def test_any_network_fits_its_overview():
    stages = [(64 * 2**i, 224 // 2**i, 224 // 2**i) for i in range(5) for _ in range(3)]
    shapes = (*stages, (25088,), (4096,), (1000,))
    strides = serialize.fit(shapes)
    total = sum(
        int(np.prod([*shape[:-2], *(-(-side // stride) for side in shape[-2:])]))
        for shape, stride in zip(shapes, strides, strict=True)
    )
    assert total <= serialize.OVERVIEW_BYTES


@pytest.mark.parametrize("model", CNNS)
def test_random_numbers_are_explained_within_the_tolerance(client, everything, model):
    document = everything(model)
    rng = random.Random(3)
    for _ in range(40):
        node = rng.choice(document["nodes"])
        index = [rng.randrange(size) for size in node["shape"]]
        url = f"{TRACES}/{document['id']}/nodes/{node['name']}/explain?index={','.join(map(str, index))}"
        found = schemas.Explanation.model_validate_json(client.get(url).content)
        value = np.array(node["values"])[tuple(index)]
        assert found.error < 1e-4 and found.index == index
        assert np.isclose(found.traced, value, rtol=1e-6, atol=1e-9)
        if found.op in ("conv2d", "linear"):
            total = sum(term.product for term in found.terms) + (found.bias or 0)
            assert np.isclose(total, found.result, rtol=1e-6, atol=1e-9)
            assert np.isclose(sum(group.sum for group in found.groups), total - (found.bias or 0), rtol=1e-6, atol=1e-6)


def test_every_operation_shown_has_a_formula():
    formulas = content().formulas
    for model in MODELS:
        for record in engine.trace(engine.load(model), inputs.blank(MODELS[model])):
            assert formulas.get(record.op), record.op
            assert "htmlClass" not in content().formula(record.op), "the API answers LaTeX, not KaTeX's colours"


def test_steps_come_in_pages_that_join(client, traced):
    url = f"{TRACES}/{traced['id']}/nodes/features.4/steps"
    whole = client.get(f"{url}?start=0&count=60").json()
    schemas.Steps.model_validate(whole)
    parts = client.get(f"{url}?start=0&count=25").json()["steps"] + client.get(f"{url}?start=25&count=35").json()["steps"]
    assert whole["steps"] == parts and whole["count"] == 60 and whole["total"] == 10 * 30 * 30
    node = next(node for node in traced["nodes"] if node["name"] == "features.4")
    for step in parts:
        c, i, j = step["index"]
        assert step["result"] == pytest.approx(node["values"][c][i][j], rel=1e-6)
    last = client.get(f"{url}?start=8990&count=1000").json()
    assert last["count"] == 10


@pytest.mark.parametrize("model", CNNS)
def test_parameters_are_torchs_own(client, model):
    for name, tensor in engine.load(model).module.state_dict().items():
        document = client.get(f"/api/v1/models/{model}/parameters/{name}").json()
        schemas.Parameter.model_validate(document)
        np.testing.assert_array_equal(np.array(document["values"], tensor.numpy().dtype), tensor.numpy())
        packed = client.get(f"/api/v1/models/{model}/parameters/{name}?format=packed").json()
        raw = np.frombuffer(base64.b64decode(packed["data"]), np.dtype(packed["dtype"]).newbyteorder("<"))
        np.testing.assert_array_equal(raw.reshape(packed["shape"]), tensor.numpy())


def test_models_are_described_completely(client):
    models = schemas.ModelList.model_validate_json(client.get("/api/v1/models").content).models
    assert [model.id for model in models] == list(MODELS)
    for model in models:
        detail = schemas.ModelDetail.model_validate_json(client.get(f"/api/v1/models/{model.id}").content)
        names = [node.name for node in detail.graph.nodes]
        assert names[0] == "input" and len(set(names)) == len(names)
        assert {name for node in detail.graph.nodes for name in node.inputs} <= set(names)
        if model.family == "cnn":
            assert names[-1] == "softmax" and {group.name for group in detail.graph.groups} >= {"features"}
        if model.task in ("classify", "tag"):
            assert [entry.key for entry in model.classes] == list(MODELS[model.id].classes)


def test_values_are_taken_as_they_are(client):
    rng = np.random.default_rng(5)
    given = rng.normal(size=(3, 64, 64)).astype(np.float32)
    form = {"model": (None, "tinyvgg"), "values": (None, json.dumps(given.tolist()))}
    response = client.post(f"{TRACES}?include=all", files=form)
    assert response.status_code == 201, response.text[:300]
    document = response.json()
    assert document["input"]["kind"] == "values" and document["input"]["source"] is None
    np.testing.assert_array_equal(np.array(document["nodes"][0]["values"], np.float32), given)
    expected = plain_run("tinyvgg", given)
    np.testing.assert_allclose(np.array(document["nodes"][-1]["values"]), expected["softmax"], rtol=1e-5)


def test_samples_are_traced_and_made_again_when_they_were_forgotten(client, app):
    samples = client.get("/api/v1/samples?model=tinyvgg").json()["samples"]
    if not samples:
        pytest.skip("no samples painted yet")
    schemas.SampleList.model_validate({"samples": samples})
    for sample in samples:
        Image.open(io.BytesIO(client.get(sample["url"]).content)).load()
    form = {"model": (None, "tinyvgg"), "sample": (None, samples[0]["id"])}
    made = client.post(TRACES, files=form)
    assert made.status_code == 201 and made.json()["input"]["sample"] == samples[0]["id"]
    app.state.store._kept.pop(made.json()["id"])
    again = client.get(made.headers["location"])
    assert again.status_code == 200 and again.content == made.content


def test_the_page_gets_the_same_bytes_as_the_api(client, app):
    from app.api import overview_payload

    samples = client.get("/api/v1/samples?model=tinyvgg").json()["samples"]
    if not samples:
        pytest.skip("no samples painted yet")
    form = {"model": (None, "tinyvgg"), "sample": (None, samples[0]["id"])}
    assert overview_payload(app, "tinyvgg", samples[0]["id"]) == client.post(f"{TRACES}?include=overview", files=form).content


def test_the_same_request_has_the_same_id_and_any_other_another(client):
    data = encoded(photo(seed=7))
    first, second = post(client, data).json()["id"], post(client, data, name="other.png").json()["id"]
    assert first == second
    assert len({first, post(client, encoded(photo(seed=8))).json()["id"], post(client, data, "tinyvgg-wide").json()["id"]}) == 3


def test_eight_at_once_answer_the_same_as_one_after_another(app, client):
    jobs = [(model, picture_for(model, seed)) for seed in range(8) for model in ("tinyvgg", "lenet5")]

    def alone(job: tuple[str, bytes]) -> bytes:
        model, data = job
        entry = app.state.catalogue.entry(model)
        made = unroll(Recipe(model, entry.model.digest, "image", data), app.state.catalogue, app.state.settings)
        return answers.answer(made, entry.parameters, ("all",), "packed")

    expected = [alone(job) for job in jobs]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda job: post(client, job[1], job[0], "?include=all&format=packed").content, jobs))
    assert found == expected


def test_values_that_are_not_finite_do_not_spoil_an_overview():
    values = np.array([[[np.nan, np.inf], [-2.0, 1.0]]], np.float32)
    drawn = serialize.quantised(values, 1, float("nan"), float("nan"))
    levels = np.frombuffer(base64.b64decode(drawn["data"]), np.uint8)
    assert (drawn["low"], drawn["high"]) == (-2.0, 2.0) and levels.tolist() == [128, 128, 0, 191]
