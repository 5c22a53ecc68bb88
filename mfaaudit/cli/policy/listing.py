"""`mfaaudit policy list`: the packs that ship."""

from __future__ import annotations

import click

from mfaaudit.cli.options import telling
from mfaaudit.cli.policy.words import head, line, needs, paragraph, summary
from mfaaudit.cli.terminal import State


@click.command("list")
@telling
@click.pass_obj
def list_packs(state: State, quiet: bool, verbose: bool) -> int:
    """Name the shipped packs and what each is for."""
    from mfaaudit.findings import load_pack, shipped_packs

    state.verbose = verbose
    for name in shipped_packs():
        pack = load_pack(name)
        line(head(pack), bold=True)
        paragraph(summary(pack), indent="    ")
        for need in needs(pack):
            paragraph(need, indent="    ")
        if not quiet and pack.description:
            paragraph(pack.description, indent="    ")
    return 0
