"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mfaaudit.declared.words import AUTO
from mfaaudit.declared.words import CHOICES as POSTURES
from mfaaudit.evidence.run import WAYS
from mfaaudit.words import Severity

if TYPE_CHECKING:
    from mfaaudit.brief import Brief

DEFAULT_PACKS = ("baseline",)
FORMATS = "xlsx,html,csv,json,actions"
FORMATS_HELP = "Which reports to write: xlsx, html, csv, json, actions, ocsf, oscal, junit."
Command = Callable[..., Any]
JUDGED_BY = ("policies", "fail_on", "formats", "posture", "exceptions", "classes", "allow_conflicts", "earlier")

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
MOODS = (
    "tidy",
    "drifting",
    "messy",
    "managed",
    "throttled",
    "refusing",
    "unlicensed",
    "half-forbidden",
    "partnered",
    "basic",
    "real",
    "stormy",
)
ODDITIES = (
    "agents",
    "basic-permission",
    "b2c",
    "external-id",
    "gaps-in-metrics",
    "hidden-groups",
    "kinds-of-guests",
    "later-words",
    "loose-methods",
    "miscounted",
    "new-words",
    "newer-methods",
    "newer-sync",
    "no-methods-policy",
    "odd-activity",
    "one-sided",
    "partner",
    "passkey-profiles",
    "plans",
    "previews",
    "sentinels",
)


def connecting(command: Command) -> Command:
    """Which tenant, and how to sign in to it."""
    for option in reversed(
        (
            click.option("--tenant", metavar="ID|DOMAIN", help="The tenant to audit; checked against what answers."),
            click.option(
                "--auth", type=click.Choice(AUTHS), default="default", show_default=True, help="How to sign in."
            ),
            click.option(
                "--cloud", type=click.Choice(CLOUDS), default="global", show_default=True, help="Which Microsoft cloud."
            ),
            click.option(
                "--graph-url",
                metavar="URL",
                help="Another Graph service, for --auth token only; http only to this machine.",
            ),
        )
    ):
        command = option(command)
    return command


def collecting(command: Command) -> Command:
    """How to read a tenant."""
    return click.option(
        "--collect",
        "way",
        type=click.Choice(WAYS),
        default=WAYS[0],
        show_default=True,
        help="per-user asks the documented endpoints about every user; verified-bulk reads lists, and asks them about "
        "administrators, gaps and a random sample in each state.",
    )(command)


def sign_in_counts(command: Command) -> Command:
    """How finely MFA sign-ins are counted; the command is given the minutes as a number, `interval`."""
    from mfaaudit.sources.options import INTERVAL, INTERVALS

    return click.option(
        "--aggregation-interval",
        "interval",
        type=click.Choice([str(minutes) for minutes in INTERVALS]),
        default=str(INTERVAL),
        show_default=True,
        callback=lambda _context, _option, minutes: int(minutes),
        help="The minutes that each count of MFA sign-ins covers in the evidence; the days add up the same.",
    )(command)


def optional_sources(command: Command) -> Command:
    """What to read beside the rest; the command is given the names of the wishes as one tuple, `options`."""
    from mfaaudit.sources.options import OPTIONS

    @wraps(command)
    def gather(*arguments: Any, **given: Any) -> Any:
        wishes = tuple(name for name in OPTIONS if given.pop(_parameter(name)))
        return command(*arguments, options=wishes, **given)

    wished: Command = gather
    for option in reversed(list(OPTIONS.values())):
        wished = click.option(option.flag, _parameter(option.name), is_flag=True, help=option.help)(wished)
    return wished


def _parameter(name: str) -> str:
    return f"with_{name.replace('-', '_')}"


def wanted(judge_by: Mapping[str, Any], packs: Sequence[str] = DEFAULT_PACKS, *, quiet: bool = True) -> Brief:
    """What the options of `judging` ask for; `packs` are meant where none is named.

    Earlier bundles are judged here, before anything is read of a tenant. Raises UsageProblem or BundleProblem.
    """
    from dataclasses import replace

    from mfaaudit.brief import brief

    how = brief(**{**judge_by, "policies": judge_by["policies"] or packs, "earlier": ()})
    if not judge_by["earlier"]:
        return how
    from mfaaudit.cli.terminal import Watch
    from mfaaudit.judging import judge_earlier

    with Watch(quiet=quiet).bars() as watch:
        return replace(how, earlier=judge_earlier(judge_by["earlier"], watch.step))


def judging(command: Command) -> Command:
    """How to judge, and what to write; the command is given all of it as one mapping, `judge_by`."""

    @wraps(command)
    def gather(*arguments: Any, **given: Any) -> Any:
        return command(*arguments, judge_by={name: given.pop(name) for name in JUDGED_BY}, **given)

    judged: Command = gather
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
                "--posture",
                type=click.Choice(POSTURES),
                default=AUTO,
                show_default=True,
                help="How the tenant enforces MFA: it decides which rules can be asked of it. auto infers it from what "
                "was read, and says from what.",
            ),
            click.option(
                "--exceptions",
                type=click.Path(path_type=Path),
                metavar="FILE",
                help="A register of exceptions: who may fail which rule, why, approved by whom, until when.",
            ),
            click.option(
                "--classes",
                type=click.Path(path_type=Path),
                metavar="FILE",
                help="What accounts are for, where it cannot be told from what was read.",
            ),
            click.option(
                "--earlier",
                type=click.Path(exists=True, file_okay=False, path_type=Path),
                multiple=True,
                metavar="BUNDLE",
                help="The bundle of an earlier audit of the same tenant, to say what changed since and draw the trend; "
                "repeatable.",
            ),
            click.option(
                "--allow-conflicts",
                is_flag=True,
                help="Judge packs that contradict each other, or the posture, side by side.",
            ),
            click.option(
                "--fail-on",
                type=click.Choice([one.value for one in Severity]),
                default=Severity.LOW.value,
                show_default=True,
                help="The least severity whose failures make exit code 10.",
            ),
            click.option("--format", "formats", default=FORMATS, show_default=True, help=FORMATS_HELP),
        )
    ):
        judged = option(judged)
    return judged


def telling(command: Command) -> Command:
    """How much to say."""
    command = click.option("--verbose", is_flag=True, help="Show where an error happened.")(command)
    return click.option("--quiet", is_flag=True, help="No progress bars.")(command)


def as_json(command: Command) -> Command:
    """For whom the result is."""
    return click.option("--json", "json_wanted", is_flag=True, help="The result as JSON, for programs.")(command)


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
    click.option(
        "--oddity",
        "oddities",
        type=click.Choice(ODDITIES),
        multiple=True,
        help="Something that real tenants do, added to the mood; repeatable.",
    ),
    click.option(
        "--quarter",
        type=click.IntRange(0, 40),
        default=0,
        show_default=True,
        help="The same organisation so many quarters later: people came and went, and policies were edited.",
    ),
)


def simulated(command: Command) -> Command:
    """Which simulated tenant."""
    for option in reversed(simulation):
        command = option(command)
    return command
