"""`mfaaudit policy show`: a pack with its rules, its controls, and what it has from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mfaaudit.cli.options import telling
from mfaaudit.cli.policy.words import bearing, framework, head, line, needs, paragraph, summary
from mfaaudit.cli.terminal import State

if TYPE_CHECKING:
    from mfaaudit.findings import Pack, Rule


@click.command()
@click.argument("names", metavar="NAME|FILE", nargs=-1, required=True)
@telling
@click.pass_obj
def show(state: State, names: tuple[str, ...], quiet: bool, verbose: bool) -> int:
    """Show packs: each rule with its reason and its cure, the controls, the lists, and what was changed or left out."""
    from mfaaudit.findings import load_pack

    state.verbose = verbose
    for place, pack in enumerate([load_pack(name) for name in names]):
        if place:
            click.echo()
        line(head(pack), bold=True)
        _pack(pack, brief=quiet)
        for rule in pack.rules:
            _rule(rule, pack, brief=quiet)
        _controls(pack)
        _lists(pack)
        if pack.left_out:
            _title("Left out")
            for name, why in pack.left_out.items():
                paragraph(f"{name}: {why}", indent="    ")
    return 0


def _pack(pack: Pack, *, brief: bool) -> None:
    paragraph(summary(pack))
    if not brief and pack.description:
        paragraph(pack.description)
    if pack.framework is not None and pack.framework.note:
        paragraph(f"{framework(pack)}: {pack.framework.note}")
    if pack.based_on:
        paragraph(f"Built on {', '.join(one.pack for one in pack.based_on)}")
    if pack.conflicts_with:
        paragraph(f"Contradicts {', '.join(pack.conflicts_with)}")
    for need in needs(pack):
        paragraph(need[:1].upper() + need[1:])


def _rule(rule: Rule, pack: Pack, *, brief: bool) -> None:
    from mfaaudit.findings import in_words
    from mfaaudit.reports.plain import plain

    click.echo()
    click.secho(f"{rule.id}  {plain(rule.title)}", bold=True, nl=False)
    click.echo(f"  [{rule.severity}]{_origin(rule, pack)}")
    paragraph(in_words(rule), indent="    ")
    if brief:
        return
    for title, text in (
        ("Why", rule.rationale),
        ("Remediation", rule.remediation),
        ("Action", ", else ".join(rule.actions)),
        ("See", ", ".join(rule.references)),
        ("Controls", bearing(rule, pack)),
    ):
        if text:
            paragraph(f"{title}: {text}", indent="    ")


def _origin(rule: Rule, pack: Pack) -> str:
    if rule.changed_from:
        return f"  changed from {rule.changed_from}"
    return f"  from {rule.pack}" if rule.pack != pack.id else ""


def _controls(pack: Pack) -> None:
    if not pack.controls:
        return
    _title(f"Controls of {framework(pack)}" if pack.framework is not None else "Controls")
    for one in pack.controls:
        rules = f": {', '.join(one.rules)}" if one.rules else ""
        paragraph(f"{one.id}  {one.title} [{one.assessment}]{rules}", indent="    ")
        if one.note:
            paragraph(one.note, indent="        ")


def _lists(pack: Pack) -> None:
    from mfaaudit.findings.lists_used import lists_used

    found = lists_used(pack)
    if not found:
        return
    _title("Lists")
    for name, values in found.items():
        sample = " (a sample)" if name in pack.fill_in else ""
        paragraph(f"${name}{sample}: {', '.join(values)}", indent="    ")


def _title(text: str) -> None:
    click.echo()
    line(text, bold=True)
