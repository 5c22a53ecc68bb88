"""Two audits of a large tenant, a quarter apart, compared by a process of its own, against reading the two in turn."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

USERS = 100_000
PACKS = ("baseline", "legacy-per-user-mfa")
FILES = "xlsx,html,csv,json"


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundles = [str(folder / f"quarter-{quarter}") for quarter in (0, 1)]
        for quarter, bundle in enumerate(bundles):
            # In a process of its own, whose memory is given back.
            subprocess.run([sys.executable, __file__, bundle, str(quarter)], check=True)
        taken = sum(map(take, bundles))
        started, used = time.monotonic(), children()
        command = [sys.executable, "-m", "mfaaudit", "compare", *bundles, "--out", str(folder / "out"), "--quiet"]
        code = subprocess.run([*command, "--format", FILES], check=False, stdout=subprocess.DEVNULL).returncode
        assert code in (0, 10, 11), code
        wall, cpu = time.monotonic() - started, children() - used
        what = f"comparing two audits of {USERS:,} users, {FILES}"
        yield figure(f"{what}: CPU", cpu, "s CPU", "reading the evidence of both, and nothing else", taken)
        yield figure(f"{what}: time", wall, "s", "the budget", 20.0)


def take(bundle: str) -> float:
    """The CPU that the evidence of one of them costs to read."""
    from mfaaudit.bundle import EVIDENCE
    from mfaaudit.snapshot import take

    start = time.process_time()
    take(Path(bundle, EVIDENCE))
    return time.process_time() - start


def children() -> float:
    """The CPU of all processes that this one started and that ended."""
    times = os.times()
    return times.children_user + times.children_system


def make(bundle: Path, quarter: int) -> None:
    """One of the bundles, judged."""
    from evidence import make as make_evidence

    from mfaaudit.brief import brief
    from mfaaudit.judging import judge_bundle

    make_evidence(bundle, USERS, mood="tidy", quarter=quarter)
    judge_bundle(bundle, brief(PACKS, "low", "json"), lambda *_: None)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
