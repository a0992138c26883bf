"""One legal request for every operation of the labs: the tests of what all have in common start from these."""

from __future__ import annotations

from typing import Any

X = [[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]
K = [[2, 0, 1], [0, 1, 2], [1, 0, 2]]

K4 = [[2, 0, 1, 0], [0, 1, 2, 0], [1, 0, 2, 0], [0, 0, 0, 5]]
SAMPLES = [[[[1, 2], [3, 4]], [[0, -1], [5, 2]]], [[[2, 2], [1, 0]], [[-3, 1], [4, 6]]]]  # two samples, two channels

EXAMPLES: dict[str, dict[str, Any]] = {
    "conv1d": {"input": [1, 2, 3, 4, 5], "kernel": [1, 0, -1]},
    "conv2d": {"input": X, "kernel": K},
    "grey": {"input": [X, K4, X]},
    "quantise": {"input": X, "levels": 4, "low": 0, "high": 3},
    "batch_norm": {
        "input": SAMPLES,
        "weight": [1, 2],
        "bias": [0, 1],
        "running_mean": [0, 1],
        "running_var": [1, 4],
        "training": True,
    },
    "layer_norm": {"input": SAMPLES, "normalized_shape": [2, 2]},
    "instance_norm": {"input": SAMPLES, "weight": [1, 2], "bias": [0, 1]},
    "group_norm": {"input": SAMPLES, "num_groups": 2},
    "local_response_norm": {"input": SAMPLES, "size": 2, "alpha": 1},
    "dropout": {"input": SAMPLES, "p": 0.5, "seed": 3},
    "max_pool2d": {"input": X, "kernel_size": 3, "stride": 1},
    "avg_pool2d": {"input": X, "kernel_size": 2},
    "adaptive_max_pool2d": {"input": X, "output_size": [3, 2]},
    "adaptive_avg_pool2d": {"input": X, "output_size": 1},
    "max_unpool2d": {"input": X, "pool_first": True},
    "conv_transpose1d": {"input": [1, 2, 3], "kernel": [1, 0, -1], "stride": 2},
    "conv_transpose2d": {"input": [[1, 2], [3, 4]], "kernel": K, "stride": 2},
    "interpolate": {"input": X, "size": [7, 6], "mode": "bilinear"},
}
