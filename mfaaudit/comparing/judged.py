"""Judges the bundles again, each from its own evidence and with what itself keeps; large ones at the same time."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

from mfaaudit.bundle import EVIDENCE
from mfaaudit.comparing.chosen import Chosen
from mfaaudit.earlier import Audit, Earlier
from mfaaudit.errors import BundleProblem
from mfaaudit.judging import Step, judge_earlier, judge_snapshot
from mfaaudit.kept import brief_of
from mfaaudit.reports.material import Material
from mfaaudit.snapshot import take

LARGE = 8 << 20
"""Bytes of evidence that take longer to read than another process takes to start."""


def judge_chosen(chosen: Sequence[Chosen], progress: Step) -> tuple[Material, Earlier]:
    """The latest of the audits, and beside it all earlier ones; nothing is written.

    Raises BundleProblem, or PolicyProblem, if one is not whole, was altered, or is of another version.
    """
    *before, latest = chosen
    how = brief_of(latest.bundle, "json", with_earlier=False)
    if sum(_size(one.bundle) for one in before) < LARGE:
        audits: tuple[Audit, ...] = judge_earlier([one.bundle for one in before], progress)
        progress("Latest audit", 0, None)
        snapshot = take(latest.bundle / EVIDENCE)
    else:
        workers = max(1, min(len(before), (os.cpu_count() or 1) - 1))
        # A process that was forked would share the threads of what is already at work in this one.
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            waiting = [pool.submit(_judge, one.bundle, bare=one is not before[-1]) for one in before]
            progress("Latest audit", 0, None)
            snapshot = take(latest.bundle / EVIDENCE)
            audits = ()
            for number, (one, future) in enumerate(zip(before, waiting, strict=True)):
                progress("Earlier audits", number, len(before))
                try:
                    audits = (*audits, future.result())
                except BrokenProcessPool as error:
                    raise BundleProblem(
                        f"{one.bundle} could not be judged: the process that read it was stopped",
                        hint="It may have run out of memory: free some, or compare on a larger machine.",
                    ) from error
    progress("Comparing", 0, None)
    made = judge_snapshot(snapshot, replace(how, earlier=audits))
    if made.earlier is None:
        raise AssertionError("an audit beside earlier ones was not compared with them")
    return made, made.earlier


def _judge(bundle: Path, *, bare: bool) -> Audit:
    """The work of another process; only the last of the earlier audits is judged again with other rules."""
    [audit] = judge_earlier([bundle], lambda *_: None)
    return audit.bare if bare else audit


def _size(bundle: Path) -> int:
    return sum(path.stat().st_size for path in (bundle / EVIDENCE).iterdir() if path.is_file())
