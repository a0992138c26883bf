"""Traces: the input as it was read, the nodes, the answer, and the arithmetic of one number."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from .base import Document, Nested, Values


class Source(Document):
    """What the uploaded file was."""

    format: str
    width: int
    height: int
    mode: str


class PreparationStep(Document):
    """A step from the file to the tensor, with a small picture as data: URL."""

    name: str
    width: int
    height: int
    detail: dict[str, Any]
    picture: str


class Token(Document):
    """One token as the network reads it: text[start:stop], counted in code points, under its number in the vocabulary."""

    text: str
    id: int
    start: int
    stop: int
    known: bool = Field(description="false where the vocabulary does not have it and it is read as unknown")


class InputStep(Document):
    """A step from the text or the series to what the network reads."""

    name: str = Field(examples=["normalised"])
    detail: Any


class InterventionEntry(Document):
    """A gate forced to a value, or units of a state pinned to one; over all steps, or from the first up to the second."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    node: str = Field(max_length=200, examples=["lstm"])
    layer: int = Field(0, ge=0, le=64)
    direction: int = Field(0, ge=0, le=1)
    gate: Literal["i", "f", "g", "o", "r", "z", "n", "h"] | None = None
    state: Literal["h", "c"] | None = None
    value: float = Field(ge=-1e6, le=1e6, strict=True)
    units: list[Annotated[int, Field(ge=0, le=100_000, strict=True)]] | None = Field(None, min_length=1, max_length=10_000)
    steps: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] | None = None

    @model_validator(mode="after")
    def _one_target(self) -> InterventionEntry:
        if (self.gate is None) == (self.state is None):
            raise ValueError("give either a gate or a state")
        if self.steps and self.steps[0] >= self.steps[1]:
            raise ValueError("steps begin before they end, for instance [0, 5]")
        return self


class Input(Document):
    """What the network was given and how it came about. Which fields there are beyond the first six depends on the kind."""

    kind: Literal["image", "values", "text", "series"]
    shape: list[int]
    classes: None = None
    sample: str | None
    source: Source | None
    preparation: list[PreparationStep]
    text: str | None = None
    tokens: list[Token] | None = None
    values: list[Any] | None = Field(None, description="the series as sent")
    steps: list[InputStep] | None = None
    language: Literal["zh", "en"] | None = None
    interventions: list[InterventionEntry] | None = None


class Stats(Document):
    """Of a node's values; `zeros` is the share of exact zeros."""

    min: float
    max: float
    mean: float
    std: float
    zeros: float


class Node(Document):
    """One recorded call. The last three fields come with include=all only."""

    name: str
    op: str
    module: str
    inputs: list[str]
    shape: list[int]
    hyperparameters: dict[str, Any]
    parameters: dict[str, str] = Field(description="argument -> name under /models/{model}/parameters/")
    stats: Stats
    forced: bool | None = Field(None, description="true where an intervention was made")
    values: Values | None = None
    kernels: dict[str, Values] | None = None
    winners: Values | None = Field(None, description="[C][H][W] -> [row, column] in the input plane")


class Prediction(Document):
    """One class, most probable first."""

    label: str
    index: int
    logit: float
    probability: float


class Overview(Document):
    """A node for the first picture: value ~ low + byte / 255 * (high - low), or float32, or derived from another.

    `step` is given when only every n-th row and column was kept, one entry per dimension.
    """

    dtype: Literal["uint8", "float32"] | None = None
    shape: list[int] | None = None
    low: float | None = None
    high: float | None = None
    step: list[int] | None = None
    data: str | None = None
    derived_from: str | None = None


class Guess(Document):
    """A label that the network finds possible at a step."""

    label: str
    index: int
    probability: float


class StepAnswer(Document):
    """What the network says at one step: its most probable labels, or a value in the unit of the series."""

    step: int
    top: list[Guess] | None = None
    value: float | None = None


class Output(Document):
    """What the network wrote."""

    text: str
    tokens: list[str]


class Recurrent(Document):
    """A recurrent layer of the run; its gates are at /traces/{id}/nodes/{node}/gates."""

    node: str
    cell: Literal["rnn", "lstm", "gru"]
    layers: int
    directions: int
    steps: int
    hidden: int
    error: float = Field(description="largest difference between the replayed and torch's own states")


class Trace(Document):
    """Everything one run of a network computed."""

    id: str
    model: str
    input: Input
    nodes: list[Node]
    predictions: list[Prediction]
    answers: list[StepAnswer] | None = Field(None, description="of networks that answer at every step")
    output: Output | None = Field(None, description="of networks that write")
    recurrent: list[Recurrent] | None = None
    max_error: float = Field(description="largest relative error of a sample of recomputed values")
    overview: dict[str, Overview] | None = None


class NodeValues(Document):
    """Some channels of a node: `values` as nested lists, or `data` as base64 of those channels."""

    name: str
    shape: list[int]
    channels: list[int]
    values: Nested | None = None
    dtype: str | None = None
    byte_order: Literal["little"] | None = None
    data: str | None = None


class TermSource(Document):
    """Where a term's value was read."""

    node: str
    index: list[int]
    part: str | None = Field(None, description="c where it was the cell state of a recurrent node, not its values")


class Term(Document):
    """One summand: weight * value = product."""

    label: str
    weight: float | None
    value: float | None
    product: float | None
    source: TermSource | None
    weight_source: TermSource | None = Field(None, description="where the weight was read when it is no parameter")


class TermGroup(Document):
    """The partial sum of terms[start:stop], for instance of one input channel."""

    label: str
    start: int
    stop: int
    sum: float | None


class Explanation(Document):
    """The arithmetic behind one number, recomputed, with its relative error against the traced value."""

    op: str
    node: str
    index: list[int]
    formula: str = Field(description="LaTeX")
    terms: list[Term]
    groups: list[TermGroup]
    bias: float | None
    result: float | None
    traced: float | None
    error: float
    extra: dict[str, Any]


class Step(Document):
    """One step of an operation's scan."""

    position: int
    index: list[int]
    window: list[dict[str, Any]]
    result: float | None
    extra: dict[str, Any]


class Steps(Document):
    """A page of an operation's scan, in order."""

    op: str
    node: str
    total: int
    start: int
    count: int
    steps: list[Step]
