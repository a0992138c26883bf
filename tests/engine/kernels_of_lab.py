"""The kernels of the page's filters, written a second time with numpy: what the page's own have to equal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FIXED = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "prewitt_y": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
}


def box(size: int) -> Floats:
    return np.full((size, size), 1 / size**2)


def gaussian(size: int, sigma: float) -> Floats:
    """exp(-(x² + y²) / 2σ²), divided by its sum."""
    d = np.arange(size) - (size - 1) / 2
    found = np.exp(-(d[:, None] ** 2 + d[None, :] ** 2) / (2 * sigma**2))
    return np.asarray(found / found.sum())


def gabor(size: int, sigma: float, angle: float, wavelength: float, aspect: float = 1, phase: float = 0) -> Floats:
    """A Gaussian times a cosine along `angle` (degrees), made to answer 0 to even areas; absolute values add up to 2."""
    d = np.arange(size) - (size - 1) / 2
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    along, across = d[None, :] * cos + d[:, None] * sin, d[:, None] * cos - d[None, :] * sin
    bell = np.exp(-(along**2 + aspect**2 * across**2) / (2 * sigma**2))
    wave = np.cos(2 * np.pi * along / wavelength + np.radians(phase))
    found = bell * (wave - (bell * wave).sum() / bell.sum())
    return np.asarray(2 * found / np.abs(found).sum())


def presets() -> list[tuple[str, dict[str, float], Floats]]:
    """(filter, settings, kernel) for every filter of the page and several settings of those that have any."""
    found = [(name, {}, np.array(kernel, dtype=np.float64)) for name, kernel in FIXED.items()]
    found += [("box", {"size": n}, box(n)) for n in (3, 5, 9, 21)]
    found += [("gaussian", {"size": n, "sigma": s}, gaussian(n, s)) for n, s in ((3, 0.8), (7, 1.5), (21, 4.0))]
    found += [
        ("gabor", {"size": n, "sigma": s, "angle": a, "wavelength": w}, gabor(n, s, a, w))
        for n, s, a, w in ((9, 2.5, 0, 5), (11, 3.0, 45, 6), (21, 4.0, 110, 8.5))
    ]
    found += [
        ("gabor", {"size": n, "sigma": s, "angle": a, "wavelength": w, "aspect": g, "phase": p}, gabor(n, s, a, w, g, p))
        for n, s, a, w, g, p in ((9, 2.5, 20, 5, 0.5, 0), (15, 3.0, 135, 6, 0.4, 90), (21, 4.0, 70, 8.5, 1.6, 210))
    ]
    return found
