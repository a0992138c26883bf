"""One legal request for every operation of the labs: the tests of what all have in common start from these."""

from __future__ import annotations

from typing import Any

X = [[1, 2, 3, 0], [0, 1, 2, 3], [3, 0, 1, 2], [2, 3, 0, 1]]
K = [[2, 0, 1], [0, 1, 2], [1, 0, 2]]

K4 = [[2, 0, 1, 0], [0, 1, 2, 0], [1, 0, 2, 0], [0, 0, 0, 5]]

ROW = [-4, -1.5, -0.25, 0, 0.3, 1, 7]
CURVES = (
    *("identity", "step", "sigmoid", "tanh", "relu", "leaky_relu", "relu6", "elu", "selu", "celu", "gelu", "silu", "mish"),
    *(
        "softplus",
        "softsign",
        "sinc",
        "hardsigmoid",
        "hardswish",
        "logsigmoid",
        "tanhshrink",
        "softshrink",
        "hardshrink",
        "threshold",
    ),
)
SAMPLES = [[[[1, 2], [3, 4]], [[0, -1], [5, 2]]], [[[2, 2], [1, 0]], [[-3, 1], [4, 6]]]]  # two samples, two channels

EXAMPLES: dict[str, dict[str, Any]] = {
    "conv1d": {"input": [1, 2, 3, 4, 5], "kernel": [1, 0, -1]},
    "conv2d": {"input": X, "kernel": K},
    "conv2d_size": {"input": 227, "kernel": 11, "stride": 4, "in_channels": 3, "out_channels": 96},
    "linear_size": {"input": [640000, 1024, 2]},
    "network_size": {"input": "alexnet"},
    "grey": {"input": [X, K4, X]},
    "quantise": {"input": X, "levels": 4, "low": 0, "high": 3},
    "max_pool2d": {"input": X, "kernel_size": 3, "stride": 1},
    "avg_pool2d": {"input": X, "kernel_size": 2},
    "max_pool1d": {"input": [3, 1, 2, 5, 4, 0], "kernel_size": 3, "stride": 1, "padding": 1},
    "avg_pool1d": {"input": [[3, 1, 2, 5], [0, 4, 4, 2]]},
    "adaptive_max_pool2d": {"input": X, "output_size": [3, 2]},
    "adaptive_avg_pool2d": {"input": X, "output_size": 1},
    "max_unpool2d": {"input": X, "pool_first": True},
    "conv_transpose1d": {"input": [1, 2, 3], "kernel": [1, 0, -1], "stride": 2},
    "conv_transpose2d": {"input": [[1, 2], [3, 4]], "kernel": K, "stride": 2},
    "interpolate": {"input": X, "size": [7, 6], "mode": "bilinear"},
    **{name: {"input": ROW} for name in CURVES},
    "prelu": {"input": [ROW, ROW], "weight": [0.25, -1]},
    "hardtanh": {"input": ROW, "min_val": -1.5, "max_val": 2},
    "rrelu": {"input": ROW, "lower": 0.1, "upper": 0.3, "training": True, "seed": 2},
    "glu": {"input": [[1, -2, 3, 0], [4, 5, -6, 2]]},
    "difference_quotient": {"input": 1, "h": [0.1, 0.0001], "coefficients": [1, 0, 1]},
    "partial_derivatives": {"input": [1, 2, 3], "h": 0.0001},
    "softmin": {"input": [1.2, 4.0, 0.2], "temperature": 2},
    "softmax": {"input": [1.2, 4.0, 0.2], "temperature": 2},
    "log_softmax": {"input": [[1.2, 4.0, 0.2], [3, 1, -1]], "dim": 0},
    "linear": {"input": [[1, 2], [3, 4]], "weight": [[0.5, 0.5], [1, -2], [0, 1]], "bias": [0, -1, 2]},
    "cross_entropy": {"input": [[3, 1, -1], [0.3, 2.9, 4.0]], "target": [0, 2], "reduction": "none"},
    "nll_loss": {"input": [-0.2, -1.8, -5], "target": 1},
    "binary_cross_entropy": {"input": [0.9, 0.2], "target": [1, 0]},
    "binary_cross_entropy_with_logits": {"input": [2, -3], "target": [1, 0.5]},
    **{name: {"input": [0.1, 2.5], "target": [0, 1]} for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")},
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
}
