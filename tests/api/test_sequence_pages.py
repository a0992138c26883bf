"""The pages of recurrent networks: each under its own family, the first trace inside, the tasks on the home page."""

from __future__ import annotations

import json
import re

import pytest

from app import schemas
from app.content import content
from app.pages import tasks_of
from engine.models import MODELS

from . import tiny as tiny_networks

TINY = [spec.id for spec in tiny_networks.specs()]
RECURRENT = [name for name, spec in MODELS.items() if spec.family == "rnn"]


def embedded(text: str, name: str):
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', text, re.DOTALL)
    assert found and "<" not in found[1]
    return json.loads(found[1])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("model", TINY)
def test_a_network_without_samples_has_a_page(tiny, model, language):
    answer = tiny.get(f"/rnn/{model}", params={"lang": language})
    assert answer.status_code == 200 and f'<html lang="{"zh-CN" if language == "zh" else "en"}"' in answer.text
    page = embedded(answer.text, "page")
    spec = MODELS[model]
    assert page["model"]["id"] == model and embedded(answer.text, "first-trace") is None
    assert (page["model"]["task"], page["model"]["cell"], page["model"]["pattern"]) == (spec.task, spec.cell, spec.pattern)
    assert page["model"]["input"]["kind"] == spec.input.kind


def test_a_page_knows_the_other_cells_of_its_task(tiny):
    page = embedded(tiny.get("/rnn/tiny-letters-gru").text, "page")
    assert [variant["id"] for variant in page["variants"]] == [f"tiny-letters-{cell}" for cell in tiny_networks.CELLS]


@pytest.mark.parametrize("model", RECURRENT)
def test_the_first_trace_is_in_the_page(client, model):
    answer = client.get(f"/rnn/{model}")
    page, trace = embedded(answer.text, "page"), embedded(answer.text, "first-trace")
    schemas.Trace.model_validate(trace)
    assert trace["model"] == model and trace["input"]["sample"] == page["samples"][0]["id"]
    assert set(trace["overview"]) == {node["name"] for node in trace["nodes"]}
    last = page["samples"][-1]["id"]
    asked = client.get(f"/rnn/{model}", params={"input": f"sample:{last}"})
    assert embedded(asked.text, "first-trace")["input"]["sample"] == last


@pytest.mark.parametrize("address", ["/cnn/tiny-letters-lstm", "/rnn/tinyvgg", "/rnn/nonesuch", "/cnn/nonesuch"])
def test_a_network_of_another_family_is_not_there(tiny, address):
    answer = tiny.get(address, params={"lang": "zh"})
    assert answer.status_code == 404 and "没有这个模型" in answer.text
    assert tiny.head(address).status_code == 404


def test_the_home_page_leads_to_every_network(tiny):
    text = tiny.get("/?lang=en").text
    links = re.findall(r'href="/([cr]nn)/([\w-]+)\?', text)
    assert {(spec.family, name) for name, spec in MODELS.items()} <= set(links)
    assert text.count('class="task"') == len({re.sub("-(rnn|lstm|gru|attention)$", "", n) for f, n in links if f == "rnn"})


def test_models_are_grouped_by_task_with_words_of_their_own(app):
    groups = content().documents["models"]["groups"]
    described = [
        {"id": f"{group}-{cell}", "group": group, "title": f"{group} {cell}", "summary": ""}
        for group in ("tang", "shakespeare")
        for cell in ("rnn", "lstm", "gru")
    ]
    found = tasks_of(described, app.state.catalogue, "zh")
    assert [task["title"] for task in found] == [groups["tang"]["title"]["zh"], groups["shakespeare"]["title"]["zh"]]
    assert [len(task["models"]) for task in found] == [3, 3]


def test_every_group_of_a_network_has_its_words(client):
    words = content().documents["models"]["groups"]
    listed = {model["id"]: model for model in client.get("/api/v1/models").json()["models"]}
    for model in listed.values():
        if model["id"] in RECURRENT:
            assert words[model["group"]]["title"]["zh"] and words[model["group"]]["summary"]["en"], model["id"]


def test_the_patterns_page_has_all_networks_with_their_inputs(tiny):
    page = embedded(tiny.get("/patterns").text, "page")
    assert {model["id"] for model in page["models"]} == set(MODELS)
    vgg = next(model for model in page["models"] if model["id"] == "tinyvgg")
    assert vgg["pattern"] == "one-to-one" and vgg["samples"][0]["url"]
