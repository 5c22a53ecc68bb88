"""The columns in which a person notes what is to become of a failure; `mfaaudit annotate` reads them."""

from __future__ import annotations

from mfaaudit.declared.decisions import Decision
from mfaaudit.reports.document import Column, ColumnKind, Input

DECISION, OWNER, DUE_ON = "decision", "owner", "dueOn"
JUSTIFICATION, CONTROL, TICKET = "justification", "compensatingControl", "decisionTicket"

COLUMNS = (
    Column(
        key=DECISION,
        title="Decision",
        width=22,
        on_paper=False,
        input=Input(
            prompt="For rows that read FAIL or WAIVED, and name an account: what is to become of the failure.",
            choices=tuple(Decision),
        ),
    ),
    Column(
        key=OWNER,
        title="Owner",
        width=26,
        on_paper=False,
        input=Input(prompt="Who asks for the exception, or sees to it that the failure is put right."),
    ),
    Column(
        key=DUE_ON,
        title="Due on",
        width=12,
        on_paper=False,
        input=Input(
            prompt="The last day of the exception, or the day until which the failure is put right.", is_date=True
        ),
    ),
    Column(
        key=JUSTIFICATION,
        title="Justification",
        kind=ColumnKind.LONG_TEXT,
        width=40,
        on_paper=False,
        input=Input(prompt="Why the rule is not met, or why it is wrong about the account. Not needed to remediate."),
    ),
    Column(
        key=CONTROL,
        title="Compensating control",
        kind=ColumnKind.LONG_TEXT,
        width=40,
        on_paper=False,
        input=Input(
            prompt="What protects the account instead: needed for every exception but a false positive.",
        ),
    ),
    Column(
        key=TICKET,
        # An exception that covers the failure has a ticket as well.
        title="Decision ticket",
        width=16,
        on_paper=False,
        input=Input(prompt="Where the decision is recorded: needed for every exception."),
    ),
)
EMPTY = (None,) * len(COLUMNS)
"""Their cells, which are a person's to fill in."""
