"""inputs.sha256: the hash of every file that a judgement rests on, as `sha256sum -c` checks them."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from mfaaudit.bundle import DECLARED, EARLIER, EVIDENCE, POLICIES, is_inside, sha256_of, write_private
from mfaaudit.errors import BundleProblem
from mfaaudit.manifest import plain_file

INPUTS = "inputs.sha256"
FOLDERS = (DECLARED, EARLIER, EVIDENCE, POLICIES)


def list_inputs(bundle: Path, new: Path | None = None) -> bytes:
    """What the file of a bundle holds: one line for each file below FOLDERS, by its path.

    `new` is where all of them but the evidence are, while they are not in the bundle yet. Raises BundleProblem for a
    file that no audit wrote.
    """
    sources = {folder: bundle if new is None or folder == EVIDENCE else new for folder in FOLDERS}
    found = sorted((_path(root, file), root) for folder, root in sources.items() for file in _files(root / folder))
    return "".join(f"{sha256_of(root / path)}  {path}\n" for path, root in found).encode()


def inputs_sha256(bundle: Path) -> str:
    """The hash of that list: one number that stands for all that went into a judgement. Raises BundleProblem."""
    return sha256(list_inputs(bundle)).hexdigest()


def write_inputs(bundle: Path, new: Path) -> str:
    """Writes the file beside the other new ones, and returns its hash.

    Raises BundleProblem, or OutputProblem if the disk refuses.
    """
    content = list_inputs(bundle, new)
    write_private(new / INPUTS, content)
    return sha256(content).hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _path(bundle: Path, file: Path) -> str:
    path = file.relative_to(bundle).as_posix()
    # sha256sum writes strange names in another way, and a link may lead to a file that changes by itself.
    if not is_inside(path) or plain_file(bundle, path) is None:
        raise BundleProblem(
            f"{path!r} is the name of no file that an audit wrote",
            hint="Something else was put into the bundle: take it out, or restore the bundle from a copy.",
        )
    return path
