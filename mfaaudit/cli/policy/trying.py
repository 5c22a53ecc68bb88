"""`mfaaudit policy test`: whether rules bear out their examples, and who would flip under a draft."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mfaaudit.cli.options import as_json, telling
from mfaaudit.cli.policy.words import counted, head, line
from mfaaudit.cli.terminal import State, print_json
from mfaaudit.errors import PolicyProblem

if TYPE_CHECKING:
    from mfaaudit.findings import Mismatch, Pack, Rule


@click.command()
@click.argument("names", metavar="NAME|FILE", nargs=-1, required=True)
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="BUNDLE",
    help="Judge the evidence of an audit with these packs too, and show who is judged otherwise.",
)
@click.option("--limit", type=click.IntRange(0), default=20, show_default=True, help="How many users to list of each.")
@as_json
@telling
@click.pass_obj
def test(
    state: State,
    names: tuple[str, ...],
    against: Path | None,
    limit: int,
    json_wanted: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Run the examples of packs; with --against, show who would flip under a draft. No network, nothing written."""
    from mfaaudit.findings import load_pack, mismatches

    state.verbose = verbose
    packs = list({pack.id: pack for pack in map(load_pack, names)}.values())
    wrong = {pack.id: list(mismatches(pack)) for pack in packs}
    for pack in packs if not json_wanted else ():
        _show(pack, wrong[pack.id], brief=quiet)
    result: dict[str, Any] = {"packs": [_for_programs(pack, wrong[pack.id]) for pack in packs]}
    every = [one for some in wrong.values() for one in some]
    if against is not None and not every:
        from mfaaudit.cli.policy import against as trial

        tried = trial.try_on(against, names)
        result["against"] = trial.for_programs(tried)
        if not json_wanted:
            trial.show(tried, limit)
    if json_wanted:
        print_json(result)
    if every:
        first = every[0].example
        raise PolicyProblem(
            f"{counted(len(every), 'example')} of {sum(len(rule.examples) for pack in packs for rule in pack.rules):,} "
            "turned out otherwise than written",
            hint="Correct the example or the rule; a field that an example does not give was not read.",
            file=first.file,
            line=first.line,
        )
    return 0


def _show(pack: Pack, wrong: list[Mismatch], *, brief: bool) -> None:
    from mfaaudit.findings import lacking

    line(head(pack), bold=True)
    for rule in pack.rules:
        own = [one for one in wrong if one.rule.id == rule.id]
        missing = lacking(rule)
        if brief and not own and not missing:
            continue
        count = counted(len(rule.examples), "example")
        verb = "holds" if len(rule.examples) == 1 else "hold"
        held = f"{len(rule.examples) - len(own)} of {count} {verb}" if rule.examples else "no examples"
        line(f"  {'WRONG' if own else 'ok':6}{rule.id}  {held}", fg="red" if own else None)
        for one in own:
            line(
                f"        {one.example.file}:{one.example.line}: the example says {one.example.verdict}, "
                f"the rule says {one.verdict}"
            )
        if missing:
            line(f"        warning: no example of {', '.join(missing)}", fg="yellow")
    examples = sum(len(rule.examples) for rule in pack.rules)
    line(f"  {counted(examples, 'example')}, {len(wrong):,} wrong; {_incomplete(pack)}")


def _incomplete(pack: Pack) -> str:
    from mfaaudit.findings import lacking

    number = sum(1 for rule in pack.rules if lacking(rule))
    return (
        f"{counted(number, 'rule')} without an example of each verdict" if number else "every rule shows each verdict"
    )


def _for_programs(pack: Pack, wrong: list[Mismatch]) -> dict[str, Any]:
    return {
        "id": pack.id,
        "version": pack.version,
        "rules": [_rule(rule, [one for one in wrong if one.rule.id == rule.id]) for rule in pack.rules],
    }


def _rule(rule: Rule, wrong: list[Mismatch]) -> dict[str, Any]:
    from mfaaudit.findings import lacking

    return {
        "id": rule.id,
        "examples": len(rule.examples),
        "lacking": [one.value for one in lacking(rule)],
        "wrong": [
            {
                "file": one.example.file,
                "line": one.example.line,
                "says": one.example.verdict.value,
                "ruleSays": one.verdict.value,
            }
            for one in wrong
        ],
    }
