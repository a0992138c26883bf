"""Well-known networks as published, to count their parameters: built on torch's "meta" device, they hold no numbers.

LeNet-5: LeCun, Bottou, Bengio & Haffner (1998), with its table of which C3 map sees which S2 maps, trained coefficients in
the subsampling layers, and output codes that are not trained. AlexNet: Krizhevsky, Sutskever & Hinton (2012) on two GPUs,
and Krizhevsky's form for one (2014). VGG-16: Simonyan & Zisserman (2015). ResNet-18: He, Zhang, Ren & Sun (2016).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Table I of the paper of 1998: which of the six maps of S2 each of the sixteen maps of C3 sees.
SEEN_BY_C3 = (
    *((i, (i + 1) % 6, (i + 2) % 6) for i in range(6)),
    *(tuple(sorted((i + j) % 6 for j in range(4))) for i in range(6)),
    *((i, i + 1, (i + 3) % 6, (i + 4) % 6) for i in range(3)),
    tuple(range(6)),
)


class Subsample(nn.Module):
    """The sum of every 2x2 square times a trained coefficient, plus a trained bias: two parameters per map."""

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(maps, 1, 1))
        self.bias = nn.Parameter(torch.empty(maps, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(4 * F.avg_pool2d(x, 2) * self.weight + self.bias)


class PartialConv2d(nn.Module):
    """A convolution whose maps see only some of the inputs: one kernel for each pair that is connected."""

    def __init__(self, seen: tuple[tuple[int, ...], ...], inputs: int, kernel: int) -> None:
        super().__init__()
        self.pairs = [(out, each) for out, maps in enumerate(seen) for each in maps]
        self.shape = (len(seen), inputs, kernel, kernel)
        self.weight = nn.Parameter(torch.empty(len(self.pairs), kernel, kernel))
        self.bias = nn.Parameter(torch.empty(len(seen)))

    def forward(self, x: Tensor) -> Tensor:
        out, each = torch.tensor(self.pairs, device=x.device).T
        full = x.new_zeros(self.shape).index_put((out, each), self.weight)
        return F.conv2d(x, full, self.bias)


class LeNet1998(nn.Module):
    """(N, 1, 32, 32) -> (N, 10) distances to fixed codes of 7 x 12 pixels."""

    codes: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.C1, self.S2 = nn.Conv2d(1, 6, 5), Subsample(6)
        self.C3, self.S4 = PartialConv2d(SEEN_BY_C3, 6, 5), Subsample(16)
        self.C5, self.F6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("codes", torch.empty(10, 84))

    def forward(self, x: Tensor) -> Tensor:
        x = self.C5(self.S4(self.C3(self.S2(self.C1(x)))))
        return torch.cdist(torch.tanh(self.F6(torch.tanh(x).flatten(1))), self.codes) ** 2


def convolutions(plan: tuple[tuple[int, ...] | None, ...], pool: int) -> nn.Sequential:
    """plan: (maps, kernel, stride, padding, groups) with a ReLU each, None for max-pooling of `pool` cells at stride 2."""
    layers: list[nn.Module] = []
    channels = 3
    for each in plan:
        if each is None:
            layers.append(nn.MaxPool2d(pool, 2))
            continue
        maps, kernel, stride, padding, groups = each
        layers += [nn.Conv2d(channels, maps, kernel, stride, padding, groups=groups), nn.ReLU()]
        channels = maps
    return nn.Sequential(*layers)


class Stacked(nn.Module):
    """Convolutions, then three fully connected layers with dropout before the first two: AlexNet and VGG."""

    def __init__(self, features: nn.Sequential, inputs: int) -> None:
        super().__init__()
        self.features = features
        self.classifier = nn.Sequential(
            *(nn.Linear(inputs, 4096), nn.ReLU(), nn.Dropout()),
            *(nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout()),
            nn.Linear(4096, 1000),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x).flatten(1))


def alexnet() -> nn.Module:
    plan = ((64, 11, 4, 2, 1), None, (192, 5, 1, 2, 1), None, (384, 3, 1, 1, 1), (256, 3, 1, 1, 1), (256, 3, 1, 1, 1), None)
    return Stacked(convolutions(plan, 3), 256 * 6 * 6)


def alexnet_2012() -> nn.Module:
    plan = ((96, 11, 4, 2, 1), None, (256, 5, 1, 2, 2), None, (384, 3, 1, 1, 1), (384, 3, 1, 1, 2), (256, 3, 1, 1, 2), None)
    return Stacked(convolutions(plan, 3), 256 * 6 * 6)


def vgg16() -> nn.Module:
    stages = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
    plan = tuple(each for maps, count in stages for each in (*((maps, 3, 1, 1, 1),) * count, None))
    return Stacked(convolutions(plan, 2), 512 * 7 * 7)


class Block(nn.Module):
    """Two 3x3 convolutions, each with batch normalisation, and the way round them."""

    def __init__(self, inputs: int, maps: int) -> None:
        super().__init__()
        stride = 1 if inputs == maps else 2
        self.conv1, self.bn1 = nn.Conv2d(inputs, maps, 3, stride, 1, bias=False), nn.BatchNorm2d(maps)
        self.conv2, self.bn2 = nn.Conv2d(maps, maps, 3, 1, 1, bias=False), nn.BatchNorm2d(maps)
        narrowed = (nn.Conv2d(inputs, maps, 1, stride, bias=False), nn.BatchNorm2d(maps))
        self.downsample = nn.Sequential(*narrowed) if inputs != maps else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        deep = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(deep + self.downsample(x))


class ResNet18(nn.Module):
    """(N, 3, 224, 224) -> (N, 1000) logits."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        inputs = 64
        for stage, maps in enumerate((64, 128, 256, 512), start=1):
            setattr(self, f"layer{stage}", nn.Sequential(Block(inputs, maps), Block(maps, maps)))
            inputs = maps
        self.fc = nn.Linear(512, 1000)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(F.relu(self.bn1(self.conv1(x))))
        for stage in range(1, 5):
            x = getattr(self, f"layer{stage}")(x)
        return self.fc(x.mean((2, 3)))


def connected() -> nn.Module:
    """The course's fully connected network on 640,000 inputs, without biases."""
    return nn.Sequential(nn.Linear(640_000, 1024, bias=False), nn.Linear(1024, 2, bias=False))


PUBLISHED: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "lenet5-1998": (LeNet1998, (1, 32, 32)),
    "alexnet": (alexnet, (3, 224, 224)),
    "alexnet-2012": (alexnet_2012, (3, 224, 224)),
    "vgg16": (vgg16, (3, 224, 224)),
    "resnet18": (ResNet18, (3, 224, 224)),
    "connected": (connected, (640_000,)),
}
"""How each is built, and the shape of its input without the batch."""


@dataclass(frozen=True)
class CountedLayer:
    """A layer that is trained: `weights` = numbers of a kernel x kernels, for each pair of connected maps has its own."""

    name: str
    kind: str
    kernel: tuple[int, ...]  # sides of a kernel; empty where a weight is a single number
    kernels: int
    inputs: int  # that each output sees; 0 where they see different numbers of them
    outputs: int
    weights: int
    biases: int
    output_shape: tuple[int, ...]


KINDS = {
    nn.Conv2d: "conv2d",
    PartialConv2d: "conv2d",
    nn.Linear: "linear",
    nn.BatchNorm2d: "batch_norm",
    Subsample: "subsample",
}
ROUND = ".downsample."  # the way round a residual block ends where the block does


@lru_cache(maxsize=32)
def layers_of(build: Callable[[], nn.Module], shape: tuple[int, ...]) -> tuple[CountedLayer, ...]:
    """The trained layers in the order of their modules, which is the order in which they run.

    Sizes are worked out from the hyperparameters: a first run on "meta" would load half of torch, for seconds.
    """
    with torch.device("meta"):
        module = build()
    found: list[CountedLayer] = []
    side = shape[-1]
    for name, layer in module.named_modules():
        if ROUND not in name:
            side = side_after(layer, side)
        if type(layer) in KINDS:
            found.append(counted(name, layer, side))
    return tuple(found)


def side_after(layer: nn.Module, side: int) -> int:
    """The side of the square maps that come out of a layer for which maps of that side come in."""
    if isinstance(layer, (nn.Conv2d, nn.MaxPool2d)):
        kernel, stride, padding, dilation = map(first, (layer.kernel_size, layer.stride, layer.padding, layer.dilation))
        return (side + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
    if isinstance(layer, PartialConv2d):
        return side - layer.shape[-1] + 1
    if isinstance(layer, nn.AdaptiveAvgPool2d):
        return first(layer.output_size)
    return side // 2 if isinstance(layer, Subsample) else side


def first(setting: Any) -> int:
    """Of one number for both axes, or a pair."""
    return int(setting[0] if isinstance(setting, tuple) else setting)


def counted(name: str, layer: nn.Module, side: int) -> CountedLayer:
    """What its parameters are, by their shapes."""
    weight, bias, kind = layer.weight, layer.bias, KINDS[type(layer)]
    assert isinstance(weight, Tensor)
    kernel = tuple(weight.shape[-2:]) if kind == "conv2d" else ()
    kernels = weight.numel() // (kernel[0] * kernel[1] if kernel else 1)
    outputs = bias.numel() if isinstance(layer, PartialConv2d) and isinstance(bias, Tensor) else weight.shape[0]
    return CountedLayer(
        name=name,
        kind=kind,
        kernel=kernel,
        kernels=kernels,
        inputs=0 if kernels % outputs else kernels // outputs,
        outputs=outputs,
        weights=weight.numel(),
        biases=bias.numel() if isinstance(bias, Tensor) else 0,
        output_shape=(outputs,) if kind == "linear" else (outputs, side, side),
    )
