"""Normalisation and dropout on one's own numbers, with the statistics that each shares and the masks that a seed makes.

Input axes are torch's: samples and channels (2-D), samples, channels, rows and columns (4-D); 3-D is one sample.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.operate.fields import (
    OUTPUTS,
    SIDE,
    Array,
    Field,
    OperationError,
    check_cells,
    flag,
    grid,
    number,
    refused,
    seed_field,
    whole,
)
from engine.operate.operation import Operation, Values, tensor_of
from engine.operate.program import CHANCE, Chance, Name, Program

MOST_MASKS = 512
RUNNING = ("running_mean", "running_var")
AFFINE = (grid("weight", (0, 1), required=False), grid("bias", (0, 1), required=False))


def epsilon() -> Field:
    """What keeps the root from zero; torch leaves the formula where it and the variance are both zero."""
    return number("eps", 0, 10, 1e-5, above=True)


def batched(values: Values) -> Array:
    """The input as (N, C, ...): three axes are one sample."""
    x: Array = values["input"]
    return x[None] if x.ndim == 3 else x


def begun(values: Values, x: Array) -> Program:
    """A program that holds the input, and whose output has the rank of the request's input."""
    return Program({"x": tensor_of(x, values)}, pick=(0,) if x.ndim > values["input"].ndim else ())


def per_channel(values: Values, name: str, channels: int) -> Array | None:
    """One number per channel; a single number stands for all of them."""
    given = values[name]
    if given is None:
        return None
    if given.ndim and given.shape != (channels,):
        legal = f"one number per channel, {channels}"
        zh = f"{name} 应是每个通道一个数，共 {channels} 个，现在是 {given.size} 个。"
        raise OperationError(name, legal, f"{name} must be {legal}; got {given.size}.", zh)
    return np.broadcast_to(given, (channels,)).copy()


def optional(program: Program, values: Values, name: str, numbers: Array | None) -> Name | None:
    """The tensor becomes a variable of the program; None where the request had none."""
    if numbers is None:
        return None
    program.tensors[name] = tensor_of(numbers, values)
    return Name(name)


def check_count(count: int, of: str, of_zh: str) -> None:
    """A mean over a single number leaves zero: torch refuses, and so do we, in words."""
    if count < 2:
        legal = f"at least two numbers in each {of}"
        zh = f"input 的{of_zh}至少要有两个数：一个数的标准差为零。"
        raise OperationError("input", legal, f"input must hold {legal}: the deviation of a single number is zero.", zh)


def shared(program: Program, x: Tensor, mean: Tensor, variance: Tensor, axes: Sequence[int], count: int) -> None:
    """Notes mean and variance, broadcastable to the input; axes: those that share them, as the request counts them."""
    skip = len(program.pick)
    told = {"mean": mean[program.pick], "variance": variance[program.pick]}
    program.facts["statistics"] = {**told, "axes": [axis - skip for axis in axes if axis >= skip], "count": count}


def over(program: Program, axes: Sequence[int]) -> None:
    """The statistics over these axes of x, as torch computes them: the variance is the biased one."""
    x = program.tensors["x"]
    variance, mean = torch.var_mean(x, dim=tuple(axes), correction=0, keepdim=True)
    shared(program, x, mean, variance, axes, math.prod(x.shape[axis] for axis in axes))


def batch_norm(values: Values) -> Program:
    """Per channel over samples and places; at inference with the running statistics."""
    x = batched(values)
    channels, axes = x.shape[1], [0, *range(2, x.ndim)]
    program, running = begun(values, x), {name: per_channel(values, name, channels) for name in RUNNING}
    for name, numbers in running.items():
        other = next(each for each in running if each != name)
        if numbers is None and (not values["training"] or running[other] is not None):
            why = "with training false" if not values["training"] else f"together with {other}"
            legal = f"one number per channel, {channels}, {why}"
            why_zh = "training 为 false 时" if not values["training"] else f"给了 {other} 时"
            zh = f"缺少 {name}：{why_zh}要给每个通道一个数，共 {channels} 个。"
            raise OperationError(name, legal, f"{name} is missing: give {legal}.", zh)
    if running["running_var"] is not None and (running["running_var"] < 0).any():
        message = "running_var must hold numbers from 0: a variance is never negative."
        raise OperationError("running_var", "numbers from 0", message, "running_var 应不小于 0：方差不会是负数。")
    means, variances = (optional(program, values, name, numbers) for name, numbers in running.items())
    weight, bias = (optional(program, values, name, per_channel(values, name, channels)) for name in ("weight", "bias"))
    if values["training"]:
        count = math.prod(x.shape[axis] for axis in axes)
        check_count(count, "channel of the batch when training is true", "每个通道在整批中")
        over(program, axes)
        if means and variances:  # torch changes them in place: copies, so that both are there to be read
            for name in ("mean", "var"):
                program.add(f"new_{name}", "torch.clone", _0=Name(f"running_{name}"))
            means, variances = Name("new_mean"), Name("new_var")
    else:
        spread = (1, -1, *[1] * (x.ndim - 2))
        mean, variance = (program.tensors[name].reshape(spread) for name in RUNNING)
        shared(program, program.tensors["x"], mean, variance, axes, 0)
    program.facts["fixed"] = RUNNING  # torch has no derivative with respect to them
    how = {"training": values["training"], "momentum": values["momentum"], "eps": values["eps"]}
    return program.add("output", "F.batch_norm", _0=Name("x"), _1=means, _2=variances, weight=weight, bias=bias, **how)


def normalised_shape_field() -> Field:
    """The last axes, all but the samples' when left out."""
    legal = "the sizes of the last axes, a whole number or a list of them"
    legal_zh = "最后几个轴的大小，一个整数或一列整数"

    def read(name: str, value: Any) -> tuple[int, ...] | None:
        if value is None:
            return None
        sizes = value if isinstance(value, (list, tuple)) else [value]
        if not 1 <= len(sizes) <= 3 or any(isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= SIDE for n in sizes):
            raise refused(name, legal, value, legal_zh)
        return tuple(sizes)

    return Field("normalized_shape", legal, read, legal_zh=legal_zh, kind="pair")


def layer_norm(values: Values) -> Program:
    """Per sample over the last axes."""
    given = values["input"]
    x = given[None] if given.ndim in (1, 3) else given
    shape = x.shape[1:] if values["normalized_shape"] is None else values["normalized_shape"]
    if len(shape) >= x.ndim or tuple(x.shape[-len(shape) :]) != tuple(shape):
        fitting = ", ".join(str(list(x.shape[i:])) for i in range(1, x.ndim))
        legal, zh = (
            f"the sizes of the input's last axes, such as {fitting}",
            f"normalized_shape 应是输入最后几个轴的大小，例如 {fitting}。",
        )
        raise OperationError("normalized_shape", legal, f"normalized_shape must be {legal}; got {list(shape)}.", zh)
    program = begun(values, x)
    for name in ("weight", "bias"):
        if values[name] is not None and values[name].shape != tuple(shape):
            wanted, got = (" x ".join(map(str, sizes)) for sizes in (shape, values[name].shape))
            legal, zh = (
                f"in the shape that is normalised, {wanted}",
                f"{name} 的形状应与归一化的部分相同，{wanted}，现在是 {got}。",
            )
            raise OperationError(name, legal, f"{name} must be {legal}; got {got}.", zh)
    weight, bias = (optional(program, values, name, values[name]) for name in ("weight", "bias"))
    over(program, range(x.ndim - len(shape), x.ndim))
    return program.add(
        "output", "F.layer_norm", _0=Name("x"), normalized_shape=tuple(shape), weight=weight, bias=bias, eps=values["eps"]
    )


def instance_norm(values: Values) -> Program:
    """Per sample and channel over the places."""
    x = batched(values)
    check_count(math.prod(x.shape[2:]), "channel of a sample", "每个样本的每个通道")
    program = begun(values, x)
    weight, bias = (optional(program, values, name, per_channel(values, name, x.shape[1])) for name in ("weight", "bias"))
    over(program, range(2, x.ndim))
    return program.add("output", "F.instance_norm", _0=Name("x"), weight=weight, bias=bias, eps=values["eps"])


def group_norm(values: Values) -> Program:
    """Per sample and group of channels."""
    x, groups = batched(values), values["num_groups"]
    samples, channels, *places = x.shape
    if channels % groups:
        legal = f"a number that divides the {channels} channels"
        zh = f"num_groups 应整除 {channels} 个通道，现在是 {groups}。"
        raise OperationError("num_groups", legal, f"num_groups must be {legal}; got {groups}.", zh)
    each = channels // groups
    check_count(each * math.prod(places), "group of a sample", "每个样本的每一组")
    program = begun(values, x)
    gamma, beta = (per_channel(values, name, channels) for name in ("weight", "bias"))
    if beta is not None and gamma is None:
        gamma = np.ones(channels)  # torch's derivative of a shift without a scale fails
    weight, bias = optional(program, values, "weight", gamma), optional(program, values, "bias", beta)
    flat = program.tensors["x"].reshape(samples, groups, -1)
    both = torch.var_mean(flat, dim=2, correction=0)
    shape = (samples, channels, *[1] * len(places))
    variance, mean = (by_group.repeat_interleave(each, dim=1).reshape(shape) for by_group in both)
    shared(program, program.tensors["x"], mean, variance, range(1, x.ndim), flat.shape[2])
    program.facts["statistics"]["groups"] = groups
    return program.add("output", "F.group_norm", _0=Name("x"), num_groups=groups, weight=weight, bias=bias, eps=values["eps"])


def local_response_norm(values: Values) -> Program:
    """Every cell divided by a power of the mean square of the neighbouring channels at its place."""
    x = batched(values)
    program = begun(values, x)
    squares, size, channels = program.tensors["x"] ** 2, values["size"], x.shape[1]
    around = [range(max(0, c - size // 2), min(channels, c + (size - 1) // 2 + 1)) for c in range(channels)]
    sums = torch.stack([squares[:, near.start : near.stop].sum(dim=1) for near in around], dim=1)
    divisor = (values["k"] + values["alpha"] / size * sums) ** values["beta"]
    program.facts["statistics"] = {
        "squares": sums[program.pick],
        "divisor": divisor[program.pick],
        "axes": [1 - len(program.pick)],
        "neighbours": [[near.start, near.stop] for near in around],
    }
    how = {name: values[name] for name in ("size", "alpha", "beta", "k")}
    return program.add("output", "F.local_response_norm", _0=Name("x"), **how)


def statistics(values: Values, program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """What is shared, and what training made of the running statistics."""
    found: dict[str, Any] = {"statistics": program.facts["statistics"]}
    if "new_mean" in variables:
        found["running"] = {"mean": variables["new_mean"], "variance": variables["new_var"]}
    return found


def dropout(values: Values) -> Program:
    """Zeros by chance in training, and the kept ones larger; nothing happens at inference."""
    program = Chance({"x": tensor_of(values["input"], values)})
    program.facts["formula"] = "dropout_training" if values["training"] else "dropout"
    program.add("generator", "torch.manual_seed", _0=values["seed"])
    return program.add("output", "F.dropout", _0=Name("x"), p=values["p"], training=values["training"])


def masks(values: Values, program: Program, variables: dict[str, Any], include: frozenset[str]) -> dict[str, Any]:
    """The mask (1: kept), what kept numbers are multiplied by, and on request the masks of the seeds from `seed` on."""
    p, training, first = values["p"], values["training"], values["seed"]
    seeds = range(first, first + (values["masks"] if "masks" in include else 1))
    ones, drawn = torch.ones_like(program.tensors["x"]), []
    check_cells("masks", len(seeds) * ones.numel(), OUTPUTS, "all masks together", "所有掩码合起来")
    with CHANCE, torch.random.fork_rng(devices=[]):
        for seed in seeds:
            torch.default_generator.manual_seed(seed)  # torch.manual_seed without the other devices: a hundred times as fast
            drawn.append((F.dropout(ones, p, training) != 0).to(torch.int64))
    found: dict[str, Any] = {"mask": drawn[0], "scale": 1 / (1 - p) if training and p < 1 else float(not training)}
    return found | ({"masks": torch.stack(drawn)} if "masks" in include else {})


def normalisation(name: str, build: Any, ranks: Sequence[int], *fields: Field) -> Operation:
    """An entry of the table."""
    return Operation(name, (grid("input", ranks), *fields), build, statistics, (), ("norm",))


OPERATIONS = (
    normalisation(
        "batch_norm",
        batch_norm,
        (2, 3, 4),
        *AFFINE,
        epsilon(),
        flag("training", True),
        number("momentum", 0, 1, 0.1),
        grid("running_mean", (0, 1), required=False),
        grid("running_var", (0, 1), required=False),
    ),
    normalisation(
        "layer_norm",
        layer_norm,
        (1, 2, 3, 4),
        normalised_shape_field(),
        grid("weight", (1, 2, 3), required=False),
        grid("bias", (1, 2, 3), required=False),
        epsilon(),
    ),
    normalisation("instance_norm", instance_norm, (3, 4), *AFFINE, epsilon()),
    normalisation("group_norm", group_norm, (2, 3, 4), whole("num_groups", 1, SIDE, 1), *AFFINE, epsilon()),
    normalisation(
        "local_response_norm",
        local_response_norm,
        (3, 4),
        whole("size", 1, SIDE, 5),
        number("alpha", 0, 1000, 1e-4),
        number("beta", 0, 10, 0.75),
        number("k", 0, 1000, 1.0),
    ),
    Operation(
        "dropout",
        (
            grid("input", (1, 2, 3, 4)),
            number("p", 0, 1, 0.5),
            seed_field(),
            flag("training", True),
            whole("masks", 1, MOST_MASKS, 100),
        ),
        dropout,
        masks,
        ("masks",),
        ("norm",),
    ),
)
