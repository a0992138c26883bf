"""Networks set by hand, small enough to follow on paper: the worked examples of the course."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .spec import ModelSpec, SeriesInput

SMALL = 2.0**-13
"""tanh(x) is x to seven digits for numbers below 10 times this: it makes an LSTM's squashing linear."""

SHARP = 100.0  # a signal of 1 opens or shuts a gate
BIAS = 10.0  # what holds a gate open or shut while there is no signal


class AllOnes(nn.Module):
    """A plain recurrent network, all weights one and no bias; its inputs are positive, so that ReLU is linear.

    (1, T, 2) -> (1, T, 2): two hidden units, each the sum of both inputs and both units before; each output their sum.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.RNN(2, 2, nonlinearity="relu", bias=False, batch_first=True)
        self.head = nn.Linear(2, 2, bias=False)
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.fill_(1.0)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.rnn(x)
        return self.head(states)


class Memory(nn.Module):
    """One LSTM unit that is written to, read and reset by signals: (1, T, 3) -> (1, T, 1).

    x1 is the candidate; x2 = 1 opens the input gate, x2 = -1 shuts the forget gate, x3 = 1 opens the output gate. The
    example wants candidate and output without squashing: the unit works on numbers SMALL times as large, where tanh is
    linear, and the head makes them large again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 1, batch_first=True)
        self.head = nn.Linear(1, 1, bias=False)
        gates = {"i": (0, SHARP, 0), "f": (0, SHARP, 0), "g": (SMALL, 0, 0), "o": (0, 0, SHARP)}
        bias = {"i": -BIAS, "f": BIAS, "g": 0.0, "o": -BIAS}
        with torch.no_grad():
            for parameter in self.lstm.parameters():
                parameter.zero_()
            own = dict(self.lstm.named_parameters())
            own["weight_ih_l0"].copy_(torch.tensor(list(gates.values())))
            own["bias_ih_l0"].copy_(torch.tensor(list(bias.values())))
            self.head.weight.fill_(1 / SMALL)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.lstm(x)
        return self.head(states)


WORKED_RNN = ModelSpec(
    id="worked-rnn",
    build=AllOnes,
    input=SeriesInput(features=2, max_length=100),
    classes=(),
    reference="the course's example of a simple recurrent network; all weights one",
    family="rnn",
    task="worked",
    cell="rnn",
    pattern="many-to-many",
)

WORKED_LSTM = ModelSpec(
    id="worked-lstm",
    build=Memory,
    input=SeriesInput(features=3, max_length=100),
    classes=(),
    reference="the course's example of an LSTM cell with signals to write, read and reset",
    family="rnn",
    task="worked",
    cell="lstm",
    pattern="many-to-many",
    state_unit=SMALL,
)
