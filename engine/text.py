"""From a text to the ids that a network reads: code points, normalisation, tokens, ids, each step kept to be shown.

Every token says where it stands in the text as it was given, so that a page can mark it there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from engine.errors import InputError
from engine.models.spec import TextInput

UNKNOWN = "<unk>"
KEPT_CONTROLS = {"\n", "\t"}
SHOWN_CODE_POINTS = 400  # the first ones are listed by name; a page has no room for more

# Words as the Penn Treebank cuts them (Marcus et al., 1993): "don't" is do + n't, "it's" is it + 's.
WORD = re.compile(r"\w+(?=n['’]t\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b|\w+(?:[-.]\w+)*|\.{2,}|-{2,}|[^\w\s]", re.IGNORECASE)


class EmptyText(InputError):
    """There is nothing to read."""

    code = "empty-text"


class TextTooLong(InputError):
    """More characters than the network is offered for."""

    code = "text-too-long"


class MalformedText(InputError):
    """The text holds code points that are no characters."""

    code = "malformed-text"


@dataclass(frozen=True)
class Token:
    """One step of the sequence: its text after normalisation, its id, and text[start:stop] in what was given."""

    text: str
    id: int
    start: int
    stop: int
    known: bool


@dataclass(frozen=True)
class TextStep:
    """One step of the preparation, with what a page shows of it."""

    name: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class PreparedText:
    """ids (1, tokens) int64 for the network, and how they came about."""

    tensor: Tensor
    tokens: tuple[Token, ...]
    steps: tuple[TextStep, ...]


def prepare_text(text: str, spec: TextInput) -> PreparedText:
    """Read a text as the network of that input does.

    Raises EmptyText, TextTooLong (characters are counted as code points), and MalformedText for lone surrogates and for
    control characters other than the new line and the tab.
    """
    checked = _checked(text, spec)
    characters = list(_normalised(checked, spec))
    normal = "".join(character for character, _, _ in characters)
    tokens = tuple(_token(piece, characters, start, spec) for piece, start in _pieces(normal, spec))
    if not tokens:
        raise EmptyText("The text has nothing but blanks; write at least one word.")
    return PreparedText(torch.tensor([[token.id for token in tokens]]), tokens, _steps(checked, normal, tokens))


@lru_cache(maxsize=64)
def ids_of(vocabulary: tuple[str, ...]) -> dict[str, int]:
    """Token -> id: its place in the vocabulary."""
    return {token: place for place, token in enumerate(vocabulary)}


def words(text: str) -> list[str]:
    """The pieces of a text that a word model reads."""
    return WORD.findall(text)


def _checked(text: str, spec: TextInput) -> str:
    if not text:
        raise EmptyText("The text is empty; write at least one character.")
    if len(text) > spec.max_length:
        raise TextTooLong(f"The text has {len(text):,} characters; send {spec.max_length:,} at most.")
    for place, character in enumerate(text):
        kind = unicodedata.category(character)
        if kind == "Cs" or (kind == "Cc" and character not in KEPT_CONTROLS | {"\r"}):
            what = "half of a surrogate pair" if kind == "Cs" else "a control character"
            raise MalformedText(f"Character {place + 1} of the text, U+{ord(character):04X}, is {what}; take it out.")
    return text


def _normalised(text: str, spec: TextInput) -> Iterator[tuple[str, int, int]]:
    """(character, start, stop) after normalisation; start and stop count in the text as given."""
    for start, stop in _clusters(text):
        cluster = text[start:stop]
        if cluster in ("\r", "\r\n"):
            cluster = "\n"
        cluster = unicodedata.normalize(spec.normalisation, cluster)
        for character in cluster.lower() if spec.lowercase else cluster:
            yield character, start, stop


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """A character with the marks that combine with it, Hangul letters together, and a Windows line end as one."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _continues(text[place - 1], text[place]):
            yield start, place
            start = place


def _continues(before: str, character: str) -> bool:
    marks = unicodedata.combining(character) > 0 or "\u1160" <= character <= "\u11ff"
    return (marks and before not in "\n\r") or (before == "\r" and character == "\n")


def _pieces(normal: str, spec: TextInput) -> Iterator[tuple[str, int]]:
    if spec.unit == "character":
        yield from ((character, place) for place, character in enumerate(normal))
    else:
        yield from ((found.group(), found.start()) for found in WORD.finditer(normal))


def _token(piece: str, characters: list[tuple[str, int, int]], start: int, spec: TextInput) -> Token:
    """A word that is not in the vocabulary is looked up in lower case before it counts as unknown."""
    ids = ids_of(spec.vocabulary)
    found = ids.get(piece, ids.get(piece.replace("’", "'"), ids.get(piece.lower()) if spec.unit == "word" else None))
    known = found is not None and piece != UNKNOWN
    first, last = characters[start], characters[start + len(piece) - 1]
    return Token(piece, found if found is not None else ids.get(UNKNOWN, 0), first[1], last[2], known)


def _steps(given: str, normal: str, tokens: tuple[Token, ...]) -> tuple[TextStep, ...]:
    points = [
        {"character": character, "code": f"U+{ord(character):04X}", "name": unicodedata.name(character, "")}
        for character in given[:SHOWN_CODE_POINTS]
    ]
    unknown = sum(not token.known for token in tokens)
    return (
        TextStep("code points", {"count": len(given), "bytes": len(given.encode()), "points": points}),
        TextStep("normalised", {"text": normal, "changed": normal != given}),
        TextStep("tokens", {"count": len(tokens), "unknown": unknown}),
        TextStep("ids", {"ids": [token.id for token in tokens]}),
    )
