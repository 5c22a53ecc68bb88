"""The program as a process: how it starts, how it is stopped, and two of it that talk over a socket."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

PATIENCE_S = 120


def command(*arguments):
    return [sys.executable, "-m", "mfaaudit", *arguments]


def run(*arguments, cwd, **more):
    return subprocess.run(
        command(*arguments), cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE_S, **more
    )


def test_help_does_not_wait_for_libraries_that_only_the_work_needs():
    heavy = (
        "azure.identity",
        "httpx",
        "jinja2",
        "msgraph",
        "narwhals",
        "openpyxl",
        "polars",
        "rich",
        "ruamel",
        "uvicorn",
    )
    code = (
        "import sys, mfaaudit.cli as cli; code = cli.main(['--help']); "
        f"print([name for name in {heavy!r} if name in sys.modules], code)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    assert said.stdout.splitlines()[-1] == "[] 0"
    for name in ("demo", "audit", "evaluate", "report", "policy", "simulate"):
        assert f"\n  {name}" in said.stdout


def test_the_version_is_the_one_of_the_package(tmp_path):
    from mfaaudit import __version__

    assert run("--version", cwd=tmp_path).stdout.strip() == f"mfaaudit, version {__version__}"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_ctrl_c_ends_it_in_words_and_keeps_what_was_read(tmp_path):
    bundle = tmp_path / "bundle"
    process = subprocess.Popen(
        command("demo", "--users", "3000", "--out", str(bundle)),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    give_up = time.monotonic() + PATIENCE_S
    while not (bundle / "evidence" / "perUser.jsonl.gz").exists():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < give_up
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert out == ""
    assert "stopped: no audit was performed" in err
    assert str(bundle) in err
    assert "Traceback" not in err
    assert not (bundle / "evidence" / "run.json").exists()
    assert not list(bundle.glob("report.*"))
    # What was broken off can never be taken for an audit.
    again = run("evaluate", str(bundle), cwd=tmp_path)
    assert again.returncode == 1
    assert "hint: " in again.stderr


def test_a_simulated_tenant_is_audited_with_the_commands_that_it_prints(tmp_path):
    # The one audit of all tests that waits for the quota of the reports in earnest, some ten seconds.
    server = subprocess.Popen(
        command("simulate", "--port", "0", "--users", "25", "--mood", "tidy", "--no-quota"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        title, export, audit = (server.stdout.readline().strip() for _ in range(3))
        assert title.startswith("# 25 users, mood tidy")
        name, value = export.removeprefix("export ").split("=", 1)
        arguments = audit.removeprefix("mfaaudit ").split()
        said = run(*arguments, "--format", "json", cwd=tmp_path, env=os.environ | {name: value})
        assert said.returncode in (0, 10), said.stderr
        (bundle,) = tmp_path.iterdir()
        results = json.loads((bundle / "results.json").read_text(encoding="utf-8"))
        assert results["population"]["enumerated"] == 25
        assert value not in said.stdout + said.stderr
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE_S)


def test_a_port_that_is_taken(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = run("simulate", "--users", "1", "--port", str(taken.getsockname()[1]), cwd=tmp_path)
    assert said.returncode == 2
    assert "--port" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
@pytest.mark.parametrize("quiet", [False, True])
def test_bars_on_a_terminal_and_only_there(jobs, tmp_path, quiet):
    import pty

    reader, terminal = pty.openpty()
    arguments = ["evaluate", str(jobs["tidy"].bundle), "--format", "json", "--out", "here", *["--quiet"] * quiet]
    environment = os.environ | {"TERM": "xterm"}
    process = subprocess.Popen(
        command(*arguments), cwd=tmp_path, stdout=subprocess.PIPE, stderr=terminal, env=environment
    )
    os.close(terminal)
    drawn = b""
    # The other end of a terminal that nobody holds any more is an error on Linux, and the end of the file elsewhere.
    with contextlib.suppress(OSError):
        while part := os.read(reader, 65_536):
            drawn += part
    os.close(reader)
    out, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode in (0, 10)
    assert (b"Judging" in drawn) is not quiet
    assert b"Judging" not in out


def test_the_default_bundle_is_made_where_one_stands(jobs, tmp_path):
    said = run("evaluate", str(jobs["tidy"].bundle), "--format", "json", "--out", "here", cwd=tmp_path)
    assert said.returncode in (0, 10, 11), said.stderr
    assert (tmp_path / "here" / "results.json").exists()
    assert Path("here/results.json").as_posix() in said.stdout
