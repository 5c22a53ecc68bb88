"""`mfaaudit evaluate`: judge stored evidence again with other policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mfaaudit.cli.options import as_json, judging, out, telling, wanted
from mfaaudit.cli.terminal import State, Watch, print_json, print_summary

if TYPE_CHECKING:
    from mfaaudit.brief import Brief
    from mfaaudit.spark.judging import Counted

POLARS, SPARK = "polars", "spark"
COLOURS = {"PASS": "green", "FAIL": "red", "NOT_EVALUATED": "yellow", "ERROR": "yellow"}
GIVEN = (click.core.ParameterSource.COMMANDLINE, click.core.ParameterSource.ENVIRONMENT)
ANEW = "Leave it out, or judge the bundle with it first, by `mfaaudit evaluate` without --engine."
NOT_FOR_SPARK = {
    "out": ("--out", "it writes no bundle", "Leave it out, or leave out --engine to have a bundle with reports."),
    "formats": ("--format", "it writes no reports", "Leave it out, or leave out --engine to have reports."),
    "exceptions": ("--exceptions", "it counts before any exception", ANEW),
    "classes": ("--classes", "it takes accounts for what the bundle holds", ANEW),
    "earlier": ("--earlier", "it compares nothing", "Leave it out, or leave out --engine to say what changed."),
    "posture": ("--posture", "it takes the posture that the bundle holds", ANEW),
}
"""Options that only judging anew can heed: what is typed, why not, and what to do."""


@click.command(short_help="Judge stored evidence again with other policies; no network.")
@click.argument("bundles", metavar="BUNDLE...", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@judging
@click.option(
    "--engine",
    type=click.Choice((POLARS, SPARK)),
    default=POLARS,
    show_default=True,
    help="spark counts many bundles or very large ones, on this machine or where SPARK_REMOTE or SPARK_MASTER says, "
    "before any exception, and writes nothing; it needs mfaaudit[spark] and Java.",
)
@out("A new bundle with a copy of the evidence; must not exist. Default: <bundle>-evaluated-<time>.")
@as_json
@telling
@click.pass_context
def evaluate(
    context: click.Context,
    bundles: tuple[Path, ...],
    judge_by: Mapping[str, Any],
    engine: str,
    out: Path | None,
    json_wanted: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Judge the evidence in BUNDLE again, into a new bundle; the old one is not touched.

    With --engine spark, count the verdicts of the users that BUNDLE... hold, and print them.
    """
    from mfaaudit.errors import UsageProblem

    state: State = context.obj
    state.verbose = verbose
    if not bundles:
        raise click.MissingParameter(ctx=context, param_hint="'BUNDLE...'", param_type="argument")
    if engine == SPARK:
        for name, (typed, why, hint) in NOT_FOR_SPARK.items():
            if context.get_parameter_source(name) in GIVEN:
                raise UsageProblem(f"{typed} does not go with --engine spark: {why}", hint=hint)
        return _on_spark(bundles, wanted(judge_by), json_wanted=json_wanted, quiet=quiet)
    if len(bundles) > 1:
        raise UsageProblem(
            f"{len(bundles)} bundles were given, and each is judged into one of its own",
            hint="Run `mfaaudit evaluate` once for each, or count them together with --engine spark.",
        )
    if json_wanted:
        raise UsageProblem(
            "--json goes with --engine spark alone",
            hint="Without it, results.json in the new bundle holds the result for programs.",
        )
    return _into_new_bundle(bundles[0], wanted(judge_by, quiet=quiet), out, quiet=quiet)


def _into_new_bundle(bundle: Path, how: Brief, out: Path | None, *, quiet: bool) -> int:
    from datetime import UTC, datetime

    from mfaaudit.bundle import check_out
    from mfaaudit.judging import evaluate_into

    source = bundle.resolve()
    target = out or source.with_name(f"{source.name}-evaluated-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    check_out(target)
    watch = Watch(quiet=quiet)
    with watch.bars():
        made = evaluate_into(target, bundle, how, watch.step)
    print_summary(target, made)
    return made.conclusion.exit_code


def _on_spark(bundles: tuple[Path, ...], how: Brief, *, json_wanted: bool, quiet: bool) -> int:
    from mfaaudit.spark.judging import count_bundles
    from mfaaudit.spark.results import exit_code, to_json

    watch = Watch(quiet=quiet)
    with watch.bars():
        counted = count_bundles(bundles, how.packs, watch.step, every_posture=how.allow_conflicts)
    if json_wanted:
        print_json(to_json(counted, how.fail_on))
    else:
        _print(counted)
    return exit_code(counted, how.fail_on)


def _print(counted: Sequence[Counted]) -> None:
    from mfaaudit.reports.plain import plain
    from mfaaudit.spark.results import NOTE

    for one in counted:
        run = one.stored.run
        name = plain(run.tenant_called)
        click.echo()
        click.secho(str(one.stored.bundle), bold=True)
        simulated = "  (simulated)" if run.simulated else ""
        proved = "" if one.stored.complete else "; the population could not be proved complete"
        click.echo(f"{name}{simulated}, {one.stored.user_count:,} users{proved}")
        for pack in one.unfit:
            click.echo(f"The pack {pack.id} says nothing of this tenant: it is for the posture {pack.posture}.")
        click.echo(f"{'':16}{'severity':10}{'pass':>10}{'fail':>10}{'open':>10}{'n/a':>10}   rule")
        for answer in one.answers:
            counts, word = answer.counts, answer.status.value
            click.echo(
                click.style(f"{word:16}", fg=COLOURS.get(word))
                + f"{answer.rule.severity.value:10}{counts.pass_:>10,}{counts.fail:>10,}"
                + f"{counts.not_evaluated + counts.error:>10,}{counts.not_applicable:>10,}"
                + f"   {answer.rule.id}  {plain(answer.rule.title)}"
            )
    click.echo()
    click.echo(NOTE)
