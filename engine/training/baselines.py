"""What a simple method reaches on the same split: the figures beside which a network's own are honest."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

import torch
from torch import Tensor
from torch.nn import functional as F

from .corpora import Example


def majority(train: Sequence[int], held_out: Sequence[object]) -> list[int]:
    """The commonest answer of the training part, whatever the question."""
    return [Counter(train).most_common(1)[0][0]] * len(held_out)


def bag_of_words(train: Sequence[tuple[list[int], int]], held_out: Sequence[list[int]], size: int) -> list[int]:
    """Logistic regression on which tokens and pairs of neighbours occur, in whatever order; fitted to convergence."""
    counts = Counter(pair for tokens, _ in train for pair in set(pairwise(tokens)))
    columns = {pair: size + place for place, pair in enumerate(pair for pair, count in counts.items() if count >= 3)}

    def row(tokens: list[int]) -> Tensor:
        found = torch.zeros(size + len(columns))
        found[[*set(tokens), *(columns[pair] for pair in set(pairwise(tokens)) if pair in columns)]] = 1.0
        return found

    x, y = torch.stack([row(tokens) for tokens, _ in train]).to_sparse_csr(), torch.tensor([label for _, label in train])
    weight = torch.zeros(size + len(columns), 1, requires_grad=True)
    bias = torch.zeros((), requires_grad=True)
    optimiser = torch.optim.LBFGS([weight, bias], max_iter=60, history_size=8)

    def loss() -> Tensor:
        optimiser.zero_grad()
        value = F.binary_cross_entropy_with_logits((x @ weight)[:, 0] + bias, y.float()) + 2e-4 * weight.square().sum()
        value.backward()
        return value

    optimiser.step(loss)
    with torch.no_grad():
        return [int(float(row(tokens) @ weight + bias) > 0) for tokens in held_out]


class Ngrams:
    """An n-gram model, each order interpolated with the one below by Witten and Bell's weights (1991).

    p(w | h) = (c(h, w) + t(h) p(w | h')) / (c(h) + t(h)), t(h) the number of different tokens seen after h, h' the
    history without its first token; below the unigrams, all tokens alike.
    """

    def __init__(self, texts: Iterable[Sequence[int]], order: int, size: int) -> None:
        self.order, self.size = order, size
        self.after: defaultdict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
        for text in texts:
            for place, token in enumerate(text):
                for length in range(min(order - 1, place) + 1):
                    self.after[tuple(text[place - length : place])][token] += 1
        self.totals = {history: sum(counts.values()) for history, counts in self.after.items()}

    def probability(self, history: tuple[int, ...], token: int) -> float:
        """p(token | history)."""
        chance = 1.0 / self.size
        for length in range(len(history) + 1):
            seen = self.after.get(history[len(history) - length :])
            if seen:
                kinds = len(seen)
                chance = (seen[token] + kinds * chance) / (self.totals[history[len(history) - length :]] + kinds)
        return chance

    def bits(self, texts: Iterable[Sequence[int]]) -> float:
        """Mean bits per token, the first token of a text left out: it is given."""
        total, count = 0.0, 0
        for text in texts:
            for place in range(1, len(text)):
                history = tuple(text[max(0, place - self.order + 1) : place])
                total -= math.log2(self.probability(history, text[place]))
                count += 1
        return total / count


def commonest_tag(train: Sequence[Example], held_out: Sequence[Example]) -> float:
    """Share of words right when each gets its commonest tag, and a word never met the commonest tag of words met once."""
    seen: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for words, tags in train:
        for word, tag in zip(words, tags, strict=True):
            seen[word][tag] += 1
    once = Counter(tag for counts in seen.values() if sum(counts.values()) == 1 for tag in counts)
    rare = once.most_common(1)[0][0]
    pairs = [(word, tag) for words, tags in held_out for word, tag in zip(words, tags, strict=True)]
    right = sum((seen[word].most_common(1)[0][0] if word in seen else rare) == tag for word, tag in pairs)
    return right / len(pairs)


def digits_in_order(written: str) -> str:
    """A date by rule: the number of four digits is the year, the other two are month and day as they come."""
    numbers = re.findall(r"\d+", written)
    years = [number for number in numbers if len(number) == 4]
    others = [number for number in numbers if len(number) < 4]
    if len(years) != 1 or len(others) != 2:
        return ""
    return f"{years[0]}-{int(others[0]):02d}-{int(others[1]):02d}"
