"""The commands `train`, `evaluate` and `vocabulary`, for `unrolled` and for `python -m engine.training`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import EngineError
from ..models.vocabulary import FOLDER
from .evaluate import evaluate
from .recipes import RECIPES
from .sources import SOURCES
from .train import default_checkpoint, train


def add_arguments(subparsers: Any) -> None:
    """Register `train` and `evaluate` with the sub-parsers of a command; each sets `run` to its function."""
    make = subparsers.add_parser("train", help="train a model and write its weights and card")
    _common(make)
    make.add_argument("--epochs", type=int, help="how many epochs (default: the recipe's)")
    make.add_argument("--seed", type=int, help="seed of the run (default: the recipe's); the split never changes")
    make.add_argument("--out", type=Path, help="folder for weights and card (default: engine/weights)")
    again = make.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="go on with an interrupted run, and fail if there is none")
    again.add_argument("--fresh", action="store_true", help="start over (default: resume if there is something to)")
    make.set_defaults(run=train_command)

    judge = subparsers.add_parser("evaluate", help="measure a model on the held-out pictures, as its card says")
    _common(judge)
    judge.add_argument("--out", type=Path, help="folder of the weights (default: engine/weights)")
    judge.set_defaults(run=evaluate_command)

    named = [name for name, source in SOURCES.items() if source.vocabulary]
    words = subparsers.add_parser("vocabulary", help="make the vocabulary of a data set, before its models are trained")
    words.add_argument("source", choices=named, metavar="SOURCE", help=f"one of {', '.join(named)}")
    words.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of the data sets")
    words.set_defaults(run=vocabulary_command)


def train_command(args: argparse.Namespace) -> int:
    """Train as the arguments say; 0 when the card is written, 1 with a sentence on stderr when not."""
    if getattr(args, "resume", False) and not default_checkpoint(args.model).exists():
        return _fail(f"there is no interrupted run of {args.model!r} at {default_checkpoint(args.model)}")
    try:
        card = train(
            args.model,
            args.data,
            getattr(args, "out", None),
            epochs=getattr(args, "epochs", None),
            seed=getattr(args, "seed", None),
            fresh=getattr(args, "fresh", False),
        )
    except EngineError as error:
        return _fail(error.message)
    except KeyboardInterrupt:
        return _fail("interrupted; the same command goes on after the last full epoch")
    assert card is not None  # it is None only with stop_after
    shown = ("model", "held_out", "validation", "train", "bytes", "sha256")
    print(json.dumps({key: card[key] for key in shown}, indent=1))
    return 0


def evaluate_command(args: argparse.Namespace) -> int:
    """Print the held-out figures as JSON; 0 when done, 1 with a sentence on stderr when not."""
    try:
        print(json.dumps(evaluate(args.model, args.data, getattr(args, "out", None)), indent=1))
    except EngineError as error:
        return _fail(error.message)
    return 0


def vocabulary_command(args: argparse.Namespace) -> int:
    """Write the tokens of the training part, in the order of their ids, beside the weights."""
    source = SOURCES[args.source]
    assert source.vocabulary
    try:
        tokens = source.vocabulary(source.read(args.data))
    except EngineError as error:
        return _fail(error.message)
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{source.name}.json"
    file.write_text(json.dumps(tokens, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{file.name}: {len(tokens)} tokens")
    return 0


def main(argv: Sequence[str]) -> int:
    """`python -m engine.training`: parse and run one of the two commands."""
    parser = argparse.ArgumentParser(prog="python -m engine.training", description=__doc__)
    add_arguments(parser.add_subparsers(dest="command", required=True))
    args = parser.parse_args(argv)
    return args.run(args)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", choices=tuple(RECIPES), metavar="MODEL", help=f"one of {', '.join(RECIPES)}")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of the data sets")


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
