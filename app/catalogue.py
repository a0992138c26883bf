"""The models this server offers: each loaded once, with the static graph of one recorded run."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

from torch import Tensor

import engine
from engine.models import MODELS, Model, ModelSpec, UnknownModel, WeightsError, load

from . import inputs
from .content import Content
from .problems import Problem

NAMED = frozenset({"classify", "tag"})  # tasks whose answers have words in both languages
VARIANTS = frozenset({"rnn", "lstm", "gru", "attention"})
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
    def size(self) -> int:
        """How many numbers were trained."""
        return sum(parameter.numel() for parameter in self.model.module.parameters())

    @cached_property
    def graph(self) -> dict[str, Any]:
        """Nodes and groups of one run on a blank input; made when first asked for. The steps are those of that run."""
        spec = self.model.spec
        trace = engine.trace(self.model, inputs.blank(spec), decoding=inputs.decoding(inputs.default_language(spec)))
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
        return {"nodes": nodes, "groups": groups_of(nodes), "steps": inputs.steps_of_blank(spec)}


def groups_of(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Nodes by the first part of their module's path: features.0 and features.1 belong to "features"."""
    groups: dict[str, list[str]] = {}
    for node in nodes:
        if "." in node["module"]:
            groups.setdefault(node["module"].split(".")[0], []).append(node["name"])
    return [{"name": name, "nodes": names} for name, names in groups.items()]


def group_of(spec: ModelSpec) -> str:
    """What the variants of one task share: "shakespeare" for shakespeare-lstm; the id itself of one that has no others."""
    base, _, variant = spec.id.rpartition("-")
    return base if variant in VARIANTS else spec.id


def _numbers(figures: Any, without: tuple[str, ...] = ()) -> dict[str, float]:
    """The plain numbers among the figures of a card."""
    pairs = figures.items() if isinstance(figures, dict) else ()
    return {key: value for key, value in pairs if type(value) in (int, float) and key not in without}


class Catalogue:
    """The models by id. One whose weights cannot be trusted is refused by name; the others go on working."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self._entries: dict[str, Entry] = {}
        self._lock = Lock()

    def warm_up(self) -> list[str]:
        """Load every model and run one of each sort; the ids of those that can be used."""
        names = self.names()
        sorts = {(spec.family, spec.cell): name for name in names for spec in [self.entry(name).model.spec]}
        for name in sorts.values():
            _ = self.entry(name).graph  # torch prepares itself in the first run of a sort: no visitor shall wait for that
        return names

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
        entry = self.entry(name)
        model = entry.model
        spec, held_out = model.spec, model.card.get("held_out", {})
        return {
            "id": spec.id,
            "title": self.content.model_title(spec.id),
            "summary": self.content.model_summary(spec.id),
            "family": spec.family,
            "reference": spec.reference,
            "task": spec.task,
            "cell": spec.cell,
            "pattern": spec.pattern,
            "group": group_of(spec),
            "state_unit": spec.state_unit,
            "input": inputs.described(spec.input),
            "classes": self._classes(spec),
            "parameters": entry.size,
            "weights": {
                "status": model.card.get("status", "trained"),
                "accuracy": held_out.get("accuracy"),
                "held_out": held_out.get("n"),
                "measure": held_out.get("measure", "accuracy") if held_out else None,
                "figures": _numbers(held_out, without=("n",)),
                "baselines": _numbers(held_out.get("baselines", {})),
                "beats_baselines": held_out.get("beats_baselines"),
                "sha256": model.digest,
            },
        }

    def _classes(self, spec: ModelSpec) -> list[dict[str, Any]]:
        """The classes with their words; a vocabulary of thousands has none and is told with the model's details."""
        if spec.task not in NAMED:
            return []
        return [{"index": index, "key": key, "title": self.content.class_title(key)} for index, key in enumerate(spec.classes)]

    def detail(self, name: str) -> dict[str, Any]:
        """The same with the model card and the graph."""
        entry = self.entry(name)
        words = inputs.vocabularies(entry.model.spec)
        return {**self.describe(name), **words, "card": entry.model.card, "graph": entry.graph}


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


def entry_for(catalogue: Catalogue, model: str, task: str, does: str) -> Entry:
    """The named model when that is its task; else a Problem that names those that can do it."""
    entry = catalogue.entry(model)
    if entry.model.spec.task != task:
        able = [name for name in catalogue.names() if catalogue.entry(name).model.spec.task == task]
        raise Problem("wrong-input", f"'{model}' does not {does}; use one of {', '.join(able) or 'none here'}.", models=able)
    return entry
