"""start.py: standard library alone, a stamp that tells when to install, a port that is free."""

import ast
import importlib.util
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def start(tmp_path, monkeypatch):
    """start.py as a module that looks at a folder of its own."""
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in module.RECIPE:
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    venv = tmp_path / ".venv"
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", venv)
    monkeypatch.setattr(module, "STAMP", venv / "stamp.json")
    monkeypatch.setattr(module, "LOG", venv / "log.txt")
    monkeypatch.setattr(module, "VENDOR_STAMP", tmp_path / "static/vendor/stamp.txt")
    monkeypatch.setattr(module.recipe_digest, "__defaults__", (tmp_path,))
    return module


@pytest.fixture
def installed(start):
    """The same after a set-up that went through, without its minutes of installing."""
    for file in (start.python_path(), start.VENDOR_STAMP):
        file.parent.mkdir(parents=True)
        file.touch()
    start.STAMP.write_text(json.dumps(start.stamp_for([])))
    return start


def test_start_parses_under_the_oldest_python_and_needs_only_the_standard_library():
    ours = {"app": ("app/__init__.py", "app/bundle.py")}  # which `from app import bundle` runs
    for name in ("start.py", *ours["app"]):
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 9))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        allowed = sys.stdlib_module_names | (ours.keys() if name == "start.py" else set())
        assert not {module for module in imported if module.split(".")[0] not in allowed}


def test_importing_start_costs_next_to_nothing():
    code = "import sys, start; sys.exit(any(name in sys.modules for name in ('torch', 'urllib.request', 'venv')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_an_unknown_command_names_those_there_are():
    done = subprocess.run([sys.executable, "start.py", "tset"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "screenshots" in done.stdout


def test_a_finished_set_up_is_not_done_again(installed):
    assert installed.is_ready(installed.read_stamp())


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt", "package-lock.json", "hatch_build.py"])
def test_a_changed_recipe_asks_for_a_new_set_up(installed, name):
    with (installed.ROOT / name).open("a") as file:
        file.write("\n# changed\n")
    assert not installed.is_ready(installed.read_stamp())


def test_line_endings_do_not_count_as_a_change(installed):
    file = installed.ROOT / "pyproject.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert installed.is_ready(installed.read_stamp())


def test_an_extra_that_was_not_installed_asks_for_a_set_up(installed):
    assert not installed.is_ready(installed.read_stamp(), ("test",))


def test_dev_brings_test_along(installed):
    assert installed.is_ready(installed.stamp_for(["dev"]), ("test",))


def test_a_missing_python_missing_bundles_or_a_moved_folder_ask_for_a_set_up(installed, monkeypatch, tmp_path):
    stamp = installed.read_stamp()
    monkeypatch.setattr(installed, "ROOT", tmp_path / "elsewhere")
    assert not installed.is_ready({**stamp, "root": "/before"})
    monkeypatch.setattr(installed, "ROOT", tmp_path)
    installed.VENDOR_STAMP.unlink()
    assert not installed.is_ready(stamp)
    installed.VENDOR_STAMP.touch()
    installed.python_path().unlink()
    assert not installed.is_ready(stamp)


@pytest.mark.parametrize("words", ["", "{", "null"])
def test_a_damaged_stamp_counts_as_none(installed, words):
    installed.STAMP.write_text(words)
    assert installed.read_stamp() == {}


def test_an_interrupted_install_leaves_no_stamp(installed, monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(installed, "make_venv", lambda moved: None)
    monkeypatch.setattr(installed, "install_cpu_torch", lambda: None)
    monkeypatch.setattr(installed, "pip", interrupted)
    with pytest.raises(KeyboardInterrupt):
        installed.prepare("test")
    assert installed.read_stamp() == {}


def test_what_was_installed_before_is_asked_for_again(installed, monkeypatch):
    asked = []
    monkeypatch.setattr(installed, "make_venv", lambda moved: None)
    monkeypatch.setattr(installed, "install_cpu_torch", lambda: None)
    monkeypatch.setattr(installed, "pip", lambda title, *arguments: asked.append(arguments))
    installed.STAMP.write_text(json.dumps(installed.stamp_for(["dev"])))
    installed.prepare("bench")
    assert ".[bench,dev]" in asked[0]


def test_a_moved_folder_is_repaired_without_internet(installed, monkeypatch):
    asked = []
    monkeypatch.setattr(installed, "make_venv", lambda moved: None)
    monkeypatch.setattr(installed, "pip", lambda title, *arguments: asked.append(arguments))
    installed.STAMP.write_text(json.dumps({**installed.stamp_for(["test"]), "root": "/before"}))
    installed.prepare()
    assert len(asked) == 1
    assert "--no-index" in asked[0]
    assert installed.is_ready(installed.read_stamp(), ("test",))


def test_a_taken_port_gives_the_next_free_one(start):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert start.free_port("127.0.0.1", taken) > taken


def test_a_free_port_is_taken_as_it_is(start):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()[1]
    assert start.free_port("127.0.0.1", free) == free


def test_an_address_of_another_machine_is_refused_with_a_sentence(start):
    with pytest.raises(start.SetupFailed, match="Cannot listen on"):
        start.free_port("192.0.2.1", 8000)


def test_the_children_cache_their_imports(start, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in start.environment()


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Collecting torch<2.14,>=2.9 (from unrolled==0.1.0)", "looking up torch"),
        ("  Downloading torch-2.13.0-cp311-cp311-linux_x86_64.whl (190.2 MB)", "downloading torch 190.2 MB"),
        ("Installing collected packages: a, b, c", "unpacking 3 packages"),
        ("Requirement already satisfied: numpy in .venv", ""),
    ],
)
def test_pip_is_put_into_plain_words(start, line, shown):
    assert start.condense(line) == shown


def test_only_large_steps_get_a_line_of_their_own_in_a_log(start):
    assert start.is_large("downloading torch 190.2 MB")
    assert not start.is_large("downloading h11 37 kB")


def test_a_failing_pip_shows_its_last_words(installed, monkeypatch):
    monkeypatch.setattr(installed, "python_path", lambda: Path(sys.executable))
    with pytest.raises(installed.SetupFailed, match="no-such-folder"):
        installed.pip("Installing", "--no-index", "./no-such-folder")


def test_torch_is_pinned(start):
    assert start.pinned("torch").startswith("torch==2.")
    assert "+" not in start.pinned("torch")


def test_the_caller_may_decide_about_parallel_tests(start):
    assert start.parallel(["-k", "port"])[0] == "-n"
    assert start.parallel(["-n0"]) == []
