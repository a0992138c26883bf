"""One legal request for every operation of the labs: the tests of what all have in common start from these."""

from __future__ import annotations

from typing import Any

X = [[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]
K = [[2, 0, 1], [0, 1, 2], [1, 0, 2]]

K4 = [[2, 0, 1, 0], [0, 1, 2, 0], [1, 0, 2, 0], [0, 0, 0, 5]]

EXAMPLES: dict[str, dict[str, Any]] = {
    "conv1d": {"input": [1, 2, 3, 4, 5], "kernel": [1, 0, -1]},
    "conv2d": {"input": X, "kernel": K},
    "grey": {"input": [X, K4, X]},
    "quantise": {"input": X, "levels": 4, "low": 0, "high": 3},
}
