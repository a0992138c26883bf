"""Models and samples: what can be traced, and what to begin with."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .base import Document, Nested, Title

Task = Literal["classify", "language", "tag", "transduce", "caption", "forecast", "worked"]
Pattern = Literal["one-to-one", "one-to-many", "many-to-one", "many-to-many", "many-to-many-delayed"]


class ImageSpec(Document):
    """Of a network that looks at pictures: pixels in 0..1, then (pixel - mean) / std per channel."""

    kind: Literal["image"]
    channels: int
    height: int
    width: int
    mean: list[float]
    std: list[float]
    preparation: Literal["photo", "drawing"]


class TextSpec(Document):
    """Of a network that reads text, token by token."""

    kind: Literal["text"]
    unit: Literal["character", "word"]
    vocabulary_size: int
    max_length: int = Field(description="characters")
    lowercase: bool = Field(description="whether capitals are made small before reading")


class SeriesSpec(Document):
    """Of a network that reads numbers, step by step: (value - mean) / std."""

    kind: Literal["series"]
    features: int = Field(description="numbers per step")
    unit: str | None = Field(examples=["sunspots"])
    mean: list[float] | float
    std: list[float] | float
    period: int | None = Field(description="steps after which the series about repeats itself")
    minimum_length: int
    max_length: int


InputSpec = Annotated[ImageSpec | TextSpec | SeriesSpec, Field(discriminator="kind")]


class ClassEntry(Document):
    """One of the things a classifier can answer."""

    index: int
    key: str
    title: Title


class WeightsStatus(Document):
    """Whether the weights were trained, and how well they do on data that they never saw."""

    status: str = Field(examples=["trained"])
    accuracy: float | None
    held_out: int | None = Field(description="number of held-out pictures, texts or steps")
    measure: str | None = Field(description="the figure that counts", examples=["accuracy", "bits_per_character"])
    figures: dict[str, float] = Field(description="every figure that the card gives for held-out data, by name")
    baselines: dict[str, float] = Field(description="what simple methods reach on the same data, in that measure")
    beats_baselines: bool | None
    sha256: str


class ModelEntry(Document):
    """A network that can be traced."""

    id: str
    title: Title
    summary: Title
    family: Literal["cnn", "rnn"]
    task: Task
    cell: Literal["rnn", "lstm", "gru"] | None
    pattern: Pattern
    group: str = Field(description="shared by the variants of one task", examples=["shakespeare"])
    reference: str
    state_unit: float = Field(description="in which states are to be shown: 1, but for a network set by hand")
    input: InputSpec
    classes: list[ClassEntry] = Field(description="empty for networks that answer with tokens or numbers")
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
    steps: int | None = Field(description="time steps of the run the shapes are from; null where there is no time")


class ModelDetail(ModelEntry):
    """A network with its card and graph, and the tokens that it reads or writes."""

    vocabulary: list[str] | None = None
    output_vocabulary: list[str] | None = None

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
    """An input of ours to start with: a picture at `url`, or `text` or `values` as they stand here."""

    id: str
    title: Title
    kind: Literal["photo", "drawing", "text", "series"]
    models: list[str]
    url: str | None = Field(description="of the picture; null for the others")
    painted: bool = Field(description="painted for this product, not a photograph")
    text: str | None = None
    values: list[Any] | None = None


class SampleList(Document):
    """All samples, or those of one network."""

    samples: list[SampleEntry]
