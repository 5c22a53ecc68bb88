"""Time, memory and size of the workbook and the page of a large tenant, against openpyxl writing the bare values."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from peak import peak

USERS, RULES = 100_000, 25
FAILING = 25
"""One in so many users fails a rule, so that there are as many findings as users."""
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ENTRA = "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/{}"


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    with tempfile.TemporaryDirectory() as folder:
        bare, workbook, page = (one(Path(folder), what) for what in ("bare.xlsx", "report.xlsx", "report.html"))
    for name, found in (("workbook", workbook), ("page", page)):
        for what, unit in (("time", "s CPU"), ("peak memory", "MB"), ("file", "MB")):
            words = f"{name}: {what}, {USERS:,} users, {RULES} rules"
            yield figure(words, found[what], unit, "openpyxl write-only, values alone", bare[what])


def one(folder: Path, name: str) -> dict[str, float]:
    """What one of the files costs, written by a process of its own."""
    path, told = folder / name, folder / f"{name}.json"
    most = peak([__file__, str(path), str(told)], (0,))
    return json.loads(told.read_text()) | {"peak memory": most, "file": path.stat().st_size / 1e6}


def write(path: Path, told: Path) -> None:
    """The work of that process."""
    from mfaaudit.reports.page import write_page
    from mfaaudit.reports.workbook import write_workbook

    ways = {"bare.xlsx": bare, "report.xlsx": write_workbook, "report.html": write_page}
    start = time.process_time()
    ways[path.name](document(), path)
    told.write_text(json.dumps({"time": time.process_time() - start}))


def bare(document: Any, path: Path) -> None:
    """The same cells of the same tables, without a look, a table, a link or a check."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for section in document.sections:
        for table in section.tables:
            sheet = book.create_sheet(table.name)
            sheet.append([column.heading for column in table.columns])
            for row in table.rows():
                sheet.append([value if isinstance(value, str | int | None) else plainly(value) for value in row])
    book.save(path)


def plainly(value: Any) -> Any:
    """As openpyxl takes it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return float(value) if isinstance(value, Fraction) else f"NOT READ ({value.reason})"


def document() -> Any:
    """A report of the proportions of a real one: a list of all users, a list of findings, a table of rules."""
    from mfaaudit.reports.document import Chart as Drawn
    from mfaaudit.reports.document import ChartKind, ColumnKind, Document, Fact, Section, Series, SignOff, Tone

    kind = ColumnKind
    user = [("User", kind.TEXT, 38), ("Name", kind.TEXT, 28), ("Worst", kind.VERDICT, 16), ("Created", kind.TIME, 20)]
    user += [(f"Yes or no {n}", kind.BOOLEAN, 18) for n in range(10)]
    user += [(f"Word {n}", kind.TEXT, 18) for n in range(8)]
    user += [
        ("Methods", kind.TEXT, 40),
        ("Days", kind.NUMBER, 12),
        ("Read at", kind.TIME, 20),
        ("Object id", kind.TEXT, 38),
    ]
    finding = [("Rule", kind.TEXT, 12), ("Severity", kind.SEVERITY, 11), ("Status", kind.VERDICT, 18)]
    finding += [("User", kind.TEXT, 38), ("Observed", kind.LONG_TEXT, 48), ("Expected", kind.LONG_TEXT, 40)]
    finding += [("Name", kind.TEXT, 26), ("Department", kind.TEXT, 20), ("Administrator", kind.BOOLEAN, 18)]
    finding += [("Title", kind.LONG_TEXT, 44), ("Object id", kind.TEXT, 38)]
    rule = [
        ("Rule", kind.TEXT, 12),
        ("Title", kind.LONG_TEXT, 44),
        ("Fail", kind.NUMBER, 12),
        ("Share", kind.PERCENT, 12),
    ]
    failed = USERS // FAILING
    chart = Drawn(
        name="Failures",
        title="Failures of each rule",
        kind=ChartKind.BARS,
        categories=[f"R-{number:02}" for number in range(RULES)],
        series=(Series(name="Fail", values=[failed] * RULES, tone=Tone.BAD),),
        summary="As many fail each rule.",
    )
    return Document(
        title="A large tenant",
        subtitle="Contoso",
        statement="Findings.",
        statement_tone=Tone.BAD,
        cover=(Fact(label="Users", value=USERS),),
        sign_off=(SignOff(role="Prepared by"),),
        conclusions=("Effective", "Not effective"),
        sections=(
            Section(name="Rules", title="Rules", charts=(chart,), tables=(table("Rules", rule, rules, RULES),)),
            Section(name="Findings", title="Findings", tables=(table("Findings", finding, findings, RULES * failed),)),
            Section(name="Users", title="Users", tables=(table("Users", user, users, USERS),), on_page=False),
        ),
        run_id="run-1",
        created=NOW,
        generator="mfaaudit",
    )


def table(name: str, columns: list[Any], rows: Callable[[], Iterator[list[Any]]], count: int) -> Any:
    from mfaaudit.reports.document import Column, Table

    made = [
        Column(key=f"c{n}", title=title, kind=kind, width=width, link=ENTRA if title == "Object id" else "")
        for n, (title, kind, width) in enumerate(columns)
    ]
    return Table(name=name, title=name, columns=made, rows=rows, row_count=count, browse=count > RULES)


def rules() -> Iterator[list[Any]]:
    for number in range(RULES):
        yield [f"R-{number:02}", f"Enabled members meet condition {number}", USERS // FAILING, Fraction(1, FAILING)]


def findings() -> Iterator[list[Any]]:
    for rule in range(RULES):
        for number in range(rule % FAILING, USERS, FAILING):
            observed = "registration.isMfaRegistered = false; registration.methodsRegistered = mobilePhone"
            yield [
                *(f"R-{rule:02}", ("critical", "high", "medium")[rule % 3], "FAIL" if number % 9 else "NOT_EVALUATED"),
                *(upn(number), observed, f"registration.isMfaRegistered is true and condition {rule} holds"),
                *(f"User {number}", f"Department {number % 40}", number % 50 == 0, f"Condition {rule} holds"),
                uid(number),
            ]


def users() -> Iterator[list[Any]]:
    from mfaaudit.words import Reason, Unknown

    unread = Unknown(Reason.NO_ROW)
    for number in range(USERS):
        flags = [unread if (number + n) % 97 == 0 else (number + n) % 3 == 0 for n in range(10)]
        words = [f"word{(number + n) % 12}" for n in range(8)]
        methods = ", ".join(("microsoftAuthenticatorPush", "mobilePhone", "email", "fido2SecurityKey")[: number % 5])
        yield [
            *(upn(number), f"User {number}", "FAIL" if number % 7 == 0 else "PASS", NOW - timedelta(minutes=number)),
            *flags,
            *words,
            *(methods or "none", number % 400, NOW + timedelta(seconds=number // 200), uid(number)),
        ]


def upn(number: int) -> str:
    return f"user{number}@contoso.example"


def uid(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-00000000000a"


if __name__ == "__main__":
    write(*map(Path, sys.argv[1:]))
