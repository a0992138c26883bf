"""Dates in the many ways people write them, made by rule: the pairs that the date models learn from.

Translated sentences would be the nobler task, but the 29,000 pairs that we have are too few for a translator that is
trained in minutes; a date has one right answer, and a network this small can learn to give it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from .corpora import Corpus, split

# fmt: off
MONTHS = ("January", "February", "March", "April", "May", "June",
          "July", "August", "September", "October", "November", "December")
# fmt: on
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS = "一二三四五六日"
DIGITS = "〇一二三四五六七八九"
FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)
COUNT = 26_000

Write = Callable[[date, random.Random], str]


def chinese(number: int) -> str:
    """1 to 31 as said: 十, 十一, 二十, 三十一."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones else "")


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th ..."""
    return f"{number}{'th' if 10 < number % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _month(day: date, chance: random.Random) -> str:
    name = MONTHS[day.month - 1]
    name = chance.choice((name, name, name[:3], name[:3] + "."))
    return chance.choice((name, name, name.lower(), name.upper()))


def _year_of_digits(day: date) -> str:
    return "".join(DIGITS[int(digit)] for digit in str(day.year))


def _chinese_digits(day: date, chance: random.Random) -> str:
    zero = chance.choice("〇零")
    return f"{_year_of_digits(day)}年{chinese(day.month)}月{chinese(day.day)}日".replace("〇", zero)


WAYS: tuple[Write, ...] = (
    lambda day, chance: f"{_month(day, chance)} {day.day}, {day.year}",
    lambda day, chance: f"{_month(day, chance)} {ordinal(day.day)}, {day.year}",
    lambda day, chance: f"{day.day} {_month(day, chance)} {day.year}",
    lambda day, chance: f"{ordinal(day.day)} of {_month(day, chance)} {day.year}",
    lambda day, chance: f"the {ordinal(day.day)} of {_month(day, chance)}, {day.year}",
    lambda day, chance: f"{DAYS[day.weekday()]}, {day.day} {_month(day, chance)} {day.year}",
    lambda day, chance: f"{DAYS[day.weekday()][:3]} {_month(day, chance)} {day.day} {day.year}",
    lambda day, chance: chance.choice("-/.").join((str(day.year), f"{day.month:02d}", f"{day.day:02d}")),
    lambda day, chance: f"{day.year}/{day.month}/{day.day}",
    lambda day, chance: f"{day.day}.{day.month}.{day.year}",  # day first, with dots, as in Europe
    lambda day, chance: f"{day.year}年{day.month}月{day.day}{chance.choice('日日号')}",
    lambda day, chance: f"{day.year} 年 {day.month} 月 {day.day} 日",
    lambda day, chance: f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}",
    _chinese_digits,
    lambda day, chance: f"{_year_of_digits(day)}年{chinese(day.month)}月{chinese(day.day)}{chance.choice('日号')}",
    lambda day, chance: f"{day.month}月{day.day}日，{day.year}年",
)


def dates(folder: Path) -> Corpus:
    """(day, written, normalised): each day of the split is in one part only, whatever the way it is written."""
    chance = random.Random(20261120)
    days = sorted({FIRST + timedelta(chance.randrange((LAST - FIRST).days + 1)) for _ in range(COUNT)})
    return split(((day.isoformat(), chance.choice(WAYS)(day, chance), day.isoformat()) for day in days), 0.03, 0.06)
