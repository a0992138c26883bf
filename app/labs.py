"""The REST API's routes of the labs: one operation on the caller's own small arrays, POST /ops/{op}."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import numpy as np
import orjson
import torch
from fastapi import APIRouter, Path, Request, Response

from engine.errors import ExplanationMismatch
from engine.operate import OPERATIONS, Operated, OperationError, fields_of, operate, operation
from engine.operate.fields import refused

from . import schemas, serialize
from .api import PREFIX, in_slot, json_response, refusals
from .bodies import json_object
from .content import Content

router = APIRouter(prefix=PREFIX, tags=["operations"])

NAMES: dict[str, Any] = {"enum": list(OPERATIONS), "default": "conv2d"}  # what the documentation page begins with
OWN = ("include", "index", "steps")  # fields of the request that say what to answer, not what to compute
ROUNDED = {
    "code": "rounded",
    "text": {
        "en": "In float32 so much was rounded away on the way to this number that exact arithmetic gives another one; "
        "take float64.",
        "zh": "用 float32 计算时，这个数在途中舍入得太多，精确的算式得到的是另一个数；请改用 float64。",
    },
}
INPUT = [[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]
EXAMPLE = '{"input": [[1, 2], [3, 4]], "kernel": [[1, 0], [0, 1]]}'
KERNEL = [[2, 0, 1], [0, 1, 2], [1, 0, 2]]
EXAMPLES: dict[str, dict[str, Any]] = {  # by operation, to be run from the documentation page
    "conv2d": {"input": INPUT, "kernel": KERNEL},
    "conv1d": {"input": [1, 2, 3, 4, 5], "kernel": [1, 0, -1], "padding": 1},
    "max_pool2d": {"input": INPUT, "kernel_size": 2, "steps": False},
    "conv_transpose2d": {"input": [[1, 2], [3, 4]], "kernel": KERNEL, "stride": 2},
    "interpolate": {"input": [[1, 2], [3, 4]], "size": 4, "mode": "bilinear"},
    "gelu": {"input": [-2, -1, 0, 1, 2], "include": ["gradients"]},
    "softmax": {"input": [2, 1, 0.1], "index": [1]},
    "cross_entropy": {"input": [2, 1, 0.1], "target": 0},
    "layer_norm": {"input": INPUT},
}
BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/OperationRequest"},
            "examples": {op: {"summary": f"POST /ops/{op}", "value": value} for op, value in EXAMPLES.items()},
        }
    },
}


@router.get("/ops", response_model=schemas.OperationList, summary="Operations that can be run on numbers of one's own")
def list_operations() -> Response:
    """Every operation with its fields and what is legal in each."""
    return json_response(serialize.dumps({"ops": [described(name) for name in OPERATIONS]}))


def described(op: str) -> dict[str, Any]:
    """An operation's entry."""
    chosen = operation(op)
    fields = [
        {"name": f.name, "type": f.kind, "required": f.required, "default": f.default, "legal": f.legal} for f in fields_of(op)
    ]
    return {"op": op, "fields": fields, "include": ["gradients", *chosen.includes], "labs": list(chosen.labs)}


@router.post(
    "/ops/{op}",
    response_model=schemas.OperationAnswer,
    responses=refusals(400, 404, 413, 415, 422, 503),
    openapi_extra={"requestBody": BODY},
    summary="One operation on numbers of one's own",
)
async def run_operation(
    request: Request,
    op: Annotated[str, Path(description="torch.nn.functional's name", examples=["conv2d"], json_schema_extra=NAMES)],
) -> Response:
    """The fields are torch's, see GET /ops; grids are nested lists, where a plain 2-D list is one channel.

    Beside them: `index` of the number to explain (default: the first), `steps` false to leave the scan out, `include` a
    list of what more to tell. NaN and infinities are written as the words "NaN", "Infinity" and "-Infinity", both ways.
    """
    operation(op)
    document = await json_object(request, EXAMPLE)
    content: Content = request.app.state.catalogue.content
    return json_response(await in_slot(request.app, partial(answer, op, document, content)))


def answer(op: str, document: dict[str, Any], content: Content) -> bytes:
    """The answer as JSON."""
    own = {name: document.pop(name) for name in OWN if name in document}
    include, want_steps = own.get("include") or [], own.get("steps", True)
    if not isinstance(include, list):
        en = 'include must be a list of words, for instance ["gradients"].'
        raise OperationError("include", "a list of words", en, 'include 应是词的列表，例如 ["gradients"]。')
    if not isinstance(want_steps, bool):
        raise refused("steps", "true or false", want_steps, " true 或 false")
    found = operate(op, document, include)
    explanation = explained(found, own.get("index"), content.formula(found.formula))  # may leave a note
    told = {
        "op": op,
        "output": found.output,
        "shape": list(found.output.shape),
        "dtype": str(found.output.dtype).removeprefix("torch."),
        "explanation": explanation,
        "code": found.code,
        "notes": found.notes,
        **found.more,
    }
    return orjson.dumps({**plain(told), **(scan(found) if want_steps else {})})


def scan(found: Operated) -> dict[str, Any]:
    """The operation's steps in order, as GET steps tells them. Ready for JSON: windows are whole numbers already."""
    steps = found.steps()
    return {
        "steps": [
            {
                "position": s.position,
                "index": list(found.index(s.index)),
                "window": s.window,
                "result": plain(s.result),
                "extra": plain({**s.extra, **on_the_way(found, s.index)}),
            }
            for s in steps
        ],
        "steps_total": found.output.numel(),
    }


def on_the_way(found: Operated, place: Sequence[int]) -> dict[str, float]:
    """What every line but the last made of one number, where all lines work number by number."""
    return {line["name"]: line["result"] for line in found.chain(found.index(place))[:-1]}


def explained(found: Operated, index: Any, formula: str) -> dict[str, Any] | None:
    """The arithmetic of the number asked for; None where it has none that can be shown."""
    if index is None:
        index = [0] * found.output.dim()
    if not isinstance(index, list) or not all(isinstance(i, int) and not isinstance(i, bool) for i in index):
        legal = f"a list of {found.output.dim()} whole numbers"
        raise refused("index", legal, index, f" {found.output.dim()} 个整数的列表")
    if len(index) != found.output.dim() or not all(0 <= i < n for i, n in zip(index, found.output.shape, strict=True)):
        legal = " and ".join(f"0 to {n - 1}" for n in found.output.shape) or "an empty list"
        ends = "、".join(f"0 到 {n - 1}" for n in found.output.shape) or "空列表"
        en = f"index {index} is outside the output: give {legal}."
        raise OperationError("index", legal, en, f"index {index} 在输出之外，应是 {ends}。")
    try:
        with np.errstate(invalid="ignore", over="ignore"):  # infinities are shown, not warned of
            told = serialize.explained(found.explanation(index), formula)
    except ExplanationMismatch:
        finite = all(torch.isfinite(t).all() for t in (found.output, *found.program.tensors.values()))
        if finite and found.output.dtype != torch.float32:
            raise
        if finite:  # else infinity times zero and its like: torch's order of summation decides what comes out
            found.notes.append(ROUNDED)
        return None
    chain = found.chain(index)
    return {**told, "index": index, "extra": {**told["extra"], **({"chain": plain(chain)} if chain else {})}}


def plain(value: Any) -> Any:
    """Ready for JSON: tensors and arrays as nested lists, numbers that JSON lacks as words."""
    if isinstance(value, torch.Tensor):
        return plain(value.detach().numpy())
    if isinstance(value, np.ndarray):
        finite = value.dtype.kind != "f" or bool(np.isfinite(value).all())
        return value.tolist() if finite else plain(value.tolist())
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else word(float(value))
    return value.item() if isinstance(value, np.generic) else value


def word(value: float) -> str:
    """NaN, Infinity or -Infinity."""
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
