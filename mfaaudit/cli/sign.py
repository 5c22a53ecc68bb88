"""`mfaaudit sign`: a detached signature over a bundle's manifest, and a request for a time stamp."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mfaaudit.cli.options import Command, telling
from mfaaudit.cli.terminal import State, Watch

if TYPE_CHECKING:
    from mfaaudit.signing.sign import Signed


def _file(flag: str, name: str, help_text: str) -> Callable[[Command], Command]:
    return click.option(flag, name, type=click.Path(path_type=Path), metavar="FILE", help=help_text)


@click.command(short_help="Sign a bundle, or ask for a time stamp for it; no network.")
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_file("--key", "key", "The private key as PEM: Ed25519; or RSA or EC, with --certificate.")
@_file("--certificate", "certificate", "The certificate of the key as PEM, and those that lead to its authority.")
@_file("--out", "out", "The signature; must not exist. Default: <bundle>.manifest.sig, with --certificate .p7s.")
@_file("--timestamp-request", "request", "Write a request for a time stamp (RFC 3161), for you to send.")
@telling
@click.pass_obj
def sign(
    state: State,
    bundle: Path,
    key: Path | None,
    certificate: Path | None,
    out: Path | None,
    request: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Sign the manifest of BUNDLE, which holds the hash of every other file in it.

    The bundle is checked first, and stays as it is: signature and request are files outside of it. The passphrase of a
    key that is encrypted comes from MFAAUDIT_KEY_PASSPHRASE. Nothing is sent to anybody.
    """
    import os
    from datetime import UTC, datetime

    from mfaaudit.signing.private_key import PASSPHRASE
    from mfaaudit.signing.sign import Order
    from mfaaudit.signing.sign import sign as perform

    state.verbose = verbose
    order = Order(
        bundle=bundle,
        key=key,
        certificate=certificate,
        passphrase=os.environ.get(PASSPHRASE),
        out=out,
        request=request,
    )
    watch = Watch(quiet=quiet)
    with watch.bars():
        made = perform(order, datetime.now(UTC), watch.step)
    _print(made)
    return 0


def _print(made: Signed) -> None:
    from mfaaudit.reports.plain import plain

    click.echo(f"Checked     {made.files:,} files: each is as the manifest says, and there is no other")
    click.echo(f"Manifest    SHA-256 {made.sha256}")
    if made.signature is not None:
        click.echo(f"Signed by   {plain(made.signer)}")
        click.echo(f"Signature   {plain(str(made.signature))}")
        click.echo(f"Check it    {plain(made.command)}")
    if made.request is not None:
        click.echo(
            f"Request     {plain(str(made.request))}, for a time stamp: send it to an authority, and keep the reply"
        )
