"""How long `mfaaudit --help` takes, against a Python that does nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

RUNS = 15


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    ours = best([sys.executable, "-m", "mfaaudit", "--help"])
    theirs = best([sys.executable, "-c", "pass"])
    yield figure("start: mfaaudit --help", ours, "ms", "python -c pass", theirs)


def best(command: list[str]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return 1000 * min(times)
