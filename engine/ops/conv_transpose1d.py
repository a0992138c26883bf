"""1-D transposed convolution: every step of the input spreads a copy of the kernel, and where copies meet they add up.

out[o, t] = bias[o] + sum over c, i with t + p - i d = u s of weight[c, o, i] * input[c, u]; the same functions as 2-D.
"""

from __future__ import annotations

from engine.ops.conv_transpose2d import by_hand, explain, hyperparameters, parameters, window

name = "conv_transpose1d"

__all__ = ["by_hand", "explain", "hyperparameters", "name", "parameters", "window"]
