"""Whether a folder can become a bundle, and whether it is one; and how a new one is begun."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath

from mfaaudit import shipped
from mfaaudit.bundle.files import make_closed, make_private, remove_file
from mfaaudit.bundle.layout import (
    DELETION,
    EVIDENCE,
    LARGEST_RECORD,
    LOCK,
    MANIFEST,
    PART,
    READY,
    RECHECK,
    STAGING,
)
from mfaaudit.bundle.lock import locked
from mfaaudit.bundle.refused import refusing
from mfaaudit.bundle.staging import Replacement, give_up_fresh, heal, replacing
from mfaaudit.errors import BundleProblem, OutputProblem
from mfaaudit.json_reading import read_json
from mfaaudit.plain_files import FILE, FOLDER, everything_in


def check_out(out: Path) -> None:
    """Whether a bundle could be made there; asked before anything is read. Raises OutputProblem if not."""
    # In a checkout the templates and the sample stand there, and what stands there is committed.
    ours = Path(str(shipped.templates())).resolve().parent
    if out.resolve().is_relative_to(ours):
        raise OutputProblem(
            f"{out} lies inside {ours}, which is part of the program",
            hint="A bundle holds personal data: give --out a folder outside the checkout.",
        )
    if out.exists() and not out.is_dir():
        raise OutputProblem(f"{out} is a file", hint="Give --out the name of a folder that does not exist yet.")
    if out.is_dir() and ((out / READY).is_dir() or (out / STAGING).is_dir()):
        with locked(out):
            give_up_fresh(out)
    if out.exists() and holds_anything(out):
        raise _not_empty(out)
    parent = out if out.exists() else next(folder for folder in out.absolute().parents if folder.exists())
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputProblem(
            f"{parent} cannot be written", hint="Give --out a folder that you may write, or change its rights."
        )


def holds_anything(folder: Path) -> bool:
    """Whether a folder holds more than a command leaves behind that was killed before it had read anything."""
    for path in folder.rglob("*"):
        name = PurePosixPath(path.relative_to(folder).as_posix())
        half = name.parts[0] == EVIDENCE and name.name.endswith(PART)
        if not (path.is_dir() and not path.is_symlink()) and str(name) != LOCK and not half:
            return True
    return False


@contextmanager
def written_anew(out: Path) -> Iterator[Replacement]:
    """A folder that holds nothing yet, to write all of as one; it is locked meanwhile, and holds no lock in the end.

    Raises OutputProblem if the folder holds anything, another process writes there, or the disk refuses.
    """
    make_closed(out)
    with locked(out):
        give_up_fresh(out)
        if holds_anything(out):
            raise _not_empty(out)
        with replacing(out, fresh=True) as new:
            yield new
        if os.name == "posix":
            # It may be passed on as it is. Whoever locked it at this moment would find that the folder is full.
            with refusing(out):
                remove_file(out / LOCK)


def _not_empty(out: Path) -> OutputProblem:
    return OutputProblem(
        f"the folder {out} exists and is not empty",
        hint="Evidence is never mixed or written over: give --out the name of a folder that does not exist yet, or "
        "go on with an audit that was broken off there by `mfaaudit audit --resume`.",
    )


def default_out(tenant: str, started_at: datetime, kind: str = "") -> Path:
    """A new folder in the working directory, named for the tenant, what it is if no audit, and the time in UTC."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in ".-") else "-" for letter in tenant)
    return Path(f"mfaaudit-{plain.strip('.-') or 'tenant'}-{kind and f'{kind}-'}{started_at:%Y%m%dT%H%M%SZ}")


def create(out: Path) -> Path:
    """The bundle's folder with its evidence folder, for its owner only. Raises OutputProblem if it cannot be made."""
    check_out(out)
    make_closed(out)
    make_private(out / EVIDENCE)
    return out


def check_bundle(bundle: Path) -> None:
    """Raises BundleProblem unless an audit left the folder behind, nothing but files is in it, and none was purged.

    Finishes first what an interrupted command had begun there; raises OutputProblem if another one is at work.
    """
    heal(bundle)
    if (bundle / DELETION).is_symlink() or (bundle / DELETION).exists():
        raise BundleProblem(
            f"{bundle} was purged{_when_purged(bundle / DELETION)}: its people are gone, and only totals are left",
            hint=f"{MANIFEST} and {DELETION} in it say what there was; what is to be judged or drawn needs a copy from "
            "before, or a new audit.",
        )
    if not (bundle / EVIDENCE).is_dir():
        raise BundleProblem(
            f"{bundle} is not a bundle: it has no folder {EVIDENCE}",
            hint="Give the folder that `mfaaudit audit` or `mfaaudit demo` made.",
        )
    if (bundle / EVIDENCE / RECHECK).exists():
        raise BundleProblem(
            f"{bundle} holds a recheck: the users that an audit flagged, and nobody else",
            hint="Give the bundle of an audit; recheck.json in this folder names the one that it rechecks.",
        )
    for path, kind in everything_in(bundle, apart_from=(STAGING, READY)):
        if kind not in (FILE, FOLDER):
            # A link leads out of the bundle, and a pipe or a device is read without end.
            raise BundleProblem(
                f"{path} is a {kind}; a bundle holds files alone",
                hint="Take it away and see whether the bundle is still whole, or restore the bundle from a copy.",
            )


def _when_purged(record: Path) -> str:
    """The day and the limit, in words; nothing if the record cannot be read, which is no reason to go on."""
    try:
        if record.is_symlink() or not record.is_file() or record.stat().st_size > LARGEST_RECORD:
            return ""
        facts = read_json(record.read_bytes())
        day = datetime.fromisoformat(facts["deletedAt"] or facts["begunAt"]).date()
        unfinished = "" if facts["deletedAt"] else ", though not to its end"
        return f" on {day} by --older-than {str(facts['olderThan'])[:20]}{unfinished}"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
