"""Is it alive, is it ready, how busy is it: /healthz, /readyz, /metrics."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from .problems import Problem
from .serialize import dumps

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Alive")
async def healthz() -> dict[str, str]:
    """Answers as long as the server runs, however busy it is."""
    return {"status": "ok"}


@router.get("/readyz", summary="Ready")
async def readyz(request: Request) -> Response:
    """200 once the models are loaded, with their ids."""
    ready = getattr(request.app.state, "ready", None)
    if not ready:
        raise Problem("busy", "The models are still being loaded, or none could be; try again in a few seconds.")
    return Response(dumps({"status": "ready", "models": ready}), media_type="application/json")


@router.get("/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Requests by method and status, traces made, and the memory that they hold; of this worker process."""
    store, counts, slots = request.app.state.store, request.app.state.counts, request.app.state.slots.statistics()
    lines = ["# TYPE unrolled_requests_total counter"]
    lines += [
        f'unrolled_requests_total{{method="{method}",status="{status}"}} {number}'
        for (method, status), number in sorted(counts.requests.items())
    ]
    figures = (
        ("unrolled_request_seconds_total", "counter", f"{counts.seconds:.6f}"),
        ("unrolled_traces_made_total", "counter", store.made),
        ("unrolled_trace_hits_total", "counter", store.hits),
        ("unrolled_traces_evicted_total", "counter", store.evicted),
        ("unrolled_traces", "gauge", len(store)),
        ("unrolled_trace_bytes", "gauge", store.bytes),
        ("unrolled_trace_bytes_limit", "gauge", store.limit),
        ("unrolled_slots_busy", "gauge", slots.borrowed_tokens),
        ("unrolled_requests_waiting", "gauge", slots.tasks_waiting),
    )
    for name, kind, value in figures:
        lines += [f"# TYPE {name} {kind}", f"{name} {value}"]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Content-Type": "text/plain; version=0.0.4"})
