"""Every refusal is a problem document with a code and a sentence that says what to do."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.problems import PROBLEMS

from .conftest import TRACES, encoded, photo, post, problem

PICTURE = encoded(photo())
IMAGE = ("image", ("picture.png", PICTURE))
MODEL = ("model", (None, "tinyvgg"))


def text(name: str, value: str):
    return (name, (None, value))


FORMS = {
    "no model": ([IMAGE], 422, "missing-field"),
    "an empty model": ([text("model", ""), IMAGE], 422, "missing-field"),
    "the model as a file": ([("model", ("m", b"tinyvgg")), IMAGE], 422, "missing-field"),
    "an unknown model": ([text("model", "vgg"), IMAGE], 404, "unknown-model"),
    "no input": ([MODEL], 422, "missing-field"),
    "an unknown field": ([MODEL, IMAGE, text("picture", "x")], 422, "unknown-field"),
    "two inputs": ([MODEL, IMAGE, text("sample", "pizza")], 422, "several-inputs"),
    "two pictures": ([MODEL, IMAGE, IMAGE], 422, "several-inputs"),
    "two models": ([MODEL, MODEL, IMAGE], 422, "several-inputs"),
    "three pictures": ([MODEL, IMAGE, IMAGE, IMAGE], 400, "malformed-form"),
    "text for a network that sees": ([MODEL, text("text", "hello")], 422, "wrong-input"),
    "a picture as text": ([MODEL, text("image", "hello")], 422, "wrong-input"),
    "values as a file": ([MODEL, ("values", ("v.json", b"[1]"))], 422, "wrong-input"),
    "an unknown sample": ([MODEL, text("sample", "nothing")], 404, "unknown-sample"),
    "a sample of another network": ([text("model", "lenet5"), text("sample", "pizza")], 404, "unknown-sample"),
    "values of another shape": ([MODEL, text("values", "[1, 2, 3]")], 422, "malformed-values"),
    "values that are ragged": ([MODEL, text("values", "[[1, 2], [3]]")], 422, "malformed-values"),
    "values that are no JSON": ([MODEL, text("values", "[1, 2")], 422, "malformed-values"),
    "values that are words": ([MODEL, text("values", '{"a": 1}')], 422, "malformed-values"),
    "values that are strings": ([MODEL, text("values", '["a"]')], 422, "malformed-values"),
    "values nested too deeply": ([MODEL, text("values", "[" * 5000 + "]" * 5000)], 422, "malformed-values"),
    "values far too large": ([MODEL, text("values", json.dumps([[[1e30] * 64] * 64] * 3))], 422, "malformed-values"),
    "values without a number": ([MODEL, text("values", json.dumps([[[None] * 64] * 64] * 3))], 422, "malformed-values"),
}


@pytest.mark.parametrize("case", FORMS)
def test_a_wrong_form_is_refused_in_words(client, case):
    fields, status, code = FORMS[case]
    problem(client.post(TRACES, files=fields), status, code)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{}", "application/json"),
        (b"model=tinyvgg&sample=pizza", "application/x-www-form-urlencoded"),
        (PICTURE, "image/png"),
        (b"", None),
        (b"x", "multipart/mixed; boundary=x"),
    ],
)
def test_another_content_type_is_refused_in_words(client, body, content_type):
    headers = {"content-type": content_type} if content_type else {}
    problem(client.post(TRACES, content=body, headers=headers), 415, "wrong-content-type")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "multipart/form-data"),
        (b"--x\r\nno headers", "multipart/form-data"),
        (b"garbage", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\nBad Header\r\n\r\nv\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (b"x" * 100, "multipart/form-data; boundary=" + "b" * 5000),
    ],
)
def test_a_malformed_form_is_refused_in_words(client, body, content_type):
    problem(client.post(TRACES, content=body, headers={"content-type": content_type}), 400, "malformed-form")


def test_a_form_that_breaks_off_is_refused(client):
    body = b'--x\r\nContent-Disposition: form-data; name="model"\r\n\r\ntinyvgg\r\n--x\r\nContent-Disposition: form-data;'
    response = client.post(TRACES, content=body, headers={"content-type": "multipart/form-data; boundary=x"})
    assert response.status_code in (400, 422) and response.json()["code"] in PROBLEMS


def test_uploads_over_the_limit_are_refused_with_the_limit_named(client):
    document = problem(post(client, PICTURE + bytes(20_000_001)), 413, "upload-too-large")
    assert "20 MB" in document["detail"]
    problem(post(client, bytes(40_000_000)), 413, "upload-too-large")


def test_a_chunked_body_is_cut_off_while_it_streams(client):
    sent = 0

    def endless():
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
        while sent < 500_000_000:
            sent += 1_000_000
            yield bytes(1_000_000)

    response = client.post(TRACES, content=endless(), headers={"content-type": "multipart/form-data; boundary=x"})
    problem(response, 413, "upload-too-large")


GETS = {
    "/nothing": (404, "not-found"),
    "/api/v1/nothing": (404, "not-found"),
    "/static/nothing.js": (404, "not-found"),
    "/static/../pyproject.toml": (404, "not-found"),
    "/static/%2e%2e/pyproject.toml": (404, "not-found"),
    "/api/v1/models/vgg": (404, "unknown-model"),
    "/api/v1/models/tinyvgg/parameters/nothing": (404, "unknown-parameter"),
    "/api/v1/models/tinyvgg/parameters/features.0.weight?format=xml": (422, "malformed-parameters"),
    "/api/v1/samples?model=vgg": (404, "unknown-model"),
    "/api/v1/samples/nothing.png": (404, "unknown-sample"),
    "/api/v1/samples/..%2f..%2fREADME.png": (404, "not-found"),
    "/api/v1/traces/0123456789abcdef0123": (404, "trace-expired"),
    "/api/v1/traces/0123456789abcdef0123/nodes/x/explain?index=1": (404, "trace-expired"),
    "/api/v1/traces": (405, "method-not-allowed"),
    "/problems/nothing": (404, "not-found"),
}


@pytest.mark.parametrize("url", GETS)
def test_a_wrong_address_is_refused_in_words(client, url):
    problem(client.get(url), *GETS[url])


NODES = {
    "": None,
    "nothing": (404, "unknown-node"),
    "features.0?channels=0:11": (422, "malformed-parameters"),
    "features.0?channels=4:4": (422, "malformed-parameters"),
    "features.0?channels=-1": (422, "malformed-parameters"),
    "features.0?channels=a": (422, "malformed-parameters"),
    "features.0?channels=": (422, "malformed-parameters"),
    "features.0?format=gif": (422, "malformed-parameters"),
    "features.0/explain": (422, "malformed-parameters"),
    "features.0/explain?index=": (422, "malformed-parameters"),
    "features.0/explain?index=a,b,c": (422, "malformed-parameters"),
    "features.0/explain?index=1,2": (422, "index-out-of-range"),
    "features.0/explain?index=1,2,3,4": (422, "index-out-of-range"),
    "features.0/explain?index=-1,0,0": (422, "index-out-of-range"),
    "features.0/explain?index=0,62,0": (422, "index-out-of-range"),
    "features.0/explain?index=%EF%BC%91,0,0": (422, "malformed-parameters"),
    "nothing/explain?index=0": (404, "unknown-node"),
    "features.0/steps?start=-1": (422, "malformed-parameters"),
    "features.0/steps?count=0": (422, "malformed-parameters"),
    "features.0/steps?count=1001": (422, "malformed-parameters"),
    "features.0/steps?start=38440": (422, "index-out-of-range"),
    "nothing/steps": (404, "unknown-node"),
}


@pytest.mark.parametrize("url", [url for url in NODES if url])
def test_wrong_parameters_are_refused_in_words(client, traced, url):
    problem(client.get(f"{TRACES}/{traced['id']}/nodes/{url}"), *NODES[url])


def test_an_unknown_include_is_refused(client, traced):
    problem(client.get(f"{TRACES}/{traced['id']}?include=gradients"), 422, "malformed-parameters")
    problem(post(client, PICTURE, query="?include=overview,x"), 422, "malformed-parameters")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused_and_the_right_one_named(client, method):
    response = client.request(method, TRACES)
    assert "POST" in problem(response, 405, "method-not-allowed")["detail"]
    assert response.headers["allow"] == "POST"


def test_a_fault_of_ours_is_a_problem_without_a_traceback(client, monkeypatch):
    def broken(*_):
        raise RuntimeError("a secret path /home/somebody/x.py")

    monkeypatch.setattr("app.api.unroll", broken)
    response = post(client, encoded(photo(seed=99)))
    assert "secret" not in response.text
    problem(response, 500, "internal-error")
    monkeypatch.undo()
    assert post(client, encoded(photo(seed=99))).status_code == 201


def test_every_problem_can_be_looked_up(client):
    for code, (status, title) in PROBLEMS.items():
        assert client.get(f"/problems/{code}").json() == {"code": code, "status": status, "title": title}


ANYTHING = st.text(max_size=40) | st.integers().map(str) | st.floats().map(str)
NEARLY = st.lists(st.integers(-3, 70) | ANYTHING, max_size=6).map(lambda parts: ",".join(map(str, parts)))
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def answered(response) -> None:
    assert response.status_code < 500, response.text[:300]
    if response.status_code >= 400:
        problem(response, response.status_code, response.json()["code"])


@QUICK
@given(node=st.sampled_from(["features.0", "softmax", "input", "classifier.1"]), index=NEARLY | ANYTHING)
def test_any_index_is_answered_or_refused_in_words(client, traced, node, index):
    answered(client.get(f"{TRACES}/{traced['id']}/nodes/{node}/explain", params={"index": index}))


@QUICK
@given(channels=ANYTHING | st.tuples(st.integers(-3, 12), st.integers(-3, 12)).map(lambda p: f"{p[0]}:{p[1]}"))
def test_any_channels_are_answered_or_refused_in_words(client, traced, channels):
    answered(client.get(f"{TRACES}/{traced['id']}/nodes/features.8", params={"channels": channels, "format": "packed"}))


@QUICK
@given(start=ANYTHING | st.integers(-9, 50_000), count=ANYTHING | st.integers(-9, 60))
def test_any_page_of_steps_is_answered_or_refused_in_words(client, traced, start, count):
    answered(client.get(f"{TRACES}/{traced['id']}/nodes/features.9/steps", params={"start": start, "count": count}))


@QUICK
@given(trace=st.text(min_size=1, max_size=30), node=st.text(min_size=1, max_size=30))
def test_any_name_is_answered_or_refused_in_words(client, traced, trace, node):
    from urllib.parse import quote

    answered(client.get(f"{TRACES}/{quote(trace, safe='')}"))
    answered(client.get(f"{TRACES}/{traced['id']}/nodes/{quote(node, safe='')}"))
    answered(client.get(f"/api/v1/models/{quote(node, safe='')}"))
    answered(client.get(f"/api/v1/models/tinyvgg/parameters/{quote(node, safe='')}"))
