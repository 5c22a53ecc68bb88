"""Measures, each time against a named baseline in the same run, and prints ratios: compare those, not seconds."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

NAMES = (
    "startup",
    "per_user",
    "quota",
    "settling",
    "whole_tenant",
    "judging",
    "enforcement",
    "workbook",
    "reports",
    "comparing",
    "memory",
    "whole_audit",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement beside its baseline, both in the same unit."""

    what: str
    ours: float
    unit: str
    baseline: str
    theirs: float

    def __str__(self) -> str:
        """One line of the table."""
        ratio = self.ours / self.theirs
        said = f"{ratio:.2f} x" if ratio >= 0.1 or not ratio else f"1/{1 / ratio:.1f} x"
        return f"{self.what:52}{self.ours:>12,.1f} {self.unit:8}{self.theirs:>12,.1f}  {said:>10}  {self.baseline}"


def figures(names: list[str]) -> Iterator[Figure]:
    """What each benchmark measured."""
    for name in names:
        yield from importlib.import_module(name).measure(Figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all of them by default")
    names = parser.parse_args().names
    if strange := set(names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(strange))}; choose from {', '.join(NAMES)}")
    print(f"{'':52}{'ours':>12} {'':8}{'baseline':>12}  {'ratio':>10}  the baseline is")
    for figure in figures(names or list(NAMES)):
        print(figure, flush=True)


if __name__ == "__main__":
    main()
