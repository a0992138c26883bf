"""The answer to POST /traces: what holds for any network, and labels per step, text and layers of one that reads a sequence."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from torch import Tensor

import engine
from engine import LayerRecord, Prediction, Trace
from engine.models import ModelSpec, SeriesInput
from engine.series import unscale

from . import serialize
from .serialize import Format, derived_from, fit, quantised
from .store import Unrolled

PER_STEP = frozenset({"language", "tag", "transduce", "caption"})
WRITES = frozenset({"transduce", "caption"})
CELLS = frozenset({"rnn", "lstm", "gru"})
END = "<end>"
TOP = 5
WIDE = 512  # columns: above any layer of ours, below any vocabulary of Chinese characters
EXACT_NUMBERS = 200_000  # float32: 1.1 MB in base64
THINNED_BYTES = 100_000  # for all that is not sent exactly, one byte per value


def answer(unrolled: Unrolled, parameters: dict[str, Tensor], include: Iterable[str], form: Format) -> bytes:
    """The trace as JSON; `include` may ask for the overview, or for all values."""
    trace, document = unrolled.trace, serialize.head(unrolled)
    spec = trace.model.spec if trace.model and trace.model.spec.family == "rnn" else None
    if spec:
        document |= members(trace, spec)
    if "overview" in include:
        document["overview"] = overview(trace) if spec else serialize.overview(trace)
    if "all" in include:
        serialize.add_everything(document, trace, parameters, serialize.WRITE[form])
    return serialize.dumps(document)


def members(trace: Trace, spec: ModelSpec) -> dict[str, Any]:
    """The members that the answer for a sequence network has beyond those of any network."""
    found: dict[str, Any] = {}
    if spec.task in PER_STEP:
        found["answers"] = [{"step": answer.step, "top": [guess(each) for each in answer.top]} for answer in trace.answers(TOP)]
    if spec.task in WRITES:
        found["output"] = written([answer["top"][0]["label"] for answer in found["answers"]])
    if spec.task == "forecast":
        found["answers"] = values_per_step(trace.records[-1], spec)
    found["recurrent"] = [recurrent(trace, record) for record in trace.records if record.op in CELLS]
    return found


def guess(prediction: Prediction) -> dict[str, Any]:
    """One label of a step."""
    return {"label": prediction.label, "index": prediction.index, "probability": prediction.probability}


def written(tokens: list[str]) -> dict[str, Any]:
    """The tokens that the decoder chose, and the text without marks such as <end>."""
    before_end = takewhile(lambda token: token != END, tokens)
    return {"text": "".join(token for token in before_end if not is_mark(token)), "tokens": tokens}


def is_mark(token: str) -> bool:
    """Whether a token stands for no text: <start>, <end>, <zh> ..."""
    return len(token) > 2 and token.startswith("<") and token.endswith(">")


def values_per_step(record: LayerRecord, spec: ModelSpec) -> list[dict[str, Any]]:
    """What the network expects next after each step, in the unit of the series."""
    assert isinstance(spec.input, SeriesInput)  # what forecasts reads a series
    values = unscale(record.output, spec.input).flatten().tolist()
    return [{"step": step, "value": value} for step, value in enumerate(values)]


def recurrent(trace: Trace, record: LayerRecord) -> dict[str, Any]:
    """The sizes of a recurrent layer, and how far its replay is from torch."""
    gates = engine.gates(trace, record.name)
    names = ("cell", "layers", "directions", "steps", "hidden", "error")
    return {"node": record.name, **{name: getattr(gates, name) for name in names}}


# The overview: exact, for a network that is read number by number


def overview(trace: Trace) -> dict[str, Any]:
    """Every node as float32, the small ones first, up to EXACT_NUMBERS; the others as bytes, thinned to fit.

    Nodes as wide as a vocabulary go as bytes too: nobody looks at thousands of columns, and `answers` has the largest.
    """
    sent = [record for record in trace.records if not derived_from(record)]
    exact, left = set(), EXACT_NUMBERS
    for record in sorted(sent, key=lambda record: record.result.size):
        if record.result.size <= left and (record.result.ndim < 2 or record.shape[-1] <= WIDE):
            exact.add(record.name)
            left -= record.result.size
    large = [record for record in sent if record.name not in exact]
    strides = dict(zip((r.name for r in large), fit(tuple(r.shape for r in large), THINNED_BYTES), strict=True))
    return {record.name: _drawn(record, record.name in exact, strides) for record in trace.records}


def _drawn(record: LayerRecord, exactly: bool, strides: dict[str, int]) -> dict[str, Any]:
    if source := derived_from(record):
        return {"derived_from": source}
    if exactly:
        data = base64.b64encode(record.result.astype("<f4").tobytes()).decode()
        return {"dtype": "float32", "shape": record.shape, "data": data}
    return quantised(record.result, strides[record.name], record.stats["min"], record.stats["max"])
