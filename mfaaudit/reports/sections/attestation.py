"""A page to sign: the statement of each pack that has one, with its figures, exceptions and what was not assessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mfaaudit.findings import Pack
from mfaaudit.findings.controls import ControlResult, Outcome, judge_controls
from mfaaudit.reports.attestation_figures import figures_of, not_placed
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Input, Section, Table, Tone
from mfaaudit.reports.material import Material
from mfaaudit.reports.register_numbers import NO_REGISTER
from mfaaudit.words import Verdict

LINES = ("Name", "Title", "Date", "Signature")
UNSEEN = (
    "VPN, remote desktop and other access that does not sign in with Microsoft Entra",
    "On-premises systems, and applications with sign-ins of their own",
)


def section(material: Material) -> Section | None:
    """Attestation, where a pack that was judged has a statement to sign."""
    packs = [pack for pack in material.findings.packs if pack.attestation]
    if not packs:
        return None
    run, population = material.snapshot.run, material.snapshot.population
    return Section(
        name="Attestation",
        title="Attestation",
        lead=(
            *(f"{pack.title}: {pack.attestation}" for pack in packs),
            "Whoever signs states this. The program states the figures only: what it read, and when.",
        ),
        facts=(
            Fact(label="Organization", value=run.tenant_called, note=run.default_domain),
            Fact(label="Read from (UTC)", value=run.started_at),
            Fact(
                label="Accounts listed",
                value=population.enumerated,
                note=population.statement,
                tone=Tone.PLAIN if population.complete else Tone.OPEN,
            ),
            *_exceptions_fact(material),
        ),
        tables=(
            _figures(material),
            *(_answers(number, pack, material) for number, pack in enumerate(packs, 1)),
            _exceptions(material),
            _not_assessed(material, packs),
            _signature(),
        ),
    )


def _figures(material: Material) -> Table:
    rows = figures_of(material.users)

    def made() -> Iterator[list[Cell]]:
        for row in rows:
            yield [
                row.category,
                row.accounts,
                row.asked,
                row.asked_share,
                row.asked_not_known,
                row.capable,
                row.capable_share,
                row.capable_not_known,
            ]

    return Table(
        name="AttestedFigures",
        title="Figures by category of users",
        note=(
            "Enabled accounts. An account of which it is not known counts as one without MFA, and shares are rounded "
            "down: 100 % means all. Required means that something requires MFA on every resource; able means that a "
            "usable method is registered. Accounts that an exception covers are counted too."
        ),
        columns=(
            Column(key="category", title="Category", width=36),
            Column(key="accounts", title="Accounts", kind=ColumnKind.NUMBER, width=12),
            Column(key="required", title="MFA required", kind=ColumnKind.NUMBER, width=14),
            Column(key="requiredShare", title="Required, %", kind=ColumnKind.PERCENT, width=12),
            Column(key="requiredNotKnown", title="Not known", kind=ColumnKind.NUMBER, width=12),
            Column(key="able", title="Able to use MFA", kind=ColumnKind.NUMBER, width=16),
            Column(key="ableShare", title="Able, %", kind=ColumnKind.PERCENT, width=12),
            Column(key="ableNotKnown", title="Able: not known", kind=ColumnKind.NUMBER, width=16),
        ),
        rows=made,
        row_count=len(rows),
    )


def _answers(number: int, pack: Pack, material: Material) -> Table:
    results = _judged(pack, material)

    def rows() -> Iterator[list[Cell]]:
        for result in results:
            counts = result.counts
            numbers: tuple[Cell, ...] = (counts.fail, counts.waived, counts.not_evaluated + counts.error)
            yield [
                result.control.id,
                result.control.title,
                result.outcome.value,
                *(numbers if result.control.rules else (None,) * len(numbers)),
            ]

    return Table(
        name=f"AttestedControls{number}",
        title=f"What the audit says of each requirement ({pack.id})",
        note="Counts are of verdicts: one account, or the tenant, under one rule. Caveats stand in Controls.",
        columns=(
            Column(key="id", title="Requirement", width=18),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=60),
            Column(key="result", title="Result", kind=ColumnKind.LONG_TEXT, width=26),
            Column(key="fail", title="Failing", kind=ColumnKind.NUMBER, width=10),
            Column(key="waived", title="Waived", kind=ColumnKind.NUMBER, width=10),
            Column(key="open", title="Not assessed", kind=ColumnKind.NUMBER, width=14),
        ),
        rows=rows,
        row_count=len(results),
    )


def _judged(pack: Pack, material: Material) -> tuple[ControlResult, ...]:
    return judge_controls(material.findings, pack, complete=material.snapshot.population.complete)


def _exceptions_fact(material: Material) -> Iterator[Fact]:
    if "exceptions" not in material.declared.sha256s:
        yield Fact(label="Exceptions", value=NO_REGISTER)


def _exceptions(material: Material) -> Table:
    held = [row for row in material.exceptions if row.effective_until is not None]

    def rows() -> Iterator[list[Cell]]:
        for row in held:
            entry = row.entry
            yield [
                entry.id,
                row.users,
                entry.reason,
                entry.compensating_control or None,
                entry.requested_by,
                entry.approved_by,
                None if row.effective_until is None else row.effective_until.isoformat(),
                None if entry.review_on is None else entry.review_on.isoformat(),
            ]

    return Table(
        name="AttestedExceptions",
        title="Exceptions in force",
        columns=(
            Column(key="id", title="Exception", width=16),
            Column(key="users", title="Accounts", kind=ColumnKind.NUMBER, width=12),
            Column(key="reason", title="Reason", kind=ColumnKind.LONG_TEXT, width=40),
            Column(key="compensatingControl", title="Compensating control", kind=ColumnKind.LONG_TEXT, width=40),
            Column(key="owner", title="Owner", width=26),
            Column(key="approvedBy", title="Approved by", width=26),
            Column(key="effectiveUntil", title="Effective until", width=14),
            Column(key="reviewOn", title="Review on", width=12),
        ),
        rows=rows,
        row_count=len(held),
        empty="None is in force.",
    )


def _not_assessed(material: Material, packs: list[Pack]) -> Table:
    lines = [*_open_lines(material, packs)]
    return Table(
        name="AttestedOpen",
        title="Not assessed",
        note="Nothing here counts as good. The sheet Not evaluated says what to do about each reason.",
        columns=(
            Column(key="what", title="What", kind=ColumnKind.LONG_TEXT, width=70),
            Column(key="why", title="Why", kind=ColumnKind.LONG_TEXT, width=50),
            Column(key="count", title="Verdicts or accounts", kind=ColumnKind.NUMBER, width=20),
        ),
        rows=lambda: iter(lines),
        row_count=len(lines),
    )


def _open_lines(material: Material, packs: list[Pack]) -> Iterator[list[Cell]]:
    rules = {rule.id for pack in packs for rule in pack.rules}
    for result in material.findings.results:
        if result.rule.id not in rules:
            continue
        open_verdicts = result.frame.filter(result.frame["verdict"] == Verdict.NOT_EVALUATED.value)
        for reason, count in sorted(Counter(open_verdicts["reason"].cast(str).to_list()).items()):
            yield [f"{result.rule.title} ({result.rule.id})", reason, count]
    for label, count in not_placed(material.users):
        if count:
            yield [label, "Graph did not say", count]
    for pack in packs:
        for result_of in _judged(pack, material):
            if result_of.outcome is Outcome.BY_HAND:
                yield [f"{result_of.control.title} ({result_of.control.id})", "A person must look", None]
    for unseen in UNSEEN:
        yield [unseen, "Outside Microsoft Entra", None]


def _signature() -> Table:
    return Table(
        name="AttestedBy",
        title="Signed by",
        columns=(
            Column(key="line", title="Line", width=18),
            Column(key="entry", title="To be filled in", width=50, input=Input(prompt="Filled in by whoever attests.")),
        ),
        rows=lambda: ([line, None] for line in LINES),
        row_count=len(LINES),
    )
