"""Peak memory of judging a large tenant in all four formats, against a Python that loads the evidence as JSON."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from peak import peak

USERS = 100_000
POLICIES = ("--policy", "baseline", "--policy", "legacy-per-user-mfa")
LOAD = """
import gzip, json, pathlib, sys
lines = [json.loads(line) for file in pathlib.Path(sys.argv[1]).glob("*.gz") for line in gzip.open(file)]
bodies = [json.loads(line["body"]) for line in lines if line.get("body")]
"""


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder, "bundle")
        maker = Path(__file__).with_name("evidence.py")
        # In a process of its own, whose memory is given back.
        subprocess.run([sys.executable, str(maker), str(bundle), str(USERS)], check=True)
        evaluate = ["-m", "mfaaudit", "evaluate", str(bundle), *POLICIES, "--out", str(Path(folder, "new")), "--quiet"]
        ours = peak(evaluate, (10, 11))
        theirs = peak(["-c", LOAD, str(bundle / "evidence")], (0,))
    yield figure(f"evaluate: peak memory, {USERS:,} users", ours, "MB", "json.loads of the evidence, kept", theirs)
