"""From a recipe to a trace: bytes to tensors, tensors through the network under the recorder."""

from __future__ import annotations

import engine

from . import inputs, interventions
from .catalogue import Catalogue
from .settings import Settings
from .store import Recipe, Unrolled


def unroll(recipe: Recipe, catalogue: Catalogue, settings: Settings) -> Unrolled:
    """Run the model on the recipe's input and keep everything."""
    model = catalogue.entry(recipe.model).model
    taken = inputs.taken(recipe, model, settings)
    forced = interventions.for_engine(recipe.interventions)
    trace = engine.trace(model, taken.tensor, interventions=forced, decoding=inputs.decoding(recipe.language))
    _ = trace.max_error  # replays the gates: they are kept with the trace and must count when its memory is measured
    said = {**taken.said, **({"language": recipe.language} if recipe.language else {})}
    said |= interventions.for_answer(recipe.interventions)
    kind = "values" if recipe.kind == "values" and model.spec.input.kind == "image" else model.spec.input.kind
    return Unrolled(recipe.id, trace, recipe.model, kind, recipe.sample, taken.source, taken.preparation, said)
