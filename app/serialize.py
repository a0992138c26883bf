"""Traces as bytes: JSON by orjson straight from numpy, tensors packed in base64, one byte per value for overviews."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from functools import cache
from math import ceil, isfinite, prod
from typing import Any, Literal

import numpy as np
import orjson
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from engine import Explanation, LayerRecord, Source, StepPage, Trace

from .store import Unrolled

Format = Literal["json", "packed"]
Array = NDArray[Any]

DERIVED = frozenset({"relu", "dropout", "flatten"})  # the browser makes these from their one input
EXACT = 1000  # vectors up to this length are sent as float32
OVERVIEW_BYTES = 250_000  # one byte per drawn value, before base64: 400 KB for the largest network, words included
PREVIEW = 128  # longest side of the small pictures of the preparation
LOSSLESS = 64  # pictures up to this side are sent as they are
SHOWN_PREDICTIONS = 10


def dumps(document: Any) -> bytes:
    """JSON in which numpy arrays are nested lists and NaN is null."""
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)


def packed(values: Array) -> dict[str, Any]:
    """The values as base64 little-endian, with what is needed to read them."""
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return {
        "dtype": values.dtype.name,
        "byte_order": "little",
        "shape": values.shape,
        "data": base64.b64encode(little.tobytes()).decode(),
    }


def nested(values: Array) -> Array:
    """The values for `dumps`, which takes contiguous arrays."""
    return np.ascontiguousarray(values)


WRITE: dict[str, Callable[[Array], Any]] = {"json": nested, "packed": packed}


def array_of(tensor: Tensor) -> Array:
    """The tensor's numbers; shares memory with torch."""
    return tensor.detach().numpy()


# What an answer says of any network


def head(unrolled: Unrolled) -> dict[str, Any]:
    """Everything but the values."""
    trace = unrolled.trace
    return {
        "id": unrolled.id,
        "model": unrolled.model,
        "input": {
            "kind": unrolled.kind,
            "shape": trace["input"].shape,
            "classes": None,
            "sample": unrolled.sample,
            "source": unrolled.source,
            "preparation": unrolled.preparation,
            **unrolled.said,
        },
        "nodes": [node(record) for record in trace.records],
        "predictions": [vars(prediction) for prediction in trace.predictions[:SHOWN_PREDICTIONS]],
        "max_error": trace.max_error,
    }


def node(record: LayerRecord) -> dict[str, Any]:
    """What a trace says about one node."""
    return {
        "name": record.name,
        "op": record.op,
        "module": record.module,
        "inputs": record.inputs,
        "shape": record.shape,
        "hyperparameters": record.hyperparameters,
        "parameters": record.parameters,
        "stats": record.stats,
        **({"forced": True} if record.forced else {}),
    }


def add_everything(
    document: dict[str, Any], trace: Trace, parameters: dict[str, Tensor], write: Callable[[Array], Any]
) -> None:
    """Give every node its values, its kernels, and the winners of maximum pooling."""
    for entry, record in zip(document["nodes"], trace.records, strict=True):
        entry["values"] = write(record.result)
        if record.parameters:
            entry["kernels"] = {key: write(array_of(parameters[name])) for key, name in record.parameters.items()}
        if winners := getattr(record.operation, "winners", None):
            entry["winners"] = write(winners(record))


# The overview: about one byte per drawn value


def overview(trace: Trace) -> dict[str, Any]:
    """Every node as the first picture needs it: bytes, exact short vectors, or the node it derives from."""
    sizes = tuple((record.name, record.shape) for record in trace.records if not derived_from(record))
    strides = dict(zip((name for name, _ in sizes), fit(tuple(shape for _, shape in sizes)), strict=True))
    return {record.name: _drawn(record, strides) for record in trace.records}


def derived_from(record: LayerRecord) -> str | None:
    """The node that the browser computes this one from, exactly; None when the values have to be sent."""
    short = len(record.shape) == 1 and record.shape[0] <= EXACT
    return record.inputs[0] if record.op in DERIVED and len(record.inputs) == 1 and not short else None


def _drawn(record: LayerRecord, strides: dict[str, int]) -> dict[str, Any]:
    if source := derived_from(record):
        return {"derived_from": source}
    values = record.result
    if values.ndim == 1 and values.size <= EXACT:
        return {"dtype": "float32", "shape": values.shape, "data": base64.b64encode(values.astype("<f4").tobytes()).decode()}
    return quantised(values, strides[record.name], record.stats["min"], record.stats["max"])


def quantised(values: Array, stride: int, low: float, high: float) -> dict[str, Any]:
    """One byte per value: value ~ low + byte / 255 * (high - low). The range is symmetric where values are signed.

    A stride above 1 keeps every n-th row and column, and is then told as "step".
    """
    kept = values[_every(stride, values.ndim)]
    if not (isfinite(low) and isfinite(high)):
        kept = np.nan_to_num(kept, nan=0.0, posinf=0.0, neginf=0.0)
        low, high = float(kept.min()), float(kept.max())
    low, high = _range(low, high)
    levels = kept - np.float32(low)
    levels *= np.float32(255 / (high - low))
    levels += np.float32(0.5)  # the conversion to bytes cuts off
    drawn = {
        "dtype": "uint8",
        "shape": kept.shape,
        "low": low,
        "high": high,
        "data": base64.b64encode(levels.astype(np.uint8).tobytes()).decode(),
    }
    return drawn if stride == 1 else {**drawn, "step": [1] * (values.ndim - 2) + [stride] * min(values.ndim, 2)}


def _range(low: float, high: float) -> tuple[float, float]:
    bound = max(abs(low), abs(high))
    if bound == 0:
        return 0.0, 1.0
    return (-bound if low < 0 else 0.0), bound


def _every(stride: int, dimensions: int) -> tuple[slice, ...]:
    """Every n-th row and column, all channels."""
    return (*[slice(None)] * (dimensions - 2), *[slice(None, None, stride)] * min(dimensions, 2))


@cache
def fit(shapes: tuple[tuple[int, ...], ...], most: int = OVERVIEW_BYTES) -> tuple[int, ...]:
    """A stride per shape such that all together stay within `most` bytes: the largest is thinned first."""
    strides = [1] * len(shapes)
    sizes = [prod(shape) for shape in shapes]
    while sum(sizes) > most:
        largest = max(range(len(shapes)), key=lambda i: sizes[i])
        if sizes[largest] <= EXACT:
            break
        strides[largest] += 1
        sizes[largest] = _thinned(shapes[largest], strides[largest])
    return tuple(strides)


def _thinned(shape: tuple[int, ...], stride: int) -> int:
    return prod(shape[:-2]) * prod(ceil(side / stride) for side in shape[-2:])


# Small answers


def explanation(found: Explanation, formula: str) -> bytes:
    """An explanation with its formula in LaTeX."""
    return dumps(explained(found, formula))


def explained(found: Explanation, formula: str) -> dict[str, Any]:
    """The same before it is JSON."""
    return {
        "op": found.op,
        "node": found.node,
        "index": list(found.index),
        "formula": formula,
        "terms": [
            {
                "label": term.label,
                "weight": term.weight,
                "value": term.value,
                "product": term.product,
                "source": source(term.source),
                **({"weight_source": source(term.weight_source)} if term.weight_source else {}),
            }
            for term in found.terms
        ],
        "groups": [
            {"label": group.label, "start": group.start, "stop": group.stop, "sum": group.sum} for group in found.groups
        ],
        "bias": found.bias,
        "result": found.result,
        "traced": found.traced,
        "error": found.error,
        "extra": found.extra,
    }


def source(found: Source | None) -> dict[str, Any] | None:
    """Where a value was read; `part` is "c" where it was the cell state of a recurrent node."""
    if found is None:
        return None
    return {"node": found.node, "index": list(found.index), **({"part": found.part} if found.part else {})}


def steps(node_name: str, page: StepPage) -> bytes:
    """A page of an operation's scan."""
    return dumps(
        {
            "op": page.op,
            "node": node_name,
            "total": page.total,
            "start": page.start,
            "count": len(page.steps),
            "steps": [
                {
                    "position": step.position,
                    "index": list(step.index),
                    "window": step.window,
                    "result": step.result,
                    "extra": step.extra,
                }
                for step in page.steps
            ],
        }
    )


def values(name: str, shape: Sequence[int], chosen: range, array: Array, form: Format) -> bytes:
    """Some channels of a node."""
    about = {"name": name, "shape": shape, "channels": [chosen.start, chosen.stop]}
    return dumps({**about, **_body(array, form)})


def parameter(name: str, array: Array, form: Format) -> bytes:
    """A kernel, matrix, bias or buffer of a model."""
    return dumps({"name": name, "shape": array.shape, "dtype": array.dtype.name, **_body(array, form)})


def _body(array: Array, form: Format) -> dict[str, Any]:
    if form == "json":
        return {"values": nested(array)}
    body = packed(array)
    body.pop("shape")  # the document's shape is the whole node's
    return body


# Pictures of the preparation


def data_url(picture: Image.Image) -> str:
    """A small picture for the page: exact pixels when it is small already, else a light preview."""
    if max(picture.size) <= LOSSLESS:
        return _encoded(picture, "PNG", compress_level=1)
    small = picture.reduce(ceil(max(picture.size) / PREVIEW))
    return _encoded(small if small.mode in ("L", "RGB") else small.convert("RGB"), "JPEG", quality=80)


def _encoded(picture: Image.Image, form: str, **options: int) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return f"data:image/{form.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"
