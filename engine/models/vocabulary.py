"""The vocabularies: one list of tokens per data set, from its training part (`unrolled vocabulary`), kept with the weights."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "weights" / "vocabularies"


@cache
def vocabulary(name: str) -> tuple[str, ...]:
    """The tokens in the order of their ids; none before the file was made."""
    file = FOLDER / f"{name}.json"
    return tuple(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else ()
