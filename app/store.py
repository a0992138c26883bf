"""Traces kept in memory, bounded in bytes, the least recently used leaving first; each is computed once."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any, Literal

from engine import Trace

Kind = Literal["image", "sample", "values", "text"]

OVERHEAD = 50_000  # Python objects around the tensors of a trace


@dataclass(frozen=True)
class Recipe:
    """All that a trace depends on: model, weights, input and options. The same recipe has the same id on any replica."""

    model: str
    weights: str  # digest
    kind: Kind
    data: bytes = field(repr=False)
    sample: str | None = None
    interventions: str = ""  # JSON in one canonical form, empty for the network as it is
    language: str = ""  # of a caption

    @cached_property
    def id(self) -> str:
        """Twenty hexadecimal digits of a SHA-256."""
        digest = hashlib.sha256(self.data).hexdigest()
        options = [f"{name}={value}" for name in ("interventions", "language") if (value := getattr(self, name))]
        parts = "\n".join((self.model, self.weights, self.kind, self.sample or "", digest, *options))
        return hashlib.sha256(parts.encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Unrolled:
    """A trace and what its answer says about the input."""

    id: str
    trace: Trace
    model: str
    kind: str
    sample: str | None
    source: dict[str, Any] | None  # format, width, height and mode of the file
    preparation: list[dict[str, Any]]  # the steps from the file to the tensor, with small pictures
    said: dict[str, Any] = field(default_factory=dict)  # what else the answer says of the input: text, tokens, values ...

    @cached_property
    def bytes(self) -> int:
        """The memory it holds: the recorded tensors and the pictures."""
        return self.trace.nbytes + sum(len(step["picture"]) for step in self.preparation) + OVERHEAD


class TraceStore:
    """A thread-safe map from id to trace; `get_or_make` lets callers with the same id wait for one computation."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = self.made = self.hits = self.evicted = 0
        self._lock = Lock()
        self._kept: OrderedDict[str, Unrolled] = OrderedDict()
        self._making: dict[str, Future[Unrolled]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, trace_id: str) -> Unrolled | None:
        """The trace, now the most recently used, or None."""
        with self._lock:
            return self._get(trace_id)

    def get_or_make(self, trace_id: str, make: Callable[[], Unrolled]) -> Unrolled:
        """The trace; computed by one caller while the others with the same id wait for it."""
        with self._lock:
            if found := self._get(trace_id):
                return found
            future = self._making.get(trace_id)
            mine = future is None
            if future is None:
                future = self._making[trace_id] = Future()
        return self._make(trace_id, make, future) if mine else future.result()

    def _get(self, trace_id: str) -> Unrolled | None:
        found = self._kept.get(trace_id)
        if found is not None:
            self._kept.move_to_end(trace_id)
            self.hits += 1
        return found

    def _make(self, trace_id: str, make: Callable[[], Unrolled], future: Future[Unrolled]) -> Unrolled:
        try:
            made = make()
            self._keep(made)
        except BaseException as error:
            future.set_exception(error)
            raise
        else:
            future.set_result(made)
            return made
        finally:
            with self._lock:
                self._making.pop(trace_id, None)

    def _keep(self, made: Unrolled) -> None:
        """Put it in front and let the oldest go; one that is larger than the whole store is not kept."""
        with self._lock:
            self.made += 1
            if made.bytes > self.limit:
                return
            self._kept[made.id] = made
            self.bytes += made.bytes
            while self.bytes > self.limit:
                _, oldest = self._kept.popitem(last=False)
                self.bytes -= oldest.bytes
                self.evicted += 1
