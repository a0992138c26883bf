"""Every refusal as RFC 9457 problem+json: a code to translate by, and a sentence that says what to do."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from engine.errors import EngineError

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("unrolled")

# code -> (status, title). The page translates by the code; the detail is written where the problem is found.
PROBLEMS: dict[str, tuple[int, str]] = {
    "malformed-form": (400, "The form could not be read"),
    "malformed-json": (400, "The JSON could not be read"),
    "not-found": (404, "There is nothing at this address"),
    "unknown-model": (404, "There is no such model"),
    "unknown-node": (404, "The trace has no such node"),
    "unknown-operation": (404, "There is no such operation"),
    "unknown-parameter": (404, "The model has no such parameter"),
    "unknown-sample": (404, "There is no such sample"),
    "trace-expired": (404, "This trace is no longer here"),
    "method-not-allowed": (405, "This address does not take that method"),
    "upload-too-large": (413, "The upload is too large"),
    "picture-too-large": (413, "The picture has too many pixels"),
    "wrong-content-type": (415, "The request has the wrong content type"),
    "not-a-picture": (415, "This is not a picture that we can read"),
    "missing-field": (422, "A field is missing"),
    "unknown-field": (422, "The form has a field that we do not know"),
    "several-inputs": (422, "The form has more than one input"),
    "wrong-input": (422, "This model takes another kind of input"),
    "empty-upload": (422, "The upload is empty"),
    "damaged-picture": (422, "The picture is damaged"),
    "malformed-values": (422, "The values could not be read"),
    "malformed-parameters": (422, "The request has malformed parameters"),
    "index-out-of-range": (422, "The index lies outside the node"),
    "empty-text": (422, "The text is empty"),
    "text-too-long": (422, "The text is too long"),
    "malformed-text": (422, "The text holds something that is not text"),
    "empty-series": (422, "The series is empty"),
    "series-too-short": (422, "The series is too short"),
    "series-too-long": (422, "The series is too long"),
    "malformed-interventions": (422, "The interventions could not be read"),
    "malformed-operation": (422, "A field of the operation is outside its range"),
    "not-recurrent": (422, "This node is no recurrent layer"),
    "invalid-input": (422, "The network cannot take this input"),
    "internal-error": (500, "Something went wrong on our side"),
    "explanation-mismatch": (500, "The recomputed number is not the traced one"),
    "weights-error": (503, "The model's weights cannot be used"),
    "busy": (503, "The server is busy"),
}
DEFAULTS = {404: "not-found", 405: "method-not-allowed", 413: "upload-too-large", 415: "wrong-content-type"}


class Problem(Exception):
    """A refusal to be answered as problem+json; extra members go into the document."""

    def __init__(self, code: str, detail: str, headers: dict[str, str] | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.code, self.detail, self.headers, self.extra = code, detail, headers, extra


def response(code: str, detail: str, headers: dict[str, str] | None = None, **extra: Any) -> Response:
    """The problem document as an answer."""
    status, title = PROBLEMS.get(code, (422, code.replace("-", " ").capitalize()))
    document = {"type": f"/problems/{code}", "title": title, "status": status, "detail": detail, "code": code, **extra}
    return Response(orjson.dumps(_clean(document), default=str), status, headers, MEDIA_TYPE)


def _clean(value: Any) -> Any:
    """Without lone surrogates, which no UTF-8 can hold: what we quote may have come with them."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, (list, tuple)) else value


def install(app: FastAPI) -> None:
    """Answer every error of the app as a problem."""
    handlers: dict[type[Exception], Any] = {
        Problem: _problem,
        EngineError: _engine_error,
        RequestValidationError: _invalid,
        HTTPException: _http_error,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


async def _problem(request: Request, error: Problem) -> Response:
    return response(error.code, error.detail, error.headers, **error.extra)


async def _engine_error(request: Request, error: EngineError) -> Response:
    extra: dict[str, Any] = {**error.extra}
    return response(error.code, error.message, None, **extra)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    found = [
        {"field": str(entry["loc"][-1]), "where": str(entry["loc"][0]), "message": entry["msg"]} for entry in error.errors()
    ]
    sentences = "; ".join(f"{entry['where']} parameter {entry['field']!r}: {entry['message']}" for entry in found)
    detail = f"Correct what is named here and send the request again. {sentences}."
    return response("malformed-parameters", detail, errors=found)


async def _http_error(request: Request, error: HTTPException) -> Response:
    code = DEFAULTS.get(error.status_code)
    if code == "not-found":
        detail = f"There is nothing at {request.url.path}; the addresses are listed at /api/docs."
    elif code == "method-not-allowed":
        allowed = (error.headers or {}).get("Allow", "GET")
        detail = f"{request.url.path} does not take {request.method}; use {allowed}."
    else:
        code, detail = code or "malformed-form", f"{error.detail}. The requests are described at /api/docs."
    return response(code, detail, dict(error.headers or {}))


async def _unexpected(request: Request, error: Exception) -> Response:
    # Starlette raises the error again after this answer, so the server logs the traceback; the client never sees it.
    log.error("unexpected error at %s %s", request.method, request.url.path)
    return response(
        "internal-error",
        "This is a fault of ours, not of your request. Try once more; if it stays, "
        "report what you sent and the time to the operator of this server.",
    )
