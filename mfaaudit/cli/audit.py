"""`mfaaudit audit`: collect, evaluate and report on a real tenant."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mfaaudit.cli.options import collecting, connecting, judging, optional_sources, out, sign_in_counts, telling, wanted
from mfaaudit.cli.terminal import State, Watch, print_summary
from mfaaudit.errors import UsageProblem

if TYPE_CHECKING:
    from mfaaudit.brief import Brief
    from mfaaudit.connecting import Connection
    from mfaaudit.evidence.run import Order
    from mfaaudit.reports.material import Material


@click.command(short_help="Collect, evaluate and report on a tenant.")
@connecting
@collecting
@optional_sources
@sign_in_counts
@judging
@out("The bundle's folder; must not exist, except with --resume. Default: mfaaudit-<tenant>-<time> here.")
@click.option("--resume", is_flag=True, help="Go on with an audit that was broken off, in --out or in this folder.")
@telling
@click.pass_obj
def audit(
    state: State,
    tenant: str | None,
    auth: str,
    cloud: str,
    graph_url: str | None,
    way: str,
    options: tuple[str, ...],
    interval: int,
    judge_by: Mapping[str, Any],
    out: Path | None,
    resume: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Audit a tenant, read-only, and leave a bundle: workbook, page, results and evidence.

    Secrets come from the environment: AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_CLIENT_SECRET,
    AZURE_CLIENT_CERTIFICATE_PATH, or MFAAUDIT_ACCESS_TOKEN for --auth token.
    """
    state.verbose, state.can_go_on = verbose, True
    how = wanted(judge_by, quiet=quiet)
    connection = connect(tenant=tenant, auth=auth, cloud=cloud, graph_url=graph_url)
    order = order_of(way, options, how, interval)
    left = (_broken_off() if out is None else out) if resume else None
    bundle, made = perform(state, connection, order, how, out, Watch(quiet=quiet), left=left)
    print_summary(bundle, made)
    return made.conclusion.exit_code


def connect(*, tenant: str | None, auth: str, cloud: str, graph_url: str | None) -> Connection:
    """What the options say of the tenant. Raises UsageProblem or SignInFailed."""
    from mfaaudit.connecting import Connection
    from mfaaudit.tenant.address import graph_root
    from mfaaudit.tenant.clouds import CLOUDS
    from mfaaudit.tenant.sign_in import SignIn, credential_for, environment, scopes_for

    chosen = CLOUDS[cloud]
    if graph_url is not None and auth != "token":
        raise UsageProblem(
            "--graph-url would send a token of yours to another service",
            hint="Use --graph-url together with --auth token and a token made for that service.",
        )
    root = chosen.graph if graph_url is None else graph_root(graph_url)
    given = SignIn(auth=auth, tenant=tenant, cloud=chosen, environment=environment())
    return Connection(
        root=root,
        cloud=cloud,
        auth=auth,
        credential=credential_for(given),
        scopes=scopes_for(auth, chosen),
        tenant=tenant,
    )


def order_of(way: str, options: tuple[str, ...], how: Brief, interval: int) -> Order:
    """What has to be read: what was asked for, and what the rules and the register need."""
    from mfaaudit.evidence.run import Order
    from mfaaudit.sources.options import OPTIONS

    asked = {*options, *how.options}
    return Order(
        collect=way,
        options=tuple(name for name in OPTIONS if name in asked),
        groups=how.groups,
        metrics_interval=interval,
    )


def perform(
    state: State,
    connection: Connection,
    order: Order,
    how: Brief,
    out: Path | None,
    watch: Watch,
    *,
    left: Path | None = None,
) -> tuple[Path, Material]:
    """The whole job: read the tenant into a bundle, or what is `left` of one; judge it, write the reports."""
    import asyncio

    from mfaaudit.auditing import collect, go_on
    from mfaaudit.bundle import check_out
    from mfaaudit.earlier import check_tenant
    from mfaaudit.judging import judge_bundle

    check_tenant(how.earlier, connection.tenant)
    if left is None and out is not None:
        check_out(out)

    def begun(folder: Path) -> None:
        state.folder = folder

    with watch.bars():
        reading = (
            collect(connection, order, out, watch.step, begun, watch.say)
            if left is None
            else go_on(connection, order, left, watch.step, begun, watch.say)
        )
        bundle = asyncio.run(reading)
        made = judge_bundle(bundle, how, watch.step)
    return bundle, made


def _broken_off() -> Path:
    """The one audit that was broken off in the working directory. Raises UsageProblem if there is none, or more."""
    from mfaaudit.auditing import broken_off

    found = broken_off(Path())
    if len(found) == 1:
        return found[0]
    raise UsageProblem(
        f"--resume: several audits were broken off here: {', '.join(map(str, found))}"
        if found
        else "--resume: no audit was broken off here",
        hint="Name the folder of the audit to go on with: --resume --out FOLDER.",
    )
