"""`mfaaudit annotate`: what was noted in the workbook, as a change to the register of exceptions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mfaaudit.cli.options import as_json, telling
from mfaaudit.cli.terminal import State, Watch, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mfaaudit.annotating.annotate import Annotated
    from mfaaudit.annotating.proposing import Proposed

MOST_SHOWN = 200
PROBLEMS = 2


@click.command(short_help="Turn what was noted in the workbook into proposed exceptions; no network.")
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("workbook", metavar="REPORT.XLSX", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--register",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The register of exceptions as it is now. Default: the one that the bundle was judged with.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The register with the proposals; must not exist. Default: <bundle>-exceptions-proposed.yaml.",
)
@as_json
@telling
@click.pass_obj
def annotate(
    state: State,
    bundle: Path,
    workbook: Path,
    register: Path | None,
    out: Path | None,
    json_wanted: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Read the decisions in the Findings of REPORT.XLSX, the filled-in workbook of BUNDLE.

    Writes the register of exceptions with a proposal for each exception, which has no effect until somebody else
    approves it, and a list of what is to be remediated; shows the change. With any problem in the workbook it writes
    nothing, lists all of them, and ends with 2.
    """
    from datetime import UTC, datetime

    from mfaaudit.annotating.annotate import annotate as perform
    from mfaaudit.annotating.places import outputs_for, write
    from mfaaudit.annotating.telling import to_json

    state.verbose = verbose
    outputs = outputs_for(bundle, out)
    watch = Watch(quiet=quiet)
    with watch.bars():
        made = perform(
            bundle, workbook, outputs, register=register, today=datetime.now(UTC).date(), progress=watch.step
        )
    if not made.problems:
        write(made)
    if json_wanted:
        print_json(to_json(made))
    elif made.problems:
        _print_problems(made)
    else:
        _print(made)
    return PROBLEMS if made.problems else 0


def _print(made: Annotated) -> None:
    from mfaaudit.annotating.telling import decisions_in

    for line in made.diff.splitlines():
        click.secho(_tame(line), fg={"+": "green", "-": "red", "@": "cyan"}.get(line[:1]))
    if made.diff:
        click.echo()
    new, known = made.proposals.new, made.proposals.known
    each = ", ".join(f"{count:,} {word.value}" for word, count in made.decisions.items() if count) or "none"
    click.echo(f"Findings     {made.findings:,} in the workbook; filled in: {made.filled:,}")
    click.echo(f"Decisions    {sum(made.decisions.values()):,}: {each}")
    click.echo(
        f"Exceptions   {decisions_in(new):,} decisions make {len(new):,} proposals, without effect until approved"
    )
    if known:
        click.echo(f"             {decisions_in(known):,} decisions are in the register already: {_ids(known)}")
    for one, other in made.proposals.overlaps:
        click.echo(f"             {one} is about an account and a rule for which {other} waits for approval")
    click.echo(f"Remediation  {len(made.remediations):,} decisions")
    for path in (made.register_file, made.remediation_file):
        if path is not None:
            click.echo(f"Written      {path}")
    if made.register_file is None and made.remediation_file is None:
        click.echo("Written      nothing: no decision is new")


def _print_problems(made: Annotated) -> None:
    from mfaaudit.reports.plain import plain

    click.secho("nothing was written: the workbook has to be put right", fg="red", bold=True, err=True)
    for one in made.problems[:MOST_SHOWN]:
        click.echo(f"  {plain(one.where)}: {plain(one.what)}", err=True)
        click.echo(f"    hint: {plain(one.hint)}", err=True)
    more = len(made.problems) - MOST_SHOWN
    if more > 0:
        click.echo(f"  and {more:,} more; --json lists all", err=True)
    rows = f"{made.filled:,} of {made.findings:,} findings are filled in"
    click.echo(f"  {len(made.problems):,} problems in all; {rows}", err=True)


def _ids(entries: Iterable[Proposed]) -> str:
    return ", ".join(one.id for one in entries)


def _tame(line: str) -> str:
    from mfaaudit.reports.plain import plain

    return "\t".join(plain(part) for part in line.rstrip("\r").split("\t"))
