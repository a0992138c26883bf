"""The REST API's routes that look back over a run: gradients through time, and what each unit goes along with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from numpy.typing import NDArray

import engine
from engine import Trace
from engine.reading import FEATURES, correlations

from . import schemas, serialize
from .api import PREFIX, FormatQuery, FoundTrace, in_slot, json_response, refusals
from .recurrent import check_recurrent
from .serialize import WRITE, Format

Write = Callable[[NDArray[Any]], Any]

router = APIRouter(prefix=PREFIX, tags=["recurrent"])


@router.get(
    "/traces/{trace_id}/gradients",
    response_model=schemas.Gradients,
    responses=refusals(404, 422, 503),
    summary="How one output number answers to everything before it",
)
async def get_gradients(
    request: Request,
    unrolled: FoundTrace,
    target: Annotated[int, Query(ge=0, le=2**31, description="index of the class or token")],
    step: Annotated[int | None, Query(ge=0, le=2**31, description="of a network that answers at every step")] = None,
    form: FormatQuery = "json",
) -> Response:
    """d logit(target) / d every node; for recurrent layers d / d input, h and c at each step, through time, with norms.

    Without `step` the last one is meant. Nodes of whole numbers, such as tokens, have no gradient and are left out.
    """
    return json_response(await in_slot(request.app, partial(gradients_body, unrolled.trace, target, step, form)))


def gradients_body(trace: Trace, target: int, step: int | None, form: Format) -> bytes:
    """The gradients as JSON."""
    found, write = engine.gradients(trace, target, step), WRITE[form]
    return serialize.dumps(
        {
            "target": target,
            "step": found.step,
            "value": found.value,
            "nodes": {name: write(values) for name, values in found.nodes.items()},
            "recurrent": {name: states_of(states, write) for name, states in found.recurrent.items()},
        }
    )


def states_of(states: Any, write: Write) -> dict[str, Any]:
    """The gradients of one recurrent layer; c is null where the cell has none."""
    arrays = {name: None if states.get(name) is None else write(states[name]) for name in ("x", "h", "c")}
    return {**arrays, "norms": {name: write(values) for name, values in states["norms"].items()}}


@router.get(
    "/traces/{trace_id}/nodes/{node}/correlations",
    response_model=schemas.Correlations,
    responses=refusals(404, 422, 503),
    summary="What each unit goes along with in this text",
)
async def get_correlations(request: Request, unrolled: FoundTrace, node: str) -> Response:
    """For every unit the simple feature (position, quotes, capitals, negation ...) that its state correlates with most.

    Pearson's r over the steps of this one text, strongest first; it says what goes together, not what causes what.
    Units that never change are left out.
    """
    check_recurrent(unrolled.trace, node)
    found = await in_slot(request.app, partial(correlations, unrolled.trace, node))
    return json_response(serialize.dumps({"node": node, "features": list(FEATURES), "units": [vars(unit) for unit in found]}))
