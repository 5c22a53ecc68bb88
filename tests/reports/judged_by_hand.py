"""Users, packs and a register by hand, judged as an audit judges them, for what a report says of them."""

import functools
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import polars as pl

from mfaaudit.brief import Brief
from mfaaudit.columns import REASONS
from mfaaudit.declared.read_register import read_register
from mfaaudit.findings import load_packs
from mfaaudit.findings.examples import frame
from mfaaudit.findings.read_pack import read_pack
from mfaaudit.judging import judge_snapshot
from mfaaudit.reports.evidence_files import evidence_files
from mfaaudit.snapshot import take
from mfaaudit.snapshot.population import Population
from mfaaudit.sources.field import Scope
from mfaaudit.tenant.claims import identity_of
from mfaaudit.words import Reason, Severity, Unknown

NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
NOBODY = identity_of({}, auth="token")
TODAY = date(2026, 10, 2)
MFA, CAPABLE = "registration.isMfaRegistered", "registration.isMfaCapable"
DEFAULTS = "tenant.securityDefaults.isEnabled"
OPEN = Unknown(Reason.NO_ROW)
DECLARED = ("declared_", "derived_accountClass", "derived_isAccountClassGuessed")
"""Columns that are not read but declared."""
ADA = {"user.userPrincipalName": "ada@contoso.example", "user.userType": "Member", "user.accountEnabled": True}


def uid(number):
    return f"{number:08x}-0000-4000-8000-00000000000a"


def days(number):
    return (TODAY + timedelta(number)).isoformat()


def rule(name="R-1", require=None, **parts):
    """A rule as its file would hold it."""
    plain = {
        "id": name,
        "title": f"Title {name}",
        "rationale": "A reason.",
        "severity": "high",
        "remediation": "A cure.",
    }
    return plain | {"require": require or {MFA: True}} | parts


def pack(name, *rules, controls=(), **head):
    """A pack as it is read from a file: JSON is YAML too."""
    about = {"id": name, "version": "1.0.0", "title": f"Pack {name}"} | head
    content = {"pack": about, "rules": rules} | ({"controls": list(controls)} if controls else {})
    return read_pack(json.dumps(content), f"{name}.yaml")


def entry(name="E-1", **other):
    """An entry of the register; `None` leaves a key out."""
    given = {
        "id": name,
        "kind": "waiver",
        "rules": ["R-1"],
        "subject": {"userId": uid(0)},
        "reason": "Kiosk",
        "compensating_control": "A lock",
        "requested_by": "it@contoso.example",
        "approved_by": "ciso@contoso.example",
        "approved_on": days(-10),
        "expires_on": days(50),
        "ticket": "CHG-1",
    } | other
    return {key: value for key, value in given.items() if value is not None}


def register(*entries):
    return read_register(json.dumps({"schema": 1, "exceptions": entries}), "ours.yaml")


def people(*cases):
    """A frame of users with what can be read of them; `uid` gives their ids, which Graph sends in capitals."""
    users = frame(
        [ADA | {"user.userPrincipalName": f"user{n}@contoso.example"} | one for n, one in enumerate(cases)], Scope.USER
    )
    read = [name for name in users.columns if not name.startswith(DECLARED)]
    reasons = [name for name in read if name.endswith("_reason")]
    ids = pl.Series("user_id", [uid(number).upper() for number in range(len(cases))], dtype=pl.String())
    read_at = [pl.lit(NOW).alias(f"{prefix}_readAt") for prefix in ("user", "requirements", "registration")]
    return users.select(read).with_columns(ids, pl.col(reasons).cast(REASONS), *read_at)


def population(count, *, complete=True):
    return Population(
        enumerated=count,
        count_before=count,
        count_after=count,
        duplicates=0,
        nameless=0,
        gone=0,
        complete=complete,
        statement="Complete." if complete else "Not proved complete.",
    )


def material(
    *users, packs=(), entries=None, tenant=None, groups=None, posture="auto", complete=True, fail_on=Severity.LOW, **how
):
    """What an audit of these users comes to; without `entries` no register was given."""
    snapshot = SimpleNamespace(
        users=people(*users),
        tenant=frame([tenant or {}], Scope.TENANT),
        groups=groups or {},
        population=population(len(users), complete=complete),
        run=SimpleNamespace(id="run-1", started_at=NOW, cloud="global", sessions=(), identity=NOBODY),
        role_names={},
        foreign_holders=(),
        coverage=(),
        failures=(),
    )
    return judged(snapshot, packs or (pack("mine", rule()),), entries, posture=posture, fail_on=fail_on, **how)


@functools.cache
def taken(bundle):
    """The snapshot of a bundle that a job left behind."""
    return take(bundle / "evidence")


@functools.cache
def audited(bundle):
    """A bundle that a job left behind, judged as a demo judges it."""
    made = judged(taken(bundle), load_packs(("baseline", "legacy-per-user-mfa")))
    return replace(made, evidence=evidence_files(bundle))


def judged(snapshot, packs, entries=None, *, posture="auto", fail_on=Severity.LOW, **how):
    """What a snapshot comes to under packs and a register."""
    brief = Brief(
        packs=tuple(packs),
        fail_on=fail_on,
        formats=("json",),
        posture=posture,
        register=None if entries is None else register(*entries),
        **how,
    )
    return judge_snapshot(snapshot, brief)


def with_findings(made, **changes):
    """The same, had the findings been others."""
    return replace(made, findings=replace(made.findings, **changes))


def rows(section, name):
    """The rows of one table of a part, by the keys of its columns."""
    (table,) = [one for one in section.tables if one.name == name]
    keys = [column.key for column in table.columns]
    found = [dict(zip(keys, row, strict=True)) for row in table.rows()]
    assert len(found) == table.row_count
    assert table.key_columns <= len(keys)
    return found


def facts(section):
    """The facts of a part by their label."""
    return {one.label: one for one in section.facts}
