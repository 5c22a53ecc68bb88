"""Audits by hand: a few words for each account and rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl

from mfaaudit.earlier.audit import NAME_COLUMNS, Audit, JudgedRule
from mfaaudit.findings.results import SEVERITIES, VERDICTS, counts_of
from mfaaudit.snapshot.metrics import sign_ins_of
from mfaaudit.sources.field import Scope
from mfaaudit.words import Severity, Verdict

TENANT = "44b99f10-ff88-58a5-9a4c-134806071d7b"
START = datetime(2026, 1, 1, 8, tzinfo=UTC)
WORDS = {"P": "PASS", "F": "FAIL", "W": "WAIVED", "N": "NOT_APPLICABLE", "U": "NOT_EVALUATED", "E": "ERROR"}
DAY = START.date()
SIGN_INS = sign_ins_of(START, START + timedelta(hours=1), success={DAY: 10}, failure={DAY: 1})


def audit(users, *, day=0, run=None, complete=True, prints=None, data=(), tenant_rules=None, severities=None):
    """An audit of the day: name of a user -> rule -> a letter of WORDS. Every user has the same rules.

    `prints` are fingerprints other than usual, `data` the ids of rules on the data, `tenant_rules` rule -> letter.
    """
    prints, tenant_rules = prints or {}, tenant_rules or {}
    names = sorted({name for verdicts in users.values() for name in verdicts})
    columns = {"user_id": list(users)} | {
        name: [None if name.endswith("_reason") else user for user in users] for name in NAME_COLUMNS
    }
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String()))
    rules = []
    for name in names:
        words = [WORDS[verdicts[name]] for verdicts in users.values()]
        frame = frame.with_columns(pl.Series(f"verdict {name}", words, dtype=VERDICTS))
        if severities and name in severities:
            own = [severities[name].get(user) for user in users]
            frame = frame.with_columns(pl.Series(f"severity {name}", own, dtype=SEVERITIES))
        counts = {verdict: words.count(verdict.value) for verdict in Verdict}
        rules.append(judged(name, Scope.USER, counts, prints, data))
    for name, letter in tenant_rules.items():
        rules.append(judged(name, Scope.TENANT, {Verdict(WORDS[letter]): 1}, prints, data))
    return Audit(
        run_id=run or f"run-{day}",
        tenant_id=TENANT,
        started_at=START + timedelta(days=day),
        finished_at=START + timedelta(days=day, hours=1),
        tool_version="0",
        simulated=True,
        manifest_sha256="",
        enumerated=len(users),
        complete=complete,
        statement="",
        failed_users=0,
        open_users=0,
        rules=tuple(rules),
        registration_source="usersRegisteredByFeature",
        registered=3,
        by_feature={"mfaCapable": 2},
        by_method={},
        sign_ins=SIGN_INS,
        users=frame,
    )


def judged(name, scope, counts, prints, data):
    return JudgedRule(
        id=name,
        pack="mine",
        title=f"Title {name}",
        severity=Severity.HIGH,
        scope=scope,
        about_data=name in data,
        fingerprint=prints.get(name, f"print of {name}"),
        counts=counts_of(counts),
    )


def one_rule(*letters, **how):
    """Audits a day apart in which one user has these verdicts under R-1; a space is an audit that lacks the user.

    Somebody else is in all of them.
    """
    made = []
    for day, letter in enumerate(letters):
        users = {"bob": {"R-1": "P"}} | ({} if letter == " " else {"ada": {"R-1": letter}})
        made.append(audit(users, day=day, **how))
    return made


def but(made, **changes):
    """The same audit, but for something."""
    return replace(made, **changes)
