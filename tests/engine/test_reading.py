"""Reading a unit: the features are what their names say, and a unit built to follow one is found."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import engine
from engine.errors import InputError, NotRecurrent
from engine.models.spec import Model, ModelSpec, TextInput
from engine.reading import FEATURES, correlations, pearson

VOCABULARY = ("<pad>", "<unk>", *' "abcdeAB(),.\n12', "not", "好", "不", "“", "”")


def values(name: str, *tokens: str) -> list[float]:
    return FEATURES[name](tokens).tolist()


def test_features_are_what_their_names_say() -> None:
    assert values("position", *"abc") == [0, 1, 2]
    assert values("position-in-line", *"ab\ncd") == [0, 1, 2, 0, 1]
    assert values("in-quotes", *'a"b"c') == [0, 1, 1, 1, 0]
    assert values("in-quotes", *"a“b”c") == [0, 1, 1, 1, 0]
    assert values("in-brackets", *"a(b)c") == [0, 1, 1, 1, 0]
    assert values("after-negation", "it", "is", "not", "good", ",", "but") == [0, 0, 0, 1, 0, 0]
    assert values("after-negation", *"我不知道。好") == [0, 0, 1, 1, 0, 0]
    assert values("vowel", *"aBé") == [1, 0, 0]
    assert values("upper-case", *"aA好") == [0, 1, 0]
    assert values("punctuation", *"a,。 ") == [0, 1, 1, 0]
    assert values("digit", *"a1") == [0, 1] and values("chinese", *"a好") == [0, 1]
    assert values("since-space", *"ab c") == [0, 1, 2, 0]


class Follows(nn.Module):
    """Unit 0 goes up with every step, unit 1 is high in upper case, unit 2 never moves."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(len(VOCABULARY), 1)
        self.rnn = nn.RNN(1, 3, batch_first=True)
        with torch.no_grad():
            self.embedding.weight.copy_(torch.tensor([[float(token.isupper())] for token in VOCABULARY]))
            self.rnn.weight_ih_l0.copy_(torch.tensor([[0.0], [1.0], [0.0]]))
            self.rnn.weight_hh_l0.copy_(torch.diag(torch.tensor([1.0, 0.0, 0.0])))
            self.rnn.bias_ih_l0.copy_(torch.tensor([0.01, 0.0, 0.0]))
            self.rnn.bias_hh_l0.zero_()

    def forward(self, x: Tensor) -> Tensor:
        return self.rnn(self.embedding(x))[0]


def traced(text: str) -> engine.Trace:
    module = Follows().eval().requires_grad_(False)
    spec = ModelSpec(
        "follows", Follows, TextInput("character", VOCABULARY), ("x", "y", "z"), "a test", "rnn", "language", "rnn"
    )
    ids = torch.tensor([[VOCABULARY.index(character) for character in text]])
    return engine.trace(Model(spec, module, {}, ""), ids)


def test_a_unit_that_follows_a_feature_is_found() -> None:
    found = {each.unit: each for each in correlations(traced("aAbBaa(Ab) ABa"), "rnn")}
    assert found[0].feature == "position" and found[0].r > 0.99
    assert found[1].feature == "upper-case" and found[1].r == pytest.approx(1.0)
    assert 2 not in found, "a unit that never moves goes along with nothing"


def test_the_strongest_comes_first_and_every_r_is_pearson_s() -> None:
    trace = traced("aAbBaa(Ab) ABa")
    found, states = correlations(trace, "rnn"), engine.gates(trace, "rnn").h
    assert [abs(each.r) for each in found] == sorted((abs(each.r) for each in found), reverse=True)
    for each in found:
        series = states[each.layer, each.direction, :, each.unit]
        expected = np.corrcoef(series, FEATURES[each.feature](tuple("aAbBaa(Ab) ABa")))[0, 1]
        assert each.r == pytest.approx(expected, abs=1e-6)


def test_too_short_a_text_and_nodes_without_one_are_said() -> None:
    assert correlations(traced("aA"), "rnn") == ()
    with pytest.raises(NotRecurrent):
        correlations(traced("aAb"), "embedding")
    plain = engine.trace(nn.GRU(2, 3, batch_first=True), torch.randn(1, 4, 2))
    with pytest.raises(InputError, match="text"):
        correlations(plain, "gru")


def test_pearson_of_a_constant_is_not_a_number() -> None:
    r = pearson(np.array([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]]), np.array([[2.0, 4.0, 6.0]]))
    assert r[0, 0] == pytest.approx(1.0) and np.isnan(r[1, 0])
