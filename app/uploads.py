"""From the bytes somebody sent to a picture in plain RGB, or to a refusal that says what to send instead."""

from __future__ import annotations

import io
import logging
import threading
import warnings
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from .problems import Problem

# Only these parsers ever see an upload. Importing a plugin registers it, here and not in the first request.
PLUGINS = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin, GifImagePlugin, BmpImagePlugin, TiffImagePlugin)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*")
TAKEN = "a JPEG, PNG, WebP, GIF, BMP or TIFF picture"
ROOMY = 3  # decode to at least this many times the side that a network takes; more changes nothing visible
BIG = 16_000_000  # pixels; only one such picture is decoded at a time, for it may take 500 MB
REDUCIBLE = frozenset({"L", "RGB", "RGBA", "CMYK", "YCbCr", "LA", "RGBX", "I", "F"})
ORIENTATION = 0x0112
_big = threading.Lock()
log = logging.getLogger("unrolled")


@dataclass(frozen=True)
class Upload:
    """A decoded picture, in RGB and upright, and what the file said it was."""

    picture: Image.Image
    format: str
    mode: str
    width: int  # of the file as shown, before any reduction
    height: int


def open_picture(data: bytes, max_pixels: int, enough: int) -> Upload:
    """The picture, its short side reduced no further than to `enough`; raises Problem when it is none."""
    if not data:
        raise Problem("empty-upload", f"The file has zero bytes; send {TAKEN}.")
    picture = _opened(data)
    _check_pixels(picture.size, max_pixels)
    pixels = picture.width * picture.height
    with _big if pixels > BIG else nullcontext():
        return _decoded(picture, enough)


def _opened(data: bytes) -> Image.Image:
    """The picture with only its header read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of size and of odd metadata; we judge both ourselves
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_many_pixels("far more") from None
    except Exception as error:  # a parser fed with hostile bytes may raise anything
        log.debug("not a picture: %r", error)
        raise (_damaged() if _is_known(data) else _not_a_picture(data)) from None


def _is_known(data: bytes) -> bool:
    """Whether it begins as one of our formats does."""
    return data.startswith(SIGNATURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _damaged() -> Problem:
    return Problem(
        "damaged-picture", "The picture breaks off or is damaged; open it in a viewer, save it anew and send that file."
    )


def _not_a_picture(data: bytes) -> Problem:
    return Problem("not-a-picture", f"{_what_it_is(data)}; send {TAKEN}.")


def _what_it_is(data: bytes) -> str:
    """A guess that helps: the formats people send by mistake."""
    if data[4:8] == b"ftyp":
        return "This is a HEIC, AVIF or video file, which we do not read"
    if data[:5] == b"%PDF-":
        return "This is a PDF document"
    if data.lstrip()[:5].lower() in (b"<?xml", b"<svg ") or data.lstrip()[:4].lower() == b"<svg":
        return "This is an SVG drawing or another XML document"
    return "The file is not a picture that we can read"


def _check_pixels(size: tuple[int, int], most: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise Problem("damaged-picture", f"The picture says it is {width} x {height} pixels; send one with pixels in it.")
    if width * height > most:
        raise _too_many_pixels(f"{width} x {height} = {width * height / 1e6:.0f} million", most)


def _too_many_pixels(how_many: str, most: int | None = None) -> Problem:
    limit = f"at most {most / 1e6:g} million" if most else "fewer"
    return Problem("picture-too-large", f"The picture has {how_many} pixels; make it smaller, {limit}, and send it again.")


def _decoded(picture: Image.Image, enough: int) -> Upload:
    file_format, mode, size = picture.format or "", picture.mode, picture.size
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture.draft(picture.mode, (enough, enough))  # JPEG only: decodes at 1/2, 1/4 or 1/8, in a third of the time
            picture.load()
            orientation = _orientation(picture)
            plain = _rgb(_reduced(picture, enough))
            turned = ImageOps.exif_transpose(plain) if orientation != 1 else plain
    except Problem:
        raise
    except Exception as error:  # as above
        log.debug("damaged picture: %r", error)
        raise _damaged() from None
    width, height = size[::-1] if orientation in (5, 6, 7, 8) else size
    return Upload(turned, "JPEG" if file_format == "MPO" else file_format, mode, width, height)


def _orientation(picture: Image.Image) -> int:
    """How the camera was held, 1 to 8; 1 where the file does not say."""
    try:
        found = picture.getexif().get(ORIENTATION, 1)
    except Exception:  # damaged metadata must not cost us a sound picture
        picture.info.pop("exif", None)
        return 1
    return found if found in range(1, 9) else 1


def _reduced(picture: Image.Image, enough: int) -> Image.Image:
    """The picture in boxes of n x n pixels averaged, the short side kept at `enough` or more."""
    if picture.mode not in REDUCIBLE:
        picture = _widened(picture)
    factor = min(picture.size) // enough
    return picture.reduce(factor) if factor > 1 else picture


def _widened(picture: Image.Image) -> Image.Image:
    """A mode that can be averaged, for palettes, single bits and 16-bit greys."""
    if picture.mode.startswith("I;16"):
        return picture.convert("I").point([level // 257 for level in range(65536)], "L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _rgb(picture: Image.Image) -> Image.Image:
    """Plain RGB: deep greys brought to 8 bits, transparency laid over white."""
    if picture.mode in ("I", "F"):
        return _from_grey(_to_bytes(np.asarray(picture, np.float32)))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(ground, picture).convert("RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _to_bytes(grey: np.ndarray) -> np.ndarray:
    """Greys in the range their largest value tells: 0 to 1, to 255 or to 65535; any other range is stretched."""
    grey = np.nan_to_num(grey, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(grey.min()), float(grey.max())
    if low < 0 or high > 65535:
        return (grey - low) * (255 / max(high - low, 1e-30))
    full = next(top for top in (1, 255, 65535) if high <= top)
    return grey * (255 / full)


def _from_grey(grey: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(grey), 0, 255).astype(np.uint8), "L").convert("RGB")
