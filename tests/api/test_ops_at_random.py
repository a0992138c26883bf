"""Random requests to every operation of the labs: an answer whose code gives it again, or a refusal in words; never a fault."""

from __future__ import annotations

import contextlib
import io
import math
import re
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lab_examples import EXAMPLES

from engine.operate import OPERATIONS, fields_of

OPS = "/api/v1/ops"
WHOLE = st.integers(-1, 6)
SPECIAL = st.sampled_from(["NaN", "Infinity", "-inf"])
NUMBER = st.one_of(WHOLE, st.floats(-3, 3, width=16), SPECIAL)
SIDES = st.lists(WHOLE, min_size=2, max_size=2)


@st.composite
def grids(draw: st.DrawFn) -> Any:
    """Nested lists of one to four axes, most of them small."""
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    special = draw(st.integers(0, 9)) == 0
    element = NUMBER if special else st.integers(-4, 9)
    flat = draw(st.lists(element, min_size=math.prod(shape), max_size=math.prod(shape)))
    for side in reversed(shape[1:]):
        flat = [flat[i : i + side] for i in range(0, len(flat), side)]
    return flat


def values_for(legal: str) -> st.SearchStrategy[Any]:
    """What such a field may be given, and much that it may not."""
    words = re.findall(r'"(\w+)"', legal)
    return st.one_of(
        grids(),
        WHOLE,
        SIDES,
        NUMBER,
        st.lists(SIDES, min_size=2, max_size=2),
        st.sampled_from([True, False, None, "x", *words]),
    )


@st.composite
def requests(draw: st.DrawFn, op: str) -> dict[str, Any]:
    """The example of the operation with some of its fields changed."""
    fields = draw(st.lists(st.sampled_from(fields_of(op)), min_size=1, max_size=4, unique_by=lambda field: field.name))
    return {**EXAMPLES[op], **{field.name: draw(values_for(field.legal)) for field in fields}, "include": ["gradients"]}


def read(value: Any) -> Any:
    """An answer's nested lists with its words made numbers."""
    if isinstance(value, list):
        return [read(part) for part in value]
    return float(value) if isinstance(value, str) else value


@pytest.mark.parametrize("op", OPERATIONS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_answer_or_a_refusal_in_words(client, op: str, data: st.DataObject) -> None:
    request = data.draw(requests(op))
    response = client.post(f"{OPS}/{op}", json=request)
    found = response.json()
    if response.status_code != 200:
        assert response.status_code == 422, (request, found)
        assert found["code"] == "malformed-operation" and found["parameter"] in found["detail"], (request, found)
        return
    namespace: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(found["code"], namespace)
    output = namespace["output"]
    assert list(output.shape) == found["shape"] and len(found["steps"]) == min(output.numel(), 4096)
    answered = np.array(read(found["output"]), dtype=np.float64).reshape(found["shape"])
    np.testing.assert_array_equal(answered, output.double().numpy() if isinstance(output, torch.Tensor) else output)
    explanation = found["explanation"]
    assert explanation is None or explanation["traced"] == found["steps"][0]["result"]
