"""`mfaaudit check`: says whether an identity can read what an audit needs, and what would be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mfaaudit.cli.audit import connect
from mfaaudit.cli.options import as_json, connecting, telling
from mfaaudit.cli.terminal import State, print_json, watched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mfaaudit.checking import Check, Row
    from mfaaudit.findings import Rule

COLOURS = {"READABLE": "green", "NO_PERMISSION": "red", "NO_LICENSE": "red", "DELEGATED_ONLY": None}
WIDTH = 100


@click.command(short_help="Can this identity read what an audit needs?")
@connecting
@as_json
@telling
@click.pass_obj
def check(
    state: State,
    tenant: str | None,
    auth: str,
    cloud: str,
    graph_url: str | None,
    json_wanted: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Ask each source once, for as little as it gives, and say what an audit could not read, why, and what to do.

    Reads nothing else and writes no file. Ends with 0 if everything can be read, 11 if something cannot, 1 if no audit
    is possible.
    """
    from mfaaudit.checking import check as perform
    from mfaaudit.checking import to_json

    state.verbose = verbose
    connection = connect(tenant=tenant, auth=auth, cloud=cloud, graph_url=graph_url)
    made = watched(lambda step: perform(connection, step), quiet=quiet)
    if json_wanted:
        print_json(to_json(made))
    else:
        _print(made)
    return made.exit_code


def _print(made: Check) -> None:
    from mfaaudit.evidence.service import said_of
    from mfaaudit.reports.plain import plain

    tenant, identity = made.tenant, made.identity
    name = "(it may not be asked for its name)" if tenant is None else tenant.name or tenant.default_domain or tenant.id
    who = identity.user_principal_name or identity.app_name or identity.app_id or "(the token does not say)"
    click.echo()
    click.echo(f"Tenant        {plain(name)}")
    if tenant is not None and tenant.type:
        click.echo(f"Type          {plain(said_of(tenant.type))}")
    click.echo(f"Identity      {plain(who)} ({identity.kind})")
    _wrapped("Permissions", plain(", ".join(identity.permissions)) or "(the token names none)")
    click.echo()
    longest = max(len(row.case.source.title) for row in made.rows)
    click.echo(f"{'':19}{'source':{longest}}  permission, or what is lacking")
    for row in sorted(made.rows, key=lambda row: bool(row.option)):
        ability = click.style(f"{row.finding.ability.value:19}", fg=COLOURS.get(row.finding.ability.value, "yellow"))
        held = ", ".join(row.case.granted[:1]) if row.finding.ability.value == "READABLE" else row.finding.needs
        if row.option:
            click.echo(f"{'':19}only with {row.option}:")
        click.echo(f"{ability}{row.case.source.title:{longest}}  {held}".rstrip())
    findings = dict.fromkeys(row.finding for row in made.rows if row.finding.cure)
    for finding in findings:
        _explain([row for row in made.rows if row.finding == finding])
    case, own = made.own
    click.echo()
    click.secho(f"{own.ability.value}  {case.source.title} ({case.source.path}), which no audit needs", bold=True)
    if own.why:
        _wrapped("  Why", plain(own.why))
        _wrapped("  What to do", plain(own.cure))
    click.echo()
    if made.grant:
        _wrapped("To grant", ", ".join(made.grant))
    if made.rules:
        _wrapped("Left open", f"{_ids(made.rules)}: NOT_EVALUATED for everybody")
    if made.in_doubt:
        _wrapped("In doubt", f"{_ids(made.in_doubt)}: judged or not, as other values turn out")
    click.secho(made.statement, fg={0: "green", 11: "yellow"}.get(made.exit_code, "red"), bold=True)


def _explain(rows: Sequence[Row]) -> None:
    """Sources of which the same is to be said."""
    from mfaaudit.reports.plain import plain

    finding = rows[0].finding
    click.echo()
    click.secho(f"{finding.ability.value}  {', '.join(row.case.source.title for row in rows)}", bold=True)
    _wrapped("  Why", plain(finding.why))
    _wrapped("  What to do", plain(finding.cure))
    fields = dict.fromkeys(name for row in rows for name in row.fields)
    if fields:
        _wrapped("  Missing", ", ".join(fields))
    rules = {rule.id: rule for row in rows for rule in row.rules}
    if rules:
        _wrapped("  Left open", _ids(rules.values()))
    in_doubt = {rule.id: rule for row in rows for rule in row.in_doubt}
    if in_doubt:
        _wrapped("  In doubt", _ids(in_doubt.values()))


def _ids(rules: Iterable[Rule]) -> str:
    return ", ".join(rule.id for rule in rules)


def _wrapped(head: str, text: str) -> None:
    lines = click.wrap_text(text, width=WIDTH - 14).splitlines() or [""]
    for number, line in enumerate(lines):
        click.echo(f"{'' if number else head:14}{line}")
