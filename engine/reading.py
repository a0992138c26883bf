"""Reading a unit: how each unit's state goes along with simple features of the text. Correlations, not causes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError
from engine.models.spec import TextInput
from engine.recurrent import gates
from engine.trace import Trace

Floats = NDArray[np.float64]
Tokens = Sequence[str]

MINIMUM_STEPS = 3
"""With two steps every correlation is 1 or -1."""

NEGATIONS = {"not", "n't", "no", "never", "none", "nobody", "nothing", "neither", "nor", "cannot", "without"}
CHINESE_NEGATIONS = set("不没无未别莫勿非")
CLAUSE_ENDS = set(".,;:!?…。，；：！？、\n")
QUOTES = {"“": "”", "「": "」", "『": "』", "《": "》"}
BRACKETS = {"(": ")", "（": "）", "[": "]", "【": "】"}


def _each(test: Callable[[str], bool]) -> Callable[[Tokens], Floats]:
    """A feature that looks at each token alone: 1 where the test holds."""
    return lambda tokens: np.array([float(test(token)) for token in tokens])


def _position(tokens: Tokens) -> Floats:
    return np.arange(len(tokens), dtype=np.float64)


def _since(is_start: Callable[[str], bool]) -> Callable[[Tokens], Floats]:
    """How many tokens lie between each and the last one of a kind before it; counted from the beginning at first."""

    def feature(tokens: Tokens) -> Floats:
        counts, count = [], 0
        for token in tokens:
            counts.append(float(count))
            count = 0 if is_start(token) else count + 1
        return np.array(counts)

    return feature


def _within(pairs: dict[str, str], switches: str = "") -> Callable[[Tokens], Floats]:
    """1 from an opening sign to its closing one; a switch, such as ", opens and closes by turns."""

    def feature(tokens: Tokens) -> Floats:
        inside, closing = [], ""
        for token in tokens:
            opened = bool(closing)
            if closing and token == closing:
                closing = ""
            elif not closing:
                closing = pairs.get(token, token if token and token in switches else "")
            inside.append(float(opened or bool(closing)))
        return np.array(inside)

    return feature


def _after_negation(tokens: Tokens) -> Floats:
    """1 behind a negation until the clause ends."""
    inside, negated = [], False
    for token in tokens:
        negated = negated and token not in CLAUSE_ENDS
        inside.append(float(negated))
        negated = negated or token.lower() in NEGATIONS or token in CHINESE_NEGATIONS
    return np.array(inside)


def _is_punctuation(token: str) -> bool:
    return bool(token) and not any(character.isalnum() or character.isspace() for character in token)


def _is_chinese(token: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in token)


FEATURES: dict[str, Callable[[Tokens], Floats]] = {
    "position": _position,
    "position-in-line": _since(lambda token: "\n" in token),
    "since-space": _since(str.isspace),
    "since-punctuation": _since(_is_punctuation),
    "in-quotes": _within(QUOTES, '"'),
    "in-brackets": _within(BRACKETS),
    "after-negation": _after_negation,
    "vowel": _each(lambda token: len(token) == 1 and token.lower() in "aeiou"),
    "upper-case": _each(lambda token: token[:1].isupper()),
    "digit": _each(str.isdigit),
    "space": _each(str.isspace),
    "line-break": _each(lambda token: token == "\n"),
    "punctuation": _each(_is_punctuation),
    "chinese": _each(_is_chinese),
}
"""Name -> one number per token. The names are keys of the page's words."""


@dataclass(frozen=True)
class Correlation:
    """The feature that a unit's h goes along with most, over the steps of one text: Pearson's r, -1 to 1."""

    layer: int
    direction: int
    unit: int
    feature: str
    r: float


def correlations(trace: Trace, node: str) -> tuple[Correlation, ...]:
    """For every unit of a recurrent node its best feature, strongest first. Units that stay the same are left out.

    Only features that vary in this text take part. Raises UnknownNode, NotRecurrent, and InputError when the model reads
    no text, or this node reads other steps than the text's tokens.
    """
    states = gates(trace, node).h
    tokens = tokens_of(trace)
    if states.shape[2] != len(tokens):
        raise InputError(f"'{node}' has {states.shape[2]} steps, the text has {len(tokens)} tokens: it reads something else.")
    if len(tokens) < MINIMUM_STEPS:
        return ()
    names, features = varying_features(tokens)
    if not names:
        return ()
    series = np.moveaxis(states, 2, -1).reshape(-1, len(tokens)).astype(np.float64)
    r = pearson(series, features)
    places = np.ndindex(states.shape[0], states.shape[1], states.shape[3])
    best = np.nanargmax(np.abs(np.nan_to_num(r)), axis=1)
    found = [
        Correlation(layer, direction, unit, names[choice], float(row[choice]))
        for (layer, direction, unit), row, choice in zip(places, r, best, strict=True)
        if np.isfinite(row[choice])
    ]
    return tuple(sorted(found, key=lambda each: -abs(each.r)))


def tokens_of(trace: Trace) -> tuple[str, ...]:
    """The text's tokens as the model knows them; InputError when the model reads no text."""
    given = trace.model.spec.input if trace.model else None
    if not isinstance(given, TextInput):
        raise InputError("Only models that read a text can be correlated with features of it.")
    return tuple(given.vocabulary[token] for token in trace["input"].result.tolist())


def varying_features(tokens: Tokens) -> tuple[list[str], Floats]:
    """The features that are not the same everywhere in this text, and their values, (features, tokens)."""
    values = {name: feature(tokens) for name, feature in FEATURES.items()}
    kept = {name: each for name, each in values.items() if np.ptp(each) > 0}
    return list(kept), np.array(list(kept.values()))


def pearson(a: Floats, b: Floats) -> Floats:
    """Correlation of every row of a, (n, steps), with every row of b, (m, steps): (n, m), NaN where a row is constant."""
    a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.clip(np.where(lengths > 1e-12, a @ b.T / lengths, np.nan), -1.0, 1.0)
