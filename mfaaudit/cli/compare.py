"""`mfaaudit compare`: what changed between audits of one tenant, for whom, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mfaaudit.cli.options import as_json, out, telling
from mfaaudit.cli.terminal import COLOURS, State, Watch, print_json

if TYPE_CHECKING:
    from mfaaudit.comparing.conclusion import Conclusion
    from mfaaudit.earlier import Earlier
    from mfaaudit.reports.material import Material

EPILOG = (
    "Exit codes: 0 nothing fails that did not fail before; 1 a bundle cannot be used; 2 usage, or bundles that cannot "
    "stand beside each other; 10 new failures; 11 nothing new fails, but something could not be compared."
)


@click.command(short_help="What changed between audits of one tenant, for whom, and why; no network.", epilog=EPILOG)
@click.argument(
    "bundles",
    nargs=-1,
    required=True,
    metavar="BUNDLE BUNDLE...",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@out("The folder to write; must not exist, or be empty. Default: beside the latest bundle.")
@click.option("--format", "formats", default="xlsx,html,csv,json", show_default=True, help="Which files to write.")
@as_json
@telling
@click.pass_obj
def compare(
    state: State,
    bundles: tuple[Path, ...],
    out: Path | None,
    formats: str,
    json_wanted: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Hold the latest of the BUNDLES, given in any order, against the one before it, and draw the trend over all.

    Each is judged again from its own evidence, with the rules and exceptions that it keeps. Nothing is written into
    them: what changed, how long failures lasted and the sign-ins of the whole period go into a folder of their own.
    """
    from mfaaudit.brief import wanted_formats
    from mfaaudit.bundle import reading
    from mfaaudit.comparing.changes_json import changes_of
    from mfaaudit.comparing.chosen import choose
    from mfaaudit.comparing.conclusion import conclude
    from mfaaudit.comparing.document import document_of
    from mfaaudit.comparing.judged import judge_chosen
    from mfaaudit.comparing.writing import FORMATS, place, write

    state.verbose = verbose
    wanted = wanted_formats(formats, FORMATS)
    with reading(*bundles), Watch(quiet=quiet).bars() as watch:
        chosen = choose(bundles)
        folder = place(out, chosen)
        material, earlier = judge_chosen(chosen, watch.step)
        conclusion = conclude(earlier)
        document = document_of(material, earlier, chosen, conclusion)
        made = changes_of(material, earlier, chosen, conclusion)
        write(material, earlier, document, made, chosen, folder, wanted, watch.step)
    if json_wanted:
        print_json(made)
    else:
        _print(material, earlier, conclusion, folder)
    return conclusion.exit_code


def _print(material: Material, earlier: Earlier, conclusion: Conclusion, folder: Path) -> None:
    from mfaaudit.earlier.quarter import merged
    from mfaaudit.earlier.time_to_fix import time_to_fix
    from mfaaudit.reports.change_numbers import everything, in_short
    from mfaaudit.reports.plain import plain
    from mfaaudit.reports.sections.time_to_fix import days

    run, audits = material.snapshot.run, everything(earlier)
    name = plain(run.tenant_called)
    click.echo()
    click.secho(conclusion.headline.upper(), fg=COLOURS[conclusion.tone.value], bold=True)
    click.echo(in_short(earlier))
    click.echo()
    click.echo(f"Tenant      {name}{'  (simulated)' if run.simulated else ''}")
    click.echo(f"Audits      {', '.join(f'{one.started_at:%Y-%m-%d %H:%M}' for one in audits)} UTC")
    lasted = time_to_fix(audits).in_all()
    within = "" if lasted.median is None else f", half of them within {days(lasted.median)}"
    unknown = sum(lasted.not_known.values())
    click.echo(
        f"Failures    {lasted.fixed:,} fixed{within}; {lasted.open:,} open; {unknown:,} not known how they ended"
    )
    period = merged(audits).in_all
    click.echo(f"Sign-ins    known for {period.covered}")
    for doubt in conclusion.doubts:
        click.echo(f"In doubt    {plain(doubt)}")
    click.echo(f"\nFolder      {folder}")
    for file in sorted(folder.iterdir()):
        click.echo(f"            {file}")
