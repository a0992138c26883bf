"""Tiny untrained networks, one for each task, so that the tests of the API need no trained weights."""

from __future__ import annotations

import string
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

import engine.models
from engine.models import MODELS, ImageInput, ModelSpec, SeriesInput, TextInput

CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
LETTERS = ("<pad>", "<unk>", "\n", *string.ascii_letters, *" .,:'\"!?", *"月明春眠不觉晓，。")
WORDS = ("<pad>", "<unk>", "not", "bad", "at", "all", "good", "film", "the", ".", ",")
DIGITS = ("<pad>", "<start>", "<end>", *string.digits, "-")
NAMES = ("<zh>", "<en>", "<end>", *"零一二三", *string.ascii_lowercase)
TAGS = ("NOUN", "VERB", "ADJ")


class Reader(nn.Module):
    """Tokens through an embedding and a recurrent layer to an answer: after the last token, or at each."""

    def __init__(self, cell: str, words: int, answers: int, *, at_each: bool, both_ways: bool = False) -> None:
        super().__init__()
        self.cell, self.at_each = cell, at_each
        self.embedding = nn.Embedding(words, 4)
        setattr(self, cell, CELLS[cell](4, 5, batch_first=True, bidirectional=both_ways))
        self.head = nn.Linear(10 if both_ways else 5, answers)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = getattr(self, self.cell)(self.embedding(x))
        return self.head(states if self.at_each else states[:, -1])

    def step(self, x_t: Tensor, state: object = None) -> tuple[Tensor, object]:
        """One token (1,) after the state -> logits (answers,) and the new state."""
        states, state = getattr(self, self.cell)(self.embedding(x_t.view(1, 1)), state)
        return self.head(states)[0, 0], state


class Translator(nn.Module):
    """An encoder whose last state a decoder starts from."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding, self.fed_embedding = nn.Embedding(len(LETTERS), 4), nn.Embedding(len(DIGITS), 4)
        self.encoder, self.decoder = nn.LSTM(4, 5, batch_first=True), nn.LSTM(4, 5, batch_first=True)
        self.head = nn.Linear(5, len(DIGITS))

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        _, state = self.encoder(self.embedding(x))
        return self.head(self.decoder(self.fed_embedding(y), state)[0])

    def decode(self, x: Tensor) -> Tensor:
        """Four tokens after <start>, always the likeliest."""
        fed = torch.tensor([[DIGITS.index("<start>")]])
        while fed.shape[1] < 4:
            fed = torch.cat([fed, self(x, fed)[:, -1:].argmax(-1)], dim=1)
        return fed


class Captioner(nn.Module):
    """A picture's features are the first state of an LSTM that writes in the language of its first token."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Flatten(), nn.Linear(32 * 32, 5))
        self.embedding, self.lstm = nn.Embedding(len(NAMES), 4), nn.LSTM(4, 5, batch_first=True)
        self.head = nn.Linear(5, len(NAMES))

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        seen = self.features(x)[None]
        return self.head(self.lstm(self.embedding(y), (seen, torch.zeros_like(seen)))[0])

    def decode(self, x: Tensor, language: str = "en") -> Tensor:
        """Three tokens after the one that names the language."""
        fed = torch.tensor([[NAMES.index(f"<{language}>")]])
        while fed.shape[1] < 3:
            fed = torch.cat([fed, self(x, fed)[:, -1:].argmax(-1)], dim=1)
        return fed


class Forecaster(nn.Module):
    """Numbers through a recurrent layer to numbers."""

    def __init__(self, cell: str, features: int) -> None:
        super().__init__()
        self.cell = cell
        setattr(self, cell, CELLS[cell](features, 5, batch_first=True))
        self.head = nn.Linear(5, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(getattr(self, self.cell)(x)[0])

    def step(self, x_t: Tensor, state: object = None) -> tuple[Tensor, object]:
        """One step's numbers (features,) after the state -> the next (1,) and the new state."""
        states, state = getattr(self, self.cell)(x_t.view(1, 1, -1), state)
        return self.head(states)[0, 0], state


def specs() -> Iterator[ModelSpec]:
    """One row for each task, three for the language models."""
    words, letters = TextInput("word", WORDS, lowercase=True), TextInput("character", LETTERS)
    drawing = ImageInput(1, 32, 32, (0.0,), (1.0,), "drawing")
    verdict = ("negative", "positive")

    def row(name: str, build, taken, classes, **more: object) -> ModelSpec:
        return ModelSpec(name, build, taken, classes, "a test", family="rnn", **more)

    yield row(
        "tiny-verdict-lstm",
        lambda: Reader("lstm", len(WORDS), 2, at_each=False),
        words,
        verdict,
        task="classify",
        cell="lstm",
        pattern="many-to-one",
    )
    for cell in CELLS:
        yield row(
            f"tiny-letters-{cell}",
            lambda cell=cell: Reader(cell, len(LETTERS), len(LETTERS), at_each=True),
            letters,
            LETTERS,
            task="language",
            cell=cell,
            pattern="many-to-many",
        )
    yield row(
        "tiny-tagger-gru",
        lambda: Reader("gru", len(WORDS), 3, at_each=True, both_ways=True),
        words,
        TAGS,
        task="tag",
        cell="gru",
        pattern="many-to-many",
    )
    yield row("tiny-dates-lstm", Translator, letters, DIGITS, task="transduce", cell="lstm", pattern="many-to-many-delayed")
    yield row("tiny-caption-lstm", Captioner, drawing, NAMES, task="caption", cell="lstm", pattern="one-to-many")
    monthly = SeriesInput(mean=50.0, std=20.0, unit_name="sunspots", period=12, minimum_length=3)
    yield row(
        "tiny-sunspots-gru",
        lambda: Forecaster("gru", 1),
        monthly,
        (),
        task="forecast",
        cell="gru",
        pattern="many-to-many",
    )
    pairs = SeriesInput(features=2)
    yield row("tiny-worked-rnn", lambda: Forecaster("rnn", 2), pairs, (), task="worked", cell="rnn", pattern="many-to-many")


@contextmanager
def in_the_table() -> Iterator[None]:
    """The tiny networks beside ours, as long as the outermost of these lasts."""
    rows = {spec.id: spec for spec in specs() if spec.id not in MODELS}
    MODELS.update(rows)
    try:
        yield
    finally:
        for name in rows:
            MODELS.pop(name)
            engine.models._loaded.pop(name, None)
