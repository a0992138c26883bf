"""Recurrent layers and networks that go on: gates, gradients through time, writing and forecasting."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from .base import Document, Values


class Initial(Document):
    """The states before the first step, [layer][direction][unit]."""

    h: Values
    c: Values | None = None


class Gates(Document):
    """Every gate and state of a recurrent layer, [layer][direction][step][unit]; `step` is the place in the text.

    LSTM: i, f, g, o; GRU: r, z, n; a plain network has only h. In the second direction the step after comes first.
    """

    node: str
    cell: Literal["rnn", "lstm", "gru"]
    layers: int
    directions: int
    steps: int
    hidden: int
    range: list[int] = Field(description="the steps given here, from the first up to the second")
    gates: dict[str, Values]
    c: Values | None = Field(description="null where the cell has none")
    h: Values
    initial: Initial
    preactivations: dict[str, Values] | None = None
    half_life: Values = Field(description="steps after which half of a unit's memory is gone, [layer][direction][unit]")
    error: float


class StateGradients(Document):
    """How the chosen number answers to a recurrent layer's states, through time; norms over the units."""

    x: Values = Field(description="[step][feature]")
    h: Values = Field(description="[layer][direction][step][unit]")
    c: Values | None
    norms: dict[str, Values]


class Gradients(Document):
    """d logit(target) / d every node."""

    target: int
    step: int | None
    value: float = Field(description="the logit itself")
    nodes: dict[str, Values]
    recurrent: dict[str, StateGradients]


class UnitCorrelation(Document):
    """The simple feature of the text that a unit goes along with most; a correlation, not a cause."""

    layer: int
    direction: int
    unit: int
    feature: str
    r: float = Field(description="Pearson's correlation, -1 to 1")


class Correlations(Document):
    """For every unit the best feature, strongest first."""

    node: str
    features: list[str] = Field(description="all that were tried")
    units: list[UnitCorrelation]


# Writing on


class GenerateRequest(Document):
    """How to go on writing. The same request with the same seed gives the same text."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    model: str = Field(max_length=100, examples=["shakespeare-lstm"])
    text: str = Field(description="the beginning", examples=["ROMEO:"])
    length: int = Field(200, ge=1, le=1000, strict=True, description="tokens to write")
    temperature: float = Field(0.8, ge=0, le=10, strict=True, description="0 always takes the most probable token")
    top_k: int | None = Field(None, ge=1, le=100_000, strict=True, description="choose among this many; null for all")
    seed: int = Field(0, ge=0, le=2**63 - 1, strict=True)


class Written(Document):
    """The data of one `event: token`."""

    token: str
    id: int
    probability: float
    top: list[tuple[str, float]] = Field(description="the most probable tokens at this step")


class ForecastRequest(Document):
    """A series and how many steps it is to be continued."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    model: str = Field(max_length=100, examples=["sunspots-lstm"])
    values: list[Any] = Field(description="the series so far, in its own unit")
    horizon: int = Field(120, ge=1, le=1000, strict=True, description="steps to go on")


class Forecast(Document):
    """The network fed with its own forecasts, and simple methods beside it, in the unit of the series."""

    model: str
    values: list[float]
    baselines: dict[str, list[float]]
