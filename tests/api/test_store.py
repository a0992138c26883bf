"""The store stays within its bytes, lets the oldest go, and computes each trace once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from app.store import Recipe, TraceStore


def entry(name: str, size: int = 100) -> SimpleNamespace:
    return SimpleNamespace(id=name, bytes=size)


def test_the_least_recently_used_leaves_first_and_the_limit_holds():
    store = TraceStore(300)
    for name in "abc":
        store.get_or_make(name, lambda name=name: entry(name))
    store.get("a")
    store.get_or_make("d", lambda: entry("d"))
    assert [name for name in "abcd" if store.get(name)] == ["a", "c", "d"]
    assert store.bytes == 300 and store.evicted == 1


def test_a_trace_larger_than_the_store_is_answered_but_not_kept():
    store = TraceStore(300)
    store.get_or_make("a", lambda: entry("a"))
    assert store.get_or_make("huge", lambda: entry("huge", 301)).id == "huge"
    assert store.get("huge") is None and store.get("a") and store.bytes == 100


def test_identical_requests_are_computed_once():
    store, made = TraceStore(1000), []

    def slowly():
        made.append(1)
        time.sleep(0.05)
        return entry("a")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: store.get_or_make("a", slowly), range(8)))
    assert len(made) == 1 and all(one is found[0] for one in found)


def test_a_failure_reaches_all_who_wait_and_is_not_remembered():
    store, started, release = TraceStore(1000), threading.Event(), threading.Event()

    def fails():
        started.set()
        release.wait(5)
        raise ValueError("no")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(store.get_or_make, "a", fails)
        started.wait(5)
        second = pool.submit(store.get_or_make, "a", lambda: entry("a"))
        time.sleep(0.02)
        release.set()
        for future in (first, second):
            with pytest.raises(ValueError, match="no"):
                future.result(5)
    assert store.get_or_make("a", lambda: entry("a")).id == "a"


def test_many_threads_keep_the_books_straight():
    store = TraceStore(1000)

    def work(seed: int) -> None:
        for i in range(300):
            name = str((i * 7 + seed) % 40)
            assert store.get_or_make(name, lambda name=name: entry(name, 50 + int(name))).id == name

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert store.bytes == sum(kept.bytes for kept in store._kept.values()) <= 1000


def test_an_id_depends_on_every_part_of_the_recipe():
    base = {"model": "m", "weights": "w", "kind": "image", "data": b"d", "sample": None}
    others = [
        {**base, **change} for change in ({"model": "n"}, {"weights": "v"}, {"kind": "values"}, {"data": b"e"}, {"sample": "s"})
    ]
    ids = {Recipe(**recipe).id for recipe in (base, *others)}
    assert len(ids) == 6 and Recipe(**base).id in ids and all(len(one) == 20 for one in ids)


def test_the_app_keeps_its_traces_within_its_setting():
    from app.main import create_app
    from app.settings import Settings

    from .conftest import TestClient, encoded, photo, post, problem

    app = create_app(Settings(cache_bytes=4_000_000))
    with TestClient(app) as client:
        first = post(client, encoded(photo(seed=100))).json()["id"]
        for seed in range(101, 112):
            post(client, encoded(photo(seed=seed)))
            assert app.state.store.bytes <= 4_000_000
        problem(client.get(f"/api/v1/traces/{first}"), 404, "trace-expired")
        assert post(client, encoded(photo(seed=100))).json()["id"] == first
