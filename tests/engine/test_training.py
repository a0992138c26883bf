"""Training: splits that never overlap, augmentations that stay pictures, runs that can be interrupted and repeated."""

from __future__ import annotations

import dataclasses
import gzip
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from engine.errors import EngineError
from engine.models import MODELS, WEIGHTS, load, read
from engine.training import augment
from engine.training.augment import AUGMENT
from engine.training.card import FIELDS
from engine.training.cli import main
from engine.training.data import DATA, DataError, load_splits, split_indices
from engine.training.errors import TrainingError
from engine.training.evaluate import evaluate, scores, wilson
from engine.training.pictures import fold_normalisation
from engine.training.recipes import RECIPES, Recipe
from engine.training.sources import SOURCES
from engine.training.train import default_checkpoint, train

REAL_DATA = Path(__file__).parents[3] / "shared" / "data"

BRIEF = Recipe(
    data="mnist",
    augment="digit",
    epochs=4,
    seed=5,
    batch_size=16,
    learning_rate=3e-3,
    weight_decay=0.01,
    limits={"zh": "无", "en": "none"},
    ema=0.9,
)


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch):
    monkeypatch.setattr("engine.training.train.THREADS", 1)  # faster for nets as small as these


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """Ten easy classes in the two published layouts: a bar per digit, a colour per kind of photograph."""
    folder = tmp_path_factory.mktemp("data")
    random, labels = np.random.default_rng(0), np.repeat(np.arange(10), 20)
    _write_digits(folder / "mnist", random, labels)
    _write_photos(folder / "tiny_imagenet10", random, labels)
    return folder


def _write_digits(folder: Path, random: np.random.Generator, labels: np.ndarray) -> None:
    images = random.integers(0, 40, (len(labels), 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 * label + 4 : 2 * label + 7, 4:24] = 255
    folder.mkdir()
    (folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(bytes(16) + images.tobytes()))
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(bytes(8) + labels.astype(np.uint8).tobytes()))


def _write_photos(folder: Path, random: np.random.Generator, labels: np.ndarray) -> None:
    folder.mkdir()
    colours = random.integers(0, 255, (10, 3))
    with zipfile.ZipFile(folder / "tiny_imagenet10_jpeg.zip", "w") as archive:
        archive.writestr("classes.txt", "".join(f"{i}\tn{9 - i}\tname {i}\n" for i in range(10)))
        for number, label in enumerate(labels):
            image = Image.new("RGB", (64, 64), tuple(int(c) for c in colours[label]))
            stream = io.BytesIO()
            (image.convert("L") if number == 0 else image).save(stream, "JPEG")
            archive.writestr(f"train/n{9 - label}/{number}.JPEG", stream.getvalue())


# Data


def test_a_split_is_the_same_each_time_covers_all_and_overlaps_nowhere():
    labels = torch.arange(10).repeat(100)[torch.randperm(1000, generator=torch.Generator().manual_seed(0))]
    first, second = split_indices(labels, 0.06, 0.10), split_indices(labels, 0.06, 0.10)
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    assert torch.equal(torch.cat(first).sort().values, torch.arange(1000))
    assert [len(part) for part in first] == [840, 60, 100]
    assert all(labels[part].bincount().unique().numel() == 1 for part in first), "each class has the same share"


def test_no_picture_is_in_two_parts(data):
    splits = load_splits("mnist", data)
    parts = [_as_bytes(part.images) for part in (splits.train, splits.validation, splits.held_out)]
    assert not (parts[0] & parts[1] or parts[0] & parts[2] or parts[1] & parts[2])
    assert [len(part) for part in parts] == [170, 10, 20]


def _as_bytes(images: torch.Tensor) -> set[bytes]:
    return {image.numpy().tobytes() for image in images}


def test_digits_are_padded_to_the_input_of_the_model(data):
    train_part = load_splits("mnist", data).train
    assert train_part.images.shape[1:] == MODELS["lenet5"].input.shape
    assert train_part.images.dtype == torch.uint8
    assert train_part.images[:, :, :2].max() == 0


def test_photographs_are_read_in_the_order_of_classes_txt(data):
    examples = DATA["tiny_imagenet10"].read(data)
    assert examples.images.shape == (200, 3, 64, 64)
    assert examples.labels.bincount().tolist() == [20] * 10
    with zipfile.ZipFile(data / "tiny_imagenet10" / "tiny_imagenet10_jpeg.zip") as archive:
        koala = Image.open(io.BytesIO(archive.read("train/n4/110.JPEG"))).convert("RGB")  # class 5 is n4 here
    shown = torch.from_numpy(np.array(koala)).permute(2, 0, 1)
    matches = (examples.images == shown).flatten(1).all(1)
    assert set(examples.labels[matches].tolist()) == {5}


def test_missing_data_says_where_it_was_looked_for(tmp_path):
    for name in DATA:
        with pytest.raises(DataError, match=str(tmp_path)):
            load_splits(name, tmp_path)


def test_every_model_has_a_recipe_with_known_parts():
    for name, recipe in RECIPES.items():
        assert name in MODELS
        if MODELS[name].family == "rnn":
            assert recipe.data in SOURCES and recipe.augment == "none"
        else:
            assert recipe.data in DATA and recipe.augment in AUGMENT
        assert recipe.teacher is None or recipe.teacher in RECIPES
        assert recipe.limits.keys() == {"zh", "en"}


# Augmentation


@pytest.mark.parametrize(
    ("name", "channels", "size"), [("photo", 3, 48), ("photo_sharp", 3, 56), ("photo_gently", 3, 64), ("digit", 1, 32)]
)
def test_an_augmentation_keeps_range_and_shape_and_repeats_with_its_seed(name, channels, size):
    side = 32 if channels == 1 else 64
    x = torch.rand(12, channels, side, side)
    before = x.clone()
    first = AUGMENT[name](x, size, torch.Generator().manual_seed(1))
    assert first.shape == (12, channels, size, size)
    assert first.min() >= 0 and first.max() <= 1
    assert torch.equal(first, AUGMENT[name](x, size, torch.Generator().manual_seed(1)))
    assert not torch.equal(first, AUGMENT[name](x, size, torch.Generator().manual_seed(2)))
    assert torch.equal(x, before), "the data must not be changed in place"


def test_a_shifted_crop_takes_pixels_as_they_are():
    x = torch.rand(40, 3, 16, 16)
    crops = augment.shifted_crop(x, 12, 2, torch.Generator().manual_seed(0))
    assert crops.shape == (40, 3, 12, 12)
    for picture, crop in zip(x, crops, strict=True):
        assert set(crop[1].flatten().tolist()) <= set(picture[1].flatten().tolist())
    whole = augment.shifted_crop(x, 16, 0, torch.Generator().manual_seed(0))
    kept, mirrored = (whole == x).flatten(1).all(1), (whole == x.flip(-1)).flatten(1).all(1)
    assert (kept ^ mirrored).all() and kept.any() and mirrored.any()


def test_an_affine_that_may_do_nothing_does_nothing():
    x = torch.rand(3, 1, 32, 32)
    same = augment.affine(x, degrees=0, scale=(1, 1), shift=0, shear=0, generator=torch.Generator())
    assert torch.allclose(same, x, atol=1e-5)


def test_a_quarter_turn_turns_the_picture():
    x = torch.zeros(1, 1, 9, 9)
    x[0, 0, 0, 4] = 1  # top middle
    matrix = torch.tensor([[[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]]])
    turned = augment.warp(x, matrix, 9, "zeros")
    assert turned[0, 0, 4].argmax() in (0, 8) and turned.sum() == pytest.approx(1, abs=1e-4)


def test_strokes_become_thicker_and_thinner():
    x = torch.zeros(60, 1, 32, 32)
    x[:, :, 8:24, 14:18] = 1
    ink = augment.stroke(x, 0.8, torch.Generator().manual_seed(0)).sum((1, 2, 3))
    assert (ink > 65).any() and (ink < 63).any() and (ink == 64).any()


def test_mixed_targets_still_sum_to_one_and_follow_the_pixels():
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(8) % 2
    x = labels.float().view(-1, 1, 1, 1).expand(8, 1, 16, 16).contiguous()  # class 1 is white, class 0 black
    for _ in range(20):
        mixed, targets = augment.mix(x, nn.functional.one_hot(labels).float(), 0.8, generator)
        assert torch.allclose(targets.sum(1), torch.ones(8))
        assert torch.allclose(mixed.mean((1, 2, 3)), targets[:, 1], atol=1e-5)


# The loop


def test_folding_the_normalisation_is_exact():
    torch.manual_seed(0)
    plain = MODELS["tinyvgg"].build().double()
    x = torch.rand(2, 3, 64, 64, dtype=torch.float64)
    expected = plain((x - 0.45) / 0.27)
    assert torch.allclose(fold_normalisation(plain, 0.45, 0.27)(x), expected, atol=1e-12)


def test_folding_into_a_padded_convolution_is_refused():
    with pytest.raises(TrainingError, match="padding"):
        fold_normalisation(nn.Sequential(nn.Conv2d(3, 4, 3, padding=1)), 0.45, 0.27)


def test_a_resumed_run_gives_the_same_weights_as_an_uninterrupted_one(data, tmp_path):
    whole = train("lenet5", data, tmp_path / "whole", recipe=BRIEF, checkpoint=tmp_path / "a.pt", report=_silent)
    interrupted = {"recipe": BRIEF, "checkpoint": tmp_path / "b.pt"}
    part = train("lenet5", data, tmp_path / "part", **interrupted, stop_after=2, report=_silent)
    assert part is None and (tmp_path / "b.pt").exists()
    said: list[str] = []
    part = train("lenet5", data, tmp_path / "part", **interrupted, report=said.append)
    assert said[0].startswith("resumed after epoch 2")
    assert part == whole
    assert (tmp_path / "part/lenet5.safetensors").read_bytes() == (tmp_path / "whole/lenet5.safetensors").read_bytes()
    assert not (tmp_path / "b.pt").exists(), "a finished run leaves no checkpoint"


def test_a_second_stage_starts_from_the_first_and_resumes_too(data, tmp_path):
    staged = dataclasses.replace(BRIEF, epochs=1, then=dataclasses.replace(BRIEF, epochs=2, seed=6))
    whole = train("lenet5", data, tmp_path, recipe=staged, checkpoint=tmp_path / "a.pt", report=_silent)
    for stop in (1, 2):
        train("lenet5", data, tmp_path, recipe=staged, checkpoint=tmp_path / "b.pt", stop_after=stop, report=_silent)
    assert train("lenet5", data, tmp_path, recipe=staged, checkpoint=tmp_path / "b.pt", report=_silent) == whole
    assert whole["epochs"]["planned"] == whole["epochs"]["run"] == 3
    assert [stage["seed"] for stage in whole["hyperparameters"]] == [5, 6]


def test_a_distilled_run_resumes_to_the_same_weights_and_names_its_teacher(data, tmp_path):
    photos = dataclasses.replace(BRIEF, data="tiny_imagenet10", augment="photo", epochs=1, sizes=((0.0, 32),), mix=0.5)
    teacher = train("tinyvgg-wide", data, tmp_path, recipe=photos, checkpoint=tmp_path / "t.pt", report=_silent)
    small = dataclasses.replace(
        photos, augment="photo_gently", epochs=3, sizes=(), mix=0, mean=0.45, std=0.27, teacher="tinyvgg-wide", rounds=2
    )
    whole = train("tinyvgg", data, tmp_path, recipe=small, checkpoint=tmp_path / "a.pt", report=_silent)
    train("tinyvgg", data, tmp_path, recipe=small, checkpoint=tmp_path / "b.pt", stop_after=1, report=_silent)
    again = train("tinyvgg", data, tmp_path, recipe=small, checkpoint=tmp_path / "b.pt", report=_silent)
    assert whole == again
    assert whole["teacher"] == {"model": "tinyvgg-wide", "sha256": teacher["sha256"]}


def test_a_teacher_without_weights_is_refused(data, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.training.train.WEIGHTS", tmp_path)
    with pytest.raises(TrainingError, match="train it first"):
        train("tinyvgg", data, tmp_path, checkpoint=tmp_path / "a.pt", report=_silent)


def test_another_seed_gives_other_weights_from_the_same_split(data, tmp_path):
    brief = dataclasses.replace(BRIEF, epochs=1)
    cards = [
        train("lenet5", data, tmp_path, recipe=brief, seed=seed, checkpoint=tmp_path / "a.pt", report=_silent)
        for seed in (1, 1, 2)
    ]
    assert cards[0]["sha256"] == cards[1]["sha256"] != cards[2]["sha256"]
    assert cards[0]["data"] == cards[2]["data"]


def test_a_checkpoint_of_other_settings_is_refused_unless_fresh(data, tmp_path):
    checkpoint = tmp_path / "a.pt"
    train("lenet5", data, tmp_path, recipe=BRIEF, checkpoint=checkpoint, stop_after=1, report=_silent)
    with pytest.raises(TrainingError, match="--fresh"):
        train("lenet5", data, tmp_path, recipe=BRIEF, seed=6, checkpoint=checkpoint, report=_silent)
    other = {"seed": 6, "epochs": 1, "fresh": True}
    card = train("lenet5", data, tmp_path, recipe=BRIEF, checkpoint=checkpoint, **other, report=_silent)
    assert card["seed"] == 6 and card["epochs"] == {"planned": 1, "run": 1, "kept": 1}


def test_training_stops_when_patience_is_over(data, tmp_path):
    hopeless = dataclasses.replace(BRIEF, epochs=30, learning_rate=0.0, patience=2)
    card = train("lenet5", data, tmp_path, recipe=hopeless, checkpoint=tmp_path / "a.pt", report=_silent)
    assert card["epochs"] == {"planned": 30, "run": 3, "kept": 1}


def test_a_run_that_diverges_says_so(data, tmp_path):
    wild = dataclasses.replace(BRIEF, learning_rate=1e30)
    with pytest.raises(TrainingError, match="learning rate is too high"):
        train("lenet5", data, tmp_path, recipe=wild, checkpoint=tmp_path / "a.pt", report=_silent)
    assert not (tmp_path / "lenet5.json").exists()


def test_no_epochs_is_no_training(data, tmp_path):
    with pytest.raises(TrainingError, match="at least 1"):
        train("lenet5", data, tmp_path, epochs=0, checkpoint=tmp_path / "a.pt", report=_silent)


def test_training_leaves_the_number_of_threads_and_the_random_numbers_alone(data, tmp_path):
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    train("lenet5", data, tmp_path, recipe=BRIEF, epochs=1, checkpoint=tmp_path / "a.pt", report=_silent)
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


# The card and the figures


def test_the_card_written_is_complete_and_evaluation_gives_its_figures(data, tmp_path):
    card = train("lenet5", data, tmp_path, recipe=BRIEF, checkpoint=tmp_path / "a.pt", report=_silent)
    assert tuple(card) == FIELDS
    assert json.loads((tmp_path / "lenet5.json").read_text()) == card
    assert read(MODELS["lenet5"], tmp_path).card == card
    measured = evaluate("lenet5", data, tmp_path)
    assert measured["confusion_matrix"] == card["confusion_matrix"]
    assert all(measured[key] == value for key, value in card["held_out"].items())
    assert card["data"]["sizes"] == {"train": 170, "validation": 10, "held_out": 20}


def test_scores_count_a_row_per_class_and_a_column_per_answer(data):
    held_out = load_splits("mnist", data).held_out
    always_three = _Constant(3)
    result = scores(always_three, held_out, tuple("0123456789"))
    assert result["accuracy"] == 0.1 and result["n"] == 20 and result["right"] == 2
    assert [row[3] for row in result["confusion_matrix"]] == [2] * 10
    assert result["per_class"]["3"] == 1 and result["per_class"]["4"] == 0


def test_the_interval_is_wilsons():
    assert wilson(81, 263) == [0.2553, 0.3662]  # the example of Newcombe (1998), method 3
    assert wilson(10, 10)[1] == 1


def test_the_default_checkpoint_is_outside_the_repository(monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert default_checkpoint("tinyvgg") == Path.home() / ".cache" / "unrolled" / "checkpoints" / "tinyvgg.pt"


# The commands


def test_the_commands_train_and_evaluate_from_arguments(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    common = ["lenet5", "--data", str(data), "--out", str(tmp_path)]
    assert main(["train", *common, "--epochs", "1", "--seed", "7"]) == 0
    assert json.loads((tmp_path / "lenet5.json").read_text())["seed"] == 7
    capsys.readouterr()
    assert main(["evaluate", *common]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 20


def test_the_commands_fail_with_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert main(["evaluate", "lenet5", "--data", str(tmp_path)]) == 1
    assert "does not exist" in capsys.readouterr().err
    assert main(["train", "lenet5", "--data", str(tmp_path), "--resume"]) == 1
    assert "no interrupted run" in capsys.readouterr().err


def test_the_errors_of_training_are_the_engines():
    assert issubclass(DataError, EngineError) and issubclass(TrainingError, EngineError)


@pytest.mark.skipif(not REAL_DATA.exists(), reason="the real data is not beside the repository")
def test_the_shipped_weights_give_the_figures_of_their_cards_on_the_real_data():
    # One of each kind that is quick to judge: an n-gram model for the language models' sake takes a minute.
    for name in ("tinyvgg", "tinyvgg-wide", "lenet5", "sentiment-zh-lstm", "tagger-en-gru", "dates-lstm", "sunspots-rnn"):
        card, measured = load(name).card, evaluate(name, REAL_DATA, WEIGHTS)
        assert {key: measured[key] for key in card["held_out"]} == card["held_out"]
        assert measured.get("confusion_matrix") == card["confusion_matrix"]


class _Constant(nn.Module):
    def __init__(self, answer: int) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.one_hot(torch.full((len(x),), self.answer), 10).float()


def _silent(_: str) -> None:
    pass
