"""A language network writes on as server-sent events, a forecaster goes on as numbers; both stop when nobody listens."""

from __future__ import annotations

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import torch
import uvicorn

import app.generating
import engine
from app import schemas
from app.main import create_app
from app.settings import Settings

from . import tiny as tiny_networks
from .conftest import TestClient, problem

GENERATE, FORECAST = "/api/v1/generate", "/api/v1/forecast"
ASKED = {"model": "tiny-letters-lstm", "text": "so be", "length": 30, "temperature": 1.0, "seed": 7}


def events(body: str) -> list[tuple[str, dict]]:
    """The events of a stream, as the HTML standard reads them."""
    found = []
    for block in body.removesuffix("\n\n").split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        assert set(lines) == {"event", "data"}, block
        found.append((lines["event"], json.loads(lines["data"])))
    return found


def written(client, **asked) -> list[dict]:
    response = client.post(GENERATE, json={**ASKED, **asked})
    assert response.status_code == 200 and response.headers["content-type"].startswith("text/event-stream"), response.text[:300]
    assert response.headers["cache-control"] == "no-store"
    *tokens, (name, end) = events(response.text)
    assert name == "end" and {kind for kind, _ in tokens} <= {"token"}
    assert end == {"text": "".join(data["token"] for _, data in tokens), "count": len(tokens)}
    return [data for _, data in tokens]


def test_each_token_comes_with_its_probability_and_the_likeliest_others(tiny):
    tokens = written(tiny)
    assert len(tokens) == 30
    for token in tokens:
        schemas.Written.model_validate(token)
        assert tiny_networks.LETTERS[token["id"]] == token["token"] and 0 < token["probability"] <= 1
        likelihoods = [probability for _, probability in token["top"]]
        assert likelihoods == sorted(likelihoods, reverse=True)


def test_the_same_seed_writes_the_same_and_another_something_else(tiny):
    assert written(tiny) == written(tiny)
    assert written(tiny) != written(tiny, seed=8)


@pytest.mark.parametrize("cell", tiny_networks.CELLS)
def test_without_chance_the_likeliest_token_of_torch_s_own_output_is_taken(tiny, cell):
    model = f"tiny-letters-{cell}"
    module, ids = engine.load(model).module, [tiny_networks.LETTERS.index(letter) for letter in ASKED["text"]]
    for token in written(tiny, model=model, temperature=0, length=12):
        with torch.inference_mode():
            assert token["id"] == int(module(torch.tensor([ids]))[0, -1].argmax())
        ids.append(token["id"])


def test_top_k_chooses_among_so_many(tiny):
    for token in written(tiny, top_k=2, length=60):
        assert token["token"] in [other for other, _ in token["top"][:2]]
    assert [token["id"] for token in written(tiny, top_k=1)] == [token["id"] for token in written(tiny, temperature=0)]


def test_the_longest_text_is_written_whole(tiny):
    assert len(written(tiny, length=1000)) == 1000


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"model": "nothing"}, 404, "unknown-model"),
        ({"model": "\ud800"}, 422, "malformed-text"),
        ({"model": "tinyvgg"}, 422, "wrong-input"),
        ({"model": "tiny-verdict-lstm"}, 422, "wrong-input"),
        ({"model": 3}, 422, "malformed-parameters"),
        ({"text": None}, 422, "malformed-parameters"),
        ({"text": ["a"]}, 422, "malformed-parameters"),
        ({"text": "so \ud800 be"}, 422, "malformed-text"),
        ({"text": "\udfff"}, 422, "malformed-text"),
        ({"\ud800": 1}, 422, "malformed-text"),
        ({"length": 0}, 422, "malformed-parameters"),
        ({"length": 1001}, 422, "malformed-parameters"),
        ({"length": "many"}, 422, "malformed-parameters"),
        ({"length": 1.5}, 422, "malformed-parameters"),
        ({"length": True}, 422, "malformed-parameters"),
        ({"temperature": -1}, 422, "malformed-parameters"),
        ({"temperature": float("nan")}, 422, "malformed-parameters"),
        ({"temperature": float("inf")}, 422, "malformed-parameters"),
        ({"temperature": 1e300}, 422, "malformed-parameters"),
        ({"temperature": "warm"}, 422, "malformed-parameters"),
        ({"top_k": 0}, 422, "malformed-parameters"),
        ({"top_k": -1}, 422, "malformed-parameters"),
        ({"seed": -1}, 422, "malformed-parameters"),
        ({"seed": 10**40}, 422, "malformed-parameters"),
        ({"colour": "red"}, 422, "malformed-parameters"),
    ],
)
def test_a_wrong_request_is_refused_before_the_first_byte(tiny, change, status, code):
    body = json.dumps({**ASKED, **change})
    problem(tiny.post(GENERATE, content=body, headers={"content-type": "application/json"}), status, code)


@pytest.mark.parametrize("address", [GENERATE, FORECAST])
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed-json"),
        (b"{", 400, "malformed-json"),
        (b"so be it", 400, "malformed-json"),
        (b'{"model": "\xff"}', 400, "malformed-json"),
        (b'{"model": "\xed\xa0\x80"}', 422, "malformed-text"),
        (b"[" * 200_000, 400, "malformed-json"),
        (b'{"model": ' + b"1" * 5000 + b"}", 400, "malformed-json"),
        (b"[]", 422, "malformed-parameters"),
        (b"null", 422, "malformed-parameters"),
        (b"{}", 422, "malformed-parameters"),
        (b'{"text": "' + b"a" * 1_000_000 + b'"}', 413, "upload-too-large"),
    ],
)
def test_a_body_that_is_no_request_is_refused_in_words(tiny, address, body, status, code):
    problem(tiny.post(address, content=body, headers={"content-type": "application/json"}), status, code)


@pytest.mark.parametrize("address", [GENERATE, FORECAST])
@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_content_type_is_refused_in_words(tiny, address, content_type):
    headers = {"content-type": content_type} if content_type else {}
    problem(tiny.post(address, content=b"{}", headers=headers), 415, "wrong-content-type")


def test_what_breaks_half_way_is_told_in_the_stream(tiny, monkeypatch):
    def breaking(*given):
        yield from app_tokens(*given)
        raise RuntimeError("a secret path /home/somebody/x.py")

    app_tokens = app.generating.generate
    monkeypatch.setattr(app.generating, "generate", breaking)
    response = tiny.post(GENERATE, json=ASKED)
    *tokens, (name, data) = events(response.text)
    assert 20 < len(tokens) <= 30 and name == "error" and data["code"] == "internal-error" and "secret" not in response.text


# A real server


@pytest.fixture(scope="module")
def server():
    with tiny_networks.in_the_table():
        listener = socket.create_server(("127.0.0.1", 0))
        running = uvicorn.Server(uvicorn.Config(create_app(Settings(max_waiting=4)), log_level="error"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not running.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        running.should_exit = True
        thread.join(10)


@pytest.fixture
def counted(monkeypatch) -> list[float]:
    """The moments at which a token was made; each takes a hundredth of a second."""
    made: list[float] = []
    generate = app.generating.generate

    def slowly(*given):
        for sampled in generate(*given):
            time.sleep(0.01)
            made.append(time.monotonic())
            yield sampled

    monkeypatch.setattr(app.generating, "generate", slowly)
    return made


def test_tokens_arrive_while_the_rest_is_being_written(server, counted):
    with httpx.stream("POST", server + GENERATE, json={**ASKED, "length": 200}, timeout=30) as response:
        lines = response.iter_lines()
        assert next(lines) == "event: token"
        assert len(counted) < 100
        assert sum(line.startswith("event: token") for line in lines) == 199


def test_closing_the_connection_stops_the_work(server, counted):
    with httpx.stream("POST", server + GENERATE, json={**ASKED, "length": 1000}, timeout=30) as response:
        next(response.iter_lines())
    time.sleep(0.5)
    stopped_at = len(counted)
    assert stopped_at < 500
    time.sleep(0.5)
    assert len(counted) == stopped_at


def test_a_reader_who_does_not_read_holds_no_slot(server):
    host, port = server.removeprefix("http://").split(":")
    body = json.dumps({**ASKED, "length": 1000}).encode()
    head = f"POST {GENERATE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    idle = [socket.create_connection((host, int(port)), timeout=10) for _ in range(6)]
    try:
        for connection in idle:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            connection.sendall(head.encode() + body)
        time.sleep(0.3)
        response = httpx.post(server + GENERATE, json={**ASKED, "length": 5}, timeout=20)
        assert response.status_code == 200 and len(events(response.text)) == 6
        files = {"model": (None, "tiny-letters-lstm"), "text": (None, "so be it")}
        assert httpx.post(server + "/api/v1/traces", files=files, timeout=20).status_code == 201
    finally:
        for connection in idle:
            connection.close()


def test_many_writers_at_once_write_what_each_writes_alone(server):
    seeds = [1, 2, 3]
    alone = {seed: httpx.post(server + GENERATE, json={**ASKED, "seed": seed}, timeout=30).text for seed in seeds}
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(lambda seed: httpx.post(server + GENERATE, json={**ASKED, "seed": seed}, timeout=30).text, seeds * 4)
        )
    assert found == [alone[seed] for seed in seeds * 4]


def test_a_dropped_stream_leaves_the_worker_threads_as_they_were(server, counted):
    for _ in range(3):
        with httpx.stream("POST", server + GENERATE, json={**ASKED, "length": 1000}, timeout=30) as response:
            next(response.iter_lines())
    files = {"model": (None, "tiny-letters-lstm"), "text": (None, "so be it")}
    made = httpx.post(server + "/api/v1/traces", files=files, timeout=20)
    trace = made.json()["id"]
    answer = httpx.get(f"{server}/api/v1/traces/{trace}/gradients?target=3&step=4", timeout=20)
    assert answer.status_code == 200, answer.text[:300]  # torch.inference_mode left on in a thread would make this fail


# POST /forecast


def forecast(client: TestClient, **change) -> httpx.Response:
    return client.post(FORECAST, json={"model": "tiny-sunspots-gru", "values": [58, 62.6, 70, 55.7], "horizon": 24, **change})


def test_a_forecast_feeds_the_network_with_its_own_answers(tiny):
    document = forecast(tiny).json()
    schemas.Forecast.model_validate(document)
    model = engine.load("tiny-sunspots-gru")
    spec, values = model.spec.input, [58, 62.6, 70, 55.7]
    for expected in document["values"]:
        with torch.inference_mode():
            scaled = (torch.tensor(values, dtype=torch.float64)[None, :, None] - spec.mean) / spec.std
            answer = float(model.module(scaled.float())[0, -1, 0]) * spec.std + spec.mean
        assert answer == pytest.approx(expected, rel=1e-4)
        values.append(expected)
    assert len(document["values"]) == 24 and document["baselines"]
    assert all(len(baseline) == 24 for baseline in document["baselines"].values())


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"values": []}, 422, "empty-series"),
        ({"values": [1, 2]}, 422, "series-too-short"),
        ({"values": [1] * 2001}, 422, "series-too-long"),
        ({"values": ["1", "2", "3"]}, 422, "malformed-values"),
        ({"values": [1, None, 3]}, 422, "malformed-values"),
        ({"values": [1, True, 3]}, 422, "malformed-values"),
        ({"values": [1, float("nan"), 3]}, 422, "malformed-values"),
        ({"values": [1, float("-inf"), 3]}, 422, "malformed-values"),
        ({"values": [1, 10**400, 3]}, 422, "malformed-values"),
        ({"values": [[1, 2], [3], 4]}, 422, "malformed-values"),
        ({"values": "1, 2, 3"}, 422, "malformed-parameters"),
        ({"horizon": 0}, 422, "malformed-parameters"),
        ({"horizon": 1001}, 422, "malformed-parameters"),
        ({"model": "tiny-letters-gru"}, 422, "wrong-input"),
        ({"model": "nothing"}, 404, "unknown-model"),
    ],
)
def test_a_wrong_forecast_is_refused_in_words(tiny, change, status, code):
    body = json.dumps({"model": "tiny-sunspots-gru", "values": [58, 62.6, 70, 55.7], **change})
    problem(tiny.post(FORECAST, content=body, headers={"content-type": "application/json"}), status, code)
