"""In a deck: the page in a frame of another origin takes orders, reports steps, hands on keys it has no use for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

pytestmark = pytest.mark.browser
PLACE = "/cnn/tinyvgg?embed=1&lang=en&node=features.2&unit=3&at=20,14"
LAB = "/lab/conv2d?embed=1&lang=en"
PLACES = {"/": PLACE, "/lab": LAB}
DECK = """<!doctype html><title>a deck</title><body style="margin: 0">
<iframe src="PAGE" style="width: 1200px; height: 700px; border: 0"></iframe>
<script>
  window.said = []
  addEventListener('message', ({ source, data }) => source === frames[0] && said.push(data))
  window.order = (message) => frames[0].postMessage(message, '*')
</script>"""


@pytest.fixture
def deck(server: str) -> Iterator[str]:
    """A page of another origin with the explorer in a frame."""

    class Slides(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            if self.path in PLACES:
                self.wfile.write(DECK.replace("PAGE", server + PLACES[self.path]).encode())

        def log_message(self, *_: object) -> None:
            pass

    slides = ThreadingHTTPServer(("127.0.0.1", 0), Slides)
    Thread(target=slides.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{slides.server_port}/"
    slides.shutdown()


@pytest.fixture
def slide(browser: Any, deck: str) -> Iterator[Any]:
    page = browser.new_page()
    page.goto(deck)
    page.wait_for_function("() => said.some(({ type }) => type === 'ready')")
    yield page
    page.close()


def last(slide: Any, kind: str) -> dict[str, Any]:
    return slide.evaluate("(kind) => said.filter(({ type }) => type === kind).at(-1)", kind)


def order(slide: Any, **message: Any) -> None:
    slide.evaluate("(message) => order({ target: 'unrolled', ...message })", message)


def said(slide: Any, condition: str) -> None:
    slide.wait_for_function(f"() => {{ const one = said.filter(({{ type }}) => type !== 'key').at(-1); return {condition}; }}")


def test_the_chrome_is_gone_and_the_picture_there(slide: Any) -> None:
    frame = slide.frames[1]
    frame.locator("[data-card]").wait_for()
    assert not any(frame.locator(part).is_visible() for part in (".bar", "#strip", ".deck", ".tour-card"))
    ready = last(slide, "ready")
    assert (ready["source"], ready["version"], ready["level"], ready["step"]) == ("unrolled", 1, "number", None)
    assert ready["steps"] == 21
    assert "node=features.2" in ready["query"]


def test_it_takes_orders_and_reports_each_step(slide: Any) -> None:
    order(slide, type="do", action="next")
    said(slide, "one.step === 0")
    order(slide, type="do", action="next")
    said(slide, "one.step === 1")
    order(slide, type="go", query="node=softmax&unit=2&at=2&step=4&lang=zh")
    said(slide, "one.level === 'number' && one.steps === 5 && one.step === 4")
    assert "embed=1" in last(slide, "state")["query"]
    assert "lang=en" in last(slide, "state")["query"]
    order(slide, type="do", action="leave")
    said(slide, "one.level === 'layer'")
    before = slide.evaluate("() => said.length")
    order(slide, type="ask")
    slide.wait_for_function("(before) => said.length > before", arg=before)


def test_what_makes_no_sense_does_nothing(slide: Any) -> None:
    before = last(slide, "ready")["query"]
    for message in ({"type": "do", "action": "explode"}, {"type": "go", "query": 3}, {"type": "do"}, {"type": "go"}):
        order(slide, **message)
    slide.evaluate("() => { order(null); order('next'); order({ type: 'do', action: 'next' }); }")
    order(slide, type="ask")
    slide.wait_for_function("() => said.at(-1).type === 'state'")
    assert last(slide, "state")["query"] == before


def test_only_the_parent_is_obeyed(slide: Any) -> None:
    frame = slide.frames[1]
    frame.evaluate("() => postMessage({ target: 'unrolled', type: 'do', action: 'next' }, '*')")
    order(slide, type="ask")
    slide.wait_for_function("() => said.at(-1).type === 'state'")
    assert last(slide, "state")["step"] is None


def test_keys_that_do_nothing_here_reach_the_deck(slide: Any) -> None:
    order(slide, type="go", query="node=features.2&unit=3&at=20,14&step=19")
    said(slide, "one.step === 19")
    slide.frames[1].locator(".card h2").click()
    slide.keyboard.press("PageDown")
    said(slide, "one.step === 20")
    slide.keyboard.press("PageDown")  # past the end: the slide's turn
    slide.wait_for_function("() => said.at(-1).type === 'key'")
    assert last(slide, "key")["key"] == "PageDown"
    assert "at=20,14" in last(slide, "state")["query"]
    slide.keyboard.press("o")
    slide.wait_for_function("() => said.at(-1).key === 'o'")
    slide.keyboard.press("ArrowRight")  # does something here, so it stays here
    said(slide, "one.query.includes('at=20,15')")
    assert last(slide, "key")["key"] == "o"


def test_a_page_that_is_not_embedded_speaks_to_nobody(visit: Callable[..., Any]) -> None:
    page = visit("/healthz")
    page.add_init_script("window.sent = []; window.postMessage = (message) => window.sent.push(message)")
    page.goto("/cnn/tinyvgg?embed=1&lang=en")
    page.wait_for_selector(".thumbs[aria-label]", state="attached")
    page.keyboard.press("z")
    assert page.evaluate("() => sent") == []


def test_a_lab_steps_in_a_deck_and_hands_the_last_step_on(browser: Any, deck: str) -> None:
    slide = browser.new_page()
    slide.goto(deck + "lab")
    slide.wait_for_function("() => said.some(({ type }) => type === 'ready')")
    ready = last(slide, "ready")
    assert (ready["level"], ready["step"], ready["steps"] > 1) == ("lab", None, True)
    order(slide, type="do", action="next")
    said(slide, "one.step === 0")
    order(slide, type="go", query="x=1_2_3*4_5_6*7_8_9&k=1_0*0_1&step=2&lang=zh")
    said(slide, "one.steps === 4 && one.step === 2")
    assert "embed=1" in last(slide, "state")["query"] and "lang=en" in last(slide, "state")["query"]
    slide.frames[1].locator("#card").focus()
    slide.keyboard.press("PageDown")
    said(slide, "one.step === 3")
    slide.keyboard.press("PageDown")  # past the end: the slide's turn
    slide.wait_for_function("() => said.at(-1).type === 'key' && said.at(-1).key === 'PageDown'")
    slide.close()
