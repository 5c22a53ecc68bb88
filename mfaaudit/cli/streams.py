"""The standard streams of the process: there from the start, and no reason for a traceback if one fails."""

from __future__ import annotations

import errno
import os
import sys
from io import TextIOWrapper

from mfaaudit.errors import SystemRefusal

TOO_MANY_FILES = "The system lets this process open too few files: raise the limit (ulimit -n 4096), then try again."


def prepare() -> None:
    """Opens the null device in place of each stream that is closed, and has no letter stop what is printed.

    The first file that is opened would take the number of a closed stream, and be written into by whoever prints.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            # A terminal or a file of an older encoding has not all letters that names have.
            stream.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Sends on what was printed, so that a failure is met here. Raises OSError if it cannot be."""
    if sys.stdout is not None:
        sys.stdout.flush()


def drop() -> None:
    """Has whatever is still printed go nowhere, so that the end of the process does not try it again."""
    if isinstance(sys.stdout, TextIOWrapper):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


def refusal_of(error: OSError) -> SystemRefusal:
    """The error for what the operating system refused, and nothing else has explained."""
    why = error.strerror or str(error)
    if error.filename is None and not _can_print():
        drop()
        return SystemRefusal(
            f"stdout could not be written: {why}",
            hint="Send the output elsewhere. Files that the command writes are not affected.",
        )
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return SystemRefusal(f"the system refused to open a file: {why}", hint=TOO_MANY_FILES)
    try:
        os.getcwd()  # noqa: PTH109 - asked for whether it is there
    except OSError:
        return SystemRefusal(
            "the working directory does not exist any more", hint="Change to a folder that exists, then try again."
        )
    place = f"{error.filename}: " if error.filename is not None else ""
    return SystemRefusal(
        f"the operating system refused: {place}{why}",
        hint="Check the disk, the rights and the network, then try again; --verbose shows where it happened.",
    )


def _can_print() -> bool:
    # What failed to be written is forgotten: only another attempt tells whether it was stdout that failed.
    try:
        if sys.stdout is not None:
            sys.stdout.write("\n")
        flush()
    except OSError:
        return False
    return True


def hint_of(error: Exception, hint: str) -> str:
    """What to do about an error; where too few files may be open, that is what helps, whatever was being done."""
    cause = error.__cause__
    return TOO_MANY_FILES if isinstance(cause, OSError) and cause.errno in (errno.EMFILE, errno.ENFILE) else hint
