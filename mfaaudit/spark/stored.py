"""What a bundle holds to be judged without its evidence: users.parquet, the tenant's row, and the facts of the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from mfaaudit.bundle import EVIDENCE, MANIFEST, check_bundle
from mfaaudit.columns import columns_of
from mfaaudit.declared.fields import POSTURE
from mfaaudit.errors import BundleProblem
from mfaaudit.evidence.run import RUN_FILE, Run
from mfaaudit.findings import Circumstances
from mfaaudit.findings.open_rules import fields_of_rule
from mfaaudit.findings.policy import Pack
from mfaaudit.judging import TENANT, USERS
from mfaaudit.manifest import Manifest, is_unaltered, plain_file, read_manifest
from mfaaudit.parquet_bounds import NotParquet, check_file
from mfaaudit.sources.field import Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason

CURE = "Run `mfaaudit evaluate` on it without --engine: the new bundle holds what Spark needs."


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One judged bundle, by what lies in its Parquet files."""

    bundle: Path
    run: Run
    complete: bool
    """Whether the population was proved complete."""
    every_posture: bool
    """Whether it was judged with rules for any posture, side by side."""
    tenant: pl.DataFrame
    """The tenant's one row."""
    user_count: int
    columns: Mapping[str, pl.DataType]
    """The columns of users.parquet."""

    @property
    def users(self) -> Path:
        """The file that Spark reads."""
        return self.bundle.resolve() / USERS

    @property
    def posture(self) -> str | None:
        """How the tenant enforces MFA, as it was declared or inferred; None where that is not known."""
        value: str | None = self.tenant[POSTURE.column].item()
        return value

    def circumstances(self, *, every_posture: bool) -> Circumstances:
        """Which rules can be asked of it; nothing is waived."""
        reason = self.tenant[f"{POSTURE.column}_reason"].item()
        return Circumstances(
            posture=self.posture,
            posture_reason=Reason.UNKNOWN_VALUE if reason is None else Reason(reason),
            every_posture=every_posture or self.every_posture,
        )


def load_stored(bundle: Path) -> Stored:
    """What a bundle holds. Raises BundleProblem if it was never judged, is of another version, or was altered."""
    check_bundle(bundle)
    manifest = read_manifest(bundle)
    facts = _facts(manifest, bundle)
    for name in (USERS, TENANT, f"{EVIDENCE}/{RUN_FILE}"):
        listed = manifest.listed(name)
        if listed is None:
            raise BundleProblem(f"{bundle} has no {name}: another version made it", hint=CURE)
        if not is_unaltered(bundle, listed):
            there = plain_file(bundle, name) is not None
            raise BundleProblem(
                f"{bundle / name} is {'not the file that the audit wrote' if there else 'missing'}",
                hint="Restore the bundle from a copy. " + CURE,
            )
    try:
        check_file(bundle / TENANT, rows=1)
        check_file(bundle / USERS)
        # A folder may have a name with signs that stand for others.
        tenant = pl.read_parquet(bundle / TENANT, glob=False)
        users = pl.scan_parquet(bundle / USERS, glob=False)
        columns = users.collect_schema()
        user_count = int(users.select(pl.len()).collect().item())
    except (OSError, NotParquet, PolarsError) as error:
        raise BundleProblem(f"the Parquet files of {bundle} cannot be read: {error}", hint=CURE) from error
    return Stored(
        bundle=bundle,
        run=Run.load(bundle / EVIDENCE / RUN_FILE),
        complete=facts["populationComplete"],
        every_posture=facts["allowConflicts"],
        tenant=tenant,
        user_count=user_count,
        columns=columns,
    )


def _facts(manifest: Manifest, bundle: Path) -> dict[str, bool]:
    facts = {}
    for name in ("populationComplete", "allowConflicts"):
        value = manifest.facts.get(name)
        if not isinstance(value, bool):
            says = f"{name} is no boolean" if name in manifest.facts else f"another version made it, without {name}"
            raise BundleProblem(f"{bundle / MANIFEST} cannot be used: {says}", hint=CURE)
        facts[name] = value
    return facts


def check_columns(stored: Stored, packs: Sequence[Pack]) -> None:
    """Raises BundleProblem if the bundle lacks a column that a rule looks at, or holds it in another type."""
    _check(stored, "every rule", Scope.TENANT, _needed([POSTURE.name]))
    for pack in packs:
        for rule in pack.rules:
            for name in sorted(fields_of_rule(rule)):
                _check(stored, rule.id, FIELDS[name].scope, _needed([name]))


def _needed(names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    for name in names:
        for column, series in columns_of(FIELDS[name], []).items():
            yield column, series.dtype


def _check(stored: Stored, rule: str, scope: Scope, needed: Iterable[tuple[str, Any]]) -> None:
    found = stored.columns if scope is Scope.USER else stored.tenant.schema
    file = USERS if scope is Scope.USER else TENANT
    for column, kind in needed:
        if column not in found:
            raise BundleProblem(f"{stored.bundle}: {file} has no column {column}, which {rule} looks at", hint=CURE)
        if found[column] != kind:
            raise BundleProblem(
                f"{stored.bundle}: {column} in {file} is {found[column]}, and {rule} needs {kind}", hint=CURE
            )
