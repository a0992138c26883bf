"""axe finds nothing serious or critical, in any view, language or profile, and in the dialogs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from places import ALL, PAGES, at, turn

pytest.importorskip("axe_playwright_python")
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
PROFILES = ("light", "dark", "projector")
LOOKS = (("light", "zh"), ("dark", "en"), ("projector", "zh"))
"""A profile changes colours and a language words, so each of both is looked at, not every pair."""
GRAVE = ("serious", "critical")


def findings(page: Any) -> list[str]:
    """Each grave finding as "rule (impact): element", at most three elements of a rule."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:120]}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ALL)
def test_axe_finds_nothing_grave(visit: Callable[..., Any], name: str, lang: str) -> None:
    page = visit("/healthz")
    for profile in PROFILES:
        if profile == "light" or name in PAGES:
            at(page, ALL[name], lang=lang, profile=profile)
        else:
            turn(page, profile=profile)
        assert findings(page) == [], profile
    visit.errors[:] = [error for error in visit.errors if "404" not in error or name != "missing"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("action", ["keys", "input"])
def test_axe_finds_nothing_grave_in_the_dialogs(visit: Callable[..., Any], action: str, lang: str) -> None:
    page = visit("/healthz")
    for profile in PROFILES:
        at(page, "/cnn/lenet5?tour=0&", lang=lang, profile=profile)
        page.locator(f'[data-action="{action}"]').click()
        page.wait_for_selector("dialog[open]")
        assert findings(page) == [], profile


def test_axe_finds_nothing_grave_on_a_phone(visit: Callable[..., Any]) -> None:
    page = visit("/healthz", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for name in ("home", "network", "layer, conv2d", "number, conv2d", "number, softmax"):
        at(page, ALL[name], lang="zh")
        assert findings(page) == [], name
