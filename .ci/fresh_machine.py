#!/usr/bin/env python3
"""Install this checkout as on a fresh machine on some later day: with old and new pips, and newer releases of all.

A lock that pip resolves again works until one of its packages has a newer release, and then breaks without anybody's
change. So an index on disk adds a made-up release 9999 of every locked package, and the install lines of the Makefile
and of the README have to give exactly what the locks name. Needs the network, for the packages themselves, and is
therefore run beside the tests.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Pip 22.3 came with Python 3.11.0; up to 23.2 pip took an extra of a locked package for a package of its own. Later
# Pythons cannot run these, and bring what they can.
OLDEST, STUMBLING, NEWEST = "pip==22.3", "pip==23.2", "--upgrade pip"
FOR_MAKE = (STUMBLING, NEWEST) if sys.version_info < (3, 12) else (NEWEST,)
FOR_README = OLDEST if sys.version_info < (3, 12) else NEWEST
PATIENCE_S = 900
NEWER = "9999"
NOT_LOCKED = {"mfaaudit", "pip", "setuptools"}
"""What an environment may hold beside the lock: the program, and what `venv` brings."""


def plain(name: str) -> str:
    """A package's name as indexes spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(lock: str) -> dict[str, str]:
    """The packages that a lock pins, on any system, with their versions."""
    lines = re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    return {plain(name): version for name, version in lines}


def newer_releases(index: Path, names: Iterable[str]) -> None:
    """Fill an index on disk with one empty wheel for each name."""
    for name in names:
        stem = f"{name.replace('-', '_')}-{NEWER}"
        wheel = index / name / f"{stem}-py3-none-any.whl"
        wheel.parent.mkdir(parents=True)
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"{stem}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {NEWER}\n")
            archive.writestr(
                f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(f"{stem}.dist-info/RECORD", "")
        page = f'<!DOCTYPE html><html><body><a href="{wheel.name}">{wheel.name}</a></body></html>'
        (wheel.parent / "index.html").write_text(page, encoding="utf-8")


def checkout(folder: Path) -> Path:
    """Copy what git tracks, so that nothing of this checkout is used or changed."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    for name in filter(lambda name: (ROOT / name).is_file(), tracked.decode().split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


def environment(folder: Path, pip: str, variables: Mapping[str, str]) -> Path:
    """Make a virtual environment with a pip of that version; returns its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=PATIENCE_S)
    python = folder / "bin" / "python"
    command = [python, "-m", "pip", "install", "--quiet", *pip.split()]
    subprocess.run(command, check=True, timeout=PATIENCE_S, env={**variables, "PIP_EXTRA_INDEX_URL": ""})
    return python


def check(python: Path, locks: Sequence[str], what: str) -> None:
    """End the run unless all that an environment holds is of the locks, and hardly anything of them is missing."""
    code = "import importlib.metadata as m; print(*(f'{d.name}=={d.version}' for d in m.distributions()))"
    printed = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True, timeout=PATIENCE_S)
    here = {plain(name): version for name, version in (word.split("==", 1) for word in printed.stdout.split())}
    pinned = {name: version for lock in locks for name, version in locked(lock).items()}
    beside = here.keys() - NOT_LOCKED
    strange = {name: here[name] for name in beside if here[name] != pinned.get(name)}
    if strange or len(here) < 0.7 * len(pinned):
        sys.exit(f"{what}: {len(here)} packages for the {len(pinned)} locked ones; in other versions: {strange}")
    print(f"{what}: {len(here)} packages, as {' and '.join(locks)} name them", flush=True)


def readme_lines() -> list[str]:
    """The lines of the README that install the program, in order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (block,) = (block for block in blocks if "requirements.lock" in block)
    return [line for line in block.splitlines() if "pip" in line]


def resolving_fails(python: Path, variables: Mapping[str, str]) -> bool:
    """Whether pip 23.2 stumbles where it resolves: without that, the made-up releases would prove nothing."""
    command = [python, "-m", "pip", "install", "--quiet", "--dry-run", "--require-hashes", "-r"]
    command.append(ROOT / "requirements-dev.lock")
    told = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=PATIENCE_S)
    return told.returncode != 0 and "must have their versions pinned" in told.stderr


def main() -> None:
    """Install with every pip by the Makefile's lines, and with the oldest by the README's."""
    with tempfile.TemporaryDirectory(prefix="fresh-machine-") as name:
        folder = Path(name)
        newer_releases(folder / "index", {**locked("requirements.lock"), **locked("requirements-dev.lock")})
        variables = {**os.environ, "PIP_EXTRA_INDEX_URL": (folder / "index").as_uri()}
        for number, pip in enumerate(FOR_MAKE):
            copy = checkout(folder / f"make-{number}")
            python = environment(copy / ".venv", pip, variables)
            if pip == STUMBLING and not resolving_fails(python, variables):
                sys.exit("pip 23.2 resolved the lock although there are newer releases: this check shows nothing now")
            subprocess.run(["make", ".venv/dev.stamp"], cwd=copy, env=variables, check=True, timeout=PATIENCE_S)
            check(python, ("requirements-dev.lock",), f"make with {pip}")
            shutil.rmtree(copy)
        copy = checkout(folder / "readme")
        python = environment(copy / ".venv", FOR_README, variables)
        for line in readme_lines():
            subprocess.run(line, shell=True, cwd=copy, env=variables, check=True, timeout=PATIENCE_S)
        check(python, ("requirements.lock", "requirements-build.lock"), f"README with {FOR_README}")
        subprocess.run([copy / ".venv/bin/mfaaudit", "--version"], check=True, timeout=PATIENCE_S)


if __name__ == "__main__":
    main()
