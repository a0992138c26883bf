"""A picture network with a residual addition and joined channels: each number opens, and so do its sources."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import torch
import uvicorn
from cards import number, reads, texts
from places import drawn
from torch import Tensor, nn

import engine.models
from app.main import create_app
from app.settings import Settings
from engine.models import MODELS, ImageInput, ModelSpec

pytestmark = pytest.mark.browser
NAME = "tiny-branches"


class Branches(nn.Module):
    """Two branches over one convolution: a residual block as in ResNet, and an inception block that joins its channels."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.block = nn.Conv2d(1, 3, 5, stride=4), nn.Conv2d(3, 3, 3, padding=1)
        self.norm, self.side = nn.LocalResponseNorm(3), nn.Conv2d(3, 2, 1)
        self.pool, self.head = nn.AdaptiveAvgPool2d(1), nn.Linear(5, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        residual = torch.relu(x + self.block(x))
        joined = torch.cat((self.norm(residual), self.side(x)), dim=1)
        return self.head(torch.flatten(self.pool(joined), 1))


@pytest.fixture(scope="module")
def branches() -> Iterator[str]:
    """The address of a server that also has this network, untrained."""
    digits = tuple(str(digit) for digit in range(10))
    MODELS[NAME] = ModelSpec(NAME, Branches, ImageInput(1, 32, 32, (0.0,), (1.0,), "drawing"), digits, "a test")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    runner = uvicorn.Server(uvicorn.Config(create_app(Settings(port=port)), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=runner.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 120
    while not runner.started and time.monotonic() < deadline:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    runner.should_exit = True
    thread.join(10)
    MODELS.pop(NAME)
    engine.models._loaded.pop(NAME, None)


def at(page: Any, address: str, trace: str, query: str) -> Any:
    page.goto(f"{address}/cnn/{NAME}?tour=0&lang=en&input=trace:{trace}&{query}")
    drawn(page)
    return page.locator("[data-card]")


def test_sums_and_joined_channels_lead_to_their_sources(browser: Any, branches: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(20_000)
    trace = page.request.post(
        f"{branches}/api/v1/traces",
        multipart={"model": NAME, "values": str([[[(x * y) % 7 / 7 for x in range(32)] for y in range(32)]])},
    ).json()
    assert "id" in trace, trace
    ops = {node["op"]: node for node in trace["nodes"]}
    assert {"add", "cat", "local_response_norm", "adaptive_avg_pool2d"} <= ops.keys()
    card = at(page, branches, trace["id"], f"node={ops['add']['name']}&unit=1&at=2,3")
    (result,), values = texts(card, "result"), texts(card, "value")
    assert reads(sum(map(number, values)), result)
    assert page.locator(".maps .map").count() >= 3  # both addends and the sum
    ways = card.locator(".way[data-role=value]").evaluate_all("all => all.map((one) => one.dataset.way)")
    assert ways == ["stem@1.2.3", "block@1.2.3"]
    card.locator(".way[data-role=value]").last.click()
    page.locator('[data-card="conv2d"][data-node="block"][data-index="1,2,3"]').wait_for()
    page.go_back()
    page.locator('[data-card="add"]').wait_for()
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-card="conv2d"][data-index="1,2,3"]')
    for unit, source in ((1, "norm@1.2.3"), (4, "side@1.2.3")):
        card = at(page, branches, trace["id"], f"node={ops['cat']['name']}&unit={unit}&at=2,3")
        assert texts(card, "value")[0] == texts(card, "result")[0]
        assert card.locator(".way[data-role=value]").get_attribute("data-way") == source
    card.locator(".way[data-role=value]").click()
    page.locator('[data-card="conv2d"][data-node="side"][data-index="1,2,3"]').wait_for()
    card = at(page, branches, trace["id"], f"node={ops['local_response_norm']['name']}&unit=1&at=2,3")
    assert "Approximation" not in card.inner_text() and card.locator(".way").count() >= 1
    for node, unit, names in (("add", 1, ["stem", "block"]), ("cat", 4, ["side"]), ("cat", 0, ["norm"])):
        page.goto(f"{branches}/cnn/{NAME}?tour=0&lang=en&input=trace:{trace['id']}&node={ops[node]['name']}&unit={unit}")
        drawn(page)
        titles = page.locator(".read-maps figcaption > span:first-child").all_inner_texts()
        assert [title.split(" · ")[0] for title in titles] == names
    page.close()
