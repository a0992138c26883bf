"""A real server on a real socket: slow requests stall nobody, and endless bodies are cut off."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import uvicorn

import app.api
from app.main import create_app
from app.settings import Settings

from .conftest import TRACES, encoded, photo


@pytest.fixture(scope="module")
def server():
    application = create_app(Settings(max_waiting=6))
    listener = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(application, log_level="error"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    running.should_exit = True
    thread.join(10)


def send(server: str, data: bytes, query: str = "") -> httpx.Response:
    files = {"image": ("a.png", data)}
    return httpx.post(f"{server}{TRACES}{query}", data={"model": "tinyvgg"}, files=files, timeout=30)


def test_slow_traces_stall_nobody_and_a_full_queue_says_so(server, monkeypatch):
    known = send(server, encoded(photo(seed=20))).json()["id"]
    release, unroll = threading.Event(), app.api.unroll

    def slow(*args):
        release.wait(60)
        return unroll(*args)

    monkeypatch.setattr(app.api, "unroll", slow)
    with ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(send, server, encoded(photo(seed=seed))) for seed in range(30, 42)]
        deadline = time.monotonic() + 10
        while sum(future.done() for future in waiting) < 4 and time.monotonic() < deadline:
            time.sleep(0.02)  # two slots, six places to wait: four of twelve are turned away
        for url in ("/healthz", "/metrics", "/api/v1/models", f"{TRACES}/{known}/nodes/features.0/explain?index=0,1,2"):
            assert httpx.get(server + url, timeout=30).status_code == 200  # while every slot is taken
        assert sum(future.done() for future in waiting) == 4
        release.set()
        answers = [future.result() for future in waiting]
    busy = [answer for answer in answers if answer.status_code == 503]
    assert len(busy) == 4 and all(answer.json()["code"] == "busy" and answer.headers["retry-after"] for answer in busy)
    assert sum(answer.status_code == 201 for answer in answers) == 8


def test_an_endless_chunked_body_is_answered_with_a_problem(server):
    def endless():
        yield b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
        for _ in range(40):
            yield bytes(1_000_000)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    response = httpx.post(server + TRACES, content=endless(), headers=headers, timeout=30)
    assert response.status_code == 413 and response.json()["code"] == "upload-too-large"


def test_a_large_body_is_refused_by_its_announced_length(server):
    response = send(server, bytes(30_000_000))
    assert response.status_code == 413 and response.json()["code"] == "upload-too-large"


def test_expecting_to_continue_is_refused_without_sending(server):
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(
            b"POST /api/v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
            b"Content-Length: 999999999999\r\nExpect: 100-continue\r\n\r\n"
        )
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_eight_clients_at_once_get_what_one_gets(server):
    pictures = [encoded(photo(seed=seed)) for seed in range(50, 56)]
    expected = [send(server, data, "?include=overview").content for data in pictures]
    with ThreadPoolExecutor(8) as pool:
        again = list(pool.map(lambda data: send(server, data, "?include=overview").content, pictures * 4))
    assert again == expected * 4
