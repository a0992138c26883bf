"""The texts and series as data sets: how each is read, where it is from, and on what terms it may be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..text import UNKNOWN, words
from . import corpora
from .corpora import Corpus, tokens_of
from .data import DATA
from .dates import dates


@dataclass(frozen=True)
class Source:
    """A set of texts or series, and the vocabulary that its training part gives (None: it has none)."""

    name: str
    licence: str
    note: str
    read: Callable[[Path], Corpus]
    vocabulary: Callable[[Corpus], list[str]] | None = None


def _words(corpus: Corpus) -> list[str]:
    return tokens_of((words(text.lower()) for text, _ in corpus.train), least=2, first=(UNKNOWN,))


def _characters(corpus: Corpus) -> list[str]:
    return tokens_of((text for text, *_ in corpus.train), least=2, most=3000, first=(UNKNOWN,))


def _tagged(corpus: Corpus) -> list[str]:
    return tokens_of((sentence for sentence, _ in corpus.train), least=2, first=(UNKNOWN,))


def _written(corpus: Corpus) -> list[str]:
    return tokens_of((written for _, written, _ in corpus.train), first=(UNKNOWN,))


SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Source(
            "sentiment-en",
            "research",
            "The training sentences of SST-2 (Socher et al., 2013; Pang & Lee, 2005), split by sentence; no licence is "
            "stated for them. No sentence of them is part of this product.",
            corpora.sentiment_en,
            _words,
        ),
        Source(
            "sentiment-zh",
            "research",
            "waimai_10k, Chinese reviews of delivered meals, split by review, repeats left out; no licence is stated. No "
            "review of them is part of this product.",
            corpora.sentiment_zh,
            _characters,
        ),
        Source(
            "shakespeare",
            "open",
            "Tiny Shakespeare (Karpathy, char-rnn), public domain, cut into 200 passages which are shared out.",
            corpora.shakespeare,
            _characters,
        ),
        Source(
            "tang",
            "open",
            "Quatrains of the Tang from chinese-poetry (MIT, JackeyGao), simplified characters, split by poem; the poems are "
            "in the public domain.",
            corpora.tang,
            _characters,
        ),
        Source(
            "tagger-en",
            "open",
            "The training part of UD English EWT (CC BY-SA 4.0, annotations), split by sentence, repeats left out.",
            corpora.tagger_en,
            _tagged,
        ),
        Source(
            "dates",
            "open",
            "Dates from 1900 to 2099 in sixteen spellings, made by rule (engine/training/dates.py) and split by day. The "
            "29,000 pairs of sentences that we have are too few for a translator of this size.",
            dates,
            _written,
        ),
        Source("captions", DATA["mnist"].licence, DATA["mnist"].note, lambda folder: Corpus([], [], [])),
        Source(
            "sunspots",
            "open",
            "Monthly mean sunspot numbers 1749 to 1983 (Time Series Data Library), split in time.",
            corpora.sunspots,
        ),
    )
}
