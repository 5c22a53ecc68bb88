"""Two simulated tenants, audited and judged with all that a person can write, and copied in every way; once a run."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from audits import Audit, judged_again
from filelock import FileLock

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


def _do_all(folder):
    running = []
    for mood, options in OPTIONS.items():
        command = [sys.executable, "-m", "mfaaudit", "demo", "--users", str(USERS), "--mood", mood, "--quiet"]
        command += [*options, "--out", str(folder / mood / "demo")]
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
    for mood, process in zip(OPTIONS, running, strict=True):
        assert process.wait(PATIENCE_S) == 0
        _copied(judged_again(folder / mood / "demo", folder / mood), folder / mood)


@pytest.fixture(scope="session")
def all_copies(tmp_path_factory):
    base = tmp_path_factory.getbasetemp()
    # The workers of one run share the folder above their own.
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "copies"
    with FileLock(f"{folder}.lock", timeout=PATIENCE_S):
        if not folder.exists():
            for mood in OPTIONS:
                (folder / mood).mkdir(parents=True)
            _do_all(folder)
    made = {}
    for mood in OPTIONS:
        bundle = folder / mood / "judged"
        audit = Audit(bundle=bundle, users=pl.read_parquet(bundle / "users.parquet"))
        made[mood] = Copies(
            audit=audit, key=folder / mood / "key", mapping=folder / mood / "mapping.csv", folder=folder / mood
        )
    return made


@pytest.fixture(params=OPTIONS)
def copies(request, all_copies):
    """One tenant after the other."""
    return all_copies[request.param]


@pytest.fixture
def messy_copies(all_copies):
    """Those of the tenant with everything awkward in it."""
    return all_copies["messy"]
