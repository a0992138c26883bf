"""`start.py bench`: measure the bars of the design as ratios in one run, print them and add them to bench/results.md."""

from __future__ import annotations

import argparse
import platform
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import torch

from app.memory import keep_freed_memory
from bench import filters, pages, recurrent, serving, tracing

RESULTS = Path(__file__).parent / "results.md"


@dataclass(frozen=True)
class Row:
    """One measured figure beside its bar; a bar of None is shown for comparison only."""

    what: str
    figure: float
    bar: float | None
    unit: str = "x"
    beside: str = ""

    @property
    def text(self) -> str:
        number = self._written(self.figure)
        bar = "" if self.bar is None else f"<= {self._written(self.bar)}"
        verdict = "" if self.bar is None else "met" if self.figure <= self.bar else "missed"
        return f"| {self.what} | {number} | {bar} | {verdict} | {self.beside} |"

    def _written(self, figure: float) -> str:
        if self.unit == "x":
            return f"{figure:.2f}x"
        return f"{figure:,.0f} {self.unit}" if self.unit else f"{figure:.1e}"


def engine_rows(budget: float) -> list[Row]:
    ours, theirs, defaults = (
        tracing.trace_ratios(budget),
        tracing.elsewhere("torchlens", budget),
        tracing.elsewhere("defaults", budget),
    )
    rows = []
    for name, ratio in ours.items():
        beside = [f"{defaults[name]:.2f}x with malloc as it comes"] if name in defaults else []
        beside += [f"TorchLens {theirs[name]:.1f}x"] if name in theirs else []
        rows.append(Row(f"trace / plain forward, {name}", ratio, tracing.BARS.get(name), beside=", ".join(beside)))
    return rows


def recurrent_rows(budget: float) -> list[Row]:
    theirs, rows = recurrent.torchlens_ratios(budget), []
    for name, bar in recurrent.BARS.items():
        ratios = recurrent.ratios(name, budget)
        beside = f"plain loop of cells {ratios['loop']:.1f}x"
        beside += f", TorchLens over it {theirs[name]:.0f}x" if name in theirs else ""
        rows.append(Row(f"forward + all gates / fused forward, {name}", ratios["gates"], bar, beside=beside))
        rows.append(Row(f"trace + all gates / fused forward, {name}", ratios["traced"], None))
        rows.append(Row(f"gates against float64, {name}", recurrent.error(name), recurrent.ERROR_BAR, ""))
    return rows


def serving_rows(budget: float) -> list[Row]:
    with serving.server() as base:
        ratios = {name: serving.request_ratios(base, name, budget) for name in ("tinyvgg", "tinyvgg-wide")}
        sizes = {name: serving.overview_bytes(base, name) for name in ("tinyvgg", "tinyvgg-wide", "lenet5")}
    bars = {"plain decode": 1.5, "draft decode": None}
    requests = [Row(f"HTTP request / {d} + forward, {n}", rs[d], bars[d]) for n, rs in ratios.items() for d in bars]
    limits = {"tinyvgg": 200_000}
    return requests + [Row(f"first overview, {n}", s, limits.get(n, 400_000), "bytes") for n, s in sizes.items()]


def page_rows(_budget: float) -> list[Row]:
    return [Row(f.what, f.value, f.bar, f.unit, f.beside) for f in pages.figures()]


def filter_rows(_budget: float) -> list[Row]:
    return [Row(f.what, f.value, f.bar, f.unit, f.beside) for f in filters.figures()]


PARTS = {
    "engine": engine_rows,
    "recurrent": recurrent_rows,
    "serving": serving_rows,
    "pages": page_rows,
    "filters": filter_rows,
}


def report(rows: list[Row], keeps_memory: bool) -> str:
    head = f"## {date.today()}, {platform.machine()}, Python {platform.python_version()}, torch {torch.__version__}, one thread"
    head += ", both sides with freed memory kept as the server keeps it" if keeps_memory else ""
    table = ["| what | measured | bar | | beside |", "|---|---|---|---|---|", *(row.text for row in rows)]
    return "\n".join([head, "", *table, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6.0, help="seconds to spend on each comparison")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=[*PARTS], help="what to measure (default: everything)")
    parser.add_argument("--no-save", action="store_true", help="print only, leave bench/results.md as it is")
    options = parser.parse_args()
    torch.set_num_threads(1)
    kept = keep_freed_memory()  # as the server does, for our side of every ratio and for the other
    text = report([row for part in options.parts for row in PARTS[part](options.seconds)], kept)
    print(text)
    if not options.no_save:
        before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Measured ratios, newest last\n"
        RESULTS.write_text(f"{before}\n{text}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
