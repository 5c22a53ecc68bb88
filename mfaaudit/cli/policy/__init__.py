"""`mfaaudit policy`: list, show, explain, validate and test rule packs, and print their schema."""

from __future__ import annotations

import click

from mfaaudit.cli.policy.explain import explain
from mfaaudit.cli.policy.listing import list_packs
from mfaaudit.cli.policy.schema import schema
from mfaaudit.cli.policy.show import show
from mfaaudit.cli.policy.trying import test
from mfaaudit.cli.policy.validate import validate


@click.group(short_help="List, show, explain, validate and test rule packs.")
def policy() -> None:
    """What the rules say, and whether a file of your own can be used."""


for _command in (list_packs, show, explain, validate, test, schema):
    policy.add_command(_command)
