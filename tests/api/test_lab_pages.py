"""The pages of the labs: the list, one page each in both languages, and the way from an operation's name to its lab."""

from __future__ import annotations

import re

import pytest

from app.content import content
from engine.operate import OPERATIONS

LABS = content().labs
COURSE = {"pixels", "signal", "conv2d", "kernels", "pool", "upsample", "activation", "softmax", "norm"}


def test_every_operation_of_the_course_has_its_lab():
    assert set(LABS) == COURSE


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_leads_to_every_lab(client, language):
    page = client.get("/lab", params={"lang": language}).text
    for lab, about in LABS.items():
        assert f'href="/lab/{lab}?lang={language}"' in page and about["title"][language] in page
    page = client.get("/lab", params={"lang": language, "profile": "projector"}).text  # the look goes along
    assert page.count("profile=projector") == len(LABS) + 1


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("lab", LABS)
def test_a_lab_has_its_words_in_both_languages(client, lab, language):
    answer = client.get(f"/lab/{lab}", params={"lang": language})
    assert answer.status_code == 200 and LABS[lab]["title"][language] in answer.text
    zh, en = LABS[lab]["texts"]["zh"], LABS[lab]["texts"]["en"]
    assert set(zh) == set(en)
    places = {key: set(re.findall(r"\{\w+\}", text)) for key, text in en.items()}
    assert {key: set(re.findall(r"\{\w+\}", text)) for key, text in zh.items()} == places
    ids = [preset["id"] for preset in LABS[lab]["presets"]]
    assert len(set(ids)) == len(ids) and all(preset["title"].keys() == {"zh", "en"} for preset in LABS[lab]["presets"])


@pytest.mark.parametrize("op", OPERATIONS)
def test_the_name_of_an_operation_leads_to_its_lab(client, op):
    labs = OPERATIONS[op].labs
    assert labs, f"no lab shows {op}"
    assert set(labs) <= set(LABS)
    if op not in LABS:
        answer = client.get(f"/lab/{op}", params={"lang": "en"}, follow_redirects=False)
        assert answer.status_code == 307 and answer.headers["location"].split("?")[0].removeprefix("/lab/") in LABS


def test_a_preset_that_is_shown_elsewhere_is_there():
    for about in LABS.values():
        for preset in about["presets"]:
            if "elsewhere" in preset:
                assert preset["id"] in [other["id"] for other in LABS[preset["elsewhere"]]["presets"]]


def test_a_lab_that_is_none_says_so(client):
    answer = client.get("/lab/nothing", params={"lang": "en"})
    assert answer.status_code == 404 and "There is no such lab" in answer.text
