"""What a person sees while and after a command runs: progress on stderr, the summary on stdout."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from mfaaudit.findings import Findings, RuleResult
    from mfaaudit.reports.material import Material

Made = TypeVar("Made")
Step = Callable[[str, int, int | None], None]
FILES = (
    "report.html",
    "report.xlsx",
    "findings.csv",
    "results.json",
    "findings.ocsf.ndjson",
    "assessment-results.oscal.json",
    "junit.xml",
    "actions",
)
"""What a summary names of a bundle, in this order."""
COLOURS = {"good": "green", "bad": "red", "open": "yellow", "plain": None}


@dataclass(slots=True)
class State:
    """What the printing of an error needs to know of the command that failed."""

    verbose: bool = False
    folder: Path | None = None
    """A bundle that had been begun."""
    can_go_on: bool = False
    """Whether the command could go on with it."""


class Watch:
    """Shows how far the work is; silent where nobody looks."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._uncounted: TaskID | None = None
        """The step that has no number of its own; it is over when another begins."""

    @contextmanager
    def bars(self) -> Iterator[Watch]:
        """Progress bars for as long as the work takes, on a terminal; nothing elsewhere."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        if self._quiet or not console.is_terminal:
            yield self
            return
        amount = TextColumn("{task.fields[amount]}", justify="right")
        columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), amount, TimeElapsedColumn()
        with Progress(*columns, console=console, transient=True) as bars:
            self._bars = bars
            yield self
        self._bars = None

    def step(self, what: str, done: int, total: int | None) -> None:
        """How much of something is done."""
        if self._bars is None:
            return
        if what not in self._tasks:
            if self._uncounted is not None:
                self._bars.update(self._uncounted, total=1, completed=1)
            self._tasks[what] = self._bars.add_task(what, total=None, amount="")
            self._uncounted = self._tasks[what] if not done and total is None else None
        amount = f"{done:,} of {total:,}" if total is not None else f"{done:,}" if done else ""
        self._bars.update(self._tasks[what], completed=done, total=total, amount=amount)

    def say(self, text: str) -> None:
        """Something that a person should know before the work goes on."""
        if self._bars is not None:
            self._bars.console.print(text, markup=False, highlight=False)
        elif not self._quiet:
            click.echo(text, err=True)


def watched(work: Callable[[Step], Coroutine[Any, Any, Made]], *, quiet: bool) -> Made:
    """Does asynchronous work with progress bars, and returns what it made."""
    import asyncio

    watch = Watch(quiet=quiet)
    with watch.bars():
        return asyncio.run(work(watch.step))


def print_json(value: object) -> None:
    """The result for programs, on stdout."""
    import json

    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_summary(bundle: Path, made: Material) -> None:
    """The result at a glance, on stdout."""
    from mfaaudit.bundle import MANIFEST, sha256_of
    from mfaaudit.reports.change_numbers import in_short as changes_in_short
    from mfaaudit.reports.cures import what_was_carried
    from mfaaudit.reports.plain import plain
    from mfaaudit.reports.register_numbers import register_numbers
    from mfaaudit.reports.sections.verification import in_short
    from mfaaudit.sources import BY_NAME
    from mfaaudit.words import Reason

    run, conclusion, population = made.snapshot.run, made.conclusion, made.snapshot.population
    name = plain(run.tenant_called)
    click.echo()
    click.secho(conclusion.headline.upper(), fg=COLOURS[conclusion.tone.value], bold=True)
    click.echo(conclusion.statement)
    click.echo()
    click.echo(f"Tenant      {name}{'  (simulated)' if run.simulated else ''}")
    click.echo(f"Population  {population.statement}")
    click.echo(f"Ledger      {_ledger_in_words(made.findings)}")
    click.echo(f"Posture     {plain(made.declared.posture.statement)}")
    for remark in made.declared.posture.remarks:
        click.echo(f"            {plain(remark)}")
    register = register_numbers(made)
    if register is not None:
        click.echo(f"Exceptions  {register.words}")
    if made.earlier is not None:
        click.echo(f"Changes     {changes_in_short(made.earlier)}")
    for verified in made.snapshot.verification:
        short = in_short(verified)
        click.echo(f"Verified    {short.label}: {short.value}. {short.note}")
    seconds = (run.finished_at - run.started_at).total_seconds()
    sessions = f", in {len(run.sessions)} sessions" if len(run.sessions) > 1 else ""
    click.echo(f"Read        {run.requests:,} requests in {seconds:,.1f} s{sessions}")
    click.echo()
    _print_rules(made)
    click.echo()
    for coverage in made.snapshot.coverage:
        if coverage.unread:
            reasons = ", ".join(f"{reason.value} {count:,}" for reason, count in coverage.reasons.items())
            click.echo(f"not read    {coverage.source}: {coverage.unread:,} of {coverage.wanted:,} ({reasons})")
            refused = Reason.NO_PERMISSION in coverage.reasons and not coverage.read
            carried = what_was_carried(BY_NAME[coverage.source], run) if refused else ""
            if carried:
                click.echo(f"            {plain(carried)}")
    click.echo(f"\nBundle      {bundle}")
    for file in FILES:
        if (bundle / file).exists():
            click.echo(f"            {bundle / file}")
    if (bundle / MANIFEST).exists():
        # No report can hold it: whoever signs one writes it on the paper.
        click.echo(f"Manifest    SHA-256 {sha256_of(bundle / MANIFEST)}")


def _print_rules(made: Material) -> None:
    from mfaaudit.reports.conclusion import rules_on_data

    about_data = rules_on_data(made.findings.packs)
    results = made.findings.results
    click.echo(f"{'':16}{'severity':10}{'pass':>8}{'fail':>8}{'waived':>8}{'open':>8}{'n/a':>8}   rule")
    for one in results:
        if one.rule.id not in about_data:
            _print_rule(one)
    if about_data:
        click.echo("\nMay this report be relied on?")
        for one in results:
            if one.rule.id in about_data:
                _print_rule(one)
    blocked = [one for one in results if one.blocked_by and one.counts.fail]
    if blocked:
        click.echo()
    for one in blocked:
        click.echo(f"not yet     what {one.rule.id} asks for: waits for {', '.join(one.blocked_by)}")


def _print_rule(one: RuleResult) -> None:
    from mfaaudit.reports.plain import plain

    counts, status = one.counts, one.status.value
    colour = {"PASS": "green", "FAIL": "red", "NOT_EVALUATED": "yellow", "ERROR": "yellow"}.get(status)
    click.echo(
        click.style(f"{status:16}", fg=colour)
        + f"{one.rule.severity.value:10}{counts.pass_:>8,}{counts.fail:>8,}{counts.waived:>8,}"
        + f"{counts.not_evaluated + counts.error:>8,}{counts.not_applicable:>8,}"
        + f"   {one.rule.id}  {plain(one.rule.title)}"
    )


def _ledger_in_words(findings: Findings) -> str:
    from mfaaudit.findings import Bucket, ledger_of

    ledger = ledger_of(findings)
    parts = []
    for bucket in Bucket:
        rows = [one for one in ledger.of(bucket) if one.users]
        reasons = ", ".join(f"{one.reason.value} {one.users:,}" for one in rows if one.reason is not None)
        if rows:
            text = f"{sum(one.users for one in rows):,} {bucket.words}"
            parts.append(f"{text} ({reasons})" if reasons else text)
    return " · ".join(parts) or "nobody was listed"
