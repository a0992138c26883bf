"""A whole HTTP request against decoding and running by hand, and the bytes it takes, on a real server."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import numpy as np
import torch
from PIL import Image

import engine
from bench.timing import medians
from engine.preprocess import prepare


def photograph(kilobytes: int = 500) -> bytes:
    """A JPEG of about that size with the detail of a photograph: smooth shapes under fine noise."""
    noise = np.random.default_rng(0)
    rows, columns = np.mgrid[0:1200, 0:1600]
    smooth = 128 + 60 * np.sin(rows / 90)[..., None] * np.cos(columns / [[[70]]]).reshape(1200, 1600, 1)
    pixels = np.clip(smooth + noise.normal(0, 14, (1200, 1600, 3)), 0, 255).astype(np.uint8)
    for quality in range(95, 20, -5):
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
        if buffer.tell() <= kilobytes * 1024:
            break
    return buffer.getvalue()


@contextmanager
def server() -> Iterator[str]:
    """A server of ours on a free port of this machine; ended by pid."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "app.main:create_app", "--factory", "--log-level", "warning"]
    process = subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)])
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.get(f"{base}/readyz").raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        process.wait()


def request_ratios(base: str, model_id: str, budget: float) -> dict[str, float]:
    """POST of a photograph with its overview, over decode + prepare + plain forward in this process.

    "plain decode" decodes all pixels, as one writes it first; "draft decode" lets the JPEG decoder shrink, as we do.
    """
    picture, model = photograph(), engine.load(model_id)

    def by_hand(draft: bool) -> None:
        image = Image.open(io.BytesIO(picture))
        if draft:
            image.draft("RGB", (256, 256))
        with torch.inference_mode():
            model.module(prepare(image.convert("RGB"), model.spec.input).tensor)

    count = 0

    def request() -> None:
        nonlocal count
        count += 1  # another picture each time: bytes after the JPEG's end change the digest, not the picture
        different = picture + count.to_bytes(4, "little")
        files = {"image": ("photo.jpg", different, "image/jpeg")}
        client.post("/api/v1/traces", params={"include": "overview"}, data={"model": model_id}, files=files).raise_for_status()

    yardsticks = {"plain decode": lambda: by_hand(False), "draft decode": lambda: by_hand(True)}
    with httpx.Client(base_url=base, timeout=30) as client:
        times = medians({**yardsticks, "request": request}, budget)
    return {name: times["request"] / times[name] for name in yardsticks}


def overview_bytes(base: str, model_id: str) -> int:
    files = {"image": ("photo.jpg", photograph(), "image/jpeg")}
    answer = httpx.post(
        f"{base}/api/v1/traces", params={"include": "overview"}, data={"model": model_id}, files=files, timeout=30
    )
    assert json.loads(answer.raise_for_status().content)["overview"]
    return len(answer.content)
