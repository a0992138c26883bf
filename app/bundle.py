"""Our own scripts, bundled: which files the bundles were made from. Standard library only, for the build hook reads it too."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

STAMP = "stamp.txt"
MANIFEST = "manifest.json"
NAMED = re.compile(r"""scripts\(["'](\w+)["']""")


def digest(static: Path) -> str:
    """One hash over the sources, paths included; the same on every system's line endings."""
    found = hashlib.sha256()
    for path in sorted((static / "js").rglob("*.js"), key=lambda path: path.relative_to(static).as_posix()):
        found.update(path.relative_to(static).as_posix().encode() + b"\0")
        found.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return found.hexdigest()


def is_fresh(static: Path) -> bool:
    """Whether static/built/ was made from the scripts as they are now."""
    stamp = static / "built" / STAMP
    return stamp.is_file() and stamp.read_text().strip() == digest(static)


def entries(templates: Path) -> list[str]:
    """The scripts that pages ask for: every scripts("name") in a template."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(templates.glob("*.html")))
    return sorted({name for text in texts for name in NAMED.findall(text)})
