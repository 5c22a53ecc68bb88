"""`mfaaudit policy validate`: whether packs can be used, alone and together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mfaaudit.cli.options import telling
from mfaaudit.cli.policy.words import counted, line, needs
from mfaaudit.cli.terminal import State
from mfaaudit.errors import PolicyProblem

if TYPE_CHECKING:
    from mfaaudit.findings import Pack


@click.command()
@click.argument("names", metavar="NAME|FILE", nargs=-1, required=True)
@click.option("--allow-conflicts", is_flag=True, help="Packs may contradict each other.")
@telling
@click.pass_obj
def validate(state: State, names: tuple[str, ...], allow_conflicts: bool, quiet: bool, verbose: bool) -> int:
    """Check that packs can be used, alone and together, and that their rules bear out their own examples."""
    from mfaaudit.actions import check_actions, shipped_catalogue
    from mfaaudit.findings import Terms, load_pack, load_packs, mismatches

    state.verbose = verbose
    packs = {pack.id: pack for pack in map(load_pack, names)}
    load_packs(names, Terms(allow_conflicts=allow_conflicts, allow_samples=True))
    check_actions(list(packs.values()), shipped_catalogue())
    for pack in packs.values():
        for wrong in mismatches(pack):
            raise PolicyProblem(
                f"{wrong.rule.id}: the example says {wrong.example.verdict}, the rule says {wrong.verdict}",
                hint="Correct whichever is wrong; a field that the example does not give was not read.",
                file=wrong.example.file,
                line=wrong.example.line,
            )
        if not quiet:
            line(f"{pack.file}: {_counted(pack)}, SHA-256 {pack.sha256}")
        for need in needs(pack):
            line(f"{pack.file}: {need}; judging needs a pack that extends it, with the list")
    return 0


def _counted(pack: Pack) -> str:
    examples = sum(len(rule.examples) for rule in pack.rules)
    return f"{pack.id} {pack.version}, {counted(len(pack.rules), 'rule')}, {counted(examples, 'example')} hold"
