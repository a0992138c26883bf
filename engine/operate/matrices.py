"""A convolution as products of matrices: windows side by side (im2col), and one sparse matrix for the whole layer.

Chellapilla, Puri & Simard, "High performance convolutional neural networks for document processing" (2006); the sparse
matrix and its transpose: Dumoulin & Visin (2016), section 4.1.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F

from engine.operate.program import Program

LARGEST = 256  # rows and columns of the sparse matrix


def as_matrices(values: dict[str, Any], program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """The forms asked for: {"im2col": {"columns", "weights", "product"}, "matrix"}; both without the bias.

    weights (kernels, channels kernel elements) times columns (channels kernel elements, positions); with groups the weights
    are blocks along the diagonal, for no kernel reads another group's channels.
    """
    found: dict[str, Any] = {}
    line = program.lines[-1].arguments
    if "im2col" in include:
        how = {name: line[name] for name in ("stride", "padding", "dilation")}
        weight = variables["weight"]
        columns = F.unfold(variables["x"], weight.shape[2:], **how)[0]
        weights = torch.block_diag(*[group.flatten(1) for group in weight.chunk(values["groups"])])
        found["im2col"] = {"columns": columns, "weights": weights, "product": weights @ columns}
    if "matrix" in include:
        found["matrix"] = sparse_matrix(values, program, variables)
    return found


def sparse_matrix(values: dict[str, Any], program: Program, variables: dict[str, Any]) -> torch.Tensor | None:
    """(outputs, inputs): each row holds the kernel where its window lies; of several channels there is a block for every pair,
    zero between groups. None where it is too large.

    Convolution is linear in its input, so column i is what it answers to a grid that is 1 at cell i and 0 elsewhere.
    """
    shape, output = program.tensors["x"].shape, variables["output"]
    inputs, outputs = math.prod(shape[1:]), math.prod(output.shape[1:])
    if max(inputs, outputs) > LARGEST:
        return None
    basis = torch.eye(inputs, dtype=output.dtype).reshape(inputs, *shape[1:])
    linear = dict(program.tensors)
    if "bias" in linear:
        linear["bias"] = torch.zeros_like(linear["bias"])
    answers: torch.Tensor = Program(linear, program.lines).run(x=basis)["output"]
    return answers.reshape(inputs, outputs).T.contiguous()
