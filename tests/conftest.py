"""The whole job, done once in each mood for all tests of a run; it mostly waits, so all moods wait together."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

# A machine that has other work to do is no reason for a test to fail.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

MOODS = ("tidy", "messy", "throttled", "unlicensed", "half-forbidden")
USERS = 120
PACKS = ("baseline", "legacy-per-user-mfa")
PATIENCE_S = 300


@dataclass(frozen=True)
class Job:
    """What one run of the program left behind."""

    mood: str
    bundle: Path
    exit_code: int
    out: str
    err: str

    @property
    def results(self):
        return json.loads((self.bundle / "results.json").read_text(encoding="utf-8"))


def _start(mood, folder):
    command = [sys.executable, "-m", "mfaaudit", "demo", "--users", str(USERS), "--mood", mood, "--quiet"]
    command += ["--out", str(folder / mood)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")


def _do_all(folder):
    running = {mood: _start(mood, folder) for mood in MOODS}
    said = {}
    for mood, process in running.items():
        out, err = process.communicate(timeout=PATIENCE_S)
        said[mood] = {"exit_code": process.returncode, "out": out, "err": err}
    part = folder / "said.part"
    part.write_text(json.dumps(said), encoding="utf-8")
    part.replace(folder / "said.json")


@pytest.fixture(scope="session")
def jobs(tmp_path_factory):
    """A finished job for each mood; its files are shared, so nobody changes them."""
    base = tmp_path_factory.getbasetemp()
    # The workers of one run share the folder above their own.
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "jobs"
    try:
        folder.mkdir()
    except FileExistsError:
        give_up = time.monotonic() + PATIENCE_S
        while not (folder / "said.json").exists():
            assert time.monotonic() < give_up, "the worker that does the jobs has not finished them"
            time.sleep(0.1)
    else:
        _do_all(folder)
    said = json.loads((folder / "said.json").read_text(encoding="utf-8"))
    return {mood: Job(mood=mood, bundle=folder / mood, **said[mood]) for mood in MOODS}


@pytest.fixture(params=MOODS)
def job(request, jobs):
    """One mood after the other."""
    return jobs[request.param]


@pytest.fixture(scope="session")
def messy(jobs):
    """The job in the mood with everything awkward in it."""
    return jobs["messy"]


@pytest.fixture
def copy_of(tmp_path):
    """Copies a bundle, for a test that changes it."""

    def copy(job, name="copy"):
        return Path(shutil.copytree(job.bundle, tmp_path / name))

    return copy
