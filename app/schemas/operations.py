"""The shapes of requests and answers of POST /ops/{op}."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from .base import Document, Title
from .traces import Explanation


class OperationRequest(BaseModel):
    """Fields of the operation by torch's names (GET /ops lists them), and what to answer."""

    model_config = ConfigDict(extra="allow")

    input: Any = Field(description="nested lists of numbers; a plain 2-D list is one channel", examples=[[[1, 2], [3, 4]]])
    dtype: str = Field("float64", description="float64 or float32")
    index: list[int] | None = Field(None, description="the number to explain; the first when left out")
    steps: bool = Field(True, description="false: leave the scan out")
    include: list[str] = Field([], description="what more to tell, such as gradients")


class OperationField(Document):
    """One field of a request."""

    name: str
    type: str = Field(description="whole, number, pair, choice, flag or grid (nested lists of numbers)")
    required: bool
    default: Any
    legal: str = Field(description="the legal range in words")


class OperationEntry(Document):
    """An operation that can be run on numbers of one's own."""

    op: str
    fields: list[OperationField]
    include: list[str]
    labs: list[str] = Field(description="pages that show it, /lab/{lab}")


class OperationList(Document):
    """All of them."""

    ops: list[OperationEntry]


class OperationStep(Document):
    """One step of the scan."""

    position: int
    index: list[int]
    window: list[dict[str, Any]]
    result: float | str
    extra: dict[str, Any]


class Note(BaseModel):
    """What is worth saying about these sizes."""

    model_config = ConfigDict(extra="allow")

    code: str
    text: Title


class OperationAnswer(BaseModel):
    """The output, how it came about, and what the operation tells beside it (sizes, indices, derivative, statistics ...)."""

    model_config = ConfigDict(extra="allow")

    op: str
    output: Any = Field(description="nested lists of the input's rank; NaN and infinities as words")
    shape: list[int]
    dtype: str
    steps: list[OperationStep] | None = None
    steps_total: int | None = None
    explanation: Explanation | None
    code: str = Field(description="PyTorch lines that give this output")
    notes: list[Note]
