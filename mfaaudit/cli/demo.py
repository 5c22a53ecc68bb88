"""`mfaaudit demo`: the whole job on the embedded simulated tenant."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from mfaaudit.cli.options import (
    collecting,
    judging,
    optional_sources,
    out,
    sign_in_counts,
    simulated,
    telling,
    wanted,
)
from mfaaudit.cli.terminal import State, Watch, print_summary


@click.command(short_help="The whole job on the embedded simulated tenant.")
@simulated
@collecting
@optional_sources
@sign_in_counts
@judging
@out("The bundle's folder; must not exist. Default: mfaaudit-<tenant>-<time> here.")
@telling
@click.pass_obj
def demo(
    state: State,
    users: int,
    seed: int,
    mood: str,
    oddities: tuple[str, ...],
    quarter: int,
    way: str,
    options: tuple[str, ...],
    interval: int,
    judge_by: Mapping[str, Any],
    out: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Audit a simulated tenant that answers as Microsoft Graph does; nothing leaves this machine.

    Only the innermost network layer is replaced: sign-in, paging, batches, throttling and retries are the real ones.
    Ends with 0 whenever it ran to its end: its findings are the show.
    """
    from datetime import UTC, datetime

    import httpx

    from mfaaudit.cli.audit import order_of, perform
    from mfaaudit.connecting import Connection
    from mfaaudit.machine import machine_called
    from mfaaudit.simulated import open_tenant
    from mfaaudit.simulated.mood import MOOD
    from mfaaudit.tenant.clouds import CLOUDS
    from mfaaudit.tenant.sign_in import GivenToken

    state.verbose = verbose
    packs = ("baseline", "ca-managed" if MOOD[mood].managed else "legacy-per-user-mfa")
    how = wanted(judge_by, packs, quiet=quiet)
    tenant = open_tenant(
        users=users,
        seed=seed,
        mood=mood,
        oddities=oddities,
        quarter=quarter,
        now=datetime.now(UTC),
        breaks_off=lambda: httpx.ReadError("connection reset"),
    )
    cloud = CLOUDS["global"]
    connection = Connection(
        root=cloud.graph,
        cloud=cloud.name,
        auth="token",
        credential=GivenToken(tenant.access_token()),
        scopes=[cloud.scope],
        tenant=tenant.tenant_id,
        transport=httpx.ASGITransport(app=tenant.app),
        simulated=True,
        # As with the identity: whoever tries a demo need not name a machine in what they show to others.
        machine=lambda: machine_called("simulated", "simulated"),
    )
    bundle, made = perform(state, connection, order_of(way, options, how, interval), how, out, Watch(quiet=quiet))
    print_summary(bundle, made)
    click.echo(f"Exit code   0 for a demo; an audit with this result ends with {made.conclusion.exit_code}")
    return 0
