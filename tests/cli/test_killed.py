"""A real process that is killed at random moments, and gone on with, leaves what one that lived would have left."""

import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from one_run import timeless

USERS, SEED, PATIENCE_S = 400, 3, 120
KILLS = int(os.environ.get("MFAAUDIT_KILLS", "6"))


@contextmanager
def served(folder):
    """The same simulated tenant each time, on a port of this machine; gives its address and a token."""
    command = [sys.executable, "-m", "mfaaudit", "simulate", "--port", "0", "--users", str(USERS), "--seed", str(SEED)]
    server = subprocess.Popen([*command, "--mood", "tidy"], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        said = [server.stdout.readline() for _ in range(3)]
        yield re.search(r"http://\S+", said[2])[0], re.search(r"TOKEN=(\S+)", said[1])[1]
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE_S)


def audit(place, bundle, *more):
    url, token = place
    command = [sys.executable, "-m", "mfaaudit", "audit", "--graph-url", url, "--auth", "token", "--out", str(bundle)]
    return subprocess.Popen(
        [*command, "--format", "json,csv", *more],
        cwd=bundle.parent,
        env=os.environ | {"MFAAUDIT_ACCESS_TOKEN": token},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def results(bundle):
    return timeless(json.loads((bundle / "results.json").read_text(encoding="utf-8")))


def findings(bundle):
    with (bundle / "findings.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    # Each of the two tenants dates its accounts from the moment it was opened.
    return [{name: value for name, value in row.items() if name not in ("runId", "createdDateTime")} for row in rows]


def begins_to_read(process, bundle, sessions):
    """Waits until a new session has said that it reads; tells whether it did before the process ended."""
    give_up = time.monotonic() + PATIENCE_S
    while sessions_of(bundle) == sessions:
        if process.poll() is not None:
            return False
        assert time.monotonic() < give_up
        time.sleep(0.02)
    return True


def sessions_of(bundle):
    path = bundle / "evidence" / "begun.json"
    return len(json.loads(path.read_text(encoding="utf-8"))["sessions"]) if path.exists() else 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_process_that_is_killed_again_and_again_leaves_the_results_of_one_that_was_not(tmp_path):
    chance, killed = random.Random(SEED), 0
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    with served(tmp_path) as undisturbed, served(tmp_path) as place:
        other = audit(undisturbed, whole)
        while True:
            before = sessions_of(broken)
            process = audit(place, broken, *(["--resume"] if before else []))
            if killed == KILLS or not begins_to_read(process, broken, before):
                break
            time.sleep(chance.uniform(0, 1.5))
            process.kill()
            out, err = process.communicate(timeout=PATIENCE_S)
            killed += 1
            if (broken / "manifest.json").exists():
                break  # it had only its summary left to print
        if process.returncode != -signal.SIGKILL:
            # One that was left to its end, or that had nothing left to read and judged at once.
            out, err = process.communicate(timeout=PATIENCE_S)
        assert process.wait() in (10, -signal.SIGKILL), err
        assert other.wait(timeout=PATIENCE_S) == 10
        other.communicate()

    assert results(broken) == results(whole)
    assert findings(broken) == findings(whole)
    sessions = json.loads((broken / "results.json").read_text(encoding="utf-8"))["run"]["sessions"]
    # The last one may have had nothing left to read.
    assert 1 < len(sessions) <= killed + 1
    assert process.returncode != 10 or f"in {len(sessions)} sessions" in out
    # The lock stays: if it were removed, two could lock two files of that name.
    assert (broken / "audit.lock").stat().st_size == 0
