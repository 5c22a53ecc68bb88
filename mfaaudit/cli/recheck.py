"""`mfaaudit recheck`: read again only the users that an audit flagged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mfaaudit.cli.audit import connect
from mfaaudit.cli.options import connecting, out, telling
from mfaaudit.cli.terminal import State, Watch
from mfaaudit.words import Severity

if TYPE_CHECKING:
    from mfaaudit.rechecking.recheck import Recheck
    from mfaaudit.rechecking.work import Planned

FORMATS = "xlsx,html,csv,json"
COLOURS = {0: "green", 10: "red", 11: "yellow"}


@click.command(
    short_help="Read again only the users that an audit flagged.",
    epilog="Exit codes: 0 nothing of it fails any more; 1 nothing was rechecked; 2 usage or configuration; 10 "
    "something fails; 11 nothing fails, but something could not be read.",
)
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
@connecting
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only whom this rule flagged; repeatable.")
@click.option(
    "--severity",
    type=click.Choice([one.value for one in Severity]),
    default=Severity.INFO.value,
    show_default=True,
    help="Only findings of this severity or above.",
)
@click.option("--with-waived", is_flag=True, help="Also whom an exception covered.")
@click.option("--format", "formats", default=FORMATS, show_default=True, help="Which reports to write.")
@out("The folder of the recheck; must not exist. Default: mfaaudit-<tenant>-recheck-<time> here.")
@telling
@click.pass_obj
def recheck(
    state: State,
    bundle: Path,
    tenant: str | None,
    auth: str,
    cloud: str,
    graph_url: str | None,
    rules: tuple[str, ...],
    severity: str,
    with_waived: bool,
    formats: str,
    out: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Read again the users that the audit in BUNDLE flagged, and say who is cured.

    Flagged is whoever fails a rule about users, or could not be judged by it. The bundle is not touched, and a recheck
    does not take its place: it says nothing of anybody else. Rules about the tenant and its totals are left out.
    """
    import asyncio

    from mfaaudit.brief import wanted_formats
    from mfaaudit.bundle import check_out
    from mfaaudit.rechecking.flagged import Narrowing
    from mfaaudit.rechecking.reading import read_again
    from mfaaudit.rechecking.work import FORMATS as WRITTEN
    from mfaaudit.rechecking.work import finish, plan

    state.verbose = verbose
    wanted = wanted_formats(formats, [one.name for one in WRITTEN])
    if out is not None:
        check_out(out)
    narrowing = Narrowing(rules=rules, least=Severity(severity), with_waived=with_waived)
    with Watch(quiet=quiet).bars() as watch:
        planned = plan(bundle, narrowing, watch.step)
    if not planned.flagged.users:
        _print_nothing(planned)
        return 0
    connection = connect(tenant=tenant, auth=auth, cloud=cloud, graph_url=graph_url)

    def begun(folder: Path) -> None:
        state.folder = folder

    with Watch(quiet=quiet).bars() as watch:
        watch.say(f"Reading again: {planned.flagged.words}.")
        reading = read_again(
            connection, planned.origin, planned.order, planned.flagged.users, out, watch.step, begun, watch.say
        )
        folder, read = asyncio.run(reading)
        made = finish(planned, folder, read, wanted, watch.step)
    _print(folder, made)
    return made.exit_code


def _print_nothing(planned: Planned) -> None:
    narrowed = planned.flagged.narrowing.words
    click.echo(
        f"Nothing to recheck: run {planned.origin.run.id} flagged no user{f' under {narrowed}' if narrowed else ''}. "
        "Nothing was read."
    )


def _print(folder: Path, made: Recheck) -> None:
    from collections import Counter

    from mfaaudit.rechecking.outcome import Outcome
    from mfaaudit.rechecking.work import FORMATS as WRITTEN
    from mfaaudit.reports.plain import plain

    reading = made.reading
    click.echo()
    click.secho(made.headline.upper(), fg=COLOURS[made.exit_code], bold=True)
    click.echo(made.statement)
    click.echo()
    click.echo(f"Recheck of  {made.population}")
    click.echo(f"Tenant      {plain(reading.tenant)}{'  (simulated)' if reading.simulated else ''}")
    click.echo(f"Posture     {plain(made.posture.statement)}")
    seconds = (reading.finished_at - reading.started_at).total_seconds()
    click.echo(f"Read        {reading.requests:,} requests in {seconds:,.1f} s")
    click.echo()
    counts = Counter((row.before.rule.id, row.outcome) for row in made.rows)
    for rule in made.flagged.rules:
        each = ((one, counts[rule.id, one]) for one in Outcome)
        said = ", ".join(f"{number:,} {one.words.lower()}" for one, number in each if number)
        if said:
            click.echo(f"{rule.id:10} {rule.severity.value:9} {said}   {plain(rule.title)}")
    if made.new_failures:
        click.secho(f"{len(made.new_failures):,} new failures of the same users", fg="red")
    if made.flagged.left_out:
        click.echo(f"\nnot judged  {', '.join(one.id for one in made.flagged.left_out)}: they need the whole tenant")
    click.echo(f"\nFolder      {folder}")
    for one in WRITTEN:
        if (folder / one.file).exists():
            click.echo(f"            {folder / one.file}")
