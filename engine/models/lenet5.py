"""LeNet-5 for handwritten digits, in the widened ReLU and max-pool form that is usual today."""

from __future__ import annotations

from torch import Tensor, nn

from .spec import ImageInput, ModelSpec


class LeNet5(nn.Module):
    """Two stages of conv 5x5, ReLU, max-pool, then 500 neurons: (N, 1, 32, 32) -> (N, 10) logits."""

    def __init__(self, kernels: tuple[int, int] = (20, 50), hidden: int = 500, classes: int = 10) -> None:
        super().__init__()
        first, second = kernels
        self.features = nn.Sequential(
            nn.Conv2d(1, first, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),  # 32 -> 28 -> 14
            nn.Conv2d(first, second, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),  # 14 -> 10 -> 5
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(second * 5 * 5, hidden),
            nn.ReLU(),
            nn.Linear(hidden, classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x))


LENET5 = ModelSpec(
    id="lenet5",
    build=LeNet5,
    input=ImageInput(channels=1, height=32, width=32, mean=(0.0,), std=(1.0,), preparation="drawing"),
    classes=tuple("0123456789"),
    reference="after LeCun, Bottou, Bengio & Haffner (1998), doi:10.1109/5.726791; 20 and 50 kernels, "
    "500 neurons, ReLU and max-pooling instead of 6 and 16, 120 and 84, tanh and subsampling",
)
