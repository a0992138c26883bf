"""One app for all API tests, a way to make pictures, and a photograph-like one to send."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import os
import warnings

import numpy as np
import pytest
import torch
from PIL import Image

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings

from . import tiny as tiny_networks

TRACES = "/api/v1/traces"


def photo(width: int = 160, height: int = 120, seed: int = 0) -> Image.Image:
    """Smooth coloured noise: every channel differs and nothing repeats."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8), "RGB")
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def encoded(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """The picture as a file of that format."""
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def post(client: TestClient, data: bytes, model: str = "tinyvgg", query: str = "", name: str = "picture"):
    """POST a picture to be traced."""
    return client.post(TRACES + query, data={"model": model}, files={"image": (name, data, "application/octet-stream")})


def problem(response, status: int, code: str) -> dict:
    """The problem document of a refusal, checked for its form."""
    assert response.headers["content-type"] == "application/problem+json", response.text[:300]
    document = response.json()
    assert (response.status_code, document["code"]) == (status, code), document
    assert document["status"] == status and document["type"] == f"/problems/{code}" and document["title"]
    assert len(document["detail"]) > 20 and document["detail"].rstrip(")/ps").strip(), document
    assert "Traceback" not in response.text and ".py" not in response.text
    return document


@pytest.fixture(scope="session")
def app():
    torch.set_num_threads(1)
    return create_app(Settings())


@pytest.fixture(scope="session")
def client(app):
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def traced(client) -> dict:
    """A photograph's trace with every value."""
    response = post(client, encoded(photo()), query="?include=all")
    assert response.status_code == 201, response.text[:500]
    return response.json()


def resident() -> int:
    """Memory of this process in bytes, 0 where the system does not say; what only the allocator keeps is given back first."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


@pytest.fixture(scope="module")
def tiny(client):  # which must have started before the table grows
    """A client of an app that offers the tiny sequence networks too; they leave the table with the module's last test."""
    torch.set_num_threads(1)
    with tiny_networks.in_the_table(), TestClient(create_app(Settings()), raise_server_exceptions=False) as ours:
        yield ours


def ask(client: TestClient, model: str, query: str = "", **fields: str | bytes):
    """POST a text, values or a sample to be traced."""
    return client.post(TRACES + query, files={name: (None, value) for name, value in {"model": model, **fields}.items()})
