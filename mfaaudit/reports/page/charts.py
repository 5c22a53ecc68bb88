"""Charts as SVG that keeps its writing readable at any width: shapes are scaled, words are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mfaaudit.reports.document import Chart, Tone

TICKS = 4
PLAIN_TONES = 4
"""Different looks of series without a tone of their own."""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a bar, in percent of the whole width."""

    start: float
    width: float
    look: str
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One category."""

    label: str
    total: int
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines in a square of 100 by 100, with y downwards as SVG has it."""

    paths: Sequence[tuple[str, str]]
    """The path of each series and its look; a gap in the data is a gap in the path."""
    ticks: Sequence[tuple[float, int]]
    """Heights of the grid, and the values there."""
    first: str
    last: str


def colour(chart: Chart, number: int) -> str:
    """The class of a series."""
    tone = chart.series[number].tone
    return f"tone-{tone.value}" if tone is not Tone.PLAIN else f"series-{number % PLAIN_TONES}"


def bars(chart: Chart) -> list[Bar]:
    """The bars, as long as their share of the longest."""
    totals = [sum(one.values[n] or 0 for one in chart.series) for n in range(len(chart.categories))]
    longest = max(totals, default=0) or 1
    made = []
    for n, category in enumerate(chart.categories):
        parts, start = [], 0.0
        for number, one in enumerate(chart.series):
            value = one.values[n]
            if value:
                width = 100 * value / longest
                parts.append(Part(round(start, 3), round(width, 3), colour(chart, number), f"{one.name}: {value:,}"))
                start += width
        made.append(Bar(category, totals[n], parts))
    return made


def lines(chart: Chart) -> Lines:
    """The lines over a grid with round numbers."""
    top = _round_up(max((value for one in chart.series for value in one.values if value is not None), default=0))
    step = 100 / max(1, len(chart.categories) - 1)
    paths = [(_path(one.values, step, top), colour(chart, number)) for number, one in enumerate(chart.series)]
    return Lines(
        paths=paths,
        ticks=[(100 - 100 * n / TICKS, top * n // TICKS) for n in range(TICKS + 1)],
        first=chart.categories[0] if chart.categories else "",
        last=chart.categories[-1] if chart.categories else "",
    )


def _path(values: Sequence[Any], step: float, top: int) -> str:
    path, down = [], False
    for number, value in enumerate(values):
        if value is None:
            down = False
            continue
        path.append(f"{'L' if down else 'M'}{number * step:.2f} {100 - 100 * value / top:.2f}")
        down = True
    return "".join(path)


def _round_up(value: int) -> int:
    """The next number that four grid lines divide into round ones."""
    size = 1
    while size * 40 < value:
        size *= 10
    return next(size * part for part in (4, 8, 12, 16, 20, 28, 40) if size * part >= value)
