"""The pages of the labs: one operation each, on numbers that the visitor changes. The engine is asked by the page itself."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from .pages import dumps, embedded, labs_of, language_of, page
from .problems import Problem

router = APIRouter()


@router.get("/lab", response_class=HTMLResponse)
def labs(request: Request) -> Response:
    """Every lab with what one does there."""
    language = language_of(request)
    return page(request, "labs.html", language, labs=labs_of(request.app.state.catalogue, language))


@router.get("/lab/{lab}", response_class=HTMLResponse)
def lab(request: Request, lab: str) -> Response:
    """One lab; the name of an operation leads to the lab that shows it."""
    known = request.app.state.catalogue.content.labs
    if lab not in known:
        shown = next((name for name, about in known.items() if lab in about["ops"]), None)
        if shown is None:
            raise Problem("not-found", f"There is no lab '{lab[:80]}'; there are {', '.join(known)}.")
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/lab/{shown}{query}", 307)
    language, about = language_of(request), known[lab]
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
