"""The pages of the labs: one operation each, on numbers that the visitor changes. The engine is asked by the page itself."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.operate import OPERATIONS

from .pages import dumps, embedded, labs_of, language_of, page

router = APIRouter()


@router.get("/lab", response_class=HTMLResponse)
def labs(request: Request) -> Response:
    """Every lab with what one does there."""
    language = language_of(request)
    return page(request, "labs.html", language, labs=labs_of(request.app.state.catalogue, language))


ALIASES = {
    "losses": "softmax",
    "loss": "softmax",
    "pooling": "pool",
    "dropout": "norm",
    "filters": "kernels",
    "activations": "activation",
}


def shown_by(name: str) -> tuple[str, ...]:
    """The labs that show an operation, or what people also call a lab."""
    return OPERATIONS[name].labs if name in OPERATIONS else (ALIASES.get(name, name),)


@router.get("/lab/{lab}", response_class=HTMLResponse)
def lab(request: Request, lab: str) -> Response:
    """One lab; the name of an operation leads to the lab that shows it."""
    known, language = request.app.state.catalogue.content.labs, language_of(request)
    if lab not in known:
        shown = next((name for name in shown_by(lab) if name in known), None)
        if shown is None:
            answer = page(request, "missing.html", language, code="unknown-lab")
            answer.status_code = 404
            return answer
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/lab/{shown}{query}", 307)
    about = known[lab]
    labs = labs_of(request.app.state.catalogue, language)
    content = {"id": lab, "presets": about["presets"], "texts": about["texts"][language]}
    texts = request.app.state.catalogue.content.documents[language]
    words = {name: texts[name] for name in ("ui", "keys", "lab", "problems")}
    return page(
        request,
        "lab.html",
        language,
        lab=next(each for each in labs if each["id"] == lab),
        labs=labs,
        page=embedded(dumps({"lab": content, "texts": words})),
    )
