"""Paints the sample pictures of content/samples: our own, by program, never trained on. `python bench/paint_samples.py`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

SIDE = 256
FINE = 3  # painted this many times larger, then scaled down
CONTENT = Path(__file__).resolve().parent.parent / "content"

Colour = tuple[int, int, int]
Picture = NDArray[np.float64]  # (SIDE * FINE, SIDE * FINE, 3), 0 to 255


def grid() -> tuple[Picture, Picture]:
    """x and y of every pixel, 0 to 1."""
    axis = (np.arange(SIDE * FINE) + 0.5) / (SIDE * FINE)
    x, y = np.meshgrid(axis, axis)
    return x, y


X, Y = grid()


def noise(seed: int, cells: int, strength: float) -> Picture:
    """Smooth noise around zero with so many cells per side."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray((rng.random((cells, cells)) * 255).astype(np.uint8))
    return (np.asarray(small.resize((SIDE * FINE, SIDE * FINE), Image.Resampling.BICUBIC), float) / 255 - 0.5) * strength


def blend(picture: Picture, mask: Picture, colour: Colour | Picture, shade: Picture | float = 1.0) -> Picture:
    """Lay a colour over the picture where the mask (0 to 1) says so, multiplied by a shade."""
    shade = np.asarray(shade, float)
    paint = np.asarray(colour, float) * (shade[..., None] if shade.ndim else shade)
    return picture * (1 - mask[..., None]) + np.clip(paint, 0, 255) * mask[..., None]


def shape(draw: Callable[[ImageDraw.ImageDraw, float], None], soft: float = 1.0) -> Picture:
    """A mask drawn with Pillow on the unit square."""
    image = Image.new("L", (SIDE * FINE, SIDE * FINE), 0)
    draw(ImageDraw.Draw(image), SIDE * FINE)
    return np.asarray(image.filter(ImageFilter.GaussianBlur(soft)), float) / 255


def polygon(points: list[tuple[float, float]], soft: float = 1.0) -> Picture:
    return shape(lambda d, s: d.polygon([(x * s, y * s) for x, y in points], fill=255), soft)


def ellipse(cx: float, cy: float, rx: float, ry: float, soft: float = 1.0) -> Picture:
    return shape(lambda d, s: d.ellipse([(cx - rx) * s, (cy - ry) * s, (cx + rx) * s, (cy + ry) * s], fill=255), soft)


def box(left: float, top: float, right: float, bottom: float, radius: float = 0.0, soft: float = 1.0) -> Picture:
    return shape(lambda d, s: d.rounded_rectangle([left * s, top * s, right * s, bottom * s], radius * s, fill=255), soft)


def line(points: list[tuple[float, float]], width: float, soft: float = 1.0) -> Picture:
    def draw(d: ImageDraw.ImageDraw, s: float) -> None:
        path = [(x * s, y * s) for x, y in points]
        d.line(path, fill=255, width=int(width * s), joint="curve")
        for x, y in path:
            r = width * s / 2
            d.ellipse([x - r, y - r, x + r, y + r], fill=255)

    return shape(draw, soft)


def vertical(top: Colour, bottom: Colour, start: float = 0.0, stop: float = 1.0) -> Picture:
    """A gradient from top to bottom."""
    t = np.clip((Y - start) / (stop - start), 0, 1)[..., None]
    return np.asarray(top, float) * (1 - t) + np.asarray(bottom, float) * t


def ball(cx: float, cy: float, rx: float, ry: float, light: tuple[float, float] = (-0.4, -0.5)) -> Picture:
    """Shade of a round body lit from the upper left: 0.45 in the shadow to 1.25 in the light."""
    u, v = (X - cx) / rx, (Y - cy) / ry
    w = np.sqrt(np.clip(1 - u * u - v * v, 0, 1))
    lit = np.clip(u * light[0] + v * light[1] + w * 0.75, 0, 1)
    return 0.42 + 0.85 * lit


def glow(cx: float, cy: float, radius: float) -> Picture:
    return np.exp(-((X - cx) ** 2 + (Y - cy) ** 2) / (2 * radius**2))


def finish(picture: Picture, seed: int, grain: float = 9.0) -> Image.Image:
    """Camera-like grain, a slight vignette, down to the final size."""
    rng = np.random.default_rng(seed)
    vignette = 1 - 0.35 * ((X - 0.5) ** 2 + (Y - 0.5) ** 2)
    noisy = picture * vignette[..., None] + rng.normal(0, grain, picture.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def street(seed: int) -> Picture:
    """Sky, trees and an asphalt road."""
    picture = vertical((168, 200, 232), (222, 232, 238), 0, 0.5)
    for i in range(9):
        x, r = 0.02 + i * 0.125, 0.1 + 0.03 * (i % 3)
        leaf = 0.75 + noise(seed + i, 40, 0.9)
        picture = blend(picture, ellipse(x, 0.42 - 0.03 * (i % 2), r, r * 1.1, 6), (66, 104, 52), leaf)
    road = np.clip((Y - 0.66) * 60, 0, 1)
    return blend(picture, road, (112, 112, 116), 0.9 + noise(seed + 20, 120, 0.25) + 0.25 * (Y - 0.66))


def wheel(picture: Picture, cx: float, cy: float, r: float) -> Picture:
    picture = blend(picture, ellipse(cx, cy, r, r), (24, 24, 26))
    picture = blend(picture, ellipse(cx, cy, r * 0.58, r * 0.58), (150, 152, 158), ball(cx, cy, r, r))
    return blend(picture, ellipse(cx, cy, r * 0.2, r * 0.2), (60, 60, 62))


def shadow(picture: Picture, cx: float, cy: float, rx: float, ry: float, depth: float = 0.6) -> Picture:
    return blend(picture, ellipse(cx, cy, rx, ry, 14) * depth, (20, 20, 24))


def school_bus() -> Image.Image:
    picture = shadow(street(1), 0.5, 0.83, 0.48, 0.045)
    yellow = (246, 178, 22)
    body = np.maximum(box(0.05, 0.27, 0.78, 0.79, 0.04), box(0.70, 0.5, 0.96, 0.79, 0.04))
    picture = blend(picture, body, yellow, 1.08 - 0.45 * np.clip(Y - 0.3, 0, 1) + noise(3, 60, 0.05))
    picture = blend(picture, box(0.07, 0.245, 0.76, 0.3, 0.025), (250, 205, 90))
    for i in range(6):
        left = 0.09 + i * 0.1
        glass = vertical((48, 62, 78), (126, 150, 170), 0.34, 0.5)
        picture = blend(picture, box(left, 0.345, left + 0.08, 0.49, 0.012), glass)
        picture = blend(
            picture, polygon([(left + 0.01, 0.35), (left + 0.035, 0.35), (left + 0.012, 0.45)]) * 0.5, (220, 232, 240)
        )
    picture = blend(picture, polygon([(0.705, 0.345), (0.765, 0.345), (0.80, 0.5), (0.705, 0.5)]), (70, 90, 108))
    for y in (0.535, 0.60, 0.665):
        picture = blend(picture, box(0.05, y, 0.80 if y < 0.55 else 0.96, y + 0.012), (34, 30, 24))
    picture = blend(picture, box(0.90, 0.60, 0.955, 0.655, 0.02), (252, 246, 214))
    picture = blend(picture, box(0.94, 0.72, 0.985, 0.77, 0.01), (40, 40, 42))
    picture = blend(picture, ellipse(0.12, 0.29, 0.018, 0.018), (214, 42, 30))
    picture = blend(picture, ellipse(0.70, 0.29, 0.018, 0.018), (214, 42, 30))
    for x in (0.22, 0.84):
        picture = blend(picture, ellipse(x, 0.785, 0.088, 0.088), (44, 34, 18))
        picture = wheel(picture, x, 0.79, 0.075)
    return finish(picture, 11)


def sports_car() -> Image.Image:
    picture = shadow(street(40), 0.5, 0.79, 0.47, 0.04, 0.75)
    red = (206, 22, 26)
    body = [
        (0.03, 0.70),
        (0.05, 0.60),
        (0.16, 0.555),
        (0.30, 0.535),
        (0.40, 0.44),
        (0.58, 0.43),
        (0.72, 0.53),
        (0.90, 0.565),
        (0.97, 0.63),
        (0.975, 0.73),
        (0.93, 0.775),
        (0.08, 0.775),
    ]
    shade = 1.3 - 1.6 * np.clip(Y - 0.5, 0, 1) + 0.5 * np.exp(-(((Y - 0.585) / 0.018) ** 2))
    picture = blend(picture, polygon(body, 3), red, shade)
    picture = blend(
        picture,
        polygon([(0.34, 0.535), (0.42, 0.462), (0.50, 0.455), (0.50, 0.535)], 2),
        vertical((30, 36, 46), (130, 150, 165), 0.45, 0.54),
    )
    picture = blend(
        picture,
        polygon([(0.515, 0.535), (0.515, 0.455), (0.575, 0.452), (0.67, 0.535)], 2),
        vertical((30, 36, 46), (140, 160, 175), 0.45, 0.54),
    )
    picture = blend(picture, line([(0.50, 0.54), (0.49, 0.74)], 0.004), (90, 8, 10))
    picture = blend(picture, polygon([(0.06, 0.60), (0.14, 0.572), (0.13, 0.605)], 2), (250, 244, 214))
    picture = blend(picture, polygon([(0.95, 0.60), (0.90, 0.585), (0.91, 0.615)], 2), (120, 8, 8))
    picture = blend(picture, polygon([(0.56, 0.63), (0.66, 0.61), (0.66, 0.66)], 2), (40, 8, 8))
    picture = blend(picture, box(0.08, 0.75, 0.93, 0.775, 0.01), (36, 14, 14))
    for x in (0.21, 0.79):
        picture = blend(picture, ellipse(x, 0.73, 0.095, 0.095), (20, 8, 8))
        picture = wheel(picture, x, 0.735, 0.08)
    return finish(picture, 12)


def orange() -> Image.Image:
    picture = vertical((238, 234, 226), (206, 190, 164)) * (1 + noise(5, 20, 0.04))[..., None]
    picture = shadow(picture, 0.56, 0.83, 0.36, 0.07, 0.5)
    pores = noise(7, 150, 0.16) + noise(8, 70, 0.06)
    picture = blend(picture, ellipse(0.5, 0.52, 0.355, 0.34, 2), (250, 138, 14), ball(0.5, 0.52, 0.36, 0.345) + pores)
    picture = blend(picture, glow(0.38, 0.36, 0.05) * 0.55, (255, 236, 200))
    picture = blend(picture, ellipse(0.53, 0.235, 0.03, 0.018, 2), (92, 112, 40))
    leaf = [(0.53, 0.23), (0.60, 0.15), (0.72, 0.12), (0.80, 0.15), (0.72, 0.21), (0.62, 0.235)]
    picture = blend(picture, polygon(leaf, 3), (64, 122, 44), 0.9 + noise(9, 30, 0.3))
    return finish(picture, 13)


def espresso() -> Image.Image:
    wood = 0.85 + 0.18 * np.sin(Y * 90 + noise(15, 6, 9)) * 0.5 + noise(16, 100, 0.12)
    picture = np.asarray((128, 84, 52), float) * wood[..., None]
    picture = shadow(picture, 0.5, 0.66, 0.46, 0.27, 0.55)
    picture = blend(picture, ellipse(0.5, 0.60, 0.44, 0.28, 2), (240, 238, 232), 0.75 + 0.35 * (1 - Y))
    picture = blend(picture, ellipse(0.5, 0.60, 0.30, 0.185, 4), (206, 203, 196))
    picture = blend(picture, ellipse(0.80, 0.46, 0.085, 0.07, 2), (246, 244, 240), 0.95)
    picture = blend(picture, ellipse(0.80, 0.46, 0.045, 0.035, 2), (190, 176, 160))
    cup = [(0.22, 0.36), (0.78, 0.36), (0.72, 0.58), (0.62, 0.69), (0.38, 0.69), (0.28, 0.58)]
    picture = blend(picture, polygon(cup, 3), (250, 249, 246), 1.05 - 0.5 * np.abs(X - 0.42))
    picture = blend(picture, ellipse(0.5, 0.365, 0.285, 0.145, 2), (252, 251, 248))
    picture = blend(picture, ellipse(0.5, 0.372, 0.258, 0.125, 2), (66, 34, 14))
    swirl = 0.9 + 0.22 * np.sin(14 * np.hypot(X - 0.47, (Y - 0.37) * 2) * 3 + noise(17, 7, 7)) + noise(18, 60, 0.25)
    picture = blend(picture, ellipse(0.5, 0.378, 0.238, 0.112, 5), (172, 102, 42), swirl)
    picture = blend(picture, glow(0.42, 0.36, 0.03) * 0.3, (240, 214, 170))
    return finish(picture, 14)


def ladybug() -> Image.Image:
    picture = np.asarray((74, 132, 46), float) * (0.95 + noise(21, 14, 0.5) + noise(22, 60, 0.2) + 0.25 * (1 - Y))[..., None]
    for k in range(5):
        picture = blend(picture, line([(0.0, 0.9 - 0.22 * k), (1.0, 0.75 - 0.26 * k)], 0.006, 4) * 0.5, (150, 196, 100))
    picture = shadow(picture, 0.53, 0.60, 0.33, 0.3, 0.5)
    for x, y in ((0.2, 0.42), (0.17, 0.58), (0.24, 0.74), (0.8, 0.42), (0.83, 0.58), (0.76, 0.74)):
        picture = blend(picture, line([(0.5, 0.55), (x, y)], 0.02), (20, 18, 18))
    picture = blend(picture, ellipse(0.5, 0.27, 0.14, 0.11, 2), (22, 20, 22), ball(0.5, 0.27, 0.14, 0.11) * 1.3)
    for x in (0.43, 0.57):
        picture = blend(picture, ellipse(x, 0.25, 0.028, 0.022), (236, 234, 228))
        picture = blend(picture, line([(x, 0.19), (x + (x - 0.5) * 0.9, 0.11)], 0.01), (20, 18, 18))
    picture = blend(picture, ellipse(0.5, 0.56, 0.30, 0.29, 2), (214, 30, 18), ball(0.5, 0.56, 0.31, 0.3))
    picture = blend(picture, line([(0.5, 0.28), (0.5, 0.85)], 0.012), (30, 10, 10))
    for x, y, r in (
        (0.38, 0.43, 0.05),
        (0.62, 0.43, 0.05),
        (0.31, 0.60, 0.052),
        (0.69, 0.60, 0.052),
        (0.41, 0.74, 0.045),
        (0.59, 0.74, 0.045),
        (0.5, 0.33, 0.05),
    ):
        picture = blend(picture, ellipse(x, y, r, r, 2), (18, 14, 14))
    picture = blend(picture, glow(0.39, 0.39, 0.035) * 0.7, (255, 240, 232))
    return finish(picture, 15)


def pizza() -> Image.Image:
    picture = (
        np.asarray((150, 110, 72), float) * (0.9 + 0.14 * np.sin(X * 70 + noise(31, 5, 6)) + noise(32, 90, 0.1))[..., None]
    )
    picture = shadow(picture, 0.52, 0.54, 0.45, 0.44, 0.5)
    picture = blend(picture, ellipse(0.5, 0.5, 0.44, 0.43, 3), (206, 146, 74), 0.95 + noise(33, 24, 0.5) + 0.2 * (0.5 - Y))
    picture = blend(picture, ellipse(0.5, 0.5, 0.375, 0.365, 6), (188, 52, 22), 1 + noise(34, 30, 0.3))
    cheese = np.clip(0.5 + noise(35, 16, 2.6), 0, 1) * ellipse(0.5, 0.5, 0.36, 0.35, 8)
    picture = blend(picture, cheese * 0.9, (246, 206, 106), 1 + noise(36, 60, 0.25))
    rng = np.random.default_rng(37)
    for k in range(11):
        a, r = k * 2.4, 0.09 + 0.2 * (k % 4) / 3
        x, y = 0.5 + r * np.cos(a), 0.5 + r * np.sin(a)
        picture = blend(picture, ellipse(x, y, 0.062, 0.06, 3), (126, 24, 16))
        picture = blend(picture, ellipse(x, y, 0.055, 0.053, 3), (184, 46, 32), 1 + noise(50 + k, 70, 0.35))
    for _ in range(16):
        x, y = 0.5 + rng.normal(0, 0.15), 0.5 + rng.normal(0, 0.15)
        picture = blend(picture, ellipse(x, y, 0.026, 0.014, 2), (52, 104, 40), 1.1)
    return finish(picture, 16)


def bell_pepper() -> Image.Image:
    picture = vertical((244, 244, 240), (214, 212, 206))
    picture = shadow(picture, 0.53, 0.86, 0.34, 0.06, 0.5)
    body = np.zeros_like(X)
    shade = np.zeros_like(X)
    for cx, cy, rx, ry in ((0.33, 0.55, 0.185, 0.30), (0.67, 0.55, 0.185, 0.30), (0.5, 0.57, 0.20, 0.32)):
        mask = ellipse(cx, cy, rx, ry, 3)
        shade = np.where(mask > 0.5, ball(cx, cy, rx * 1.1, ry * 1.05), shade)
        body = np.maximum(body, mask)
    picture = blend(picture, body, (206, 28, 20), np.maximum(shade, 0.4))
    for x in (0.36, 0.60):
        picture = blend(picture, np.exp(-(((X - x) / 0.025) ** 2 + ((Y - 0.45) / 0.11) ** 2)) * 0.75, (255, 236, 228))
    picture = blend(picture, ellipse(0.5, 0.27, 0.11, 0.04, 4), (96, 20, 14))
    picture = blend(picture, line([(0.5, 0.28), (0.51, 0.19), (0.56, 0.11)], 0.05, 3), (88, 134, 46), 0.85 + 0.5 * (0.6 - X))
    picture = blend(picture, ellipse(0.5, 0.265, 0.085, 0.028, 3), (98, 146, 54))
    return finish(picture, 17)


def fur(picture: Picture, mask: Picture, colour: Colour, shade: Picture, seed: int) -> Picture:
    return blend(picture, mask, colour, shade + noise(seed, 170, 0.35) + noise(seed + 1, 60, 0.2))


def koala() -> Image.Image:
    picture = np.asarray((116, 122, 104), float) * (0.9 + noise(61, 9, 0.7) + noise(62, 30, 0.3))[..., None]
    picture = blend(picture, polygon([(0.76, 0), (0.93, 0), (0.9, 1), (0.72, 1)], 4), (138, 126, 112), 0.9 + noise(63, 50, 0.4))
    grey = (150, 146, 144)
    picture = fur(picture, ellipse(0.47, 0.88, 0.32, 0.30, 8), grey, ball(0.47, 0.88, 0.36, 0.34), 64)
    for x in (0.2, 0.74):
        picture = fur(picture, ellipse(x, 0.30, 0.145, 0.15, 9), grey, ball(x, 0.30, 0.18, 0.18), 66)
        picture = fur(picture, ellipse(x, 0.32, 0.085, 0.095, 9), (214, 200, 196), ball(x, 0.32, 0.14, 0.14), 68)
    picture = fur(picture, ellipse(0.47, 0.45, 0.265, 0.26, 7), (160, 156, 154), ball(0.47, 0.45, 0.3, 0.3), 70)
    picture = fur(picture, ellipse(0.47, 0.87, 0.17, 0.2, 14), (222, 216, 208), ball(0.47, 0.85, 0.3, 0.3), 72)
    for x in (0.35, 0.59):
        picture = blend(picture, ellipse(x, 0.42, 0.032, 0.032, 2), (26, 20, 18))
        picture = blend(picture, ellipse(x - 0.01, 0.41, 0.009, 0.009), (240, 240, 240))
    picture = blend(picture, ellipse(0.47, 0.50, 0.068, 0.105, 3), (40, 36, 38), ball(0.47, 0.5, 0.08, 0.12) * 1.2)
    picture = blend(picture, line([(0.42, 0.625), (0.47, 0.64), (0.52, 0.625)], 0.01, 2), (80, 70, 70))
    return finish(picture, 18)


def red_panda() -> Image.Image:
    picture = np.asarray((96, 104, 88), float) * (0.85 + noise(81, 10, 0.8) + noise(82, 40, 0.3))[..., None]
    rust = (164, 92, 58)
    picture = fur(picture, ellipse(0.5, 0.92, 0.34, 0.26, 8), (120, 72, 50), ball(0.5, 0.92, 0.38, 0.3), 83)
    for x, tilt in ((0.26, -0.05), (0.74, 0.05)):
        ear = polygon([(x - 0.10, 0.36), (x + tilt, 0.12), (x + 0.10, 0.34)], 9)
        picture = fur(picture, ear, (232, 222, 208), np.ones_like(X), 85)
        picture = fur(
            picture,
            polygon([(x - 0.055, 0.34), (x + tilt * 0.8, 0.19), (x + 0.055, 0.33)], 7),
            (110, 44, 22),
            np.ones_like(X),
            87,
        )
    picture = fur(picture, ellipse(0.5, 0.48, 0.315, 0.26, 7), rust, ball(0.5, 0.48, 0.36, 0.3), 89)
    for x in (0.30, 0.70):
        picture = fur(picture, ellipse(x, 0.55, 0.12, 0.10, 12), (240, 230, 216), np.ones_like(X), 91)
        picture = fur(picture, ellipse(x + (0.5 - x) * 0.35, 0.36, 0.05, 0.028, 8), (240, 230, 216), np.ones_like(X), 93)
        picture = fur(
            picture,
            polygon([(x + (0.5 - x) * 0.5 - 0.02, 0.47), (x + (0.5 - x) * 0.5 + 0.03, 0.47), (x + (0.5 - x) * 0.2, 0.70)], 7),
            (112, 66, 46),
            np.ones_like(X),
            95,
        )
    picture = fur(picture, ellipse(0.5, 0.59, 0.115, 0.095, 8), (246, 238, 226), ball(0.5, 0.59, 0.16, 0.14), 97)
    for x in (0.385, 0.615):
        picture = blend(picture, ellipse(x, 0.455, 0.03, 0.03, 2), (24, 16, 14))
        picture = blend(picture, ellipse(x - 0.01, 0.445, 0.009, 0.009), (240, 240, 240))
    picture = blend(picture, ellipse(0.5, 0.55, 0.045, 0.033, 2), (28, 22, 22))
    picture = blend(picture, line([(0.44, 0.635), (0.5, 0.65), (0.56, 0.635)], 0.01, 2), (90, 60, 50))
    return finish(picture, 19)


def lifeboat() -> Image.Image:
    picture = vertical((180, 206, 228), (224, 234, 240), 0, 0.45)
    waves = 0.9 + 0.16 * np.sin(Y * 160 + noise(101, 12, 16)) + noise(102, 60, 0.25)
    picture = blend(picture, np.clip((Y - 0.44) * 80, 0, 1), (44, 92, 128), waves + 0.2 * (1 - Y))
    hull = [(0.05, 0.52), (0.15, 0.50), (0.85, 0.50), (0.97, 0.45), (0.88, 0.72), (0.14, 0.72)]
    picture = blend(picture, polygon(hull, 3), (236, 84, 18), 1.15 - 1.2 * np.clip(Y - 0.5, 0, 1))
    picture = blend(picture, polygon([(0.09, 0.62), (0.92, 0.62), (0.90, 0.655), (0.105, 0.655)], 2), (244, 242, 236))
    picture = blend(picture, polygon([(0.12, 0.675), (0.895, 0.675), (0.88, 0.73), (0.14, 0.73)], 2), (30, 44, 84))
    picture = blend(
        picture,
        polygon([(0.26, 0.50), (0.30, 0.33), (0.64, 0.33), (0.74, 0.50)], 3),
        (244, 242, 238),
        1.05 - 0.5 * np.clip(X - 0.3, 0, 1),
    )
    for left in (0.32, 0.43, 0.54):
        picture = blend(picture, box(left, 0.365, left + 0.085, 0.435, 0.012), (44, 60, 76))
    picture = blend(picture, box(0.36, 0.27, 0.52, 0.335, 0.01), (236, 84, 18))
    picture = blend(picture, line([(0.44, 0.28), (0.44, 0.10)], 0.01), (70, 70, 74))
    picture = blend(picture, line([(0.13, 0.49), (0.13, 0.41), (0.25, 0.40)], 0.006), (220, 220, 220))
    foam = np.clip(noise(103, 70, 3.2), 0, 1) * np.exp(-(((Y - 0.735) / 0.03) ** 2))
    return finish(blend(picture, foam, (244, 248, 250)), 20)


# Digits as pen strokes: points on the unit square, joined by a smooth pen.
DIGITS: dict[str, list[list[tuple[float, float]]]] = {
    "digit-2": [
        [
            (0.30, 0.34),
            (0.34, 0.23),
            (0.46, 0.17),
            (0.60, 0.20),
            (0.67, 0.31),
            (0.63, 0.45),
            (0.50, 0.60),
            (0.36, 0.73),
            (0.29, 0.81),
            (0.42, 0.79),
            (0.58, 0.80),
            (0.73, 0.78),
        ]
    ],
    "digit-5": [
        [
            (0.66, 0.19),
            (0.42, 0.20),
            (0.39, 0.30),
            (0.36, 0.45),
            (0.48, 0.41),
            (0.60, 0.44),
            (0.67, 0.55),
            (0.65, 0.69),
            (0.54, 0.79),
            (0.41, 0.80),
            (0.31, 0.73),
        ]
    ],
    "digit-7": [
        [(0.28, 0.23), (0.45, 0.22), (0.70, 0.20), (0.66, 0.32), (0.57, 0.50), (0.49, 0.68), (0.45, 0.83)],
        [(0.40, 0.51), (0.66, 0.49)],
    ],
    "digit-3": [
        [
            (0.32, 0.27),
            (0.42, 0.18),
            (0.56, 0.18),
            (0.64, 0.28),
            (0.60, 0.40),
            (0.46, 0.47),
            (0.60, 0.50),
            (0.69, 0.62),
            (0.65, 0.76),
            (0.51, 0.83),
            (0.36, 0.80),
            (0.29, 0.72),
        ]
    ],
}


def smooth(points: list[tuple[float, float]], rounds: int = 4) -> list[tuple[float, float]]:
    """Chaikin's corner cutting."""
    path = np.asarray(points)
    for _ in range(rounds):
        quarter, three = path[:-1] * 0.75 + path[1:] * 0.25, path[:-1] * 0.25 + path[1:] * 0.75
        path = np.vstack([path[:1], np.stack([quarter, three], 1).reshape(-1, 2), path[-1:]])
    return [(float(x), float(y)) for x, y in path]


def digit(strokes: list[list[tuple[float, float]]]) -> Image.Image:
    ink = np.zeros_like(X)
    for stroke in strokes:
        ink = np.maximum(ink, line(smooth(stroke), 0.062, 4))
    paper = np.asarray((250, 249, 245), float) * (1 + noise(7, 40, 0.02))[..., None]
    return finish(blend(paper, ink, (34, 40, 60)), 5, grain=2)


PHOTOS: dict[str, tuple[Callable[[], Image.Image], str, str]] = {
    "school-bus": (school_bus, "校车", "School bus"),
    "sports-car": (sports_car, "跑车", "Sports car"),
    "orange": (orange, "橙子", "Orange"),
    "espresso": (espresso, "浓缩咖啡", "Espresso"),
    "ladybug": (ladybug, "瓢虫", "Ladybug"),
    "pizza": (pizza, "披萨", "Pizza"),
    "bell-pepper": (bell_pepper, "甜椒", "Bell pepper"),
    "koala": (koala, "考拉", "Koala"),
    "red-panda": (red_panda, "小熊猫", "Red panda"),
    "lifeboat": (lifeboat, "救生艇", "Lifeboat"),
}


def main() -> None:
    """Paint everything and write the list that the pages and the API read."""
    entries = []
    for key, (paint, chinese, english) in PHOTOS.items():
        paint().quantize(200, dither=Image.Dither.NONE).save(CONTENT / "samples" / f"{key}.png", optimize=True)
        entries.append(entry(key, chinese, english, ["tinyvgg", "tinyvgg-wide"], "photo"))
    for key, strokes in DIGITS.items():
        digit(strokes).convert("L").save(CONTENT / "samples" / f"{key}.png", optimize=True)
        number = key[-1]
        entries.append(entry(key, f"数字 {number}", f"Digit {number}", ["lenet5"], "drawing"))
    text = json.dumps({"samples": entries}, ensure_ascii=False, indent=2)
    (CONTENT / "samples.json").write_text(text + "\n", encoding="utf-8")


def entry(key: str, chinese: str, english: str, models: list[str], kind: str) -> dict[str, object]:
    return {"id": key, "title": {"zh": chinese, "en": english}, "models": models, "kind": kind, "painted": True}


if __name__ == "__main__":
    main()
