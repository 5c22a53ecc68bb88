"""The tables of what asks for MFA: by answer and by policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.findings.asking import ANSWER, POLICIES, Answered, Users, resting, total
from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.reports.material import Material
from mfaaudit.words import Unknown

MEANINGS = {
    Enforcer.SECURITY_DEFAULTS: "Security defaults: administrators at each sign-in, others when Microsoft sees need.",
    Enforcer.ALL_RESOURCES: "Conditional Access requires MFA on every resource, by one policy or by several together.",
    Enforcer.PER_USER: "The per-user state, enabled or enforced; nothing stronger asks.",
    Enforcer.THIRD_PARTY: "A policy requires a custom control, which is not MFA and is retired in early 2027.",
    Enforcer.SOME_RESOURCES: "A policy asks on some resources; on the others the password alone is enough.",
    Enforcer.UNDER_CONDITIONS: "A policy asks for some networks, devices, clients or risks, or takes something else.",
    Enforcer.EXCLUDED: "Excluded from a policy that would ask, and nothing else does.",
    Enforcer.REPORT_ONLY: "Only a policy that reports and does not ask.",
    Enforcer.NONE: "Nothing asks: the password alone is enough.",
}
MANY = 25
"""Rows that the page still shows without a search above them."""


def by_answer(rows: Sequence[Answered]) -> Table:
    """All users by what asks them; the last row is the total."""
    every = total(rows)
    # What was read of everybody needs no column of zeros.
    sorts = [
        ("users", "Users", True),
        ("enabled", "Enabled", True),
        ("members", "Members", True),
        ("guests", "Guests", True),
        ("untyped", "Type not read", every.untyped),
        ("administrators", "Administrators", True),
        ("perhaps_administrators", "Perhaps administrators", every.perhaps_administrators),
        ("disabled", "Disabled", True),
        ("unclear", "Enabled or disabled: not read", every.unclear),
    ]
    kept = [(key, title) for key, title, wanted in sorts if wanted]

    def cells_of(label: Cell, counts: Users, meaning: str) -> list[Cell]:
        return [label, *(getattr(counts, key) for key, _ in kept), meaning]

    def made() -> Iterator[list[Cell]]:
        for one in rows:
            if one.answer is not None:
                yield cells_of(one.answer.value, one.counts, MEANINGS[one.answer])
            elif one.reason is not None:
                yield cells_of(Unknown(one.reason), one.counts, one.reason.meaning)
        yield cells_of("Total", every, "The users enumerated.")

    return Table(
        name="EnforcementByAnswer",
        title="By what asks for MFA",
        note=(
            "Every user enumerated stands in exactly one row. Users = enabled + disabled accounts; enabled accounts = "
            "members + guests. Members, guests and administrators are enabled; administrators, who are members or "
            "guests as well, hold a directory role or are administrators by the registration report."
            + (" Of perhaps administrators it is not known whether they are." if every.perhaps_administrators else "")
            + (" What was not read stands in a column of its own." if every.untyped or every.unclear else "")
        ),
        columns=(
            Column(key="enforcedBy", title="What asks for MFA", width=34),
            *(Column(key=key, title=title, kind=ColumnKind.NUMBER, width=len(title) + 3) for key, title in kept),
            Column(key="meaning", title="Meaning", kind=ColumnKind.LONG_TEXT, width=60),
        ),
        rows=made,
        row_count=len(rows) + 1,
    )


def by_policy(material: Material) -> Table:
    """The policies, and for how many users each of them counts."""
    found = resting(material.users)
    open_ones = material.users.select(
        (pl.col(ANSWER).is_not_null() & pl.col(f"{POLICIES}_reason").is_not_null()).sum()
    ).item()
    note = (
        "For how many users each policy is what the answer rests on: it asks them, leaves them out, or only reports. "
        "An answer can rest on several policies, so these numbers do not add up to the users."
    )
    if open_ones:
        note += f" For {open_ones:,} users the answer is known, and not every policy that gives it: they are left out."
    return Table(
        name="EnforcingPolicies",
        title="Policies that the answers rest on",
        note=note,
        columns=(
            Column(key="policy", title="Policy (id)", kind=ColumnKind.LONG_TEXT, width=50),
            Column(key="enforcedBy", title="Answer", width=34),
            Column(key="users", title="Users", kind=ColumnKind.NUMBER),
            Column(key="enabled", title="Enabled accounts", kind=ColumnKind.NUMBER, width=18),
        ),
        rows=lambda: found.iter_rows(),
        row_count=found.height,
        empty="None: no answer that is known rests on a Conditional Access policy.",
        browse=found.height > MANY,
    )
