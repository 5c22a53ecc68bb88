"""Here no test pulls the plug: what is asked of the disk is counted, and need not be waited for."""

import os

import pytest


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)
