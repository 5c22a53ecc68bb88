"""Audits by hand, some days apart, beside each other."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

from judged_by_hand import MFA, NOW, OPEN, material

from mfaaudit.brief import Brief
from mfaaudit.declared.register import Register
from mfaaudit.earlier import Grounds, arrive, audit_of, compare, replay
from mfaaudit.findings.declarations import Declarations
from mfaaudit.judging import judge_snapshot
from mfaaudit.snapshot.metrics import sign_ins_of
from mfaaudit.words import Reason, Severity, Unknown

PASS, FAIL = {MFA: True}, {MFA: False}
FORMULA = "=HYPERLINK(1)"


def snapshot_of(made, days, run_id):
    began = NOW - timedelta(days)
    registration = SimpleNamespace(source="derived", total=3, by_feature={"mfaCapable": 2}, by_method={"email": 1})
    refused = Unknown(Reason.NO_PERMISSION)
    run = SimpleNamespace(
        id=run_id,
        tenant_id="tenant",
        started_at=began,
        finished_at=began + timedelta(hours=1),
        tool_version="0",
        simulated=True,
    )
    read = vars(made.snapshot) | {
        "registration": registration,
        "metrics": sign_ins_of(began - timedelta(30), began, success=refused, failure=refused),
        "run": run,
    }
    return SimpleNamespace(**read)


def declarations_of(made, overrides=None):
    """What was declared for an audit by hand."""
    entries = tuple(one.entry for one in made.exceptions)
    sha256 = made.declared.sha256s.get("exceptions")
    register = None if sha256 is None else Register(entries=entries, file="ours.yaml", text="", sha256=sha256)
    asked = made.declared.posture.asked
    return Declarations(register=register, overrides=overrides, posture=asked, every_posture=False)


def judged_as_of(made, snapshot, declarations):
    """An audit by hand, had it been on the day of a snapshot."""
    how = Brief(
        packs=made.findings.packs,
        fail_on=Severity.LOW,
        formats=("json",),
        posture=declarations.posture,
        register=declarations.register,
        overrides=declarations.overrides,
    )
    return judge_snapshot(snapshot, how)


def past(made, days, run_id=None, overrides=None):
    """An audit by hand, so many days before the present one."""
    snapshot, declarations = snapshot_of(made, days, run_id or f"run-{days}"), declarations_of(made, overrides)
    found = judged_as_of(made, snapshot, declarations)
    grounds = Grounds(
        users=found.users,
        tenant=found.declared.tenant,
        groups=snapshot.groups,
        declarations=declarations,
        now=snapshot.run.started_at,
    )
    return audit_of(snapshot, found.findings, manifest_sha256="f" * 64, grounds=grounds)


def beside(made, *audits, overrides=None):
    """The material of the present audit beside earlier ones, the oldest first."""
    *older, previous = audits
    snapshot, declarations = snapshot_of(made, 0, "now"), declarations_of(made, overrides)
    found = judged_as_of(made, snapshot, declarations)
    now = audit_of(snapshot, found.findings)
    now = arrive(now, found.findings, declarations, found.declared, previous.started_at)
    replayed = replay(previous, found.findings.packs, declarations, NOW)
    return replace(made, declared=found.declared, findings=found.findings, earlier=compare(now, [*older, replayed]))


def three_audits():
    """Three audits of a handful of users."""
    oldest = past(material(FAIL, FAIL, PASS, FAIL, PASS, PASS, FAIL), 90)
    left = {"user.userPrincipalName": FORMULA} | FAIL
    previous = past(material(FAIL, FAIL, PASS, FAIL, {MFA: OPEN}, left), 30)
    made = material(FAIL, PASS, FAIL, {MFA: OPEN}, FAIL)
    # The oldest knows a user of whom neither of the others does.
    return beside(made, oldest, previous)
