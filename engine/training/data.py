"""The training data: readers of the files as published, and one fixed split into train, validation and held-out."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from ..errors import EngineError

# The split never follows the seed of a training run: held-out pictures stay held out whatever is tried.
SPLIT_SEED = 20261120


class DataError(EngineError):
    """The data is not where --data points; the message names the file and the layout expected."""

    code = "no-data"


@dataclass(frozen=True)
class Examples:
    """Pictures as uint8 (N, C, H, W) and their classes as int64 (N,)."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, chosen: Tensor) -> Examples:
        return Examples(self.images[chosen], self.labels[chosen])


@dataclass(frozen=True)
class Splits:
    """Train fits the weights, validation chooses the epoch, held_out is looked at once, for the card."""

    train: Examples
    validation: Examples
    held_out: Examples


@dataclass(frozen=True)
class DataSet:
    """A published set: how to read it below --data DIR, how to share it out, and on what terms it may be used."""

    name: str
    licence: str  # "open" or "research", as the data's own README classes them
    note: str
    read: Callable[[Path], Examples]
    validation: float  # shares of each class
    held_out: float


def read_tiny_imagenet10(folder: Path) -> Examples:
    """5,000 colour pictures of 64 x 64, in the class order of classes.txt."""
    with zipfile.ZipFile(_existing(folder / "tiny_imagenet10" / "tiny_imagenet10_jpeg.zip")) as archive:
        order = [line.split("\t")[1] for line in archive.read("classes.txt").decode().splitlines()]
        names = sorted(name for name in archive.namelist() if name.startswith("train/") and name.endswith(".JPEG"))
        images = np.stack([_decode(archive.read(name)) for name in names])
    labels = [order.index(name.split("/")[1]) for name in names]
    return Examples(torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(), torch.tensor(labels))


def read_mnist(folder: Path) -> Examples:
    """60,000 digits, 28 x 28 padded to 32 x 32, white on black."""
    images = _idx(folder / "mnist" / "train-images-idx3-ubyte.gz", header=16).view(-1, 1, 28, 28)
    labels = _idx(folder / "mnist" / "train-labels-idx1-ubyte.gz", header=8)
    return Examples(F.pad(images, (2, 2, 2, 2)), labels.long())


DATA: dict[str, DataSet] = {
    data.name: data
    for data in (
        DataSet(
            name="tiny_imagenet10",
            licence="research",
            note="Tiny ImageNet, the training pictures of the ten classes of CNN Explainer; ImageNet's terms: "
            "non-commercial research. No picture of it is part of this product.",
            read=read_tiny_imagenet10,
            validation=0.06,
            held_out=0.10,
        ),
        DataSet(
            name="mnist",
            licence="open",
            note="MNIST training digits (LeCun, Cortes & Burges), usually quoted as CC BY-SA 3.0.",
            read=read_mnist,
            validation=0.05,
            held_out=0.10,
        ),
    )
}


def load_splits(name: str, folder: Path) -> Splits:
    """Read the set of that name below `folder` and split it, always in the same way."""
    data = DATA[name]
    examples = data.read(Path(folder))
    train, validation, held_out = split_indices(examples.labels, data.validation, data.held_out)
    return Splits(examples[train], examples[validation], examples[held_out])


def split_indices(labels: Tensor, validation: float, held_out: float) -> tuple[Tensor, Tensor, Tensor]:
    """Indices of train, validation and held-out: the same shares of each class, no index twice."""
    generator = torch.Generator().manual_seed(SPLIT_SEED)
    train: list[Tensor] = []
    chosen: list[Tensor] = []
    out: list[Tensor] = []
    for label in labels.unique():
        own = (labels == label).nonzero().flatten()
        own = own[torch.randperm(len(own), generator=generator)]
        first = round(len(own) * held_out)
        second = first + round(len(own) * validation)
        out.append(own[:first])
        chosen.append(own[first:second])
        train.append(own[second:])
    return torch.cat(train).sort().values, torch.cat(chosen).sort().values, torch.cat(out).sort().values


def _decode(jpeg: bytes) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(jpeg)).convert("RGB"))  # 14 of the pictures are grey


def _idx(file: Path, header: int) -> Tensor:
    with gzip.open(_existing(file)) as stream:
        return torch.from_numpy(np.frombuffer(stream.read(), np.uint8, offset=header).copy())


def _existing(file: Path) -> Path:
    if file.exists():
        return file
    raise DataError(
        f"{file} does not exist. --data DIR expects DIR/tiny_imagenet10/tiny_imagenet10_jpeg.zip (train/<wnid>/*.JPEG "
        f"and classes.txt) and DIR/mnist/train-{{images-idx3,labels-idx1}}-ubyte.gz, as in the training guide."
    )
