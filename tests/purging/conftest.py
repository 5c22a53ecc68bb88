"""The command, in this process, with nobody to ask."""

import io
import sys
from dataclasses import dataclass

import pytest

from mfaaudit.cli import main


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    err: str


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self):
        return True


@pytest.fixture
def purge(capsys, monkeypatch):
    """Purges; `types` is what a person at a terminal answers, if there is one."""

    def run(*arguments, older_than="400d", types=None):
        monkeypatch.setattr(sys, "stdin", io.StringIO() if types is None else Terminal(types))
        code = main(["purge", *map(str, arguments), "--older-than", older_than, "--quiet"])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Told(code, said.out, said.err)

    return run
