"""The words and formulas of content/, read once: titles in both languages, samples, LaTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from .resources import resource

COLOUR_MARK = re.compile(r"\\htmlClass\{[^}]*\}")  # KaTeX knows this command, LaTeX does not

PICTURES = ("photo", "drawing")
INLINE = ("text", "values")

Title = dict[str, str]  # {"zh": ..., "en": ...}


@dataclass(frozen=True)
class Sample:
    """A picture, text or series of ours that anybody may start with."""

    id: str
    title: Title
    models: tuple[str, ...]
    kind: str  # photo, drawing, text or series
    file: Path | None = None  # of a picture
    inline: dict[str, Any] = field(default_factory=dict)  # {"text": ...} or {"values": [...]} of the others
    painted: bool = False

    @property
    def data(self) -> bytes:
        """As POST /traces takes it: a picture file, text in UTF-8, or numbers in JSON."""
        if self.file:
            return self.file.read_bytes()
        return self.inline["text"].encode() if "text" in self.inline else orjson.dumps(self.inline["values"])


@dataclass(frozen=True)
class Content:
    """Everything that people read, by key. What is missing is answered by the key itself; a test finds the gaps."""

    documents: Mapping[str, Any]  # "models" -> content/models.json
    formulas: Mapping[str, str]  # "conv2d" -> LaTeX
    samples: Mapping[str, Sample]
    labs: Mapping[str, Any] = field(default_factory=dict)  # "conv2d" -> content/labs/conv2d.json, in the order of teaching

    def model_title(self, model: str) -> Title:
        """The model's name in both languages."""
        return self._model(model).get("title") or _same(model)

    def model_summary(self, model: str) -> Title:
        """One sentence on the model in both languages."""
        return self._model(model).get("summary") or _same("")

    def class_title(self, key: str) -> Title:
        """The class's name in both languages."""
        return self.documents.get("models", {}).get("classes", {}).get(key) or _same(key)

    def formula(self, name: str) -> str:
        """The operation's formula in plain LaTeX, empty when it has none: without the marks by which our pages colour it."""
        return COLOUR_MARK.sub("", self.formulas.get(name, ""))

    def _model(self, model: str) -> dict[str, Any]:
        return self.documents.get("models", {}).get("models", {}).get(model, {})


def _same(text: str) -> Title:
    return {"zh": text, "en": text}


@cache
def content() -> Content:
    """The content of this installation."""
    return read(resource("content"))


def read(folder: Path) -> Content:
    """The content of a folder; a file that is not there is an empty one."""
    documents = {file.stem: orjson.loads(file.read_bytes()) for file in sorted(folder.glob("*.json"))}
    formulas = {file.stem: file.read_text(encoding="utf-8").strip() for file in sorted((folder / "formulas").glob("*.tex"))}
    labs = [(file.stem, orjson.loads(file.read_bytes())) for file in sorted((folder / "labs").glob("*.json"))]
    ordered = dict(sorted(labs, key=lambda lab: lab[1]["order"]))
    return Content(documents, formulas, _samples(folder / "samples", documents.get("samples", [])), ordered)


def _samples(folder: Path, document: Any) -> dict[str, Sample]:
    entries = document.get("samples", []) if isinstance(document, dict) else document
    samples = (_sample(folder, entry) for entry in entries)
    return {sample.id: sample for sample in samples if sample.inline or (sample.file and sample.file.is_file())}


def _sample(folder: Path, entry: dict[str, Any]) -> Sample:
    kind = entry.get("kind", "photo")
    return Sample(
        id=entry["id"],
        title=entry["title"],
        models=tuple(entry["models"]),
        kind=kind,
        file=folder / f"{entry['id']}.png" if kind in PICTURES else None,
        inline={name: entry[name] for name in INLINE if name in entry},
        painted=entry.get("painted", kind in PICTURES),
    )
