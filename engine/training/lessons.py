"""Which lesson a recipe's data belongs to."""

from __future__ import annotations

from pathlib import Path

from ..models import Model, ModelSpec
from .data import DATA
from .lesson import Lesson
from .pictures import Pictures
from .recipes import Recipe
from .sequences import KINDS


def lesson_for(spec: ModelSpec, recipe: Recipe, folder: Path, teacher: Model | None) -> Lesson:
    """The lesson with its data read from below `folder`; DataError when it is not there."""
    if spec.task == "classify" and recipe.data in DATA:
        return Pictures(spec, recipe, folder, teacher)
    return KINDS[spec.task](spec, recipe, folder)
