"""`mfaaudit simulate`: serve the simulated tenant over http for other clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mfaaudit.cli.options import simulated, telling
from mfaaudit.cli.terminal import State
from mfaaudit.errors import UsageProblem

if TYPE_CHECKING:
    import uvicorn

    from mfaaudit.simulated.asgi import Application


@click.command(short_help="Serve the simulated tenant over http on this machine.")
@simulated
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 for any free port.")
@click.option("--quota/--no-quota", default=True, show_default=True, help="Throttle as Graph documents it.")
@telling
@click.pass_obj
def simulate(
    state: State,
    users: int,
    seed: int,
    mood: str,
    oddities: tuple[str, ...],
    quarter: int,
    port: int,
    quota: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Serve a simulated tenant on 127.0.0.1 until Ctrl-C, and print how to audit it."""
    import socket
    from datetime import UTC, datetime

    from mfaaudit.simulated import open_tenant

    state.verbose = verbose
    tenant = open_tenant(
        users=users, seed=seed, mood=mood, oddities=oddities, now=datetime.now(UTC), quota=quota, quarter=quarter
    )
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        # From here on a client waits instead of being refused: the address is printed before the server runs.
        listener.listen()
    except OSError as error:
        raise UsageProblem(
            f"port {port} cannot be used: {error.strerror}", hint="Choose another with --port, or 0 for any free one."
        ) from error
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    who = f"{tenant.user_count:,} users, mood {', '.join((mood, *oddities))}, seed {seed}, quarter {quarter}"
    click.echo(f"# {who}, quota {'on' if quota else 'off'}; Ctrl-C ends it")
    click.echo(f"export MFAAUDIT_ACCESS_TOKEN={tenant.access_token()}")
    click.echo(f"mfaaudit audit --graph-url {address} --auth token")
    server_of(tenant.app).run(sockets=[listener])
    return 0


def server_of(app: Application) -> uvicorn.Server:
    """The web server of a tenant, which sends the time itself: Graph sends one `date` header, and so does this."""
    import uvicorn

    return uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, date_header=False))
