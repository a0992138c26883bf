"""Going on where the input ends: a language network writes token by token, a forecaster lives on its own answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.errors import InputError
from engine.models.spec import Model, SeriesInput, TextInput
from engine.series import prepare_series, unscale
from engine.text import UNKNOWN, prepare_text

SHOWN = 5  # of the most probable tokens at each step


@dataclass(frozen=True)
class Sampled:
    """One token that was written, its probability after temperature and top-k, and the most probable ones beside it."""

    token: str
    id: int
    probability: float
    top: tuple[tuple[str, float], ...]


def generate(
    model: Model, beginning: str, length: int, temperature: float = 0.8, top_k: int | None = None, seed: int = 0
) -> Iterator[Sampled]:
    """Up to `length` tokens after the beginning, each drawn by its probability; temperature 0 takes the most probable.

    The token for unknown characters is never written: the others share its probability. Where texts have an end
    (`TextInput.ends`), writing ends with it.

    The same arguments give the same tokens. No torch context outlives a `yield`: another thread may ask for the next token.
    Raises InputError, at the first token, when the beginning is no text of the model's or the model does not write.
    """
    spec = model.spec
    if spec.task != "language" or not isinstance(spec.input, TextInput):
        raise InputError(f"Model '{spec.id}' does not write text.")
    prepared = prepare_text(beginning, spec.input)
    chance = torch.Generator().manual_seed(seed)
    unknown = [place for place, token in enumerate(spec.classes) if token == UNKNOWN]
    state: Any = None
    with torch.inference_mode():
        for token in prepared.tensor[0]:
            logits, state = model.module.step(token.view(1), state)  # type: ignore[operator]
    for place in range(length):
        with torch.inference_mode():
            logits = logits.index_fill(0, torch.tensor(unknown, dtype=torch.long), -torch.inf)
            probabilities = _probabilities(logits, temperature, top_k)
            chosen = int(torch.multinomial(probabilities, 1, generator=chance))
            top = probabilities.topk(min(SHOWN, len(probabilities)))
            if place + 1 < length:
                logits, state = model.module.step(torch.tensor([chosen]), state)  # type: ignore[operator]
        others = zip(top.indices.tolist(), top.values.tolist(), strict=True)
        yield Sampled(
            spec.classes[chosen],
            chosen,
            float(probabilities[chosen]),
            tuple((spec.classes[index], probability) for index, probability in others if probability > 0),
        )
        if spec.classes[chosen] == spec.input.ends:
            return


def _probabilities(logits: Tensor, temperature: float, top_k: int | None) -> Tensor:
    """Softmax of logits / temperature in double precision, over the top_k largest alone."""
    logits = logits.double()
    if temperature == 0:
        return F.one_hot(logits.argmax(), len(logits)).double()
    logits = (logits - logits.max()) / temperature
    if top_k is not None and top_k < len(logits):
        kept = logits.topk(top_k).indices
        logits = torch.full_like(logits, -torch.inf).index_copy(0, kept, logits[kept])
    return torch.softmax(logits, -1)


@dataclass(frozen=True)
class Forecast:
    """values: what the network goes on with, in the series' own unit; baselines: name -> what a simple method would say."""

    values: list[float]
    baselines: dict[str, list[float]]


def forecast(model: Model, values: Sequence[Any], horizon: int) -> Forecast:
    """The next `horizon` steps, each from the network's own answer to the one before."""
    spec = model.spec
    if spec.task != "forecast" or not isinstance(spec.input, SeriesInput):
        raise InputError(f"Model '{spec.id}' does not forecast a series.")
    prepared = prepare_series(values, spec.input)
    state: Any = None
    written = []
    with torch.inference_mode():
        for x in prepared.tensor[0]:
            answer, state = model.module.step(x, state)  # type: ignore[operator]
        for _ in range(horizon):
            written.append(answer)
            answer, state = model.module.step(answer, state)  # type: ignore[operator]
        found = unscale(torch.cat(written).double(), spec.input).tolist()
    given = [row[0] for row in prepared.values]
    return Forecast(found, _baselines(given, horizon, spec.input.period))


def _baselines(given: list[float], horizon: int, period: int | None) -> dict[str, list[float]]:
    found = {"last-value": [given[-1]] * horizon}
    if period and len(given) >= period:
        season = given[-period:]
        found["last-period"] = [season[step % period] for step in range(horizon)]
    return found
