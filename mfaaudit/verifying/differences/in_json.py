"""Where two JSON values differ, by their paths."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from mfaaudit.json_reading import read_json
from mfaaudit.plain_files import LARGEST_JSON, read_plain
from mfaaudit.verifying.differences.found import SHOWN, Found, instead
from mfaaudit.verifying.maker import JUDGED_BY

LEFT_OUT = (f".run.{JUDGED_BY}",)
"""What has to differ where another program judged."""
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Look:
    """How two values are compared."""

    known_only: bool
    left_out: Collection[str]


def compare(theirs: Path, ours: Path, known_only: bool) -> Found:
    """Two files."""
    try:
        there = read_json(read_plain(theirs, max(LARGEST_JSON, 4 * ours.stat().st_size)))
    except (ValueError, RecursionError) as error:
        return Found(False, f"it is no JSON: {error}")
    left_out = LEFT_OUT if known_only else ()
    return compare_values(there, read_json(ours.read_bytes()), known_only=known_only, left_out=left_out)


def compare_values(there: Any, here: Any, *, known_only: bool, left_out: Collection[str] = ()) -> Found:
    """Two values as they were read, but for what stands at the paths `left_out`."""
    look = Look(known_only, left_out)
    found = list(islice(_differences(there, here, "", look), MOST_COUNTED))
    if not found:
        return Found(True, "the same values, written otherwise")
    shown = "; ".join(f"{path.removeprefix('.') or 'the whole'}: {words}" for path, words in found[:SHOWN])
    more = len(found) - SHOWN
    tail = f"; and {'at least ' if len(found) == MOST_COUNTED else ''}{more:,} more" if more > 0 else ""
    return Found(False, shown + tail)


def _differences(there: Any, here: Any, path: str, look: Look) -> Iterator[tuple[str, str]]:
    if path in look.left_out:
        return
    if isinstance(there, dict) and isinstance(here, dict):
        for key in there:
            if key in here:
                yield from _differences(there[key], here[key], f"{path}.{key}", look)
            elif not look.known_only:
                yield f"{path}.{key}", "is there, and nothing leads to it"
        if not look.known_only:
            yield from ((f"{path}.{key}", "is missing") for key in here if key not in there)
    elif isinstance(there, list) and isinstance(here, list):
        for place, (one, other) in enumerate(zip(there, here, strict=False)):
            yield from _differences(one, other, f"{path}[{place}]", look)
        if len(there) != len(here):
            yield path, f"{len(there):,} elements instead of {len(here):,}"
    elif type(there) is not type(here) or there != here:
        # True is 1 to Python, and not to anybody else.
        yield path, instead(there, here)
