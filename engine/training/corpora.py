"""The texts and series to train on: readers of the files as published, and one fixed split of each, without repeats."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ..models.sequences import UPOS
from .data import SPLIT_SEED, DataError

Example = tuple[Any, ...]

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Corpus:
    """Examples of each part; no example, and no text, is in two of them."""

    train: list[Example]
    validation: list[Example]
    held_out: list[Example]

    def parts(self) -> dict[str, list[Example]]:
        """By name, in the order of use."""
        return {"train": self.train, "validation": self.validation, "held_out": self.held_out}


def split(examples: Iterable[Example], validation: float, held_out: float) -> Corpus:
    """Shuffled by the seed of all our splits; examples whose first element is the same count once."""
    unique = list({example[0]: example for example in examples}.values())
    order = torch.randperm(len(unique), generator=torch.Generator().manual_seed(SPLIT_SEED)).tolist()
    first, second = round(len(unique) * held_out), round(len(unique) * (held_out + validation))
    shuffled = [unique[place] for place in order]
    return Corpus(shuffled[second:], shuffled[first:second], shuffled[:first])


def sentiment_en(folder: Path) -> Corpus:
    """(sentence, label): the training part of SST-2, lower-cased and cut into words by its makers."""
    rows = (line.split(" ", 1) for line in _lines(folder / "text" / "sentiment_en" / "sst2.train.txt"))
    return split(((text, int(label)) for label, text in rows), 0.08, 0.12)


def sentiment_zh(folder: Path) -> Corpus:
    """(review, label): reviews of delivered meals, 1 = good."""
    rows = (line.split("\t", 1) for line in _lines(folder / "text" / "sentiment_zh" / "waimai_10k.tsv"))
    cleaned = ((CONTROL.sub("", text).strip(), int(label)) for label, text in rows)
    return split(((text, label) for text, label in cleaned if text), 0.06, 0.10)


def shakespeare(folder: Path) -> Corpus:
    """(passage,): the plays cut into 200 passages of equal length, so that neighbours may be in different parts."""
    text = _existing(folder / "text" / "shakespeare" / "tinyshakespeare.txt").read_text(encoding="utf-8")
    size = -(-len(text) // 200)
    return split(((text[start : start + size],) for start in range(0, len(text), size)), 0.05, 0.10)


def tang(folder: Path) -> Corpus:
    """(poem,): quatrains of the Tang, simplified characters, each ending in a new line."""
    rows = (line.split("\t") for line in _lines(folder / "text" / "poetry_zh" / "tang_quatrains.simp.tsv"))
    return split(((row[3].strip() + "\n",) for row in rows), 0.05, 0.05)


def tagger_en(folder: Path) -> Corpus:
    """(words, tags): the training part of UD English EWT; tags are numbers in the order of UPOS."""
    text = _existing(folder / "text" / "pos_en" / "ewt_train.tsv").read_text(encoding="utf-8")
    sentences = ([line.split("\t") for line in block.split("\n")] for block in text.strip().split("\n\n"))
    pairs = ((tuple(row[0] for row in rows), tuple(UPOS.index(row[1]) for row in rows)) for rows in sentences)
    return split(pairs, 0.05, 0.08)


def sunspots(folder: Path) -> Corpus:
    """(values,): the mean number of sunspots per month since 1749, cut in time: 80, 10 and 10 per cent."""
    with _existing(folder / "series" / "monthly-sunspots.csv").open(encoding="utf-8") as stream:
        values = [float(row[1]) for row in list(csv.reader(stream))[1:]]
    first, second = round(0.8 * len(values)), round(0.9 * len(values))
    return Corpus([(values[:first],)], [(values[first:second],)], [(values[second:],)])


def tokens_of(texts: Iterable[Sequence[str]], least: int = 1, most: int | None = None, first: Sequence[str] = ()) -> list[str]:
    """A vocabulary: `first`, then every token seen at least so often, the commonest first, equal ones in code point order."""
    counted = Counter(token for text in texts for token in text)
    ranked = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    kept = [token for token, count in ranked if count >= least and token not in first]
    return [*first, *kept[: None if most is None else most - len(first)]]


def _lines(file: Path) -> list[str]:
    return _existing(file).read_text(encoding="utf-8").splitlines()


def _existing(file: Path) -> Path:
    if file.exists():
        return file
    raise DataError(f"{file} does not exist; --data DIR expects the texts and series as DIR/{'/'.join(file.parts[-3:])}.")
