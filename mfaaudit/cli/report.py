"""`mfaaudit report`: draw the reports again from a bundle."""

from __future__ import annotations

from pathlib import Path

import click

from mfaaudit.cli.options import telling
from mfaaudit.cli.terminal import State, Watch, print_summary


@click.command(short_help="Draw the reports again from a bundle; no network.")
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--format", "formats", help="Which reports to write. Default: those of the bundle.")
@telling
@click.pass_obj
def report(state: State, bundle: Path, formats: str | None, quiet: bool, verbose: bool) -> int:
    """Draw the reports of BUNDLE again from its evidence and the policies in it, in place.

    The same evidence, policies and version give the same files.
    """
    from mfaaudit.judging import judge_bundle
    from mfaaudit.kept import brief_of

    state.verbose = verbose
    how = brief_of(bundle, formats)
    watch = Watch(quiet=quiet)
    with watch.bars():
        made = judge_bundle(bundle, how, watch.step)
    print_summary(bundle, made)
    return made.conclusion.exit_code
