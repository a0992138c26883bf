"""What-ifs: the field `interventions` of POST /traces, checked, in one canonical form, and as the engine takes it."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from engine.ablation import Intervention

from .problems import Problem
from .schemas import InterventionEntry

MOST = 16  # at once
EXAMPLE = '[{"node": "lstm", "gate": "f", "value": 0}] or [{"node": "lstm", "state": "c", "units": [3], "value": 0}]'
_LIST = TypeAdapter(list[InterventionEntry])


def canonical(text: str) -> str:
    """The same JSON for the same interventions, however they were written; empty for none. Raises Problem."""
    found = read(text) if text else []
    return _LIST.dump_json(found, exclude_defaults=True).decode() if found else ""


def read(text: str) -> list[InterventionEntry]:
    """The interventions of the field, or a Problem that says what is wrong with which."""
    try:
        found = _LIST.validate_json(text)
    except ValidationError as error:
        raise Problem("malformed-interventions", f"{_sentence(error)}; send a JSON list, for instance {EXAMPLE}.") from None
    if len(found) > MOST:
        raise Problem("malformed-interventions", f"There are {len(found)} interventions; send at most {MOST} at once.")
    return found


def for_engine(text: str) -> tuple[Intervention, ...]:
    """The interventions of a recipe."""
    return tuple(Intervention(**_arguments(entry)) for entry in read(text)) if text else ()


def for_answer(text: str) -> dict[str, Any]:
    """What the answer says of them: nothing where there are none."""
    return {"interventions": [entry.model_dump() for entry in read(text)]} if text else {}


def _arguments(entry: InterventionEntry) -> dict[str, Any]:
    given = entry.model_dump()
    return {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}


def _sentence(error: ValidationError) -> str:
    """The first fault, with its place: "interventions[0].gate: Input should be ..."."""
    first = error.errors(include_input=False, include_url=False)[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    return f"interventions{place}: {first['msg'].rstrip('.')}"
