"""Three hundred damaged files: no 5xx, no growth of memory, and the server still answers."""

from __future__ import annotations

import gc
import random
import struct
import zlib

import pytest
from PIL import Image

from app.main import create_app
from app.settings import Settings

from .conftest import TestClient, encoded, photo, post, problem, resident
from .test_uploads import chunk, gif_bomb, png_bomb

FORMATS = {
    "JPEG": {"quality": 85},
    "PNG": {},
    "WEBP": {"quality": 80},
    "GIF": {},
    "BMP": {},
    "TIFF": {"compression": "tiff_lzw"},
}


def truncated(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(1, len(data))]


def flipped(rng: random.Random, data: bytes) -> bytes:
    """Some bits turned over, most of them near the beginning, where the headers are."""
    damaged = bytearray(data)
    for _ in range(rng.randrange(1, 12)):
        reach = len(damaged) if rng.random() < 0.3 else min(len(damaged), 300)
        damaged[rng.randrange(reach)] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def spliced(rng: random.Random, data: bytes) -> bytes:
    """A stretch replaced by noise."""
    at = rng.randrange(len(data))
    return data[:at] + rng.randbytes(rng.randrange(1, 200)) + data[at + rng.randrange(200) :]


def mislabelled(rng: random.Random, data: bytes) -> bytes:
    """The beginning of one format, the body of another."""
    start = rng.choice([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"II*\0", b"MM\0*", b"RIFF\0\0\1\0WEBP"])
    return start + data[rng.randrange(2, 30) :]


def tiff(entries: list[tuple[int, int, int, int]], following: int = 0) -> bytes:
    """A TIFF header with one directory at byte 8."""
    body = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", 8) + body + struct.pack("<I", following)


def bombs() -> list[bytes]:
    """Small files that claim much, or lead in circles."""
    text = zlib.compress(bytes(50_000_000))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n"
    size = [(256, 4, 1, 60_000), (257, 4, 1, 60_000)]
    return [
        png_bomb(100_000, 100_000),
        png_bomb(2**31 - 1, 1),
        png_bomb(1, 2**31 - 1),
        png_bomb(0, 0),
        png_bomb(7999, 7999),
        png + header + chunk(b"zTXt", b"a\0\0" + text) + chunk(b"IEND", b""),
        png + header + chunk(b"iCCP", b"a\0\0" + text) + chunk(b"IEND", b""),
        png + header + chunk(b"iTXt", b"a\0\1\0\0\0" + text) + chunk(b"IEND", b""),
        png + header + chunk(b"IDAT", text) + chunk(b"IEND", b""),
        gif_bomb(),
        b"BM" + struct.pack("<IHHIIiiHHIIIIII", 100, 0, 0, 54, 40, 2**31 - 1, 2**31 - 1, 1, 24, 0, 0, 0, 0, 0, 0),
        b"BM" + struct.pack("<IHHIIiiHHIIIIII", 100, 0, 0, 54, 40, -5, -5, 1, 24, 0, 0, 0, 0, 0, 0),
        b"BM" + struct.pack("<IHHIIiiHHIIIIII", 100, 0, 0, 54, 40, 7000, 7000, 1, 24, 0, 0, 0, 0, 0, 0),
        tiff(size, following=8),  # a directory that follows itself
        tiff([*size, (330, 4, 1, 8)]),  # a sub-directory that is its parent
        tiff([(256, 4, 2**31, 8), (257, 4, 2**31, 8)]),  # two thousand million widths
        tiff([(256, 4, 1, 7000), (257, 4, 1, 7000), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 8), (279, 4, 1, 2**31 - 1)]),
        tiff([(256, 4, 1, 100), (257, 4, 1, 100), (258, 3, 1, 8), (259, 3, 1, 65535), (273, 4, 1, 8)]),
        b"RIFF" + struct.pack("<I", 2**32 - 1) + b"WEBPVP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + b"\xff" * 6,
    ]


def malformed() -> list[bytes]:
    """The same 300 files on every run."""
    rng = random.Random(20261120)
    sound = {form: encoded(photo(60, 50, seed=i), form, **options) for i, (form, options) in enumerate(FORMATS.items())}
    wrong = [rng.randbytes(n) for n in (1, 2, 3, 10, 100, 5000)] + [b"", b"\0", b"<svg></svg>", b"%PDF-1.4", b"GIF", b"MM"]
    files = [*bombs(), *wrong]
    harms = (truncated, flipped, spliced, mislabelled)
    while len(files) < 300:
        files.append(rng.choice(harms)(rng, rng.choice(list(sound.values()))))
    return files


@pytest.fixture
def small():
    """An app that keeps next to nothing, so that what grows is a leak."""
    app = create_app(Settings(cache_bytes=2_000_000))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def flood(client: TestClient, files: list[bytes]) -> int:
    """Post them all; how many were refused."""
    refused = 0
    for number, data in enumerate(files):
        response = post(client, data, model=("tinyvgg", "lenet5")[number % 2])
        assert response.status_code < 500, (number, response.text)
        if response.status_code != 201:  # some flipped bits still make a picture
            refused += 1
            problem(response, response.status_code, response.json()["code"])
    gc.collect()
    return refused


def test_three_hundred_malformed_uploads_do_no_harm(small):
    files = malformed()
    assert len(files) == 300
    assert flood(small, files) > 150
    growth = []
    for _ in range(3):  # a leak grows in every round, an allocator that still fills its pools does not
        before = resident()
        flood(small, files)
        growth.append(resident() - before)
    assert min(growth) < 10_000_000, growth
    assert small.get("/healthz").json() == {"status": "ok"}
    assert post(small, encoded(photo(seed=1))).status_code == 201


def test_a_flood_of_large_pictures_stays_within_bounds(client):
    """At the limit of pixels, one after another: each gives its memory back."""
    flat = encoded(Image.new("P", (7900, 7900)), "PNG")
    post(client, flat)
    before = resident()
    for number in range(2):
        assert post(client, flat + bytes(number)).status_code == 201
    assert resident() - before < 100_000_000
