"""Two simulated tenants, audited and judged with all that a person can write, and copied in every way; once a run."""

import io
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from audits import Audit, judged_again
from filelock import FileLock
from leaping_loop import no_waiting

from mfaaudit.cli import main

OPTIONS = {
    "messy": ["--collect", "verified-bulk", "--with-signin-activity", "--with-eligible-roles"],
    "managed": ["--seed", "11"],
}
USERS = 90
PATIENCE_S = 300


@dataclass(frozen=True)
class Copies:
    """An audit and the copies of it; the files are shared, so nobody changes them."""

    audit: Audit
    key: Path
    mapping: Path
    folder: Path

    def of(self, mode):
        """The folder of one copy."""
        return self.folder / mode


def _copied(audit, folder):
    key, mapping = folder / "key", folder / "mapping.csv"
    for mode, options in (
        ("full", []),
        ("internal", []),
        ("pseudonymous", ["--key", str(key), "--new-key", "--mapping", str(mapping)]),
    ):
        out = ["--out", str(folder / mode), "--quiet"]
        assert main(["report", str(audit.bundle), "--share", mode, *out, *options]) == 10


def _do(mood, folder):
    command = ["demo", "--users", str(USERS), "--mood", mood, "--quiet", *OPTIONS[mood]]
    with no_waiting(), redirect_stdout(io.StringIO()):
        assert main([*command, "--out", str(folder / "demo")]) == 0
    _copied(judged_again(folder / "demo", folder), folder)
    (folder / "done").touch()


class AllCopies:
    """The copies of each tenant, made by the first worker of a run that asks for them."""

    def __init__(self, folder):
        self._folder = folder
        self._read = {}

    def __getitem__(self, mood):
        folder = self._folder / mood
        with FileLock(f"{folder}.lock", timeout=PATIENCE_S):
            if not (folder / "done").exists():
                folder.mkdir()
                _do(mood, folder)
        if mood not in self._read:
            bundle = folder / "judged"
            audit = Audit(bundle=bundle, users=pl.read_parquet(bundle / "users.parquet"))
            key, mapping = folder / "key", folder / "mapping.csv"
            self._read[mood] = Copies(audit=audit, key=key, mapping=mapping, folder=folder)
        return self._read[mood]


@pytest.fixture(scope="session")
def all_copies(folder_of_the_run):
    folder = folder_of_the_run / "copies"
    folder.mkdir(exist_ok=True)
    return AllCopies(folder)


@pytest.fixture(params=OPTIONS)
def copies(request, all_copies):
    """One tenant after the other."""
    return all_copies[request.param]


@pytest.fixture(scope="session")
def messy_copies(all_copies):
    """Those of the tenant with everything awkward in it."""
    return all_copies["messy"]
