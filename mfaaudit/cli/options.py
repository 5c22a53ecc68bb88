"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mfaaudit.words import Severity

DEFAULT_PACKS = ("baseline",)
FORMATS = "xlsx,html,csv,json"
Command = Callable[..., Any]

AUTHS = (
    "default",
    "browser",
    "device-code",
    "secret",
    "certificate",
    "managed-identity",
    "workload",
    "azure-cli",
    "token",
)
CLOUDS = ("global", "usgov", "dod", "china")
MOODS = ("tidy", "messy", "throttled", "unlicensed", "half-forbidden")


def judging(command: Command) -> Command:
    """How to judge, and what to write."""
    for option in reversed(
        (
            click.option(
                "--policy",
                "policies",
                multiple=True,
                metavar="NAME|FILE",
                help="A shipped rule pack or a file of your own; repeatable. Default: baseline.",
            ),
            click.option(
                "--fail-on",
                type=click.Choice([one.value for one in Severity]),
                default=Severity.LOW.value,
                show_default=True,
                help="The least severity whose failures make exit code 10.",
            ),
            click.option("--format", "formats", default=FORMATS, show_default=True, help="Which reports to write."),
        )
    ):
        command = option(command)
    return command


def telling(command: Command) -> Command:
    """How much to say."""
    command = click.option("--verbose", is_flag=True, help="Show where an error happened.")(command)
    return click.option("--quiet", is_flag=True, help="No progress bars.")(command)


def out(help_text: str) -> Callable[[Command], Command]:
    """Where to write."""
    return click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help=help_text)


simulation = (
    click.option(
        "--users", type=click.IntRange(0, 2_000_000), default=1200, show_default=True, help="How many accounts."
    ),
    click.option("--seed", type=int, default=7, show_default=True, help="Another seed, another organisation."),
    click.option(
        "--mood", type=click.Choice(MOODS), default="messy", show_default=True, help="What the tenant is like."
    ),
)


def simulated(command: Command) -> Command:
    """Which simulated tenant."""
    for option in reversed(simulation):
        command = option(command)
    return command
