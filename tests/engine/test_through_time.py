"""Gradients: equal to torch's for everything torch can tell, and to finite differences for states inside a layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

import engine
from engine import Intervention
from engine.errors import IndexOutOfRange

CELLS: dict[str, type[nn.RNNBase]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Reader(nn.Module):
    """Tokens to one answer per step, or to one answer after the last."""

    def __init__(self, cell: str, each: bool = True, **options: Any) -> None:
        super().__init__()
        self.embedding, self.each = nn.Embedding(9, 4), each
        self.layer = CELLS[cell](4, 5, batch_first=True, **options)
        width = options.get("proj_size", 0) or 5
        self.head = nn.Linear(width * (2 if options.get("bidirectional") else 1), 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.after_embedding(self.embedding(x))

    def after_embedding(self, embedded: Tensor) -> Tensor:
        states = torch.tanh(self.layer(embedded)[0])
        return self.head(states if self.each else states[:, -1])


def reader(cell: str, **options: Any) -> Reader:
    torch.manual_seed(2)
    return Reader(cell, **options).eval().requires_grad_(False)


@pytest.mark.parametrize("cell", CELLS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_gradients_of_the_inputs_are_those_of_torch_s_own_fused_layer(cell: str, data: st.DataObject) -> None:
    options = {"num_layers": data.draw(st.integers(1, 2)), "bidirectional": data.draw(st.booleans())}
    if cell == "lstm" and data.draw(st.booleans()):
        options["proj_size"] = 2
    model, steps = reader(cell, **options), data.draw(st.integers(1, 30))
    step, target = data.draw(st.integers(0, steps - 1)), data.draw(st.integers(0, 2))
    ids = torch.randint(0, 9, (1, steps))
    found = engine.gradients(engine.trace(model, ids), target, step)
    embedded = model.embedding(ids).requires_grad_()
    logit = model.after_embedding(embedded)[0, step, target]
    (expected,) = torch.autograd.grad(logit, embedded)
    np.testing.assert_allclose(found.nodes["embedding"], expected[0].numpy(), atol=1e-6)
    np.testing.assert_allclose(found.recurrent["layer"]["x"], expected[0].numpy(), atol=1e-6)
    assert found.value == pytest.approx(float(logit.detach()), abs=1e-5) and found.step == step
    norms = found.recurrent["layer"]["norms"]
    np.testing.assert_allclose(norms["x"], np.linalg.norm(expected[0].numpy(), axis=1), atol=1e-6)
    for name in ("h", "c") if cell == "lstm" else ("h",):
        array = found.recurrent["layer"][name]
        np.testing.assert_allclose(norms[name], np.sqrt((array.astype(np.float64) ** 2).sum(axis=-1)), atol=1e-6)
    assert found.recurrent["layer"]["h"].shape[2] == steps


@pytest.mark.parametrize(("cell", "state"), [("rnn", "h"), ("gru", "h"), ("lstm", "h"), ("lstm", "c")])
def test_gradients_of_a_state_are_total_derivatives_by_finite_differences(cell: str, state: str) -> None:
    """Pin one unit's state a little higher and a little lower, run the whole model, and look at the logit."""
    model, ids = reader(cell, num_layers=2, bidirectional=True), torch.tensor([[1, 5, 2, 8, 3, 3, 0]])
    model = model.double()  # finite differences need the digits
    trace = engine.trace(model, ids)
    found, gates = engine.gradients(trace, 1, 4), engine.gates(trace, "layer")
    values, width = getattr(gates, state), 1e-5
    for layer, direction, step, unit in [(0, 0, 0, 0), (0, 1, 6, 3), (1, 0, 2, 4), (1, 1, 5, 1), (1, 0, 6, 0), (0, 0, 5, 2)]:
        centre, logits = float(values[layer, direction, step, unit]), []
        for value in (centre + width, centre - width):
            pin = Intervention("layer", layer, direction, state=state, value=value, units=(unit,), steps=(step, step + 1))
            logits.append(engine.trace(model, ids, interventions=[pin])["head"].result[4, 1])
        slope = (logits[0] - logits[1]) / (2 * width)
        assert found.recurrent["layer"][state][layer, direction, step, unit] == pytest.approx(slope, abs=1e-7)
    assert found.recurrent["layer"]["h"][1, 0, 6].tolist() == [0.0] * 5, "what comes later forwards has no say"


def test_without_a_step_the_last_answer_is_meant_and_a_single_answer_has_none() -> None:
    ids = torch.tensor([[1, 5, 2, 8]])
    assert engine.gradients(engine.trace(reader("gru"), ids), 0).step == 3
    once = engine.gradients(engine.trace(reader("gru", each=False), ids), 2)
    assert once.step is None and np.abs(once.recurrent["layer"]["h"][0, 0, 3]).max() > 0


def test_answers_that_do_not_exist_are_said() -> None:
    trace = engine.trace(reader("gru"), torch.tensor([[1, 5]]))
    for target, step in [(3, 0), (-1, 0), (0, 2), (0, -1)]:
        with pytest.raises(IndexOutOfRange, match=r"0\.\.1, 0\.\.2"):
            engine.gradients(trace, target, step)
    once = engine.trace(reader("gru", each=False), torch.tensor([[1, 5]]))
    with pytest.raises(IndexOutOfRange, match=r"0\.\.2"):
        engine.gradients(once, 3)


def test_a_forced_run_has_the_gradients_of_the_forced_run() -> None:
    model, ids = reader("lstm"), torch.tensor([[1, 5, 2, 8, 3]])
    shut = engine.trace(model, ids, interventions=[Intervention("layer", gate="f", value=0.0)])
    found = engine.gradients(shut, 0, 4)
    assert found.value == pytest.approx(float(shut["head"].result[4, 0]), abs=1e-5)
    recurrent, plain = found.recurrent["layer"], engine.gradients(engine.trace(model, ids), 0, 4).recurrent["layer"]
    assert np.abs(recurrent["c"][0, 0, 4]).max() > 0
    assert np.abs(plain["c"][0, 0, 0]).max() > np.abs(recurrent["c"][0, 0, 0]).max()


def test_every_node_has_a_gradient_of_its_shape_even_in_place_and_in_pictures() -> None:
    class InPlace(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.relu, self.head = nn.Conv2d(1, 2, 3), nn.ReLU(inplace=True), nn.Linear(32, 3)

        def forward(self, x: Tensor) -> Tensor:
            y = self.conv(x)
            y += 1
            return self.head(self.relu(y).flatten(1))

    torch.manual_seed(0)
    model, x = InPlace().eval().requires_grad_(False), torch.randn(1, 1, 6, 6)
    trace = engine.trace(model, x)
    found = engine.gradients(trace, 2)
    assert {name: array.shape for name, array in found.nodes.items()} == {r.name: r.shape for r in trace}
    leaf = x.clone().requires_grad_()
    before = model.conv(leaf)
    after = F.relu(before + 1)
    logit = model.head(after.flatten(1))[0, 2]
    expected = torch.autograd.grad(logit, [leaf, before, after])
    for name, gradient in zip(("input", "conv", "relu"), expected, strict=True):
        np.testing.assert_allclose(found.nodes[name], gradient[0].numpy(), atol=1e-6)


def test_gradients_of_a_trained_network_leave_the_trace_as_it_was() -> None:
    model = engine.load("lenet5")
    trace = engine.trace(model, torch.rand(1, 1, 32, 32))
    before = {record.name: record.result.copy() for record in trace}
    found = engine.gradients(trace, trace.predictions[0].index)
    assert found.value == pytest.approx(trace.predictions[0].logit, rel=1e-5)
    assert set(found.nodes) == set(trace.names) and not found.nodes["softmax"].any()
    assert all(np.array_equal(record.result, before[record.name]) for record in trace)


class LinearChain(nn.Module):
    """An RNN whose states are all one, where ReLU is linear with slope one; it answers with the sum of the last state."""

    def __init__(self, matrix: Any) -> None:
        super().__init__()
        weight = torch.tensor(matrix.T)
        self.layer = nn.RNN(3, 3, nonlinearity="relu", batch_first=True).double().requires_grad_(False)
        self.layer.weight_hh_l0.copy_(weight)
        self.layer.bias_ih_l0.fill_(1.0)
        self.layer.bias_hh_l0.copy_(-weight @ torch.ones(3, dtype=torch.float64))

    def forward(self, x: Tensor) -> Tensor:
        last = self.layer(x, torch.ones(1, 1, 3, dtype=torch.float64))[0][:, -1]
        return F.linear(last, torch.ones(1, 3, dtype=torch.float64))


def norms_through_time(matrix: Any) -> list[float]:
    """Of d sum / d h, from the last of 21 states backwards, averaged as the course's batch of two is."""
    trace = engine.trace(LinearChain(matrix), torch.zeros(1, 21, 3, dtype=torch.float64))
    norms = engine.gradients(trace, 0).recurrent["layer"]["norms"]["h"][0, 0]
    return [float(norm) / np.sqrt(2) for norm in norms[::-1]]


def test_gradient_norms_explode_with_the_course_s_matrix_and_vanish_with_half_of_it() -> None:
    matrix = np.random.RandomState(3).randn(3, 3)
    exploding, vanishing = norms_through_time(matrix), norms_through_time(matrix / 2)
    assert exploding[1:5] == pytest.approx([2.4684068, 3.3357050, 4.7832794, 6.2795873], abs=1e-6)
    assert np.linalg.svd(matrix)[1].max() > 1 > np.linalg.svd(matrix / 2)[1].max() / 2
    for steps, (one, half) in enumerate(zip(exploding, vanishing, strict=True)):
        assert half == pytest.approx(one / 2**steps, rel=1e-9)
    assert exploding[20] > 50 and vanishing[20] < 1e-3
