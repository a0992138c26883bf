"""Sizes and weights of layers too large to run: the course's counts, through the API."""

from __future__ import annotations

import pytest

OPS = "/api/v1/ops/"


def ask(client, op: str, **request):
    answer = client.post(OPS + op, json=request)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("request_", "output"),
    [
        ({"input": [28, 31], "padding": 2, "kernel": 5, "stride": 3}, [10, 11]),
        ({"input": 227, "kernel": 11, "stride": 4}, [55, 55]),
        ({"input": 28, "kernel": 5, "padding": "same"}, [28, 28]),
        ({"input": 7, "kernel": 3, "dilation": 2}, [3, 3]),
    ],
)
def test_what_comes_out(client, request_, output):
    assert ask(client, "conv2d_size", **request_)["output"] == output


def test_what_does_not_divide_is_cut_off(client):
    answer = ask(client, "conv2d_size", input=224, kernel=11, stride=4)
    assert answer["output"] == [54, 54] and answer["sizes"]["rows"]["exact"] == 54.25 and answer["sizes"]["rows"]["cut"] == 1
    assert [note["code"] for note in answer["notes"]] == ["cut-off", "cut-off"]


def test_an_image_to_an_equal_hidden_layer(client):
    weights = ask(client, "conv2d_size", input=1000, kernel=10, padding="same")["weights"]
    assert weights == {"full": 10**12, "local": 10**8, "shared": 100}


def test_an_inception_block_saves_by_its_bottleneck(client):
    layer = {"input": 28, "padding": "same"}
    direct = ask(client, "conv2d_size", **layer, kernel=5, in_channels=192, out_channels=32)["multiplications"]
    squeeze = ask(client, "conv2d_size", **layer, kernel=1, in_channels=192, out_channels=16)["multiplications"]
    widen = ask(client, "conv2d_size", **layer, kernel=5, in_channels=16, out_channels=32)["multiplications"]
    assert (direct, squeeze + widen) == (120_422_400, 12_443_648)


def test_three_small_kernels_see_as_far_as_a_large_one_with_fewer_weights(client):
    size, weights = 7, 0
    for _ in range(3):
        answer = ask(client, "conv2d_size", input=size, kernel=3, in_channels=8, out_channels=8)
        size, weights = answer["output"][0], weights + answer["weights"]["shared"]
    large = ask(client, "conv2d_size", input=7, kernel=7, in_channels=8, out_channels=8)["weights"]["shared"]
    assert (size, weights, large) == (1, 27 * 8**2, 49 * 8**2)


def test_a_fully_connected_network(client):
    answer = ask(client, "linear_size", input=[640_000, 1024, 2])
    assert answer["output"] == 655_362_048 and answer["weights"] == [655_360_000, 2048]
    assert [term["product"] for term in answer["explanation"]["terms"]] == [655_360_000, 2048]


def test_the_first_convolutions_of_lenet(client):
    answer = ask(client, "conv2d_size", input=32, kernel=5, in_channels=1, out_channels=6)
    assert answer["output"] == [28, 28] and answer["weights"]["shared"] + 6 == 156  # with its biases


@pytest.mark.parametrize(
    ("network", "total"), [("lenet5-1998", 60_000), ("alexnet", 61_100_840), ("vgg16", 138_357_544), ("resnet18", 11_689_512)]
)
def test_whole_networks_have_their_published_counts(client, network, total):
    answer = ask(client, "network_size", input=network, index=[0])
    assert answer["total"] == sum(answer["output"]) == total
    first = answer["layers"][0]
    assert [term["product"] for term in answer["explanation"]["terms"]] == [first["weights"], first["biases"]]


def test_a_network_that_is_none_is_refused_with_those_that_are(client):
    refusal = client.post(OPS + "network_size", json={"input": "vgg17"})
    assert refusal.status_code == 422 and refusal.json()["parameter"] == "input" and '"vgg16"' in refusal.json()["legal"]
