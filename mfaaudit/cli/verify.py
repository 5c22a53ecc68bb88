"""`mfaaudit verify`: whether a bundle is whole and unaltered, and its results follow from its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mfaaudit.cli.options import as_json, telling
from mfaaudit.cli.terminal import State, Watch, print_json

if TYPE_CHECKING:
    from mfaaudit.verifying.states import Checked, Verified

MOST_SHOWN = 50
FILE = click.Path(path_type=Path)


@click.command(short_help="Is a bundle whole and unaltered, and do its results follow from its evidence?")
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--hashes-only", is_flag=True, help="Look at the files alone; do not judge the evidence again.")
@click.option(
    "--manifest-sha256",
    metavar="HEX",
    help="The SHA-256 that manifest.json should have, as it stands on the signed paper.",
)
@click.option("--signature", type=FILE, metavar="FILE", help="A signature over the manifest, as `sign` makes it.")
@click.option("--public-key", type=FILE, metavar="FILE", help="The public key of whoever should have signed, as PEM.")
@click.option("--certificate", type=FILE, metavar="FILE", help="Or the certificate of whoever should have signed.")
@click.option("--timestamp", type=FILE, metavar="FILE", help="The reply of a time stamp authority on the manifest.")
@click.option("--authority", type=FILE, metavar="FILE", help="The certificates of that authority, as PEM.")
@as_json
@telling
@click.pass_obj
def verify(
    state: State,
    bundle: Path,
    hashes_only: bool,
    manifest_sha256: str | None,
    signature: Path | None,
    public_key: Path | None,
    certificate: Path | None,
    timestamp: Path | None,
    authority: Path | None,
    json_wanted: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Check every file of BUNDLE by its hash, then judge its evidence again and compare the results.

    Nothing is written into BUNDLE. Also checks a copy that was made with `report --share`, by its hashes alone. Ends
    with 0 if everything is intact and follows from the evidence, with 10 if anything was altered, is missing, is extra
    or does not follow, and with 11 if nothing is wrong but not everything could be checked.
    """
    from mfaaudit.verifying.outside import Given
    from mfaaudit.verifying.telling import to_json
    from mfaaudit.verifying.verify import verify as check

    state.verbose = verbose
    given = Given(
        manifest_sha256=manifest_sha256,
        signature=signature,
        public_key=public_key,
        certificate=certificate,
        timestamp=timestamp,
        authority=authority,
    )
    watch = Watch(quiet=quiet)
    with watch.bars():
        made = check(bundle, given, watch.step, hashes_only=hashes_only)
    if json_wanted:
        print_json(to_json(made, bundle))
    else:
        _print(made, bundle)
    return made.exit_code


def _print(made: Verified, bundle: Path) -> None:
    from mfaaudit.reports.plain import plain
    from mfaaudit.verifying.states import State as FileState
    from mfaaudit.verifying.telling import CAUTION, counts_in_words, needs_caution, statement

    click.echo(f"Bundle      {bundle}")
    click.echo(f"Audit       {plain(made.run_id) or 'not named'}")
    click.echo(f"Manifest    SHA-256 {made.manifest_sha256}")
    for one in made.outside:
        click.echo(f"            {plain(one.what)}: {plain(one.words)}")
    click.echo(f"Files       {counts_in_words(made)}")
    click.echo(f"Results     compared {made.way.value}{f': {plain(made.why)}' if made.why else ''}")
    _print_files(made.wrong, "red")
    # Where nothing could be compared, one sentence says so of all.
    _print_files([one for one in made.files if one.state is FileState.NOT_CHECKED and one.note], "yellow")
    click.echo()
    if needs_caution(made):
        click.echo(CAUTION)
    colour = {0: "green", 10: "red"}.get(made.exit_code, "yellow")
    click.secho(plain(statement(made)), fg=colour, bold=True)


def _print_files(files: list[Checked] | tuple[Checked, ...], colour: str) -> None:
    from mfaaudit.reports.plain import plain

    for one in files[:MOST_SHOWN]:
        click.echo()
        click.secho(f"{one.state.value.upper():16}{plain(one.path)}", fg=colour)
        if one.note:
            click.echo(f"  {plain(one.note)}")
        if one.expected and one.expected != one.found:
            click.echo(f"  expected  {one.expected}")
            click.echo(f"  found     {one.found or 'nothing that has a hash'}")
        elif one.found:
            click.echo(f"  SHA-256   {one.found}")
    if len(files) > MOST_SHOWN:
        click.echo(f"\nand {len(files) - MOST_SHOWN:,} more; --json lists all")
