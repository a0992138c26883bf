"""The house rules of the code: who may import whom, where sentences live, and that no page leaves our own origin."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FORBIDDEN = {
    "engine": {"app", "fastapi", "starlette", "uvicorn", "jinja2", "pydantic", "httpx"},
    "app": {"tests", "bench"},
}
NO_ARITHMETIC = {"torch.nn", "torch.nn.functional"}
DOM = re.compile(
    r"\b(document|navigator|localStorage|sessionStorage|globalThis|HTMLElement|requestAnimationFrame|addEventListener|window\.(?:document|location|history|inner\w+|set\w+|on\w+))\s*[.(\[=]"
)
JS_IMPORT = re.compile(r"""\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]""")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def python_files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(file: Path) -> Iterator[str]:
    """Every module that a file imports, relative ones resolved, also those inside functions."""
    package = ".".join(file.relative_to(ROOT).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            yield ".".join(part for part in (base, node.module) if part)


def scripts(folder: str) -> list[Path]:
    return sorted((ROOT / "static/js" / folder).rglob("*.js"))


def script_imports(file: Path) -> set[str]:
    code = COMMENT.sub("", file.read_text(encoding="utf-8"))
    return {first or second for first, second in JS_IMPORT.findall(code)}


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_point_one_way(package: str) -> None:
    assert python_files(package)
    for file in python_files(package):
        roots = {name.split(".")[0] for name in imports(file)}
        assert not roots & FORBIDDEN[package], f"{file.relative_to(ROOT)} imports {roots & FORBIDDEN[package]}"


def test_the_app_does_no_arithmetic_of_its_own() -> None:
    for file in python_files("app"):
        assert not set(imports(file)) & NO_ARITHMETIC, f"{file.relative_to(ROOT)} computes; that is the engine's work"


def test_core_never_touches_the_page() -> None:
    assert scripts("core")
    for file in scripts("core"):
        code = COMMENT.sub("", file.read_text(encoding="utf-8"))
        assert not DOM.search(code), f"{file.relative_to(ROOT)} touches the DOM: {DOM.search(code)}"
        assert "fetch(" not in code, f"{file.relative_to(ROOT)} fetches"
        for target in script_imports(file):
            assert target.startswith("."), f"{file.relative_to(ROOT)} imports {target}; core needs nothing but core"
            assert (file.parent / target).resolve().is_relative_to(ROOT / "static/js/core"), f"{file.name} -> {target}"


def test_views_draw_and_never_fetch() -> None:
    assert scripts("view")
    for file in scripts("view"):
        code = COMMENT.sub("", file.read_text(encoding="utf-8"))
        assert "fetch(" not in code, f"{file.relative_to(ROOT)} fetches"
        assert not any(target.endswith("api.js") for target in script_imports(file)), f"{file.relative_to(ROOT)} asks the API"


def test_only_api_js_fetches_and_only_the_player_asks_for_frames() -> None:
    for file in scripts("."):
        code, name = COMMENT.sub("", file.read_text(encoding="utf-8")), file.name
        assert "fetch(" not in code or name == "api.js", f"{name} fetches"
        assert "requestAnimationFrame" not in code or name == "player.js", f"{name} asks for frames"


def test_nothing_is_loaded_from_elsewhere() -> None:
    sources = [*scripts("."), *(ROOT / "templates").rglob("*.html"), *(ROOT / "static/css").rglob("*.css")]
    outside = re.compile(r"""(?:src|href|url|import|fetch)\s*[=(:]?\s*\(?['"]?\s*(?:https?:)?//(?!www\.w3\.org)""")
    assert sources
    for file in sources:
        text = file.read_text(encoding="utf-8")
        links = re.sub(r"<a\b[^>]*>", "", text)  # a link that a person follows loads nothing by itself
        assert not outside.search(COMMENT.sub("", links) if file.suffix == ".js" else links), file.relative_to(ROOT)


def test_every_operation_has_its_file_on_each_floor() -> None:
    from engine.ops import OPS
    from engine.ops.activations import Activation
    from engine.ops.losses import Loss

    shared = {Activation: "activations", Loss: "losses"}  # tables of many small ones
    for name, kind in {operation.name: type(operation) for operation in OPS.values()}.items():
        if name == "input":  # nothing is computed for the input
            continue
        for place in (f"engine/ops/{shared.get(kind, name)}.py", f"content/formulas/{name}.tex"):
            assert (ROOT / place).exists(), f"{name} has no {place}"


def test_every_operation_of_a_served_network_has_a_view_of_its_own() -> None:
    """What no network here runs is shown by its lab, or from the engine's explanation by view/ops/fallback.js."""
    from app.catalogue import Catalogue
    from app.content import content
    from engine.models import MODELS

    catalogue = Catalogue(content())
    assert set(catalogue.names()) == set(MODELS)
    missing = {
        node["op"]: model
        for model in MODELS
        for node in catalogue.entry(model).graph["nodes"]
        if not (ROOT / f"static/js/view/ops/{node['op']}.js").exists()
    }
    assert not missing, f"operations without a view, each with a network that runs it: {missing}"
