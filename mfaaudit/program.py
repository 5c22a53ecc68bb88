"""Which program this is: its version, the hash of its own files, and the packages that it works with."""

from __future__ import annotations

import importlib.metadata
import platform
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from mfaaudit import __version__, shipped

JUDGES = ("polars", "narwhals", "openpyxl", "jinja2", "ruamel.yaml")
"""Packages that read the rules, judge by them, and draw."""
NOT_OURS = ("__pycache__", "_shipped")
"""What Python makes of the files, and where a wheel puts the data, which has names of its own below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One version of the program, as it is installed."""

    version: str
    python: str
    packages: Mapping[str, str]
    sha256: str
    """Of its own files, as `own_sha256` makes it."""


def judging_program() -> Program:
    """The program that runs, with the packages that judge and draw."""
    return Program(
        version=__version__,
        python=platform.python_version(),
        # What is deflated by another zlib has other bytes: workbooks, and the data in the page.
        packages={**{name: importlib.metadata.version(name) for name in JUDGES}, "zlib": zlib.ZLIB_RUNTIME_VERSION},
        sha256=own_sha256(),
    )


@cache
def own_sha256() -> str:
    """The SHA-256 of the list that `sha256sum` makes of all files of the program, in the order of their names.

    Code, schemas, rule packs and templates count, under the names that they have in a checkout; so a checkout and a
    wheel of the same files have the same hash. In a checkout this makes it again:
    `find mfaaudit policies reports/templates -type f ! -path '*/__pycache__/*' | LC_ALL=C sort | xargs sha256sum |
    sha256sum`
    """
    named = dict(_files())
    lines = (f"{sha256(named[name]).hexdigest()}  {name}\n" for name in sorted(named))
    return sha256("".join(lines).encode()).hexdigest()


def _files() -> Iterator[tuple[str, bytes]]:
    yield from _below(files("mfaaudit"), "mfaaudit")
    yield from _below(shipped.policies(), "policies")
    yield from _below(shipped.templates(), "reports/templates")


def _below(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        if one.name in NOT_OURS:
            continue
        place = f"{name}/{one.name}"
        if one.is_dir():
            yield from _below(one, place)
        else:
            yield place, one.read_bytes()
