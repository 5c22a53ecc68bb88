"""What the report of a recheck says: on its face, that it is about the flagged users and nobody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mfaaudit import __version__
from mfaaudit.rechecking.lists import findings, new_failures, not_read
from mfaaudit.rechecking.outcome import Outcome
from mfaaudit.rechecking.recheck import FAILING, FIXED, NOT_ALL_READ, Recheck
from mfaaudit.reports.document import Cell, Column, ColumnKind, Document, Fact, Section, Table, Tone
from mfaaudit.words import Verdict

TONES = {FIXED: Tone.GOOD, FAILING: Tone.BAD, NOT_ALL_READ: Tone.OPEN}
OF_OUTCOMES = {
    Outcome.WORSE: Tone.BAD,
    Outcome.STILL_FAILING: Tone.BAD,
    Outcome.NOT_READ: Tone.OPEN,
    Outcome.FIXED: Tone.GOOD,
}


def document_of(made: Recheck) -> Document:
    """The whole report."""
    reading = made.reading
    return Document(
        title="Recheck of the users that an audit flagged",
        subtitle=f"{reading.tenant} (SIMULATED TENANT)" if reading.simulated else reading.tenant,
        statement=f"{made.headline}: {made.statement}",
        statement_tone=TONES[made.exit_code],
        cover=(
            Fact(label="Population", value=made.population, tone=Tone.OPEN),
            Fact(label="Tenant", value=reading.tenant, note=reading.default_domain),
            Fact(label="Tenant id", value=reading.tenant_id),
            Fact(label="Read from (UTC)", value=reading.started_at),
            Fact(label="Read until (UTC)", value=reading.finished_at),
            Fact(label="Rechecks run", value=reading.origin.run.id),
            Fact(label="Recheck id", value=reading.id),
            Fact(label="Tool", value=f"mfaaudit {__version__}"),
        ),
        sign_off=(),
        conclusions=(),
        sections=(_recheck(made), findings(made), new_failures(made), not_read(made), _run(made)),
        run_id=reading.id,
        created=reading.finished_at,
        generator=f"mfaaudit {__version__}",
    )


def _recheck(made: Recheck) -> Section:
    counts = made.counts
    return Section(
        name="Recheck",
        title="Recheck",
        lead=(
            f"{made.population}",
            "The rules, the register of exceptions and the classes of accounts are those of the audit; the users, "
            "their settings and the tenant's policies were read again.",
        ),
        facts=(
            Fact(label="Flagged", value=made.flagged.words, note=made.flagged.narrowing.words),
            *(
                Fact(
                    label=one.words,
                    value=counts[one],
                    note=one.meaning,
                    tone=OF_OUTCOMES.get(one, Tone.PLAIN) if counts[one] else Tone.PLAIN,
                )
                for one in Outcome
            ),
            Fact(
                label="New failures",
                value=len(made.new_failures),
                note="What the same users fail now and did not fail before; not among the findings above.",
                tone=Tone.BAD if made.new_failures else Tone.PLAIN,
            ),
            Fact(
                label="Posture",
                value=made.posture.statement,
                note="Whether per-user MFA is in use at all is taken from the audit, unless one of these users has it.",
            ),
        ),
        tables=(_by_rule(made), _left_out(made)),
    )


def _by_rule(made: Recheck) -> Table:
    counts = Counter((row.before.rule.id, row.outcome) for row in made.rows)
    fails = Counter(row.before.rule.id for row in made.rows if row.now.verdict is Verdict.FAIL)
    rules = [rule for rule in made.flagged.rules if any(counts[rule.id, one] for one in Outcome)]

    def rows() -> Iterator[list[Cell]]:
        for rule in rules:
            each = [counts[rule.id, one] for one in Outcome]
            yield [rule.id, rule.severity.value, rule.title, sum(each), *each, fails[rule.id]]

    return Table(
        name="RecheckRules",
        title="By rule",
        note="Flagged is the sum of the columns up to Fixed; of these, Fails now are failures.",
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="flagged", title="Flagged", kind=ColumnKind.NUMBER, width=10),
            *(Column(key=one.value, title=one.words, kind=ColumnKind.NUMBER, width=12) for one in Outcome),
            Column(key="failsNow", title="Fails now", kind=ColumnKind.NUMBER, width=10),
        ),
        rows=rows,
        row_count=len(rules),
    )


def _left_out(made: Recheck) -> Table:
    rules = made.flagged.left_out

    def rows() -> Iterator[list[Cell]]:
        for rule in rules:
            yield [rule.id, rule.title]

    return Table(
        name="RecheckLeftOut",
        title="Rules that some users alone say nothing of",
        note="They are about the tenant, count over everybody, or ask whether the data may be relied on. They were not "
        "judged, whatever was put right: audit again.",
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=60),
        ),
        rows=rows,
        row_count=len(rules),
    )


def _run(made: Recheck) -> Section:
    reading, origin = made.reading, made.reading.origin
    identity = reading.identity
    return Section(
        name="Run",
        title="Run",
        lead=("Which audit was rechecked; who read the users again, when, and with which rights.",),
        facts=(
            Fact(label="Recheck id", value=reading.id),
            Fact(label="Rechecks run", value=origin.run.id, note=origin.bundle),
            Fact(label="That audit began (UTC)", value=origin.run.started_at),
            Fact(label="SHA-256 of its manifest", value=origin.manifest_sha256),
            Fact(label="Narrowed by", value=made.flagged.narrowing.words or "nothing"),
            Fact(label="Started (UTC)", value=reading.started_at),
            Fact(label="Finished (UTC)", value=reading.finished_at),
            Fact(label="Cloud", value=reading.cloud, note=reading.graph),
            Fact(label="Requests", value=reading.requests, note=f"{reading.throttled:,} throttled"),
            Fact(label="Signed in as", value=identity.kind, note=f"--auth {identity.auth}"),
            Fact(label="Application", value=identity.app_name or identity.app_id or None, note=identity.app_id),
            Fact(label="Account", value=identity.user_principal_name or identity.object_id or None),
            Fact(label="Permissions in the token", value=", ".join(identity.permissions) or None),
            Fact(label="Exit code", value=made.exit_code),
        ),
    )
