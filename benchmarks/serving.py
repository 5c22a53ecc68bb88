"""A tidy simulated tenant in a process of its own, so that neither its CPU nor its memory is counted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def served(users: int, *, quota: bool) -> Iterator[tuple[str, str]]:
    """Its address and a token, with Graph's quotas or without any."""
    options = ["--port", "0", "--users", str(users), "--mood", "tidy", "--quota" if quota else "--no-quota"]
    command = [sys.executable, "-m", "mfaaudit", "simulate", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        lines = [server.stdout.readline().strip() for _ in range(3)]
        try:
            yield lines[2].split()[3], lines[1].split("=", 1)[1]
        finally:
            server.terminate()
