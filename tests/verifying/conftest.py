"""One bundle with everything in it, and ways to check a copy of it."""

import shutil
from pathlib import Path

import full_bundle
import pytest

from mfaaudit.cli import main
from mfaaudit.verifying.outside import Given
from mfaaudit.verifying.verify import verify


@pytest.fixture(scope="session")
def full(jobs, tmp_path_factory):
    """Nobody changes it."""
    return full_bundle.make(jobs["messy"], tmp_path_factory.mktemp("full"))


@pytest.fixture
def bundle(full, tmp_path):
    """A copy of it, to be changed."""
    return Path(shutil.copytree(full, tmp_path / "bundle"))


@pytest.fixture
def check():
    """What the check of a bundle comes to."""
    return lambda bundle, **how: verify(bundle, how.pop("given", Given()), lambda *_: None, **how)


@pytest.fixture
def said(capsys):
    """Runs `mfaaudit verify`: its exit code, and what it printed."""

    def run(*arguments):
        capsys.readouterr()
        code = main(["verify", *map(str, arguments)])
        return code, capsys.readouterr()

    return run
