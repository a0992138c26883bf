"""`trace(model, x)`: run a model once and keep every call by name, with its inputs, its output and its arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.errors import InputError, UnknownNode
from engine.explanation import sampled_error
from engine.models.spec import Model
from engine.ops import name_of, operation_of
from engine.record import LayerRecord, tensors_in
from engine.recorder import Call, Recorder, instrument, is_about_tensors


@dataclass(frozen=True)
class Prediction:
    """One class of a classifier's answer."""

    label: str
    index: int
    logit: float
    probability: float


class Trace:
    """Everything one run computed. `trace["features.0"]` is a `LayerRecord`; records are in the order of the run."""

    def __init__(self, module: nn.Module, calls: list[Call], model: Model | None = None) -> None:
        self.module, self.model = module, model
        self._calls = calls

    @cached_property
    def records(self) -> tuple[LayerRecord, ...]:
        """All nodes in order; the first is "input". Made when first asked for, so that tracing itself stays cheap."""
        return tuple(_records(self.module, self._calls))

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
        """Memory of all recorded tensors, each storage counted once; parameters are the model's and not counted."""
        storages = {
            tensor.untyped_storage().data_ptr(): tensor.untyped_storage().nbytes()
            for record in self.records
            for tensor in record.outputs
        }
        return sum(storages.values())

    @cached_property
    def predictions(self) -> tuple[Prediction, ...]:
        """All classes, most probable first; empty when the model is not a classifier of ours."""
        if self.model is None or self.records[-1].op != "softmax":
            return ()
        softmax = self.records[-1]
        probabilities, logits = softmax.result.tolist(), softmax.array("input").tolist()
        rows = enumerate(zip(self.model.spec.classes, logits, probabilities, strict=True))
        answers = [Prediction(label, i, logit, probability) for i, (label, logit, probability) in rows]
        return tuple(sorted(answers, key=lambda answer: -answer.probability))

    @cached_property
    def max_error(self) -> float:
        """Largest error over recomputed elements: the strongest of every node."""
        return max((sampled_error(record) for record in self.records), default=0.0)


def trace(model: Model | nn.Module, x: Tensor) -> Trace:
    """Run the model once on x, (1, ...), and record every call. Classifiers of ours end in a softmax node.

    Raises InputError when x is not a batch of one or does not have the shape that the model takes.
    """
    module, ours = (model.module, model) if isinstance(model, Model) else (model, None)
    _check(x, ours)
    instrument(module)
    with torch.inference_mode(), Recorder(x) as recorder:
        output = module(x)
        if ours is not None:
            F.softmax(output, dim=-1)
    return Trace(module, recorder.calls, ours)


def _check(x: Tensor, model: Model | None) -> None:
    if x.dim() < 1 or x.shape[0] != 1:
        raise InputError(f"Give a batch of one: a tensor of shape (1, ...), not {tuple(x.shape)}.")
    if model is not None and tuple(x.shape[1:]) != model.spec.input.shape:
        raise InputError(f"Model '{model.spec.id}' takes {model.spec.input.shape}, not {tuple(x.shape[1:])}.")


def _records(module: nn.Module, calls: list[Call]) -> Iterator[LayerRecord]:
    """The nodes among the calls. Edges come from the identity of tensors, in the order of the run."""
    leaves = {path for path, part in module.named_modules() if path and not any(part.children())}
    parameter_names = {id(tensor): name for name, tensor in (*module.named_parameters(), *module.named_buffers())}
    used: Counter[str] = Counter()
    owners: dict[int, LayerRecord] = {}  # id of a tensor -> the record that made it last
    for call in calls:
        results = list(tensors_in(call.result))
        sources = {id(tensor): owners.get(id(tensor)) for tensor in tensors_in((call.args, call.kwargs))}
        producers = {key: owner for key, owner in sources.items() if owner is not None}
        if is_about_tensors(call.function):
            owners.update((id(tensor), owner) for tensor in results for owner in producers.values())
        elif results:
            op = name_of(call.function)
            name = _name(call.path if call.path in leaves else op, used)
            record = _record(call, name, op, producers, parameter_names)
            owners.update((id(tensor), record) for tensor in results)
            yield record


def _record(
    call: Call, name: str, op: str, producers: Mapping[int, LayerRecord], parameter_names: Mapping[int, str]
) -> LayerRecord:
    frozen = call.frozen
    return LayerRecord(
        name=name,
        op=op,
        module=call.path,
        function=call.function,
        args=_thawed(call.args, frozen),
        kwargs={key: _thawed(value, frozen) for key, value in call.kwargs.items()},
        output=_thawed(call.result, call.output_frozen),
        producers={id(frozen[key]) if key in frozen else key: owner for key, owner in producers.items()},
        parameter_names=parameter_names,
        operation=operation_of(call.function),
    )


def _name(base: str, used: Counter[str]) -> str:
    """The base itself for the first call, then base_1, base_2 ..."""
    count = used[base]
    used[base] += 1
    return f"{base}_{count}" if count else base


def _thawed(value: Any, frozen: Mapping[int, Tensor]) -> Any:
    """The argument as it was when the call ran: tensors overwritten since are replaced by their clones."""
    if not frozen:
        return value
    if isinstance(value, Tensor):
        return frozen.get(id(value), value)
    if isinstance(value, (list, tuple)) and any(True for _ in tensors_in(value)):
        thawed = [_thawed(item, frozen) for item in value]
        return thawed if isinstance(value, list) else tuple(thawed)
    return value
