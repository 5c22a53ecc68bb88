"""`mfaaudit audit`: collect, evaluate and report on a real tenant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mfaaudit.cli.options import DEFAULT_PACKS, collecting, connecting, judging, out, telling
from mfaaudit.cli.terminal import State, Watch, print_summary
from mfaaudit.errors import UsageProblem

if TYPE_CHECKING:
    from mfaaudit.auditing import Connection
    from mfaaudit.judging import Brief
    from mfaaudit.reports.material import Material


@click.command(short_help="Collect, evaluate and report on a tenant.")
@connecting
@collecting
@judging
@out("The bundle's folder; must not exist. Default: mfaaudit-<tenant>-<time> here.")
@telling
@click.pass_obj
def audit(
    state: State,
    tenant: str | None,
    auth: str,
    cloud: str,
    graph_url: str | None,
    way: str,
    policies: tuple[str, ...],
    fail_on: str,
    formats: str,
    out: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Audit a tenant, read-only, and leave a bundle: workbook, page, results and evidence.

    Secrets come from the environment: AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_CLIENT_SECRET,
    AZURE_CLIENT_CERTIFICATE_PATH, or MFAAUDIT_ACCESS_TOKEN for --auth token.
    """
    from mfaaudit.judging import brief

    state.verbose = verbose
    how = brief(policies or DEFAULT_PACKS, fail_on, formats)
    connection = connect(tenant=tenant, auth=auth, cloud=cloud, graph_url=graph_url)
    bundle, made = perform(state, connection, how, out, Watch(quiet=quiet))
    print_summary(bundle, made)
    return made.conclusion.exit_code


def connect(*, tenant: str | None, auth: str, cloud: str, graph_url: str | None) -> Connection:
    """What the options say of the tenant. Raises UsageProblem or SignInFailed."""
    from mfaaudit.auditing import Connection
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


def perform(state: State, connection: Connection, how: Brief, out: Path | None, watch: Watch) -> tuple[Path, Material]:
    """The whole job: read the tenant into a bundle, judge it, write the reports."""
    import asyncio

    from mfaaudit.auditing import collect
    from mfaaudit.bundle import check_out
    from mfaaudit.judging import judge_bundle

    if out is not None:
        check_out(out)

    def begun(folder: Path) -> None:
        state.folder = folder

    with watch.bars():
        bundle = asyncio.run(collect(connection, out, watch.step, begun))
        made = judge_bundle(bundle, how, watch.step)
    return bundle, made
