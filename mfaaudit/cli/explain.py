"""`mfaaudit explain`: one user, every rule, the values it saw, where they were read, and what would change it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mfaaudit.cli.options import as_json, telling
from mfaaudit.cli.terminal import State, Watch, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mfaaudit.explaining.lines import Line
    from mfaaudit.findings import Findings

COLOURS = {"PASS": "green", "FAIL": "red", "WAIVED": "cyan", "NOT_EVALUATED": "yellow", "ERROR": "yellow"}


@click.command(short_help="One user: every rule, the values it saw, and what would change it; no network.")
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("user", metavar="USER")
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only this rule; repeatable. Default: all.")
@as_json
@telling
@click.pass_obj
def explain(
    state: State, bundle: Path, user: str, rules: tuple[str, ...], json_wanted: bool, quiet: bool, verbose: bool
) -> int:
    """Say of one user of BUNDLE what each rule says and why, and what would change it.

    USER is an object id or a user principal name. The bundle is judged again from its own evidence, as it was judged,
    and nothing is written. Every value is shown with its source, when it was read, and the line of evidence that it
    stands in. Ends with 0 if the user could be explained, whatever the verdicts are.
    """
    from mfaaudit.bundle import reading
    from mfaaudit.explaining.as_json import to_json
    from mfaaudit.explaining.explanation import explain as perform
    from mfaaudit.explaining.explanation import look_up
    from mfaaudit.explaining.telling import lines_of
    from mfaaudit.explaining.whom import row_of
    from mfaaudit.judging import circumstances_of, judge_evidence
    from mfaaudit.kept import brief_of

    state.verbose = verbose
    watch = Watch(quiet=quiet)
    with watch.bars(), reading(bundle):
        how = brief_of(bundle, None)
        made = judge_evidence(bundle, how, watch.step)
        wanted = tuple(_known(rules, made.findings))
        row = row_of(made.users, user)
        watch.step("Evidence", 0, None)
        answers = look_up(bundle, made, row)
    found = perform(made, row, circumstances_of(made.declared, how), answers, wanted)
    if json_wanted:
        print_json(to_json(found))
    else:
        _print(lines_of(found, str(bundle)))
    return 0


def _known(names: tuple[str, ...], findings: Findings) -> Iterator[str]:
    from mfaaudit.errors import UsageProblem
    from mfaaudit.yaml_nodes import nearest

    known = {one.rule.id.casefold(): one.rule.id for one in findings.results}
    for name in names:
        if name.casefold() not in known:
            raise UsageProblem(f"the bundle was not judged by a rule {name!r}", hint=nearest(name, known.values()))
        yield known[name.casefold()]


def _print(lines: Iterable[Line]) -> None:
    for line in lines:
        if line.verdict is None:
            click.secho(line.text, bold=line.bold)
            continue
        word = click.style(f"{line.verdict.value:16}", fg=COLOURS.get(line.verdict.value), bold=True)
        click.echo(word + click.style(line.text, bold=line.bold))
