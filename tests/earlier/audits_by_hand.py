"""Audits by hand: a few words for each account and rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl

from mfaaudit.earlier import compare
from mfaaudit.earlier.audit import NAME_COLUMNS, Audit, JudgedRule
from mfaaudit.earlier.steps import Arrival, Arrived, Replay, Replayed, Step, undated_column
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


STEPS = (*Step, "undated")


def compared(now, *earlier, steps=None, gates=None, may_waive=()):
    """Audits by hand beside each other, the oldest first among the earlier ones.

    `steps` holds rule -> account (None for the tenant) -> a letter after each of STEPS; whoever is not in it was
    under the present rules, on the old evidence, as he was. `gates` are rule -> before and now, if not open.
    """
    *older, previous = earlier
    steps, gates = steps or {}, gates or {}
    return compare(_arriving(now, steps, gates, may_waive), [*older, _replayed(previous, now, steps, gates)])


def _letters(steps, rule, account, usual):
    return steps.get(rule.id, {}).get(account, usual)


def _replayed(previous, now, steps, gates):
    users, rules = previous.users, {}
    for rule in now.rules:
        old = previous.rule(rule.id)
        same = old is not None and old.scope is rule.scope
        verdicts = {}
        if rule.scope is Scope.USER:
            # What was not judged then could not be told from the old evidence.
            was = users[rule.verdict_column].to_list() if same else ["NOT_EVALUATED"] * len(users)
            for place, step in enumerate(Step):
                words = [
                    WORDS[found[place]] if (found := _letters(steps, rule, account, None)) else usual
                    for account, usual in zip(users["user_id"], was, strict=True)
                ]
                users = users.with_columns(pl.Series(step.column(rule.id), words, dtype=VERDICTS))
        else:
            usual = old.counts.worst.value if same else "NOT_EVALUATED"
            found = _letters(steps, rule, None, None)
            verdicts = {step: Verdict(WORDS[found[place]] if found else usual) for place, step in enumerate(Step)}
        gate = gates.get(rule.id, (True, True))[0]
        rules[rule.id] = Replayed(gate=gate, seen="", may_waive=False, verdicts=verdicts)
    return replace(previous, users=users, replay=Replay(rules=rules, tenant={}))


def _arriving(now, steps, gates, may_waive):
    users, rules = now.users, {}
    for rule in now.rules:
        undated = None
        if rule.scope is Scope.USER and rule.id in steps:
            words = [
                WORDS[found[3]] if (found := _letters(steps, rule, account, None)) else usual
                for account, usual in zip(users["user_id"], users[rule.verdict_column], strict=True)
            ]
            users = users.with_columns(pl.Series(undated_column(rule.id), words, dtype=VERDICTS))
        elif rule.id in steps:
            undated = Verdict(WORDS[steps[rule.id][None][3]])
        rules[rule.id] = Arrived(
            gate=gates.get(rule.id, (True, True))[1],
            seen="",
            may_waive=rule.id in may_waive,
            undated=undated,
            of_users=(),
            of_tenant=(),
            dated=(),
            is_number=False,
        )
    return replace(now, users=users, arrival=Arrival(rules=rules, tenant={}))
