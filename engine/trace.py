"""`trace(model, x)`: run a model once and keep every call by name, with its inputs, its output and its arithmetic."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.ablation import Intervention
from engine.errors import InputError, UnknownNode
from engine.explanation import sampled_error
from engine.forcing import forcing_decoder, recorder_for
from engine.models.spec import Model, ModelSpec, SeriesInput, TextInput
from engine.nodes import records_of
from engine.record import LayerRecord
from engine.recorder import Call, instrument

CHOOSING = {"classify", "language", "tag", "transduce", "caption"}
"""Tasks whose answer is a choice among classes: their last numbers are logits, and a softmax follows."""


@dataclass(frozen=True)
class Prediction:
    """One class of a classifier's answer."""

    label: str
    index: int
    logit: float
    probability: float


@dataclass(frozen=True)
class Answer:
    """What a model that answers at every step says at one: the most probable classes first."""

    step: int
    top: tuple[Prediction, ...]


class Trace:
    """Everything one run computed. `trace["features.0"]` is a `LayerRecord`; records are in the order of the run."""

    def __init__(
        self,
        module: nn.Module,
        calls: list[Call],
        model: Model | None = None,
        interventions: tuple[Intervention, ...] = (),
    ) -> None:
        self.module, self.model, self.interventions = module, model, interventions
        self._calls = calls

    @cached_property
    def records(self) -> tuple[LayerRecord, ...]:
        """All nodes in order; the first is "input". Made when first asked for, so that tracing itself stays cheap."""
        return tuple(records_of(self.module, self._calls))

    @cached_property
    def _by_name(self) -> dict[str, LayerRecord]:
        return {record.name: record for record in self.records}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._by_name)

    def __getitem__(self, name: str) -> LayerRecord:
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownNode(name, self._by_name) from None

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[LayerRecord]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    @property
    def nbytes(self) -> int:
        """Memory of all recorded tensors, each storage counted once, and of replayed gates; parameters are the model's."""
        storages = {
            tensor.untyped_storage().data_ptr(): tensor.untyped_storage().nbytes()
            for record in self.records
            for tensor in record.outputs
        }
        gates = (record.memory["gates"].nbytes for record in self.records if "gates" in record.memory)
        return sum(storages.values()) + sum(gates)

    @cached_property
    def predictions(self) -> tuple[Prediction, ...]:
        """All classes, most probable first; empty when the model is no classifier of ours or answers at every step."""
        if self.model is None or self.records[-1].op != "softmax" or len(self.records[-1].shape) != 1:
            return ()
        return self._choices(np.s_[:], len(self.model.spec.classes))

    def answers(self, top: int = 5) -> tuple[Answer, ...]:
        """For models that answer at every step: the most probable classes of each; empty for all others."""
        if self.model is None or self.records[-1].op != "softmax" or len(self.records[-1].shape) != 2:
            return ()
        return tuple(Answer(step, self._choices(step, top)) for step in range(self.records[-1].shape[0]))

    def _choices(self, step: int | slice, top: int) -> tuple[Prediction, ...]:
        assert self.model is not None
        classes, softmax = self.model.spec.classes, self.records[-1]
        probabilities, logits = softmax.result[step], softmax.array("input")[step]
        best = np.argsort(-probabilities, kind="stable")[:top]
        return tuple(Prediction(classes[i], int(i), float(logits[i]), float(probabilities[i])) for i in best)

    @cached_property
    def max_error(self) -> float:
        """Largest error over recomputed elements: the strongest of every node."""
        return max((sampled_error(record) for record in self.records), default=0.0)


def trace(
    model: Model | nn.Module,
    x: Tensor,
    *more: Tensor,
    interventions: Sequence[Intervention] = (),
    decoding: Mapping[str, Any] | None = None,
) -> Trace:
    """Run the model once on x, (1, ...), and record every call. Models of ours that choose end in a softmax node.

    more: further inputs of the model; a model that can `decode` writes them itself first, with the options `decoding`.
    interventions: what is forced upon recurrent layers in this run (`engine.ablation`).
    Raises InputError when x is not a batch of one or does not have the shape that the model takes.
    """
    module, ours = (model.module, model) if isinstance(model, Model) else (model, None)
    axis = _check(x, module, ours)
    instrument(module)
    with torch.inference_mode():
        decode: Any = getattr(module, "decode", None)
        if decode and not more:
            with forcing_decoder(interventions):
                more = (decode(x, **(decoding or {})),)
        with recorder_for(module, _named_inputs(module, x, *more), axis, interventions) as recorder:
            output = module(x, *more)
            if ours is not None and ours.spec.task in CHOOSING:
                F.softmax(output, dim=-1)
    return Trace(module, recorder.calls, ours, tuple(interventions))


def _named_inputs(module: nn.Module, *inputs: Tensor) -> dict[str, Tensor]:
    """ "input", then the further ones as the model's forward calls them."""
    if len(inputs) == 1:  # most models; looking up a signature takes as long as a small layer
        return {"input": inputs[0]}
    names = [name for name in inspect.signature(type(module).forward).parameters if name != "self"]
    spare = (f"input_{place}" for place in range(1, len(inputs)))
    return dict(zip(("input", *names[1 : len(inputs)], *spare), inputs, strict=False))


def _check(x: Tensor, module: nn.Module, model: Model | None) -> int:
    """Where the batch of one stands; InputError when there is none, or when the input is not what the model takes."""
    if model is not None and x.dim() and x.shape[0] == 1:
        _check_ours(x, model.spec)
    elif model is None and x.dim() > 1 and x.shape[0] != 1 == x.shape[1] and _takes_time_first(module):
        return 1
    if x.dim() < 1 or x.shape[0] != 1:
        raise InputError(f"Give a batch of one: a tensor of shape (1, ...), not {tuple(x.shape)}.")
    return 0


def _takes_time_first(module: nn.Module) -> bool:
    return any(isinstance(part, nn.RNNBase) and not part.batch_first for part in module.modules())


def _check_ours(x: Tensor, spec: ModelSpec) -> None:
    shape, given = tuple(x.shape[1:]), spec.input
    if isinstance(given, TextInput):
        _check_text(x, spec.id, given)
    elif isinstance(given, SeriesInput):
        fits = len(shape) == 2 and shape[1] == given.features and 1 <= shape[0] <= given.max_length
        if not fits or not x.is_floating_point():
            legal = f"(1, steps, {given.features}) with 1 to {given.max_length} steps"
            raise InputError(f"Model '{spec.id}' takes numbers, {legal}, not {tuple(x.shape)}.")
    elif shape != given.shape:
        raise InputError(f"Model '{spec.id}' takes {given.shape}, not {shape}.")


def _check_text(x: Tensor, name: str, given: TextInput) -> None:
    if x.dim() != 2 or not 1 <= x.shape[1] <= given.max_length or x.is_floating_point():
        legal = f"(1, steps) with 1 to {given.max_length} steps"
        raise InputError(f"Model '{name}' takes whole numbers, {legal}, not {tuple(x.shape)}.")
    words = len(given.vocabulary)
    if int(x.min()) < 0 or int(x.max()) >= words:
        raise InputError(f"Model '{name}' knows the ids 0 to {words - 1}; engine.text.prepare_text makes them from a text.")
