"""Random variations of whole batches of pictures, in torch: each takes and returns (N, C, H, W) in [0, 1]."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

GREY = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)  # luma weights of ITU-R 601


def uniform(n: int, low: float, high: float, generator: Generator) -> Tensor:
    """(n,) numbers between low and high."""
    return torch.rand(n, generator=generator) * (high - low) + low


def warp(x: Tensor, matrix: Tensor, size: int, padding_mode: str) -> Tensor:
    """Read each picture at matrix (N, 2, 3) times the output's position, both in [-1, 1]; size x size comes out."""
    grid = F.affine_grid(matrix, [len(x), x.shape[1], size, size], align_corners=False)
    return F.grid_sample(x, grid, padding_mode=padding_mode, align_corners=False)


def resized_crop(x: Tensor, size: int, smallest: float, generator: Generator) -> Tensor:
    """A crop of side smallest..1 of the picture's, a little stretched, half of them mirrored, scaled to `size`."""
    n = len(x)
    side = uniform(n, smallest, 1.0, generator)
    stretch = uniform(n, -0.12, 0.12, generator).exp()
    width, height = (side * stretch).clamp(max=1), (side / stretch).clamp(max=1)
    mirror = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    matrix = torch.zeros(n, 2, 3)
    matrix[:, 0, 0], matrix[:, 1, 1] = width * mirror, height
    matrix[:, 0, 2] = uniform(n, -1, 1, generator) * (1 - width)
    matrix[:, 1, 2] = uniform(n, -1, 1, generator) * (1 - height)
    return warp(x, matrix, size, "reflection")


def shifted_crop(x: Tensor, size: int, margin: int, generator: Generator) -> Tensor:
    """A window of `size` anywhere in the picture and a mirrored margin around it, half of them flipped left to right.

    No pixel is interpolated. That matters: a network trained on interpolated crops only, which are softer, lost 5 of
    100 validation pictures when they came as sharp as they are.
    """
    n = len(x)
    x = F.pad(x, (margin,) * 4, mode="reflect")
    top, left = (torch.randint(side - size + 1, (n, 1), generator=generator) for side in x.shape[-2:])
    rows, columns = top + torch.arange(size), left + torch.arange(size)
    mirror = torch.rand(n, 1, generator=generator) < 0.5
    columns = torch.where(mirror, columns.flip(1), columns)
    return x[torch.arange(n).view(n, 1, 1), :, rows.unsqueeze(2), columns.unsqueeze(1)].permute(0, 3, 1, 2)


def affine(
    x: Tensor, *, degrees: float, scale: tuple[float, float], shift: float, shear: float, generator: Generator
) -> Tensor:
    """Rotate, scale, shear and shift (a share of half the picture's side); black comes in from outside."""
    n = len(x)
    angle = uniform(n, -math.radians(degrees), math.radians(degrees), generator)
    slant = uniform(n, -shear, shear, generator)
    # The matrix leads from output to input, so a larger digit is read with a smaller factor.
    across, down = (1 / uniform(n, *scale, generator) for _ in range(2))
    cos, sin = angle.cos(), angle.sin()
    matrix = torch.stack(
        [
            torch.stack([across * cos, across * (slant * cos - sin), uniform(n, -shift, shift, generator)], 1),
            torch.stack([down * sin, down * (slant * sin + cos), uniform(n, -shift, shift, generator)], 1),
        ],
        1,
    )
    return warp(x, matrix, x.shape[-1], "zeros")


def colour(x: Tensor, strength: float, generator: Generator) -> Tensor:
    """Brightness, contrast and saturation, each times 1 - strength .. 1 + strength."""

    def factor() -> Tensor:
        return uniform(len(x), 1 - strength, 1 + strength, generator).view(-1, 1, 1, 1)

    x = x * factor()
    x = torch.lerp(x.mean((1, 2, 3), keepdim=True), x, factor())
    x = torch.lerp((x * GREY).sum(1, keepdim=True), x, factor())
    return x.clamp(0, 1)


def cutout(x: Tensor, share: float, generator: Generator) -> Tensor:
    """Half of the pictures lose a square, of that share of their side, to mid-grey."""
    n, _, height, width = x.shape
    row, column = torch.rand(n, 1, 1, generator=generator), torch.rand(n, 1, 1, generator=generator)
    half = torch.where(torch.rand(n, 1, 1, generator=generator) < 0.5, share / 2, 0.0)
    rows = (torch.arange(height) + 0.5).view(1, -1, 1) / height
    columns = (torch.arange(width) + 0.5).view(1, 1, -1) / width
    inside = ((rows - row).abs() < half) & ((columns - column).abs() < half)
    return x.masked_fill(inside.unsqueeze(1), 0.5)


def stroke(x: Tensor, most: float, generator: Generator) -> Tensor:
    """Strokes a third thicker, a third thinner, a third as they are, each by up to `most` of a pixel around."""
    thicker = F.max_pool2d(x, 3, stride=1, padding=1)
    thinner = -F.max_pool2d(-x, 3, stride=1, padding=1)
    amount = uniform(len(x), 0, most, generator).view(-1, 1, 1, 1)
    choice = torch.rand(len(x), 1, 1, 1, generator=generator)
    changed = torch.where(choice < 1 / 3, thicker, torch.where(choice < 2 / 3, thinner, x))
    return torch.lerp(x, changed, amount)


def levels(x: Tensor, generator: Generator) -> Tensor:
    """Softer or harder edges, as different pens and screens give them: x to a power, then up to twice the contrast."""
    n = len(x)
    power = uniform(n, -0.5, 0.5, generator).exp().view(-1, 1, 1, 1)
    gain = uniform(n, 1.0, 2.0, generator).view(-1, 1, 1, 1)
    return (x.clamp(0, 1) ** power * gain).clamp(0, 1)


def photo(x: Tensor, size: int, generator: Generator) -> Tensor:
    """What may happen to a photograph without changing what it shows, strongly."""
    x = colour(resized_crop(x, size, 0.55, generator), 0.4, generator)
    return cutout(x, 0.4, generator)


def photo_sharp(x: Tensor, size: int, generator: Generator) -> Tensor:
    """The same without scaling, so that every pixel is one of the photograph."""
    x = colour(shifted_crop(x, size, 4, generator), 0.4, generator)
    return cutout(x, 0.4, generator)


def photo_gently(x: Tensor, size: int, generator: Generator) -> Tensor:
    """Less of it, for a small network, which has no room to learn every variation."""
    return colour(shifted_crop(x, size, 6, generator), 0.25, generator)


def digit(x: Tensor, size: int, generator: Generator) -> Tensor:
    """What a mouse, a finger or another hand does to a digit."""
    x = affine(x, degrees=14, scale=(0.75, 1.15), shift=0.16, shear=0.2, generator=generator)
    return levels(stroke(x, 0.8, generator), generator).clamp(0, 1)


def mix(x: Tensor, targets: Tensor, alpha: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Blend each picture and its target with another's (mixup) or, half of the times, paste a box of it (cutmix)."""
    share = _beta(alpha, generator)
    other = torch.randperm(len(x), generator=generator)
    if torch.rand((), generator=generator) < 0.5:
        return torch.lerp(x[other], x, share), torch.lerp(targets[other], targets, share)
    x, share = _paste(x, x[other], share, generator)
    return x, torch.lerp(targets[other], targets, share)


def _paste(x: Tensor, other: Tensor, share: float, generator: Generator) -> tuple[Tensor, float]:
    """A box of 1 - share of the area taken from `other`; also the share that is really left."""
    height, width = x.shape[-2:]
    side = math.sqrt(1 - share)
    box_height, box_width = round(height * side), round(width * side)
    top = int(torch.randint(height - box_height + 1, (), generator=generator))
    left = int(torch.randint(width - box_width + 1, (), generator=generator))
    box = (..., slice(top, top + box_height), slice(left, left + box_width))
    x = x.clone()
    x[box] = other[box]
    return x, 1 - box_height * box_width / (height * width)


def _beta(alpha: float, generator: Generator) -> float:
    """One number from Beta(alpha, alpha), by Johnk's method: torch's own takes no generator."""
    while True:
        a, b = (torch.rand(2, generator=generator, dtype=torch.float64) ** (1 / alpha)).tolist()
        if 0 < a + b <= 1:
            return a / (a + b)


AUGMENT = {"photo": photo, "photo_sharp": photo_sharp, "photo_gently": photo_gently, "digit": digit}
