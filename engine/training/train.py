"""The training loop: one recipe, one set of data, and the same weights each time, also after an interruption."""

from __future__ import annotations

import copy
import dataclasses
import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from ..models import MODELS, WEIGHTS, Model, ModelSpec, find, read
from .card import Outcome, save
from .errors import TrainingError
from .lesson import Lesson
from .lessons import lesson_for
from .recipes import RECIPES, Recipe

THREADS = 2  # sums of floats depend on how they are shared out, so the number is fixed

Report = Callable[[str], None]


@dataclass(frozen=True)
class Task:
    """All that stays the same while training."""

    spec: ModelSpec
    recipe: Recipe
    lesson: Lesson

    def at(self, stage: int) -> Task:
        """The same with the recipe of that stage."""
        return dataclasses.replace(self, recipe=self.recipe.stages()[stage])

    def settings(self) -> dict[str, Any]:
        """What must be equal for a checkpoint to be of this run."""
        return {**dataclasses.asdict(self.recipe), "teacher_sha256": self.lesson.teacher and self.lesson.teacher.digest}


@dataclass
class Run:
    """All that changes while training, and so all that a checkpoint holds.

    There is no state of a random generator in it: each epoch's generators are seeded with the recipe's seed and the
    number of the epoch.
    """

    module: nn.Module
    average: nn.Module
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    stage: int = 0
    before: int = 0  # epochs of the stages before this one
    epoch: int = 0
    best: dict[str, Any] = dataclasses.field(default_factory=lambda: {"epoch": 0, "loss": float("inf"), "state": {}})
    answers: dict[int, Tensor] = dataclasses.field(default_factory=dict)  # the teacher's, by round

    def state(self) -> dict[str, Any]:
        return {
            "module": self.module.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "before": self.before,
            "epoch": self.epoch,
            "best": self.best,
            "answers": self.answers,
        }

    def restore(self, state: dict[str, Any]) -> None:
        for part in ("module", "average", "optimiser", "schedule"):
            getattr(self, part).load_state_dict(state[part])
        for part in ("before", "epoch", "best", "answers"):
            setattr(self, part, state[part])


def train(
    name: str,
    data: Path,
    out: Path | None = None,
    *,
    epochs: int | None = None,
    seed: int | None = None,
    recipe: Recipe | None = None,
    checkpoint: Path | None = None,
    fresh: bool = False,
    stop_after: int | None = None,
    report: Report = print,
) -> dict[str, Any] | None:
    """Train the model of that name on the data below a folder, write its weights and card, and return the card.

    An interrupted run of the same settings goes on where it was, unless `fresh`. `stop_after` leaves the run at that
    epoch, as an interruption would, and returns None.
    """
    spec, recipe = find(name), _settle(name, recipe, epochs, seed)
    out = Path(out or WEIGHTS)
    checkpoint = Path(checkpoint or default_checkpoint(name))
    with _threads(recipe.threads or THREADS):
        task = Task(spec, recipe, lesson_for(spec, recipe, Path(data), _teacher(recipe, out)))
        run = _begin_or_resume(task, None if fresh else checkpoint, report)
        while not _is_over(run, task):
            if run.before + run.epoch == stop_after:
                return None
            _one_epoch(run, task.at(run.stage), report)
            if _stage_is_over(run, task.at(run.stage).recipe) and not _is_over(run, task):
                run = _begin(task, run.stage + 1, run.before + run.epoch, run.best["state"])
            _write_atomically(checkpoint, {"settings": task.settings(), "stage": run.stage, "run": run.state()})
        card = save(_outcome(run, task), out)
    checkpoint.unlink(missing_ok=True)
    return card


def default_checkpoint(name: str) -> Path:
    """Where a run of that model is kept until it is finished: outside the repository."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "unrolled" / "checkpoints" / f"{name}.pt"


def _settle(name: str, recipe: Recipe | None, epochs: int | None, seed: int | None) -> Recipe:
    changes: dict[str, Any] = {key: value for key, value in (("epochs", epochs), ("seed", seed)) if value is not None}
    recipe = dataclasses.replace(recipe or RECIPES[name], **changes)
    if recipe.epochs < 1:
        raise TrainingError(f"epochs is {recipe.epochs}; at least 1 is needed")
    if recipe.then and changes:
        return dataclasses.replace(recipe, then=_settle(name, recipe.then, epochs, seed))
    return recipe


@contextmanager
def _threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _teacher(recipe: Recipe, out: Path) -> Model | None:
    if recipe.teacher is None:
        return None
    folder = out if (out / f"{recipe.teacher}.safetensors").exists() else WEIGHTS
    model = read(MODELS[recipe.teacher], folder)
    if model.card["status"] != "trained":
        raise TrainingError(f"the teacher {recipe.teacher!r} has no weights in {folder}; train it first")
    return model


def _begin(task: Task, stage: int = 0, before: int = 0, start: dict[str, Tensor] | None = None) -> Run:
    """A stage at its beginning, after so many epochs of others, with the weights of `start` or new ones."""
    recipe = task.at(stage).recipe
    steps = task.lesson.steps(recipe)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        module = task.lesson.prepare(task.spec.build())
    if start:
        module.load_state_dict(start)
    # Biases and the scales of batch normalisation are not drawn to zero.
    learnt = [p for p in module.parameters() if p.requires_grad]
    matrices, vectors = [p for p in learnt if p.dim() > 1], [p for p in learnt if p.dim() <= 1]
    groups: list[dict[str, Any]] = [{"params": matrices}, {"params": vectors, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        recipe.learning_rate,
        total_steps=recipe.epochs * steps,
        pct_start=0.25,
    )
    average = copy.deepcopy(module).requires_grad_(False).eval()
    return Run(module, average, optimiser, schedule, stage, before)


def _begin_or_resume(task: Task, checkpoint: Path | None, report: Report) -> Run:
    if checkpoint is None or not checkpoint.exists():
        return _begin(task)
    saved = torch.load(checkpoint, weights_only=True)
    if saved.get("settings") != task.settings():
        raise TrainingError(f"{checkpoint} is of a run with other settings; use --fresh to start over")
    run = _begin(task, saved["stage"])
    run.restore(saved["run"])
    report(f"resumed after epoch {run.before + run.epoch} from {checkpoint}")
    return run


def _write_atomically(file: Path, content: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".part")
    torch.save(content, half)
    half.replace(file)  # a reader sees the old checkpoint or the new one, never half of one


def _stage_is_over(run: Run, recipe: Recipe) -> bool:
    out_of_patience = recipe.patience is not None and run.epoch - run.best["epoch"] >= recipe.patience
    return run.epoch >= recipe.epochs or out_of_patience


def _is_over(run: Run, task: Task) -> bool:
    return run.stage + 1 == len(task.recipe.stages()) and _stage_is_over(run, task.at(run.stage).recipe)


def _one_epoch(run: Run, task: Task, report: Report) -> None:
    began, recipe = time.perf_counter(), task.recipe
    loss = _pass(run, task)
    if not math.isfinite(loss):
        raise TrainingError(f"the loss is {loss} in epoch {run.epoch + 1}: the learning rate is too high for this data")
    run.epoch += 1
    figure, validation_loss = task.lesson.validate(run.average, recipe)
    # The loss chooses, not the accuracy: on some hundred examples the accuracy moves in steps of luck.
    if validation_loss < run.best["loss"]:
        state = {key: tensor.clone() for key, tensor in run.average.state_dict().items()}
        run.best = {"epoch": run.epoch, "loss": validation_loss, "state": state}
    report(
        f"stage {run.stage + 1}, epoch {run.epoch}/{recipe.epochs}  loss {loss:.4f}  validation loss {validation_loss:.4f}  "
        f"figure {figure:.4f}  best epoch {run.best['epoch']}  {time.perf_counter() - began:.1f} s"
    )


def _pass(run: Run, task: Task) -> float:
    """One walk through the examples in a new order; returns the mean loss."""
    recipe, steps, total = task.recipe, task.lesson.steps(task.recipe), 0.0
    run.module.train()
    batches = task.lesson.batches(run.epoch, recipe, run.answers)
    # Dropout draws from torch's own generator: seeded per epoch, so that a resumed run draws the same.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed * 1_000_003 + run.epoch)
        # No bar where nobody watches: disable=None means "only on a terminal".
        for step, loss_of in enumerate(tqdm(batches, f"epoch {run.epoch + 1}/{recipe.epochs}", steps, False, disable=None)):
            loss = loss_of(run.module)
            run.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            if recipe.clip is not None:
                nn.utils.clip_grad_norm_(run.module.parameters(), recipe.clip)
            run.optimiser.step()
            run.schedule.step()
            _follow(run.average, run.module, recipe.ema, run.epoch * steps + step)
            total += float(loss.detach())
    return total / steps


@torch.no_grad()
def _follow(average: nn.Module, module: nn.Module, decay: float, step: int) -> None:
    """Draw the averaged weights, and the statistics of batch normalisation, towards the module's."""
    decay = min(decay, (1 + step) / (10 + step))  # at first the average forgets quickly
    for kept, new in zip(average.state_dict().values(), module.state_dict().values(), strict=True):
        if kept.is_floating_point():
            kept.lerp_(new, 1 - decay)
        else:
            kept.copy_(new)


def _outcome(run: Run, task: Task) -> Outcome:
    run.average.load_state_dict(run.best["state"])
    module = task.lesson.finish(run.average, task.at(run.stage).recipe)
    planned = sum(stage.epochs for stage in task.recipe.stages())
    epochs = {"planned": planned, "run": run.before + run.epoch, "kept": run.before + run.best["epoch"]}
    lesson = task.lesson
    return Outcome(task.spec, task.recipe, lesson.teacher, module, epochs, lesson.figures(module), lesson.about)
