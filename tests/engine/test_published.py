"""The published networks have the published numbers of parameters, layer by layer, and ours are counted as they are."""

from __future__ import annotations

import pytest
import torch

from engine.models import MODELS
from engine.models.published import PUBLISHED, SEEN_BY_C3, layers_of
from engine.operate import operate
from engine.operate.counting import NETWORKS

TOTALS = {
    "lenet5-1998": 60_000,
    "alexnet": 61_100_840,
    "alexnet-2012": 60_965_224,
    "vgg16": 138_357_544,
    "resnet18": 11_689_512,
    "connected": 655_362_048,
}


@pytest.mark.parametrize("network", NETWORKS)
def test_every_parameter_is_counted_once(network: str) -> None:
    build, _ = NETWORKS[network]
    with torch.device("meta"):
        parameters = sum(parameter.numel() for parameter in build().parameters())
    found = operate("network_size", {"input": network})
    assert found.more["total"] == int(found.output.sum()) == parameters == TOTALS.get(network, parameters)
    for layer, count in zip(found.more["layers"], found.output.tolist(), strict=True):
        rows, columns = layer["kernel"] or (1, 1)
        assert layer["weights"] == rows * columns * layer["kernels"] and count == layer["weights"] + layer["biases"]
        assert layer["kernels"] == layer["inputs"] * layer["outputs"] or layer["inputs"] == 0


def test_the_list_is_the_published_ones_and_ours() -> None:
    assert set(PUBLISHED) == set(TOTALS) and set(NETWORKS) - set(PUBLISHED) == {"tinyvgg", "tinyvgg-wide", "lenet5"}
    assert set(NETWORKS) - set(PUBLISHED) <= set(MODELS)


def test_the_layers_of_lenet_5() -> None:
    layers = {layer.name: layer for layer in layers_of(*PUBLISHED["lenet5-1998"])}
    counts = {name: layer.weights + layer.biases for name, layer in layers.items()}
    assert counts == {"C1": 156, "S2": 12, "C3": 1516, "S4": 32, "C5": 48_120, "F6": 10_164}
    assert [layer.output_shape for layer in layers.values()] == [
        (6, 28, 28),
        (6, 14, 14),
        (16, 10, 10),
        (16, 5, 5),
        (120, 1, 1),
        (84,),
    ]
    assert [len(seen) for seen in SEEN_BY_C3] == [3] * 6 + [4] * 9 + [6] and len(set(map(frozenset, SEEN_BY_C3))) == 16
    assert layers["C3"].kernels == 60 and layers["C3"].inputs == 0


@pytest.mark.parametrize("network", NETWORKS)
def test_the_sizes_are_those_of_a_run_in_that_order(network: str) -> None:
    build, shape = NETWORKS[network]
    with torch.device("meta"):
        module, blank = build().eval(), torch.empty(1, *shape)
    found: list[tuple[str, tuple[int, ...]]] = []
    for name, layer in module.named_modules():
        layer.register_forward_hook(lambda _, __, output, name=name: found.append((name, tuple(output.shape[1:]))))
    with torch.inference_mode():
        module(blank)
    layers = layers_of(build, shape)
    ran = [each for each in found if each[0] in {layer.name for layer in layers}]
    assert ran == [(layer.name, layer.output_shape) for layer in layers]


def test_the_sizes_on_the_way_through_alexnet_vgg_and_resnet() -> None:
    sizes = {name: [layer.output_shape for layer in layers_of(*PUBLISHED[name])] for name in ("alexnet", "vgg16", "resnet18")}
    assert sizes["alexnet"][:5] == [(64, 55, 55), (192, 27, 27), (384, 13, 13), (256, 13, 13), (256, 13, 13)]
    assert sizes["vgg16"][12:] == [(512, 14, 14), (4096,), (4096,), (1000,)]
    assert sizes["resnet18"][0] == (64, 112, 112) and sizes["resnet18"][-2:] == [(512, 7, 7), (1000,)]
