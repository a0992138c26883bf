"""POST /ops: pooling, unpooling, transposed convolution and interpolation give the published numbers."""

from __future__ import annotations

from typing import Any

import pytest

from .test_ops import DUMOULIN, K, X, ask, ones, refused

SPREAD = [[1, 2, 1], [2, 1, 2], [1, 1, 2]]
TRANSPOSED = [  # Dumoulin & Visin's seven animations: input, kernel, padding, stride, output padding, output
    (2, 3, 0, 1, 0, 4),
    (6, 4, 2, 1, 0, 5),
    (5, 3, 1, 1, 0, 5),
    (7, 3, 2, 1, 0, 5),
    (2, 3, 0, 2, 0, 5),
    (3, 3, 1, 2, 0, 5),
    (3, 3, 1, 2, 1, 6),
]


def test_the_published_maximum_pooling(client) -> None:
    answer = ask(client, "max_pool2d", input=DUMOULIN, kernel_size=3, stride=1)
    assert answer["output"] == [[3, 3, 3], [3, 3, 3], [3, 2, 3]]
    assert answer["winners"][0] == [[0, 0], [0, 1], [1, 3]] and answer["indices"][0] == [0, 1, 8]
    assert answer["explanation"]["extra"]["winner_index"] == [0, 0, 0] and answer["sizes"]["rows"]["exact"] == 3
    average = ask(client, "avg_pool2d", input=DUMOULIN, kernel_size=3, stride=1)
    sums = [[15, 15, 15], [9, 11, 16], [10, 7, 12]]
    assert average["output"] == [[pytest.approx(s / 9, abs=1e-12) for s in row] for row in sums]


def test_a_size_that_does_not_divide_is_cut_or_rounded_up(client) -> None:
    cut = ask(client, "max_pool2d", input=ones(5, 5), kernel_size=2)
    assert cut["shape"] == [2, 2] and cut["sizes"]["rows"]["exact"] == 2.5 and cut["sizes"]["rows"]["cut"] == 1
    assert [note["code"] for note in cut["notes"]] == ["cut-off"] and cut["notes"][0]["axis"] == "both"
    kept = ask(client, "max_pool2d", input=ones(5, 5), kernel_size=2, ceil_mode=True)
    assert kept["shape"] == [3, 3] and kept["notes"] == []


def test_global_and_adaptive_pooling_keep_the_channels(client) -> None:
    answer = ask(client, "adaptive_avg_pool2d", input=[X, X, X], output_size=1)
    assert answer["output"] == [[[1.5]], [[1.5]], [[1.5]]]
    uneven = ask(client, "adaptive_max_pool2d", input=X, output_size=3)
    assert uneven["windows"]["rows"] == [[0, 2], [1, 3], [2, 4]] and uneven["output"][0] == [2, 3, 3]
    assert [note["code"] for note in uneven["notes"]] == ["unequal-windows"]


def test_one_value_spreads_the_kernel(client) -> None:
    answer = ask(client, "conv_transpose2d", input=[[55]], kernel=SPREAD)
    assert answer["output"] == [[55, 110, 55], [110, 55, 110], [55, 55, 110]]


@pytest.mark.parametrize(("size", "kernel", "padding", "stride", "more", "output"), TRANSPOSED)
def test_the_seven_transposed_animations(client, size, kernel, padding, stride, more, output) -> None:
    how = {"padding": padding, "stride": stride}
    body: dict[str, Any] = {"input": ones(size, size), "kernel": ones(kernel, kernel), **how, "output_padding": more}
    answer = ask(client, "conv_transpose2d", **body)
    assert answer["shape"] == [output, output] and answer["output"] == answer["coverage"]
    assert ask(client, "conv2d", input=ones(output, output), kernel=ones(kernel, kernel), **how)["shape"] == [size, size]


def test_a_stride_that_does_not_divide_the_kernel_makes_a_checkerboard(client) -> None:
    uneven = ask(client, "conv_transpose2d", input=ones(4, 4), kernel=ones(3, 3), stride=2)
    assert uneven["coverage"][1:4] == [[1, 1, 2, 1, 2, 1, 2, 1, 1], [2, 2, 4, 2, 4, 2, 4, 2, 2], [1, 1, 2, 1, 2, 1, 2, 1, 1]]
    assert [(note["code"], note["axis"], note["least"], note["most"]) for note in uneven["notes"]] == [
        ("unequal-overlap", "both", 1, 2)
    ]
    oblong = ask(client, "conv_transpose2d", input=ones(4, 4), kernel=ones(3, 4), stride=2)
    assert [note["axis"] for note in oblong["notes"]] == ["rows"]
    even = ask(client, "conv_transpose2d", input=ones(4, 4), kernel=ones(4, 4), stride=2, padding=1)
    assert even["notes"] == [] and all(row[1:-1] == [4] * 6 for row in even["coverage"][1:-1])


def test_the_sparse_matrix_of_the_convolution_leads_back(client) -> None:
    forward = ask(client, "conv2d", input=X, kernel=K, include=["matrix"])
    back = ask(client, "conv_transpose2d", input=forward["output"], kernel=K, include=["matrix"])
    assert (len(forward["matrix"]), len(forward["matrix"][0])) == (4, 16) and back["convolution"] == forward["matrix"]
    assert back["matrix"] == [list(column) for column in zip(*forward["matrix"], strict=True)]
    trip = ask(client, "conv_transpose2d", input=X, kernel=K, convolve_first=True)
    assert trip["convolved"] == forward["output"] == [[15, 16], [6, 15]]
    assert trip["output"] == back["output"] and trip["shape"] == [4, 4] and trip["output"] != X
    large = ask(client, "conv_transpose2d", input=ones(20, 20), kernel=K, include=["matrix"])
    assert large["matrix"] is None and large["convolution"] is None


def test_both_corner_conventions(client) -> None:
    line = [[0, 10], [20, 30]]
    nearest = ask(client, "interpolate", input=line, size=4)
    assert nearest["output"][0] == [0, 0, 10, 10] and nearest["output"][1] == [0, 0, 10, 10]
    areas = ask(client, "interpolate", input=line, size=4, mode="bilinear")
    assert areas["output"][0] == [0, 2.5, 7.5, 10] and areas["axes"]["rows"]["positions"] == [0, 0.25, 0.75, 1.25]
    corners = ask(client, "interpolate", input=line, size=4, mode="bilinear", align_corners=True)
    assert corners["output"][0] == [0, pytest.approx(10 / 3), pytest.approx(20 / 3), 10]
    assert corners["axes"]["columns"]["positions"][-1] == 1


def test_maxima_go_back_to_their_places_or_to_the_corners(client) -> None:
    picture = [[1, 2, 6, 3], [3, 5, 2, 1], [1, 2, 2, 1], [7, 3, 4, 8]]
    answer = ask(client, "max_unpool2d", input=picture, pool_first=True)
    assert answer["pooled"] == [[5, 6], [7, 8]] and answer["places"] == [[[1, 1], [0, 2]], [[3, 0], [3, 3]]]
    assert answer["output"] == [[0, 0, 6, 0], [0, 5, 0, 0], [0, 0, 0, 0], [7, 0, 0, 8]]
    assert ask(client, "max_unpool2d", input=[[5, 6], [7, 8]], indices=answer["indices"])["output"] == answer["output"]
    corner = ask(client, "max_unpool2d", input=picture, pool_first=True, places="corner")
    assert corner["output"] == [[5, 0, 6, 0], [0, 0, 0, 0], [7, 0, 8, 0], [0, 0, 0, 0]]
    shared = ask(client, "max_unpool2d", input=[[0, 9, 0]], kernel_size=[1, 2], stride=1, pool_first=True)
    assert shared["output"] == [[0, 9, 0]] and shared["notes"][0]["code"] == "shared-places"


@pytest.mark.parametrize(
    ("op", "body", "parameter"),
    [
        ("max_pool2d", {"input": X, "kernel_size": 2, "padding": 2}, "padding"),
        ("conv_transpose2d", {"input": X, "kernel": K, "stride": 0}, "stride"),
        ("conv_transpose2d", {"input": X, "kernel": K, "output_padding": 1}, "output_padding"),
        ("interpolate", {"input": X, "size": 3, "mode": "cubic"}, "mode"),
        ("max_unpool2d", {"input": X, "indices": [[0]]}, "indices"),
    ],
)
def test_refusals_name_the_field_and_what_is_legal(client, op, body, parameter) -> None:
    document = refused(client, op, body)
    assert document["parameter"] == parameter and document["legal"] and parameter in document["detail"]
    assert parameter in document["text"]["zh"]
