"""`mfaaudit report`: draw the reports again from a bundle, in place or as a copy that may be passed on."""

from __future__ import annotations

from pathlib import Path

import click

from mfaaudit.cli.options import FORMATS_HELP, out, telling
from mfaaudit.cli.terminal import State, Watch, print_summary

MODES = ("full", "internal", "pseudonymous")


@click.command(short_help="Draw the reports again from a bundle, or a copy to pass on; no network.")
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--format", "formats", help=f"{FORMATS_HELP} Default: those of the bundle.")
@click.option(
    "--share",
    type=click.Choice(MODES),
    help="Write a copy to pass on, without evidence: full; internal, without display names and what was written into "
    "exceptions; or pseudonymous, in which nobody is named.",
)
@out("The folder of the copy; must not exist, or be empty.")
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The key that makes the pseudonyms; the same key gives the same ones. Keep it apart from every copy.",
)
@click.option("--new-key", is_flag=True, help="Make the file of --key, which must not exist.")
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write down what each pseudonym stands for, into a file outside of the copy.",
)
@telling
@click.pass_obj
def report(
    state: State,
    bundle: Path,
    formats: str | None,
    share: str | None,
    out: Path | None,
    key: Path | None,
    new_key: bool,
    mapping: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Draw the reports of BUNDLE again from its evidence and the policies in it, in place.

    The same evidence, policies and version give the same files. With --share, write a copy that may be passed on into a
    folder of its own, and leave the bundle as it is.
    """
    from mfaaudit.bundle import check_bundle, held, reading
    from mfaaudit.judging import judge_held
    from mfaaudit.kept import brief_of
    from mfaaudit.sharing.writing import order, share_bundle

    state.verbose = verbose
    wanted = order(share, out, key, mapping, new_key=new_key)
    watch = Watch(quiet=quiet)
    check_bundle(bundle)
    with watch.bars(), held(bundle) if wanted is None else reading(bundle):
        how = brief_of(bundle, formats)
        made = judge_held(bundle, how, watch.step) if wanted is None else share_bundle(bundle, how, wanted, watch.step)
    print_summary(bundle if wanted is None else wanted.out, made)
    if wanted is not None:
        click.echo(f"Copy        {wanted.mode.value}: the folder above, with manifest.json, can be passed on as it is")
    return made.conclusion.exit_code
