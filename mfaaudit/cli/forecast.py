"""`mfaaudit forecast`: what an audit would take, before it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mfaaudit.cli.audit import connect
from mfaaudit.cli.options import as_json, collecting, connecting, telling
from mfaaudit.cli.terminal import State, print_json, watched

if TYPE_CHECKING:
    from mfaaudit.forecasting import Forecast

WIDTH = 100


@click.command(short_help="Requests, quota, time, memory and disk that an audit would take.")
@connecting
@collecting
@as_json
@telling
@click.pass_obj
def forecast(
    state: State,
    tenant: str | None,
    auth: str,
    cloud: str,
    graph_url: str | None,
    way: str,
    json_wanted: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Count the users of a tenant, and say what an audit of it would take before it runs.

    Makes four calls and writes no file. Shows each way to collect, and what each option of audit would add.
    """
    from mfaaudit.forecasting import forecast as perform
    from mfaaudit.forecasting import to_json

    state.verbose = verbose
    connection = connect(tenant=tenant, auth=auth, cloud=cloud, graph_url=graph_url)
    made = watched(lambda step: perform(connection, step, collect=way), quiet=quiet)
    if json_wanted:
        print_json(to_json(made))
    else:
        _print(made)
    return 0


def _print(made: Forecast) -> None:
    from mfaaudit.forecasting import ASSUMPTIONS
    from mfaaudit.reports.plain import plain

    way = made.way
    click.echo()
    click.echo(f"Tenant      {plain(made.tenant.name or made.tenant.default_domain or made.tenant.id)}")
    click.echo(f"Users       {made.known.users:,}")
    click.echo(f"Collect     {way.collect}")
    click.echo()
    longest = max(len(line.title) for line in way.lines)
    click.echo(f"{'source':{longest}}  {'quota':18}{'requests':>10}{'reads':>12}{'units':>12}")
    for line in way.lines:
        numbers = _number(line.requests, 10) + _number(line.reads, 12) + _number(line.units, 12)
        click.echo(f"{line.title:{longest}}  {line.bucket.value:18}{numbers}{_more(line.at_least)}".rstrip())
    click.echo()
    for share in way.shares:
        what = "requests" if share.units is None else "units"
        used = share.requests if share.units is None else share.units
        given, period = share.quota.size, share.quota.period
        quota = f"{given:,} in {period} s" if period > 1 else f"{given:,} a second"
        click.echo(f"{share.bucket.value:20}{used:>10,} {what:10}at {quota:14}{duration(share.seconds):>12}")
    click.echo()
    click.secho(f"Requests    {way.requests:,}{_more(way.at_least)}", bold=True)
    click.secho(f"Time        {duration(way.at_quota)} to {duration(way.cautious)}", bold=True)
    click.echo(f"            {duration(way.counted_with_reports)} if Graph counts the per-user reads with its reports")
    click.secho(f"Memory      {size(made.memory)}", bold=True)
    click.secho(f"Disk        {size(made.disk)}, of which evidence {size(made.evidence)}", bold=True)
    _print_ways(made)
    _print_options(made)
    click.echo()
    for sentence in ASSUMPTIONS:
        click.echo(click.wrap_text(sentence, width=WIDTH, initial_indent="- ", subsequent_indent="  "))


def _print_ways(made: Forecast) -> None:
    click.echo()
    click.echo(f"{'--collect':26}{'requests':>10}{'read singly':>14}{'units':>12}{'memory':>10}  time")
    for way in made.ways:
        numbers = _number(way.requests, 10) + _number(way.per_user_reads, 14) + _number(way.units, 12)
        time = f"{duration(way.at_quota)} to {duration(way.cautious)}"
        click.echo(f"{way.collect:26}{numbers}{size(made.memory):>10}  {time}{_more(way.at_least)}")


def _print_options(made: Forecast) -> None:
    from mfaaudit.sources.options import OPTIONS

    click.echo()
    click.echo(f"{'option':26}{'requests':>10}{'units':>12}{'time':>12}  adds")
    for price in made.prices:
        option = OPTIONS[price.option]
        time = "" if price.seconds is None else duration(price.seconds)
        numbers = _number(price.requests, 10) + _number(price.units, 12) + f"{time:>12}"
        more = "" if not price.at_least else "; or more" if price.requests is not None else "; could not be told"
        click.echo(f"{option.flag:26}{numbers}  {option.title}{more}")


def _more(at_least: bool) -> str:
    return "  or more" if at_least else ""


def _number(value: int | None, width: int) -> str:
    return f"{'' if value is None else f'{value:,}':>{width}}"


def duration(seconds: float) -> str:
    """For a person: two units at most, rounded up."""
    whole = max(1, -int(-seconds // 1))
    if whole < 120:
        return f"{whole} s"
    minutes = -(-whole // 60)
    if minutes < 120:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"


def size(count: int) -> str:
    """Bytes for a person, in powers of ten."""
    if count < 1e6:
        return f"{count / 1e3:.0f} kB"
    return f"{count / 1e6:.0f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"
