"""Which scripts a page loads: the bundle when it was made from today's sources, the plain modules otherwise.

A bundle saves some eighty requests on the first visit. Whoever edits static/js/ has the plain modules at the next start
of the server, without a build; `start.py setup` on a fresh checkout, and every wheel, make the bundle.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from . import bundle
from .resources import resource

IMPORT = re.compile(
    r"""(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*['"](\.{1,2}/[^'"]+)['"]|\bimport\s*['"](\.{1,2}/[^'"]+)"""
)
LIBRARIES = {"d3": "/static/vendor/d3.js", "gifenc": "/static/vendor/gifenc.js", "katex": "/static/vendor/katex/katex.mjs"}


@dataclass(frozen=True)
class Scripts:
    """What the head of a page names: the entry, what to fetch beside it, and where bare names lead."""

    entry: str
    preload: list[str]
    imports: dict[str, str] = field(default_factory=lambda: LIBRARIES)


@cache
def scripts(name: str, later: str = "") -> Scripts:
    """The scripts of the page of that name; `later`: a module that it will import, such as "labs/conv2d"."""
    static = resource("static")
    return _bundled(static, name, later) if bundle.is_fresh(static) else _plain(static, name, later)


def _bundled(static: Path, name: str, later: str) -> Scripts:
    manifest = json.loads((static / "built" / bundle.MANIFEST).read_text(encoding="utf-8"))
    entry, *chunks = manifest[name]
    chunks += [chunk for chunk in manifest.get(Path(later).name, []) if chunk not in chunks]
    return Scripts(f"/static/built/{entry}", [f"/static/built/{chunk}" for chunk in chunks])


def _plain(static: Path, name: str, later: str) -> Scripts:
    entry, seen = static / "js" / f"{name}.js", set[Path]()
    paths = set(_reached(entry, seen))
    if later:
        paths |= {static / "js" / f"{later}.js", *_reached(static / "js" / f"{later}.js", seen)}
    modules = sorted(path.relative_to(static).as_posix() for path in paths)
    return Scripts(f"/static/js/{name}.js", [LIBRARIES["d3"], *(f"/static/{path}" for path in modules)])


def _reached(module: Path, seen: set[Path]) -> Iterator[Path]:
    """The modules that one imports, directly or not; to be fetched side by side rather than one after the other."""
    for found in IMPORT.finditer(module.read_text(encoding="utf-8")):
        path = (module.parent / (found[1] or found[2])).resolve()
        if path not in seen and path.is_file():
            seen.add(path)
            yield path
            yield from _reached(path, seen)
