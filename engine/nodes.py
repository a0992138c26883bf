"""From the recorder's raw calls to the nodes of a trace: which calls count, what they are called, what they read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from torch import Tensor, nn

from engine.ops import RECURRENT, name_of, operation_of
from engine.ops.input import given
from engine.record import LayerRecord, Origin, tensors_in
from engine.recorder import Call, is_about_tensors, makes_constant


class Names:
    """Gives every call of a run its node's name, in order: the module's path or the operation, then numbered."""

    def __init__(self, module: nn.Module) -> None:
        parts = dict(module.named_modules())
        self._leaves = {path for path, part in parts.items() if path and not any(part.children())}
        self._recurrent = {path for path in self._leaves if isinstance(parts[path], (nn.RNNBase, nn.RNNCellBase))}
        self._used: Counter[str] = Counter()

    def __call__(self, path: str, function: Callable[..., Any]) -> str:
        """A recurrent module does small things before and after its one great call: these go by their operation."""
        by_path = path in self._leaves and (path not in self._recurrent or function in RECURRENT)
        return self.numbered(path if by_path else name_of(function))

    def numbered(self, base: str) -> str:
        """The base itself for the first call, then base_1, base_2 ..."""
        count = self._used[base]
        self._used[base] += 1
        return f"{base}_{count}" if count else base


def is_node(call: Call) -> bool:
    """Whether the call computed something from the run's numbers."""
    about = is_about_tensors(call.function) or makes_constant(call.function)
    return not about and any(True for _ in tensors_in(call.result))


def records_of(module: nn.Module, calls: list[Call]) -> Iterator[LayerRecord]:
    """The nodes among the calls. Edges come from the identity of tensors, in the order of the run."""
    names = Names(module)
    parameter_names = {id(tensor): name for name, tensor in (*module.named_parameters(), *module.named_buffers())}
    owners: dict[int, Origin] = {}  # id of a tensor -> the call that made it last
    for call, (before, after) in zip(calls, _overwritten_later(calls), strict=True):
        results = list(tensors_in(call.result))
        sources = {id(tensor): owners.get(id(tensor)) for tensor in tensors_in((call.args, call.kwargs))}
        producers = {key: owner for key, owner in sources.items() if owner is not None}
        if is_node(call):
            inputs = call.function is given
            name = names.numbered(call.path) if inputs else names(call.path, call.function)
            record = _record(call, name, "" if inputs else call.path, producers, parameter_names, before, after)
            owners.update((id(tensor), Origin(record, place)) for place, tensor in enumerate(results))
            yield record
        elif is_about_tensors(call.function):
            owners.update((id(tensor), owner) for tensor in results for owner in producers.values())


Held = Mapping[int, Tensor]
"""id of a tensor -> what it held at one time, where it was overwritten since."""


def _overwritten_later(calls: list[Call]) -> list[tuple[Held, Held]]:
    """For every call: what its tensors held when it began, and what they held when it ended. Read from the last call to the
    first, the latest overwriting that was met is the next one in time."""
    if not any(call.before for call in calls):
        return [({}, {})] * len(calls)
    held: dict[int, Tensor] = {}
    found: list[tuple[Held, Held]] = []
    for call in reversed(calls):
        after = {id(tensor): held[id(tensor)] for tensor in tensors_in(call.result) if id(tensor) in held}
        held |= call.before or {}
        before = {id(tensor): held[id(tensor)] for tensor in tensors_in((call.args, call.kwargs)) if id(tensor) in held}
        found.append((before, after))
    return found[::-1]


def _record(
    call: Call,
    name: str,
    module: str,
    producers: Mapping[int, Origin],
    parameter_names: Mapping[int, str],
    before: Held,
    after: Held,
) -> LayerRecord:
    return LayerRecord(
        name=name,
        op=name_of(call.function),
        module=module,
        function=call.function,
        args=_thawed(call.args, before),
        kwargs={key: _thawed(value, before) for key, value in call.kwargs.items()},
        output=_thawed(call.result, after),
        producers={id(before[key]) if key in before else key: owner for key, owner in producers.items()},
        parameter_names=parameter_names,
        operation=operation_of(call.function),
        forced=call.forced,
    )


def _thawed(value: Any, frozen: Held) -> Any:
    """The argument as it was then: tensors overwritten since are replaced by what they held."""
    if not frozen:
        return value
    if isinstance(value, Tensor):
        return frozen.get(id(value), value)
    if isinstance(value, (list, tuple)) and any(True for _ in tensors_in(value)):
        thawed = [_thawed(item, frozen) for item in value]
        return thawed if isinstance(value, list) else tuple(thawed)
    return value
