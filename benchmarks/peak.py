"""Peak memory of a process, started by a small one in between: what its parent has used would count as its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence

BETWEEN = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(process.returncode, usage.ru_maxrss)
"""


def peak(arguments: Sequence[str], codes: Sequence[int], environment: Mapping[str, str] | None = None) -> float:
    """The most memory that a Python held, in MB. Raises AssertionError if it ends otherwise than it should."""
    command = [sys.executable, "-c", BETWEEN, sys.executable, *arguments]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
    code, most = map(int, said.split())
    assert code in codes, code
    # Linux counts in kibibytes, macOS in bytes.
    return most * (1024 if sys.platform == "linux" else 1) / 1e6
