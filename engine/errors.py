"""Errors of the engine: each has a code for programs and a sentence for people that says what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any


class EngineError(Exception):
    """Anything the caller can put right. `code` is stable, `message` is one plain sentence, `extra` more for programs."""

    code = "engine-error"

    @property
    def extra(self) -> dict[str, Any]:
        return {}

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InputError(EngineError):
    """The input does not fit the model."""

    code = "invalid-input"


class UnknownNode(EngineError):
    """The trace has no node of this name."""

    code = "unknown-node"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        known = list(known)
        near = get_close_matches(name, known, n=3) or known[:12]
        super().__init__(f"There is no node '{name}' in this trace; try {', '.join(near)}.")


class NotRecurrent(EngineError):
    """The node is no recurrent layer, so it has no gates."""

    code = "not-recurrent"

    def __init__(self, name: str, recurrent: Sequence[str]) -> None:
        what = f"those with gates are {', '.join(recurrent)}" if recurrent else "this trace has no recurrent layer"
        super().__init__(f"Node '{name}' is no recurrent layer; {what}.")


class IndexOutOfRange(EngineError):
    """The index does not point at an element of the node's output."""

    code = "index-out-of-range"

    def __init__(self, node: str, index: Sequence[int], shape: Sequence[int]) -> None:
        legal = ", ".join(f"0..{size - 1}" for size in shape)
        given = ",".join(map(str, index))
        super().__init__(f"Index {given} is outside node '{node}': give {len(shape)} whole number(s), {legal}.")


class ExplanationMismatch(EngineError):
    """The arithmetic by hand does not give the number that torch computed: nothing must be shown."""

    code = "explanation-mismatch"
