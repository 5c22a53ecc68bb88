"""A quiet Spark session: the user's own cluster where the environment names one, else all cores of this machine."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any

from mfaaudit import __version__
from mfaaudit.errors import UsageProblem

INSTALL = "Install it with: pip install 'mfaaudit[spark]'"
JAVA = "Spark needs Java 17 or newer: install it, and put `java` on PATH or set JAVA_HOME."
OTHERWISE = "--verbose shows more; without --engine, `mfaaudit evaluate` needs no Spark."
REMOTE, MASTER = "SPARK_REMOTE", "SPARK_MASTER"

SETTINGS = {
    "spark.app.name": f"mfaaudit {__version__}",
    # Moments are compared; a zone has no part in it.
    "spark.sql.session.timeZone": "UTC",
    # A million users take some 100 MB: in pieces of the usual size most machines would have nothing to do.
    "spark.sql.files.maxPartitionBytes": "8m",
}
QUIET = {
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
    # Where in this program each column was made helps nobody who reads an error, and takes time to note.
    "spark.python.sql.dataFrameDebugging.enabled": "false",
}
HERE = {
    "spark.ui.enabled": "false",
    # The counts of some rules are a few rows: 200 pieces of them would take longer than the users.
    "spark.sql.shuffle.partitions": "8",
}


@contextmanager
def session() -> Iterator[Any]:
    """A SparkSession; one that this process already has is used and left open.

    Raises UsageProblem without pyspark or Java, or if the cluster does not answer.
    """
    check_pyspark()
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    found = SparkSession.getActiveSession()
    if found is not None:
        yield found
        return
    try:
        made = _remote() if os.environ.get(REMOTE) else _own()
    except (PySparkException, Py4JError, ImportError, ValueError, RuntimeError, OSError) as error:
        raise UsageProblem(f"Spark does not start: {first_line(error)}", hint=_cure()) from error
    try:
        yield made
    finally:
        made.stop()


def check_pyspark() -> None:
    """Raises UsageProblem if pyspark is not installed."""
    if importlib.util.find_spec("pyspark") is None:
        raise UsageProblem("--engine spark needs PySpark, which is not installed", hint=INSTALL)


def first_line(error: BaseException) -> str:
    """What an error of Spark says before its trace of Java."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _remote() -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _own() -> Any:
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    check_java()
    settings = SETTINGS | QUIET | ({"spark.master": os.environ[MASTER]} if os.environ.get(MASTER) else HERE)
    conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
    return SparkSession(SparkContext(conf=conf, gateway=_gateway()))


@cache
def _gateway() -> Any:
    """The Java process; there is one as long as this process lives."""
    from pyspark.errors import PySparkRuntimeError
    from pyspark.java_gateway import launch_gateway

    with tempfile.TemporaryFile() as said:
        # What Java says while it starts is no error; it is shown only if there is nothing else.
        try:
            return launch_gateway(popen_kwargs={"stderr": said})
        except PySparkRuntimeError as error:
            raise UsageProblem(f"Java does not start Spark: {_last_line(said)}", hint=JAVA) from error


def _last_line(file: IO[bytes]) -> str:
    file.seek(0)
    lines = [line.strip() for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]
    errors = [line for line in lines if "Error" in line or "Exception" in line or "rror:" in line]
    return (errors or lines or ["it said nothing"])[0]


def check_java() -> str:
    """The path of Java. Raises UsageProblem if there is none that runs."""
    home = os.environ.get("JAVA_HOME")
    path = shutil.which("java", path=str(Path(home, "bin"))) if home else shutil.which("java")
    if path is None:
        place = f"in JAVA_HOME, {home}" if home else "on PATH"
        raise UsageProblem(f"--engine spark needs Java, and there is none {place}", hint=JAVA)
    try:
        subprocess.run([path, "-version"], check=True, capture_output=True, stdin=subprocess.DEVNULL)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        raise UsageProblem(f"{path} does not run", hint=JAVA) from error
    return path


def _cure() -> str:
    for name in (REMOTE, MASTER):
        if os.environ.get(name):
            return f"{name} is {os.environ[name]}: check that it answers, or unset it to use this machine. {OTHERWISE}"
    return f"{JAVA} {OTHERWISE}"
