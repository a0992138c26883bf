"""The lessons of networks that read or write sequences: batches of equal length, so that nothing is ever padded.

Each lesson turns its corpus into examples (what goes in, what should come out), and says how good a module is, beside
what simple methods reach on the same split.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..models import MODELS, WEIGHTS, Model, ModelSpec, SeriesInput, TextInput, read
from ..models.sequences import CAPTION_TOKENS, DATE_TOKENS, END, NAMES, START
from ..text import prepare_text
from . import baselines
from .corpora import Corpus, Example
from .data import load_splits
from .evaluate import BATCH, pixels, wilson
from .lesson import LossOf
from .pictures import generator_of
from .recipes import Recipe
from .sources import SOURCES

Pair = tuple[tuple[Tensor, ...], Tensor]
"""One example: the inputs and the targets, each without a batch."""

NOTHING = -100  # a target that does not count, as torch's cross-entropy has it


class Sequences:
    """What all of them share; see `lesson.Lesson`. A subclass says `pairs` and `figures_of`."""

    teacher: Model | None = None

    def __init__(self, spec: ModelSpec, recipe: Recipe, folder: Path) -> None:
        self.spec = spec
        source = SOURCES[recipe.data]
        self.about = {"name": source.name, "licence": source.licence, "note": source.note}
        self.corpus: Corpus = source.read(folder)

    @cached_property
    def examples(self) -> dict[str, list[Pair]]:
        """The pairs of each part."""
        return {name: list(self.pairs(part)) for name, part in self.corpus.parts().items()}

    def pairs(self, part: Sequence[Example]) -> Iterator[Pair]:
        raise NotImplementedError

    def figures_of(self, module: nn.Module, part: str) -> dict[str, Any]:
        raise NotImplementedError

    def baselines(self) -> dict[str, float]:
        """The same figure for simple methods, on the held-out part."""
        raise NotImplementedError

    measure = "accuracy"  # the figure that is compared with the baselines
    best: Any = max

    def steps(self, recipe: Recipe) -> int:
        return len(self._planned(0, recipe))

    def prepare(self, module: nn.Module) -> nn.Module:
        return module

    def finish(self, module: nn.Module, recipe: Recipe) -> nn.Module:
        return module

    def batches(self, epoch: int, recipe: Recipe, answers: dict[int, Tensor]) -> Iterator[LossOf]:
        pairs = self.examples["train"]
        for places in self._planned(epoch, recipe):
            inputs, targets = stacked([pairs[place] for place in places])
            yield partial(self.loss_of, self.hidden(inputs, recipe.word_dropout), targets, recipe.label_smoothing)

    def hidden(self, inputs: tuple[Tensor, ...], share: float) -> tuple[Tensor, ...]:
        """The inputs with some tokens unknown: no word may carry the answer alone, and the unknown token learns as well."""
        if not share:
            return inputs
        return (inputs[0].masked_fill(torch.rand(inputs[0].shape) < share, 0), *inputs[1:])

    def _planned(self, epoch: int, recipe: Recipe) -> list[list[int]]:
        return planned(self.examples["train"], recipe.batch_size, generator_of(recipe.seed, epoch, 1))

    def loss_of(self, inputs: tuple[Tensor, ...], targets: Tensor, smoothing: float, module: nn.Module) -> Tensor:
        """Mean cross-entropy per target."""
        logits = module(*inputs).flatten(0, -2)
        return F.cross_entropy(logits, targets.flatten(), label_smoothing=smoothing, ignore_index=NOTHING)

    @torch.inference_mode()
    def validate(self, module: nn.Module, recipe: Recipe) -> tuple[float, float]:
        total, right, count = 0.0, 0, 0
        for inputs, targets in self.evaluated("validation"):
            logits, wanted = module(*inputs).flatten(0, -2), targets.flatten()
            total += float(F.cross_entropy(logits, wanted, ignore_index=NOTHING, reduction="sum"))
            right += int((logits.argmax(-1) == wanted).sum())
            count += int((wanted != NOTHING).sum())
        return right / count, total / count

    def evaluated(self, part: str) -> Iterator[tuple[tuple[Tensor, ...], Tensor]]:
        """A part in batches, always the same ones."""
        pairs = self.examples[part]
        for places in planned(pairs, BATCH, None):
            yield stacked([pairs[place] for place in places])

    def figures(self, module: nn.Module) -> dict[str, dict[str, Any]]:
        found = {part: self.figures_of(module, part) for part in self.examples}
        simple = {name: round(value, 6) for name, value in self.baselines().items()}
        mine, rival = found["held_out"][self.measure], self.best(simple.values())
        found["held_out"] |= {
            "measure": self.measure,
            "baselines": simple,
            "beats_baselines": mine != rival and self.best(mine, rival) == mine,
        }
        return found

    def ids(self, text: str) -> Tensor:
        """A text as the network reads it."""
        assert isinstance(self.spec.input, TextInput)
        return prepare_text(text, self.spec.input).tensor[0]


def planned(pairs: Sequence[Pair], size: int, generator: torch.Generator | None) -> list[list[int]]:
    """Places of examples in batches of one length of input and output; shuffled with a generator, else in order."""
    count = len(pairs)
    order = torch.randperm(count, generator=generator).tolist() if generator else range(count)
    groups: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for place in order:
        inputs, targets = pairs[place]
        groups[(*(len(x) for x in inputs), targets.numel())].append(place)
    batches = [group[start : start + size] for group in groups.values() for start in range(0, len(group), size)]
    if generator:
        batches = [batches[place] for place in torch.randperm(len(batches), generator=generator).tolist()]
    return batches


def stacked(pairs: Sequence[Pair]) -> Pair:
    """Examples of one length as a batch."""
    inputs = tuple(torch.stack(column) for column in zip(*(pair[0] for pair in pairs), strict=True))
    return inputs, torch.stack([pair[1] for pair in pairs])


class Sentences(Sequences):
    """Many to one: a sentence and its class.

    While training, every step is asked for the answer, the later the more it counts: the linear gain of Dai & Le (2015),
    "Semi-supervised Sequence Learning", section 3. It also makes the answer along the way worth looking at.
    """

    measure = "balanced_accuracy"

    def loss_of(self, inputs: tuple[Tensor, ...], targets: Tensor, smoothing: float, module: nn.Module) -> Tensor:
        each: Tensor = module.each(*inputs)  # type: ignore[operator]
        count, steps, classes = each.shape
        wanted = targets.repeat_interleave(steps)
        losses = F.cross_entropy(each.reshape(-1, classes), wanted, label_smoothing=smoothing, reduction="none")
        gain = torch.linspace(1 / steps, 1.0, steps)
        along = (losses.view(count, steps) * gain).sum() / (count * gain.sum())
        return 0.5 * along + 0.5 * losses.view(count, steps)[:, -1].mean()

    def pairs(self, part: Sequence[Example]) -> Iterator[Pair]:
        for text, label in part:
            yield (self.ids(text),), torch.tensor(label)

    @torch.inference_mode()
    def figures_of(self, module: nn.Module, part: str) -> dict[str, Any]:
        answers = [(module(*inputs).argmax(-1), targets) for inputs, targets in self.evaluated(part)]
        return class_figures(torch.cat([a for a, _ in answers]), torch.cat([t for _, t in answers]), self.spec.classes)

    def baselines(self) -> dict[str, float]:
        train = [(ids.tolist(), int(label)) for (ids,), label in self.examples["train"]]
        held_out = [ids.tolist() for (ids,), _ in self.examples["held_out"]]
        labels = torch.tensor([int(label) for _, label in self.examples["held_out"]])
        assert isinstance(self.spec.input, TextInput)
        bag = baselines.bag_of_words(train, held_out, len(self.spec.input.vocabulary))
        common = baselines.majority([label for _, label in train], held_out)
        answers = {"majority": common, "bag_of_words": bag}
        return {
            name: class_figures(torch.tensor(found), labels, self.spec.classes)["balanced_accuracy"]
            for name, found in answers.items()
        }


def class_figures(answers: Tensor, wanted: Tensor, classes: Sequence[str]) -> dict[str, Any]:
    """Accuracy, its mean over the classes, and the confusion matrix: row = true class, column = answer."""
    count = len(classes)
    confusion = torch.bincount(wanted * count + answers, minlength=count * count).view(count, count)
    right, n = int(confusion.diagonal().sum()), len(wanted)
    shares = confusion.diagonal() / confusion.sum(1).clamp(min=1)
    met = confusion.sum(1) > 0
    return {
        "accuracy": round(right / n, 6),
        "balanced_accuracy": round(float(shares[met].mean()), 6),
        "right": right,
        "n": n,
        "interval_95": wilson(right, n),
        "per_class": {key: round(float(share), 4) for key, share in zip(classes, shares, strict=True)},
        "confusion_matrix": confusion.tolist(),
    }


class Words(Sequences):
    """Many to many in step: a tag for each word."""

    def pairs(self, part: Sequence[Example]) -> Iterator[Pair]:
        assert isinstance(self.spec.input, TextInput)
        for words, tags in part:
            ids = [prepare_text(word, self.spec.input).tokens[0].id for word in words]
            yield (torch.tensor(ids),), torch.tensor(tags)

    @torch.inference_mode()
    def figures_of(self, module: nn.Module, part: str) -> dict[str, Any]:
        found = [(module(*inputs).argmax(-1).flatten(), targets.flatten()) for inputs, targets in self.evaluated(part)]
        return class_figures(torch.cat([a for a, _ in found]), torch.cat([t for _, t in found]), self.spec.classes)

    def baselines(self) -> dict[str, float]:
        return {"commonest_tag": baselines.commonest_tag(self.corpus.train, self.corpus.held_out)}


class Characters(Sequences):
    """Many to many in step: after each character the next. Long passages are cut anew, elsewhere, in each epoch."""

    measure = "bits_per_character"
    best: Any = min
    chunk = 128

    def pairs(self, part: Sequence[Example]) -> Iterator[Pair]:
        for (text,) in part:
            ids = self.passage(text)
            yield (ids[:-1],), ids[1:]

    def passage(self, text: str) -> Tensor:
        """Ids of a text of any length."""
        assert isinstance(self.spec.input, TextInput)
        size = self.spec.input.max_length
        return torch.cat([self.ids(text[start : start + size]) for start in range(0, len(text), size)])

    def _planned(self, epoch: int, recipe: Recipe) -> list[list[int]]:
        self._cut(epoch, recipe)
        return planned(self._chunks, recipe.batch_size, generator_of(recipe.seed, epoch, 1))

    def _cut(self, epoch: int, recipe: Recipe) -> None:
        generator = generator_of(recipe.seed, epoch, 2)
        self._chunks: list[Pair] = []
        for (ids,), targets in self.examples["train"]:
            spare = (len(ids) - 1) % self.chunk if len(ids) > self.chunk else 0
            start = int(torch.randint(spare + 1, (), generator=generator))
            for at in range(start, max(start + 1, len(ids) - self.chunk + 1), self.chunk):
                self._chunks.append(((ids[at : at + self.chunk],), targets[at : at + self.chunk]))

    def batches(self, epoch: int, recipe: Recipe, answers: dict[int, Tensor]) -> Iterator[LossOf]:
        for places in self._planned(epoch, recipe):
            inputs, targets = stacked([self._chunks[place] for place in places])
            yield partial(self.loss_of, inputs, targets, recipe.label_smoothing)

    @torch.inference_mode()
    def figures_of(self, module: nn.Module, part: str) -> dict[str, Any]:
        total, count = 0.0, 0
        for inputs, targets in self.evaluated(part):
            logits = module(*inputs).flatten(0, -2)
            total += float(F.cross_entropy(logits, targets.flatten(), reduction="sum"))
            count += targets.numel()
        nats = total / count
        bits = nats / torch.log(torch.tensor(2.0)).item()
        return {"bits_per_character": round(bits, 6), "perplexity": round(2**bits, 4), "n": count}

    def baselines(self) -> dict[str, float]:
        texts = {part: [[int(ids[0]), *targets.tolist()] for (ids,), targets in pairs] for part, pairs in self.examples.items()}
        size = len(self.spec.classes)
        return {f"{order}-gram": baselines.Ngrams(texts["train"], order, size).bits(texts["held_out"]) for order in (1, 3, 5)}


class Dates(Sequences):
    """Many to many, delayed: a date as written, then as 2021-03-05."""

    def pairs(self, part: Sequence[Example]) -> Iterator[Pair]:
        for _, written, normal in part:
            ids = [DATE_TOKENS.index(token) for token in (START, *normal, END)]
            yield (self.ids(written), torch.tensor(ids[:-1])), torch.tensor(ids[1:])

    @torch.inference_mode()
    def figures_of(self, module: nn.Module, part: str) -> dict[str, Any]:
        pairs = self.examples[part][:1500]  # decoding goes token by token
        right = sum(module.decode(x[None])[0].tolist() == fed.tolist() for (x, fed), _ in pairs)  # type: ignore[operator]
        n = len(pairs)
        return {"accuracy": round(right / n, 6), "right": right, "n": n, "interval_95": wilson(right, n)}

    def baselines(self) -> dict[str, float]:
        pairs = [(written, normal) for _, written, normal in self.corpus.held_out][:1500]
        return {"digits_in_order": sum(baselines.digits_in_order(a) == b for a, b in pairs) / len(pairs)}


class Names(Sequences):
    """One to many: a picture of a digit and its name, in both languages."""

    def __init__(self, spec: ModelSpec, recipe: Recipe, folder: Path) -> None:
        self.spec = spec
        source = SOURCES[recipe.data]
        self.about = {"name": source.name, "licence": source.licence, "note": source.note}
        whole = load_splits("mnist", folder)
        self.parts = {"train": whole.train, "validation": whole.validation, "held_out": whole.held_out}
        self.size = {"train": 12_000, "validation": 1_000, "held_out": 3_000}

    @cached_property
    def examples(self) -> dict[str, list[Pair]]:
        return {part: list(self._named(part)) for part in self.parts}

    def _named(self, part: str) -> Iterator[Pair]:
        examples, longest = self.parts[part], 1 + max(map(len, NAMES["en"]))
        for place in range(min(self.size[part], len(examples))):
            for language in ("zh", "en"):
                tokens = (f"<{language}>", *NAMES[language][int(examples.labels[place])], END)
                ids = [CAPTION_TOKENS.index(token) for token in tokens]
                fed, wanted = torch.zeros(longest, dtype=torch.long), torch.full((longest,), NOTHING)
                fed[: len(ids) - 1], wanted[: len(ids) - 1] = torch.tensor(ids[:-1]), torch.tensor(ids[1:])
                yield (examples.images[place], fed), wanted

    def prepare(self, module: nn.Module) -> nn.Module:
        """The eye is LeNet-5's, as trained, and learns nothing more."""
        taught = read(MODELS["lenet5"], WEIGHTS).module.state_dict()
        eye: nn.Module = module.eye  # type: ignore[assignment]
        eye.load_state_dict({key: taught[key] for key in eye.state_dict()})
        eye.requires_grad_(False)
        return module

    def loss_of(self, inputs: tuple[Tensor, ...], targets: Tensor, smoothing: float, module: nn.Module) -> Tensor:
        return super().loss_of((pixels(inputs[0]), inputs[1]), targets, smoothing, module)

    def evaluated(self, part: str) -> Iterator[tuple[tuple[Tensor, ...], Tensor]]:
        for (images, fed), targets in super().evaluated(part):
            yield (pixels(images), fed), targets

    @torch.inference_mode()
    def figures_of(self, module: nn.Module, part: str) -> dict[str, Any]:
        """A name counts when every character of it is right, each written after those that it wrote itself."""
        right, pairs = 0, self.examples[part][:2000]
        for (image, fed), wanted in pairs:
            language = CAPTION_TOKENS[int(fed[0])].strip("<>")
            written = module.decode(pixels(image[None]), language)[0].tolist()  # type: ignore[operator]
            right += [*written[1:], CAPTION_TOKENS.index(END)] == wanted[wanted != NOTHING].tolist()
        n = len(pairs)
        return {"accuracy": round(right / n, 6), "right": right, "n": n, "interval_95": wilson(right, n)}

    def baselines(self) -> dict[str, float]:
        labels = self.parts["held_out"].labels[:1000]
        return {"majority": float(labels.bincount().max()) / len(labels)}


class Series(Sequences):
    """Many to many in step: after each value the next; in the long run, each forecast feeds the next."""

    measure = "mae"
    best: Any = min
    window, horizon = 240, 24

    def pairs(self, part: Sequence[Example]) -> Iterator[Pair]:
        for (values,) in part:
            scaled = self._scaled(values)[:, None]
            yield (scaled[:-1],), scaled[1:]

    @property
    def scale(self) -> float:
        """What one of the network's units is in the series' own."""
        assert isinstance(self.spec.input, SeriesInput)
        return self.spec.input.std

    def _scaled(self, values: Sequence[float]) -> Tensor:
        given: Any = self.spec.input
        return ((torch.tensor(values, dtype=torch.float64) - given.mean) / given.std).float()

    def steps(self, recipe: Recipe) -> int:
        return 40

    def batches(self, epoch: int, recipe: Recipe, answers: dict[int, Tensor]) -> Iterator[LossOf]:
        (((values,), targets),) = self.examples["train"]
        generator = generator_of(recipe.seed, epoch, 1)
        for _ in range(self.steps(recipe)):
            starts = torch.randint(len(values) - self.window, (recipe.batch_size,), generator=generator).tolist()
            inputs = torch.stack([values[start : start + self.window] for start in starts])
            yield partial(self.loss_of, (inputs,), torch.stack([targets[s : s + self.window] for s in starts]), 0.0)

    def loss_of(self, inputs: tuple[Tensor, ...], targets: Tensor, smoothing: float, module: nn.Module) -> Tensor:
        return F.smooth_l1_loss(module(*inputs), targets)

    @torch.inference_mode()
    def validate(self, module: nn.Module, recipe: Recipe) -> tuple[float, float]:
        (((values,), targets),) = self.examples["validation"]
        error = module(values[None])[0] - targets
        return float(error.abs().mean()) * self.scale, float(error.square().mean())

    @torch.inference_mode()
    def figures_of(self, module: nn.Module, part: str) -> dict[str, Any]:
        (((values,), targets),) = self.examples[part]
        error = float((module(values[None])[0] - targets).abs().mean()) * self.scale
        free = [self._free(module, values, at) for at in self._origins(values)]
        return {"mae": round(error, 4), "n": len(values), "free_running_mae": round(sum(free) / len(free) * self.scale, 4)}

    def _origins(self, values: Tensor) -> range:
        return range(132, len(values) - self.horizon, 12)

    def _free(self, module: nn.Module, values: Tensor, at: int) -> float:
        written = values[:at]
        for _ in range(self.horizon):
            written = torch.cat((written, module(written[None])[0, -1:]))
        return float((written[at:] - values[at : at + self.horizon]).abs().mean())

    def baselines(self) -> dict[str, float]:
        """Next step: as now, and as one solar cycle (132 months) ago, where there is one."""
        ((values,),) = self.corpus.held_out
        before = self.corpus.validation[0][0]
        whole = [*before, *values]
        start = len(before)
        rows = range(start + 1, len(whole))
        lag = lambda steps: sum(abs(whole[t] - whole[t - steps]) for t in rows) / len(rows)  # noqa: E731
        return {"last_value": lag(1), "one_cycle_ago": lag(132)}


KINDS: dict[str, type[Sequences]] = {
    "classify": Sentences,
    "tag": Words,
    "language": Characters,
    "transduce": Dates,
    "caption": Names,
    "forecast": Series,
}
