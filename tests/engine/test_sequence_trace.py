"""Tracing models that read sequences: ids, several inputs, any length, time first, answers per step, wrong inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import engine
from engine.errors import InputError
from engine.models.spec import Model, ModelSpec, SeriesInput, TextInput

LETTERS = ("<pad>", "<unk>", *"abcdefgh")


class Letters(nn.Module):
    """Letters to the next one at each step."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.gru, self.head = nn.Embedding(10, 4), nn.GRU(4, 5, batch_first=True), nn.Linear(5, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.gru(self.embedding(x))[0])


class Attends(nn.Module):
    """An encoder and a decoder with Luong's dot attention."""

    def __init__(self) -> None:
        super().__init__()
        self.source, self.target = nn.Embedding(10, 4), nn.Embedding(10, 4)
        self.encoder, self.decoder = nn.LSTM(4, 5, batch_first=True), nn.LSTM(4, 5, batch_first=True)
        self.mix, self.norm, self.head = nn.Linear(10, 5), nn.LayerNorm(5), nn.Linear(5, 10)

    def forward(self, x: Tensor, written: Tensor) -> Tensor:
        memory, state = self.encoder(self.source(x))
        states, _ = self.decoder(self.target(written), state)
        weights = torch.softmax(torch.matmul(states, memory.transpose(1, 2)), dim=-1)
        mixed = torch.tanh(self.mix(torch.cat((states, weights @ memory), dim=-1)))
        return self.head(self.norm(mixed))


class TimeFirst(nn.Module):
    """An old-fashioned network: (steps, batch, features) all the way, and the last state of both directions."""

    def __init__(self) -> None:
        super().__init__()
        self.gru, self.head = nn.GRU(3, 4, bidirectional=True), nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        states, last = self.gru(x)
        return self.head(torch.cat((last[-2], last[-1]), dim=1)) + self.head(states.mean(0))


def ours(module: nn.Module, given: Any, classes: tuple[str, ...], task: Any) -> Model:
    spec = ModelSpec("ours", type(module), given, classes, "a test", "rnn", task, "gru", "many-to-many")
    return Model(spec, module.eval().requires_grad_(False), {}, "")


def everything_is_explained(trace: engine.Trace) -> None:
    """Every number of every node: exact, by a file of its own, its terms where they say they are."""
    assert trace.max_error < 1e-5
    for record in trace:
        if not record.output.is_floating_point():
            continue
        for index in np.ndindex(*record.shape):
            found = engine.explain(trace, record.name, index)
            assert found.error < 1e-5 and "approximation" not in found.extra
            for term in found.terms:
                if term.source and trace[term.source.node].op not in ("lstm", "gru", "rnn"):
                    assert trace[term.source.node].result[term.source.index] == term.value
                elif term.source and not term.source.part:
                    assert engine.explain(trace, term.source.node, term.source.index).traced == term.value


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_every_number_of_a_letter_model_is_explained(steps: int) -> None:
    torch.manual_seed(0)
    trace = engine.trace(Letters().eval(), torch.randint(0, 10, (1, steps)))
    assert trace.names == ("input", "embedding", "gru", "head")
    assert [record.shape for record in trace] == [(steps,), (steps, 4), (steps, 5), (steps, 10)]
    everything_is_explained(trace)


@pytest.mark.parametrize(("read", "written"), [(1, 1), (6, 1), (1, 3), (5, 4)])
def test_every_number_of_attention_is_explained(read: int, written: int) -> None:
    torch.manual_seed(0)
    trace = engine.trace(Attends().eval(), torch.randint(0, 10, (1, read)), torch.randint(0, 10, (1, written)))
    assert trace.names[:2] == ("input", "written")
    assert {"written", "encoder", "decoder", "transpose", "matmul", "softmax", "matmul_1", "cat", "norm"} <= set(trace.names)
    assert trace["softmax"].shape == (written, read)
    everything_is_explained(trace)
    score = engine.explain(trace, "matmul", (written - 1, read - 1))
    for term in score.terms:
        assert term.weight_source is not None
        assert trace[term.weight_source.node].result[term.weight_source.index] == term.weight


@pytest.mark.parametrize("steps", [2, 6])
def test_time_first_networks_are_traced_and_explained(steps: int) -> None:
    torch.manual_seed(0)
    x = torch.randn(steps, 1, 3)
    trace = engine.trace(TimeFirst().eval(), x)
    assert trace["input"].shape == (steps, 3) and trace["gru"].shape == (steps, 8)
    everything_is_explained(trace)
    last = engine.explain(trace, "select", (2,)).terms[0]
    assert last.source is not None and last.source.index == (0, 0, steps - 1, 2)
    backwards = engine.explain(trace, "select_1", (2,)).terms[0]
    assert backwards.source is not None and backwards.source.index == (0, 1, 0, 2)


def test_a_model_that_answers_at_each_step_says_its_best_at_each() -> None:
    torch.manual_seed(0)
    model = ours(Letters(), TextInput("character", LETTERS), LETTERS, "language")
    trace = engine.trace(model, torch.tensor([[2, 3, 4]]))
    assert trace.predictions == () and trace.names[-1] == "softmax"
    answers = trace.answers(top=3)
    assert [answer.step for answer in answers] == [0, 1, 2]
    for answer in answers:
        probabilities = trace["softmax"].result[answer.step]
        assert [each.probability for each in answer.top] == sorted(probabilities.tolist(), reverse=True)[:3]
        assert all(each.label == LETTERS[each.index] for each in answer.top)
        assert all(each.logit == trace["head"].result[answer.step, each.index] for each in answer.top)


def test_a_forecast_has_no_probabilities() -> None:
    class Next(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru, self.head = nn.GRU(1, 4, batch_first=True), nn.Linear(4, 1)

        def forward(self, x: Tensor) -> Tensor:
            return x + self.head(self.gru(x)[0])

    model = ours(Next(), SeriesInput(), (), "forecast")
    trace = engine.trace(model, torch.randn(1, 5, 1))
    assert trace.names == ("input", "gru", "head", "add") and trace.answers() == ()
    for wrong in (torch.randn(1, 5), torch.randn(1, 5, 2), torch.randn(1, 0, 1), torch.ones(1, 5, 1).long()):
        with pytest.raises(InputError, match="numbers"):
            engine.trace(model, wrong)


@pytest.mark.parametrize(
    "wrong",
    [torch.tensor([[2, 10]]), torch.tensor([[-1, 2]]), torch.zeros(1, 0).long(), torch.ones(1, 2001).long(), torch.ones(1, 3),
     torch.ones(1, 3, 1).long(), torch.ones(2, 3).long()],
)  # fmt: skip
def test_ids_that_the_model_cannot_read_are_refused(wrong: Tensor) -> None:
    model = ours(Letters(), TextInput("character", LETTERS), LETTERS, "language")
    with pytest.raises(InputError):
        engine.trace(model, wrong)


def test_the_constants_of_a_run_are_no_nodes() -> None:
    """nn.LSTM makes its own zeros to start from: they are no calculation, and the node is the layer's."""
    trace = engine.trace(nn.Sequential(nn.LSTM(2, 3, batch_first=True)), torch.randn(1, 4, 2))
    assert trace.names == ("input", "0") and trace["0"].inputs == ("input",)
    recurrent = engine.explain(trace, "0", (0, 0, 0, 1)).extra["gates"][0]["recurrent"]
    assert [term["label"] for term in recurrent] == ["h0[0]", "h0[1]", "h0[2]"]
    assert all(term["source"] is None and term["value"] == 0.0 for term in recurrent)
