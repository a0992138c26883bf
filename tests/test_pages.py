"""The pages as the server writes them: the visitor's language, the first trace inside, nothing from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from app import bundle
from app.main import create_app
from app.pages import preferred
from app.resources import resource
from app.scripts import Scripts, scripts

PAGES = ("/", "/cnn/tinyvgg", "/cnn/tinyvgg-wide", "/cnn/lenet5")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app()) as client:
        yield client


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("fr;q=1.0, zh-TW;q=0.4, en;q=0.3", "zh"),
        ("de", "en"),
        ("zh;q=oops", "en"),
    ],
)
def test_the_browser_s_language_decides(header: str, language: str) -> None:
    assert preferred(header) == language


@pytest.mark.parametrize("path", PAGES)
def test_the_address_overrules_the_browser(client: TestClient, path: str) -> None:
    for asked, tag in (("zh", "zh-CN"), ("en", "en")):
        answer = client.get(path, params={"lang": asked}, headers={"Accept-Language": "en" if asked == "zh" else "zh"})
        assert answer.status_code == 200 and f'<html lang="{tag}"' in answer.text
    assert '<html lang="zh-CN"' in client.get(path, headers={"Accept-Language": "zh"}).text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nobody_else(client: TestClient, path: str) -> None:
    text = client.get(path).text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    nonce = re.search(r"'nonce-([\w-]+)'", client.get(path).headers["Content-Security-Policy"])
    assert nonce and nonce[1] not in text  # a new one for each answer


def test_webassembly_is_for_workers_only(client: TestClient) -> None:
    worker = client.get("/static/js/view/lab/filter-worker.js").headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in worker and "nonce" not in worker
    assert "wasm" not in client.get("/lab/kernels").headers["Content-Security-Policy"]


def embedded(text: str, name: str) -> dict:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', text, re.DOTALL)
    assert found and "<" not in found[1]
    return json.loads(found[1])


@pytest.mark.parametrize("model", ["tinyvgg", "tinyvgg-wide", "lenet5"])
def test_the_first_overview_is_in_the_page(client: TestClient, model: str) -> None:
    text = client.get(f"/cnn/{model}").text
    trace, page = embedded(text, "first-trace"), embedded(text, "page")
    assert trace["model"] == page["model"]["id"] == model
    assert set(trace["overview"]) == {node["name"] for node in trace["nodes"]}
    assert {node["op"] for node in trace["nodes"]} <= set(page["formulas"])


def test_the_sample_of_the_address_is_the_one_in_the_page(client: TestClient) -> None:
    text = client.get("/cnn/tinyvgg", params={"input": "sample:espresso"}).text
    assert embedded(text, "first-trace")["input"]["sample"] == "espresso"
    other = embedded(client.get("/cnn/tinyvgg", params={"input": "sample:</script>"}).text, "first-trace")
    assert other["input"]["sample"] == "school-bus"


def test_an_unknown_network_is_a_page_that_says_so(client: TestClient) -> None:
    answer = client.get("/cnn/nonesuch", params={"lang": "zh"})
    assert answer.status_code == 404 and "没有这个模型" in answer.text


def test_every_script_of_the_page_is_served(client: TestClient) -> None:
    text = client.get("/cnn/lenet5").text
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', text):
        assert client.get(address).status_code == 200, address


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bool], Scripts]]:
    """The scripts of the explorer, with the bundle said to be fresh or stale."""

    def chosen(fresh: bool) -> Scripts:
        scripts.cache_clear()
        monkeypatch.setattr(bundle, "is_fresh", lambda static: fresh)
        return scripts("cnn")

    yield chosen
    scripts.cache_clear()


def test_plain_modules_are_all_named_so_that_none_waits_for_another(choose: Callable[[bool], Scripts]) -> None:
    found = choose(False)
    assert found.entry == "/static/js/cnn.js"
    named = {found.entry, *found.preload}
    for address in named - {found.imports["d3"]}:
        module = resource(*address.strip("/").split("/"))
        for path in re.findall(r"""^import .*? from '(\.[^']+)'""", module.read_text(encoding="utf-8"), re.MULTILINE):
            assert f"/{(module.parent / path).resolve().relative_to(resource().resolve()).as_posix()}" in named


@pytest.mark.skipif(not (resource("static", "built", bundle.MANIFEST)).is_file(), reason="no bundle was made")
def test_a_fresh_bundle_is_a_handful_of_files_that_browsers_keep(client: TestClient, choose: Callable[[bool], Scripts]) -> None:
    found = choose(True)
    assert 1 <= len(found.preload) <= 8
    for address in (found.entry, *found.preload):
        answer = client.get(address)
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
