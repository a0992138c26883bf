"""What wraps every request: a limit on its body, security headers on its answer, and counting."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from threading import Lock

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import problems
from .problems import Problem

FORM_OVERHEAD = 2_100_000  # text fields, boundaries and part headers around one file
DRAIN_FACTOR = 3  # read and forget this many times the limit, so that the sender gets to see our answer
DRAIN_SECONDS = 10
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class BodyLimit:
    """Refuses bodies over the limit: by Content-Length before reading, else as soon as the stream exceeds it."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app, self.limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        if self._announced(headers) > self.limit + FORM_OVERHEAD:
            if headers.get("expect", "").lower() != "100-continue":
                await self._drain(receive)
            refusal = self._problem()
            answer = problems.response(refusal.code, refusal.detail, {"Connection": "close"})
            return await answer(scope, receive, send)
        await self.app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.limit + FORM_OVERHEAD:
                if message.get("more_body"):
                    await self._drain(receive)
                raise self._problem()
            return message

        return counting

    async def _drain(self, receive: Receive) -> None:
        dropped, more = 0, True
        with anyio.move_on_after(DRAIN_SECONDS):
            while more and dropped < self.limit * DRAIN_FACTOR:
                message = await receive()
                dropped += len(message.get("body", b""))
                more = message.get("more_body", False)

    def _problem(self) -> Problem:
        return Problem("upload-too-large", too_large(self.limit))

    @staticmethod
    def _announced(headers: Headers) -> int:
        text = headers.get("content-length", "0")
        return int(text) if text.isdigit() and len(text) < 19 else 0


def too_large(limit: int) -> str:
    """What to tell someone whose upload exceeds the limit."""
    return f"Send at most {limit / 1e6:g} MB: make a picture smaller or save it as JPEG, or send fewer numbers."


class Heads:
    """Answers HEAD as GET, without the body: every address that can be read can be asked about."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self.app(scope, receive, send)

        async def send_head(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app({**scope, "method": "GET"}, receive, send_head)


class SecurityHeaders:
    """A content security policy with a nonce per request (`request.state.csp_nonce`), and no sniffing of types."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["csp_nonce"] = nonce
        ancestors = "'none'" if scope["path"].startswith("/api/") else scope["app"].state.settings.frame_ancestors

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", policy(nonce, ancestors, scope["path"].startswith("/static/")))
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
            await send(message)

        await self.app(scope, receive, send_with_headers)


def policy(nonce: str, ancestors: str, file: bool = False) -> str:
    """The content security policy: our own origin only; KaTeX needs style attributes, canvases need data: and blob:.

    A worker has the policy of the file that it is made from, and the filters' worker compiles WebAssembly; no page may.
    """
    scripts = "'self' 'wasm-unsafe-eval'" if file else f"'self' 'nonce-{nonce}'"
    return (
        f"default-src 'self'; script-src {scripts}; "
        "style-src 'self'; style-src-attr 'unsafe-inline'; "
        f"img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
    )


class Measured:
    """Counts requests and their seconds by method and status, for /metrics."""

    def __init__(self, app: ASGIApp, counts: RequestCounts) -> None:
        self.app, self.counts = app, counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started, status = time.perf_counter(), 500

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting_status)
        finally:
            self.counts.add(scope["method"], status, time.perf_counter() - started)


class RequestCounts:
    """How many requests were answered and how long that took; few keys, whatever is asked of us."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.requests: Counter[tuple[str, int]] = Counter()
        self.seconds = 0.0

    def add(self, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        with self._lock:
            self.requests[method if method in METHODS else "other", status] += 1
            self.seconds += seconds
