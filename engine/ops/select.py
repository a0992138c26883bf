"""Picking numbers out of the input, unchanged: indexing x[:, -1], select, narrow, flip, expand."""

from __future__ import annotations

from typing import Any

from engine.ops import moving
from engine.record import LayerRecord

name = "select"
parameters = {"input": None}
explain = moving.explain
by_hand = moving.by_hand
window = moving.window


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    """What was asked for, as written: [:, -1]."""
    if record.function.__name__ != "__getitem__":
        return {"call": record.function.__name__}
    asked = record.args[1]
    parts = asked if isinstance(asked, tuple) else (asked,)
    return {"call": f"[{', '.join(map(written, parts))}]"}


def written(part: Any) -> str:
    """One part of an index as Python writes it."""
    if part is Ellipsis:
        return "..."
    if isinstance(part, slice):
        ends = [part.start, part.stop] if part.step is None else [part.start, part.stop, part.step]
        return ":".join("" if end is None else str(end) for end in ends)
    return str(part) if isinstance(part, int) or part is None else "tensor"
