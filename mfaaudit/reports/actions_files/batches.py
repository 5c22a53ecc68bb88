"""The same changes as bodies for Graph's `$batch`: reads first, then the changes, then the way back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mfaaudit.actions import Change
from mfaaudit.bundle import private_file

LIMIT = 20
"""Requests that Graph takes in one batch."""
ABOUT = (
    "Each line of dryRun, apply and rollback is the body of one POST to {version}/$batch. Send dryRun first; leave out "
    "of apply whoever is not as `seen` in the list any more. The id of a request is the number of its row in the list. "
    "After apply send dryRun again: Graph answers a change that it ignores like one that it makes. rollback puts back "
    "what the audit saw: send of it only what apply has changed. Honour Retry-After, also of single answers."
)
Row = Mapping[str, Any]


def write_batches(path: Path, change: Change, rows: Sequence[Row], facts: Mapping[str, Any]) -> None:
    """The file, a body a line; `rows` are those of the list, with userId and seen. Raises OutputProblem."""
    head = {"about": ABOUT.format(version=change.place.version), **facts}
    kinds: dict[str, Callable[[Row], dict[str, Any]]] = {
        "dryRun": lambda row: _read(change, row),
        "apply": lambda row: _set(change, row, change.value),
        "rollback": lambda row: _set(change, row, row["seen"]),
    }
    with private_file(path) as file:
        file.write(json.dumps(head, indent=2, ensure_ascii=False)[:-2].encode())
        for kind, request in kinds.items():
            bodies = ",\n".join(json.dumps(body, ensure_ascii=False) for body in _bodies(rows, request))
            file.write(f',\n  "{kind}": [\n{bodies}\n  ]'.encode())
        file.write(b"\n}\n")


def _bodies(rows: Sequence[Row], request: Callable[[Row], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(rows), LIMIT):
        some = rows[start : start + LIMIT]
        yield {"requests": [{"id": str(start + place), **request(row)} for place, row in enumerate(some, 1)]}


def _read(change: Change, row: Row) -> dict[str, Any]:
    asked = f"?$select={change.place.select}" if change.place.select else ""
    return {"method": "GET", "url": _url(change, row) + asked}


def _set(change: Change, row: Row, value: str) -> dict[str, Any]:
    return {
        "method": "PATCH",
        "url": _url(change, row),
        "headers": {"Content-Type": "application/json"},
        "body": {change.place.key: change.json_value(value)},
    }


def _url(change: Change, row: Row) -> str:
    return change.place.path.replace("{id}", row["userId"])
