"""Writing on and forecasting: each step is what the whole model says, chance is fair and repeatable, threads may change."""

from __future__ import annotations

import dataclasses
import threading
from itertools import islice

import numpy as np
import pytest
import torch

import engine
from engine.errors import InputError
from engine.models import MODELS, Model, ModelSpec, SeriesInput, TextInput, untrained
from engine.text import UNKNOWN


@pytest.fixture(autouse=True)
def one_thread():
    """As the server sets it: for networks this small a second one only gets in the way."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


LETTERS = ("<pad>", "<unk>", "\n", " ", *"abcdefghijklmnopqrstuvwxyz")
CELLS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


class Writer(torch.nn.Module):
    """Letters through an embedding and a recurrent layer to letters."""

    def __init__(self, cell: str) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(len(LETTERS), 6)
        self.layer, self.head = CELLS[cell](6, 8, batch_first=True), torch.nn.Linear(8, len(LETTERS))

    def forward(self, x):
        return self.head(self.layer(self.embedding(x))[0])

    def step(self, x_t, state=None):
        states, state = self.layer(self.embedding(x_t.view(1, 1)), state)
        return self.head(states)[0, 0], state


class Forecaster(torch.nn.Module):
    """Numbers through a recurrent layer to the next number."""

    def __init__(self, cell: str) -> None:
        super().__init__()
        self.layer, self.head = CELLS[cell](1, 8, batch_first=True), torch.nn.Linear(8, 1)

    def forward(self, x):
        return self.head(self.layer(x)[0])

    def step(self, x_t, state=None):
        states, state = self.layer(x_t.view(1, 1, 1), state)
        return self.head(states)[0, 0], state


def writer(cell: str = "lstm") -> Model:
    taken = TextInput("character", LETTERS)
    return untrained(ModelSpec("writer", lambda: Writer(cell), taken, LETTERS, "a test", "rnn", "language", cell))


def forecaster(cell: str = "gru") -> Model:
    taken = SeriesInput(mean=50.0, std=20.0, period=4, minimum_length=2)
    return untrained(ModelSpec("forecaster", lambda: Forecaster(cell), taken, (), "a test", "rnn", "forecast", cell))


def logits_after(model: Model, ids: list[int]) -> torch.Tensor:
    """What the whole model says after these tokens; the unknown one is never written."""
    with torch.inference_mode():
        logits = model.module(torch.tensor([ids]))[0, -1].double()
        return logits.index_fill(0, torch.tensor([LETTERS.index(UNKNOWN)]), -torch.inf)


def ids_of(text: str) -> list[int]:
    return [LETTERS.index(letter) for letter in text]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.5])
def test_each_probability_is_the_whole_model_s(cell, temperature):
    model, ids = writer(cell), ids_of("so be it")
    for sampled in engine.generate(model, "so be it", 15, temperature, seed=4):
        expected = torch.softmax(logits_after(model, ids) / temperature, -1)
        assert sampled.probability == pytest.approx(float(expected[sampled.id]), rel=1e-4)
        assert sampled.token == LETTERS[sampled.id]
        assert [token for token, _ in sampled.top] == [LETTERS[i] for i in expected.topk(5).indices]
        ids.append(sampled.id)


def test_writing_ends_where_the_texts_of_the_training_ended():
    model = writer()
    ending = dataclasses.replace(model.spec, input=dataclasses.replace(model.spec.input, ends="e"))
    written = [sampled.token for sampled in engine.generate(dataclasses.replace(model, spec=ending), "so", 500, 1.5, seed=2)]
    assert written[-1] == "e" and "e" not in written[:-1] and len(written) < 500


def test_the_tokens_drawn_are_as_frequent_as_probable():
    model = writer()
    drawn = [next(engine.generate(model, "a", 1, 1.0, seed=seed)).id for seed in range(1500)]
    expected = torch.softmax(logits_after(model, ids_of("a")), -1).numpy()
    observed = np.bincount(drawn, minlength=len(LETTERS))
    possible = expected > 0
    assert not observed[~possible].any()
    chi_squared = float(((observed - 1500 * expected)[possible] ** 2 / (1500 * expected[possible])).sum())
    assert chi_squared < 60, "29 degrees of freedom: 60 is exceeded once in two thousand"


def test_top_k_leaves_only_the_k_most_probable_and_they_sum_to_one():
    for sampled in engine.generate(writer(), "so be it", 40, 1.5, top_k=3, seed=1):
        assert len(sampled.top) == 3 and sum(probability for _, probability in sampled.top) == pytest.approx(1)
        assert sampled.token in [token for token, _ in sampled.top]


def test_without_chance_the_most_probable_is_taken_surely():
    model = writer()
    sure = [sampled.id for sampled in engine.generate(model, "so", 20, 0.0, seed=1)]
    assert sure == [sampled.id for sampled in engine.generate(model, "so", 20, 0.0, seed=2)]
    assert sure == [sampled.id for sampled in engine.generate(model, "so", 20, 1.0, top_k=1, seed=3)]
    assert sure == [sampled.id for sampled in engine.generate(model, "so", 20, 1e-6, seed=4)]
    assert all(sampled.probability == 1 for sampled in engine.generate(model, "so", 3, 0.0))


def test_a_seed_decides_and_torch_s_own_chance_is_left_alone():
    model = writer()
    torch.manual_seed(0)
    untouched = torch.rand(1)
    torch.manual_seed(0)
    first = [sampled.id for sampled in engine.generate(model, "so", 50, 1.0, seed=9)]
    assert torch.rand(1) == untouched
    assert first == [sampled.id for sampled in engine.generate(model, "so", 50, 1.0, seed=9)]
    assert first != [sampled.id for sampled in engine.generate(model, "so", 50, 1.0, seed=10)]
    assert [sampled.id for sampled in engine.generate(model, "so", 20, 1.0, seed=9)] == first[:20]


def test_another_thread_may_go_on_and_none_is_left_in_inference_mode():
    model = writer()
    expected = [sampled.id for sampled in engine.generate(model, "so", 12, 1.0, seed=5)]
    tokens, found, modes = engine.generate(model, "so", 12, 1.0, seed=5), [], []

    def take() -> None:
        found.extend(sampled.id for sampled in islice(tokens, 3))
        modes.append(torch.is_inference_mode_enabled())

    for _ in range(4):
        thread = threading.Thread(target=take)
        thread.start()
        thread.join()
    assert found == expected and modes == [False] * 4


@pytest.mark.parametrize("text", ["", "so\0be", "\ud800", "a" * 2001])
def test_a_wrong_beginning_is_refused_before_the_first_token(text):
    with pytest.raises(InputError):
        next(engine.generate(writer(), text, 5))


def test_only_language_networks_write_and_only_forecasters_forecast():
    with pytest.raises(InputError, match="does not write"):
        next(engine.generate(forecaster(), "so", 5))
    with pytest.raises(InputError, match="does not forecast"):
        engine.forecast(writer(), [1, 2, 3], 5)


SERIES = [58.0, 62.6, 70.0, 55.7, 85.0, 83.5]


@pytest.mark.parametrize("cell", CELLS)
def test_a_forecast_is_the_model_fed_with_its_own_answers(cell):
    model, values = forecaster(cell), list(SERIES)
    found = engine.forecast(model, SERIES, 10)
    for expected in found.values:
        with torch.inference_mode():
            scaled = ((torch.tensor([values], dtype=torch.float64) - 50) / 20).float()[..., None]
            answer = float(model.module(scaled)[0, -1, 0]) * 20 + 50
        assert expected == pytest.approx(answer, rel=1e-5)
        values.append(answer)


def test_the_baselines_are_the_last_value_and_the_last_period():
    found = engine.forecast(forecaster(), SERIES, 6)
    assert found.baselines["last-value"] == [83.5] * 6
    assert found.baselines["last-period"] == [70.0, 55.7, 85.0, 83.5, 70.0, 55.7]
    assert "last-period" not in engine.forecast(forecaster(), SERIES[:3], 6).baselines


@pytest.mark.parametrize("values", [[], [1], [1, float("nan")], [1, "2"], [1] * 2001])
def test_a_wrong_series_is_refused(values):
    with pytest.raises(InputError):
        engine.forecast(forecaster(), values, 5)


@pytest.mark.parametrize("name", [name for name, spec in MODELS.items() if spec.task in ("language", "forecast")])
def test_our_networks_step_as_they_run(name):
    model = engine.load(name)
    if model.spec.task == "language":
        letters = "".join(token for token in model.spec.classes if len(token) == 1 and token.isalpha())[:8] or "a"
        sampled = list(engine.generate(model, letters, 6, 0.0))
        ids = engine.text.prepare_text(letters, model.spec.input).tensor[0].tolist()
        for each in sampled:
            with torch.inference_mode():
                logits = model.module(torch.tensor([ids]))[0, -1]
            assert float(logits[each.id]) == pytest.approx(float(logits.max()), abs=1e-4)
            ids.append(each.id)
    else:
        values = [40.0 + 30 * (step % 7) for step in range(60)]
        first = engine.forecast(model, values, 3).values[0]
        answer = engine.trace(model, engine.series.prepare_series(values, model.spec.input).tensor).records[-1].output[0, -1]
        assert first == pytest.approx(float(engine.series.unscale(answer, model.spec.input)), rel=1e-4)
