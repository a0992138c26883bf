"""Where templates, static files and content lie: in the source tree, or inside the installed package."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PACKED = _PACKAGE / "_resources"  # hatch_build.py puts them here in a wheel
ROOT = _PACKED if _PACKED.is_dir() else _PACKAGE.parent


def resource(*parts: str) -> Path:
    """The path of a resource by its place in the repository: resource("static", "vendor", "d3.js")."""
    return ROOT.joinpath(*parts)
