"""Texts, series and interventions that cannot be taken: each is refused with a sentence that says what to do, never a 500."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.problems import PROBLEMS

from .conftest import TRACES, ask, encoded, photo, problem

TEXT, SERIES, PAIRS, PICTURES = "tiny-letters-lstm", "tiny-sunspots-gru", "tiny-worked-rnn", "tinyvgg"
TEXTS = {
    "nothing": ("", "empty-text"),
    "a character too many": ("a" * 2001, "text-too-long"),
    "100,000 characters": ("展" * 100_000, "text-too-long"),
    "three megabytes": ("a" * 3_000_000, "text-too-long"),
    "a zero byte": ("so\0be", "malformed-text"),
    "an escape": ("so \x1b[31mbe", "malformed-text"),
    "a bell": ("\a", "malformed-text"),
    "a C1 control": ("so\x85be", "malformed-text"),
    "delete": ("so\x7fbe", "malformed-text"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_wrong_text_is_refused_in_words(tiny, case):
    text, code = TEXTS[case]
    problem(ask(tiny, TEXT, text=text), 422, code)


@pytest.mark.parametrize("case", [case for case in TEXTS if case != "three megabytes"])
def test_a_wrong_beginning_is_refused_before_anything_is_written(tiny, case):
    text, code = TEXTS[case]
    problem(tiny.post("/api/v1/generate", json={"model": TEXT, "text": text}), 422, code)


@pytest.mark.parametrize("text", ["a" * 2000, "🙂", "\n", "e\u0301", "明月 and\tdawn\r\n", "\u200d", "\ufeffa", "ﬁ", "أهلا"])
def test_odd_but_sound_texts_are_read(tiny, text):
    response = ask(tiny, TEXT, text=text)
    assert response.status_code == 201, response.text[:300]
    assert response.json()["input"]["text"] == text


@pytest.mark.parametrize("text", [" ", " \n\t \u3000"])
def test_blanks_are_no_words(tiny, text):
    problem(ask(tiny, "tiny-verdict-lstm", text=text), 422, "empty-text")


NOT_UTF8 = {
    "a lone surrogate": b"so \xed\xa0\x80 be",
    "half a character": b"so be \xe5\xb1",
    "GBK": "展开".encode("gbk"),
    "Latin-1": "café".encode("latin-1"),
    "UTF-16": "so be it".encode("utf-16"),
    "an overlong form": b"\xc0\xaf",
    "beyond Unicode": b"\xf5\x80\x80\x80",
}


@pytest.mark.parametrize("case", NOT_UTF8)
@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=latin-1", "; charset=utf-16", "; charset=nonsense"])
def test_bytes_that_are_not_utf8_are_refused_not_guessed(tiny, case, charset):
    parts = [("model", TEXT.encode()), ("text", NOT_UTF8[case])]
    body = b"".join(b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v) for n, v in parts)
    headers = {"content-type": f"multipart/form-data; boundary=x{charset}"}
    response = tiny.post(TRACES, content=body + b"--x--\r\n", headers=headers)
    document = problem(response, 422, "malformed-text")
    assert "UTF-8" in document["detail"]


VALUES = {
    "nothing": ("", "malformed-values"),
    "no numbers": ("[]", "empty-series"),
    "too few": ("[1, 2]", "series-too-short"),
    "too many": (json.dumps([1.0] * 2001), "series-too-long"),
    "words": ('["a", "b", "c"]', "malformed-values"),
    "numbers in quotes": ('["1", "2", "3"]', "malformed-values"),
    "truth values": ("[true, false, true]", "malformed-values"),
    "a gap": ("[1, null, 3]", "malformed-values"),
    "not a number": ("[1, NaN, 3]", "malformed-values"),
    "infinity": ("[1, Infinity, 3]", "malformed-values"),
    "a huge number": ("[1, 1e30, 3]", "malformed-values"),
    "beyond any float": ("[1, 1e400, 3]", "malformed-values"),
    "a thousand digits": (f"[1, 1{'0' * 1000}, 3]", "malformed-values"),
    "a list of lists": ("[[1, 2], [3, 4], [5, 6]]", "malformed-values"),
    "lists in lists": ("[[[1]], [[2]], [[3]]]", "malformed-values"),
    "very deep lists": ("[" * 100_000 + "]" * 100_000, "malformed-values"),
    "an object": ('{"values": [1, 2, 3]}', "malformed-values"),
    "one number": ("3", "malformed-values"),
    "plain text": ("1, 2, 3", "malformed-values"),
    "a broken list": ("[1, 2, 3", "malformed-values"),
}


@pytest.mark.parametrize("case", VALUES)
def test_wrong_values_are_refused_in_words(tiny, case):
    values, code = VALUES[case]
    problem(ask(tiny, SERIES, values=values), 422, code)


@pytest.mark.parametrize("values", ['[[1, "2"]]', "[[1, [2]]]", "[[1, true]]", "[[1, null]]", "[[1, 1e30]]"])
def test_each_of_a_pair_must_be_a_number(tiny, values):
    problem(ask(tiny, PAIRS, values=values), 422, "malformed-values")


@pytest.mark.parametrize("values", ["[1, 2, 3]", "[[1], [2]]", "[[1, 2], [3]]", "[[1, 2, 3]]", "[[]]"])
def test_pairs_must_be_pairs(tiny, values):
    assert "2 numbers" in problem(ask(tiny, PAIRS, values=values), 422, "malformed-values")["detail"]


@pytest.mark.parametrize("values", ['[[["1"]]]', "true", '"1"', "[[[true]]]"])
def test_a_picture_s_values_must_be_numbers(tiny, values):
    problem(ask(tiny, PICTURES, values=values), 422, "malformed-values")


@pytest.mark.parametrize(
    ("model", "fields", "instead"),
    [
        (PICTURES, {"text": "hello"}, "image"),
        (TEXT, {"values": "[1, 2]"}, "text"),
        (SERIES, {"text": "1 2 3"}, "values"),
        ("tiny-caption-lstm", {"text": "seven"}, "image"),
    ],
)
def test_the_wrong_kind_of_input_is_refused_and_the_right_one_named(tiny, model, fields, instead):
    assert f"-F {instead}=" in problem(ask(tiny, model, **fields), 422, "wrong-input")["detail"].replace("-F '", "-F ")


@pytest.mark.parametrize("model", [TEXT, SERIES])
def test_a_picture_for_a_network_that_cannot_see_is_refused(tiny, model):
    response = tiny.post(TRACES, data={"model": model}, files={"image": ("a.png", encoded(photo()))})
    problem(response, 422, "wrong-input")


def test_a_text_sent_as_a_file_is_refused_in_words(tiny):
    problem(tiny.post(TRACES, data={"model": TEXT}, files={"text": ("a.txt", b"so be it")}), 422, "wrong-input")


@pytest.mark.parametrize(("language", "code"), [("fr", "malformed-parameters"), ("zh ", "malformed-parameters")])
def test_an_unknown_language_is_refused(tiny, language, code):
    form = {"model": "tiny-caption-lstm", "language": language}
    problem(tiny.post(TRACES, data=form, files={"image": ("a.png", encoded(photo()))}), 422, code)


def test_a_language_where_there_is_none_to_choose_is_refused(tiny):
    problem(ask(tiny, TEXT, text="hello", language="zh"), 422, "wrong-input")


INTERVENTIONS = {
    "no JSON": "forget everything",
    "no list": '{"node": "lstm", "gate": "f", "value": 1}',
    "a list of words": '["f"]',
    "no node": '[{"gate": "f", "value": 1}]',
    "neither gate nor state": '[{"node": "lstm", "value": 1}]',
    "gate and state": '[{"node": "lstm", "gate": "f", "state": "c", "value": 1}]',
    "an unknown gate": '[{"node": "lstm", "gate": "q", "value": 1}]',
    "an unknown state": '[{"node": "lstm", "state": "x", "value": 1}]',
    "an unknown field": '[{"node": "lstm", "gate": "f", "value": 1, "strength": 2}]',
    "no value": '[{"node": "lstm", "gate": "f"}]',
    "a word for a value": '[{"node": "lstm", "gate": "f", "value": "1"}]',
    "not a number": '[{"node": "lstm", "gate": "f", "value": NaN}]',
    "a huge value": '[{"node": "lstm", "gate": "f", "value": 1e30}]',
    "a negative unit": '[{"node": "lstm", "state": "c", "units": [-1], "value": 0}]',
    "no units": '[{"node": "lstm", "state": "c", "units": [], "value": 0}]',
    "half a unit": '[{"node": "lstm", "state": "c", "units": [0.5], "value": 0}]',
    "steps that end before they begin": '[{"node": "lstm", "gate": "f", "value": 1, "steps": [3, 3]}]',
    "three steps": '[{"node": "lstm", "gate": "f", "value": 1, "steps": [1, 2, 3]}]',
    "far too many": json.dumps([{"node": "lstm", "gate": "f", "value": 1}] * 17),
    "very deep": "[" * 50_000,
}


@pytest.mark.parametrize("case", INTERVENTIONS)
def test_malformed_interventions_are_refused_in_words(tiny, case):
    problem(ask(tiny, TEXT, text="so be it", interventions=INTERVENTIONS[case]), 422, "malformed-interventions")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"node": "nothing"}, 404, "unknown-node"),
        ({"gate": "r"}, 422, "invalid-input"),
        ({"units": [5]}, 422, "invalid-input"),
        ({"layer": 1}, 422, "invalid-input"),
        ({"direction": 1}, 422, "invalid-input"),
    ],
)
def test_interventions_that_the_network_has_no_place_for_are_refused(tiny, change, status, code):
    asked = [{"node": "lstm", "gate": "f", "value": 1.0, **change}]
    problem(ask(tiny, TEXT, text="so be it", interventions=json.dumps(asked)), status, code)


def test_interventions_upon_a_layer_that_is_not_recurrent_are_refused(tiny):
    for node in ("head", "input"):
        asked = json.dumps([{"node": node, "gate": "f", "value": 1}])
        response = ask(tiny, TEXT, text="so be it", interventions=asked)
        assert response.status_code in (404, 422), response.text
        problem(response, response.status_code, response.json()["code"])


def test_the_words_of_every_problem_are_there_in_both_languages():
    from app.content import content

    for language in ("zh", "en"):
        words = content().documents[language]["problems"]
        assert [code for code in PROBLEMS if not words.get(code)] == []


QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
PLACES = st.fixed_dictionaries(
    {"node": st.sampled_from(["lstm", "head", ""]), "value": st.integers(-2, 2) | ANY_JSON},
    optional={
        "gate": st.sampled_from(["i", "f", "r", "h", None]),
        "state": st.sampled_from(["c", "h", None]),
        "units": st.lists(st.integers(-1, 6), max_size=3),
        "steps": st.lists(st.integers(-1, 12), max_size=3),
        "layer": st.integers(-1, 2),
    },
)


def answered(response) -> None:
    assert response.status_code < 500, response.text[:300]
    if response.status_code >= 400:
        problem(response, response.status_code, response.json()["code"])
        assert response.json()["code"] in PROBLEMS


@QUICK
@given(text=st.text(st.characters(), max_size=60))
def test_any_text_is_answered_or_refused_in_words(tiny, text):
    for model in (TEXT, "tiny-tagger-gru", "tiny-dates-lstm"):
        answered(ask(tiny, model, "?include=overview", text=text.encode(errors="surrogatepass")))


@QUICK
@given(values=st.lists(st.floats() | st.integers() | ANY_JSON, max_size=8) | ANY_JSON)
def test_any_values_are_answered_or_refused_in_words(tiny, values):
    for model in (SERIES, PAIRS):
        answered(ask(tiny, model, values=json.dumps(values)))


@QUICK
@given(asked=st.lists(PLACES, max_size=3) | ANY_JSON)
def test_any_interventions_are_answered_or_refused_in_words(tiny, asked):
    answered(ask(tiny, TEXT, text="so be it", interventions=json.dumps(asked)))
