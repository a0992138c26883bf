"""What can go wrong before and while training."""

from __future__ import annotations

from ..errors import EngineError


class TrainingError(EngineError):
    """The run cannot be started or resumed; the message says what to change."""

    code = "cannot-train"
