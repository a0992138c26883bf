"""The command line: quick help, a trace printed or as JSON, weights verified, settings shown."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app import cli, schemas
from app.settings import Settings, SettingsError
from engine.models import MODELS

from .conftest import encoded, photo
from .tiny import in_the_table


@pytest.fixture
def picture(tmp_path):
    file = tmp_path / "photo.png"
    file.write_bytes(encoded(photo()))
    return file


def test_help_does_not_wait_for_torch():
    code = "import sys; from app.cli import main\ntry: main(['--help'])\nexcept SystemExit: print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("False\n")
    for command in ("serve", "trace", "generate", "train", "evaluate", "weights", "config"):
        assert command in done.stdout


def test_a_trace_is_printed(capsys, picture):
    assert cli.main(["trace", str(picture), "--model", "tinyvgg"]) == 0
    printed = capsys.readouterr().out
    assert "features.0" in printed and "%" in printed and "softmax" in printed


def test_a_trace_as_json_holds_everything(capfdbinary, picture):
    assert cli.main(["trace", str(picture), "--json"]) == 0
    document = schemas.Trace.model_validate_json(capfdbinary.readouterr().out)
    assert all(node.values is not None for node in document.nodes)


def test_a_text_and_numbers_are_traced(capsys):
    with in_the_table():
        assert cli.main(["trace", "--text", "not bad at all", "--model", "tiny-verdict-lstm"]) == 0
        printed = capsys.readouterr().out
        assert "positive" in printed and "lstm" in printed
        assert cli.main(["trace", "--text", "so be it", "--model", "tiny-letters-gru"]) == 0
        assert "   7  " in capsys.readouterr().out  # an answer for each step
        assert cli.main(["trace", "--values", "[58, 62.6, 70]", "--model", "tiny-sunspots-gru"]) == 0
        assert "gru" in capsys.readouterr().out


def test_a_network_writes_on(capsys):
    arguments = ["generate", "so be", "--model", "tiny-letters-lstm", "--length", "20", "--seed", "3"]
    with in_the_table():
        assert cli.main(arguments) == 0
        first = capsys.readouterr().out
        assert first.startswith("so be") and len(first) >= len("so be") + 20
        assert cli.main(arguments) == 0 and capsys.readouterr().out == first


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trace", "--text", "hello", "--model", "tinyvgg"], "looks at pictures"),
        (["trace", "--text", "", "--model", "tiny-verdict-lstm"], "empty"),
        (["trace", "--values", "[1, x]", "--model", "tiny-sunspots-gru"], "not JSON"),
        (["generate", "hello", "--model", "tiny-verdict-lstm"], "tiny-letters-lstm"),
        (["generate", "", "--model", "tiny-letters-lstm"], "empty"),
        (["generate", "a", "--model", "tiny-letters-lstm", "--length", "0"], "length"),
        (["generate", "a", "--model", "tiny-letters-lstm", "--temperature", "nan"], "temperature"),
    ],
)
def test_a_wrong_sequence_is_refused_in_a_sentence(capsys, arguments, words):
    with in_the_table():
        assert cli.main(arguments) == 1
    captured = capsys.readouterr()
    assert words in captured.err and "Traceback" not in captured.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["nowhere.png"], "cannot be read"), (["{}", "--model", "vgg"], "There is no model"), (["{}x"], "cannot be read")],
)
def test_what_cannot_be_traced_is_said_in_a_sentence(capsys, picture, arguments, words):
    assert cli.main(["trace", *(argument.format(picture) for argument in arguments)]) == 1
    captured = capsys.readouterr()
    assert words in captured.err and "Traceback" not in captured.err


def test_the_weights_are_listed(capsys):
    assert cli.main(["weights"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(MODELS)


def test_the_settings_come_from_the_environment_and_are_shown(capsys, monkeypatch):
    monkeypatch.setenv("UNROLLED_PORT", "9001")
    monkeypatch.setenv("UNROLLED_CACHE_BYTES", "1_000_000")
    assert cli.main(["config"]) == 0
    shown = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())
    assert shown["UNROLLED_PORT"] == "9001" and shown["UNROLLED_CACHE_BYTES"] == "1000000"
    assert Settings.from_environment(shown) == Settings.from_environment()


@pytest.mark.parametrize("value", ["many", "-1", "1.5"])
def test_a_bad_setting_is_named(capsys, monkeypatch, value):
    monkeypatch.setenv("UNROLLED_TRACE_SLOTS", value)
    assert cli.main(["config"]) == 1
    assert "UNROLLED_TRACE_SLOTS" in capsys.readouterr().err
    with pytest.raises(SettingsError):
        Settings.from_environment({"UNROLLED_TRACE_SLOTS": value})


@pytest.mark.parametrize("value", ["'self'; script-src *", "https://a.example, https://b.example", "https://a.example\r\nX: 1"])
def test_who_may_frame_the_pages_cannot_change_the_rest_of_the_policy(value):
    with pytest.raises(SettingsError, match="UNROLLED_FRAME_ANCESTORS"):
        Settings.from_environment({"UNROLLED_FRAME_ANCESTORS": value})
    assert Settings.from_environment({"UNROLLED_FRAME_ANCESTORS": "*"}).frame_ancestors == "*"


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_training_commands_come_from_the_engine(capsys, command):
    with pytest.raises(SystemExit) as left:
        cli.main([command, "--help"])
    assert left.value.code == 0 and "--data" in capsys.readouterr().out
