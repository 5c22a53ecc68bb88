"""`mfaaudit policy`: list, show and validate rule packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mfaaudit.cli.options import telling
from mfaaudit.cli.terminal import State
from mfaaudit.errors import PolicyProblem

if TYPE_CHECKING:
    from mfaaudit.findings import Pack, Rule


@click.group(short_help="List, show and validate rule packs.")
def policy() -> None:
    """What the rules say, and whether a file of your own can be used."""


@policy.command("list")
@telling
@click.pass_obj
def list_packs(state: State, quiet: bool, verbose: bool) -> int:
    """Name the shipped packs and what each is for."""
    from mfaaudit.findings import load_pack, shipped_packs

    state.verbose = verbose
    for name in shipped_packs():
        pack = load_pack(name)
        click.echo(f"{pack.id} {pack.version}  {pack.title} ({len(pack.rules)} rules)")
        if not quiet:
            _paragraph(pack.description, indent="    ")
    return 0


@policy.command()
@click.argument("names", metavar="NAME|FILE", nargs=-1, required=True)
@telling
@click.pass_obj
def show(state: State, names: tuple[str, ...], quiet: bool, verbose: bool) -> int:
    """Say in words what each rule of a pack asks of whom, why, and what to do about a failure."""
    from mfaaudit.findings import load_packs

    state.verbose = verbose
    for pack in load_packs(names):
        click.secho(f"{pack.id} {pack.version}  {pack.title}", bold=True)
        if not quiet:
            _paragraph(pack.description, indent="")
        for rule in pack.rules:
            _show(rule, brief=quiet)
    return 0


@policy.command()
@click.argument("names", metavar="NAME|FILE", nargs=-1, required=True)
@telling
@click.pass_obj
def validate(state: State, names: tuple[str, ...], quiet: bool, verbose: bool) -> int:
    """Check that packs can be used, alone and together, and that their rules bear out their own examples."""
    from mfaaudit.findings import load_packs, mismatches

    state.verbose = verbose
    for pack in load_packs(names):
        for wrong in mismatches(pack):
            raise PolicyProblem(
                f"{wrong.rule.id}: the example says {wrong.expected}, the rule says {wrong.found}",
                hint="Correct whichever is wrong; a field that the example does not give was not read.",
                file=pack.file,
                line=wrong.example.line,
            )
        if not quiet:
            click.echo(f"{pack.file}: {_counted(pack)}, SHA-256 {pack.sha256}")
    return 0


def _counted(pack: Pack) -> str:
    examples = sum(len(rule.examples) for rule in pack.rules)
    return f"{pack.id} {pack.version}, {len(pack.rules)} rules, {examples} examples hold"


def _show(rule: Rule, *, brief: bool) -> None:
    from mfaaudit.findings import in_words

    click.echo()
    click.secho(f"{rule.id}  {rule.title}", bold=True, nl=False)
    click.echo(f"  [{rule.severity}]")
    _paragraph(in_words(rule), indent="    ")
    if brief:
        return
    for title, text in (
        ("Why", rule.rationale),
        ("Remediation", rule.remediation),
        ("See", ", ".join(rule.references)),
    ):
        if text:
            _paragraph(f"{title}: {text}", indent="    ")


def _paragraph(text: str, *, indent: str) -> None:
    click.echo(click.wrap_text(text, width=100, initial_indent=indent, subsequent_indent=indent))
