"""The REST API, /api/v1: models, samples, traces, and the numbers inside a trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.responses import FileResponse

import engine
from engine import LayerRecord
from engine.models import MODELS

from . import answers, interventions, scale, schemas, serialize
from .catalogue import Catalogue, Entry
from .content import Content, Sample
from .forms import read_recipe, sample_recipe
from .problems import MEDIA_TYPE, Problem
from .serialize import Format
from .settings import Settings
from .store import Recipe, TraceStore, Unrolled
from .unroll import unroll

T = TypeVar("T")
Include = Literal["overview", "all"]
INCLUDES: tuple[Include, ...] = ("overview", "all")
PREFIX = "/api/v1"


REFUSAL = {
    "description": "What is wrong and what to do",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem answers of a route, for the OpenAPI document."""
    return dict.fromkeys(statuses, REFUSAL)


router = APIRouter(prefix=PREFIX)


# What the routes share


def catalogue_of(request: Request) -> Catalogue:
    """The models of this app."""
    return request.app.state.catalogue


def model_entry(model: str, catalogue: Annotated[Catalogue, Depends(catalogue_of)]) -> Entry:
    """The model named in the path."""
    return catalogue.entry(model)


def includes(
    include: Annotated[
        list[str] | None,
        Query(description="`overview`: every node as bytes; `all`: every value. Repeatable, or with commas."),
    ] = None,
) -> tuple[str, ...]:
    """The parts asked for."""
    asked = tuple(part for text in include or () for part in text.split(",") if part)
    for part in asked:
        if part not in INCLUDES:
            raise Problem("malformed-parameters", f"include={part[:80]!r} is unknown; use {' or '.join(INCLUDES)}.")
    return asked


async def in_slot(app: FastAPI, compute: Callable[[], T]) -> T:
    """Run it in a worker thread, `trace_slots` at once. Those that wait hold no thread and stall nobody."""
    settings: Settings = app.state.settings
    if app.state.in_hand >= settings.trace_slots + settings.max_waiting:
        raise Problem("busy", "Many requests are waiting; try again in a few seconds.", {"Retry-After": "3"})
    app.state.in_hand += 1  # counted here: the limiter's own count lags behind by a turn of the event loop
    try:
        return await to_thread.run_sync(compute, limiter=app.state.slots)
    finally:
        app.state.in_hand -= 1


def traced(app: FastAPI, recipe: Recipe) -> Unrolled:
    """The trace of a recipe, from the store or made now."""
    state = app.state
    return state.store.get_or_make(recipe.id, partial(unroll, recipe, state.catalogue, state.settings))


async def found_trace(request: Request, trace_id: str) -> Unrolled:
    """The trace named in the path; one of our samples is made again when the store has let it go."""
    store: TraceStore = request.app.state.store
    if found := store.get(trace_id):
        return found
    recipe = sample_recipes(request.app).get(trace_id)
    if recipe is None:
        raise Problem(
            "trace-expired",
            f"Trace '{trace_id[:40]}' is not in memory, or no longer; "
            "POST the same input to /api/v1/traces again: it gets the same id.",
        )
    return await in_slot(request.app, partial(traced, request.app, recipe))


def sample_recipes(app: FastAPI) -> dict[str, Recipe]:
    """The recipes of all samples by trace id: any replica knows them without having seen a request."""
    if not hasattr(app.state, "sample_recipes"):
        catalogue: Catalogue = app.state.catalogue
        pairs = [(model, s.id) for s in catalogue.content.samples.values() for model in s.models]
        recipes = [sample_recipe(catalogue, model, sample) for model, sample in pairs if catalogue.usable(model)]
        app.state.sample_recipes = {recipe.id: recipe for recipe in recipes}
    return app.state.sample_recipes


def trace_body(app: FastAPI, unrolled: Unrolled, include: Iterable[str], form: Format) -> bytes:
    """The answer's bytes."""
    return answers.answer(unrolled, app.state.catalogue.entry(unrolled.model).parameters, include, form)


def overview_payload(app: FastAPI, model_id: str, sample_id: str) -> bytes:
    """The JSON of a sample's trace with its overview, for a page to carry in itself."""
    recipe = sample_recipe(app.state.catalogue, model_id, sample_id)
    return trace_body(app, traced(app, recipe), ("overview",), "packed")


def json_response(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Bytes that are JSON already."""
    return Response(body, status, headers, "application/json")


FoundModel = Annotated[Entry, Depends(model_entry)]
FoundTrace = Annotated[Unrolled, Depends(found_trace)]
Included = Annotated[tuple[str, ...], Depends(includes)]
FormatQuery = Annotated[Format, Query(alias="format", description="json: nested lists; packed: base64, little-endian")]


# Models


@router.get("/models", tags=["models"], response_model=schemas.ModelList, summary="What can be traced")
def list_models(catalogue: Annotated[Catalogue, Depends(catalogue_of)]) -> Response:
    """Every network with its input, classes, number of parameters and the accuracy of its weights."""
    return json_response(serialize.dumps({"models": [catalogue.describe(name) for name in catalogue.names()]}))


@router.get(
    "/models/{model}",
    tags=["models"],
    response_model=schemas.ModelDetail,
    responses=refusals(404, 503),
    summary="One network, its card and its graph",
)
def get_model(entry: FoundModel, catalogue: Annotated[Catalogue, Depends(catalogue_of)]) -> Response:
    """The same entry with the model card (data, licence, accuracy) and the graph of nodes."""
    return json_response(serialize.dumps(catalogue.detail(entry.model.spec.id)))


@router.get(
    "/models/{model}/parameters/{name}",
    tags=["models"],
    response_model=schemas.Parameter,
    response_model_exclude_unset=True,
    responses=refusals(404, 422, 503),
    summary="A kernel, matrix or bias",
)
def get_parameter(entry: FoundModel, name: str, form: FormatQuery = "json") -> Response:
    """The numbers of one parameter, under its name in PyTorch, for instance `features.0.weight`."""
    if name not in entry.parameters:
        known = ", ".join(entry.parameters)
        raise Problem("unknown-parameter", f"There is no parameter '{name[:80]}'; there are {known}.")
    return json_response(serialize.parameter(name, serialize.array_of(entry.parameters[name]), form))


# Samples


@router.get(
    "/samples",
    tags=["samples"],
    response_model=schemas.SampleList,
    response_model_exclude_unset=True,
    responses=refusals(404, 422),
    summary="Our own pictures, texts and series",
)
def list_samples(
    catalogue: Annotated[Catalogue, Depends(catalogue_of)],
    model: Annotated[str | None, Query(description="only those made for this network")] = None,
) -> Response:
    """Inputs to start with; send their id in the field `sample` of POST /traces."""
    if model is not None:
        catalogue.entry(model)
    samples = [
        {
            "id": sample.id,
            "title": sample.title,
            "kind": sample.kind,
            "models": [name for name in sample.models if name in MODELS],
            "url": address_of(sample),
            "painted": sample.painted,
            **sample.inline,
        }
        for sample in catalogue.content.samples.values()
        if (model in sample.models if model else set(sample.models) & set(MODELS))
    ]
    return json_response(serialize.dumps({"samples": samples}))


def address_of(sample: Sample) -> str | None:
    """Where the picture is; texts and series have none, for they stand in the list."""
    return f"{PREFIX}/samples/{sample.id}.png" if sample.file else None


@router.get(
    "/samples/{sample}.png",
    tags=["samples"],
    response_class=FileResponse,
    responses={200: {"content": {"image/png": {}}}, **refusals(404)},
    summary="A sample as a picture",
)
def get_sample(sample: str, catalogue: Annotated[Catalogue, Depends(catalogue_of)]) -> Response:
    """The PNG itself."""
    content: Content = catalogue.content
    pictures = {name: found.file for name, found in content.samples.items() if found.file}
    if sample not in pictures:
        raise Problem("unknown-sample", f"There is no picture '{sample[:80]}'; there are {', '.join(pictures)}.")
    return FileResponse(pictures[sample], headers={"Cache-Control": "no-cache"})


# Traces

FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["model"],
                "additionalProperties": False,
                "properties": {
                    "model": {"type": "string", "description": "id of a network", "examples": ["tinyvgg"]},
                    "image": {
                        "type": "string",
                        "format": "binary",
                        "description": "a JPEG, PNG, WebP, GIF, BMP or TIFF picture",
                    },
                    "sample": {"type": "string", "description": "id of one of our pictures, texts or series"},
                    "values": {
                        "type": "string",
                        "description": "a series as a JSON list of numbers; for a picture network its input itself, "
                        "as nested lists of its shape",
                    },
                    "text": {"type": "string", "description": "for networks that read text, at most 2,000 characters"},
                    "interventions": {
                        "type": "string",
                        "description": "what-ifs for recurrent networks: a JSON list of InterventionEntry",
                        "contentMediaType": "application/json",
                        "contentSchema": {"type": "array", "items": {"$ref": "#/components/schemas/InterventionEntry"}},
                        "examples": [interventions.EXAMPLE.split(" or ")[0]],
                    },
                    "language": {
                        "type": "string",
                        "enum": ["zh", "en"],
                        "description": "in which a caption is written; English when left out",
                    },
                },
            },
            "examples": {
                "picture": {"summary": "a file", "value": {"model": "tinyvgg", "image": "@photo.jpg"}},
                "sample": {"summary": "one of ours", "value": {"model": "tinyvgg", "sample": "pizza"}},
                "text": {"summary": "a sentence", "value": {"model": "sentiment-en-lstm", "text": "not bad at all"}},
                "series": {"summary": "numbers", "value": {"model": "worked-rnn", "values": "[[1, 1], [1, 1], [2, 2]]"}},
            },
        }
    },
}


@router.post(
    "/traces",
    tags=["traces"],
    status_code=201,
    response_model=schemas.Trace,
    response_model_exclude_unset=True,
    responses={
        201: {"headers": {"Location": {"description": "address of the trace", "schema": {"type": "string"}}}},
        **refusals(400, 404, 413, 415, 422, 503),
    },
    openapi_extra={"requestBody": FORM},
    summary="Run a network on an input and record every number",
)
async def create_trace(
    request: Request,
    recipe: Annotated[Recipe, Depends(read_recipe)],
    include: Included,
    form: FormatQuery = "json",
) -> Response:
    """Give `model` and exactly one of `image` (a file), `sample`, `values` or `text`.

    The id depends on model, weights, input and options alone: the same request gets the same id.
    """
    app = request.app
    body = await in_slot(app, lambda: trace_body(app, traced(app, recipe), include, form))
    return json_response(body, 201, {"Location": f"{PREFIX}/traces/{recipe.id}"})


@router.get(
    "/traces/{trace_id}",
    tags=["traces"],
    response_model=schemas.Trace,
    response_model_exclude_unset=True,
    responses=refusals(404, 422),
    summary="A trace again",
)
def get_trace(request: Request, unrolled: FoundTrace, include: Included, form: FormatQuery = "json") -> Response:
    """What POST /traces answered; 404 with the code `trace-expired` when it has left the memory."""
    return json_response(trace_body(request.app, unrolled, include, form))


@router.get(
    "/traces/{trace_id}/nodes/{node}",
    tags=["traces"],
    response_model=schemas.NodeValues,
    response_model_exclude_unset=True,
    responses={200: {"content": {"image/png": {}}}, **refusals(404, 422)},
    summary="The values of a node",
)
def get_node(
    unrolled: FoundTrace,
    node: str,
    channels: Annotated[str | None, Query(description="`0:4` for channels 0 to 3, `2` for one", examples=["0:4"])] = None,
    form: Annotated[Literal["json", "packed", "png"], Query(alias="format")] = "json",
) -> Response:
    """All channels or a slice of them. A PNG has one pixel per value, orange below zero, white at zero, blue above."""
    record = unrolled.trace[node]
    chosen = channel_range(record, channels)
    values = record.result[chosen.start : chosen.stop] if record.shape else record.result
    if form == "png":
        return Response(scale.picture_of(values, scale.bound_of(record.result)), media_type="image/png")
    return json_response(serialize.values(node, record.shape, chosen, values, form))


def channel_range(record: LayerRecord, text: str | None) -> range:
    """The channels meant by "0:4", "2", ":3" or nothing; a Problem names the legal range."""
    count = record.shape[0] if record.shape else 1
    if text is None:
        return range(count)
    found = re.fullmatch(r"(\d{1,9})|(\d{0,9}):(\d{0,9})", text, re.ASCII)
    if found and found[1]:
        start, stop = int(found[1]), int(found[1]) + 1
    elif found:
        start, stop = int(found[2] or 0), int(found[3] or count)
    if not found or not 0 <= start < stop <= count:
        raise Problem(
            "malformed-parameters",
            f"channels={text[:40]!r} is not a range of this node's {count} channels; use 0:{count} or one number "
            f"from 0 to {count - 1}.",
        )
    return range(start, stop)


INDEX = "one number per dimension: channel,row,column, or a unit; layer,direction,step,unit of a recurrent node"


@router.get(
    "/traces/{trace_id}/nodes/{node}/explain",
    tags=["traces"],
    response_model=schemas.Explanation,
    responses=refusals(404, 422),
    summary="The arithmetic behind one number",
)
def explain_number(
    request: Request,
    unrolled: FoundTrace,
    node: str,
    index: Annotated[str, Query(description=INDEX, examples=["3,10,12"])],
) -> Response:
    """Every term with its source, partial sums per input channel, the bias, the result, and the error against torch."""
    if not re.fullmatch(r"-?\d{1,9}(,-?\d{1,9}){0,7}", index, re.ASCII):
        raise Problem("malformed-parameters", f"index={index[:40]!r} is not a list of whole numbers; write index=3,10,12.")
    found = engine.explain(unrolled.trace, node, [int(part) for part in index.split(",")])
    content: Content = request.app.state.catalogue.content
    return json_response(serialize.explanation(found, content.formula(found.formula)))


@router.get(
    "/traces/{trace_id}/nodes/{node}/steps",
    tags=["traces"],
    response_model=schemas.Steps,
    responses=refusals(404, 422),
    summary="The scan of an operation, in order",
)
def get_steps(
    unrolled: FoundTrace,
    node: str,
    start: Annotated[int, Query(ge=0, le=2**31)] = 0,
    count: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> Response:
    """Which window each output element looks at, and what comes of it."""
    return json_response(serialize.steps(node, engine.steps(unrolled.trace, node, start, count)))
