"""What an operator can set: one frozen dataclass, read from UNROLLED_* in the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

MEGA = 1_000_000


class SettingsError(ValueError):
    """An environment variable holds something that cannot be used; the message says which and what would be fine."""


@dataclass(frozen=True)
class Settings:
    """Every setting with its default; UNROLLED_PORT=9000 sets `port`."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    max_upload_bytes: int = 20 * MEGA
    max_pixels: int = 64 * MEGA
    cache_bytes: int = 256 * MEGA
    trace_slots: int = 2  # traces computed at once; more only makes each slower
    max_waiting: int = 256  # requests that may wait for a slot before we answer 503
    torch_threads: int = 1  # two threads make small networks slower, measured
    log_level: str = "info"
    frame_ancestors: str = "'self' http://localhost:* http://127.0.0.1:*"  # who may frame the pages: decks on this machine

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, int) and value < (0 if field.name in ("port", "max_waiting") else 1):
                raise SettingsError(f"{variable(field.name)} is {value}; use a whole number above that.")
        if not re.fullmatch(r"[\x21-\x7e ]+", self.frame_ancestors) or set(";,") & set(self.frame_ancestors):
            raise SettingsError(
                f"{variable('frame_ancestors')} is {self.frame_ancestors!r}; use origins with blanks between, such as "
                '"\'self\' https://slides.example", or "*" for everyone, or "\'none\'".'
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings with what UNROLLED_* says; unset variables keep their defaults."""
        given: dict[str, Any] = {
            field.name: _read(field.name, field.type, environment[variable(field.name)])
            for field in fields(cls)
            if environment.get(variable(field.name), "") != ""
        }
        return cls(**given)

    def as_environment(self) -> dict[str, str]:
        """Every setting under the name it has in the environment."""
        return {variable(name): str(value) for name, value in asdict(self).items()}


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"UNROLLED_{name.upper()}"


def _read(name: str, kind: object, text: str) -> int | str:
    if kind == "str":
        return text
    try:
        return int(text.replace("_", ""))
    except ValueError:
        raise SettingsError(f"{variable(name)} is {text!r}; use a whole number such as 1 or 20_000_000.") from None
