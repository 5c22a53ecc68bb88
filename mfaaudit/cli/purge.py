"""`mfaaudit purge`: take the people out of bundles whose time is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mfaaudit.cli.options import telling
from mfaaudit.cli.terminal import State, Watch

if TYPE_CHECKING:
    from mfaaudit.purging.found import Found
    from mfaaudit.purging.purge import Purged

DECLINED = 1


@click.command(short_help="Take the people out of old bundles, and keep the proof; no network.")
@click.argument(
    "folders",
    metavar="FOLDER...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option(
    "--older-than",
    metavar="AGE",
    required=True,
    help="Purge audits that ended longer ago: 400d, 57w or 2y; a year is 365 days.",
)
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@telling
@click.pass_obj
def purge(
    state: State, folders: tuple[Path, ...], older_than: str, dry_run: bool, yes: bool, quiet: bool, verbose: bool
) -> int:
    """Remove evidence, users, reports and everything else with people in it from old bundles.

    FOLDER is a bundle or a folder that bundles lie in. What stays is the manifest, byte for byte, with the hashes of
    what was removed; the policies; and deletion.json, the record. A manifest names who ran the audit, and a policy of
    your own whom you wrote into it. A bundle that holds a file of others is left alone and named, and so is an audit
    that was broken off: then the command ends with 11. A purge that was stopped is gone on with by the same command.

    Files are deleted as the system deletes them: what disks, snapshots and backups still hold is not overwritten.
    """
    import sys
    from datetime import UTC, datetime

    from mfaaudit.errors import UsageProblem
    from mfaaudit.purging.limit import read_limit
    from mfaaudit.purging.looking import look
    from mfaaudit.purging.purge import foreseen
    from mfaaudit.purging.purge import purge as perform

    state.verbose = verbose
    limit = read_limit(older_than)
    found = look(folders, limit, datetime.now(UTC))
    _print_found(found)
    due = [one for one in found if one.standing.is_to_do]
    code, remains = foreseen(found)
    if dry_run or not due:
        _print_elsewhere(remains)
        click.echo(f"Nothing was removed{': this was a dry run' if dry_run and due else ''}.")
        return code
    if not yes:
        if not sys.stdin.isatty():
            raise UsageProblem(
                "nobody can be asked whether to remove this",
                hint="Add --yes to remove it, or --dry-run to only look.",
            )
        if not click.confirm(f"Remove {_amount(due)} for good?", err=True):
            click.echo("Nothing was removed.")
            return DECLINED
    watch = Watch(quiet=quiet)
    with watch.bars():
        made = perform(found, limit, lambda: datetime.now(UTC), watch.step)
    _print_made(made)
    return made.exit_code


def _print_found(found: Sequence[Found]) -> None:
    from mfaaudit.reports.plain import plain

    for one in found:
        amount = f"; {_amount([one])}" if one.standing.is_to_do else ""
        colour = "yellow" if one.standing.is_in_the_way else None
        head = click.style(f"{one.standing.value:12}", fg=colour)
        click.echo(f"{head}{plain(str(one.bundle))}: {plain(one.words)}{amount}")
    counts = Counter(one.standing.value for one in found)
    click.echo(f"{len(found):,} in all: {', '.join(f'{count:,} {word}' for word, count in sorted(counts.items()))}")


def _amount(found: Sequence[Found]) -> str:
    files = [listed for one in found for listed in one.going]
    many = f" of {len(found):,} bundles" if len(found) > 1 else ""
    return f"{len(files):,} files{many}, {sum(one.bytes for one in files):,} bytes"


def _print_made(made: Purged) -> None:
    from mfaaudit.reports.plain import plain

    for one, record in made.records:
        gone = f"{len(record.removed):,} files removed, {len(record.kept):,} kept"
        missing = f", {len(record.missing):,} had gone before" if record.missing else ""
        click.echo(f"Purged      {plain(str(one.bundle))}: {gone}{missing}; deletion.json says which")
    for one, why in made.failed:
        click.secho(f"NOT PURGED  {plain(str(one.bundle))}: {plain(why)}", fg="red")
    _print_elsewhere(made.elsewhere)


def _print_elsewhere(remains: Sequence[tuple[Path, str]]) -> None:
    from mfaaudit.reports.plain import plain

    for path, what in remains:
        click.echo(f"Still there {plain(str(path))}: {plain(what)}")
    if remains:
        click.echo("            The people of purged audits stand there too; no purge of those audits takes them out.")
