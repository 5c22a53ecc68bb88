"""Rows that were filled in, and what a bundle says of them, by hand."""

from datetime import date, datetime, timedelta

from mfaaudit.annotating.deciding import decide
from mfaaudit.annotating.filled import Content, FilledRow, Written
from mfaaudit.annotating.known import Finding, Known
from mfaaudit.declared.read_register import read_register
from mfaaudit.declared.standing import RuleFacts
from mfaaudit.words import Severity, Verdict

TODAY = date(2026, 10, 2)
COLUMNS = (
    *("ruleId", "status", "userPrincipalName", "observed", "userId"),
    *("decision", "owner", "dueOn", "justification", "compensatingControl", "decisionTicket"),
)
RULES = {
    "CRIT": RuleFacts(Severity.CRITICAL, about_tenant=False, waivable=True),
    "HIGH": RuleFacts(Severity.HIGH, about_tenant=False, waivable=True),
    "LOW": RuleFacts(Severity.LOW, about_tenant=False, waivable=True),
    "DQ": RuleFacts(Severity.LOW, about_tenant=False, waivable=False),
    "TENANT": RuleFacts(Severity.LOW, about_tenant=True, waivable=True),
}
FORMULA = Written("", "=1+1", Content.FORMULA)


def uid(number):
    return f"{number:08x}-0000-4000-8000-00000000000a"


def day(number):
    return TODAY + timedelta(number)


def finding(rule="HIGH", person=0, status=Verdict.FAIL, **other):
    given = {
        "rule": rule,
        "title": f"Title {rule}",
        "severity": "high",
        "remediation": "A cure.",
        "blocked_by": (),
        "user_id": uid(person).upper(),
        "user": f"user{person}@contoso.example",
        "status": status,
        "reason": "NO_ROW" if status is Verdict.NOT_EVALUATED else "",
        "observed": f"seen by {rule}",
        "covered_until": day(10) if status is Verdict.WAIVED else None,
    }
    return Finding(**(given | other))


def known(*findings):
    found = findings or (finding(),)
    return Known(
        run_id="run-1",
        today=TODAY,
        rules=RULES,
        users=frozenset(one.user_id.lower() for one in found),
        findings={(one.rule, one.user_id.lower()): one for one in found},
    )


def row(of=None, number=7, **said):
    """A row as it is drawn for a finding, and filled in; `said` changes single cells."""
    about = of or finding()
    cells = {
        "ruleId": about.rule,
        "status": about.status.value,
        "userPrincipalName": about.user,
        "observed": about.observed,
        "userId": about.user_id,
        "decision": "Accept the risk",
        "owner": "it@contoso.example",
        "dueOn": datetime.combine(day(30), datetime.min.time()),
        "justification": "Kiosk",
        "compensatingControl": "A lock",
        "decisionTicket": "CHG-1",
    } | said
    assert set(cells) == set(COLUMNS)
    return FilledRow(
        sheet="Findings",
        number=number,
        cells={key: _written(f"{'ABCDEFGHIJK'[at]}{number}", cells[key]) for at, key in enumerate(COLUMNS)},
    )


def _written(place, value):
    if isinstance(value, Written):
        return Written(place, value.value, value.content)
    kinds = {str: Content.TEXT, bool: Content.BOOLEAN, datetime: Content.DAY}
    return Written(place, value, kinds.get(type(value), Content.NUMBER))


def chosen(*rows, findings=()):
    """The decisions in rows that have no problem."""
    made = decide(rows, known(*findings))
    assert not made.problems
    return made.chosen


def register(*entries, head="schema: 1\nexceptions:\n"):
    return read_register(head + "".join(entries) if entries else "schema: 1\nexceptions: []\n", "ours.yaml")


def entry(name="E-1", user=0, rules="[HIGH]", approved=True):
    approval = f"    approved_by: ciso@contoso.example\n    approved_on: {day(-5)}\n" if approved else ""
    return (
        f"  - id: {name}\n    kind: waiver\n    rules: {rules}\n    subject: {{userId: {uid(user)}}}\n"
        f"    reason: Kiosk\n    compensating_control: A lock\n    requested_by: it@contoso.example\n{approval}"
        f"    expires_on: {day(10)}\n    ticket: CHG-9\n"
    )
