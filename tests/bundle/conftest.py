"""Here no test pulls the plug: what is asked of the disk is counted, and need not be waited for."""

import os
import sys
from pathlib import Path

import pytest

# What lies beside other tests is of use here too.
sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("whole", "rechecking", "purging", "signing")]


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """Two audits and all that the commands need; nobody changes it."""
    from audited import two_audits

    place = tmp_path_factory.mktemp("audited") / "place"
    place.mkdir()
    two_audits(place)
    return place


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)
