"""The whole job, done once in each mood for all tests of a run."""

import gc
import io
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import depth  # noqa: F401  sets how many examples every test draws
import one_thread  # noqa: F401
import pytest
from filelock import FileLock
from leaping_loop import no_waiting

from mfaaudit.cli import main

MOODS = ("tidy", "messy", "throttled", "unlicensed", "half-forbidden")
USERS = 120
PACKS = ("baseline", "legacy-per-user-mfa")
PATIENCE_S = 300


def pytest_collection_finish():
    """What thousands of tests are made of is there to the end: nobody need look through it for what can go."""
    gc.collect()
    gc.freeze()


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


def _do(mood, folder):
    """The job as a process would do it, but for the pauses; what was said is the last that is written."""
    out, err = io.StringIO(), io.StringIO()
    with no_waiting(), redirect_stdout(out), redirect_stderr(err):
        code = main(["demo", "--users", str(USERS), "--mood", mood, "--quiet", "--out", str(folder / mood)])
    said = {"exit_code": code, "out": out.getvalue(), "err": err.getvalue()}
    part = folder / f"{mood}.part"
    part.write_text(json.dumps(said), encoding="utf-8")
    part.replace(folder / f"{mood}.said")


class Jobs(Mapping):
    """A finished job for each mood, done by the first worker of a run that asks for it."""

    def __init__(self, folder):
        self._folder = folder

    def __getitem__(self, mood):
        said = self._folder / f"{mood}.said"
        with FileLock(self._folder / f"{mood}.lock", timeout=PATIENCE_S):
            if not said.exists():
                _do(mood, self._folder)
        return Job(mood=mood, bundle=self._folder / mood, **json.loads(said.read_text(encoding="utf-8")))

    def __iter__(self):
        return iter(MOODS)

    def __len__(self):
        return len(MOODS)


@pytest.fixture(scope="session")
def folder_of_the_run(tmp_path_factory):
    """A folder that all workers of one run share; theirs lie in the one above their own."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def jobs(folder_of_the_run):
    """A finished job for each mood; its files are shared, so nobody changes them."""
    folder = folder_of_the_run / "jobs"
    folder.mkdir(exist_ok=True)
    return Jobs(folder)


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
