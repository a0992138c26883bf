"""The engine of Unrolled: run a torch model once, keep every number, and explain any of them.

import engine
model = engine.load("tinyvgg")
trace = engine.trace(model, x)                              # x: (1, 3, 64, 64)
explanation = engine.explain(trace, "features.0", (3, 10, 12))
sum(term.product for term in explanation.terms) + explanation.bias == explanation.result
"""

from engine.ablation import Intervention
from engine.explain import Step, StepPage, explain, steps
from engine.explanation import Explanation, Source, Term
from engine.generate import Forecast, Sampled, forecast, generate
from engine.models import MODELS, Model, load
from engine.operate import Operated, operate
from engine.record import LayerRecord
from engine.recurrent import Gates, gates
from engine.through_time import Gradients, gradients
from engine.trace import Answer, Prediction, Trace, trace

__all__ = [
    "MODELS",
    "Answer",
    "Explanation",
    "Forecast",
    "Gates",
    "Gradients",
    "Intervention",
    "LayerRecord",
    "Model",
    "Operated",
    "Prediction",
    "Sampled",
    "Source",
    "Step",
    "StepPage",
    "Term",
    "Trace",
    "explain",
    "forecast",
    "gates",
    "generate",
    "gradients",
    "load",
    "operate",
    "steps",
    "trace",
]
