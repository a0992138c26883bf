"""The shapes of requests and answers, for the OpenAPI document and for the tests that hold the answers to it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


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


# Recurrent layers


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


class Problem(BaseModel):
    """RFC 9457. `code` is stable and the page translates by it; `detail` says what to do."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/unknown-model"])
    title: str = Field(examples=["There is no such model"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no model 'vgg'; use one of: tinyvgg, tinyvgg-wide, lenet5."])
    code: str = Field(examples=["unknown-model"])
