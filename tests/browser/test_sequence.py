"""The explorer of sequences: own texts in both languages, time by keys and touch, further views, wrong input, the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Any]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def drawn(page: Any) -> None:
    """Wait for the timeline of what the address names."""
    page.locator("#stage[aria-busy=false] .timeline .tl-map canvas").first.wait_for()


def step(page: Any) -> int:
    """Which step the cursor is at, from 0."""
    return int(page.evaluate("() => document.querySelector('.timeline.here .tl-cursor').style.getPropertyValue('--now')"))


def tokens(page: Any) -> list[str]:
    return page.locator(".timeline.here .tl-token").all_inner_texts()


def type_own(page: Any, text: str) -> None:
    """Type into the page's own line and run it."""
    before = page.url
    page.locator("textarea.own-text").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_function("(before) => location.href !== before", arg=before)
    drawn(page)


@pytest.mark.parametrize(
    ("model", "lang", "text", "first"),
    [
        ("sentiment-zh-lstm", "zh", "菜很好吃，送得也快！", "菜"),
        ("sentiment-en-gru", "en", "What a warm and funny film.", "what"),
        ("tang-lstm", "zh", "春眠不觉晓", "春"),
    ],
)
def test_an_own_text_is_read_and_shown_step_by_step(visit: Visit, model: str, lang: str, text: str, first: str) -> None:
    page = visit(f"/rnn/{model}?lang={lang}")
    drawn(page)
    type_own(page, text)
    assert tokens(page)[0] == first
    assert step(page) == len(tokens(page)) - 1
    expect(page.locator(".now-panel .choices .num").first).to_contain_text("%")
    page.reload()
    drawn(page)
    assert tokens(page)[0] == first and page.locator("textarea.own-text").input_value() == text


def test_time_is_walked_by_keys_and_the_cell_is_opened(visit: Visit) -> None:
    page = visit("/rnn/sentiment-zh-lstm?lang=en&input=sample:late-but-good")
    drawn(page)
    last = step(page)
    page.keyboard.press("Home")
    assert step(page) == 0
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert step(page) == 1 and "t=1" in page.url
    page.keyboard.press("ArrowDown")
    assert "unit=1" in page.url
    page.keyboard.press("Enter")
    page.wait_for_selector('#stage[data-level="cell"]')
    page.keyboard.press("Enter")
    page.wait_for_selector('#stage[data-level="gate"]')
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_selector('#stage[data-level="network"]')
    page.keyboard.press("End")
    assert step(page) == last


def test_the_chain_folds_into_a_loop_and_unrolls_again(visit: Visit) -> None:
    page = visit("/rnn/sentiment-zh-lstm?lang=zh", reduced_motion="reduce")
    drawn(page)
    page.locator(".fold-button").click()
    places = page.evaluate(
        "() => [...document.querySelectorAll('.tl-cell')].map((cell) => Math.round(cell.getBoundingClientRect().left))"
    )
    assert len(set(places)) == 1 and "fold=1" in page.url
    page.locator(".fold-button").click()
    places = page.evaluate(
        "() => [...document.querySelectorAll('.tl-cell')].map((cell) => Math.round(cell.getBoundingClientRect().left))"
    )
    assert len(set(places)) == len(places)


def test_long_texts_scrub_without_being_drawn_anew(visit: Visit) -> None:
    page = visit("/rnn/shakespeare-gru?lang=en")
    drawn(page)
    type_own(page, "To be, or not to be, that is the question. " * 5)
    page.evaluate(
        """() => {
            window.changed = 0;
            new MutationObserver((all) => {
                window.changed += all.filter((one) => one.type === 'childList' && one.target.closest?.('.timeline')).length;
            }).observe(document, { subtree: true, childList: true });
        }"""
    )
    page.keyboard.press("Home")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    assert step(page) == 12
    assert page.evaluate("() => window.changed") == 0


def test_both_layers_and_the_attention_of_a_translator_are_shown(visit: Visit) -> None:
    page = visit("/rnn/dates-attention?lang=en")
    page.locator('.timeline[data-node="decoder"] canvas').first.wait_for()
    expect(page.locator(".output-text strong")).to_have_text("2021-03-05")
    expect(page.locator(".attention canvas")).to_be_visible()
    page.keyboard.press("ArrowRight")  # past the end of the encoder comes the decoder
    page.wait_for_selector('.timeline.here[data-node="decoder"]')
    assert step(page) == 0


def test_a_clicker_on_a_projector_sees_where_each_written_character_looked(visit: Visit) -> None:
    page = visit("/rnn/dates-attention?lang=zh&profile=projector&t=100", viewport={"width": 1920, "height": 1080})
    drawn(page)
    for at in range(3):
        page.keyboard.press("PageDown")
        expect(page.locator(".attention-rows .now")).to_have_text("2021"[at])
        expect(page.locator(".attention canvas")).to_be_in_viewport(ratio=0.99)


def test_a_caption_says_its_language_and_is_written_again_in_the_other(visit: Visit) -> None:
    page = visit("/rnn/caption-lstm?lang=zh")
    drawn(page)
    select = page.locator(".pad-line select")
    assert (select.input_value(), page.locator(".output-text").inner_text().endswith("two")) == ("en", True)
    select.select_option("zh")
    expect(page.locator(".output-text")).to_contain_text("二")
    assert select.input_value() == "zh" and "sample:digit-2" in page.url


def test_three_cells_are_compared_on_one_axis(visit: Visit) -> None:
    page = visit("/rnn/sentiment-zh-lstm?lang=en&view=compare")
    page.locator(".compared").nth(2).wait_for(timeout=60_000)
    assert [name.split()[0] for name in page.locator(".compared-title").all_inner_texts()] == ["RNN", "LSTM", "GRU"]
    widths = page.evaluate(
        """() => [...document.querySelectorAll('.compared .tl-map')].map((map) => {
            const { left, width } = map.getBoundingClientRect();
            return `${Math.round(left)} ${Math.round(width)}`;
        })"""
    )
    assert len(set(widths)) == 1


def test_a_forced_gate_runs_beside_the_original(visit: Visit) -> None:
    page = visit("/rnn/sentiment-zh-lstm?lang=en&view=whatif")
    page.locator("#force").select_option("i")
    page.locator("#forced-value").select_option("0")
    page.locator('.whatif-form button[type="submit"]').click()
    verdicts = page.locator(".one-run .verdict")
    expect(verdicts.nth(1)).to_contain_text("%", timeout=30_000)
    assert verdicts.nth(0).inner_text() != verdicts.nth(1).inner_text()


def test_a_unit_is_read_along_the_text(visit: Visit) -> None:
    page = visit("/rnn/tagger-en-lstm?lang=en&view=read")
    page.locator(".found").first.wait_for()
    assert len({token.evaluate("(one) => one.style.background") for token in page.locator(".read-token").all()}) > 3
    page.locator(".found").first.click()
    number = page.locator('.found[aria-pressed="true"] .num').first.inner_text().lstrip("#")
    assert f"unit={number}" in page.url or number == "0"


def test_a_language_model_writes_on_and_can_be_repeated(visit: Visit) -> None:
    page = visit("/rnn/tang-lstm?lang=zh&input=text:月&view=write")
    page.locator(".write-form").wait_for()
    texts = []
    for _ in range(2):
        page.locator('.write-form button[type="submit"]').click()
        expect(page.locator(".written .choices li").first).to_be_attached(timeout=30_000)
        expect(page.locator(".caret")).to_have_count(0, timeout=60_000)
        texts.append(page.locator(".written-text").inner_text())
    assert texts[0] == texts[1] and texts[0].startswith("月") and len(texts[0]) > 10


def test_a_series_runs_on_beside_simple_forecasts(visit: Visit) -> None:
    page = visit("/rnn/sunspots-lstm?lang=en&view=write")
    page.locator(".ahead-names li").nth(2).wait_for(timeout=30_000)
    assert page.locator(".ahead svg path").count() == 4


@pytest.mark.parametrize(
    ("model", "typed", "words"),
    [
        ("sentiment-en-lstm", " \n ", "write"),
        ("sentiment-en-lstm", "x" * 3000, "2,000"),
        ("sunspots-lstm", "1, 2, three", "number"),
        ("sunspots-lstm", "1, 2, 1e99", "million"),
    ],
)
def test_wrong_input_is_refused_in_words_and_nothing_is_lost(visit: Visit, model: str, typed: str, words: str) -> None:
    page = visit(f"/rnn/{model}?lang=en")
    drawn(page)
    before = tokens(page)
    page.locator("textarea.own-text").fill(typed)
    page.locator(".own-line button").click()
    message = page.locator("#message.problem")
    message.wait_for()
    assert len(message.inner_text()) > 15
    assert tokens(page) == before
    visit.errors[:] = [error for error in visit.errors if "422" not in error and "413" not in error and "400" not in error]


def test_the_page_changes_its_language_and_keeps_its_place(visit: Visit) -> None:
    page = visit("/rnn/tagger-en-gru?lang=en&view=cell&t=2&unit=5")
    page.wait_for_selector('#stage[data-level="cell"]')
    page.keyboard.press("l")
    page.wait_for_function("() => document.documentElement.lang === 'zh-CN'")
    assert "view=cell" in page.url and "t=2" in page.url and "unit=5" in page.url


def test_by_touch_a_step_and_a_view_are_chosen(visit: Visit) -> None:
    page = visit("/rnn/sentiment-zh-gru?lang=zh", **PHONE)
    drawn(page)
    page.locator(".timeline.here .tl-token").nth(2).tap()
    page.wait_for_function("() => location.search.includes('t=2')")
    page.locator('#strip [data-view="cell"]').tap()
    page.wait_for_selector('#stage[data-level="cell"]')
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_five_patterns_run(visit: Visit) -> None:
    page = visit("/patterns?lang=en")
    for pattern in ("one-to-one", "one-to-many", "many-to-one", "many-to-many", "many-to-many-delayed"):
        page.locator(f'[data-pattern="{pattern}"] .pattern-column').first.wait_for(timeout=60_000)
    written = page.locator('[data-pattern="many-to-many-delayed"] .writes:not(.none)').all_inner_texts()
    assert "".join(written) == "2021-03-05"
    assert "".join(page.locator('[data-pattern="one-to-many"] .writes').all_inner_texts()) == "two"


def refused(page: Any, route: str, code: str, while_: Callable[[], bool]) -> list[str]:
    """Let the server refuse these requests for a while; the addresses that were asked for."""
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        problem = f'{{"title": "Refused", "detail": "Ask again in a while.", "code": "{code}"}}'
        route.fulfill(status=503, content_type="application/problem+json", body=problem) if while_() else route.continue_()

    page.route(route, answer)
    return asked


def test_a_busy_server_is_asked_again_after_a_pause_and_the_page_says_so(visit: Visit) -> None:
    page = visit("/rnn/sentiment-zh-lstm?lang=en")
    drawn(page)
    asked = refused(page, "**/gates?*", "other", lambda: len(asked) < 3)
    page.goto("/rnn/sentiment-zh-lstm?lang=en&input=sample:cold-and-rude")
    expect(page.locator("#message")).to_contain_text("Ask again in a while.")
    assert len(asked) == 1
    drawn(page)
    assert len(asked) == 3 and len(set(asked)) == 1
    expect(page.locator("#message")).to_be_empty()
    visit.errors[:] = [error for error in visit.errors if "503" not in error]


def test_a_run_that_the_server_forgot_is_made_again(visit: Visit) -> None:
    page = visit("/rnn/sentiment-zh-lstm?lang=en")
    drawn(page)
    runs: list[str] = []
    asked = refused(page, "**/gates?*", "trace-expired", lambda: len(runs) < 2)
    page.on("request", lambda one: runs.append(one.url) if one.method == "POST" and "/traces?" in one.url else None)
    type_own(page, "菜很好吃，送得也快！")
    assert tokens(page)[0] == "菜"
    assert len(runs) == 2 and len(asked) == 2 and page.locator("#message").inner_text() == ""
    visit.errors[:] = [error for error in visit.errors if "503" not in error]


def test_a_word_put_in_stands_beside_a_gap_and_the_rest_one_above_the_other(visit: Visit) -> None:
    page = visit("/rnn/sentiment-en-gru?lang=en&view=whatif&input=text:the film is good")
    page.locator(".trials button").first.wait_for()
    page.locator("#other-text").fill("the film is not good")
    page.locator('.whatif-form button[type="submit"]').click()
    expect(page.locator(".pair")).to_have_count(5, timeout=30_000)
    columns = [
        [text.split("\n")[0] for text in pair.locator("b, .gap").all_inner_texts()] for pair in page.locator(".pair").all()
    ]
    assert columns == [["the", "the"], ["film", "film"], ["is", "is"], ["·", "not"], ["good", "good"]]
    shares = [pair.locator("small").all_inner_texts() for pair in page.locator(".pair").all()[:3]]
    assert all(first == second for first, second in shares)  # nothing has changed before the word
    page.locator(".trials button", has_text="Reset gate").first.click()
    expect(page.locator("#force")).to_have_value("r")


def test_only_a_network_with_attention_shows_what_it_looked_at(visit: Visit) -> None:
    page = visit("/rnn/dates-lstm?lang=en&input=text:March 5, 2021")  # 13 steps, and 13 tokens to choose from
    page.locator('.timeline[data-node="decoder"] canvas').first.wait_for()
    assert page.locator(".attention").count() == 0
    boxes = [page.locator(f'.timeline[data-node="{node}"]').bounding_box() for node in ("encoder", "decoder")]
    assert boxes[0]["y"] == boxes[1]["y"] and boxes[1]["y"] + boxes[1]["height"] < 900  # side by side, both in the window
