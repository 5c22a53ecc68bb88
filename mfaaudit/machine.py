"""Where a tenant is read from: the machine, the account of its system, and the program."""

from __future__ import annotations

import getpass
import os
import platform
import sys

from mfaaudit.evidence.run import Machine
from mfaaudit.program import own_sha256


def this_machine() -> Machine:
    """The machine that this process runs on."""
    return machine_called(platform.node(), _account())


def machine_called(host: str, account: str) -> Machine:
    """The same under other names: a simulated tenant is read by nobody in particular."""
    return Machine(
        host=host,
        account=account,
        system=platform.system(),
        python=platform.python_version(),
        program_sha256=own_sha256(),
    )


def _account() -> str:
    if sys.platform == "win32":
        return getpass.getuser()
    import pwd

    # By the rights that the process has: names in the environment are anybody's to set.
    number = os.geteuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
