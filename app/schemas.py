"""The shapes of requests and answers, for the OpenAPI document and for the tests that hold the answers to it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Document(BaseModel):
    """Answers have these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Title(Document):
    """A name in both languages."""

    zh: str
    en: str


class Packed(Document):
    """A tensor as base64, little-endian, in row-major order."""

    dtype: str = Field(examples=["float32"])
    byte_order: Literal["little"] = "little"
    shape: list[int]
    data: str = Field(description="base64")


Nested = Any  # nested lists of numbers, as deep as the shape is long
Values = Packed | list[Any] | float


# Models


class InputSpec(Document):
    """What a network takes: pixels in 0..1, then (pixel - mean) / std per channel."""

    kind: Literal["image"]
    channels: int
    height: int
    width: int
    mean: list[float]
    std: list[float]
    preparation: Literal["photo", "drawing"]


class ClassEntry(Document):
    """One of the things a classifier can answer."""

    index: int
    key: str
    title: Title


class WeightsStatus(Document):
    """Whether the weights were trained, and how well they do on held-out pictures."""

    status: str = Field(examples=["trained"])
    accuracy: float | None
    held_out: int | None = Field(description="number of held-out pictures")
    sha256: str


class ModelEntry(Document):
    """A network that can be traced."""

    id: str
    title: Title
    summary: Title
    family: str
    reference: str
    input: InputSpec
    classes: list[ClassEntry]
    parameters: int
    weights: WeightsStatus


class ModelList(Document):
    """All networks."""

    models: list[ModelEntry]


class GraphNode(Document):
    """A node of a network's static graph; shapes leave out the batch of one."""

    name: str
    op: str
    module: str
    inputs: list[str]
    output_shape: list[int]
    hyperparameters: dict[str, Any]
    parameters: dict[str, str]


class Group(Document):
    """Nodes that belong together, by the first part of their module's path."""

    name: str
    nodes: list[str]


class Graph(Document):
    """The network as nodes in the order they run."""

    nodes: list[GraphNode]
    groups: list[Group]


class ModelDetail(ModelEntry):
    """A network with its card and graph."""

    card: dict[str, Any]
    graph: Graph


class Parameter(Document):
    """A kernel, matrix, bias or buffer: `values` as nested lists, or `data` as base64."""

    name: str
    shape: list[int]
    dtype: str
    values: Nested | None = None
    byte_order: Literal["little"] | None = None
    data: str | None = None


# Samples


class SampleEntry(Document):
    """A picture of ours to start with."""

    id: str
    title: Title
    kind: str
    models: list[str]
    url: str
    painted: bool = Field(description="painted for this product, not a photograph")


class SampleList(Document):
    """All samples, or those of one network."""

    samples: list[SampleEntry]


# Traces


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


class Input(Document):
    """What the network was given and how it came about."""

    kind: str
    shape: list[int]
    classes: None = None
    sample: str | None
    source: Source | None
    preparation: list[PreparationStep]


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


class Trace(Document):
    """Everything one run of a network computed."""

    id: str
    model: str
    input: Input
    nodes: list[Node]
    predictions: list[Prediction]
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


class Term(Document):
    """One summand: weight * value = product."""

    label: str
    weight: float | None
    value: float | None
    product: float | None
    source: TermSource | None


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


class Problem(BaseModel):
    """RFC 9457. `code` is stable and the page translates by it; `detail` says what to do."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/unknown-model"])
    title: str = Field(examples=["There is no such model"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no model 'vgg'; use one of: tinyvgg, tinyvgg-wide, lenet5."])
    code: str = Field(examples=["unknown-model"])
