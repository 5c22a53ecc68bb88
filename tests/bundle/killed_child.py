"""Runs a command, and kills its own process at the so-manieth change of the file system."""

import os
import secrets
import signal
import sys

from mfaaudit.bundle import files
from mfaaudit.cli import main

number, arguments = int(sys.argv[1]), sys.argv[2:]
done = 0


def change(kind, path):
    global done
    done += 1
    if done == number:
        os.kill(os.getpid(), signal.SIGKILL)


files.change = change
secrets.token_bytes = lambda size: b"\7" * size
sys.exit(main(arguments))
