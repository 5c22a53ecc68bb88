"""What to do, grouped by action: a user once for each cure, with the rules that it cures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from mfaaudit.actions import DAYS, State
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Section, Table, Tone
from mfaaudit.reports.managers import NAME, were_asked_for
from mfaaudit.reports.material import BATCH_ROWS, Material, cells
from mfaaudit.vocabulary import FIELDS

TENANT = "(the tenant)"
NUMBERS = (
    ("ready", "Ready"),
    ("not_yet", "Not yet"),
    ("by_hand", "By hand"),
    ("failures", "Failures cured"),
    ("gaps", "Open verdicts"),
)
OF_USER = (
    ("user.department", Column(key="department", title="Department", width=20)),
    ("derived.accountClass", Column(key="class", title="Class", width=16)),
    (NAME, Column(key="manager", title="Manager", width=26)),
)


def section(material: Material) -> Section:
    """Actions."""
    return Section(
        name="Actions",
        title="Actions",
        lead=(
            "What to do about the findings. Whoever fails five rules that one action cures stands here once, with the "
            "five rules. Each failure belongs to exactly one action, and so does each verdict that is open; what is "
            "waived needs none.",
            "Ready: it can be done now. Not yet: other rules have to pass first. By hand: a person has to decide, as "
            "the cure could harm the account, or not all about it is known. This program changes nothing itself.",
        ),
        facts=tuple(_facts(material)),
        tables=(_steps(material), _worklist(material)),
    )


def actions_json(material: Material) -> list[dict[str, Any]]:
    """The same for programs, the most pressing first."""
    return [
        {
            "id": one.action.id,
            "title": one.action.title,
            "who": one.action.who.value,
            "scope": one.action.scope.value,
            "severity": one.severity.value,
            "due": one.due.isoformat(),
            "ready": one.ready,
            "notYet": one.not_yet,
            "byHand": one.by_hand,
            "users": one.users,
            "failures": one.failures,
            "gaps": one.gaps,
            "rules": list(one.rules),
            "waitsFor": list(one.waits_for),
            "whatToDo": one.action.steps,
            "ofRule": one.action.of_rule or None,
            "change": None
            if one.action.change is None
            else {"field": one.action.change.field.name, "to": one.action.change.value},
        }
        for one in material.actions.steps
    ]


def state_in_words(state: pl.Expr, why: pl.Expr) -> pl.Expr:
    """Whether it can be done now, and if not, why."""
    return pl.concat_str(state.cast(pl.String()), why, separator=": ", ignore_nulls=True)


def due_in_words() -> str:
    """How long each severity leaves, in a sentence."""
    days = ", ".join(f"{severity} {number}" for severity, number in DAYS.items())
    return f"days from the start of the audit, by the worst severity that is cured: {days}."


def _facts(material: Material) -> Iterator[Fact]:
    plan = material.actions
    numbers = {state: sum(getattr(one, state.name.lower()) for one in plan.steps) for state in State}
    yield Fact(label="Actions", value=len(plan.steps), note="The most pressing come first.")
    yield Fact(
        label="To do",
        value=sum(numbers.values()),
        note=f"{numbers[State.READY]:,} ready, {numbers[State.NOT_YET]:,} not yet, {numbers[State.BY_HAND]:,} by hand. "
        "Each is an action for one user, or for the tenant.",
    )
    yield Fact(
        label="Users with something to do",
        value=plan.items["subject"].drop_nulls().n_unique(),
        note=f"Of {material.users.height:,}.",
    )
    failures, gaps = sum(one.failures for one in plan.steps), sum(one.gaps for one in plan.steps)
    yield Fact(label="Failures that they cure", value=failures, note="All that are not waived.")
    yield Fact(
        label="Open verdicts that they settle",
        value=gaps,
        note="All that could not be judged.",
        tone=Tone.OPEN if gaps else Tone.PLAIN,
    )


def _steps(material: Material) -> Table:
    steps = material.actions.steps

    def rows() -> Iterator[list[Cell]]:
        for one in steps:
            yield [
                one.action.title,
                one.action.steps,
                one.severity.value,
                one.due.isoformat(),
                *(getattr(one, key) for key, _ in NUMBERS),
                one.action.who.value,
                ", ".join(one.rules),
                ", ".join(one.waits_for) or None,
                one.action.id,
            ]

    return Table(
        name="ActionSummary",
        title="Actions",
        note=f"What is done once for the tenant counts once. Due: {due_in_words()}",
        columns=(
            Column(key="action", title="Action", kind=ColumnKind.LONG_TEXT, width=26),
            Column(key="whatToDo", title="What to do", kind=ColumnKind.LONG_TEXT, width=56),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="due", title="Due", width=12),
            *(Column(key=_key(key), title=title, kind=ColumnKind.NUMBER, width=10) for key, title in NUMBERS),
            Column(key="who", title="Who", width=14),
            Column(key="rules", title="Rules cured", kind=ColumnKind.LONG_TEXT, width=28),
            Column(key="waitsFor", title="Waits for", kind=ColumnKind.LONG_TEXT, width=18),
            Column(key="actionId", title="Action id", width=30, on_paper=False),
        ),
        rows=rows,
        row_count=len(steps),
        empty="Nothing is to be done.",
    )


def _key(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(one.title() for one in others)


def _worklist(material: Material) -> Table:
    plan, users = material.actions, material.users
    with_managers = were_asked_for(users)
    shown = [(name, column) for name, column in OF_USER if name != NAME or with_managers]
    titles = [one.action.title for one in plan.steps]

    def rows() -> Iterator[tuple[Cell, ...]]:
        names = ["user.userPrincipalName", *(name for name, _ in shown)]
        columns = [column for name in names for column in (FIELDS[name].column, f"{FIELDS[name].column}_reason")]
        own = users.select("user_id", *columns).with_row_index("subject")
        for start in range(0, plan.items.height, BATCH_ROWS):
            part = plan.items.slice(start, BATCH_ROWS).join(own, on="subject", how="left", maintain_order="left")
            subjects = zip(part["subject"].to_list(), cells(part, names[0]), strict=True)
            yield from zip(
                (titles[place] for place in part["action"].to_list()),
                (TENANT if place is None else name for place, name in subjects),
                part["severity"].to_list(),
                part["rules"].to_list(),
                (day.isoformat() for day in part["due"].to_list()),
                part["state"].to_list(),
                part["why"].to_list(),
                *(cells(part, name) for name in names[1:]),
                part["user_id"].to_list(),
                strict=True,
            )

    return Table(
        name="Worklist",
        title="Worklist",
        note="One row for each user and action; filter it by user, by manager or by what is due.",
        columns=(
            Column(key="action", title="Action", width=38),
            Column(key="userPrincipalName", title="User", width=38),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="rules", title="Cures rules", kind=ColumnKind.LONG_TEXT, width=28),
            Column(key="due", title="Due", width=12),
            Column(key="state", title="State", width=10),
            Column(key="why", title="Why not ready", kind=ColumnKind.LONG_TEXT, width=32),
            *(column for _, column in shown),
            Column(key="userId", title="Object id", width=38, on_paper=False),
        ),
        rows=rows,
        row_count=plan.items.height,
        key_columns=2,
        empty="Nothing is to be done.",
        browse=True,
    )
