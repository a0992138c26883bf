"""The command `unrolled`: serve, trace, train, evaluate, weights, config."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .settings import Settings, SettingsError

if TYPE_CHECKING:
    from .store import Kind

TRAINING = ("train", "evaluate", "vocabulary")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        args = _parser(arguments).parse_args(arguments)
        return args.run(args)
    except SettingsError as error:
        return _fail(str(error))


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="unrolled", description="Opens trained networks down to each number.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="serve the web app and its API")
    serve.add_argument("--host", help="address to listen at (default: UNROLLED_HOST or 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen at (default: UNROLLED_PORT or 8000)")
    serve.add_argument("--workers", type=int, help="processes, each with traces of its own (default: UNROLLED_WORKERS or 1)")
    serve.set_defaults(run=serve_command)

    trace = commands.add_parser("trace", help="run a network on a picture, a text or numbers and print what it computed")
    given = trace.add_mutually_exclusive_group(required=True)
    given.add_argument("image", type=Path, nargs="?", metavar="IMAGE")
    given.add_argument("--text", help="for a network that reads text")
    given.add_argument("--values", help="for a network that reads numbers: a JSON list, for instance '[3, 1, 2]'")
    trace.add_argument("--model", default="tinyvgg", help="id of a network (default: tinyvgg)")
    trace.add_argument("--json", action="store_true", help="print the whole trace, as POST /traces?include=all does")
    trace.set_defaults(run=trace_command)

    generate = commands.add_parser("generate", help="let a language network write on")
    generate.add_argument("text", metavar="BEGINNING")
    generate.add_argument("--model", default="shakespeare-lstm", help="id of a language network (default: shakespeare-lstm)")
    generate.add_argument("--length", type=int, default=200, help="how many tokens to write (default: 200)")
    generate.add_argument("--temperature", type=float, default=0.8, help="0 always takes the likeliest (default: 0.8)")
    generate.add_argument("--top-k", type=int, help="choose among this many (default: all)")
    generate.add_argument("--seed", type=int, default=0, help="the same seed gives the same text (default: 0)")
    generate.set_defaults(run=generate_command)

    _add_training(commands, arguments)
    commands.add_parser("weights", help="list the networks and verify their weights").set_defaults(run=weights_command)
    commands.add_parser("config", help="print the settings in force").set_defaults(run=config_command)
    return parser


def _add_training(commands: argparse._SubParsersAction, arguments: list[str]) -> None:
    """The training commands come from the engine, which takes seconds to import: only when one of them is meant."""
    if arguments and arguments[0] in TRAINING:
        from engine.training import cli

        cli.add_arguments(commands)
        return
    commands.add_parser("train", help="train a model and write its weights and card")
    commands.add_parser("evaluate", help="measure a model on the held-out pictures, as its card says")
    commands.add_parser("vocabulary", help="count the characters or words of a text source, as its models read them")


def serve_command(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    given = {name: value for name in ("host", "port", "workers") if (value := getattr(args, name)) is not None}
    settings = Settings.from_environment({**os.environ, **{f"UNROLLED_{k.upper()}": str(v) for k, v in given.items()}})
    os.environ.update(settings.as_environment())  # the worker processes read them there
    import uvicorn

    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_level=settings.log_level,
        server_header=False,
        timeout_keep_alive=30,
    )
    return 0


def trace_command(args: argparse.Namespace) -> int:
    """Print the predictions and nodes of one input, or everything as JSON."""
    return _in_words(lambda: _print_trace(*_given(args), args.model, args.json))


def generate_command(args: argparse.Namespace) -> int:
    """Print what the network writes, as it writes it."""
    return _in_words(lambda: _print_generated(args))


def _in_words(work: Callable[[], int]) -> int:
    """Run it; what goes wrong with the input is a sentence, not a traceback."""
    from engine.errors import EngineError

    from .problems import Problem

    try:
        return work()
    except OSError as error:
        return _fail(f"{error.filename} cannot be read: {error.strerror}.")
    except Problem as problem:
        return _fail(problem.detail)
    except EngineError as error:
        return _fail(error.message)


def _given(args: argparse.Namespace) -> tuple[Kind, bytes]:
    if args.image:
        return "image", args.image.read_bytes()
    return ("text", args.text.encode(errors="surrogateescape")) if args.text is not None else ("values", args.values.encode())


def _print_trace(kind: Kind, data: bytes, model: str, as_json: bool) -> int:
    import torch

    from . import answers, inputs
    from .catalogue import Catalogue
    from .content import content
    from .store import Recipe
    from .unroll import unroll

    settings = Settings.from_environment()
    torch.set_num_threads(settings.torch_threads)
    catalogue = Catalogue(content())
    entry = catalogue.entry(model)
    spec = entry.model.spec
    inputs.check_kind(spec, kind)
    recipe = Recipe(model, entry.model.digest, kind, data, language=inputs.default_language(spec))
    unrolled = unroll(recipe, catalogue, settings)
    if as_json:
        sys.stdout.buffer.write(answers.answer(unrolled, entry.parameters, ("all",), "json") + b"\n")
        return 0
    for prediction in unrolled.trace.predictions:
        print(f"{prediction.probability:8.2%}  {prediction.label}")
    for answer in unrolled.trace.answers(top=3):
        print(f"{answer.step:4}  " + "  ".join(f"{guess.label!r} {guess.probability:.1%}" for guess in answer.top))
    print()
    for record in unrolled.trace.records:
        shape = " x ".join(map(str, record.shape))
        print(f"{record.name:20} {record.op:20} {shape:16} {record.stats['min']:10.4g} .. {record.stats['max']:.4g}")
    print(f"\nlargest error of the recomputed numbers: {unrolled.trace.max_error:.2g}")
    return 0


def _print_generated(args: argparse.Namespace) -> int:
    import torch

    from engine.generate import generate

    from . import schemas
    from .bodies import validated
    from .catalogue import Catalogue, entry_for
    from .content import content

    names = ("model", "text", "length", "temperature", "top_k", "seed")
    asked = validated(schemas.GenerateRequest, {name: getattr(args, name) for name in names})
    torch.set_num_threads(Settings.from_environment().torch_threads)
    entry = entry_for(Catalogue(content()), asked.model, "language", "write text on")
    tokens = generate(entry.model, asked.text, asked.length, asked.temperature, asked.top_k, asked.seed)
    first = next(tokens)  # a refusal comes before anything is printed
    print(asked.text, end="", flush=True)
    for sampled in chain([first], tokens):
        print(sampled.token, end="", flush=True)
    print()
    return 0


def weights_command(args: argparse.Namespace) -> int:
    """Print each network's digest and accuracy; 1 when any fails its check."""
    from engine.models import MODELS, WeightsError, load

    bad = 0
    for name in MODELS:
        try:
            model = load(name)
        except WeightsError as error:
            bad += 1
            print(f"{name:17} BAD        {error}")
            continue
        print(f"{name:17} {model.card.get('status', 'trained'):10} {model.digest}  {_figure(model.card.get('held_out', {}))}")
    return 1 if bad else 0


def _figure(held_out: dict[str, Any]) -> str:
    """The card's main figure for held-out data in words; "-" where there is none."""
    measure = held_out.get("measure", "accuracy")
    if measure not in held_out:
        return "-"
    value = f"{held_out[measure]:.1%}" if measure == "accuracy" else f"{measure.replace('_', ' ')} {held_out[measure]:.4g}"
    return f"{value} of {held_out['n']} held out" if "n" in held_out else value


def config_command(args: argparse.Namespace) -> int:
    """Print every setting under its name in the environment."""
    for name, value in Settings.from_environment().as_environment().items():
        print(f"{name}={value}")
    return 0


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
