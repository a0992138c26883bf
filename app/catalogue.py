"""The models this server offers: each loaded once, with the static graph of one recorded run."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import torch
from torch import Tensor

import engine
from engine.models import MODELS, Model, UnknownModel, WeightsError, load

from .content import Content
from .problems import Problem

log = logging.getLogger("unrolled")


@dataclass(frozen=True)
class Entry:
    """A loaded model and what can be said about it without an input."""

    model: Model

    @cached_property
    def parameters(self) -> dict[str, Tensor]:
        """Parameters and buffers by their names in the model."""
        module = self.model.module
        return {**dict(module.named_parameters()), **dict(module.named_buffers())}

    @cached_property
    def graph(self) -> dict[str, Any]:
        """Nodes and groups of one run on zeros: names, shapes and hyperparameters do not depend on the input."""
        trace = engine.trace(self.model, torch.zeros(1, *self.model.spec.input.shape))
        nodes = [
            {
                "name": record.name,
                "op": record.op,
                "module": record.module,
                "inputs": record.inputs,
                "output_shape": record.shape,
                "hyperparameters": record.hyperparameters,
                "parameters": record.parameters,
            }
            for record in trace.records
        ]
        return {"nodes": nodes, "groups": groups_of(nodes)}


def groups_of(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Nodes by the first part of their module's path: features.0 and features.1 belong to "features"."""
    groups: dict[str, list[str]] = {}
    for node in nodes:
        if "." in node["module"]:
            groups.setdefault(node["module"].split(".")[0], []).append(node["name"])
    return [{"name": name, "nodes": names} for name, names in groups.items()]


class Catalogue:
    """The models by id. One whose weights cannot be trusted is refused by name; the others go on working."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self._entries: dict[str, Entry] = {}
        self._lock = Lock()

    def warm_up(self) -> list[str]:
        """Load and run every model once; the ids of those that can be used."""
        return [name for name in self.names() if self.entry(name).graph]  # computed now, so that no visitor waits

    def names(self) -> list[str]:
        """The models that can be used."""
        return [name for name in MODELS if self.usable(name)]

    def usable(self, name: str) -> bool:
        """Whether it is one of ours and its weights pass their check."""
        try:
            return bool(self.entry(name))
        except Problem:
            return False

    def entry(self, name: str) -> Entry:
        """The loaded model, or a Problem that says which there are or what is wrong with its weights."""
        with self._lock:
            if name not in self._entries:
                self._entries[name] = Entry(_loaded(name))
            return self._entries[name]

    def describe(self, name: str) -> dict[str, Any]:
        """The model's entry in GET /models."""
        model = self.entry(name).model
        spec, held_out = model.spec, model.card.get("held_out", {})
        return {
            "id": spec.id,
            "title": self.content.model_title(spec.id),
            "summary": self.content.model_summary(spec.id),
            "family": spec.family,
            "reference": spec.reference,
            "input": {
                "kind": spec.input.kind,
                "channels": spec.input.channels,
                "height": spec.input.height,
                "width": spec.input.width,
                "mean": spec.input.mean,
                "std": spec.input.std,
                "preparation": spec.input.preparation,
            },
            "classes": [
                {"index": index, "key": key, "title": self.content.class_title(key)} for index, key in enumerate(spec.classes)
            ],
            "parameters": sum(parameter.numel() for parameter in model.module.parameters()),
            "weights": {
                "status": model.card.get("status", "trained"),
                "accuracy": held_out.get("accuracy"),
                "held_out": held_out.get("n"),
                "sha256": model.digest,
            },
        }

    def detail(self, name: str) -> dict[str, Any]:
        """The same with the model card and the graph."""
        entry = self.entry(name)
        return {**self.describe(name), "card": entry.model.card, "graph": entry.graph}


def _loaded(name: str) -> Model:
    try:
        return load(name)
    except UnknownModel as error:
        known = ", ".join(MODELS)
        raise Problem("unknown-model", f"There is no model '{name}'; use one of: {known}.", models=list(MODELS)) from error
    except WeightsError as error:
        log.error("%s", error)  # the message names files of this machine: for the operator only
        raise Problem(
            "weights-error", f"The weights of '{name}' did not pass their check; choose another model for now."
        ) from error
