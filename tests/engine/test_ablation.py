"""Interventions: a forced gate or a pinned state takes part in the run, and everything shown of it still adds up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

import engine
from engine import Intervention
from engine.errors import InputError, UnknownNode

CELLS: dict[str, type[nn.RNNBase]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Tagger(nn.Module):
    """Numbers through a recurrent layer to one answer per step."""

    def __init__(self, cell: str, **options: Any) -> None:
        super().__init__()
        self.add_module(cell, CELLS[cell](3, 6, batch_first=True, **options))
        self.cell, width = cell, options.get("proj_size", 0) or 6
        self.head = nn.Linear(width * (2 if options.get("bidirectional") else 1), 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.get_submodule(self.cell)(x)[0])


def network(cell: str, **options: Any) -> tuple[nn.Module, Tensor]:
    torch.manual_seed(4)
    return Tagger(cell, **options).eval().requires_grad_(False), torch.randn(1, 8, 3)


def test_an_open_forget_gate_and_a_shut_input_gate_keep_the_cell_state() -> None:
    model, x = network("lstm")
    forced = [Intervention("lstm", gate="f", value=1.0, steps=(3, 8)), Intervention("lstm", gate="i", value=0.0, steps=(3, 8))]
    gates = engine.gates(engine.trace(model, x, interventions=forced), "lstm")
    plain = engine.gates(engine.trace(model, x), "lstm")
    np.testing.assert_allclose(gates.c[0, 0, :3], plain.c[0, 0, :3], atol=1e-6)
    for step in range(3, 8):
        np.testing.assert_array_equal(gates.c[0, 0, step], gates.c[0, 0, 2])
        assert (gates.gates["f"][0, 0, step] == 1).all() and (gates.gates["i"][0, 0, step] == 0).all()
    assert not np.allclose(plain.c[0, 0, 7], plain.c[0, 0, 2])


def test_an_open_update_gate_keeps_the_hidden_state() -> None:
    model, x = network("gru")
    gates = engine.gates(engine.trace(model, x, interventions=[Intervention("gru", gate="z", value=1.0)]), "gru")
    assert not gates.h.any(), "from zeros nothing is ever written"


def test_a_zeroed_unit_stays_zero_and_the_others_hear_of_it() -> None:
    model, x = network("lstm")
    pinned = engine.trace(model, x, interventions=[Intervention("lstm", state="c", units=(3,), value=0.0)])
    gates, plain = engine.gates(pinned, "lstm"), engine.gates(engine.trace(model, x), "lstm")
    assert not gates.c[..., 3].any() and not gates.h[..., 3].any()
    others = [unit for unit in range(6) if unit != 3]
    np.testing.assert_allclose(gates.h[0, 0, 0, others], plain.h[0, 0, 0, others], atol=1e-6)
    assert not np.allclose(gates.h[0, 0, 1, others], plain.h[0, 0, 1, others], atol=1e-4)


def test_everything_downstream_sees_what_is_forced() -> None:
    model, x = network("gru", num_layers=2)
    trace = engine.trace(model, x, interventions=[Intervention("gru", layer=0, state="h", value=0.5)])
    gates = engine.gates(trace, "gru")
    assert (gates.h[0] == 0.5).all()
    upper = nn.GRU(6, 6, batch_first=True)
    upper.load_state_dict({key.replace("_l1", "_l0"): value for key, value in model.gru.state_dict().items() if "_l1" in key})
    with torch.no_grad():
        expected = upper(torch.full((1, 8, 6), 0.5))[0]
        answer = model.head(expected)
    np.testing.assert_allclose(gates.h[1, 0], expected[0].numpy(), atol=1e-6)
    np.testing.assert_allclose(trace["head"].result, answer[0].numpy(), atol=1e-6)


def test_the_record_says_what_is_forced_and_a_plain_one_says_nothing() -> None:
    model, x = network("lstm")
    forced = Intervention("lstm", gate="o", value=0.0, units=(1, 2))
    trace = engine.trace(model, x, interventions=[forced])
    assert trace.interventions == (forced,) and trace["lstm"].forced == (forced,)
    assert trace["head"].forced == () and engine.trace(model, x)["lstm"].forced == ()
    opened = {gate["name"]: gate for gate in engine.explain(trace, "lstm", (0, 0, 4, 1)).extra["gates"]}
    assert opened["o"]["forced"] and opened["o"]["value"] == 0.0 and "forced" not in opened["f"]
    free = engine.explain(trace, "lstm", (0, 0, 4, 0)).extra["gates"]
    assert not any("forced" in gate for gate in free)


@st.composite
def interventions(draw: st.DrawFn, cell: str, options: dict[str, Any]) -> list[Intervention]:
    gates = {"lstm": "ifgo", "gru": "rzn", "rnn": "h"}[cell]
    found = []
    for _ in range(draw(st.integers(1, 3))):
        of_state = draw(st.booleans())
        state = draw(st.sampled_from("ch" if cell == "lstm" else "h")) if of_state else None
        width = options["proj_size"] if state == "h" and options.get("proj_size") else 6
        start = draw(st.integers(0, 7))
        found.append(
            Intervention(
                cell,
                layer=draw(st.integers(0, options["num_layers"] - 1)),
                direction=draw(st.integers(0, int(options["bidirectional"]))),
                gate=None if of_state else draw(st.sampled_from(gates)),
                state=state,
                value=draw(st.sampled_from([0.0, 1.0, -0.5])),
                units=draw(st.one_of(st.none(), st.lists(st.integers(0, width - 1), min_size=1, unique=True).map(tuple))),
                steps=draw(st.one_of(st.none(), st.just((start, draw(st.integers(start + 1, 12)))))),
            )
        )
    return found


@pytest.mark.parametrize("cell", CELLS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_forced_run_replays_and_explains_itself(cell: str, data: st.DataObject) -> None:
    options: dict[str, Any] = {"num_layers": data.draw(st.integers(1, 2)), "bidirectional": data.draw(st.booleans())}
    if cell == "lstm" and data.draw(st.booleans()):
        options["proj_size"] = 3
    model, x = network(cell, **options)
    trace = engine.trace(model, x, interventions=data.draw(interventions(cell, options)))
    gates = engine.gates(trace, cell)
    assert gates.error < 1e-5 and trace.max_error < 1e-5
    by_hand = trace[cell].operation.by_hand(trace[cell])
    np.testing.assert_allclose(by_hand, trace[cell].result, atol=1e-5)
    shape = (gates.layers, gates.directions, gates.steps, gates.hidden)
    found = engine.explain(trace, cell, tuple(data.draw(st.integers(0, size - 1)) for size in shape))
    assert sum(term.product for term in found.terms) + (found.bias or 0.0) == pytest.approx(found.result, rel=1e-12)
    assert found.error < 1e-5
    channel = tuple(data.draw(st.integers(0, size - 1)) for size in trace[cell].shape)
    found = engine.explain(trace, cell, channel)
    assert sum(term.product for term in found.terms) + (found.bias or 0.0) == pytest.approx(found.result, rel=1e-12)
    assert found.error < 1e-5


def test_a_decoder_writes_under_the_same_interventions_as_the_run_that_is_shown() -> None:
    class Writer(nn.Module):
        """Reads, then writes six tokens, each the likeliest after the one before."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder, self.decoder = nn.LSTM(3, 6, batch_first=True), nn.LSTM(5, 6, batch_first=True)
            self.embedding, self.head = nn.Embedding(5, 5), nn.Linear(6, 5)

        def forward(self, x: Tensor, fed: Tensor) -> Tensor:
            return self.head(self.decoder(self.embedding(fed), self.encoder(x)[1])[0])

        def decode(self, x: Tensor) -> Tensor:
            state, fed = self.encoder(x)[1], [0]
            while len(fed) < 6:
                states, state = self.decoder(self.embedding(torch.tensor([fed[-1:]])), state)
                fed.append(int(self.head(states)[0, 0].argmax()))
            return torch.tensor([fed])

    torch.manual_seed(1)
    model, x = Writer().eval().requires_grad_(False), torch.randn(1, 4, 3)
    model.embedding.weight *= 3
    forced = [
        Intervention("decoder", state="h", value=0.8, units=(0, 1), steps=(2, 5)),
        Intervention("encoder", gate="i", value=0.0),
    ]
    for given_interventions in ([], forced):
        trace = engine.trace(model, x, interventions=given_interventions)
        fed, likeliest = trace["fed"].result.tolist(), trace["head"].result.argmax(axis=1).tolist()
        assert fed[1:] == likeliest[:-1], "each token that was fed is the likeliest after the one before, in this very run"
        assert engine.gates(trace, "decoder").error < 1e-5
    states = engine.gates(trace, "decoder").h[0, 0, :, :2]
    assert (states[2:5] == np.float32(0.8)).all() and not (states[:2] == np.float32(0.8)).any()


def test_the_decoder_s_first_step_starts_where_the_encoder_ended() -> None:
    class Pair(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder, self.decoder = nn.LSTM(3, 4, batch_first=True), nn.LSTM(3, 4, batch_first=True)

        def forward(self, x: Tensor, fed: Tensor) -> Tensor:
            return self.decoder(fed, self.encoder(x)[1])[0]

    torch.manual_seed(0)
    trace = engine.trace(Pair().eval(), torch.randn(1, 5, 3), torch.randn(1, 2, 3))
    assert trace.names == ("input", "fed", "encoder", "decoder") and set(trace["decoder"].inputs) == {"fed", "encoder"}
    found = engine.explain(trace, "decoder", (0, 0, 0, 2))
    for unit, term in enumerate(found.extra["gates"][0]["recurrent"]):
        assert term["source"] == {"node": "encoder", "index": [0, 0, 4, unit]}
        assert term["value"] == engine.gates(trace, "encoder").h[0, 0, 4, unit]
    np.testing.assert_allclose(found.extra["c_previous"], engine.gates(trace, "encoder").c[0, 0, 4, 2], atol=1e-7)


@pytest.mark.parametrize(
    ("forced", "message"),
    [
        (Intervention("lstm"), "one of"),
        (Intervention("lstm", gate="f", state="c"), "one of"),
        (Intervention("lstm", gate="z"), "i, f, g, o"),
        (Intervention("lstm", state="z"), "c, h"),
        (Intervention("lstm", gate="f", layer=1), r"0\.\.0"),
        (Intervention("lstm", gate="f", units=(6,)), r"0\.\.5"),
        (Intervention("lstm", gate="f", steps=(3, 3)), "start < stop"),
        (Intervention("lstm", gate="f", value=float("nan")), "number"),
    ],
)
def test_what_cannot_be_forced_is_said(forced: Intervention, message: str) -> None:
    model, x = network("lstm")
    with pytest.raises(InputError, match=message):
        engine.trace(model, x, interventions=[forced])


def test_an_unknown_node_is_said() -> None:
    model, x = network("lstm")
    with pytest.raises(UnknownNode, match="lstm"):
        engine.trace(model, x, interventions=[Intervention("gru", gate="z")])
    with pytest.raises(UnknownNode):
        engine.trace(model, x, interventions=[Intervention("head", gate="z")])
