"""What the README promises: its Python runs, its routes and its commands exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_library_example_runs(tmp_path, monkeypatch):
    from PIL import Image

    example = README.split("## As a library")[1].split("\n##")[0]
    code = "\n".join(line[4:] for line in example.splitlines() if line.startswith("    "))
    Image.new("RGB", (300, 200), "orange").save(tmp_path / "photo.jpg")
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(code, names)
    assert names["trace"]["features.0"].shape == (10, 62, 62)


def test_every_curl_example_names_a_route_that_exists():
    from app.main import create_app

    routes = [re.sub(r"{[^}]+}", "[^/]+", path) for path in create_app().openapi()["paths"]]
    asked = re.findall(r"http://127\.0\.0\.1:8000(/api/v1/[^'?\s]+)", README)
    assert len(asked) >= 4
    assert all(any(re.fullmatch(route, path) for route in routes) for path in asked)


def test_every_command_of_start_is_explained():
    import start

    assert all(f"start.py {command}" in README for command in start.COMMANDS if command not in ("serve", "setup"))
