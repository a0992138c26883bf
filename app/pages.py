"""The pages: Jinja renders the words in the visitor's language and the first trace, so that nothing more need be asked for."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from .api import address_of, overview_payload
from .catalogue import Catalogue
from .problems import Problem

LANGUAGES = ("zh", "en")
PROFILES = ("light", "dark", "projector")

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def home(request: Request) -> Response:
    """What this is and the networks to open: each CNN, and the tasks of the recurrent ones with their cells."""
    catalogue: Catalogue = request.app.state.catalogue
    language = language_of(request)
    models = described_all(catalogue, language)
    for model in models:
        model["samples"] = samples_of(catalogue, model["id"], language)[:4]
    cnns = [model for model in models if model["family"] == "cnn"]
    context = {
        "models": cnns,
        "tasks": tasks_of([model for model in models if model["family"] == "rnn"], catalogue, language),
        "labs": labs_of(catalogue, language),
        "page": embedded(dumps(figure_data(cnns, catalogue, language))),
    }
    return page(request, "home.html", language, **context)


@router.get("/favicon.ico")
def icon() -> Response:
    """Older browsers ask here."""
    return RedirectResponse("/static/icon.svg")


@router.get("/cnn/{model}", response_class=HTMLResponse)
def cnn(request: Request, model: str) -> Response:
    """The explorer of one convolutional network; an unknown one leads to a page that says so."""
    return explorer(request, model, "cnn")


@router.get("/rnn/{model}", response_class=HTMLResponse)
def rnn(request: Request, model: str) -> Response:
    """The explorer of one recurrent network."""
    return explorer(request, model, "rnn")


def explorer(request: Request, model: str, family: str) -> Response:
    """The page of a network of that family, with the trace of its first sample in it."""
    catalogue: Catalogue = request.app.state.catalogue
    language = language_of(request)
    try:
        described = catalogue.describe(model)
        if described["family"] != family:
            raise Problem("unknown-model", f"'{model}' is a network of another family; see /{described['family']}/{model}.")
    except Problem as problem:
        answer = page(request, "missing.html", language, code=problem.code)
        answer.status_code = 404 if problem.code == "unknown-model" else 503
        return answer
    samples = samples_of(catalogue, model, language)
    models = [entry for entry in described_all(catalogue, language) if entry["family"] == family]
    context = {
        "model": titled(described, language),
        "models": models,
        "tasks": tasks_of(models, catalogue, language),
        "page": embedded(dumps(page_data(catalogue, described, samples, language))),
        "first_trace": embedded(first_trace(request, model, samples)),
    }
    return page(request, f"{family}.html", language, **context)


@router.get("/patterns", response_class=HTMLResponse)
def patterns(request: Request) -> Response:
    """The five patterns of input and output, each drawn and running: the models of each, and their first samples."""
    catalogue: Catalogue = request.app.state.catalogue
    language = language_of(request)
    content = catalogue.content
    models = [
        {**model_data(catalogue.describe(name), language), "samples": samples_of(catalogue, name, language)}
        for name in catalogue.names()
    ]
    data = {"models": models, "texts": content.documents[language], "formulas": dict(content.formulas)}
    return page(request, "patterns.html", language, models=models, page=embedded(dumps(data)))


@router.get("/gallery", response_class=HTMLResponse)
def gallery(request: Request) -> Response:
    """Every component in its main states, for developers; the picture test compares against it."""
    catalogue: Catalogue = request.app.state.catalogue
    language = language_of(request)
    content, profile = catalogue.content, request.query_params.get("profile")
    data = {
        "texts": content.documents[language],
        "formulas": dict(content.formulas),
        "samples": samples_of(catalogue, "tinyvgg", language),
        "profile": profile if profile in PROFILES else "light",
    }
    return page(request, "gallery.html", language, page=embedded(dumps(data)))


def page(request: Request, template: str, language: str, **context: Any) -> Response:
    """A rendered template with what every page needs."""
    texts = request.app.state.catalogue.content.documents[language]
    shared = {
        "language": language,
        "other": "en" if language == "zh" else "zh",
        "texts": texts,
        "ui": texts["ui"],
        "profile": request.query_params.get("profile") if request.query_params.get("profile") in PROFILES else None,
        "nonce": request.state.csp_nonce,
    }
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language", "Content-Language": language}
    return request.app.state.templates.TemplateResponse(request, template, {**shared, **context}, headers=headers)


def language_of(request: Request) -> str:
    """`?lang=`, else the first of our languages that the browser asks for, else English."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> str:
    """The language of an Accept-Language header that we have and that weighs most."""
    best, weight = "en", 0.0
    for part in header.split(","):
        tag, _, quality = part.partition(";q=")
        language = tag.strip().lower().split("-")[0]
        try:
            value = float(quality or 1)
        except ValueError:
            continue
        if language in LANGUAGES and value > weight:
            best, weight = language, value
    return best


def titled(described: dict[str, Any], language: str) -> dict[str, Any]:
    """A model's entry with its words in one language."""
    return {**described, "title": described["title"][language], "summary": described["summary"][language]}


def described_all(catalogue: Catalogue, language: str) -> list[dict[str, Any]]:
    """The entries of all models with their words in one language."""
    return [titled(catalogue.describe(name), language) for name in catalogue.names()]


def tasks_of(models: list[dict[str, Any]], catalogue: Catalogue, language: str) -> list[dict[str, Any]]:
    """The models by task: one entry for the three cells of, say, Shakespeare."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for model in models:
        groups.setdefault(model["group"], []).append(model)
    words = catalogue.content.documents.get("models", {}).get("groups", {})
    return [
        {
            "id": name,
            "title": words[name]["title"][language] if name in words else members[0]["title"],
            "summary": words[name]["summary"][language] if name in words else members[0]["summary"],
            "models": members,
        }
        for name, members in groups.items()
    ]


def samples_of(catalogue: Catalogue, model: str, language: str) -> list[dict[str, Any]]:
    """The samples made for this model: pictures by address, texts and series as they are."""
    return [
        {"id": sample.id, "title": sample.title[language], "kind": sample.kind, "url": address_of(sample), **sample.inline}
        for sample in catalogue.content.samples.values()
        if model in sample.models
    ]


def labs_of(catalogue: Catalogue, language: str) -> list[dict[str, str]]:
    """All labs with their names and lines, in the order of teaching."""
    labs = catalogue.content.labs.items()
    return [{"id": name, "title": about["title"][language], "line": about["line"][language]} for name, about in labs]


def figure_data(models: list[dict[str, Any]], catalogue: Catalogue, language: str) -> dict[str, Any]:
    """What the home page's live figure reads: the first network of photographs and its first sample."""
    texts = catalogue.content.documents[language]
    chosen = next((model for model in models if model["input"].get("channels") == 3 and model["samples"]), None)
    if chosen is None:
        return {"model": None, "texts": {}}
    classes = [{"title": entry["title"][language]} for entry in chosen["classes"]]
    words = {"home": texts["home"], "ui": {key: texts["ui"][key] for key in ("play", "pause")}}
    return {
        "model": {"id": chosen["id"], "classes": classes},
        "sample": chosen["samples"][0]["id"],
        "language": language,
        "texts": words,
    }


def page_data(catalogue: Catalogue, described: dict[str, Any], samples: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """What the scripts read: the texts of one language, formulas, samples, the model and the variants of its task."""
    family, group = described["family"], described["group"]
    others = (catalogue.describe(name) for name in catalogue.names())
    return {
        "model": model_data(described, language),
        "variants": [model_data(other, language) for other in others if (other["family"], other["group"]) == (family, group)],
        "samples": samples,
        "texts": catalogue.content.documents[language],
        "formulas": dict(catalogue.content.formulas),
        "tour": catalogue.content.documents.get("tour", {}).get(family, []),
    }


def model_data(described: dict[str, Any], language: str) -> dict[str, Any]:
    """What the scripts read of a model."""
    names = ("id", "family", "task", "cell", "pattern", "group", "state_unit", "input")
    return {
        **{name: described[name] for name in names},
        "title": described["title"][language],
        "classes": [{"key": entry["key"], "title": entry["title"][language]} for entry in described["classes"]],
        "preparation": described["input"].get("preparation"),
        "status": described["weights"]["status"],
    }


def first_trace(request: Request, model: str, samples: list[dict[str, Any]]) -> bytes:
    """The trace that the address asks for when it is a sample's; else the first sample's."""
    kind, _, name = request.query_params.get("input", "").partition(":")
    known = [sample["id"] for sample in samples]
    if not known:
        return b"null"
    app: FastAPI = request.app
    return overview_payload(app, model, name if kind == "sample" and name in known else known[0])


def dumps(document: Any) -> bytes:
    """JSON."""
    return orjson.dumps(document)


def embedded(document: bytes) -> Markup:
    """JSON that may stand inside a script element."""
    return Markup(document.decode().replace("<", "\\u003c"))  # no tag can be written without "<"
