"""Ready-made changes: the list of whom they are for, a script that changes nothing unless told to, and batches."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import polars as pl

from mfaaudit.actions import Change, State, Step
from mfaaudit.bundle import sha256_of, write_private
from mfaaudit.evidence.run import Run
from mfaaudit.reports.actions_files.batches import write_batches
from mfaaudit.reports.actions_files.harmless_columns import write_csv
from mfaaudit.reports.material import Material
from mfaaudit.sources.field import Kind
from mfaaudit.yaml_nodes import GUID, ID

TEMPLATE = "change.ps1"


def write_scripts(material: Material, step: Step, change: Change, rows: pl.DataFrame, folder: Path) -> tuple[str, ...]:
    """The files for one action that changes a value; gives their names. Raises OutputProblem."""
    name, run = step.action.id, material.snapshot.run
    own = rows.filter(pl.col("subject").is_not_null())
    seen = material.users[change.field.column].gather(own["subject"]).cast(pl.String())
    listed = own.with_columns(seen=seen, to=pl.lit(change.value))
    ready = pl.col("state") == State.READY.value
    written = []
    if listed.filter(~ready).height:
        written.append(f"{name}.not-yet.csv")
        rest = listed.filter(~ready).select("userId", "userPrincipalName", "seen", pl.col("words").alias("state"))
        write_csv(folder / written[-1], rest)
    now = listed.filter(ready).select("userId", "userPrincipalName", "seen", "to")
    if not now.height or not _can_be_code(run):
        return tuple(written)
    list_file = f"{name}.list.csv"
    write_csv(folder / list_file, now)
    sha256 = sha256_of(folder / list_file)
    write_private(folder / f"{name}.ps1", script(step, change, run, list_file, sha256).encode("ascii"))
    facts = {
        "action": name,
        "runId": run.id,
        "tenantId": run.tenant_id,
        "version": change.place.version,
        "property": change.place.key,
        "to": change.json_value(change.value),
        "permissions": list(change.place.permissions),
        "list": {"file": list_file, "sha256": sha256},
    }
    write_batches(folder / f"{name}.batch.json", change, now.to_dicts(), facts)
    return (*written, list_file, f"{name}.ps1", f"{name}.batch.json")


def script(step: Step, change: Change, run: Run, list_file: str, sha256: str) -> str:
    """The text of the script: what is put into it are ids and words of ours, never what a tenant said."""
    values = {
        "ACTION": step.action.id,
        "RUN": run.id,
        "TENANT": run.tenant_id,
        "LIST": list_file,
        "SHA256": sha256.upper(),
        "VERSION": change.place.version,
        "PATH": change.place.path,
        "SELECT": change.place.select,
        "KEY": change.place.key,
        "TO": change.value,
        "VALUES": ", ".join(f"'{one}'" for one in change.place.values),
        "ISBOOLEAN": "true" if change.field.kind is Kind.BOOLEAN else "false",
        "SCOPES": ",".join(change.place.permissions),
    }
    text = files("mfaaudit.reports.actions_files").joinpath(TEMPLATE).read_text("ascii")
    for key, value in values.items():
        text = text.replace(f"@@{key}@@", value)
    # A shell of Windows wants its line ends.
    return text.replace("\n", "\r\n")


def _can_be_code(run: Run) -> bool:
    """Whether the ids of the audit are ids; what is not stays out of a script."""
    return ID.fullmatch(run.id) is not None and GUID.fullmatch(run.tenant_id) is not None
