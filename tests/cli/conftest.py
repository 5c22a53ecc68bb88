"""The command line in this process, and a simulated tenant behind a real socket."""

import asyncio
import socket
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from time import monotonic

import pytest
import uvicorn

from mfaaudit import connecting
from mfaaudit.cli import main
from mfaaudit.simulated import Simulation, open_tenant
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.controller import Controller
from mfaaudit.tenant.pace import Pace


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@pytest.fixture
def mfaaudit(capsys, tmp_path, monkeypatch):
    """Runs a command in an empty folder and returns its exit code and what it said."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@dataclass(frozen=True)
class Served:
    url: str
    tenant: Simulation


def _run(serving):
    """Lives by the real time also while a test in another thread leaps, or it would sleep until that time has come."""

    def loop():
        made = asyncio.new_event_loop()
        made.time = monotonic
        return made

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(serving)


@pytest.fixture(scope="session")
def served():
    """A small tidy tenant on a port of this machine."""
    tenant = open_tenant(users=40, mood="tidy", now=datetime.now(UTC), quota=False)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(tenant.app, log_level="critical", access_log=False, ws="none", date_header=False)
    )
    thread = threading.Thread(target=lambda: _run(server.serve(sockets=[listener])))
    thread.start()
    yield Served(f"http://127.0.0.1:{listener.getsockname()[1]}", tenant)
    server.should_exit = True
    thread.join(timeout=30)
    listener.close()


@pytest.fixture(autouse=True)
def unpaced(monkeypatch):
    """The served tenant has no quotas, so nobody waits for them; only test_processes keeps the real pace."""
    paces = {"paces": lambda: {bucket: Pace(Controller(ceiling=1e6, rate=1e6)) for bucket in Bucket}}
    monkeypatch.setattr(connecting, "Connection", partial(connecting.Connection, **paces))


@pytest.fixture
def token(monkeypatch):
    """Puts a token into the environment."""

    def put(value):
        monkeypatch.setenv("MFAAUDIT_ACCESS_TOKEN", value)

    return put
