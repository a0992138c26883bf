"""Every format and mode that people send becomes the right picture; everything else is refused in words."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.problems import Problem
from app.uploads import open_picture

from .conftest import encoded, photo, post, problem

ENOUGH = 192
RED, BLUE = (200, 30, 20), (20, 40, 200)


def opened(data: bytes, max_pixels: int = 64_000_000):
    return open_picture(data, max_pixels, ENOUGH)


def halves(mode: str = "RGB") -> Image.Image:
    """Left red, right blue."""
    picture = Image.new("RGB", (80, 60), RED)
    ImageDraw.Draw(picture).rectangle((40, 0, 80, 60), fill=BLUE)
    return picture.convert(mode)


def near(picture: Image.Image, at: tuple[int, int], colour: tuple[int, int, int], within: int = 12) -> bool:
    return max(abs(a - b) for a, b in zip(picture.getpixel(at), colour, strict=True)) <= within


FORMATS = [
    ("JPEG", "RGB", {"quality": 95}),
    ("JPEG", "L", {}),
    ("JPEG", "CMYK", {"quality": 95}),
    ("JPEG", "RGB", {"progressive": True}),
    ("PNG", "RGB", {}),
    ("PNG", "RGBA", {}),
    ("PNG", "L", {}),
    ("PNG", "LA", {}),
    ("PNG", "P", {}),
    ("PNG", "1", {}),
    ("WEBP", "RGB", {"quality": 95}),
    ("WEBP", "RGBA", {"lossless": True}),
    ("GIF", "P", {}),
    ("GIF", "L", {}),
    ("GIF", "RGB", {}),
    ("BMP", "RGB", {}),
    ("BMP", "L", {}),
    ("BMP", "P", {}),
    ("BMP", "1", {}),
    ("TIFF", "RGB", {}),
    ("TIFF", "RGBA", {}),
    ("TIFF", "CMYK", {}),
    ("TIFF", "L", {}),
    ("TIFF", "P", {}),
    ("TIFF", "1", {}),
    ("TIFF", "RGB", {"compression": "tiff_lzw"}),
    ("TIFF", "RGB", {"compression": "jpeg"}),
    ("TIFF", "YCbCr", {}),
    ("TIFF", "LAB", {}),
]


@pytest.mark.parametrize(("form", "mode", "options"), FORMATS)
def test_every_format_and_mode_is_traced(client, form, mode, options):
    picture = Image.merge("LAB", photo().split()) if mode == "LAB" else photo().convert(mode)
    response = post(client, encoded(picture, form, **options))
    assert response.status_code == 201, response.text
    source = response.json()["input"]["source"]
    assert (source["format"], source["width"], source["height"]) == (form, 160, 120)


@pytest.mark.parametrize(("form", "mode", "options"), [row for row in FORMATS if row[1] not in ("L", "LA", "1", "LAB")])
def test_colours_survive_every_format(form, mode, options):
    upload = opened(encoded(halves(mode), form, **options))
    assert upload.picture.mode == "RGB" and upload.picture.size == (80, 60)
    within = 40 if mode in ("P", "CMYK") or form in ("JPEG", "GIF") else 14
    assert near(upload.picture, (10, 30), RED, within) and near(upload.picture, (70, 30), BLUE, within)


@pytest.mark.parametrize("dtype", ["<u2", ">u2"])
def test_sixteen_bit_greys_keep_their_brightness(dtype):
    ramp = np.tile(np.linspace(0, 65535, 256).astype(dtype), (40, 1))
    mode = "I;16" if dtype == "<u2" else "I;16B"
    upload = opened(encoded(Image.frombytes(mode, (256, 40), ramp.tobytes()), "TIFF"))
    shown = np.asarray(upload.picture)[20, :, 0]
    assert np.abs(shown.astype(int) - np.arange(256)).max() <= 1


def test_a_sixteen_bit_png_keeps_its_brightness():
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (40, 1))
    upload = opened(encoded(Image.fromarray(ramp), "PNG"))
    shown = np.asarray(upload.picture)[20, :, 0]
    assert np.abs(shown.astype(int) - np.arange(256)).max() <= 1


@pytest.mark.parametrize("top", [1.0, 255.0, 65535.0])
def test_floating_point_greys_are_read_by_their_range(top):
    ramp = np.tile(np.linspace(0, top, 256, dtype=np.float32), (40, 1))
    shown = np.asarray(opened(encoded(Image.fromarray(ramp), "TIFF")).picture)[20, :, 0]
    assert np.abs(shown.astype(int) - np.arange(256)).max() <= 1


def test_floats_that_are_not_finite_are_no_crash():
    values = np.full((40, 40), np.nan, np.float32)
    values[0, 0] = np.inf
    assert opened(encoded(Image.fromarray(values), "TIFF")).picture.getpixel((5, 5)) == (0, 0, 0)


@pytest.mark.parametrize(("mode", "form"), [("RGBA", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "TIFF")])
def test_transparency_lies_over_white(mode, form):
    picture = Image.new(mode, (50, 50), (0,) * len(mode))
    options = {"lossless": True} if form == "WEBP" else {}
    assert opened(encoded(picture, form, **options)).picture.getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("form", ["PNG", "GIF"])
def test_a_transparent_palette_entry_lies_over_white(form):
    picture = Image.new("P", (50, 50), 0)
    picture.putpalette([0, 0, 0, 200, 30, 20])
    picture.putpixel((5, 5), 1)
    upload = opened(encoded(picture, form, transparency=0))
    assert upload.picture.getpixel((25, 25)) == (255, 255, 255)
    assert near(upload.picture, (5, 5), RED)


def test_large_transparent_pictures_are_averaged_and_lie_over_white():
    picture = Image.new("RGBA", (1200, 1200), (0, 0, 0, 0))
    upload = opened(encoded(picture))
    assert upload.picture.size == (200, 200) and upload.picture.getpixel((9, 9)) == (255, 255, 255)
    assert (upload.width, upload.height) == (1200, 1200)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_camera_held_any_way_gives_an_upright_picture(form, orientation):
    upright = Image.new("RGB", (80, 60), BLUE)
    ImageDraw.Draw(upright).rectangle((0, 0, 39, 29), fill=RED)  # red is top left
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    upload = opened(encoded(stored, form, exif=exif, **({"lossless": True} if form == "WEBP" else {})))
    assert upload.picture.size == (80, 60) and (upload.width, upload.height) == (80, 60)
    assert near(upload.picture, (15, 10), RED, 20) and near(upload.picture, (65, 50), BLUE, 20)


def test_damaged_exif_costs_nothing():
    upload = opened(encoded(halves(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff garbage"))
    assert upload.picture.size == (80, 60)


def test_the_first_frame_of_an_animation_is_taken():
    first, second = Image.new("RGB", (40, 40), RED), Image.new("RGB", (40, 40), BLUE)
    for form in ("GIF", "WEBP", "TIFF", "PNG"):
        upload = opened(encoded(first, form, save_all=True, append_images=[second]))
        assert near(upload.picture, (20, 20), RED, 20), form


def test_a_large_jpeg_is_decoded_reduced_but_reported_in_full():
    upload = opened(encoded(photo(1600, 1200), "JPEG"))
    assert (upload.width, upload.height) == (1600, 1200)
    assert ENOUGH <= min(upload.picture.size) < 600


def test_one_pixel_and_long_thin_pictures_are_traced(client):
    for size in ((1, 1), (1, 4000), (4000, 1), (2, 3)):
        for model in ("tinyvgg", "tinyvgg-wide"):
            assert post(client, encoded(photo(*size)), model).status_code == 201


# Refusals


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int, height: int) -> bytes:
    """A tiny file that says it is enormous."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def gif_bomb() -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0xF0, 0, 0) + bytes(6) + b";"


@pytest.mark.parametrize(
    "data", [png_bomb(100_000, 100_000), png_bomb(8001, 8001), png_bomb(2**31 - 1, 2**31 - 1), png_bomb(12000, 12000)]
)
def test_bombs_are_refused_before_they_are_decoded(client, data):
    problem(post(client, data), 413, "picture-too-large")


def test_a_gif_with_a_huge_screen_is_refused(client):
    assert post(client, gif_bomb()).status_code in (413, 422)


def test_sixty_four_megapixels_are_taken_and_one_more_row_is_not():
    flat = Image.new("1", (8000, 8000))
    assert opened(encoded(flat, "TIFF", compression="group4")).width == 8000
    with pytest.raises(Problem) as refused:
        opened(encoded(Image.new("1", (8000, 8001)), "TIFF", compression="group4"))
    assert refused.value.code == "picture-too-large"


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 422, "empty-upload"),
        (b"hello, I am a text", 415, "not-a-picture"),
        (b"%PDF-1.7 ...", 415, "not-a-picture"),
        (b"<?xml version='1.0'?><svg/>", 415, "not-a-picture"),
        (b"\0\0\0\x18ftypheic" + bytes(100), 415, "not-a-picture"),
        (bytes(1000), 415, "not-a-picture"),
        (b"\x89PNG\r\n\x1a\n", 422, "damaged-picture"),
        (b"\xff\xd8\xff\xe0", 422, "damaged-picture"),
        (b"II*\0\x08\0\0\0", 422, "damaged-picture"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(client, data, status, code):
    problem(post(client, data), status, code)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_truncated_files_are_refused(client, form, share):
    rng = np.random.default_rng(1)
    data = encoded(Image.fromarray(rng.integers(0, 255, (200, 200, 3), dtype=np.uint8), "RGB"), form)
    problem(post(client, data[: int(len(data) * share)]), 422, "damaged-picture")


def test_an_empty_drawing_is_refused(client):
    problem(post(client, encoded(Image.new("L", (200, 200), 255)), "lenet5"), 422, "invalid-input")


def test_nothing_is_written_to_disk(client, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *_, **__: pytest.fail("an upload was written to disk"))
    rng = np.random.default_rng(1)
    data = encoded(Image.fromarray(rng.integers(0, 255, (1000, 1000, 3), dtype=np.uint8), "RGB"), "BMP")
    assert len(data) > 2_000_000
    assert post(client, data).status_code == 201
