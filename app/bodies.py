"""Requests in JSON: read, checked, and refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from .problems import Problem

Body = TypeVar("Body", bound=BaseModel)
MAX_BODY = 1_000_000  # bytes: 2,000 numbers or characters are far below


def json_body(model: type[Body]) -> Callable[[Request], Any]:
    """A dependency that reads the body as JSON of that shape, or says in words what is wrong with it."""

    async def read(request: Request) -> Body:
        return checked(model, await json_of(request))

    return read


async def json_object(request: Request, example: str) -> dict[str, Any]:
    """The body as a JSON object of whatever fields; a Problem shows the example where it is none."""
    document = parsed(await json_of(request), example)
    if not isinstance(document, dict):
        raise Problem("malformed-json", f"The request is no JSON object; send one such as {example}.")
    return document


async def json_of(request: Request) -> bytes:
    """The body of a request that says that it is JSON."""
    said = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if said != "application/json":
        raise Problem("wrong-content-type", f"Send JSON with the content type application/json, not {said[:80]!r}.")
    return await body_of(request)


async def body_of(request: Request) -> bytes:
    """The bytes of the body, not too many of them."""
    data = b""
    try:
        async for chunk in request.stream():
            data += chunk
            if len(data) > MAX_BODY:
                raise Problem("upload-too-large", f"The request is longer than {MAX_BODY / 1e6:g} MB; send less.")
    except ClientDisconnect:
        raise Problem("malformed-json", "The request broke off before its end; send it again.") from None
    return data


def checked(model: type[Body], data: bytes) -> Body:
    """The request in the JSON."""
    return validated(model, parsed(data, example(model)))


def parsed(data: bytes, example: str) -> Any:
    """The JSON. Python's own reader, for it lets lone surrogates and NaN through to be refused, or taken, by name."""
    try:
        return json.loads(data)
    except UnicodeDecodeError:
        raise Problem("malformed-json", "The request is not in UTF-8; save or send it as UTF-8.") from None
    except (ValueError, RecursionError) as error:
        where = f" ({error})" if isinstance(error, json.JSONDecodeError) else ""
        raise Problem("malformed-json", f"The request is not JSON{where}; send an object such as {example}.") from None


def validated(model: type[Body], document: Any) -> Body:
    """The request in the document; a Problem names every field that is wrong."""
    refuse_surrogates(document)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        found = [
            {"field": ".".join(map(str, entry["loc"])) or "body", "message": entry["msg"]}
            for entry in error.errors(include_input=False, include_url=False, include_context=False)
        ][:10]
        sentences = "; ".join(f"{entry['field']}: {entry['message']}" for entry in found)
        detail = f"Correct what is named here and send the request again. {sentences}."
        raise Problem("malformed-parameters", detail, errors=found) from None


def refuse_surrogates(document: Any) -> None:
    """Raise Problem for a string such as "\\ud800" alone, which is half of a character."""
    for key, value in document.items() if isinstance(document, dict) else ():
        for text in (key, value):
            if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
                raise Problem(
                    "malformed-text", "The text holds half of a surrogate pair, which is no character; send whole characters."
                )


def example(model: type[BaseModel]) -> str:
    """The fields that must be there, with their examples."""
    fields = {name: field.examples[0] for name, field in model.model_fields.items() if field.examples}
    return json.dumps(fields)


def described(model: type[BaseModel]) -> dict[str, Any]:
    """The request body for the OpenAPI document."""
    reference = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": reference}}}}
