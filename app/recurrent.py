"""The REST API's route into a recurrent layer: every gate and state, at every step."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request, Response
from numpy.typing import NDArray

import engine
from engine import Trace

from . import schemas, serialize
from .answers import CELLS
from .api import PREFIX, FormatQuery, FoundTrace, in_slot, json_response, refusals
from .problems import Problem
from .serialize import WRITE, Format

PARTS = ("preactivations",)

router = APIRouter(prefix=PREFIX, tags=["recurrent"])


@router.get(
    "/traces/{trace_id}/nodes/{node}/gates",
    response_model=schemas.Gates,
    response_model_exclude_unset=True,
    responses=refusals(404, 422, 503),
    summary="Every gate and state of a recurrent layer",
)
async def get_gates(
    request: Request,
    unrolled: FoundTrace,
    node: str,
    steps: Annotated[str | None, Query(description="`0:50` for steps 0 to 49, `7` for one", examples=["0:50"])] = None,
    include: Annotated[str | None, Query(description="`preactivations`: what goes into each gate's squashing")] = None,
    form: FormatQuery = "json",
) -> Response:
    """Replayed from the layer's own weights, for every layer, direction, step and unit, with the error against torch."""
    if include not in (None, *PARTS):
        raise Problem("malformed-parameters", f"include={include[:80]!r} is unknown; use {', '.join(PARTS)}.")
    check_recurrent(unrolled.trace, node)
    return json_response(
        await in_slot(request.app, partial(gates_body, unrolled.trace, node, steps, include == "preactivations", form))
    )


def check_recurrent(trace: Trace, node: str) -> None:
    """Raise Problem when the node has no gates; UnknownNode when there is none of that name."""
    if trace[node].op not in CELLS:
        known = [record.name for record in trace.records if record.op in CELLS]
        others = f"this network's recurrent layers are {', '.join(known)}" if known else "this network has none"
        raise Problem("not-recurrent", f"'{node}' is {trace[node].op}, not a recurrent layer; {others}.", nodes=known)


def gates_body(trace: Trace, node: str, asked: str | None, with_preactivations: bool, form: Format) -> bytes:
    """The gates of some steps as JSON."""
    gates, write = engine.gates(trace, node), WRITE[form]
    chosen = step_range(gates.steps, asked)
    some = slice(chosen.start, chosen.stop)

    def cut(values: NDArray[Any]) -> Any:
        return write(np.ascontiguousarray(values[:, :, some]))

    names = ("cell", "layers", "directions", "steps", "hidden", "error")
    document: dict[str, Any] = {
        "node": node,
        **{name: getattr(gates, name) for name in names},
        "range": [chosen.start, chosen.stop],
        "gates": {name: cut(values) for name, values in gates.gates.items()},
        "h": cut(gates.h),
        "c": None if gates.c is None else cut(gates.c),
        "initial": {"h": write(initial(gates.h_previous))},
        "half_life": write(gates.half_life),
    }
    if gates.c_previous is not None:
        document["initial"]["c"] = write(initial(gates.c_previous))
    if with_preactivations:
        document["preactivations"] = {name: cut(values) for name, values in gates.preactivations.items()}
    return serialize.dumps(document)


def initial(previous: NDArray[Any]) -> NDArray[Any]:
    """The states before the first step, [layer, direction, unit]: the second direction begins at the end."""
    ends = [previous[:, direction, 0 if direction == 0 else -1] for direction in range(previous.shape[1])]
    return np.stack(ends, axis=1)


def step_range(count: int, text: str | None) -> range:
    """The steps meant by "0:50", "7", "40:" or nothing; a Problem names the legal range."""
    if text is None:
        return range(count)
    start, stop = -1, -1
    found = re.fullmatch(r"(\d{1,9})|(\d{0,9}):(\d{0,9})", text, re.ASCII)
    if found and found[1]:
        start, stop = int(found[1]), int(found[1]) + 1
    elif found:
        start, stop = int(found[2] or 0), int(found[3] or count)
    if not 0 <= start < stop <= count:
        raise Problem(
            "malformed-parameters", f"steps={text[:40]!r} is not a range of these {count} steps; use 0:{count} or one number."
        )
    return range(start, stop)
