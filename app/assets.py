"""Static files, compressed once and kept, with a validator on each so that a second visit costs no bytes."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

TEXT = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}


def is_named_by_content(path: str) -> bool:
    """Fonts, and our bundles, whose names carry a hash, never change under their name."""
    return path.endswith(".woff2") or Path(path).parent.name == "built"


class Assets(StaticFiles):
    """Plain modules are asked for anew each time and mostly answered 304."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compressed: dict[tuple[str, float], bytes] = {}

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        path = str(full_path)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_named_by_content(path) else "no-cache"
        suffix = os.path.splitext(path)[1]
        if suffix not in TEXT or isinstance(response, NotModifiedResponse):
            return response
        response.headers["Content-Type"] = f"{TEXT[suffix]}; charset=utf-8"  # Windows may say text/plain for .js
        response.headers["Vary"] = "Accept-Encoding"
        if scope["method"] != "GET" or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            return response
        return self._gzipped(path, stat_result.st_mtime, response)

    def _gzipped(self, path: str, changed: float, response: Response) -> Response:
        key = (path, changed)
        if key not in self._compressed:
            with open(path, "rb") as file:
                self._compressed[key] = gzip.compress(file.read(), 9, mtime=0)
        kept = {name: response.headers[name] for name in ("etag", "last-modified", "cache-control", "content-type", "vary")}
        return Response(self._compressed[key], headers={**kept, "Content-Encoding": "gzip"})
