"""What is different between two texts of which one only has lines more, as a patch that a person can read."""

from __future__ import annotations

import re
from itertools import takewhile

AROUND = 3
"""Lines before and after that show the place."""
NO_END = "\\ No newline at end of file"
LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""Only this sign ends a line of a patch; Python knows more of them."""


def difference(before: str | None, after: str, old_name: str, new_name: str) -> str:
    """A unified diff of one hunk, which takes no longer for a long text; "" if nothing differs."""
    old, new = LINE.findall(before or ""), LINE.findall(after)
    if old == new:
        return ""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    rest = range(1, min(len(old), len(new)) - same + 1)
    tail = sum(1 for _ in takewhile(lambda number: old[-number] == new[-number], rest))
    first = max(0, same - AROUND)
    shown = min(AROUND, tail)
    lines = [
        *(f" {line}" for line in old[first:same]),
        *(f"-{line}" for line in old[same : len(old) - tail]),
        *(f"+{line}" for line in new[same : len(new) - tail]),
        *(f" {line}" for line in old[len(old) - tail : len(old) - tail + shown]),
    ]
    head = [
        f"--- {old_name if before is not None else '/dev/null'}",
        f"+++ {new_name}",
        f"@@ -{_span(first, len(old) - tail + shown)} +{_span(first, len(new) - tail + shown)} @@",
    ]
    return "\n".join([*head, *(_line(one) for one in lines)]) + "\n"


def _span(first: int, last: int) -> str:
    # An empty span is named by the line before it.
    return f"{first + 1 if last > first else first},{last - first}"


def _line(line: str) -> str:
    return line[:-1] if line.endswith("\n") else f"{line}\n{NO_END}"
