"""What all schemas share: documents without other fields, names in both languages, tensors, and refusals."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Document(BaseModel):
    """Answers have these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Title(Document):
    """A name in both languages."""

    zh: str
    en: str


class Packed(Document):
    """A tensor as base64, little-endian, in row-major order."""

    dtype: str = Field(examples=["float32"])
    byte_order: Literal["little"] = "little"
    shape: list[int]
    data: str = Field(description="base64")


Nested = Any  # nested lists of numbers, as deep as the shape is long
Values = Packed | list[Any] | float


class Problem(BaseModel):
    """RFC 9457. `code` is stable and the page translates by it; `detail` says what to do."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/unknown-model"])
    title: str = Field(examples=["There is no such model"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no model 'vgg'; use one of: tinyvgg, tinyvgg-wide, lenet5."])
    code: str = Field(examples=["unknown-model"])
