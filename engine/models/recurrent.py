"""Networks that read or write step by step: one module per pattern of input and output, with any of the three cells.

The recurrent layer of a module bears the name of its cell (`rnn`, `lstm`, `gru`), so that a trace does too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

CELLS: dict[str, Callable[..., nn.RNNBase]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Reader(nn.Module):
    """What all of them share: an embedding of tokens, or plain numbers, and one recurrent layer over them."""

    def __init__(self, cell: str, inputs: int, hidden: int, bidirectional: bool = False) -> None:
        super().__init__()
        self.cell = cell
        self.add_module(cell, CELLS[cell](inputs, hidden, batch_first=True, bidirectional=bidirectional))

    @property
    def recurrent(self) -> nn.RNNBase:
        """The layer, whatever its cell."""
        return getattr(self, self.cell)


class SentenceClassifier(Reader):
    """Many to one: tokens (1, T) -> logits (1, classes), read from the last hidden state.

    The head is put on every step, so that one sees the answer form; only the last step's counts.
    """

    def __init__(self, cell: str, vocabulary: int, classes: int, embedding: int, hidden: int, dropout: float) -> None:
        super().__init__(cell, embedding, hidden)
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(hidden, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.each(x)[:, -1]

    def each(self, x: Tensor) -> Tensor:
        """Logits after every step, (N, T, classes)."""
        states, _ = self.recurrent(self.dropout(self.embedding(x)))
        return self.head(self.dropout(states))


class StepClassifier(Reader):
    """Many to many in step: tokens (1, T) -> logits (1, T, classes). A tagger reads in both directions."""

    def __init__(
        self,
        cell: str,
        vocabulary: int,
        classes: int,
        embedding: int,
        hidden: int,
        dropout: float,
        bidirectional: bool = False,
    ) -> None:
        super().__init__(cell, embedding, hidden, bidirectional)
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(hidden * (2 if bidirectional else 1), classes)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.recurrent(self.dropout(self.embedding(x)))
        return self.head(self.dropout(states))

    def step(self, x_t: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """One token (1,) after a state -> logits (classes,) and the new state: for generating."""
        states, state = self.recurrent(self.embedding(x_t.view(1, 1)), state)
        return self.head(states)[0, 0], state


class Forecaster(Reader):
    """Many to many in step: numbers (1, T, 1) -> for each step the next one, (1, T, 1).

    The head gives the change from the step before: a network that has learnt nothing says "as now".
    """

    def __init__(self, cell: str, hidden: int) -> None:
        super().__init__(cell, 1, hidden)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.recurrent(x)
        return x + self.head(states)

    def step(self, x_t: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """One number (1,) after a state -> the next (1,) and the new state."""
        x = x_t.view(1, 1, 1)
        states, state = self.recurrent(x, state)
        return (x + self.head(states))[0, 0], state


class Transducer(nn.Module):
    """Many to many, delayed: an encoder reads all, then a decoder writes, each token after the one before.

    With attention, each decoder state is compared with every encoder state (dot product), and what it looks at is put
    beside it: Luong, Pham & Manning (2015), "Effective Approaches to Attention-based Neural Machine Translation", the
    global dot form, without input feeding.
    """

    def __init__(
        self, source: int, target: int, embedding: int, hidden: int, attention: bool, start: int, end: int, longest: int
    ) -> None:
        super().__init__()
        self.start, self.end, self.longest = start, end, longest
        self.source = nn.Embedding(source, embedding)
        self.target = nn.Embedding(target, embedding)
        self.encoder = nn.LSTM(embedding, hidden, batch_first=True)
        self.decoder = nn.LSTM(embedding, hidden, batch_first=True)
        self.attend = nn.Linear(2 * hidden, hidden) if attention else None
        self.head = nn.Linear(hidden, target)

    def forward(self, x: Tensor, written: Tensor) -> Tensor:
        """Tokens read (1, T) and tokens written so far (1, U) -> logits of the next one at each step (1, U, target)."""
        memory, state = self.encoder(self.source(x))
        states, _ = self.decoder(self.target(written), state)
        return self.head(self.look(states, memory))

    def look(self, states: Tensor, memory: Tensor) -> Tensor:
        """Decoder states (N, U, H), joined with what they attend to in the memory (N, T, H)."""
        if self.attend is None:
            return states
        scores = torch.matmul(states, memory.transpose(1, 2))
        context = torch.matmul(torch.softmax(scores, dim=-1), memory)
        return torch.tanh(self.attend(torch.cat((states, context), dim=-1)))

    @torch.no_grad()
    def decode(self, x: Tensor) -> Tensor:
        """The tokens that the decoder is fed, (1, U): the start, then each token that it writes, the most probable one."""
        memory, state = self.encoder(self.source(x))
        written = [self.start]
        while len(written) < self.longest:
            states, state = self.decoder(self.target(torch.tensor([written[-1:]])), state)
            best = int(self.head(self.look(states, memory))[0, 0].argmax())
            if best == self.end:
                break
            written.append(best)
        return torch.tensor([written])


class Captioner(nn.Module):
    """One to many: a picture (1, 1, 32, 32) -> its name, character by character.

    LeNet-5's layers up to F6 see; what they see starts an LSTM that writes, after Vinyals et al. (2015), "Show and Tell".
    The first token says in which language.
    """

    def __init__(self, eye: nn.Module, seen: int, target: int, embedding: int, hidden: int, end: int, longest: int) -> None:
        super().__init__()
        self.end, self.longest = end, longest
        self.eye = eye
        self.begin = nn.Linear(seen, hidden)
        self.target = nn.Embedding(target, embedding)
        self.lstm = nn.LSTM(embedding, hidden, batch_first=True)
        self.head = nn.Linear(hidden, target)
        self.languages: dict[str, int] = {}

    def forward(self, x: Tensor, written: Tensor) -> Tensor:
        """A picture and the tokens written so far (1, U) -> logits of the next one at each step (1, U, target)."""
        states, _ = self.lstm(self.target(written), self.seen(x))
        return self.head(states)

    def seen(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Hidden and cell state to begin with, each (1, N, H): the picture's features for the one, zeros for the other."""
        hidden = torch.tanh(self.begin(self.eye(x))).unsqueeze(0)
        return hidden, torch.zeros_like(hidden)

    @torch.no_grad()
    def decode(self, x: Tensor, language: str = "en") -> Tensor:
        """The tokens that the LSTM is fed, (1, U): the language's token, then each character that it writes."""
        state = self.seen(x)
        written = [self.languages[language]]
        while len(written) < self.longest:
            states, state = self.lstm(self.target(torch.tensor([written[-1:]])), state)
            best = int(self.head(states)[0, 0].argmax())
            if best == self.end:
                break
            written.append(best)
        return torch.tensor([written])
