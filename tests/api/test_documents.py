"""The OpenAPI document is complete, the docs page stays on our own origin, and answers carry the right headers."""

from __future__ import annotations

import json
import re

import pytest

from app.content import content, read
from engine.models import MODELS


@pytest.fixture(scope="module")
def openapi(client) -> dict:
    return client.get("/api/openapi.json").json()


def operations(openapi: dict):
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_reference_resolves(openapi):
    assert openapi["openapi"].startswith("3.1")
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(openapi)):
        place = openapi
        for part in reference.split("/"):
            place = place[part]


def test_every_route_has_a_summary_an_answer_and_its_own_id(openapi):
    ids = [operation["operationId"] for _, _, operation in operations(openapi)]
    assert len(ids) == len(set(ids))
    for path, _, operation in operations(openapi):
        assert operation["summary"] and operation["description"], path
        success = next(answer for status, answer in operation["responses"].items() if status < "300")
        assert success.get("content"), path


def test_refusals_are_described_as_problem_documents(openapi):
    for path, _, operation in operations(openapi):
        if not path.startswith("/api/v1"):
            continue
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], (path, status)
        if operation.get("parameters"):
            assert any(status >= "400" for status in operation["responses"]), path
    assert set(openapi["paths"]["/api/v1/traces"]["post"]["responses"]) >= {"201", "400", "404", "413", "415", "422", "503"}
    assert "HTTPValidationError" not in json.dumps(openapi)


def test_the_upload_is_described(openapi):
    body = openapi["paths"]["/api/v1/traces"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert set(body["schema"]["properties"]) == {
        "model",
        "image",
        "sample",
        "values",
        "text",
        "interventions",
        "language",
    }
    assert body["examples"]


def test_requests_in_json_and_streams_are_described(openapi):
    for address, name in (("/api/v1/generate", "GenerateRequest"), ("/api/v1/forecast", "ForecastRequest")):
        operation = openapi["paths"][address]["post"]
        assert operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith(f"/{name}")
        assert set(operation["responses"]) >= {"200", "400", "404", "413", "415", "422", "503"}
        assert openapi["components"]["schemas"][name]["additionalProperties"] is False
    assert list(openapi["paths"]["/api/v1/generate"]["post"]["responses"]["200"]["content"]) == ["text/event-stream"]
    kinds = openapi["components"]["schemas"]["ModelEntry"]["properties"]["input"]["discriminator"]["mapping"]
    assert set(kinds) == {"image", "text", "series"}


def test_all_routes_of_the_design_are_there(openapi):
    assert set(openapi["paths"]) >= {
        "/api/v1/models",
        "/api/v1/models/{model}",
        "/api/v1/models/{model}/parameters/{name}",
        "/api/v1/samples",
        "/api/v1/traces",
        "/api/v1/traces/{trace_id}",
        "/api/v1/traces/{trace_id}/nodes/{node}",
        "/api/v1/traces/{trace_id}/nodes/{node}/explain",
        "/api/v1/traces/{trace_id}/nodes/{node}/steps",
        "/api/v1/traces/{trace_id}/nodes/{node}/gates",
        "/api/v1/traces/{trace_id}/nodes/{node}/correlations",
        "/api/v1/traces/{trace_id}/gradients",
        "/api/v1/generate",
        "/api/v1/forecast",
        "/healthz",
        "/readyz",
        "/metrics",
    }


def test_the_docs_page_asks_nobody_else(client):
    response = client.get("/api/docs")
    assert response.status_code == 200 and "//" not in re.sub(r"^<!doctype html>", "", response.text)
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "http" not in policy
    nonce = re.search(r"'nonce-([^']+)'", policy)[1]
    assert f'<script nonce="{nonce}">' in response.text
    assert nonce not in client.get("/api/docs").text


def test_the_docs_page_finds_its_assets(client):
    page = client.get("/api/docs").text
    for address in re.findall(r'(?:src|href)="(\.\./[^"]+)"', page):
        assert client.get("/" + address.removeprefix("../")).status_code == 200, "run `python3 start.py setup` first"


def test_static_files_are_compressed_and_answered_304(client):
    address = "/static/vendor/d3.js"
    plain = client.get(address, headers={"accept-encoding": "identity"})
    if plain.status_code == 404:
        pytest.skip("the browser libraries are not bundled here")
    assert plain.headers["cache-control"] == "no-cache"
    assert plain.headers["content-type"].startswith("text/javascript")
    packed = client.get(address, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip" and packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    again = client.get(address, headers={"if-none-match": packed.headers["etag"]})
    assert again.status_code == 304 and not again.content


@pytest.mark.parametrize("url", ["/healthz", "/api/v1/models", "/nothing", "/api/docs"])
def test_every_answer_carries_the_security_headers(client, url):
    headers = client.get(url).headers
    assert headers["x-content-type-options"] == "nosniff" and "default-src 'self'" in headers["content-security-policy"]


def test_health_is_told(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["models"] == list(MODELS)


@pytest.mark.parametrize(
    "url",
    ["/healthz", "/readyz", "/", "/cnn/tinyvgg", "/cnn/nothing", "/api/v1/models", "/api/v1/traces/0", "/static/icon.svg"],
)
def test_what_can_be_read_can_be_asked_about(client, url):
    read, asked = client.get(url), client.head(url)
    assert asked.status_code == read.status_code and not asked.content
    assert asked.headers["content-type"] == read.headers["content-type"]
    assert asked.headers["content-length"] == read.headers["content-length"]


def test_what_cannot_be_read_cannot_be_asked_about(client):
    assert client.head("/api/v1/traces").status_code == 405


def test_metrics_are_lines_that_prometheus_reads(client):
    for line in client.get("/metrics").text.splitlines():
        assert re.fullmatch(r'# TYPE \w+ (counter|gauge)|\w+(\{\w+="\w+",\w+="\d+"\})? [\d.e+-]+', line), line


def test_every_model_class_and_sample_has_its_words():
    words = content()
    for model, spec in MODELS.items():
        assert set(words.model_title(model)) == {"zh", "en"} and words.documents["models"]["models"][model]["summary"]["zh"]
        for key in spec.classes if spec.task in ("classify", "tag") else ():
            assert set(words.documents["models"]["classes"][key]) == {"zh", "en"}
        assert any(model in sample.models for sample in words.samples.values())
    listed = words.documents["samples"]
    listed = listed["samples"] if isinstance(listed, dict) else listed
    assert {entry["id"] for entry in listed} == set(words.samples), "a sample is listed whose picture is missing"


def test_missing_content_is_no_crash(tmp_path):
    words = read(tmp_path)
    assert words.model_title("tinyvgg") == {"zh": "tinyvgg", "en": "tinyvgg"} and not words.samples
    assert words.class_title("pizza")["en"] == "pizza" and words.formula("conv2d") == ""
