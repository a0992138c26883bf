"""Softmax with its naive and its stable form, fully connected layers, and losses with their parts and gradients."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.operate.fields import Array, Field, OperationError, choice, grid, number, refused, whole
from engine.operate.operation import Operation, Values, tensor_of
from engine.operate.program import Line, Name, Program

REDUCTION = choice("reduction", ("mean", "sum", "none"), "mean")
TEMPERATURE = number("temperature", 0, 1e6, 1.0, above=True)
DIFFERENCE = ("difference",)
DIM = whole("dim", -4, 3, -1)
LAB = ("softmax",)
STEP, MOST_DIFFERENCES = 1e-3, 256  # of a difference quotient; numbers whose quotients are worked out at once


def shape_text(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "one number"


def shortened(text: str, most: int = 60) -> str:
    """No longer than a sentence can bear."""
    return text if len(text) <= most else text[: most - 3] + "..."


def axis_of(values: Values) -> int:
    """The axis that `dim` means, counted from the end; raises OperationError outside the input's axes."""
    rank, dim = values["input"].ndim, values["dim"]
    if not -rank <= dim < rank:
        raise refused("dim", f"a whole number from {-rank} to {rank - 1}", dim, f" {-rank} 到 {rank - 1} 的整数")
    return dim - rank if dim >= 0 else dim


def build_softmax(values: Values) -> Program:
    """exp(z / T) / sum exp(z / T) along an axis, in torch's stable form."""
    axis = axis_of(values)
    program = Program({"x": tensor_of(values["input"][None], values)}, pick=(0,), facts={"axis": axis})
    if values["temperature"] != 1:
        program.add("z", "torch.div", _0=Name("x"), _1=values["temperature"])
    return program.add("output", "F.softmax", _0=Name(program.last), dim=axis)


def describe_softmax(values: Values, program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """Both forms with all their numbers, in the precision asked for, and d p / d z where there is one row."""
    logits: Tensor = variables.get("z", variables["x"])[0]
    axis, p = program.facts["axis"], variables["output"][0]
    naive = torch.exp(logits)
    total = naive.sum(axis, keepdim=True)
    maximum = logits.amax(axis, keepdim=True)
    shifted = logits - maximum
    exponentials = torch.exp(shifted)
    found = {
        "naive": {"exponentials": naive, "denominator": total.squeeze(axis), "output": naive / total},
        "stable": {
            "maximum": maximum.squeeze(axis),
            "shifted": shifted,
            "exponentials": exponentials,
            "denominator": exponentials.sum(axis),
        },
        "logits": logits,
    }
    if p.dim() == 1:
        found["jacobian"] = (torch.diag(p) - torch.outer(p, p)) / values["temperature"]
    return found


def build_softmin(values: Values) -> Program:
    """exp(-z / T) / sum exp(-z / T) along an axis."""
    program = build_softmax(values)
    program.lines[-1] = Line("output", "F.softmin", program.lines[-1].arguments)
    return program


def describe_softmin(values: Values, program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """As of softmax, whose logits are minus the numbers."""
    numbers = variables.get("z", variables["x"])
    found = describe_softmax(values, program, {**variables, "z": -numbers}, include)
    return found | ({"jacobian": -found["jacobian"]} if "jacobian" in found else {})


def build_log_softmax(values: Values) -> Program:
    axis = axis_of(values)
    program = Program({"x": tensor_of(values["input"][None], values)}, pick=(0,))
    return program.add("output", "F.log_softmax", _0=Name("x"), dim=axis)


def build_linear(values: Values) -> Program:
    """y = x W^T + b; a weight of one row is one unit."""
    x, weight, bias = values["input"], np.atleast_2d(values["weight"]), values["bias"]
    if x.shape[-1] != weight.shape[1]:
        legal = f"rows of {x.shape[-1]} numbers, one for each input"
        zh = f"weight 每行应有 {x.shape[-1]} 个数，每个输入一个，现在有 {weight.shape[1]} 个。"
        raise OperationError("weight", legal, f"weight must have {legal}; got {weight.shape[1]}.", zh)
    if bias is not None and bias.size != len(weight):
        legal, zh = (
            f"one number per unit, {len(weight)}",
            f"bias 应有 {len(weight)} 个数，每个单元一个，现在有 {bias.size} 个。",
        )
        raise OperationError("bias", legal, f"bias must be {legal}; got {bias.size}.", zh)
    program = Program({"x": tensor_of(x[None], values), "W": tensor_of(weight, values)}, pick=(0,))
    if bias is not None:
        program.tensors["bias"] = tensor_of(np.atleast_1d(bias), values)
    return program.add("output", "F.linear", _0=Name("x"), _1=Name("W"), bias=None if bias is None else Name("bias"))


def between(name: str, array: Array) -> None:
    """Probabilities are from 0 to 1, and numbers."""
    if not ((array >= 0) & (array <= 1)).all():
        legal, zh = "probabilities, numbers from 0 to 1", f"{name} 应是概率，即 0 到 1 的数。"
        raise OperationError(name, legal, f"{name} must hold {legal}.", zh)


def same_shape(values: Values) -> None:
    """Targets stand beside their predictions."""
    shape = values["input"].shape
    if values["target"].shape != shape:
        legal = f"in the input's shape, {shape_text(shape)}"
        zh = f"target 的大小应与 input 相同：{shape_text(shape)}。"
        raise OperationError("target", legal, f"target must be {legal}; got {shape_text(values['target'].shape)}.", zh)


def elementwise(name: str, *fields: Field, probabilities: tuple[str, ...] = ()) -> Operation:
    """A loss that compares number by number. probabilities: the fields that must lie between 0 and 1."""

    def build(values: Values) -> Program:
        same_shape(values)
        for each in probabilities:
            between(each, values[each])
        tensors = {"x": tensor_of(values["input"][None], values), "target": tensor_of(values["target"][None], values)}
        program = Program(tensors, pick=(0,) if values["reduction"] == "none" else ())
        settings = {field.name: values[field.name] for field in fields}
        return program.add("output", f"F.{name}", _0=Name("x"), _1=Name("target"), reduction=values["reduction"], **settings)

    ranks = (0, 1, 2, 3, 4)
    return Operation(
        name, (grid("input", ranks), grid("target", ranks), REDUCTION, *fields), build, describe_loss, DIFFERENCE, LAB
    )


def class_target(values: Values) -> Tensor:
    """Class numbers, one per row, or a probability for every class; raises OperationError for anything else."""
    x, target = np.atleast_2d(values["input"]), values["target"]
    rank = values["input"].ndim
    if target.ndim == rank and target.shape == values["input"].shape and values.get("probable", True):
        between("target", target)
        return tensor_of(np.atleast_2d(target), values)
    classes = x.shape[1]
    rows = "one class number" if rank == 1 else f"{len(x)} class numbers, one per row"
    legal = f"{rows}, from 0 to {classes - 1}" + (", or a probability for every class" if values.get("probable", True) else "")
    numbers = np.atleast_1d(target)
    fitting = target.ndim == rank - 1 and len(numbers) == len(x)
    if not fitting or not np.isin(numbers, np.arange(classes)).all():
        shown = shortened(str(target.tolist()))
        zh = f"target 应是{'一个' if rank == 1 else f' {len(x)} 个'}类别编号，0 到 {classes - 1}" + (
            "，或每个类别一个概率" if values.get("probable", True) else ""
        )
        raise OperationError("target", legal, f"target must be {legal}; got {shown}.", f"{zh}，现在是 {shown}。")
    return torch.from_numpy(numbers.astype(np.int64))


def start_classes(values: Values) -> Program:
    """The logits as rows of classes and their targets; without reduction one row gives one number."""
    tensors = {"x": tensor_of(np.atleast_2d(values["input"]), values), "target": class_target(values)}
    return Program(tensors, pick=(0,) if values["reduction"] == "none" and values["input"].ndim == 1 else ())


def build_cross_entropy(values: Values) -> Program:
    """-sum t log softmax(z); of given probabilities -log p of the right class, or -sum t log p."""
    if values["given"] == "logits":
        smoothing = {"label_smoothing": values["label_smoothing"]} if values["label_smoothing"] else {}
        return start_classes(values).add(
            "output", "F.cross_entropy", _0=Name("x"), _1=Name("target"), reduction=values["reduction"], **smoothing
        )
    between("input", values["input"])
    if values["label_smoothing"]:
        legal, zh = "0 when probabilities are given", "给出的是概率时，label_smoothing 应为 0。"
        raise OperationError("label_smoothing", legal, f"label_smoothing must be {legal}.", zh)
    if values["target"].ndim == values["input"].ndim:
        return between_distributions(values)
    program = start_classes({**values, "probable": False}).add("logs", "torch.log", _0=Name("x"))
    return program.add("output", "F.nll_loss", _0=Name("logs"), _1=Name("target"), reduction=values["reduction"])


def between_distributions(values: Values) -> Program:
    """-sum t log p of two distributions as they are given; where t is 0 nothing is added, whatever p is."""
    program = start_classes(values).add("terms", "torch.xlogy", _0=Name("target"), _1=Name("x"))
    program.add("sums", "torch.sum", _0=Name("terms"), dim=1).add("output", "torch.neg", _0=Name("sums"))
    if values["reduction"] != "none":
        program.add("output", f"torch.{values['reduction']}", _0=Name("output"))
    return program


def build_nll(values: Values) -> Program:
    program = start_classes({**values, "probable": False})
    return program.add("output", "F.nll_loss", _0=Name("x"), _1=Name("target"), reduction=values["reduction"])


def with_grad(program: Program, run: Callable[[Tensor], Tensor]) -> Tensor:
    """d sum(run(x)) / dx by autograd."""
    with torch.inference_mode(False), torch.enable_grad():
        leaf = program.tensors["x"].detach().clone().requires_grad_()
        (found,) = torch.autograd.grad(run(leaf).sum(), leaf)
    return found


def differences(program: Program) -> dict[str, Any]:
    """(L(x + h) - L(x - h)) / 2h for each number of the input, the others held: `above` and `below` are the two losses.

    NaN where the loss is not defined, as beyond the ends of a probability.
    """
    x = program.tensors["x"]
    if x.numel() > MOST_DIFFERENCES:
        legal, zh = (
            f'"difference" for at most {MOST_DIFFERENCES} numbers',
            f"include 的 difference 最多用于 {MOST_DIFFERENCES} 个数。",
        )
        raise OperationError("include", legal, f"include must name {legal}; got {x.numel()}.", zh)

    def loss(place: int, change: float) -> float:
        moved = x.detach().clone()
        moved.view(-1)[place] += change
        try:
            return float(program.run(x=moved)["output"].sum())
        except RuntimeError:  # torch refuses what is no probability
            return math.nan

    sides = [torch.tensor([loss(place, way * STEP) for place in range(x.numel())], dtype=x.dtype) for way in (1, -1)]
    above, below = (side.reshape(x.shape) for side in sides)
    return {"step": STEP, "above": above, "below": below, "quotient": (above - below) / (2 * STEP)}


def with_differences(program: Program, include: frozenset[str], pick: Any) -> dict[str, Any]:
    """The quotients where they were asked for, as the input was given."""
    if "difference" not in include:
        return {}
    return {"difference": {key: each[pick] if isinstance(each, Tensor) else each for key, each in differences(program).items()}}


def unreduced(program: Program) -> dict[str, Any]:
    """The program's variables had nothing been summed: every element's loss in "output"."""
    *lines, last = program.lines
    plain = Program(program.tensors, [*lines, type(last)(last.target, last.function, {**last.arguments, "reduction": "none"})])
    return plain.run()


def describe_loss(values: Values, program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """The losses before any reduction, and the gradient by the input."""
    gradient = with_grad(program, lambda x: program.run(x=x)["output"])
    more = with_differences(program, include, (0,))
    return {"elements": unreduced(program)["output"][0], "gradients": {"input": gradient[0]}, **more}


def describe_classes(values: Values, program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """The same, and the parts of every class: probability, weight of the target, and -t log p.

    The gradient by given probabilities goes through the chosen one alone: log has no slope at 0, 0 / 0 would come out.
    """
    x, target = program.tensors["x"], program.tensors["target"]
    given = values.get("given") == "probabilities"
    logs = torch.log(x) if given else x if "given" not in values else torch.log_softmax(x, 1)
    weights = target if target.is_floating_point() else torch.nn.functional.one_hot(target, x.shape[1]).to(x.dtype)
    smoothing = values.get("label_smoothing", 0.0)
    weights = (1 - smoothing) * weights + smoothing / x.shape[1]
    if given:
        mean = len(x) if values["reduction"] == "mean" else 1
        gradient = torch.where(weights > 0, -weights / x / mean, 0.0)
    else:
        gradient = with_grad(program, lambda x: program.run(x=x)["output"])
    parts = torch.where(weights == 0, 0.0, -weights * logs)
    one = (0,) if values["input"].ndim == 1 else (...,)
    return {
        "elements": parts.sum(1)[one] if given else unreduced(program)["output"][one],
        "gradients": {"input": gradient[one]},
        "probabilities": torch.exp(logs)[one],
        "weights": weights[one],
        "parts": parts[one],
        **with_differences(program, include, one),
    }


LOGITS = grid("input", (1, 2))
TARGET = grid("target", (0, 1, 2))
CROSS_ENTROPY = (
    LOGITS,
    TARGET,
    REDUCTION,
    number("label_smoothing", 0, 1, 0.0),
    choice("given", ("logits", "probabilities"), "logits"),
)
UNIT = ("input", "target")

OPERATIONS = (
    Operation("softmax", (grid("input", (1, 2, 3, 4)), DIM, TEMPERATURE), build_softmax, describe_softmax, labs=LAB),
    Operation("softmin", (grid("input", (1, 2, 3, 4)), DIM, TEMPERATURE), build_softmin, describe_softmin, labs=LAB),
    Operation("log_softmax", (grid("input", (1, 2, 3, 4)), DIM), build_log_softmax, labs=LAB),
    Operation(
        "linear",
        (grid("input", (1, 2, 3)), grid("weight", (1, 2)), grid("bias", (0, 1), required=False)),
        build_linear,
        labs=("activation",),
    ),
    Operation("cross_entropy", CROSS_ENTROPY, build_cross_entropy, describe_classes, DIFFERENCE, LAB),
    Operation("nll_loss", (LOGITS, TARGET, REDUCTION), build_nll, describe_classes, DIFFERENCE, LAB),
    elementwise("binary_cross_entropy", probabilities=UNIT),
    elementwise("binary_cross_entropy_with_logits", probabilities=("target",)),
    elementwise("mse_loss"),
    elementwise("l1_loss"),
    elementwise("smooth_l1_loss", number("beta", 0, 1e6, 1.0)),
    elementwise("huber_loss", number("delta", 0, 1e6, 1.0, above=True)),
)
