"""The rows of the networks that read or write sequences. Where three cells are compared, sizes and seeds are the same."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from torch import nn

from .lenet5 import LENET5, LeNet5
from .recurrent import Captioner, Forecaster, SentenceClassifier, StepClassifier, Transducer
from .spec import ImageInput, ModelSpec, SeriesInput, TextInput
from .vocabulary import vocabulary
from .worked import WORKED_LSTM, WORKED_RNN

Cell = Literal["rnn", "lstm", "gru"]
THREE: tuple[Cell, ...] = ("rnn", "lstm", "gru")

ELMAN = "Elman (1990), doi:10.1207/s15516709cog1402_1"
REFERENCES = {
    "rnn": ELMAN,
    "lstm": "Hochreiter & Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735; with forget gates, Gers et al. (2000)",
    "gru": "Cho et al. (2014), arXiv:1406.1078",
}

# fmt: off
UPOS = ("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM",
        "VERB", "X")
# fmt: on

START, END = "<start>", "<end>"
DATE_TOKENS = (START, END, *"0123456789-")
LONGEST_DATE = 12

NAMES = {
    "zh": tuple("零一二三四五六七八九"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
CAPTION_TOKENS = ("<zh>", "<en>", END, *NAMES["zh"], *sorted(set("".join(NAMES["en"]))))
LONGEST_NAME = 8


def sentiment(language: str, cell: Cell) -> ModelSpec:
    """Many to one: a sentence, good or bad."""
    words = vocabulary(f"sentiment-{language}")
    return _row(
        f"sentiment-{language}-{cell}",
        partial(SentenceClassifier, cell, max(1, len(words)), 2, embedding=48, hidden=64, dropout=0.5),
        TextInput("word", words, lowercase=True) if language == "en" else TextInput("character", words),
        ("negative", "positive"),
        cell,
        pattern="many-to-one",
    )


def language_model(name: str, cell: Cell, embedding: int, hidden: int, dropout: float, ends: str | None = None) -> ModelSpec:
    """Many to many in step: after each character the next one."""
    characters = vocabulary(name)
    count = max(1, len(characters))
    return _row(
        f"{name}-{cell}",
        partial(StepClassifier, cell, count, count, embedding, hidden, dropout),
        TextInput("character", characters, ends=ends),
        characters,
        cell,
        task="language",
        pattern="many-to-many",
    )


def tagger(cell: Cell) -> ModelSpec:
    """Many to many in step, read in both directions: the part of speech of each word."""
    words = vocabulary("tagger-en")
    return _row(
        f"tagger-en-{cell}",
        partial(StepClassifier, cell, max(1, len(words)), len(UPOS), 48, 48, 0.4, bidirectional=True),
        TextInput("word", words),
        UPOS,
        cell,
        task="tag",
        pattern="many-to-many",
    )


def dates(attention: bool) -> ModelSpec:
    """Many to many, delayed: a date as people write it, then the same as 2021-03-05."""
    characters = vocabulary("dates")
    build = partial(
        Transducer,
        max(1, len(characters)),
        len(DATE_TOKENS),
        24,
        96,
        attention,
        DATE_TOKENS.index(START),
        DATE_TOKENS.index(END),
        LONGEST_DATE,
    )
    return ModelSpec(
        id="dates-attention" if attention else "dates-lstm",
        build=build,
        input=TextInput("character", characters, max_length=60),
        classes=DATE_TOKENS,
        reference="Sutskever, Vinyals & Le (2014), arXiv:1409.3215"
        + ("; attention: Luong, Pham & Manning (2015), arXiv:1508.04025" if attention else ""),
        family="rnn",
        task="transduce",
        cell="lstm",
        pattern="many-to-many-delayed",
    )


class Eye(nn.Module):
    """LeNet-5 up to its 500 neurons: (N, 1, 32, 32) -> (N, 500)."""

    def __init__(self) -> None:
        super().__init__()
        whole = LeNet5()
        self.features = whole.features
        self.classifier = whole.classifier[:3]

    def forward(self, x: Any) -> Any:
        return self.classifier(self.features(x))


def captioner() -> Captioner:
    """The caption network with LeNet-5's eye."""
    module = Captioner(Eye(), 500, len(CAPTION_TOKENS), 16, 64, CAPTION_TOKENS.index(END), LONGEST_NAME)
    module.languages = {"zh": CAPTION_TOKENS.index("<zh>"), "en": CAPTION_TOKENS.index("<en>")}
    return module


assert isinstance(LENET5.input, ImageInput)
CAPTION = ModelSpec(
    id="caption-lstm",
    build=captioner,
    input=LENET5.input,
    classes=CAPTION_TOKENS,
    reference="after Vinyals, Toshev, Bengio & Erhan (2015), arXiv:1411.4555; the eye is our LeNet-5",
    family="rnn",
    task="caption",
    cell="lstm",
    pattern="one-to-many",
)


def sunspots(cell: Cell) -> ModelSpec:
    """Many to many in step: after each month's number of sunspots the next month's."""
    return _row(
        f"sunspots-{cell}",
        partial(Forecaster, cell, 32),
        SeriesInput(1, "sunspots", mean=50.0, std=45.0, period=132, minimum_length=2),
        (),
        cell,
        task="forecast",
        pattern="many-to-many",
    )


def _row(name: str, build: Any, given: TextInput | SeriesInput, classes: tuple[str, ...], cell: Cell, **more: Any) -> ModelSpec:
    return ModelSpec(name, build, given, classes, REFERENCES[cell], family="rnn", cell=cell, **more)


SEQUENCES: tuple[ModelSpec, ...] = (
    *(sentiment(language, cell) for language in ("en", "zh") for cell in THREE),
    *(language_model("shakespeare", cell, 32, 256, 0.1) for cell in THREE),
    *(language_model("tang", cell, 64, 128, 0.2, ends="\n") for cell in THREE),
    *(tagger(cell) for cell in THREE),
    dates(attention=False),
    dates(attention=True),
    CAPTION,
    *(sunspots(cell) for cell in THREE),
    WORKED_RNN,
    WORKED_LSTM,
)
