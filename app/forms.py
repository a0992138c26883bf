"""The form of POST /traces: read into memory, never to disk, and checked field by field."""

from __future__ import annotations

from typing import cast

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from engine.models import MODELS, ModelSpec

from . import inputs, interventions
from .catalogue import Catalogue
from .middleware import too_large
from .problems import Problem
from .settings import Settings
from .store import Kind, Recipe

INPUTS = ("image", "sample", "values", "text")
OPTIONS = ("interventions", "language")
FIELDS = ("model", *INPUTS, *OPTIONS)
LANGUAGES = ("zh", "en")
MAX_TEXT = 2_000_000  # bytes of one text field: a 3 x 64 x 64 input as JSON numbers is 250 KB
EXAMPLE = "curl -F model=tinyvgg -F image=@photo.jpg .../api/v1/traces"


class MemoryParser(MultiPartParser):
    """Starlette's parser, with files of any permitted size kept in memory, and text that is not UTF-8 refused."""

    spool_max_size = 2**62

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        part = self._current_part
        if part.file is None and len(part.data) + end - start > self.max_part_size:
            code = "text-too-long" if part.field_name == "text" else "upload-too-large"
            raise Problem(code, f"The field '{part.field_name[:80]}' is longer than {MAX_TEXT / 1e6:g} MB; send less.")
        super().on_part_data(data, start, end)

    def on_part_end(self) -> None:
        part = self._current_part
        if part.file is not None:
            return super().on_part_end()
        try:
            self.items.append((part.field_name, part.data.decode()))
        except UnicodeDecodeError as error:  # Starlette would take it for Latin-1 and go on with another text
            raise Problem(
                "malformed-text",
                f"The field '{part.field_name[:80]}' is not text in UTF-8: byte {error.start} is "
                f"0x{part.data[error.start]:02x}. Save or send it as UTF-8.",
            ) from None


async def read_recipe(request: Request) -> Recipe:
    """What the request asks to be traced; a dependency of POST /traces."""
    catalogue: Catalogue = request.app.state.catalogue
    form = await _read(request)
    fields = _single(form)
    model = _model(fields)
    spec = catalogue.entry(model).model.spec
    kind = _kind(fields)
    inputs.check_kind(spec, kind)
    options = _options(fields, spec)
    settings: Settings = request.app.state.settings
    data = await _data(kind, fields[kind], settings.max_upload_bytes)
    if kind == "sample":
        return sample_recipe(catalogue, model, data.decode(), **options)
    return Recipe(model, catalogue.entry(model).model.digest, cast(Kind, kind), data, **options)


def sample_recipe(
    catalogue: Catalogue, model: str, sample_id: str, interventions: str = "", language: str | None = None
) -> Recipe:
    """The recipe of one of our own inputs; it can be made again at any time."""
    entry = catalogue.entry(model).model
    known = [sample.id for sample in catalogue.content.samples.values() if model in sample.models]
    if sample_id not in known:
        raise Problem(
            "unknown-sample",
            f"There is no sample '{sample_id[:80]}' for '{model}'; GET /api/v1/samples?model={model} lists them.",
            samples=known,
        )
    data = catalogue.content.samples[sample_id].data
    written_in = inputs.default_language(entry.spec) if language is None else language
    return Recipe(model, entry.digest, "sample", data, sample_id, interventions, written_in)


async def _read(request: Request) -> FormData:
    content_type = request.headers.get("content-type", "")
    if content_type.split(";")[0].strip().lower() != "multipart/form-data":
        said = f"not {content_type[:80]!r}" if content_type else "but the request has no content type"
        raise Problem("wrong-content-type", f"Send the request as multipart/form-data, {said}; for instance {EXAMPLE}")
    parser = MemoryParser(request.headers, request.stream(), max_files=2, max_fields=8, max_part_size=MAX_TEXT)
    try:
        return await parser.parse()
    except MultiPartException as error:
        raise Problem(
            "malformed-form",
            f"The multipart form is malformed ({error.message.rstrip('.')}); let your client build it: {EXAMPLE}",
        ) from None
    except ClientDisconnect:
        raise Problem("malformed-form", "The request broke off before its end; send it again.") from None


def _single(form: FormData) -> dict[str, str | UploadFile]:
    """The fields by name, each known and given once."""
    names = [name for name, _ in form.multi_items()]
    for name in names:
        if name not in FIELDS:
            raise Problem("unknown-field", f"There is no field '{name[:80]}'; the fields are {', '.join(FIELDS)}.")
        if names.count(name) > 1:
            raise Problem("several-inputs", f"The field '{name}' is given {names.count(name)} times; give it once.")
    return dict(form.items())


def _model(fields: dict[str, str | UploadFile]) -> str:
    model = fields.get("model")
    if not isinstance(model, str) or not model:
        raise Problem("missing-field", f"Name the network in the text field 'model'; there are {', '.join(MODELS)}.")
    return model


def _kind(fields: dict[str, str | UploadFile]) -> str:
    given = [name for name in INPUTS if name in fields]
    if len(given) > 1:
        raise Problem("several-inputs", f"The form has {' and '.join(given)}; give exactly one of them.")
    if not given:
        raise Problem("missing-field", f"The form has no input; give one of {', '.join(INPUTS)}, for instance {EXAMPLE}")
    return given[0]


def _options(fields: dict[str, str | UploadFile], spec: ModelSpec) -> dict[str, str]:
    """Interventions and language as a recipe keeps them."""
    given: dict[str, str] = {}
    for name in OPTIONS:
        value = fields.get(name, "")
        if not isinstance(value, str):
            raise Problem("wrong-input", f"The field '{name}' holds a file; send it as text, for instance -F {name}=...")
        given[name] = value
    if given["language"] and spec.task != "caption":
        raise Problem("wrong-input", f"'{spec.id}' writes in no language to choose; leave the field 'language' out.")
    language = given["language"] or inputs.default_language(spec)
    if language and language not in LANGUAGES:
        raise Problem("malformed-parameters", f"language={language[:40]!r} is unknown; use {' or '.join(LANGUAGES)}.")
    return {"interventions": interventions.canonical(given["interventions"]), "language": language}


async def _data(kind: str, value: str | UploadFile, limit: int) -> bytes:
    if kind == "image":
        if isinstance(value, str):
            raise Problem("wrong-input", f"The field 'image' holds text; send a file, for instance {EXAMPLE}")
        if (value.size or 0) > limit:
            raise Problem("upload-too-large", too_large(limit))
        return await value.read()
    if not isinstance(value, str):
        raise Problem("wrong-input", f"The field '{kind}' holds a file; send it as text, for instance -F {kind}=...")
    return value.encode()
