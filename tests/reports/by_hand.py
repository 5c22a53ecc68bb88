"""A report written by hand, with names in it that want to be formulas, scripts or the end of the file."""

from datetime import UTC, datetime
from fractions import Fraction

from mfaaudit.reports.document import (
    Chart,
    ChartKind,
    Column,
    ColumnKind,
    Document,
    Fact,
    Section,
    Series,
    SignOff,
    Table,
    Tone,
)
from mfaaudit.words import Reason, Unknown

NASTY = (
    '=HYPERLINK("http://evil.example","click")',
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    " =1+1",
    "=cmd|' /C calc'!A0",
    "#N/A",
    "TRUE",
    "1E5",
    "007",
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "<!-- ",
    "]]>",
    "{{ 7 * 7 }}",
    "' onmouseover='alert(1)",
    '" onmouseover="alert(1)',
    "_x0041_",
    "a\x00b\x07c\x1b[31md",
    "line\r\nbreak\ttab",
    "turned \u202eround\u2066",
    "\u2028\u2029 \ufffe \ud800",
    "Zoë 王 🦄 \u0301",
    "x" * 40_000,
    "🦄" * 20_000,
    "x;=cmd|' /C calc'!A0",
    'Zoë, "=1+1',
    "\uff1d1\uff0b1",
)
NOW = datetime(2026, 3, 31, 12, 0, 5, tzinfo=UTC)

COLUMNS = (
    Column(key="name", title="Name", width=30),
    Column(key="status", title="Status", kind=ColumnKind.VERDICT),
    Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY),
    Column(key="count", title="Count", kind=ColumnKind.NUMBER),
    Column(key="share", title="Share", kind=ColumnKind.PERCENT),
    Column(key="at", title="Read at", kind=ColumnKind.TIME),
    Column(key="yes", title="Enabled", kind=ColumnKind.BOOLEAN),
    Column(key="long", title="Words", kind=ColumnKind.LONG_TEXT, width=20),
)


def row(number, name):
    return [
        name,
        "FAIL" if number % 2 else "PASS",
        "high",
        1_000 + number,
        Fraction(1_999, 2_000),
        NOW,
        number % 3 == 0 if number % 3 else Unknown(Reason.NO_PERMISSION),
        None if number % 5 == 0 else "some words that are longer than their column is wide",
    ]


def table(names=NASTY, *, name="Names", browse=True):
    names = tuple(names)
    return Table(
        name=name,
        title=name,
        columns=COLUMNS,
        rows=lambda: (row(number, one) for number, one in enumerate(names)),
        row_count=len(names),
        browse=browse,
        empty="Nobody.",
    )


def chart():
    return Chart(
        name="Days",
        title="Sign-ins a day",
        kind=ChartKind.LINES,
        categories=("2026-03-01", "2026-03-02", "2026-03-03"),
        series=(
            Series(name="Completed", values=(10, None, 30), tone=Tone.GOOD),
            Series(name="Not completed", values=(1, 2, 3), tone=Tone.BAD),
        ),
        summary="Completed: 40 in all.",
        value_title="Sign-ins",
    )


def document(*sections, title="A report"):
    sections = sections or (
        Section(name="Names", title="Names", lead=(NASTY[0], NASTY[10]), tables=(table(),)),
        Section(
            name="More",
            title="More & more",
            facts=(Fact(label="Name", value=NASTY[11], note=NASTY[1], tone=Tone.BAD),),
            charts=(chart(),),
            tables=(table(name="Read", browse=False), table((), name="Empty")),
        ),
        Section(name="Aside", title="Aside", tables=(table(name="Others"),), on_page=False),
    )
    return Document(
        title=title,
        subtitle="A & B <Ltd>",
        statement="Findings: =1+1 <b>",
        statement_tone=Tone.BAD,
        cover=(Fact(label="Tenant", value=NASTY[0]), Fact(label="As of", value=NOW)),
        sign_off=(SignOff(role="Prepared by"), SignOff(role="Approved by")),
        conclusions=("Effective", "Not effective"),
        sections=sections,
        run_id="run-1",
        created=NOW,
        generator="mfaaudit 0",
    )
