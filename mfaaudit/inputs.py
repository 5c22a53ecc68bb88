"""inputs.sha256: the hash of every file that a judgement rests on, as `sha256sum -c` checks them."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from mfaaudit.bundle import DECLARED, EARLIER, EVIDENCE, POLICIES, sha256_of, write_private
from mfaaudit.errors import BundleProblem
from mfaaudit.manifest import is_inside, plain_file

INPUTS = "inputs.sha256"
FOLDERS = (DECLARED, EARLIER, EVIDENCE, POLICIES)


def list_inputs(bundle: Path) -> bytes:
    """What the file of a bundle holds: one line for each file below FOLDERS, by its path.

    Raises BundleProblem for a file that no audit wrote.
    """
    paths = sorted(_path(bundle, file) for file in _files(bundle))
    return "".join(f"{sha256_of(bundle / path)}  {path}\n" for path in paths).encode()


def inputs_sha256(bundle: Path) -> str:
    """The hash of that list: one number that stands for all that went into a judgement. Raises BundleProblem."""
    return sha256(list_inputs(bundle)).hexdigest()


def write_inputs(bundle: Path) -> str:
    """Writes the file, and returns its hash. Raises BundleProblem, or OutputProblem if the disk refuses."""
    content = list_inputs(bundle)
    write_private(bundle / INPUTS, content)
    return sha256(content).hexdigest()


def _files(bundle: Path) -> Iterable[Path]:
    return (path for folder in FOLDERS for path in (bundle / folder).rglob("*") if path.is_file())


def _path(bundle: Path, file: Path) -> str:
    path = file.relative_to(bundle).as_posix()
    # sha256sum writes strange names in another way, and a link may lead to a file that changes by itself.
    if not is_inside(path) or plain_file(bundle, path) is None:
        raise BundleProblem(
            f"{path!r} is the name of no file that an audit wrote",
            hint="Something else was put into the bundle: take it out, or restore the bundle from a copy.",
        )
    return path
