"""The models we know and how to load one: `MODELS` is the list, `load(name)` gives it ready to run."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as tensors_from_bytes
from torch import nn

from ..errors import EngineError
from .lenet5 import LENET5
from .sequences import SEQUENCES
from .spec import ImageInput, Model, ModelSpec, SeriesInput, TextInput
from .tinyvgg import TINYVGG, TINYVGG_WIDE

__all__ = [
    "MODELS",
    "WEIGHTS",
    "ImageInput",
    "Model",
    "ModelSpec",
    "SeriesInput",
    "TextInput",
    "UnknownModel",
    "WeightsError",
    "find",
    "load",
]

MODELS: dict[str, ModelSpec] = {spec.id: spec for spec in (TINYVGG, TINYVGG_WIDE, LENET5, *SEQUENCES)}

WEIGHTS = Path(__file__).parent.parent / "weights"

UNTRAINED_SEED = 0

_loaded: dict[str, Model] = {}
_lock = threading.Lock()


class UnknownModel(EngineError):
    """There is no model of that name; the message says which there are."""

    code = "unknown-model"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no model {name!r}; there are {', '.join(MODELS)}.")
        self.name = name


class WeightsError(EngineError):
    """The weights on disk are not the ones their card describes; the message says what to do."""

    code = "damaged-weights"


def find(name: str) -> ModelSpec:
    """The row of the table for that name, or UnknownModel."""
    if name not in MODELS:
        raise UnknownModel(name)
    return MODELS[name]


def load(name: str) -> Model:
    """The model with its weights verified; the same object on each call and from each thread."""
    spec = find(name)
    with _lock:
        if name not in _loaded:
            _loaded[name] = read(spec, WEIGHTS)
        return _loaded[name]


def read(spec: ModelSpec, folder: Path) -> Model:
    """The model from `<id>.safetensors` and `<id>.json` in a folder; random but seeded where there are none."""
    if spec.task == "worked":
        return _hand_set(spec)
    weights, card = folder / f"{spec.id}.safetensors", folder / f"{spec.id}.json"
    if not weights.exists() and not card.exists():
        return untrained(spec)
    return _trained(spec, weights, card)


def untrained(spec: ModelSpec) -> Model:
    """The model with seeded random weights: shapes and arithmetic are right, the answers mean nothing."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(UNTRAINED_SEED)
        module = spec.build()
    return Model(spec, _frozen(module), {"model": spec.id, "status": "untrained"}, _digest_of(module))


def _hand_set(spec: ModelSpec) -> Model:
    """A network whose weights are part of its definition."""
    module = spec.build()
    return Model(spec, _frozen(module), {"model": spec.id, "status": "hand-set"}, _digest_of(module))


def _digest_of(module: nn.Module) -> str:
    state = b"".join(tensor.numpy().tobytes() for tensor in module.state_dict().values())
    return hashlib.sha256(state).hexdigest()


def _trained(spec: ModelSpec, weights: Path, card_file: Path) -> Model:
    for file in (weights, card_file):
        if not file.exists():
            raise WeightsError(f"{file} is missing beside its other half. {_remedy(spec)}")
    # The bytes that were verified are the bytes that are used: the file is read once.
    data = weights.read_bytes()
    card = _read_card(spec, card_file)
    digest = hashlib.sha256(data).hexdigest()
    if digest != card.get("sha256"):
        raise WeightsError(
            f"{weights} has sha256 {digest}, but its card {card_file.name} says {card.get('sha256')}: "
            f"the file is damaged or was replaced. {_remedy(spec)}"
        )
    with torch.device("meta"):  # no time and none of the caller's random numbers for values that are replaced
        module = spec.build()
    try:
        module.to_empty(device="cpu").load_state_dict(tensors_from_bytes(data))
    except (SafetensorError, RuntimeError) as error:
        raise WeightsError(f"{weights} does not fit the architecture {spec.id!r}: {error}. {_remedy(spec)}") from error
    return Model(spec, _frozen(module), card, digest)


def _read_card(spec: ModelSpec, file: Path) -> dict[str, Any]:
    try:
        card = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise WeightsError(f"{file} is not a model card in JSON: {error}. {_remedy(spec)}") from error
    if not isinstance(card, dict):
        raise WeightsError(f"{file} is not a model card: it holds no JSON object. {_remedy(spec)}")
    return card


def _remedy(spec: ModelSpec) -> str:
    return (
        f"Restore both with `git checkout -- engine/weights/{spec.id}.safetensors engine/weights/{spec.id}.json`, "
        f"or train anew with `unrolled train {spec.id} --data DIR`."
    )


def _frozen(module: nn.Module) -> nn.Module:
    return module.eval().requires_grad_(False)
