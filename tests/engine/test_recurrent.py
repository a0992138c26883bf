"""Recurrent layers opened: the replay equals torch.nn, the explanations add up, the course's examples come out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

import engine
from engine.errors import IndexOutOfRange, InputError, NotRecurrent
from engine.recurrent import gates_of

CELLS: dict[str, type[nn.RNNBase]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
LENGTHS = st.one_of(st.integers(1, 12), st.sampled_from([33, 100, 256, 512]))


class Given(nn.Module):
    """A recurrent layer that starts from given states."""

    def __init__(self, layer: nn.RNNBase, state: Any) -> None:
        super().__init__()
        self.layer, self.state = layer, state

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x, self.state)[0]


@st.composite
def networks(draw: st.DrawFn, cell: str) -> tuple[Given, Tensor]:
    """Any configuration that torch.nn offers, with an input for it."""
    inputs, hidden, layers = draw(st.integers(1, 9)), draw(st.integers(2, 17)), draw(st.integers(1, 3))
    options: dict[str, Any] = {
        "bias": draw(st.booleans()),
        "batch_first": draw(st.booleans()),
        "bidirectional": draw(st.booleans()),
        "dropout": draw(st.sampled_from([0.0, 0.5])) if layers > 1 else 0.0,
    }
    if cell == "rnn":
        options["nonlinearity"] = draw(st.sampled_from(["tanh", "relu"]))
    if cell == "lstm":
        options["proj_size"] = draw(st.sampled_from([0, 0, 1, hidden - 1]))
    layer = CELLS[cell](inputs, hidden, layers, **options).eval().requires_grad_(False)
    steps = draw(LENGTHS)
    x = torch.randn((1, steps, inputs) if options["batch_first"] else (steps, 1, inputs))
    state = None
    if draw(st.booleans()):
        rows, outputs = layers * (2 if options["bidirectional"] else 1), options.get("proj_size") or hidden
        state = torch.randn(rows, 1, outputs)
        state = (state, torch.randn(rows, 1, hidden)) if cell == "lstm" else state
    return Given(layer, state), x


def drawn(data: st.DataObject, cell: str, seed: int) -> tuple[engine.Trace, Given, Tensor]:
    torch.manual_seed(seed)
    module, x = data.draw(networks(cell))
    return engine.trace(module, x), module, x


SEARCH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("cell", CELLS)
@SEARCH
@given(data=st.data(), seed=st.integers(0, 2**31))
def test_the_replay_equals_torch_and_says_how_far_it_is(cell: str, data: st.DataObject, seed: int) -> None:
    trace, module, x = drawn(data, cell, seed)
    gates = engine.gates(trace, "layer")
    assert gates.error < 1e-5 and trace.max_error >= gates.error
    with torch.no_grad():
        output, state = module.layer(x, module.state)
    output = output.squeeze(0 if module.layer.batch_first else 1).numpy()
    last = np.concatenate([gates.h[-1, direction] for direction in range(gates.directions)], axis=1)
    np.testing.assert_array_equal(last, output)
    by_hand = trace["layer"].operation.by_hand(trace["layer"])
    scale = max(1.0, float(np.abs(output).max()))
    np.testing.assert_allclose(by_hand, output, rtol=1e-5, atol=1e-5 * scale)
    ends = [-1, 0][: gates.directions]
    final_h = np.stack([gates.h[layer, d, end] for layer in range(gates.layers) for d, end in enumerate(ends)])
    h_n, c_n = state if cell == "lstm" else (state, None)
    np.testing.assert_allclose(final_h, h_n[:, 0].numpy(), rtol=1e-5, atol=1e-5 * scale)
    if c_n is not None and gates.c is not None:
        final_c = np.stack([gates.c[layer, d, end] for layer in range(gates.layers) for d, end in enumerate(ends)])
        np.testing.assert_allclose(final_c, c_n[:, 0].numpy(), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("cell", CELLS)
@SEARCH
@given(data=st.data(), seed=st.integers(0, 2**31))
def test_the_equations_hold_between_all_the_gates_shown(cell: str, data: st.DataObject, seed: int) -> None:
    gates = engine.gates(drawn(data, cell, seed)[0], "layer")
    g, a = ({key: each.astype(np.float64) for key, each in part.items()} for part in (gates.gates, gates.preactivations))
    close = {"rtol": 1e-5, "atol": 2e-6}

    def sigmoid(x: Any) -> Any:
        return 1 / (1 + np.exp(-x))

    if cell == "lstm":
        for name in "ifo":
            np.testing.assert_allclose(g[name], sigmoid(a[name]), **close)
        np.testing.assert_allclose(g["g"], np.tanh(a["g"]), **close)
        np.testing.assert_allclose(gates.c, g["f"] * gates.c_previous + g["i"] * g["g"], **close)
        if gates.h.shape == g["o"].shape:
            np.testing.assert_allclose(gates.h, g["o"] * np.tanh(gates.c), **close)
    elif cell == "gru":
        np.testing.assert_allclose(g["r"], sigmoid(a["r"]), **close)
        np.testing.assert_allclose(g["z"], sigmoid(a["z"]), **close)
        np.testing.assert_allclose(g["n"], np.tanh(a["n"]), **close)
        np.testing.assert_allclose(gates.h, (1 - g["z"]) * g["n"] + g["z"] * gates.h_previous, **close)
    else:
        np.testing.assert_array_equal(g["h"].shape, gates.h.shape)
        scale = max(1.0, float(np.abs(gates.h).max()))
        np.testing.assert_allclose(gates.h, g["h"], rtol=1e-5, atol=1e-5 * scale)
    later, earlier = gates.h_previous[:, 0, 1:], gates.h[:, 0, :-1]
    np.testing.assert_array_equal(later, earlier)
    if gates.directions == 2:
        np.testing.assert_array_equal(gates.h_previous[:, 1, :-1], gates.h[:, 1, 1:])


@pytest.mark.parametrize("cell", CELLS)
@SEARCH
@given(data=st.data(), seed=st.integers(0, 2**31))
def test_an_opened_unit_adds_up_from_the_inputs_to_the_state(cell: str, data: st.DataObject, seed: int) -> None:
    trace, _, _ = drawn(data, cell, seed)
    gates = engine.gates(trace, "layer")
    shape = (gates.layers, gates.directions, gates.steps, gates.hidden)
    index = tuple(data.draw(st.integers(0, size - 1)) for size in shape)
    found = engine.explain(trace, "layer", index)
    assert found.error < 1e-5
    opened = {gate["name"]: gate for gate in found.extra["gates"]}
    for gate in opened.values():
        assert_gate_adds_up(gate, opened)
        assert gate["value"] == pytest.approx(gates.gates[gate["name"]][index], rel=1e-4, abs=1e-5)
        assert_sources_hold(trace, gates, gate, index)
    assert_update_holds(found, opened)
    assert sum(term.product for term in found.terms) + (found.bias or 0.0) == pytest.approx(found.result, rel=1e-12)


def assert_gate_adds_up(gate: dict[str, Any], opened: dict[str, dict[str, Any]]) -> None:
    for side in ("input", "recurrent"):
        assert all(term["weight"] * term["value"] == term["product"] for term in gate[side])
        assert sum(term["product"] for term in gate[side]) == pytest.approx(gate[f"{side}_sum"], rel=1e-9, abs=1e-12)
    if "hn" in gate:
        assert gate["hn"] == gate["recurrent_sum"] + gate["bias_hh"]
        assert gate["reset"] == opened["r"]["value"]
        expected = gate["input_sum"] + gate["bias_ih"] + gate["reset"] * gate["hn"]
    else:
        expected = gate["input_sum"] + gate["bias_ih"] + gate["recurrent_sum"] + gate["bias_hh"]
    assert gate["preactivation"] == pytest.approx(expected, rel=1e-12, abs=1e-15)
    squash = {"sigmoid": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh, "relu": lambda a: max(0.0, a)}[gate["squash"]]
    assert gate["value"] == pytest.approx(float(squash(gate["preactivation"])), rel=1e-12)


def assert_sources_hold(trace: engine.Trace, gates: engine.Gates, gate: dict[str, Any], index: tuple[int, ...]) -> None:
    """The values are those of the nodes and states that they say they are."""
    for term in gate["input"]:
        source = term["source"]
        where = trace[source["node"]].result if source["node"] == "input" else gates.h
        assert where[tuple(source["index"])] == term["value"]
    values = [term["value"] for term in gate["recurrent"]]
    np.testing.assert_array_equal(np.float32(values), gates.h_previous[index[:3]])
    for term in gate["recurrent"]:
        if term["source"] is not None:
            assert gates.h[tuple(term["source"]["index"])] == term["value"]


def assert_update_holds(found: engine.Explanation, opened: dict[str, dict[str, Any]]) -> None:
    """Each line of the update, evaluated as printed on its printed operands, gives the printed value."""
    for line in found.extra["update"]:
        names = {"tanh(c)": "TANH", "1 - z": "REST"}
        expression = line["expression"]
        for name, stand_in in names.items():
            expression = expression.replace(name, stand_in) if name in line["operands"] else expression
        operands = {names.get(name, name): value for name, value in line["operands"].items()}
        squashes = {"tanh": np.tanh, "relu": lambda a: max(0.0, a)}
        assert eval(expression, {}, {**squashes, **operands}) == pytest.approx(line["value"], rel=1e-12, abs=1e-300)
        for name in set(opened) & set(line["operands"]):
            assert line["operands"][name] == opened[name]["value"]
    assert found.extra["update"][-1]["value"] == found.result


@pytest.mark.parametrize("cell", CELLS)
def test_a_channel_of_the_output_is_a_unit_of_the_last_layer(cell: str) -> None:
    torch.manual_seed(0)
    trace = engine.trace(CELLS[cell](3, 4, 2, bidirectional=True, batch_first=True), torch.randn(1, 5, 3))
    for channel, (direction, unit) in enumerate(np.ndindex(2, 4)):
        by_channel = engine.explain(trace, cell, (2, channel))
        by_unit = engine.explain(trace, cell, (1, direction, 2, unit))
        assert by_channel.result == by_unit.result and by_channel.traced == by_unit.traced
        assert by_channel.extra == by_unit.extra


def test_a_projected_channel_is_the_sum_over_all_units() -> None:
    torch.manual_seed(0)
    trace = engine.trace(nn.LSTM(3, 5, proj_size=2, batch_first=True), torch.randn(1, 4, 3))
    found = engine.explain(trace, "lstm", (2, 1))
    assert len(found.terms) == 5
    for unit, term in enumerate(found.terms):
        assert term.source is not None and term.source.index == (0, 0, 2, unit)
        assert engine.explain(trace, "lstm", (0, 0, 2, unit)).result == pytest.approx(term.value, abs=1e-6)


@pytest.mark.parametrize("kind", [nn.LSTMCell, nn.GRUCell, nn.RNNCell])
def test_a_loop_of_cells_is_opened_step_by_step(kind: Any) -> None:
    class Loop(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = kind(3, 4)

        def forward(self, x: Tensor) -> Tensor:
            state = None
            for step in range(x.shape[1]):
                state = self.cell(x[:, step], state)
            return state[0] if isinstance(state, tuple) else state

    torch.manual_seed(0)
    trace = engine.trace(Loop().eval(), torch.randn(1, 3, 3))
    cells = [record for record in trace if record.module == "cell"]
    assert [record.name for record in cells] == ["cell", "cell_1", "cell_2"]
    assert trace.max_error < 1e-5
    found = engine.explain(trace, "cell_1", (2,))
    recurrent = found.extra["gates"][0]["recurrent"]
    assert recurrent[1]["source"] == {"node": "cell", "index": [1]}
    assert recurrent[1]["value"] == engine.explain(trace, "cell", (0, 0, 0, 1)).traced
    assert found.extra["gates"][0]["input"][0]["source"]["node"] == "select_1"


def test_packed_and_unbatched_sequences_are_opened_too() -> None:
    class Packed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = nn.LSTM(3, 4, bidirectional=True, batch_first=True)

        def forward(self, x: Tensor) -> Tensor:
            packed = nn.utils.rnn.pack_padded_sequence(x, [x.shape[1]], batch_first=True)
            return self.lstm(packed)[0].data

    class Unbatched(Packed):
        def forward(self, x: Tensor) -> Tensor:
            return self.lstm(x[0])[0]

    torch.manual_seed(0)
    x = torch.randn(1, 6, 3)
    for module in (Packed(), Unbatched()):
        trace = engine.trace(module, x)
        with torch.no_grad():
            expected = module.lstm(x)[0][0].numpy()
        gates = engine.gates(trace, "lstm")
        np.testing.assert_allclose(np.concatenate([gates.h[0, 0], gates.h[0, 1]], axis=1), expected, atol=1e-6)
        assert engine.explain(trace, "lstm", (0, 1, 2, 3)).error < 1e-5


def test_the_scan_follows_the_run_and_the_second_direction_runs_backwards() -> None:
    torch.manual_seed(0)
    trace = engine.trace(nn.GRU(2, 3, 2, bidirectional=True, batch_first=True), torch.randn(1, 4, 2))
    page = engine.steps(trace, "gru", 0, 100)
    forwards, backwards = [0, 1, 2, 3], [3, 2, 1, 0]
    order = [(layer, d, step) for layer in range(2) for d in range(2) for step in (forwards, backwards)[d]]
    assert [step.index for step in page.steps] == order and page.total == 16
    gates = engine.gates(trace, "gru")
    for step in page.steps:
        assert step.result == pytest.approx(float(np.linalg.norm(gates.h[step.index])), rel=1e-6)
    first, second = page.steps[4].window, page.steps[5].window
    assert len(first) == 1 and first[0]["start"] == [3, 0]
    assert second[1]["start"] == [0, 1, 3, 0] and second[1]["node"] == "gru"


def test_half_life_is_how_long_a_constant_forget_gate_keeps_half() -> None:
    layer = nn.LSTM(1, 2, bias=True, batch_first=True).requires_grad_(False)
    for parameter in layer.parameters():
        parameter.zero_()
    layer.bias_ih_l0[2:4] = torch.tensor([1.0, 100.0])
    gates = engine.gates(engine.trace(layer, torch.zeros(1, 9, 1)), "lstm")
    forget = 1 / (1 + np.exp(-1.0))
    assert gates.half_life[0, 0, 0] == pytest.approx(np.log(0.5) / np.log(forget), rel=1e-6)
    assert gates.half_life[0, 0, 1] == np.inf


def test_what_cannot_be_opened_is_said() -> None:
    trace = engine.trace(nn.Sequential(nn.Linear(3, 3)), torch.randn(1, 3))
    with pytest.raises(NotRecurrent, match="no recurrent layer"):
        engine.gates(trace, "0")
    trace = engine.trace(nn.GRU(3, 4, batch_first=True), torch.randn(1, 5, 3))
    with pytest.raises(NotRecurrent, match="gru"):
        engine.gates(trace, "input")
    for index in [(5, 0), (0, 4), (0, 0, 5, 0), (0, 1, 0, 0), (0, 0, 0), (-1, 0)]:
        with pytest.raises(IndexOutOfRange):
            engine.explain(trace, "gru", index)
    dropping = engine.trace(nn.LSTM(3, 4, 2, dropout=0.5, batch_first=True).train(), torch.randn(1, 5, 3))
    with pytest.raises(InputError, match="eval"):
        engine.gates(dropping, "lstm")


def test_eight_threads_record_the_same_gates() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.LSTM(3, 16, 2, bidirectional=True, batch_first=True)).eval()
    inputs = [torch.randn(1, 20 + i, 3) for i in range(24)]

    def run(x: Tensor) -> engine.Gates:
        return engine.gates(engine.trace(model, x), "0")

    alone = [run(x) for x in inputs]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(run, inputs))
    for one, many in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one.h, many.h)
        assert all(np.array_equal(one.gates[name], many.gates[name]) for name in one.gates)
        assert one.error == many.error < 1e-5


def test_gates_of_256_steps_are_within_2e_6_of_double_precision() -> None:
    torch.manual_seed(0)
    x = torch.randn(1, 256, 128)
    for cell, kind in CELLS.items():
        layer = kind(128, 128, batch_first=True).requires_grad_(False)
        gates = engine.gates(engine.trace(layer, x), cell)
        exact = engine.gates(engine.trace(layer.double(), x.double()), cell)
        assert np.abs(gates.h - exact.h).max() < 2e-6
        assert max(np.abs(gates.gates[name] - exact.gates[name]).max() for name in gates.gates) < 2e-6
        assert gates.c is None or np.abs(gates.c - exact.c).max() < 2e-6


# The course's worked examples


def all_ones() -> nn.Module:
    """Two inputs, two units, two outputs, every weight one, no bias; ReLU is linear on these positive numbers."""
    net = nn.Sequential(nn.RNN(2, 2, nonlinearity="relu", bias=False, batch_first=True))
    net[0].requires_grad_(False)
    for parameter in net.parameters():
        parameter.fill_(1.0)
    return net


@pytest.mark.parametrize(
    ("sequence", "hidden"),
    [([(1, 1), (1, 1), (2, 2)], [2, 6, 16]), ([(2, 2), (1, 1), (1, 1)], [4, 10, 22])],
)
def test_the_network_of_ones_sums_what_it_has_seen(sequence: Any, hidden: list[int]) -> None:
    trace = engine.trace(all_ones(), torch.tensor([sequence], dtype=torch.float32))
    states = engine.gates(trace, "0").h[0, 0]
    assert states.tolist() == [[value, value] for value in hidden]
    assert [2 * value for value in hidden] in ([4, 12, 32], [8, 20, 44])  # the outputs: the sum of both units
    found = engine.explain(trace, "0", (0, 0, 2, 1))
    (gate,) = found.extra["gates"]
    assert gate["input_sum"] == 2 * sequence[2][0] and gate["recurrent_sum"] == 2 * hidden[1]
    assert found.result == found.traced == hidden[2]


SMALL = 2.0**-13  # tanh is linear for numbers this small, as the example wants candidate and output to be


def memory_cell() -> nn.Module:
    """Candidate x1, input gate 100 x2 - 10, forget gate 100 x2 + 10, output gate 100 x3 - 10."""
    layer = nn.LSTM(3, 1, batch_first=True).requires_grad_(False)
    layer.weight_ih_l0.copy_(torch.tensor([[0, 100, 0], [0, 100, 0], [SMALL, 0, 0], [0, 0, 100.0]]))
    layer.weight_hh_l0.zero_()
    layer.bias_hh_l0.zero_()
    layer.bias_ih_l0.copy_(torch.tensor([-10.0, 10.0, 0.0, -10.0]))
    return layer


def test_the_lstm_cell_writes_keeps_reads_and_resets() -> None:
    sequence = [(3, 1, 0), (4, 1, 0), (2, 0, 0), (1, 0, 1), (3, -1, 0)]
    trace = engine.trace(memory_cell(), torch.tensor([sequence], dtype=torch.float32))
    gates = engine.gates(trace, "lstm")
    memory, output = gates.c[0, 0, :, 0] / SMALL, gates.h[0, 0, :, 0] / SMALL
    assert np.round(memory).tolist() == [3, 7, 7, 7, 0] and np.round(output).tolist() == [0, 0, 0, 7, 0]
    assert memory[2] == pytest.approx(6.999773, abs=1e-6)
    assert 0 < output[0] < 2e-4  # "0" with real sigmoids
    written = np.round(gates.gates["i"][0, 0, :, 0]).tolist()
    kept, read = np.round(gates.gates["f"][0, 0, :, 0]).tolist(), np.round(gates.gates["o"][0, 0, :, 0]).tolist()
    assert (written, kept, read) == ([1, 1, 0, 0, 0], [1, 1, 1, 1, 0], [0, 0, 0, 1, 0])
    cell, slide = 0.0, []
    for (x1, _, _), i, f in zip(sequence, written, kept, strict=True):
        cell = f * cell + i * x1
        slide.append(cell)
    assert slide == [3, 7, 7, 7, 0]


def test_the_lstm_table_of_nine_steps() -> None:
    x1, x2, x3 = [1, 3, 2, 4, 2, 1, 3, 6, 1], [0, 1, 0, 1, 0, 0, -1, 1, 0], [0, 0, 0, 0, 0, 1, 0, 0, 1]
    sequence = torch.tensor([x1, x2, x3], dtype=torch.float32).T[None]
    gates = engine.gates(engine.trace(memory_cell(), sequence), "lstm")
    assert np.round(gates.c[0, 0, :, 0] / SMALL).tolist() == [0, 3, 3, 7, 7, 7, 0, 6, 6]
    output = np.round(gates.h[0, 0, :, 0] / SMALL).tolist()
    assert output == [0, 0, 0, 0, 0, 7, 0, 0, 6]


def test_the_gru_mixes_as_torch_does() -> None:
    """z = 0.9, n = 0.5, h = -1: torch's convention gives -0.85; the other would give 0.35."""
    layer = nn.GRU(1, 1, batch_first=True).requires_grad_(False)
    for parameter in layer.parameters():
        parameter.zero_()
    layer.bias_ih_l0.copy_(torch.tensor([0.0, np.log(9.0), np.arctanh(0.5)]))
    trace = engine.trace(Given(layer, torch.tensor([[[-1.0]]])), torch.zeros(1, 1, 1))
    found = engine.explain(trace, "layer", (0, 0, 0, 0))
    assert found.result == pytest.approx(-0.85, abs=1e-6) and found.traced == pytest.approx(-0.85, abs=1e-6)
    new, old = found.terms
    assert (new.label, old.label) == ("n", "h_previous")
    assert (new.product, old.product) == (pytest.approx(0.05, abs=1e-6), pytest.approx(-0.9, abs=1e-6))


@pytest.mark.parametrize(("cell", "textbook", "torchs"), [("lstm", 128, 144), ("gru", 96, 108), ("rnn", 32, 36)])
def test_three_inputs_and_four_units_have_this_many_parameters(cell: str, textbook: int, torchs: int) -> None:
    record = engine.trace(CELLS[cell](3, 4, batch_first=True), torch.randn(1, 2, 3))[cell]
    tensors = record.operation.tensors(record)
    assert set(record.parameters.values()) == {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"}
    assert sum(tensor.numel() for tensor in tensors.values()) == torchs
    assert torchs - tensors["bias_hh_l0"].numel() == textbook  # books write one bias where torch has two


def test_reading_a_record_twice_is_free() -> None:
    record = engine.trace(nn.GRU(3, 4, batch_first=True), torch.randn(1, 5, 3))["gru"]
    assert gates_of(record) is gates_of(record)
