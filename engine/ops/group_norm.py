"""Group normalisation: y = gamma (x - mean) / sqrt(variance + eps) + beta, per sample and group of channels.

Wu & He (2018). One group is layer normalisation over (C, H, W), as many groups as channels instance normalisation;
gamma and beta are one number per channel either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.ops.arithmetic import Arithmetic, Floats
from engine.ops.standardise import affine, explained, given, of_sample, scaled
from engine.ops.windows import block
from engine.record import LayerRecord

name = "group_norm"
parameters = {"input": None, "num_groups": None, "weight": None, "bias": None, "eps": 1e-5}


def hyperparameters(record: LayerRecord) -> dict[str, Any]:
    return {
        "num_groups": record.argument("num_groups"),
        "num_channels": record.argument("input").shape[1],
        "eps": record.argument("eps"),
        "affine": record.argument("weight") is not None,
    }


def each(record: LayerRecord) -> int:
    """Channels in a group."""
    channels: int = record.argument("input").shape[1]
    return channels // int(record.argument("num_groups"))


def parts(record: LayerRecord) -> dict[str, Floats]:
    """Mean, (biased) variance and what they make, in the record's shape."""
    values = given(record)
    samples, channels, *places = values.shape
    flat = values.reshape(samples, record.argument("num_groups"), -1)
    shape = (samples, channels, *[1] * len(places))
    mean, variance = (
        by_group.repeat(each(record), axis=1).reshape(shape) for by_group in (flat.mean(axis=2), flat.var(axis=2))
    )
    return affine(record, mean, variance)


def explain(record: LayerRecord, index: Sequence[int]) -> Arithmetic:
    return explained(record, parts(record), index)


def by_hand(record: LayerRecord) -> Floats:
    return scaled(record, parts(record))


def window(record: LayerRecord, index: Sequence[int]) -> list[dict[str, Any]]:
    """All cells that the mean is taken over."""
    first = record.full(index)[1] // each(record) * each(record)
    return [block(record.source("input"), of_sample(record, index, range(first, first + each(record))))]
