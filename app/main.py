"""`create_app`: the models, the store, the routes and what wraps them, put together."""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import torch
from anyio import CapacityLimiter
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from . import api, generating, health, insight, labs, problems, recurrent, schemas
from .assets import Assets
from .catalogue import Catalogue
from .content import content
from .memory import keep_freed_memory
from .middleware import BodyLimit, Heads, Measured, RequestCounts, SecurityHeaders
from .problems import PROBLEMS, Problem
from .resources import resource
from .scripts import scripts
from .settings import Settings
from .store import TraceStore

DESCRIPTION = """Run a trained network on your input and read every number of every layer, with the arithmetic that made it.

Errors are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem documents: `code` is stable, `detail` says what to
do. Shapes and indices leave out the batch of one. Packed tensors are base64, little-endian, row-major."""


NAMED_ONLY = (schemas.Problem, schemas.GenerateRequest, schemas.ForecastRequest, schemas.Written, schemas.OperationRequest)
"""Schemas that the document names by reference only, so that FastAPI does not know of them."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The web app; `app.state` has settings, catalogue, store, templates, slots and counts."""
    app = FastAPI(
        title="Unrolled",
        version="1",
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    state = app.state
    state.settings = settings or Settings.from_environment()
    state.catalogue = Catalogue(content())
    state.store = TraceStore(state.settings.cache_bytes)
    state.slots = CapacityLimiter(state.settings.trace_slots)
    state.in_hand = 0  # requests that hold a slot or wait for one
    state.counts = RequestCounts()
    state.templates = Jinja2Templates(directory=resource("templates"))
    state.templates.env.globals["scripts"] = scripts
    _add_routes(app)
    problems.install(app)
    app.add_middleware(BodyLimit, limit=state.settings.max_upload_bytes)
    app.add_middleware(Heads)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Measured, counts=state.counts)  # the outermost
    return app


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Load and run every model once before the first request is taken."""
    keep_freed_memory()
    torch.set_num_threads(app.state.settings.torch_threads)
    ready = app.state.catalogue.warm_up()
    api.sample_recipes(app)
    app.state.ready = ready
    yield


def _add_routes(app: FastAPI) -> None:
    for routes in (api, recurrent, insight, generating, labs):
        app.include_router(routes.router)
    app.include_router(health.router)
    if importlib.util.find_spec("app.pages"):
        from . import lab_pages, pages

        app.include_router(pages.router, include_in_schema=False)
        app.include_router(lab_pages.router, include_in_schema=False)
    app.add_api_route("/api/docs", docs, include_in_schema=False, response_class=HTMLResponse)
    app.add_api_route("/problems/{code}", describe_problem, include_in_schema=False)
    app.mount("/static", Assets(directory=resource("static"), check_dir=False), name="static")
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]


def _openapi(app: FastAPI) -> dict[str, Any]:
    """FastAPI's document, with our own problem schema in place of its validation errors."""
    if app.openapi_schema:
        return app.openapi_schema
    document = FastAPI.openapi(app)
    schemata = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemata.pop(unused, None)
    for model in NAMED_ONLY:
        schemata[model.__name__] = model.model_json_schema()
    for path, methods in document["paths"].items():
        if path.startswith(api.PREFIX):
            for operation in methods.values():
                _describe_refusals(operation["responses"])
    return document


def _describe_refusals(responses: dict[str, Any]) -> None:
    """Malformed parameters are answered as a problem too, whatever FastAPI writes by itself."""
    responses.update({status: api.REFUSAL for status in responses if status >= "400"})


async def docs(request: Request) -> HTMLResponse:
    """Swagger UI from our own origin."""
    nonce = request.state.csp_nonce
    return HTMLResponse(
        f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Unrolled API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="../static/vendor/swagger-ui/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="../static/vendor/swagger-ui/swagger-ui-bundle.js"></script>
<script nonce="{nonce}">
SwaggerUIBundle({{ url: "openapi.json", dom_id: "#swagger-ui", validatorUrl: null, deepLinking: true }});
</script>
</body>
</html>"""
    )


async def describe_problem(code: str) -> dict[str, Any]:
    """What the `type` of a problem document points at."""
    if code not in PROBLEMS:
        raise Problem("not-found", f"There is no problem '{code[:80]}'; there are {', '.join(PROBLEMS)}.")
    status, title = PROBLEMS[code]
    return {"code": code, "status": status, "title": title}
