"""The tracer: names, edges, in-place calls, threads, re-entrance, and that tracing changes nothing."""

from __future__ import annotations

import copy
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import engine
from engine.errors import IndexOutOfRange, InputError, UnknownNode


class Residual(nn.Module):
    """A block with what hooks miss: functional calls, an addition, in-place steps and a branch on the data."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(4, 4, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.conv2(out)
        out += x
        out = self.relu(out)
        return F.avg_pool2d(out, 2) if out.sum() > -1 else out


def net() -> nn.Module:
    torch.manual_seed(1)
    return nn.Sequential(Residual(), nn.Flatten(), nn.Linear(64, 5)).eval()


def test_a_node_is_called_by_its_module_and_a_function_by_its_operation() -> None:
    names = engine.trace(net(), torch.randn(1, 4, 8, 8)).names
    assert names == (
        "input", "0.conv1", "0.bn1", "0.relu", "0.conv2", "add", "0.relu_1", "sum", "gt", "avg_pool2d", "1", "2",
    )  # fmt: skip


def test_edges_follow_the_tensors() -> None:
    trace = engine.trace(net(), torch.randn(1, 4, 8, 8))
    assert trace["0.conv1"].inputs == ("input",)
    assert set(trace["add"].inputs) == {"0.conv2", "input"}
    assert trace["0.relu_1"].inputs == ("add",)
    assert trace["avg_pool2d"].inputs == ("0.relu_1",)
    assert trace["add"].module == "0"


def test_in_place_calls_do_not_overwrite_what_was_recorded() -> None:
    block, x = net()[0], torch.randn(1, 4, 8, 8)
    trace = engine.trace(nn.Sequential(block), x)
    with torch.no_grad():
        conv1 = block.conv1(x)
        bn1 = block.bn1(conv1)
        conv2 = block.conv2(bn1.relu())
    torch.testing.assert_close(trace["0.conv1"].output, conv1, rtol=0, atol=0)
    torch.testing.assert_close(trace["0.bn1"].output, bn1, rtol=0, atol=0)
    torch.testing.assert_close(trace["0.relu"].output, bn1.relu(), rtol=0, atol=0)
    torch.testing.assert_close(trace["0.conv2"].output, conv2, rtol=0, atol=0)
    torch.testing.assert_close(trace["add"].output, conv2 + x, rtol=0, atol=0)
    assert trace.max_error < 1e-5


@pytest.mark.parametrize(
    "overwrite",
    [
        lambda y: F.relu(y, True),
        lambda y: F.relu(y, inplace=True),
        torch.relu_,
        lambda y: y.relu_(),
        lambda y: y.mul_(2),
        lambda y: torch.add(y, 1, out=y),
        lambda y: y.__setitem__((slice(None), 0), 7.0),
        lambda y: y[:, 0].zero_(),
    ],
)
def test_every_way_to_write_in_place_is_noticed(overwrite: Any) -> None:
    class Writes(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            y = x + 1
            overwrite(y)
            return y * 1

    x = torch.randn(1, 3, 2)
    trace = engine.trace(Writes(), x)
    torch.testing.assert_close(trace["add"].output, x + 1, rtol=0, atol=0)
    with torch.inference_mode():
        torch.testing.assert_close(trace.records[-1].output, Writes()(x), rtol=0, atol=0)


def test_the_caller_s_input_is_never_changed_in_the_record() -> None:
    x = torch.randn(1, 3, 4)
    before = x.clone()
    trace = engine.trace(nn.ReLU(inplace=True), x)
    torch.testing.assert_close(trace["input"].output, before)
    torch.testing.assert_close(trace["relu"].output, before.relu())


def test_calls_about_size_type_and_device_are_no_nodes() -> None:
    class Asks(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            x = x.to(torch.float32).contiguous().detach()
            return x.view(x.size(0), -1) if x.dim() > 2 and x.shape[1] else x

    trace = engine.trace(Asks(), torch.randn(1, 2, 3))
    assert trace.names == ("input", "flatten")
    assert trace["flatten"].inputs == ("input",)


def test_tracing_gives_the_same_numbers_as_running() -> None:
    model, x = net(), torch.randn(1, 4, 8, 8)
    with torch.inference_mode():
        expected = model(x)
    assert torch.equal(engine.trace(model, x).records[-1].output, expected)
    assert torch.equal(model(x), expected), "an idle hook must not change the model"


def test_the_second_use_of_a_module_gets_a_number() -> None:
    layer = nn.Linear(3, 3)
    assert engine.trace(nn.Sequential(layer, layer), torch.randn(1, 3)).names == ("input", "0", "0_1")


def test_eight_threads_on_one_model_record_the_same_as_one() -> None:
    model = engine.load("tinyvgg")
    inputs = [torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(i)) for i in range(24)]
    alone = [engine.trace(model, x) for x in inputs]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda x: engine.trace(model, x), inputs))
    for one, many in zip(alone, together, strict=True):
        assert one.names == many.names
        assert all(torch.equal(a.output, b.output) for a, b in zip(one, many, strict=True))
        assert [a.inputs for a in one] == [b.inputs for b in many]


def test_a_trace_may_run_inside_a_trace() -> None:
    inner = nn.Sequential(nn.Linear(3, 3), nn.ReLU())

    class Outer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = nn.Linear(3, 3), nn.Linear(3, 3)

        def forward(self, x: Tensor) -> Tensor:
            x = self.first(x)
            self.seen = engine.trace(inner, x)
            return self.second(x)

    model = Outer()
    trace = engine.trace(model, torch.randn(1, 3))
    assert model.seen.names == ("input", "0", "1")
    assert trace["first"].module == "first" and trace["second"].inputs == ("first",)


def test_an_exception_leaves_no_recorder_behind() -> None:
    class Fails(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            raise ValueError("on purpose")

    model = nn.Sequential(nn.Linear(3, 3), Fails())
    with pytest.raises(ValueError, match="on purpose"):
        engine.trace(model, torch.randn(1, 3))
    good = nn.Sequential(nn.Linear(3, 3))
    assert engine.trace(good, torch.randn(1, 3)).names == ("input", "0")


def test_concurrent_first_traces_hook_a_model_once() -> None:
    model, x = net(), torch.randn(1, 4, 8, 8)
    barrier = threading.Barrier(8)

    def first(_: int) -> tuple[str, ...]:
        barrier.wait()
        return engine.trace(model, x).names

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(first, range(8)))) == 1
    announcing = model[2].forward.__func__
    assert announcing.__closure__ and nn.Linear.forward in {cell.cell_contents for cell in announcing.__closure__}


def test_a_deep_copy_of_a_traced_model_uses_its_own_weights() -> None:
    model, x = net(), torch.randn(1, 4, 8, 8)
    engine.trace(model, x)
    twin = copy.deepcopy(model)
    with torch.no_grad():
        twin[2].weight.zero_(), twin[2].bias.zero_()
        assert not twin(x).any() and model(x).any()
    assert not engine.trace(twin, x)["2"].output.any()


def test_an_operation_without_a_file_is_explained_by_its_gradient_and_says_so() -> None:
    class Magnitude(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.maximum(x.abs(), x)

    trace = engine.trace(Magnitude(), torch.randn(1, 4, 8))
    explanation = engine.explain(trace, "maximum", (1, 2))
    assert explanation.extra["approximation"] == "gradient x input"
    assert {term.source.node for term in explanation.terms if term.source} <= {"abs", "input"}
    assert sum(term.product for term in explanation.terms) == pytest.approx(explanation.traced)


def random_input(model: engine.Model, seed: int, steps: int = 24) -> Tensor:
    """A picture of noise, a text of any tokens, or a series of any numbers, as the model takes it."""
    generator, given = torch.Generator().manual_seed(seed), model.spec.input
    if given.kind == "text":
        return torch.randint(0, len(given.vocabulary), (1, steps), generator=generator)
    if given.kind == "series":
        return torch.randn(1, steps, given.features, generator=generator)
    return torch.rand(1, *given.shape, generator=generator)


@pytest.mark.parametrize("name", list(engine.MODELS))
def test_random_numbers_of_each_model_are_explained(name: str) -> None:
    model, random_numbers = engine.load(name), random.Random(0)
    trace = engine.trace(model, random_input(model, 0))
    assert trace.max_error < 1e-5
    for _ in range(1000 if model.spec.family == "cnn" else 200):
        record = random_numbers.choice(trace.records)
        found = engine.explain(trace, record.name, [random_numbers.randrange(size) for size in record.shape])
        assert found.error < 1e-4 and "approximation" not in found.extra


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, spec in engine.MODELS.items() if spec.family == "rnn"])
def test_replay_errors_of_500_random_inputs_stay_below_1e_5(name: str) -> None:
    model, lengths = engine.load(name), random.Random(1)
    for seed in range(500):
        trace = engine.trace(model, random_input(model, seed, lengths.randint(1, 60)))
        errors = [engine.gates(trace, record.name).error for record in trace if record.op in ("rnn", "lstm", "gru")]
        assert errors and max(errors) < 1e-5


def test_predictions_are_all_classes_with_logits_and_probabilities() -> None:
    model = engine.load("lenet5")
    trace = engine.trace(model, torch.rand(1, 1, 32, 32))
    answers = trace.predictions
    assert sorted(answer.index for answer in answers) == list(range(10))
    assert sum(answer.probability for answer in answers) == pytest.approx(1.0)
    assert [a.probability for a in answers] == sorted((a.probability for a in answers), reverse=True)
    logits = trace["softmax"].array("input")
    assert all(answer.logit == logits[answer.index] for answer in answers)


def test_wrong_names_and_indices_say_what_would_have_been_right() -> None:
    trace = engine.trace(net(), torch.randn(1, 4, 8, 8))
    with pytest.raises(UnknownNode, match=r"0\.conv1"):
        trace["0.conv"]
    for index in [(0, 0), (4, 0, 0), (0, -1, 0), (0, 0, 8), (0, 0, 0, 0), ()]:
        with pytest.raises(IndexOutOfRange, match=r"0\.\.3, 0\.\.7, 0\.\.7"):
            engine.explain(trace, "0.conv1", index)
    with pytest.raises(InputError, match="batch of one"):
        engine.trace(net(), torch.randn(2, 4, 8, 8))
    with pytest.raises(InputError, match="lenet5"):
        engine.trace(engine.load("lenet5"), torch.randn(1, 3, 32, 32))


def test_statistics_are_those_of_the_output() -> None:
    record = engine.trace(net(), torch.randn(1, 4, 8, 8))["0.relu"]
    values = record.result
    assert record.stats["max"] == float(values.max()) and record.stats["min"] == 0.0
    assert record.stats["zeros"] == pytest.approx(float((values == 0).mean()))
    assert record.stats["mean"] == pytest.approx(float(values.mean()), rel=1e-5)
    assert record.stats["std"] == pytest.approx(float(np.std(values)), rel=1e-5)
