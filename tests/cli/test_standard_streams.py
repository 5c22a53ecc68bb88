"""Closed or full standard streams, a working directory that is gone, too few open files: a word and an exit code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from leaping_loop import no_waiting

from mfaaudit.cli import main

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the shell and the devices of Unix")

STREAMS = {
    "no stdin": "<&-",
    "no stdout": ">&-",
    "no stderr": "2>&-",
    "none at all": "<&- >&- 2>&-",
    "full stdout": ">/dev/full",
    "full stderr": "2>/dev/full",
    "full both": ">/dev/full 2>&1",
    "no reader": "| head -c 0; exit ${PIPESTATUS[0]}",
}
COMMANDS = {
    "help": ("--help", 0),
    "packs": ("policy list", 0),
    "verify": ("verify {bundle}", 0),
    "report": ("report {bundle} --format json,csv", 10),
    "evaluate": ("evaluate {bundle} --format json", 10),
    "demo": ("demo --users 5 --quiet --out {bundle}-demo", 0),
    "mistake": ("explain {bundle} nobody@nowhere.example", 2),
}
BROKEN = ("full stdout", "full both", "no reader")
"""Where what is printed to stdout is lost, so that 1 is the exit code."""
TRIED = [("help", how) for how in STREAMS]
TRIED += [(command, "full stdout") for command in COMMANDS if command != "demo"]
TRIED += [("verify", "no reader"), ("demo", "none at all"), ("mistake", "full stderr"), ("report", "no stdout")]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A small bundle that may be written into."""
    folder = tmp_path_factory.mktemp("streams") / "bundle"
    words = ("demo", "--users", "12", "--policy", "baseline", "--format", "json,csv", "--quiet", "--out", str(folder))
    with no_waiting():
        assert main(words) == 0
    return folder


def run(line, cwd=None, before=""):
    """A command line of the program in a shell; `before` is what the shell does first."""
    program = f"{sys.executable} -m mfaaudit"
    root = str(Path(__file__).parents[2])
    shell = ["bash", "-c", f"{before} {program} {line}"]
    return subprocess.run(
        shell, cwd=cwd, capture_output=True, text=True, timeout=120, env=os.environ | {"PYTHONPATH": root}
    )


@pytest.mark.parametrize(("command", "how"), dict.fromkeys(TRIED))
def test_a_broken_stream_costs_no_more_than_what_goes_through_it(command, how, bundle):
    if "full" in how and not Path("/dev/full").exists():
        pytest.skip("there is no full device here")
    words, code = COMMANDS[command]
    shutil.rmtree(f"{bundle}-demo", ignore_errors=True)

    made = run(f"{words.format(bundle=bundle)} {STREAMS[how]}")

    assert "Traceback" not in made.stderr + made.stdout
    assert made.returncode == (1 if how in BROKEN and command != "mistake" else code), made.stderr
    if how == "full stdout" and command != "mistake":
        assert "stdout could not be written: No space left on device" in made.stderr
        assert "hint: Send the output elsewhere" in made.stderr
    if command in ("report", "evaluate", "demo"):
        # What is written to files is whole all the same.
        written = f"{bundle}-demo" if command == "demo" else bundle
        assert main(["verify", str(written), "--quiet"]) == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [("--help", 0), ("policy list", 0), ("verify {bundle}", 0), ("demo --users 5 --quiet", 1)],
)
def test_a_working_directory_that_is_gone(words, code, bundle, tmp_path):
    made = run(words.format(bundle=bundle), cwd=tmp_path, before="mkdir gone; cd gone; rmdir ../gone;")

    assert made.returncode == code, made.stderr
    assert "Traceback" not in made.stderr
    if code:
        assert "the working directory does not exist any more" in made.stderr
        assert "hint: Change to a folder that exists" in made.stderr


@pytest.mark.parametrize(
    ("files", "words"),
    [(8, "verify {bundle}"), (9, "verify {bundle}"), (12, "demo --users 5 --quiet --out {bundle}-few")],
)
def test_too_few_open_files_are_named_as_the_cause(words, files, bundle):
    shutil.rmtree(f"{bundle}-few", ignore_errors=True)
    made = run(words.format(bundle=bundle), before=f"ulimit -n {files};")

    assert "Traceback" not in made.stderr
    if made.returncode:
        assert made.returncode in (1, 2), made.stderr
        assert "Too many open files" in made.stderr
        assert "hint: The system lets this process open too few files" in made.stderr
        assert "disk" not in made.stderr


def test_letters_that_the_output_cannot_hold_stop_nothing():
    made = run("policy show baseline", before="PYTHONIOENCODING=ascii")

    assert (made.returncode, made.stderr) == (0, "")
