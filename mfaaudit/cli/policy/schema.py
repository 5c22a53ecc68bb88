"""`mfaaudit policy schema`: the JSON Schema of pack files, for editors."""

from __future__ import annotations

import click


@click.command()
@click.option("--lists", is_flag=True, help="The schema of a file of lists, _lists.yaml, instead.")
def schema(lists: bool) -> int:
    """Print the JSON Schema of a pack file, with which an editor completes and checks what is written."""
    from mfaaudit.findings.pack_schema import lists_schema, pack_schema, written

    click.echo(written(lists_schema() if lists else pack_schema()), nl=False)
    return 0
