"""Tiny VGG as CNN Explainer has it, and a wider, batch-normalised relative that sees better."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from .spec import ImageInput, ModelSpec

# The order of CNN Explainer, and of classes.txt in the data.
CLASSES = (
    "lifeboat",
    "ladybug",
    "pizza",
    "bell pepper",
    "school bus",
    "koala",
    "espresso",
    "red panda",
    "orange",
    "sports car",
)

PIXELS = ImageInput(channels=3, height=64, width=64, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0), preparation="photo")


class TinyVGG(nn.Module):
    """Two blocks of conv, ReLU, conv, ReLU, max-pool without padding: (N, 3, 64, 64) -> (N, 10) logits."""

    def __init__(self, width: int = 10, classes: int = len(CLASSES)) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, width, 3),
            nn.ReLU(),
            nn.Conv2d(width, width, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(width, width, 3),
            nn.ReLU(),
            nn.Conv2d(width, width, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(width * 13 * 13, classes),  # 64 -> 62 -> 60 -> 30 -> 28 -> 26 -> 13
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x))


class TinyVGGWide(nn.Module):
    """Three padded, batch-normalised blocks and a global average: any size of picture -> (N, 10) logits."""

    def __init__(self, widths: tuple[int, ...] = (16, 48, 128), classes: int = len(CLASSES)) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in pairwise((3, *widths)):
            layers += [*_normalised_conv(before, after), *_normalised_conv(after, after), nn.MaxPool2d(2)]
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(widths[-1], classes))

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(x)))


def _normalised_conv(before: int, after: int) -> list[nn.Module]:
    # No bias: batch normalisation would subtract it again.
    return [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]


TINYVGG = ModelSpec(
    id="tinyvgg",
    build=TinyVGG,
    input=PIXELS,
    classes=CLASSES,
    reference="Wang et al. (2020), CNN Explainer, doi:10.1109/TVCG.2020.3030418; "
    "after Simonyan & Zisserman (2015), VGG, arXiv:1409.1556",
)

TINYVGG_WIDE = ModelSpec(
    id="tinyvgg-wide",
    build=TinyVGGWide,
    input=PIXELS,
    classes=CLASSES,
    reference="our own, after Simonyan & Zisserman (2015), VGG, arXiv:1409.1556, "
    "and Ioffe & Szegedy (2015), batch normalisation, arXiv:1502.03167",
)
