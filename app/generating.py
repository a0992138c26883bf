"""The REST API's routes that go on where the input ends: POST /generate as server-sent events, POST /forecast."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from functools import partial
from itertools import islice
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from engine.errors import EngineError
from engine.generate import Sampled, forecast, generate

from . import schemas, serialize
from .api import PREFIX, in_slot, json_response, refusals
from .bodies import described, json_body
from .catalogue import Entry, entry_for

BATCH = 8  # tokens per turn in a slot: short enough to share it, long enough not to lose time on changing hands
EVENTS = "text/event-stream"

log = logging.getLogger("unrolled")
router = APIRouter(prefix=PREFIX, tags=["going on"])


# POST /generate


@router.post(
    "/generate",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "`event: token` for each token, then `event: end`; `event: error` with a problem document "
            "when it fails half-way",
            "content": {EVENTS: {"schema": {"type": "string"}, "example": 'event: token\ndata: {"token": "h", ...}\n\n'}},
        },
        **refusals(400, 404, 413, 415, 422, 503),
    },
    openapi_extra=described(schemas.GenerateRequest),
    summary="Let a language network write on, token by token",
)
async def generate_text(
    request: Request, asked: Annotated[schemas.GenerateRequest, Depends(json_body(schemas.GenerateRequest))]
) -> Response:
    """The text is continued from its beginning; each token comes with its probability and the most probable others.

    The same request with the same seed gives the same text. Closing the connection stops the work.
    """
    entry = entry_for(request.app.state.catalogue, asked.model, "language", "write text on")
    tokens = generate(entry.model, asked.text, asked.length, asked.temperature, asked.top_k, asked.seed)
    first = await in_slot(request.app, partial(take, tokens, 1))  # a refusal comes before the first byte
    events = stream(request.app, tokens, first)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type=EVENTS, headers=headers)


def take(tokens: Iterator[Sampled], count: int) -> list[Sampled]:
    """The next tokens; fewer at the end."""
    return list(islice(tokens, count))


async def stream(app: FastAPI, tokens: Iterator[Sampled], batch: list[Sampled]) -> AsyncIterator[bytes]:
    """The events. Each batch waits for a slot of its own, so that a slow reader holds none.

    When the client leaves, the server cancels this at its next `await`: no more is computed than the batch in hand.
    """
    text, count = "", 0
    try:
        while batch:
            for sampled in batch:
                text, count = text + sampled.token, count + 1
                yield event("token", token_document(sampled))
            batch = await to_thread.run_sync(partial(take, tokens, BATCH), limiter=app.state.slots)
    except EngineError as error:
        yield event("error", {"code": error.code, "detail": error.message})
    except Exception:
        log.exception("generating broke off")
        yield event("error", {"code": "internal-error", "detail": "This is a fault of ours; try once more."})
    else:
        yield event("end", {"text": text, "count": count})


def token_document(sampled: Sampled) -> dict[str, Any]:
    """A token as `schemas.Written` describes it."""
    top = [list(pair) for pair in sampled.top]
    return {"token": sampled.token, "id": sampled.id, "probability": sampled.probability, "top": top}


def event(name: str, data: dict[str, Any]) -> bytes:
    """One server-sent event; JSON has no line breaks of its own."""
    return b"event: " + name.encode() + b"\ndata: " + serialize.dumps(data) + b"\n\n"


# POST /forecast


@router.post(
    "/forecast",
    response_model=schemas.Forecast,
    responses=refusals(400, 404, 413, 415, 422, 503),
    openapi_extra=described(schemas.ForecastRequest),
    summary="Let a series network go on by itself",
)
async def forecast_series(
    request: Request, asked: Annotated[schemas.ForecastRequest, Depends(json_body(schemas.ForecastRequest))]
) -> Response:
    """The network is fed with its own forecasts; beside it what the last value and the last period would say."""
    entry = entry_for(request.app.state.catalogue, asked.model, "forecast", "forecast a series")
    body = await in_slot(request.app, partial(forecast_body, entry, asked))
    return json_response(body)


def forecast_body(entry: Entry, asked: schemas.ForecastRequest) -> bytes:
    """The forecast as JSON."""
    found = forecast(entry.model, asked.values, asked.horizon)
    return serialize.dumps({"model": asked.model, "values": found.values, "baselines": found.baselines})
