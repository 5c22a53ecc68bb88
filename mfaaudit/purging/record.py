"""deletion.json: what was taken out of a bundle, when and why; read with suspicion."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from mfaaudit.bundle import DELETION, LARGEST_RECORD, is_inside, write_whole
from mfaaudit.errors import BundleProblem
from mfaaudit.json_reading import read_json

SCHEMA = 1
CURE = "Restore deletion.json from a copy of the bundle."
_HEX = re.compile(r"[0-9a-f]{64}")


class Progress(StrEnum):
    """How far a purge has come."""

    BEGUN = "begun"
    """It was stopped; the same command goes on with it."""
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """One file that was taken out, as it was found."""

    path: str
    """Below the bundle, as the manifest lists it."""
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A purge of one bundle."""

    progress: Progress
    begun_at: datetime
    deleted_at: datetime | None
    """When the last file was gone; None until then."""
    tool: str
    tool_version: str
    older_than: str
    """The limit, as it was given: `400d`."""
    age_days: int
    """How long before the purge the audit had ended."""
    manifest_sha256: str
    """Of the manifest, which stays as it is."""
    removed: tuple[Gone, ...]
    """Some may differ from what the manifest says: then they had been altered before."""
    missing: tuple[str, ...]
    """Files that the manifest lists and that had gone before."""
    kept: tuple[str, ...]
    totals: Mapping[str, Any] | None
    """What the audit came to, without people, where the manifest does not say it; None if it does, or nothing does."""
    totals_from: str
    """`manifest.json`, `results.json`, or why there are none."""

    @property
    def files(self) -> int:
        """All that the manifest lists."""
        return len(self.removed) + len(self.missing) + len(self.kept)


def read_record(bundle: Path) -> Record | None:
    """The record of the purge of a bundle; None if none was begun.

    Raises BundleProblem if there is something in its place that no purge wrote.
    """
    path = bundle / DELETION
    if not path.is_symlink() and not path.exists():
        return None
    if path.is_symlink() or not path.is_file():
        raise BundleProblem(f"{path} is no file", hint=CURE)
    if path.stat().st_size > LARGEST_RECORD:
        raise BundleProblem(f"{path} is larger than any record of a purge can be", hint=CURE)
    try:
        return _record(read_json(path.read_bytes()))
    except OSError as error:
        raise BundleProblem(f"{path} cannot be read: {error.strerror}", hint="Change its rights.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleProblem(f"{path} is no record of a purge that this version knows: {error}", hint=CURE) from error


def write_record(bundle: Path, record: Record) -> None:
    """Writes the record, and has it on the disk before it returns. Raises OutputProblem if the disk refuses."""
    facts = {
        "schema": SCHEMA,
        "progress": record.progress.value,
        "begunAt": record.begun_at.isoformat(),
        "deletedAt": None if record.deleted_at is None else record.deleted_at.isoformat(),
        "tool": record.tool,
        "toolVersion": record.tool_version,
        "olderThan": record.older_than,
        "ageDays": record.age_days,
        "manifestSha256": record.manifest_sha256,
        "removed": [{"path": one.path, "sha256": one.sha256, "bytes": one.bytes} for one in record.removed],
        "missing": list(record.missing),
        "kept": list(record.kept),
        "totals": record.totals,
        "totalsFrom": record.totals_from,
    }
    # Nothing is taken away before it is certain that what was taken is known.
    write_whole(bundle / DELETION, (json.dumps(facts, indent=2, ensure_ascii=False) + "\n").encode("utf-8"))


def _record(facts: Mapping[str, Any]) -> Record:
    if _number(facts["schema"]) != SCHEMA:
        raise ValueError(f"it has schema {facts['schema']}")
    totals = facts["totals"]
    if totals is not None and not isinstance(totals, dict):
        raise TypeError("the totals are none")
    record = Record(
        progress=Progress(facts["progress"]),
        begun_at=_time(facts["begunAt"]),
        deleted_at=None if facts["deletedAt"] is None else _time(facts["deletedAt"]),
        tool=_text(facts["tool"]),
        tool_version=_text(facts["toolVersion"]),
        older_than=_text(facts["olderThan"]),
        age_days=_number(facts["ageDays"]),
        manifest_sha256=_digest(facts["manifestSha256"]),
        removed=tuple(
            Gone(path=_path(one["path"]), sha256=_digest(one["sha256"]), bytes=_number(one["bytes"]))
            for one in facts["removed"]
        ),
        missing=tuple(_path(one) for one in facts["missing"]),
        kept=tuple(_path(one) for one in facts["kept"]),
        totals=totals,
        totals_from=_text(facts["totalsFrom"]),
    )
    names = {*(one.path for one in record.removed), *record.missing, *record.kept}
    if len(names) != record.files:
        raise ValueError("it names a file twice")
    if (record.progress is Progress.DONE) != (record.deleted_at is not None):
        raise ValueError("it does not say whether it was done")
    return record


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:80]!r} is no text")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{str(value)[:80]!r} is no number")
    return value


def _digest(value: Any) -> str:
    if not _HEX.fullmatch(_text(value)):
        raise ValueError(f"{value[:80]!r} is no hash")
    return _text(value)


def _path(value: Any) -> str:
    if not is_inside(_text(value)):
        raise ValueError(f"{value[:80]!r} is not the path of a file in the bundle")
    return _text(value)


def _time(value: Any) -> datetime:
    time = datetime.fromisoformat(_text(value))
    if time.tzinfo is None:
        raise ValueError(f"{value[:80]!r} has no time zone")
    return time
