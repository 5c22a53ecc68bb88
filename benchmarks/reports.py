"""Time, memory and size of the workbook and the page of a large tenant, against openpyxl writing the bare values.

If Chromium is there, the page is opened in it: how soon something is seen, and how long a letter in the search takes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from peak import peak

USERS = 100_000
PACKS = ("baseline", "legacy-per-user-mfa", "privileged-accounts", "phishing-resistant", "guests")
"""25 rules about users among them, and more about the tenant."""
BASELINE = "openpyxl write-only, values alone"


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        maker = Path(__file__).with_name("evidence.py")
        # In a process of its own, whose memory is given back.
        subprocess.run([sys.executable, str(maker), str(folder / "bundle"), str(USERS)], check=True)
        bare, workbook, page = (one(folder, what) for what in ("bare.xlsx", "report.xlsx", "report.html"))
        rules = f"{USERS:,} users, {int(bare['rules'])} rules"
        for what, found in (("workbook", workbook), ("page", page)):
            for told, unit in (("time", "s CPU"), ("peak memory", "MB"), ("file", "MB")):
                yield figure(f"{what}: {told}, {rules}", found[told], unit, BASELINE, bare[told])
        if shutil.which("chromium"):
            from browsing import opened

            seen = opened(folder / "report.html")
            yield figure("page: first paint in Chromium", seen.first_paint, "ms", "the budget", 1_000.0)
            yield figure("page: lists can be searched", seen.ready, "ms", "the budget", 10_000.0)
            yield figure("page: a letter in the search, median", seen.letter, "ms", "the budget", 100.0)
            yield figure("page: a letter in the search, slowest of all", seen.slowest, "ms", "the budget", 100.0)


def one(folder: Path, name: str) -> dict[str, float]:
    """What one of the files costs, written by a process of its own."""
    path, told = folder / name, folder / f"{name}.json"
    most = peak([__file__, str(folder / "bundle"), str(path), str(told)], (0,))
    return json.loads(told.read_text()) | {"peak memory": most, "file": path.stat().st_size / 1e6}


def write(bundle: Path, path: Path, told: Path) -> None:
    """The work of that process; what reading and judging take is not counted as time."""
    from mfaaudit.reports.page import write_page
    from mfaaudit.reports.workbook import write_workbook
    from mfaaudit.sources.field import Scope

    ways = {"bare.xlsx": bare, "report.xlsx": write_workbook, "report.html": write_page}
    document = made(bundle)
    rules = sum(one.rule.scope is Scope.USER for one in document.profiles.material.findings.results)
    start = time.process_time()
    ways[path.name](document, path)
    told.write_text(json.dumps({"time": time.process_time() - start, "rules": rules}))


def made(bundle: Path) -> Any:
    """The report on the tenant, in which everybody has a name of his own."""
    import polars as pl

    from mfaaudit.brief import brief
    from mfaaudit.bundle import EVIDENCE
    from mfaaudit.judging import judge_snapshot
    from mfaaudit.reports.content import document_of
    from mfaaudit.snapshot import take

    snapshot = take(bundle / EVIDENCE)
    place = pl.int_range(pl.len()).cast(pl.String())
    named = snapshot.users.with_columns(
        pl.concat_str(place, pl.lit("."), pl.col("user_userPrincipalName")),
        pl.concat_str(pl.col("user_displayName"), pl.lit(" "), place),
    )
    how = brief(PACKS, "low", "html", allow_conflicts=True)
    return document_of(judge_snapshot(replace(snapshot, users=named), how))


def bare(document: Any, path: Path) -> None:
    """The same cells of the same tables, without a look, a table, a link or a check."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for section in document.sections:
        for table in section.tables:
            sheet = book.create_sheet(table.name[:31])
            sheet.append([column.heading for column in table.columns])
            for row in table.rows():
                sheet.append([plainly(value) for value in row])
    book.save(path)


def plainly(value: Any) -> Any:
    """As openpyxl takes it."""
    from mfaaudit.reports.plain import plain

    match value:
        case str():
            return plain(value)
        case datetime():
            return value.replace(tzinfo=None)
        case Fraction():
            return float(value)
        case None | bool() | int():
            return value
    return f"NOT READ ({value.reason})"


if __name__ == "__main__":
    write(*map(Path, sys.argv[1:]))
