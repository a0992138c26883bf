"""The table of models: their shapes and names, and that only weights which match their card are loaded."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from safetensors.torch import save
from torch import nn

from engine import models
from engine.models import MODELS, UnknownModel, WeightsError, load, read
from engine.training.card import FIELDS

PARAMETERS = {"tinyvgg": 19_920, "tinyvgg-wide": 235_194, "lenet5": 656_080}


def weights_of(name: str, folder: Path) -> Path:
    """Seeded random weights of a model with a card that matches them."""
    torch.manual_seed(3)
    data = save(MODELS[name].build().state_dict())
    (folder / f"{name}.safetensors").write_bytes(data)
    card = {"model": name, "status": "trained", "sha256": hashlib.sha256(data).hexdigest()}
    (folder / f"{name}.json").write_text(json.dumps(card))
    return folder / f"{name}.safetensors"


def test_every_model_is_expected_here():
    assert set(PARAMETERS) <= set(MODELS)
    assert all(MODELS[name].id == name for name in MODELS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_model_takes_its_input_and_gives_one_logit_per_class(name):
    spec = MODELS[name]
    with torch.inference_mode():
        logits = spec.build().eval()(torch.rand(2, *spec.input.shape))
    assert logits.shape == (2, len(spec.classes))
    assert not torch.allclose(logits.sum(1), torch.ones(2)), "softmax belongs to the tracer"


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_model_has_the_known_number_of_parameters(name):
    assert sum(p.numel() for p in MODELS[name].build().parameters()) == PARAMETERS[name]


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_shipped_models_take_plain_pixels(name):
    spec = MODELS[name]
    assert spec.input.mean == (0.0,) * spec.input.channels
    assert spec.input.std == (1.0,) * spec.input.channels


def test_tinyvgg_has_the_layers_and_shapes_of_cnn_explainer():
    module, shapes = MODELS["tinyvgg"].build(), []
    x = torch.rand(1, 3, 64, 64)
    for layer in module.features:
        x = layer(x)
        shapes.append((type(layer).__name__, tuple(x.shape[1:])))
    block = ["Conv2d", "ReLU", "Conv2d", "ReLU", "MaxPool2d"]
    sides = [62, 62, 60, 60, 30, 28, 28, 26, 26, 13]
    assert shapes == [(name, (10, side, side)) for name, side in zip(block * 2, sides, strict=True)]
    assert module.classifier[1].in_features == 1690


def test_lenet5_has_the_names_and_shapes_of_its_parameters():
    shapes = {key: tuple(value.shape) for key, value in MODELS["lenet5"].build().state_dict().items()}
    assert shapes == {
        "features.0.weight": (20, 1, 5, 5),
        "features.0.bias": (20,),
        "features.3.weight": (50, 20, 5, 5),
        "features.3.bias": (50,),
        "classifier.1.weight": (500, 1250),
        "classifier.1.bias": (500,),
        "classifier.3.weight": (10, 500),
        "classifier.3.bias": (10,),
    }


def test_the_classes_are_in_cnn_explainers_order():
    assert (
        MODELS["tinyvgg"].classes
        == MODELS["tinyvgg-wide"].classes
        == (
            "lifeboat",
            "ladybug",
            "pizza",
            "bell pepper",
            "school bus",
            "koala",
            "espresso",
            "red panda",
            "orange",
            "sports car",
        )
    )


@pytest.mark.parametrize("name", PARAMETERS)
def test_matching_weights_are_loaded_ready_to_run(name, tmp_path):
    file = weights_of(name, tmp_path)
    model = read(MODELS[name], tmp_path)
    torch.manual_seed(3)
    expected = MODELS[name].build().eval()
    x = torch.rand(2, *model.spec.input.shape)
    with torch.inference_mode():
        assert torch.equal(model.module(x), expected(x))
    assert model.digest == hashlib.sha256(file.read_bytes()).hexdigest()
    assert not any(part.training for part in model.module.modules())
    assert not any(p.requires_grad for p in model.module.parameters())


def test_a_flipped_byte_is_refused_with_both_digests(tmp_path):
    file = weights_of("tinyvgg", tmp_path)
    right, data = hashlib.sha256(file.read_bytes()).hexdigest(), bytearray(file.read_bytes())
    data[-100] ^= 1
    file.write_bytes(data)
    with pytest.raises(WeightsError) as caught:
        read(MODELS["tinyvgg"], tmp_path)
    for part in (str(file), right, hashlib.sha256(data).hexdigest(), "unrolled train tinyvgg"):
        assert part in caught.value.message


@pytest.mark.parametrize("suffix", ["safetensors", "json"])
def test_weights_without_their_other_half_are_refused(suffix, tmp_path):
    weights_of("tinyvgg", tmp_path)
    (tmp_path / f"tinyvgg.{suffix}").unlink()
    with pytest.raises(WeightsError, match=f"tinyvgg.{suffix} is missing"):
        read(MODELS["tinyvgg"], tmp_path)


def test_weights_of_another_architecture_are_refused(tmp_path):
    weights_of("lenet5", tmp_path)
    for suffix in ("safetensors", "json"):
        (tmp_path / f"lenet5.{suffix}").rename(tmp_path / f"tinyvgg.{suffix}")
    with pytest.raises(WeightsError, match="does not fit the architecture 'tinyvgg'"):
        read(MODELS["tinyvgg"], tmp_path)


def test_weights_that_are_no_safetensors_are_refused(tmp_path):
    file = weights_of("tinyvgg", tmp_path)
    file.write_bytes(b"not tensors")
    card = {"status": "trained", "sha256": hashlib.sha256(b"not tensors").hexdigest()}
    (tmp_path / "tinyvgg.json").write_text(json.dumps(card))
    with pytest.raises(WeightsError, match="does not fit"):
        read(MODELS["tinyvgg"], tmp_path)


@pytest.mark.parametrize("text", ["{not json", "[]"])
def test_a_card_that_is_no_card_is_refused(text, tmp_path):
    weights_of("tinyvgg", tmp_path)
    (tmp_path / "tinyvgg.json").write_text(text)
    with pytest.raises(WeightsError, match=r"tinyvgg\.json is not a model card"):
        read(MODELS["tinyvgg"], tmp_path)


def test_without_weights_a_model_is_seeded_and_says_so(tmp_path):
    before = torch.get_rng_state()
    first, second = read(MODELS["tinyvgg"], tmp_path), read(MODELS["tinyvgg"], tmp_path)
    assert first.card == {"model": "tinyvgg", "status": "untrained"}
    assert first.digest == second.digest
    assert torch.equal(before, torch.get_rng_state()), "loading must not touch the caller's random numbers"


def test_an_unknown_name_names_those_that_exist():
    with pytest.raises(UnknownModel) as caught:
        load("resnet-18000")
    assert "resnet-18000" in caught.value.message
    assert all(name in caught.value.message for name in MODELS)


def test_eight_threads_get_the_same_model_read_once(monkeypatch):
    calls = []
    monkeypatch.setattr(models, "_loaded", {})
    monkeypatch.setattr(models, "read", lambda spec, folder: calls.append(spec.id) or read(spec, folder))
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(load, ["tinyvgg", "lenet5"] * 16))
    assert len({id(model) for model in loaded}) == 2
    assert sorted(calls) == ["lenet5", "tinyvgg"]


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_card_of_a_shipped_model_is_complete_and_adds_up(name):
    model = load(name)
    card, held_out = model.card, model.card["held_out"]
    assert card["status"] == "trained"
    assert tuple(card) == FIELDS
    assert set(card["limits"]) == {"zh", "en"}
    assert card["parameters"] == PARAMETERS[name]
    assert card["bytes"] == (models.WEIGHTS / f"{name}.safetensors").stat().st_size
    assert card["command"] == f"unrolled train {name} --data DIR"
    assert tuple(card["classes"]) == model.spec.classes
    matrix = torch.tensor(card["confusion_matrix"])
    assert int(matrix.sum()) == held_out["n"] == card["data"]["sizes"]["held_out"]
    assert int(matrix.diagonal().sum()) == held_out["right"]
    assert held_out["accuracy"] == pytest.approx(held_out["right"] / held_out["n"], abs=1e-6)
    low, high = held_out["interval_95"]
    assert low < held_out["accuracy"] < high


def test_the_wide_model_fits_into_a_megabyte():
    assert load("tinyvgg-wide").card["bytes"] <= 1_000_000


def test_no_shipped_number_is_missing_or_infinite():
    for name in PARAMETERS:
        module: nn.Module = load(name).module
        assert all(torch.isfinite(value).all() for value in module.state_dict().values())
