"""The pages: Jinja renders the words in the visitor's language and the first trace, so that nothing more need be asked for."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from .api import PREFIX, overview_payload
from .catalogue import Catalogue
from .problems import Problem

LANGUAGES = ("zh", "en")
PROFILES = ("light", "dark", "projector")

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def home(request: Request) -> Response:
    """What this is and the networks to open."""
    catalogue: Catalogue = request.app.state.catalogue
    language = language_of(request)
    models = [titled(catalogue.describe(name), language) for name in catalogue.names()]
    for model in models:
        model["samples"] = samples_of(catalogue, model["id"], language)[:4]
    return page(request, "home.html", language, models=models, page=embedded(dumps(figure_data(models, catalogue, language))))


@router.get("/favicon.ico")
def icon() -> Response:
    """Older browsers ask here."""
    return RedirectResponse("/static/icon.svg")


@router.get("/cnn/{model}", response_class=HTMLResponse)
def cnn(request: Request, model: str) -> Response:
    """The explorer of one network; an unknown one leads to a page that says so."""
    catalogue: Catalogue = request.app.state.catalogue
    language = language_of(request)
    try:
        described = catalogue.describe(model)
    except Problem as problem:
        answer = page(request, "missing.html", language, code=problem.code)
        answer.status_code = 404 if problem.code == "unknown-model" else 503
        return answer
    samples = samples_of(catalogue, model, language)
    context = {
        "model": titled(described, language),
        "models": [titled(catalogue.describe(name), language) for name in catalogue.names()],
        "page": embedded(dumps(page_data(catalogue, described, samples, language))),
        "first_trace": embedded(first_trace(request, model, samples)),
    }
    return page(request, "cnn.html", language, **context)


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


def samples_of(catalogue: Catalogue, model: str, language: str) -> list[dict[str, str]]:
    """The samples made for this model."""
    return [
        {"id": sample.id, "title": sample.title[language], "url": f"{PREFIX}/samples/{sample.id}.png"}
        for sample in catalogue.content.samples.values()
        if model in sample.models
    ]


def figure_data(models: list[dict[str, Any]], catalogue: Catalogue, language: str) -> dict[str, Any]:
    """What the home page's live figure reads: the first network of photographs and its first sample."""
    texts = catalogue.content.documents[language]
    chosen = next((model for model in models if model["input"]["channels"] == 3 and model["samples"]), None)
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


def page_data(catalogue: Catalogue, described: dict[str, Any], samples: list[dict[str, str]], language: str) -> dict[str, Any]:
    """What the scripts read: the texts of one language, formulas, samples, the model's classes."""
    classes = [{"key": entry["key"], "title": entry["title"][language]} for entry in described["classes"]]
    return {
        "model": {
            "id": described["id"],
            "title": described["title"][language],
            "classes": classes,
            "preparation": described["input"]["preparation"],
        },
        "samples": samples,
        "texts": catalogue.content.documents[language],
        "formulas": dict(catalogue.content.formulas),
        "tour": catalogue.content.documents.get("tour", {}).get("cnn", []),
    }


def first_trace(request: Request, model: str, samples: list[dict[str, str]]) -> bytes:
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
