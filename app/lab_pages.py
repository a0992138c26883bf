"""The pages of the labs: one operation each, on numbers that the visitor changes. The engine is asked by the page itself."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from .pages import dumps, embedded, language_of, page
from .problems import Problem

router = APIRouter()


@router.get("/lab", response_class=HTMLResponse)
def labs(request: Request) -> Response:
    """Every lab with what one does there."""
    language = language_of(request)
    return page(request, "labs.html", language, labs=titles(request, language))


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
    content = {"id": lab, "presets": about["presets"], "texts": about["texts"][language]}
    texts = request.app.state.catalogue.content.documents[language]
    words = {name: texts[name] for name in ("ui", "keys", "lab", "problems")}
    return page(
        request,
        "lab.html",
        language,
        lab=titled(lab, about, language),
        labs=titles(request, language),
        page=embedded(dumps({"lab": content, "texts": words})),
    )


def titled(name: str, about: dict[str, Any], language: str) -> dict[str, str]:
    """A lab's name and its one line."""
    return {"id": name, "title": about["title"][language], "line": about["line"][language]}


def titles(request: Request, language: str) -> list[dict[str, str]]:
    """All labs, in the order of teaching."""
    known = request.app.state.catalogue.content.labs
    return [titled(name, about, language) for name, about in known.items()]
